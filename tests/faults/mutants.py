"""Each mutant is one fault put into the program on purpose; a check that lets one live is no check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from dataclasses import replace as altered
from datetime import timedelta
from importlib import import_module
from operator import attrgetter
from typing import Any
from uuid import uuid4

from engine.model.case import Case
from engine.model.errors import Conflict, StorageTrouble
from engine.model.people import SYSTEM
from engine.model.running import Job, Timer, TimerState
from engine.store import rows

Make = Callable[..., Any]
"""Makes the faulty thing out of the sound one."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """In each place (“module:name”) stands what is made of the sound thing there; `story` of stories.py shows it."""

    name: str
    promise: str
    story: str
    changes: tuple[tuple[str, Make], ...]


@contextmanager
def living(mutant: Mutant) -> Iterator[None]:
    """The fault is in the program while the block runs."""
    undo: list[tuple[object, str, object]] = []
    for place, make in mutant.changes:
        owner, name = found(place)
        undo.append((owner, name, getattr(owner, name)))
        setattr(owner, name, make(getattr(owner, name)))
    try:
        yield
    finally:
        for owner, name, sound in reversed(undo):
            setattr(owner, name, sound)


def found(place: str) -> tuple[object, str]:
    """The module or class, and the name in it."""
    module, _, path = place.partition(":")
    owner, _, name = path.rpartition(".")
    start = import_module(module)
    return (attrgetter(owner)(start) if owner else start), name


def a_row_lock_less(_sound: str) -> str:
    return ""


def a_begin_that_locks_nothing(sound: dict[bool, str]) -> dict[bool, str]:
    return {**sound, False: sound[False].replace(" IMMEDIATE", "")}


def a_key_kept_afterwards(sound: Make) -> Make:
    def keep(tx: Any, request: Any, **said: Any) -> None:
        tx.connection.execute("SAVEPOINT kept_later")
        sound(tx, request, **said)
        tx.connection.execute("ROLLBACK TO kept_later")  # the other transaction never comes: the process ends before

    return keep


def tells_first(_sound: Make) -> Make:
    def end(together: Any) -> None:
        together.store.join(None)
        together._told(True)
        with suppress(StorageTrouble, Conflict):
            together._keep()

    return end


def due_days_early(sound: Make) -> Make:
    def early(tx: Any, now: Any, limit: int, **more: Any) -> Any:
        return [altered(one, due_at=now) for one in sound(tx, now + timedelta(days=3), limit, **more)]

    return early


def fires_whenever_asked(sound: Make) -> Make:
    def fire(tx: Any, timer_id: str) -> Any:
        due = rows.get(tx, Timer, timer_id).due_at
        rows.update(tx, Timer, timer_id, due_at=tx.now)
        fired = sound(tx, timer_id)
        rows.update(tx, Timer, timer_id, due_at=due)
        return fired

    return fire


def stays_pending(sound: Make) -> Make:
    def fire(tx: Any, timer_id: str) -> Any:
        fired = sound(tx, timer_id)
        rows.update(tx, Timer, timer_id, state=TimerState.PENDING, settled_at=None, due_at=None)
        return fired

    return fire


def nothing(_sound: Make) -> Make:
    return lambda *_given, **_named: None


def none_found(_sound: Make) -> Make:
    return lambda *_given, **_named: []


def always(_sound: Make) -> Make:
    return lambda *_given, **_named: True


def without_its_data(sound: Make) -> Make:
    return lambda link: sound((*link[:6], "{}", *link[7:]))


def forgets_completions(sound: Make) -> Make:
    def append(tx: Any, case_id: str, events: Any, **said: Any) -> None:
        sound(tx, case_id, [event for event in events if event[0] != "task_completed"], **said)

    return append


def leaves_the_head(sound: Make) -> Make:
    def append(tx: Any, case_id: str, events: Any, **said: Any) -> None:
        before = rows.get(tx, Case, case_id)
        sound(tx, case_id, events, **said)
        rows.update(tx, Case, case_id, audit_hash=before.audit_hash)

    return append


def leaves_open(kind: str) -> Make:
    def make(sound: Make) -> Make:
        def close(record: Any, instance: Any, closed: Any) -> None:
            if closed.kind != kind or (instance.id, closed.wait_id) in record.completed or closed.how == "fired":
                sound(record, instance, closed)

        return close

    return make


def twice_over(sound: Make) -> Make:
    def request(record: Any, instance: Any, wait: Any) -> None:
        sound(record, instance, wait)
        sound(record, instance, wait)

    return request


def with_a_key_of_its_own(sound: Make) -> Make:
    return lambda *given: altered(sound(*given), dedupe_key=str(uuid4()))


def with_a_new_message_id(sound: Make) -> Make:
    return lambda channel, envelope, _message_id: sound(channel, envelope, f"<{uuid4()}@makegood>")


def after_its_job_is_gone(sound: Make) -> Make:
    def run(store: Any, handler: Any, job: Any) -> None:
        with store.begin(SYSTEM) as tx:
            rows.delete(tx, Job, id=job.id)
        sound(store, handler, job)

    return run


def out_of_force(sound: Make) -> Make:
    return lambda record, decision: sound(record, altered(decision, in_force=False))


def by_nobody(sound: Make) -> Make:
    return lambda record, decision: sound(record, altered(decision, decided_by=None))


def loses_one(sound: Make) -> Make:
    def settle(tx: Any) -> None:
        del tx.counted[-1:]
        sound(tx)

    return settle


def a_little_later(sound: Make) -> Make:
    def row_of(row: Any, clock: Any) -> Any:
        made = sound(row, clock)
        return altered(made, due_at=made.due_at + timedelta(minutes=1)) if made.due_at else made

    return row_of


def registers_no_trail(sound: Make) -> Make:
    def append(tx: Any, case_id: str, events: Any, **said: Any) -> None:
        sound(tx, case_id, [event for event in events if event[0] != "registered"], **said)

    return append


_APPEND = "engine.store.audit:append_many"
_CLOSE = "engine.actions.record_happenings:close_wait"
_IN_FORCE = "engine.actions.decide_case:put_in_force"
_DUE, _FIRE = "engine.store.timers:due", "engine.actions.job_kinds:fire_timer"
_ROW, _REQUEST = "engine.actions.request_letter:letter_row", "engine.actions.record_happenings:request_letter"
_TABLE: tuple[tuple[str, str, str, tuple[tuple[str, Make], ...]], ...] = (
    ("PostgreSQL's rows are not locked", "2", "two_at_once", (("engine.store.postgres:_ROW_LOCK", a_row_lock_less),)),
    ("SQLite is not locked", "2", "two_at_once", (("engine.store.sqlite:_BEGIN", a_begin_that_locks_nothing),)),
    (
        "SQLite's rows are known although others wrote",
        "2",
        "two_in_turn",
        (("engine.store.known_rows:KnownRows.check", nothing),),
    ),
    (
        "SQLite keeps what was told already",
        "1",
        "kept_together",
        (("engine.store.one_commit:OneCommit.end", tells_first),),
    ),
    (
        "a key and its effect in two transactions",
        "1",
        "asked_twice",
        (("engine.actions.answer_once:keep_answer", a_key_kept_afterwards),),
    ),
    ("a registration without its trail", "1", "registered", ((_APPEND, registers_no_trail),)),
    ("a decision that is not in force", "2", "whole_life", ((_IN_FORCE, out_of_force),)),
    ("a decision by nobody", "2", "whole_life", ((_IN_FORCE, by_nobody),)),
    ("a timer fired before it is due", "3", "days_go_by", ((_DUE, due_days_early), (_FIRE, fires_whenever_asked))),
    ("a fired timer that is not settled", "3", "days_go_by", ((_FIRE, stays_pending),)),
    ("due timers that nobody looks for", "3", "days_go_by", ((_DUE, none_found),)),
    ("a closed case with an open timer", "4", "withdrawn", ((_CLOSE, leaves_open("timer")),)),
    ("a closed case with an open subscription", "4", "withdrawn", ((_CLOSE, leaves_open("message")),)),
    ("a task that nothing waits for", "5", "withdrawn", ((_CLOSE, leaves_open("task")),)),
    ("a wait without its task", "5", "registered", (("engine.actions.record_happenings:open_task", nothing),)),
    ("a letter written twice", "6", "registered", ((_ROW, with_a_key_of_its_own), (_REQUEST, twice_over))),
    (
        "a new Message-ID at each attempt",
        "6",
        "registered",
        (("engine.actions.send_letter:Handover", with_a_new_message_id),),
    ),
    (
        "a job deleted before its effect",
        "6",
        "mail_is_down",
        (("engine.jobs.drain:_run_outer", after_its_job_is_gone),),
    ),
    ("a late result that is kept", "6", "a_worker_stalls", (("engine.jobs.drain:_is_mine", always),)),
    (
        "a lost job that nobody takes up",
        "job",
        "a_worker_dies",
        (("engine.jobs.lease:recover", nothing), ("engine.wiring:recover", nothing)),
    ),
    (
        "a hash that leaves out what happened",
        "7",
        "registered",
        (
            ("engine.store.audit:hash_of_link", without_its_data),
            ("engine.model.audit:hash_of_link", without_its_data),
        ),
    ),
    ("a trail that forgets completions", "7", "whole_life", ((_APPEND, forgets_completions),)),
    ("a head that stays behind its trail", "7", "registered", ((_APPEND, leaves_the_head),)),
    ("nobody asks who may do a task", "8", "by_one_alone", (("engine.actions.complete_task:require_task", nothing),)),
    (
        "a due that its clock does not give",
        "10",
        "registered",
        (("engine.actions.case_clocks:row_of", a_little_later),),
    ),
    ("a count that is lost", "counter", "registered", (("engine.store.counters:settle", loses_one),)),
)
MUTANTS = {name: Mutant(name, promise, story, changes) for name, promise, story, changes in _TABLE}
