"""Order, sections and groups name fields and forms that exist; a name that does not is a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definitions.forms.findings import Findings
from engine.definitions.forms.texts import read_texts
from engine.model.errors import Message
from engine.model.form import Group, GroupMode, Section


def read_order(order: object, names: list[str], findings: Findings) -> list[str]:
    """Give all names in the order asked for; those left out come last, with a warning."""
    if order is None:
        return names
    asked = [str(name) for name in order] if isinstance(order, list) else []
    for name in _strangers(asked, names):
        findings.error(
            Message("form_order", "The order names “{field}”, which is no field of the form.", {"field": name}),
            Message("form_order_remedy", "Add the field to the schema, or take it out of the order."),
            at=name,
        )
    if len(set(asked)) < len(asked):
        findings.error(
            Message("form_order_twice", "The order names a field twice."),
            Message("form_order_twice_remedy", "Name each field once."),
            at="order",
        )
    left_out = [name for name in names if name not in asked]
    for name in left_out:
        findings.warning(
            Message("form_order_missing", "The order leaves out the field “{field}”.", {"field": name}),
            Message("form_order_missing_remedy", "It is shown last; name it where it belongs."),
            at=name,
        )
    return [name for name in dict.fromkeys(asked) if name in names] + left_out


def _strangers(asked: list[str], names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(asked) if name not in names]


def _objects(value: object, place: str, findings: Findings) -> Iterator[Mapping[str, object]]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Mapping):
            yield each
        else:
            findings.error(
                Message("form_list", "“{place}” is no list of objects.", {"place": place}),
                Message("form_list_remedy", "Write [{…}, {…}]."),
                at=place,
            )


def read_sections(value: object, names: set[str], findings: Findings) -> tuple[Section, ...]:
    """Give the titled parts; each field stands in one of them at most."""
    sections: list[Section] = []
    seen: set[str] = set()
    for each in _objects(value, "sections", findings):
        given = each.get("fields")
        asked = [str(name) for name in given] if isinstance(given, list) else []
        for name in asked:
            if name not in names or name in seen:
                findings.error(
                    Message(
                        "form_section", "A section names “{field}”, which is no field or is taken.", {"field": name}
                    ),
                    Message("form_section_remedy", "Name fields of the schema, each in one section."),
                    at=name,
                )
            seen.add(name)
        title = read_texts(each.get("title"), findings, at="sections")
        sections.append(Section(title, tuple(asked), read_texts(each.get("help"), findings, at="sections")))
    return tuple(sections)


def read_groups(value: object, findings: Findings) -> tuple[Group, ...]:
    """Give the forms that this one uses; whether they exist is seen when all forms are joined."""
    groups: list[Group] = []
    for each in _objects(value, "groups", findings):
        use, mode = each.get("use"), each.get("mode", "readonly")
        if isinstance(use, str) and use and mode in ("readonly", "edit") and set(each) <= {"use", "mode"}:
            groups.append(Group(use, GroupMode(str(mode)), line=findings.line_of("groups")))
            continue
        findings.error(
            Message("form_group", "A group needs “use” and may have “mode” readonly or edit, and nothing else."),
            Message("form_group_remedy", 'Write {"use": "case_facts", "mode": "readonly"}.'),
            at="groups",
        )
    return tuple(groups)
