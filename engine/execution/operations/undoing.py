"""A migration is undone while nothing has moved since: the instance stands again where it stood, in the version before."""

from __future__ import annotations

from collections.abc import Iterator

from engine.execution.compiler import ProgramCode
from engine.execution.machine.state import DEADLOCK, State, Trouble, WaitKind
from engine.execution.machine.state_reading import read_state
from engine.execution.machine.state_text import write_state
from engine.execution.machine.stepping import public_waits
from engine.execution.operations.migrating import digest_of_state
from engine.execution.operations.records import Kept, Migrated, Undo
from engine.execution.operations.telling import changes_of, naming
from engine.execution.operations.working import named
from engine.execution.runtime import Happening, IncidentCleared, IncidentRaised, Step, TaskWait, WaitClosed, WaitOpened
from engine.model.errors import Conflict, Message


def undo_migration(program: ProgramCode, state: str, undo: Undo, *, to: ProgramCode) -> Migrated:
    """Give the step back to the old version. Raises Conflict where the instance has moved since, or `to` is another version."""
    if digest_of_state(state) != undo.after:
        raise Conflict(
            "undo_moved", "The case has gone on since it was moved to the new version, so the move cannot be undone."
        )
    if undo.digest != to.digest:
        raise Conflict("undo_version", "The case was moved here from another version than this one.")
    now, old = read_state(state, program), read_state(undo.state, to)
    old.counter = now.counter  # ids are never given twice
    before, after = {wait.id: wait for wait in public_waits(now)}, public_waits(old)
    happenings = tuple(_back(now, old))
    step = Step(write_state(old, to.digest), after, happenings, not old.ended)
    changed = [(before[wait.id], wait) for wait in after if wait.id in before and before[wait.id] != wait]
    kept = tuple(Kept(was, wait, performers_again=isinstance(wait, TaskWait)) for was, wait in changed)
    return Migrated(step, tuple(changes_of(happenings, naming(to, program))), kept=kept)


def _back(now: State, old: State) -> Iterator[Happening]:
    for wait_id, waiting in now.waits.items():
        if wait_id not in old.waits and waiting.kind is not WaitKind.CONDITION:
            yield WaitClosed(wait_id, waiting.node.id, "cancelled", waiting.kind.value)
    for wait in public_waits(old):
        if wait.id not in now.waits:
            yield WaitOpened(wait)
    for incident in now.troubles.keys() - old.troubles.keys():
        yield IncidentCleared(incident)
    for incident in sorted(old.troubles.keys() - now.troubles.keys()):
        yield IncidentRaised(incident, old.troubles[incident].node.id, _again(old.troubles[incident]))


def _again(trouble: Trouble) -> Message:
    """The sentence of an incident that the migration had settled."""
    params = {"element": named(trouble.node)}
    if trouble.code == DEADLOCK:
        return Message(
            DEADLOCK,
            "“{element}” waits for a token that can never come; move the token on, or correct the diagram.",
            params,
        )
    return Message(
        "undo_stopped", "“{element}” stands where it had stopped before the case was moved; try it again.", params
    )
