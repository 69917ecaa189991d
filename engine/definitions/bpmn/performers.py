"""Who may do a task: our own, Camunda's and Zeebe's attributes, resource roles and the lanes, brought together."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from engine.definitions.bpmn.expressions import expression, literal_or_expression, names
from engine.definitions.bpmn.names import Element, child, children, local_reference, text_of
from engine.definitions.bpmn.reading import Reading, line_of
from engine.model.bpmn import ExpressionText, Lane, Performers
from engine.model.errors import Message

_LISTED_NAME = re.compile(r"[$#]\{\s*([A-Za-z_][\w.]*)\s*\}")
_MEMBER = re.compile(r"(user|group)\(([^()]*)\)")


def read_performers(reading: Reading, element: Element) -> Performers:
    """The performers that a user task or a lane names itself."""
    extensions, line = reading.extensions(element), line_of(element)
    zeebe = extensions.take_element("zeebe", "assignmentDefinition")
    assignee = expression(extensions.take("mg", "assignee"), line) or literal_or_expression(
        extensions.take("camunda", "assignee") or _attribute(zeebe, "assignee"), line
    )
    users = extensions.take("camunda", "candidateUsers") or _attribute(zeebe, "candidateUsers")
    groups = extensions.take("camunda", "candidateGroups") or _attribute(zeebe, "candidateGroups")
    found = Performers(
        queue=extensions.take("mg", "queue"),
        role=extensions.take("mg", "role"),
        assignee=assignee,
        candidate_users=_users(users, line),
        candidate_groups=_groups(reading, element, groups),
        excludes=names(extensions.take("mg", "excludes")),
        same_as=extensions.take("mg", "sameAs"),
    )
    return _with_resource_roles(element, found)


def with_lanes(own: Performers, lanes: tuple[Lane, ...]) -> Performers:
    """What the task leaves open is said by its lane, the innermost first."""
    for lane in lanes:
        outer = lane.performers
        named = own.assignee or own.candidate_users or own.candidate_groups
        own = replace(
            own,
            queue=own.queue or outer.queue,
            role=own.role or outer.role,
            assignee=own.assignee if named else outer.assignee,
            candidate_users=own.candidate_users if named else outer.candidate_users,
            candidate_groups=own.candidate_groups if named else outer.candidate_groups,
            excludes=own.excludes or outer.excludes,
            same_as=own.same_as or outer.same_as,
        )
    return own


def _attribute(element: Element | None, name: str) -> str:
    return "" if element is None else (element.get(name) or "").strip()


def _users(text: str, line: int) -> ExpressionText | None:
    """One expression, or a list of names, any of which may be an expression: `anna, ${owner}`."""
    if _LISTED_NAME.search(text) and "," in text:
        listed = [_LISTED_NAME.fullmatch(part) or part for part in map(str.strip, text.split(",")) if part]
        written = [json.dumps(part, ensure_ascii=False) if isinstance(part, str) else part[1] for part in listed]
        if not any("{" in part for part in written):
            return ExpressionText(f"[{', '.join(written)}]", "python", line)
    found = literal_or_expression(text, line)
    if found is None or found.language != "python":
        return found
    return ExpressionText(json.dumps(list(names(text)), ensure_ascii=False), "python", line)


def _groups(reading: Reading, element: Element, text: str) -> tuple[str, ...]:
    found = expression(text, line_of(element), "literal")
    if found is not None and found.language != "literal":
        reading.error(
            element,
            Message("bpmn_group_expression", "The candidate groups are an expression: {text}.", {"text": text}),
            Message(
                "bpmn_group_expression_remedy", "Name the groups, or use mg:assignee for a person that is computed."
            ),
        )
        return ()
    return names(text)


def _with_resource_roles(element: Element, found: Performers) -> Performers:
    """The standard's own way: humanPerformer is one person, potentialOwner are users and groups."""
    line = line_of(element)
    for role in children(element, "humanPerformer", "performer"):
        found = replace(found, assignee=found.assignee or literal_or_expression(_resource(role), line))
    users: list[str] = []
    groups: list[str] = list(found.candidate_groups)
    for role in children(element, "potentialOwner"):
        text = _resource(role)
        users += [member for kind, member in _MEMBER.findall(text) if kind == "user"]
        groups += [member for kind, member in _MEMBER.findall(text) if kind == "group"]
        groups += names(_MEMBER.sub(" ", text))
    if users:
        found = replace(found, candidate_users=_users(" ".join(users), line))
    return replace(found, candidate_groups=tuple(dict.fromkeys(groups)))


def _resource(role: Element) -> str:
    assigned = child(role, "resourceAssignmentExpression")
    return text_of(assigned) if assigned is not None else local_reference(text_of(child(role, "resourceRef")))
