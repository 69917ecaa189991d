"""One function looks at a whole database and names every promise that does not hold; any test may ask it at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from engine.execution.machine.state_reading import read_state
from engine.execution.programs import program_of
from engine.model.case import Case, CaseMessage, CaseStatus, ClockRow
from engine.model.clock import recomputed_due
from engine.model.clock_rows import clock_from_plain
from engine.model.decision import Decision
from engine.model.operations import StartTimer
from engine.model.running import (
    Incident,
    Instance,
    InstanceStatus,
    Job,
    JobState,
    Subscription,
    SubscriptionState,
    Timer,
    TimerState,
)
from engine.model.task import OPEN_STATES, Task
from engine.store import audit, counters, rows
from engine.store.transaction import Tx

BESIDE = "special_mode"
"""The process that may run beside a case's own."""
KINDS = {Task: "task", Timer: "timer", Subscription: "message", Job: "job"}


def broken_promises(tx: Tx) -> list[str]:
    """Each fault begins with the number of its promise; call it when no job is left to run."""
    checks = (
        cases_exist_once,
        decisions_supersede,
        timers_are_settled_once,
        starts_are_settled_once,
        closed_cases_are_quiet,
        rows_are_what_is_waited_for,
        letters_have_one_row,
        audit_replays,
        nobody_acted_against_the_rules,
        dues_recompute,
        counters_count,
        jobs_have_run,
    )
    return [fault for check in checks for fault in check(tx)]


def cases_exist_once(tx: Tx) -> Iterator[str]:
    """Promise 1: one number, one process, one registration in the trail."""
    numbers = Counter(case.number for case in rows.find(tx, Case))
    yield from (f"1: {number} exists {times} times" for number, times in numbers.items() if times > 1)
    for case in rows.find(tx, Case):
        registered = [event for event in audit.events_of(tx, case.id) if event.kind == "registered"]
        if len(registered) != 1 or not rows.find(tx, Instance, case_id=case.id):
            yield f"1: {case.number} was registered {len(registered)} times"


def decisions_supersede(tx: Tx) -> Iterator[str]:
    """Promise 2: one in force, each later one names the one before, and says why and by whom (a person or the law)."""
    for case in rows.find(tx, Case):
        made = rows.find(tx, Decision, case_id=case.id)
        turn = in_turn(made)
        if [decision.in_force for decision in turn] != [False] * (len(made) - 1) + [True] * bool(made):
            yield f"2: {case.number} has not exactly one decision in force, the last"
        if len(turn) != len(made):
            yield f"2: {case.number}: a decision does not name what it supersedes"
        for decision in made:
            if (decision.decided_by is None) != (decision.basis == "law"):
                yield f"2: {case.number}: nobody decided {decision.outcome}"


def in_turn(made: Iterable[Decision]) -> list[Decision]:
    """The decisions as each names the one before it; where a clock was wrong, neither their times nor their keys tell."""
    later = {decision.supersedes_id: decision for decision in made}
    found: list[Decision] = []
    before: str | None = None
    while before in later:
        found.append(later.pop(before))
        before = found[-1].id
    return found


def timers_are_settled_once(tx: Tx) -> Iterator[str]:
    """Promise 3: what is due is settled, never early, and the trail tells each firing once."""
    stuck = {str(job.args.get("timer")) for job in rows.find(tx, Job, name="fire_timer")}
    suspended = {row.id for row in rows.find(tx, Instance, status=InstanceStatus.SUSPENDED)}
    fired: Counter[str] = Counter()
    for case in rows.find(tx, Case):
        fired.update(str(e.data["timer"]) for e in audit.events_of(tx, case.id) if e.kind == "timer_fired")
    for timer in rows.find(tx, Timer):
        waits = timer.state is TimerState.PENDING and timer.due_at is not None and timer.due_at <= tx.now
        if waits and timer.id not in stuck and timer.instance_id not in suspended:
            yield f"3: {timer.element_id} was due at {timer.due_at} and is not settled"
        if (timer.state is TimerState.PENDING) != (timer.settled_at is None):
            yield f"3: {timer.element_id} is {timer.state} but settled at {timer.settled_at}"
        if fired[timer.id] != (timer.state is TimerState.FIRED):
            yield f"3: {timer.element_id} is {timer.state} and fired {fired[timer.id]} times"
        early = (
            timer.state is TimerState.FIRED and timer.due_at and timer.settled_at and timer.settled_at < timer.due_at
        )
        if early:
            yield f"3: {timer.element_id} fired early"


def starts_are_settled_once(tx: Tx) -> Iterator[str]:
    """Promise 3 of start timers: only the newest version's wait, and each that fired opened one case."""
    stuck = {str(job.args.get("start")) for job in rows.find(tx, Job, name="fire_start")}
    opened = Counter(timer.case_id for timer in rows.find(tx, StartTimer, state=TimerState.FIRED))
    yield from (f"3: {case} was opened by {times} starts" for case, times in opened.items() if times > 1 or not case)
    for timer in rows.find(tx, StartTimer, state=TimerState.PENDING):
        if timer.due_at is not None and timer.due_at <= tx.now and timer.id not in stuck:
            yield f"3: the start {timer.element_id} was due at {timer.due_at} and is not settled"
        if tx.catalog.newest(tx.catalog.by_id(timer.deployment_id).key).id != timer.deployment_id:
            yield f"3: the start {timer.element_id} of an older version is armed"


def closed_cases_are_quiet(tx: Tx) -> Iterator[str]:
    """Promise 4: nothing of the case's own process is open once it is closed."""
    for case in rows.find(tx, Case, status=CaseStatus.CLOSED):
        for instance in rows.find(tx, Instance, case_id=case.id):
            if instance.process_id == BESIDE:
                continue
            opened = [*open_rows(tx, instance)]
            if opened or instance.status.is_live:
                yield f"4: {case.number} is closed, but {instance.status} with {opened}"


def open_rows(tx: Tx, instance: Instance) -> Iterator[tuple[str, str]]:
    """What waits for an instance in rows: the kind of wait and its id."""
    open_of: dict[type[Any], dict[str, Any]] = {
        Task: {"state": tuple(sorted(OPEN_STATES))},
        Timer: {"state": TimerState.PENDING},
        Subscription: {"state": SubscriptionState.OPEN},
        Job: {},
    }
    for kind, state in open_of.items():
        for row in rows.find(tx, kind, instance_id=instance.id, **state):
            if row.wait_id is not None:
                yield KINDS[kind], row.wait_id


def rows_are_what_is_waited_for(tx: Tx) -> Iterator[str]:
    """Promise 5: the machine's waits and the open rows are the same; a skipped threshold may still stand in the machine."""
    for instance in rows.find(tx, Instance):
        found = set(open_rows(tx, instance))
        program = program_of(tx.catalog.by_id(instance.deployment_id), deployments=tx.catalog)
        state = read_state(instance.state, program)
        waited = {(str(wait.kind.value), wait.id) for wait in state.waits.values()}
        settled = {("timer", timer.wait_id) for timer in rows.find(tx, Timer, instance_id=instance.id) if timer.at}
        if not instance.status.is_live:
            waited, settled = set[tuple[str, str]](), set[tuple[str, str]]()
        for kind, wait in sorted(found - waited):
            yield f"5: {instance.process_id}: the {kind} {wait} is open, but nobody waits for it"
        for kind, wait in sorted(waited - found - settled):
            yield f"5: {instance.process_id}: the machine waits for the {kind} {wait}, which is not open"
        shown = {row.machine_incident_id for row in rows.find(tx, Incident, instance_id=instance.id, state="open")}
        if set(state.troubles) != shown - {None} and instance.status.is_live:
            yield f"5: {instance.process_id}: incidents {sorted(state.troubles)} are shown as {shown}"
    for task in rows.find(tx, Task):
        if task.is_open != (task.closed_at is None):
            yield f"5: the task {task.name} is {task.state}, but by its time of closing lists think otherwise"


def letters_have_one_row(tx: Tx) -> Iterator[str]:
    """Promise 6: one row a key with its Message-ID; what is not sent has a job that will hand it over."""
    letters = rows.find(tx, CaseMessage, kind="letter")
    for name in ("dedupe_key", "message_id", "wait_ref"):
        times = Counter(getattr(letter, name) for letter in letters)
        yield from (f"6: {name} {key} has {count} letters" for key, count in times.items() if key is None or count > 1)
    jobs = {str(job.args.get("message")) for job in rows.find(tx, Job, name="send_letter")}
    for letter in letters:
        if (letter.state == "queued") != (letter.id in jobs):
            yield f"6: {letter.letter} is {letter.state}, and its job is{'' if letter.id in jobs else ' not'} there"
    for case in rows.find(tx, Case):
        told = Counter(str(e.data["message"]) for e in audit.events_of(tx, case.id) if e.kind == "letter_sent")
        yield from (f"6: {message} is recorded as sent {times} times" for message, times in told.items() if times > 1)


def audit_replays(tx: Tx) -> Iterator[str]:
    """Promise 7: the chain is whole, and replaying it gives stage, status, open tasks and the decision in force."""
    yield from (f"7: {fault.message}" for fault in audit.verify(tx))
    for case in rows.find(tx, Case):
        told: dict[str, object] = {"stage": "received", "status": "open", "decision": None}
        opened: set[object] = set()
        for event in audit.events_of(tx, case.id):
            match event.kind:
                case "stage_changed":
                    told["stage"] = event.data["stage"]
                case "case_closed" | "case_reopened":
                    told["status"] = "closed" if event.kind == "case_closed" else "open"
                case "decided":
                    told["decision"] = event.data["decision"]
                case "task_opened":
                    opened.add(event.data["task"])
                case "task_completed" | "task_exited":
                    opened.discard(event.data["task"])
                case _:
                    pass
        in_force = [decision.id for decision in rows.find(tx, Decision, case_id=case.id, in_force=True)]
        kept = {"stage": str(case.stage), "status": str(case.status), "decision": in_force[0] if in_force else None}
        if told != kept:
            yield f"7: {case.number} is {kept}, but its trail tells {told}"
        if opened != {task.id for task in rows.find(tx, Task, case_id=case.id) if task.is_open}:
            yield f"7: {case.number}: its trail tells other open tasks"


def nobody_acted_against_the_rules(tx: Tx) -> Iterator[str]:
    """Promise 8, as far as rows can show it: who was excluded from a task has neither done nor got it."""
    for task in rows.find(tx, Task):
        acted = {task.closed_by, task.on_behalf_of, task.owner_id} - {None}
        if acted & set(task.excluded):
            yield f"8: {task.element_id} is with somebody who is excluded from it"


def dues_recompute(tx: Tx) -> Iterator[str]:
    """Promise 10: the stored due is what rule, calendar and history give; lists show that same due."""
    for row in rows.find(tx, ClockRow):
        clock = clock_from_plain(row.data)
        if recomputed_due(clock) != clock.due or row.due_at != clock.due.instant:
            yield f"10: {row.key} is due {row.due_at}, recomputed {recomputed_due(clock).instant}"
        if str(clock.state) != row.state:
            yield f"10: {row.key} is {row.state}, but {clock.state} within"


def counters_count(tx: Tx) -> Iterator[str]:
    """Counters never drift from what they count."""
    cases, tasks = rows.find(tx, Case), [task for task in rows.find(tx, Task) if task.is_open]
    counted: dict[str, Counter[str]] = {
        "cases_by_stage": Counter(str(case.stage) for case in cases),
        "cases_by_category": Counter(case.category for case in cases),
        "tasks_by_queue": Counter(task.queue for task in tasks),
        "cases": Counter(str(case.status) for case in cases) + Counter({"all": len(cases)}),
        "incidents": Counter("open" for _ in rows.find(tx, Incident, state="open")),
    }
    for name, expected in counted.items():
        if counters.values(tx, name) != dict(expected):
            yield f"counter {name} says {counters.values(tx, name)}, but there are {dict(expected)}"


def jobs_have_run(tx: Tx) -> Iterator[str]:
    """No job is due that nobody runs, and none is held by a worker whose lease is over."""
    for job in rows.find(tx, Job):
        if job.state is JobState.PENDING and job.due_at <= tx.now:
            yield f"job {job.name} has been due since {job.due_at}"
        if job.state is JobState.RUNNING and (job.leased_until is None or job.leased_until <= tx.now):
            yield f"job {job.name} is held by a worker that is gone"
