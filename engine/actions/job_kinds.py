"""What each job does: inner ones change only the database, outer ones reach outside between two transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.actions.answer_job import answer_job
from engine.actions.call_connector import perform_call, prepare_call, record_call
from engine.actions.case_record import lock
from engine.actions.deliver_message import deliver_kept, deliver_message, number_in
from engine.actions.deliver_signal import deliver_signal
from engine.actions.fire_start import fire_start
from engine.actions.fire_timer import fire_timer
from engine.actions.migrate_instances import MOVE, move_instance
from engine.actions.send_letter import perform_letter, prepare_letter, record_letter
from engine.actions.start_process import start_named
from engine.actions.undo_migration import UNDO, undo_move
from engine.execution.runtime import JobDone
from engine.jobs import AheadHandler, Handlers, OuterHandler
from engine.model.running import Instance, Job, Timer
from engine.store import subscriptions
from engine.store.ahead import hold_cases, hold_numbered, read_ahead
from engine.store.transaction import Tx


def read_running(tx: Tx, jobs: Sequence[Job]) -> None:
    """Hold the cases of many jobs at once, and read their instances."""
    hold_cases(tx, (job.case_id for job in jobs if job.case_id))
    read_ahead(tx, Instance, (job.instance_id for job in jobs if job.case_id))


def read_due(tx: Tx, jobs: Sequence[Job]) -> None:
    """Read what firing many timers reads."""
    read_running(tx, jobs)
    read_ahead(tx, Timer, (str(job.args["timer"]) for job in jobs if job.case_id))


def fire_due(tx: Tx, job: Job) -> None:
    """Fire the timer that the tick found due."""
    fire_timer(tx, str(job.args["timer"]))


def read_awaiting(tx: Tx, jobs: Sequence[Job]) -> None:
    """Hold the cases that many messages name, and read what waits in them."""
    cases = hold_numbered(tx, filter(None, (number_in(_mapping(job, "correlation")) for job in jobs)))
    read_ahead(tx, Instance, (one.instance_id for case in cases for one in subscriptions.open_in(tx, case)))


def deliver(tx: Tx, job: Job) -> None:
    """Deliver a message that an instance threw."""
    correlation, payload = _mapping(job, "correlation"), _mapping(job, "payload")
    deliver_message(tx, str(job.args["name"]), correlation=correlation, payload=payload)


def _mapping(job: Job, name: str) -> Mapping[str, object]:
    found = job.args.get(name)
    return found if isinstance(found, dict) else {}


def deliver_waiting(tx: Tx, job: Job) -> None:
    """Deliver a message that was kept until somebody waited for it."""
    deliver_kept(tx, str(job.args["message"]))


def answer_done(tx: Tx, job: Job) -> None:
    """Answer a wait that needed nothing from outside: a notice was told, a long step goes on."""
    if job.instance_id and job.wait_id:
        answer_job(tx, job.instance_id, JobDone(job.wait_id))


def deliver_thrown(tx: Tx, job: Job) -> None:
    """Give a signal to one who waited for it."""
    deliver_signal(tx, str(job.args["subscription"]), payload=_mapping(job, "payload"))


def fire_due_start(tx: Tx, job: Job) -> None:
    """Begin the process whose start timer the tick found due."""
    fire_start(tx, str(job.args["start"]))


def begin_process(tx: Tx, job: Job) -> None:
    """Begin a process by a signal that another case has thrown."""
    args = job.args
    place = int(str(args.get("place") or 0))
    start_named(tx, str(args["key"]), str(args["element"]), place=place, payload=_mapping(job, "payload"))


def move_one(tx: Tx, job: Job) -> None:
    """Move one instance to another version."""
    move_instance(tx, str(job.args["moved"]))


def undo_one(tx: Tx, job: Job) -> None:
    """Take one instance's move back."""
    by = job.args.get("by")
    undo_move(tx, str(job.args["moved"]), by=str(by) if by else None, reason=str(job.args.get("reason") or ""))


def note_joined(tx: Tx, job: Job) -> None:
    """Say in the case that goes on that a duplicate was joined to it."""
    if job.case_id:
        record = lock(tx, job.case_id)
        record.note("duplicate_joined", number=job.args.get("number"))
        record.flush()


HANDLERS: Handlers = {
    "fire_timer": AheadHandler(fire_due, read_due),
    "deliver_message": AheadHandler(deliver, read_awaiting),
    "deliver_kept": deliver_waiting,
    "answer_wait": AheadHandler(answer_done, read_running),
    "continue_instance": AheadHandler(answer_done, read_running),
    "note_joined": note_joined,
    "deliver_signal": deliver_thrown,
    "fire_start": fire_due_start,
    "start_process": begin_process,
    MOVE: move_one,
    UNDO: undo_one,
    "send_letter": OuterHandler(prepare_letter, perform_letter, record_letter),
    "call_connector": OuterHandler(prepare_call, perform_call, record_call),
}
