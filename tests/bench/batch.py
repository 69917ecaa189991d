"""What a step costs where many share one commit: due timers, and messages, carried out a tenth of a second at a time."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

from engine.actions.deploy_process import deploy_process
from engine.jobs import AheadHandler, InnerHandler, OuterHandler, drain_inner, enqueue
from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.running import Instance, InstanceStatus, Job, Timer, TimerState
from engine.store import rows
from engine.store.transaction import Tx
from engine.wiring import Engine, settle_down
from tests.bench.figures import Bound, Figures, seconds_of
from tests.bench.pending import register_many
from tests.bench.recurring_task import house_with_recurring_task
from tests.bench.step import stock_steps
from tests.bench.timers import LATER, MovedClock

Handling = InnerHandler | OuterHandler
CASES = 3_000
STOCK = 40
MUST = {
    "steps_to_10000_a_second": Bound(least=1),
    "stock_spiffworkflow": Bound(least=40),
    "p99_of_a_step_to_10_ms": Bound(most=1),
    "carried_out": Bound(1, 1),
}

WAITING = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mg="urn:makegood:bpmn:1" id="d" targetNamespace="t">
 <message id="paid" name="paid"/>
 <process id="payment" isExecutable="true" mg:caseKind="complaint">
  <startEvent id="begin"/>
  <sequenceFlow id="to_paid" sourceRef="begin" targetRef="wait"/>
  <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="paid"/></intermediateCatchEvent>
  <sequenceFlow id="to_end" sourceRef="wait" targetRef="end"/>
  <endEvent id="end"/>
 </process>
</definitions>"""


def run() -> Figures:
    """Let one timer of each case fall due, and a message come for each, and carry them out in batches.

    Stock SpiffWorkflow takes one task a commit. What a batch did is known to others once its one commit is done.
    """
    clock = MovedClock()
    with tempfile.TemporaryDirectory() as folder:
        engine = house_with_recurring_task(Path(folder) / "data", clock=clock)
        register_many(engine, CASES - 1)
        stock = seconds_of([stock_steps(Path(folder) / "stock.db")], STOCK, disk=True)[0]
        clock.ahead = LATER
        engine.tick()
        settle_down()  # as whatever carries them out does once it has started
        each = timed_batches(engine)
        send_messages(engine)
        delivered = median(timed_batches(engine))
        done = carried_out(engine)
        engine.close()
    step = median(each)
    measured = {
        "a timer fired, of a hundred in a commit": (step * 1e3, "ms"),
        "a message delivered that ends a process, of a hundred in a commit": (delivered * 1e3, "ms"),
        "timers fired a second": (1 / step, ""),
        "a task on stock SpiffWorkflow with a JSON row and a commit of its own": (stock * 1e3, "ms"),
    }
    ratios = {
        "steps_to_10000_a_second": 1 / step / 10_000,
        "stock_spiffworkflow": stock / step,
        "p99_of_a_step_to_10_ms": quantiles(each, n=100)[98] / 10e-3,
        "carried_out": done / (CASES + CASES // 3),
    }
    return Figures("batch", measured, ratios, MUST)


def send_messages(engine: Engine) -> None:
    """Let cases wait for a message, and ask for one for each of them."""
    with engine.begin(SYSTEM) as tx:
        deploy_process(tx, "payment", {"payment.bpmn": WAITING.encode()})
    with engine.read(SYSTEM) as tx:
        before = {case.id for case in rows.find(tx, Case)}
    register_many(engine, CASES // 3)
    with engine.begin(SYSTEM) as tx:
        for case in rows.find(tx, Case):
            if case.id not in before:
                told = {"name": "paid", "correlation": {"case": case.number}, "payload": {"amount": 3}}
                enqueue(tx, "deliver_message", told, case_id=case.id)


def carried_out(engine: Engine) -> int:
    """How many timers have fired and how many processes a message has ended."""
    with engine.read(SYSTEM) as tx:
        fired = rows.count(tx, Timer, element_id="late", state=TimerState.FIRED)
        return fired + rows.count(tx, Instance, process_id="payment", status=InstanceStatus.COMPLETED)


def timed_batches(engine: Engine) -> list[float]:
    """Seconds of each step, by batches, from one commit to the next, until nothing is left."""
    ends: list[tuple[float, int]] = [(time.perf_counter(), 0)]
    drain_inner(engine.store, {name: told(handler, ends) for name, handler in engine.handlers.items()})
    return [(end - begun) / ran for (begun, _), (end, ran) in pairwise(ends)]


def told(handler: Handling, ends: list[tuple[float, int]]) -> Handling:
    """The same handler, which notes when a batch of its jobs is committed, and how many they were."""
    if isinstance(handler, OuterHandler):
        return handler

    def read_ahead(tx: Tx, jobs: Sequence[Job]) -> None:
        tx.after_commit.append(lambda: ends.append((time.perf_counter(), len(jobs))))
        if isinstance(handler, AheadHandler):
            handler.read_ahead(tx, jobs)

    return AheadHandler(handler, read_ahead)
