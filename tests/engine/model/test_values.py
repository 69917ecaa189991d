"""Values keep their kind through the saved form, and what is out of bounds is refused with a sentence."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.errors import Invalid
from engine.model.json_text import read_json
from engine.model.values import (
    Months,
    canonical_json,
    duration_text,
    from_canonical,
    normalise,
    read_duration,
    to_tagged,
)

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(10**33), 10**33)
    | st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20)
    | st.text(max_size=40)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.times()
    | st.timedeltas()
    | st.builds(Months, st.integers(-5000, 5000))
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
LIKE_TAGS = st.sampled_from(["$", "$d", "$date", "$$", '"$', "$5", "a"])
LOOKALIKES = st.recursive(
    PLAIN | LIKE_TAGS | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner) | st.dictionaries(LIKE_TAGS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_every_value_comes_back_with_its_kind(value: object) -> None:
    back = from_canonical(canonical_json(value))
    assert back == value
    assert type(back) is type(value)
    assert canonical_json(back) == canonical_json(value)


@given(VALUES | LOOKALIKES)
def test_the_text_is_the_sorted_json_of_the_tagged_form(value: object) -> None:
    by_the_library = json.dumps(to_tagged(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert canonical_json(value) == by_the_library


@pytest.mark.parametrize("text", ["", "{", "nothing", '{"a":1} x', '{"a" 1}'])
def test_what_is_no_json_is_refused_as_the_library_does(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        read_json(text)


def test_blanks_around_a_text_do_no_harm_and_points_make_decimals() -> None:
    assert read_json(' {"a": [1.50, 2, 1e2]}\n') == {"a": [Decimal("1.5"), 2, Decimal("100.0")]}


def test_the_saved_form_is_tagged_and_sorted() -> None:
    value = {"b": Decimal("1.50"), "a": date(2026, 3, 2), "$c": timedelta(hours=36)}
    assert canonical_json(value) == '{"$$c":{"$dur":"P1DT12H"},"a":{"$date":"2026-03-02"},"b":{"$d":"1.50"}}'


def test_a_users_key_that_looks_like_a_tag_stays_a_key() -> None:
    assert from_canonical(canonical_json({"$d": "1.50"})) == {"$d": "1.50"}


def test_the_offset_of_a_moment_is_kept() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=1)))
    assert canonical_json(at) == '{"$at":"2026-03-02T09:00:00+01:00"}'
    assert canonical_json(time(9, 30)) == '{"$time":"09:30:00"}'


def test_floats_become_decimals_and_tuples_lists() -> None:
    assert normalise({"rate": 0.1, "pair": (1, 2)}) == {"rate": Decimal("0.1"), "pair": [1, 2]}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("x" * 65_537, "value_too_long"),
        ("ą" * 40_000, "value_too_long"),
        (10**34, "value_number"),
        (Decimal("NaN"), "value_number"),
        (float("inf"), "value_number"),
        ({1: "a"}, "value_key"),
        (object(), "value_kind"),
        ([0] * 65_537, "value_too_many"),
        ("\ud800", "value_not_text"),
    ],
)
def test_what_is_out_of_bounds_is_refused(value: object, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        normalise(value, "cost")
    assert refusal.value.code == code
    assert "cost" in str(refusal.value)


def test_a_value_nested_too_deep_is_refused() -> None:
    value: object = 1
    for _ in range(101):
        value = [value]
    with pytest.raises(Invalid, match="nested deeper"):
        normalise(value)


@given(st.timedeltas())
def test_durations_come_back_from_their_iso_text(duration: timedelta) -> None:
    assert read_duration(duration_text(duration)) == duration


def test_months_and_days_are_not_mixed() -> None:
    assert read_duration("P1Y6M") == Months(18)
    assert str(Months(-18)) == "-P1Y6M"
    with pytest.raises(Invalid, match="no length"):
        read_duration("P1M3D")
    with pytest.raises(Invalid, match="no duration"):
        read_duration("PT")


def test_an_unknown_tag_names_itself() -> None:
    with pytest.raises(Invalid, match=r"\$moon"):
        from_canonical('{"$moon": "full"}')
