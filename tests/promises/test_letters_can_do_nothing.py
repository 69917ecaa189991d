"""Promise 9: a letter's template reads values and nothing else; it ends soon, stays small, and a broken one stops no clerk."""

from __future__ import annotations

import time

import pytest

from engine.checks import check_files
from engine.definitions.letters import LONGEST, render_letter
from engine.model.case import CaseMessage
from engine.model.errors import Invalid
from engine.model.people import SYSTEM
from engine.model.running import Incident
from engine.store import deployments
from tests.promises.conftest import House

VALUES = {"case": {"number": "C-1"}, "input": {"text": "x" * 60_000}, "rows": list(range(1000))}
HOSTILE = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ case.get.__self__ }}",
    "{{ case.number.__class__ }}",
    "{{ case['__class__'] }}",
    "{{ self._TemplateReference__context }}",
    "{{ lipsum.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ case.number.format(case) }}",
    "{{ 'a' * 10000000000 }}",
    "{{ 9 ** 9 ** 9 ** 9 }}",
    "{{ '%9999999999d' % 1 }}",
    "{{ 'x' | center(9999999999) }}",
    "{{ 'x' | attr('__class__') }}",
    "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in range(999999999) %}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set a = input.text ~ input.text %}{% set b = a ~ a %}{{ b }}",
    "{% set a %}{% for b in rows %}{{ input.text }}{% endfor %}{% endset %}",
    "{% for b in rows %}{{ input.text }}{% endfor %}",
    "{% include 'other' %}",
    "{% import 'other' as o %}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
)


@pytest.mark.parametrize("body", HOSTILE)
def test_a_hostile_letter_is_refused_in_no_time(body: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Invalid) as refusal:
        render_letter(f"Subject: a\n\n{body}".encode(), VALUES, name="letters/a.en.txt")
    assert refusal.value.message.code in ("letter_broken", "letter_too_long")
    assert time.monotonic() - begun < 1


def test_checks_refuse_what_letters_may_not_say() -> None:
    for body in (HOSTILE[8], HOSTILE[13], HOSTILE[15], HOSTILE[21]):
        found = check_files({"letters/a.en.txt": f"Subject: a\n\n{body}".encode()})
        assert [finding.message.code for finding in found] == ["letter_template"]


def test_a_letter_may_say_all_that_the_shipped_ones_say() -> None:
    body = "{% set r = {'a': 'b'} %}{% if case.get('number') and 'a' in r %}{{ r['a'] }}{% endif %}{% for a in rows %}{{ a }}{% endfor %}"
    assert render_letter(f"Subject: {{{{ case.number }}}}\n\n{body}".encode(), VALUES).body.startswith("b012")
    with pytest.raises(Invalid):
        render_letter(b"Subject: a\n\n{{ input.text }}{{ input.text }}", VALUES)
    assert LONGEST == 64_000


def test_a_broken_letter_is_an_incident_and_what_the_clerk_did_is_kept(house: House) -> None:
    with house.store.begin(SYSTEM) as tx:
        files = dict(tx.catalog.newest("complaint").files)
        files["letters/answer_accepted.en.txt"] = b"Subject: a\n\n{{ customer.nobody }}"
        deployments.keep(tx, "complaint", files, process_ids=["complaint"])
    case = house.triaged()
    house.do("ben", case, "work", findings="Worn.")
    house.do("ben", case, "decide", "accept", reasons="Yes.", decided_remedy="repair")
    house.do("ben", case, "write_answer", medium="email")
    assert [incident.element_id != "" for incident in house.all(Incident, state="open")] == [True]
    assert [letter.letter for letter in house.all(CaseMessage, kind="letter")] == ["acknowledgement"]
    assert house.broken() == []


def test_a_letter_in_a_language_that_nobody_knows_is_written_in_english(house: House) -> None:
    for language in ("xx", "../../etc", "zh-Hant-TW", "tlh", "\u202e"):
        house.register(language=language)
    assert {letter.state for letter in house.all(CaseMessage, kind="letter")} == {"sent"}
    assert house.broken() == []
