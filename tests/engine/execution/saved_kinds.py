"""One diagram for each kind of thing that can be alive in a saved state, and the moment at which it is saved.

python -m tests.engine.execution.saved_kinds     keeps an example of each kind that has none yet; kept ones never change
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from engine.execution.compiler import ProgramCode, compile_program
from engine.execution.machine import advance
from engine.execution.machine.stepping import open_waits
from engine.execution.runtime import (
    Completed,
    Event,
    JobDone,
    JobWait,
    MessageReceived,
    MessageWait,
    SignalReceived,
    SignalWait,
    Start,
    Step,
    TaskCompleted,
    TimerFired,
    TimerWait,
    Wait,
)
from tests.engine.execution.drawing import MONDAY, body, file, process

SAVED = Path(__file__).parent / "saved"
LATER = datetime(2026, 9, 1, tzinfo=UTC)
TYPED = {"amount": Decimal("12.50"), "on": date(2026, 3, 2), "at": MONDAY, "parts": ["a", "b"], "n": 1}
SPLIT, JOIN = "start s\nand split\nuser a\nuser b", "s > split; split > a > join; split > b > join; join > after"
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="routing" name="routing"><decisionTable id="t"><input id="i"><inputExpression id="x" typeRef="number"><text>n</text>
</inputExpression></input><output id="o" name="queue" typeRef="string"/><rule id="r"><inputEntry id="a"><text>1</text></inputEntry>
<outputEntry id="b"><text>"desk"</text></outputEntry></rule></decisionTable></decision></definitions>"""


def one(node: str) -> str:
    """A start, the node x, a task behind it."""
    return process(f"start s\n{node}\nuser after\nend e", "s > x > after > e")


def boundary(event: str) -> str:
    """A task with the event beside it."""
    return process(
        f"start s\nuser work\nboundary x attachedToRef=work cancelActivity=false {event}\nuser after",
        "s > work; x > after",
    )


def joined(gateway: str) -> str:
    """One of two branches has come to the join."""
    return process(f"{SPLIT}\n{gateway}\nuser after", JOIN)


def box(tag: str, inside: str, arrows: str, more: str = "") -> str:
    """A container with something in it."""
    return one(f"{tag} x {{ {body(inside, arrows)}{more} }}")


def undone() -> str:
    """A transaction whose payment is being given back."""
    line = '<association id="l" associationDirection="One" sourceRef="undo" targetRef="back"/>'
    inside = "start t\nscript pay do='paid = 1'\nboundary undo attachedToRef=pay undo=\nuser back isForCompensation=true\nend c cancel="
    transaction = f"transaction x {{ {body(inside, 't > pay > c')}{line} }}"
    return process(f"start s\n{transaction}\nboundary gone attachedToRef=x cancel=\nuser after", "s > x; gone > after")


ONE_BY_ONE = 'isSequential="true"'
MANY = '<multiInstanceLoopCharacteristics {0} camunda:collection="parts" camunda:elementVariable="part"/>'
CALLED = process("start t\nuser inner\nend f", "t > inner > f", "q")
TOLD = body("start t message=asked isInterrupting=false\nuser told", "t > told")
WATCH = f"sub watch triggeredByEvent=true {{ {TOLD} }}"

KINDS: dict[str, tuple[str, ...]] = {
    "user_task": (one("user x camunda:assignee=anna camunda:priority=3"),),
    "receive_task": (one("receive x messageRef=asked"),),
    "service_task": (
        one(
            'service x { <extensionElements><mg:connector key="http"><mg:input name="n">n</mg:input></mg:connector></extensionElements> }'
        ),
    ),
    "send_task": (one("send x mg:notify=customer mg:letter=answer"),),
    "script_task_before": (one("script x camunda:asyncBefore=true do='y = n'"),),
    "script_task_after": (one("script x camunda:asyncAfter=true do='y = n'"),),
    "business_rule_task": (one("rule x camunda:asyncBefore=true mg:decision=routing"),),
    "call_activity": (one("call x calledElement=q"), CALLED),
    "subprocess": (box("sub", "start t\nuser inner\nend f", "t > inner > f"),),
    "ad_hoc": (box("adhoc", "user first\nuser second", ""),),
    "transaction_undone": (undone(),),
    "event_subprocess_armed": (process(f"start s\nuser x\n{WATCH}", "s > x"),),
    "exclusive_gateway_stuck": (process("start s\nxor x\nuser after", "s > x; x > after if n > 5"),),
    "parallel_gateway": (joined("and join"),),
    "inclusive_gateway": (joined("or join"),),
    "complex_gateway": (joined("complex join { <activationCondition>activationCount == 2</activationCondition> }"),),
    "complex_gateway_gone_on": (
        joined("complex join { <activationCondition>activationCount == 1</activationCondition> }"),
    ),
    "event_based_gateway": (
        process(
            "start s\nevents x\ncatch one message=asked\ncatch two after=P1D\nuser after",
            "s > x; x > one > after; x > two > after",
        ),
    ),
    "multi_instance": (one(f"user x {{ {MANY.format('')} }}"),),
    "multi_instance_sequential": (one(f"user x {{ {MANY.format(ONE_BY_ONE)} }}"),),
    "standard_loop": (one('user x { <standardLoopCharacteristics loopMaximum="3"/> }'),),
    "start_quantity": (
        process(f"{SPLIT}\nuser both startQuantity=2", "s > split; split > a > both; split > b > both"),
    ),
    "catch_message": (one("catch x message=asked"),),
    "catch_signal": (one("catch x signal=alarm"),),
    "catch_duration": (one("catch x after=P1D"),),
    "catch_date": (one("catch x at=2026-04-01T09:00:00Z"),),
    "catch_condition": (one("catch x when=missing"),),
    "catch_together": (one("catch x parallelMultiple=true message=asked signal=alarm"),),
    "boundary_message": (boundary("message=asked"),),
    "boundary_signal": (boundary("signal=alarm"),),
    "boundary_timer": (boundary("after=P1D"),),
    "boundary_cycle": (boundary("every=R3/P1D"),),
    "boundary_threshold": (boundary("clock=80%"),),
    "boundary_condition": (boundary("when=missing"),),
    "boundary_together": (boundary("parallelMultiple=true message=asked signal=alarm"),),
    "throw_escalation": (
        process("start s\nthrow x escalation=up camunda:asyncBefore=true\nuser after", "s > x > after"),
    ),
    "link": (
        process("start s\nthrow x link=on camunda:asyncBefore=true\ncatch y link=on\nuser after", "s > x; y > after"),
    ),
    "manual_task": (one("manual x camunda:asyncAfter=true"),),
    "abstract_task": (one("task x camunda:asyncAfter=true"),),
    "end_message": (process("start s\nend x message=asked camunda:asyncBefore=true", "s > x"),),
}
FIRST = {"parallel_gateway", "inclusive_gateway", "complex_gateway", "complex_gateway_gone_on", "start_quantity"}


def files_of(kind: str) -> dict[str, bytes]:
    """The files of a kind's example."""
    drawn = {"p.bpmn": file(*KINDS[kind])}
    return {**drawn, "d.dmn": TABLE.encode()} if kind == "business_rule_task" else drawn


def answer(wait: Wait) -> Event:
    """What closes a wait."""
    match wait:
        case TimerWait():
            return TimerFired(wait.id)
        case MessageWait():
            return MessageReceived(wait.id)
        case SignalWait():
            return SignalReceived(wait.id)
        case JobWait():
            return JobDone(wait.id)
        case _:
            return TaskCompleted(wait.id)


def finish(program: ProgramCode, state: str) -> tuple[list[str], bool]:
    """Answer up to twelve waits, oldest and newest by turns; give what completed, in order, and whether it still runs."""
    trace: list[str] = []
    step: Step | None = None
    for turn in range(1, 13):
        waits = open_waits(program, state)
        if not waits:
            break
        step = advance(program, state, answer(waits[turn % len(waits)]), LATER)
        state = step.state
        trace += [happening.element_id for happening in step.happenings if isinstance(happening, Completed)]
    return trace, step.running if step is not None else True


def example(kind: str) -> dict[str, object]:
    """Save the kind at its moment, with what it waits for and how it goes on."""
    files = files_of(kind)
    program = compile_program(files)
    step = advance(program, None, Start("p", TYPED), MONDAY)
    if kind in FIRST:
        step = advance(program, step.state, answer(step.waits[0]), MONDAY)
    trace, running = finish(program, step.state)
    return {
        "files": {name: content.decode() for name, content in files.items()},
        "state": step.state,
        "waits": [[type(wait).__name__, wait.id, wait.element_id] for wait in step.waits],
        "then": trace,
        "running": running,
    }


def main() -> None:
    """Keep what is missing."""
    for kind in KINDS:
        kept = SAVED / f"{kind}.json"
        if not kept.exists():
            kept.write_text(json.dumps(example(kind), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
