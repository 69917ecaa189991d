"""What a scenario expected and what came out are compared point by point; every difference is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.commands.scenario_story import Story
from engine.model.errors import Message
from engine.model.scenario import ClockExpected
from engine.model.statutory import calendar_of

MICROSECOND = timedelta(microseconds=1)


def differences(story: Story) -> Iterator[Message]:
    """Give every point in which the end is not as expected."""
    yield from _path(story)
    yield from _open_tasks(story)
    yield from _results(story)
    yield from _notices(story)
    for key, wanted in story.scenario.expected.clocks.items():
        yield from _clock(story, key, wanted)
    yield from _incidents(story)


def _path(story: Story) -> Iterator[Message]:
    expected, trace = story.scenario.expected, story.simulation.trace()
    missing = first_missing(expected.path, trace)
    if missing:
        yield Message(
            "scenario_path",
            "“{element}” does not come where the path wants it; the path was: {trace}.",
            {"element": missing, "trace": " → ".join(trace)},
        )
    for element in expected.never:
        if element in trace:
            yield Message("scenario_never", "“{element}” should never come, but it did.", {"element": element})


def first_missing(wanted: Sequence[str], given: Sequence[str]) -> str:
    """The first of `wanted` that does not follow the ones before it in `given`; empty where all do."""
    rest = iter(given)
    for element in wanted:
        if element not in rest:
            return element
    return ""


def _open_tasks(story: Story) -> Iterator[Message]:
    wanted = story.scenario.expected.open
    found = sorted(task.element for task in story.open.values())
    if wanted is not None and sorted(wanted) != found:
        yield _unequal("open tasks", ", ".join(sorted(wanted)) or "–", ", ".join(found) or "–")


def _results(story: Story) -> Iterator[Message]:
    expected = story.scenario.expected
    for what, wanted, found in (
        ("decision", expected.decision, story.case.decision),
        ("special_mode", expected.special_mode, story.case.special_mode),
    ):
        if wanted is not None and wanted != found:
            yield _unequal(what, wanted or "–", found or "–")
    for element, person in expected.performed.items():
        did = story.people.done.get(element)
        if str(did or "") != person:
            yield _unequal(f"performer of {element}", person, str(did or "–"))
    variables = story.simulation.variables()
    for name, value in expected.variables.items():
        if variables.get(name) != value:
            yield _unequal(name, str(value), str(variables.get(name)))


def _notices(story: Story) -> Iterator[Message]:
    wanted = story.scenario.expected.notices
    if wanted is None:
        return
    found = story.notices()
    for letter, count in (Counter(wanted) - found).items():
        yield Message(
            "scenario_notice",
            "The letter “{letter}” was sent {found} times and should have been {wanted} times; sent were: {sent}.",
            {
                "letter": letter,
                "found": found[letter],
                "wanted": found[letter] + count,
                "sent": ", ".join(name for name in found if " to " not in name) or "–",
            },
        )
    if not wanted and found:
        yield _unequal("notices", "–", ", ".join(found))


def _clock(story: Story, key: str, wanted: ClockExpected) -> Iterator[Message]:
    clock = next((each for each in story.simulation.clocks() if each.key == key), None)
    if clock is None:
        yield _unequal(f"clock {key}", "to be there", "–")
        return
    if wanted.state is not None and wanted.state != str(clock.state):
        yield _unequal(f"state of the clock {key}", wanted.state, str(clock.state))
    if wanted.due is not None and not is_due(wanted.due, clock.due, zone_of(story)):
        yield _unequal(f"due of the clock {key}", str(wanted.due), str(clock.due))


def zone_of(story: Story) -> ZoneInfo:
    """The legal zone of the case's country."""
    return ZoneInfo(calendar_of(str(story.scenario.start.get("country") or "")).zone)


def is_due(wanted: date, due: datetime | None, zone: ZoneInfo) -> bool:
    """Whether the due is that instant, or ends that local day."""
    if due is None or isinstance(wanted, datetime):
        return wanted == due
    return (due - MICROSECOND).astimezone(zone).date() == wanted


def _incidents(story: Story) -> Iterator[Message]:
    for incident in story.simulation.incidents():
        yield Message(
            "scenario_incident",
            "“{element}” is stuck: {reason}",
            {"element": incident.element_id, "reason": str(incident.message)},
        )


def _unequal(what: str, wanted: str, found: str) -> Message:
    params = {"what": what, "wanted": wanted, "found": found}
    return Message("scenario_unequal", "{what}: expected {wanted}, found {found}.", params)
