"""Each user task leaves somebody who may do it, as far as the diagram alone can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.checks.soundness.names import nearest
from engine.definitions.standard.diagram import Level
from engine.model.bpmn import Node, NodeKind
from engine.model.errors import Finding, Message
from engine.model.people import Role


def exclusions_leave_somebody(level: Level) -> Iterator[Finding]:
    """Whoever must do a task again is not among those who may not."""
    tasks = _user_tasks(level)
    for node in level.body.nodes:
        who = node.performers
        if node.kind is not NodeKind.USER_TASK:
            continue
        if who.same_as and _first(who.same_as, tasks) in {_first(name, tasks) for name in who.excludes}:
            yield level.warning(
                node,
                Message(
                    "task_excludes_all",
                    "It must be done by who did “{task}”, and is forbidden to the same person.",
                    {"task": who.same_as},
                ),
                Message("task_excludes_all_remedy", "Take one of mg:sameAs and mg:excludes away."),
            )
        elif (other := _same_assignee(node, tasks)) is not None:
            yield level.warning(
                node,
                Message(
                    "task_assignee_excluded",
                    "It goes to the one person who did “{task}”, and is forbidden to whoever did that.",
                    {"task": other.name or other.id},
                ),
                Message("task_assignee_excluded_remedy", "Name another assignee, or a queue."),
            )
        if node.id == who.same_as or node.id in who.excludes:
            yield level.note(
                node,
                Message("task_names_itself", "It names itself in mg:sameAs or mg:excludes."),
                Message("task_names_itself_remedy", "Name another task, unless it is done several times."),
            )


def _first(name: str, tasks: dict[str, Node]) -> str:
    """Whose doing settles who does this task: the end of its chain of mg:sameAs."""
    seen: set[str] = set()
    while name not in seen and name in tasks and tasks[name].performers.same_as:
        seen.add(name)
        name = tasks[name].performers.same_as
    return name


def _same_assignee(node: Node, tasks: dict[str, Node]) -> Node | None:
    own = node.performers.assignee
    if own is None or not own.body.startswith(("'", '"')):
        return None
    others = [tasks[name] for name in node.performers.excludes if name in tasks]
    return next(
        (o for o in others if o.performers.assignee is not None and o.performers.assignee.body == own.body), None
    )


def _user_tasks(level: Level) -> dict[str, Node]:
    nodes = (node for process in level.diagram.definitions.processes for node in process.body.walk())
    return {node.id: node for node in nodes if node.kind is NodeKind.USER_TASK}


def people_are_spelt_right(level: Level) -> Iterator[Finding]:
    """A role or a task that is nearly one of the known ones was probably meant to be that."""
    tasks = _user_tasks(level)
    ids = {node.id for process in level.diagram.definitions.processes for node in process.body.walk()}
    roles = {str(role) for role in Role}
    for node in tasks.values() if level.owner is None else ():
        if node.id not in {each.id for each in level.process.body.walk()}:
            continue
        who = node.performers
        meant = [(who.role, nearest(who.role, roles))] if who.role and who.role not in roles else []
        meant += [(name, nearest(name, ids)) for name in (who.same_as, *who.excludes) if name and name not in ids]
        for written, known in meant:
            if known:
                params: dict[str, object] = {"written": written, "known": known}
                yield level.warning(
                    node,
                    Message(
                        "task_name_misspelt", "It names “{written}”, which is neither a role nor a task here.", params
                    ),
                    Message("task_name_misspelt_remedy", "Did you mean “{known}”? Correct the name.", params),
                )


def tasks_are_told_apart(level: Level) -> Iterator[Finding]:
    """Two tasks of a process that people see have different names."""
    if level.owner is not None:
        return
    tasks = [node for node in level.process.body.walk() if node.kind is NodeKind.USER_TASK and node.name]
    times = Counter(node.name for node in tasks)
    first = {name: next(node for node in tasks if node.name == name) for name in times}
    for node in tasks:
        if times[node.name] > 1 and node is not first[node.name]:
            yield level.note(
                node,
                Message("task_name_twice", "Another task of this process is named “{name}” too.", {"name": node.name}),
                Message("task_name_twice_remedy", "Name them so that people can tell them apart."),
            )


PEOPLE_RULES = (exclusions_leave_somebody, people_are_spelt_right, tasks_are_told_apart)
