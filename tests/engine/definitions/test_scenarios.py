"""A story is read whole; whatever is wrong with it is told at once, in sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.definitions.scenarios import read_scenario
from engine.model.scenario import Absence, Advance, ClaimTask, CompleteTask, SendMessage

NOW = "now = 2026-03-02T09:00:00+01:00\n"
WHOLE = (
    'title = "An old roof is refused"\nas = "anna"\nclocks = { contract = "P10D" }\n'
    + NOW
    + """
[start]
subject = "Hail"
received_on = 2026-03-02
amount = 12.50
[people.jan]
absent = [2026-03-03, 2026-03-20]
substitute = "anna"
[[step]]
claim = "assess"
as = "ben"
[[step]]
task = "assess"
as = "specialist"
data = { cause = "material" }
outcome = "reject"
refused = true
[[step]]
advance = "P3D"
[[step]]
message = { name = "customer_withdraws", payload = { why = "sold" }, correlation = { number = "C-1" } }
[expect]
path = ["register", "assess"]
open = []
decision = "rejected"
clocks = { statutory = { due = 2026-03-16, state = "stopped" } }
"""
)


def test_a_whole_story_is_read_with_its_kinds() -> None:
    story = read_scenario(WHOLE.encode(), file="old_roof.toml").scenario
    assert story is not None
    assert story.now == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert story.start == {"subject": "Hail", "received_on": date(2026, 3, 2), "amount": Decimal("12.50")}
    assert story.people["jan"].absent == Absence(date(2026, 3, 3), date(2026, 3, 20))
    assert story.steps == (
        ClaimTask("assess", "ben"),
        CompleteTask("assess", "specialist", {"cause": "material"}, "reject", refused=True),
        Advance(timedelta(days=3)),
        SendMessage("customer_withdraws", {"why": "sold"}, {"number": "C-1"}),
    )
    assert story.expected.path == ("register", "assess")
    assert story.expected.open == ()
    assert story.expected.notices is None
    assert story.expected.clocks["statutory"].due == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("title = ", "scenario_toml"),
        (NOW, "scenario_value"),
        ('title = "x"\nnow = 2026-03-02T09:00:00\n', "scenario_value"),
        (f'title = "x"\n{NOW}whom = "anna"\n', "scenario_key"),
        (f'title = "x"\n{NOW}start = 3\n', "scenario_value"),
        (f'title = "x"\n{NOW}[[step]]\n', "scenario_value"),
        (f'title = "x"\n{NOW}[[step]]\nadvance = "soon"\n', "value_duration"),
        (f'title = "x"\n{NOW}[[step]]\nadvance = "P1M"\n', "scenario_value"),
        (f'title = "x"\n{NOW}[[step]]\nadvance = "-P1D"\n', "scenario_value"),
        (f'title = "x"\n{NOW}[[step]]\ntask = "a"\nwho = "anna"\n', "scenario_key"),
        (f'title = "x"\n{NOW}[[step]]\nmessage = {{}}\n', "scenario_value"),
        (f'title = "x"\n{NOW}[people.jan]\nabsent = [2026-03-20, 2026-03-03]\n', "scenario_value"),
        (f'title = "x"\n{NOW}[expect]\nends = true\n', "scenario_key"),
        (f'title = "x"\n{NOW}[expect]\nclocks = {{ contract = {{ due = "soon" }} }}\n', "scenario_value"),
    ],
)
def test_a_fault_is_told_and_nothing_is_raised(text: str, code: str) -> None:
    read = read_scenario(text.encode(), file="story.toml")
    assert read.scenario is None
    assert code in [finding.message.code for finding in read.findings]
    assert all(finding.file == "story.toml" and str(finding.remedy) for finding in read.findings)


def test_all_faults_are_told_at_once() -> None:
    read = read_scenario(b'now = 3\nwhom = "anna"\n[[step]]\nadvance = "soon"\n')
    assert len(read.findings) == 4


def test_a_file_that_is_no_text_is_refused() -> None:
    assert [finding.message.code for finding in read_scenario(b"\xff\xfe\x00").findings] == ["scenario_toml"]
