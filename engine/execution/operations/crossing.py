"""One instance on its way to another version: what it stands on there, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.execution.compiler import ProgramCode
from engine.execution.compiler.code import BodyCode, NodeCode, ProcessCode
from engine.execution.machine.run import Run, body_of
from engine.execution.machine.state import Scope, ScopeKind, State, Token
from engine.execution.operations.records import Change, ChangeKind, OpenTasks, Plan
from engine.execution.operations.working import named
from engine.model.errors import Message


@dataclass(slots=True)
class Crossing:
    """`run` works on the state with the new program; `stood` and `bodies` remember where everything was before.

    `homes` gives the new process of each scope; scopes that were called in another deployment are not in it and stay.
    """

    run: Run
    old: ProgramCode
    plan: Plan
    tasks: OpenTasks
    homes: dict[int, ProcessCode] = field(default_factory=dict[int, ProcessCode])
    stood: dict[int, NodeCode] = field(default_factory=dict[int, NodeCode])
    bodies: dict[int, BodyCode] = field(default_factory=dict[int, BodyCode])
    problems: list[Message] = field(default_factory=list[Message])
    changes: list[Change] = field(default_factory=list[Change])

    @property
    def state(self) -> State:
        return self.run.state

    def moving(self) -> list[tuple[Scope, ProcessCode]]:
        """The scopes that change their version, each with its new process."""
        return [(scope, self.homes[scope.id]) for scope in self.state.scopes.values() if scope.id in self.homes]

    def refuse(self, message: Message) -> None:
        """Note why the instance stays; each reason once."""
        if message not in self.problems:
            self.problems.append(message)

    def tell(self, kind: ChangeKind, element: str, message: Message, wait_id: str = "") -> None:
        """Note what changes."""
        self.changes.append(Change(kind, element, message, wait_id))

    def renamed(self, name: str) -> str:
        """What takes the place of an id."""
        return self.plan.mapping.get(name, name)

    def image(self, node: NodeCode, home: ProcessCode) -> NodeCode | None:
        """What takes the place of an element; None where the new version has nothing.

        An element without an id is known by its place, which another version may shift: it has to bear the same name too.
        """
        found = home.by_id.get(self.renamed(node.id))
        shifted = not node.source.has_id and node.id not in self.plan.mapping
        return None if found is not None and shifted and found.source.name != node.source.name else found

    def needed(self, node: NodeCode, home: ProcessCode) -> NodeCode | None:
        """The same for an element that the instance stands on: nothing there is a reason to stay."""
        found = self.image(node, home)
        if found is None:
            wanted = self.renamed(node.id)
            self.refuse(
                Message(
                    "migrate_element_gone",
                    "The case stands at “{name}” ({element}), which the new version does not have; say what takes its place.",
                    {"name": named(node), "element": wanted},
                )
            )
        return found

    def owners(self) -> list[tuple[Token, ProcessCode]]:
        """All tokens that move, each with its new process."""
        return [(token, home) for scope, home in self.moving() for token in scope.tokens.values()]


def crossing_of(run: Run, old: ProgramCode, plan: Plan, tasks: OpenTasks) -> Crossing:
    """Find the new process of each scope, and remember where everything stands; nothing is changed yet."""
    crossing = Crossing(run, old, plan, tasks)
    for scope in crossing.state.scopes.values():
        _find_home(crossing, scope)
        crossing.bodies[scope.id] = body_of(scope)
        crossing.stood.update({token.id: token.node for token in scope.tokens.values()})
    return crossing


def _find_home(crossing: Crossing, scope: Scope) -> None:
    if scope.kind not in (ScopeKind.ROOT, ScopeKind.CALL):
        if scope.parent is not None and scope.parent.id in crossing.homes:
            crossing.homes[scope.id] = crossing.homes[scope.parent.id]
        return
    if scope.process.digest not in ("", crossing.old.digest):
        return  # called in another deployment, which does not change
    wanted = crossing.renamed(scope.process.id)
    home = crossing.plan.to.processes.get(wanted)
    if home is None:
        crossing.refuse(
            Message("migrate_process_gone", "The new version has no process “{process}”.", {"process": wanted})
        )
    else:
        crossing.homes[scope.id] = home
