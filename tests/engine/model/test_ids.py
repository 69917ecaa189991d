"""Ids are UUIDs of version 7 and rise within a process, whatever the clock does."""

from __future__ import annotations

import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.model.ids import IdSource, RandomBits

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@given(steps=st.lists(st.integers(-5_000, 5_000), max_size=50), tail=st.integers(0, 2**73 - 1))
def test_ids_rise_even_when_the_clock_goes_back(steps: list[int], tail: int) -> None:
    source = IdSource(lambda bits: tail % (1 << bits))
    ids = [source.next(NOON + timedelta(milliseconds=step)) for step in steps]
    assert ids == sorted(set(ids))


def test_an_id_is_a_uuid_that_begins_with_its_time() -> None:
    made = uuid.UUID(IdSource().next(NOON))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == int(NOON.timestamp() * 1000)


def test_a_full_millisecond_lends_from_the_next() -> None:
    source = IdSource(lambda bits: (1 << bits) - 1)
    ids = [source.next(NOON) for _ in range(3)]
    source._begin(source._millisecond, (1 << 74) - 1)
    ids.append(source.next(NOON))
    assert ids == sorted(set(ids))


def test_full_last_digits_are_counted_on_in_those_before() -> None:
    source = IdSource()
    ids = [source.next(NOON)]
    source._begin(source._millisecond, source._high << 48 | (1 << 48) - 1)
    ids += [source.next(NOON) for _ in range(3)]
    assert ids == sorted(set(ids))
    made = [uuid.UUID(each) for each in ids]
    assert {(each.version, each.variant, each.int >> 80) for each in made} == {(7, uuid.RFC_4122, made[0].int >> 80)}


def test_random_numbers_have_all_their_bits_and_no_more() -> None:
    draw = RandomBits()
    seen = 0
    for _ in range(2_000):
        seen |= draw(73)
    assert seen == (1 << 73) - 1


def test_a_child_process_does_not_repeat_the_random_numbers_of_its_parent() -> None:
    draw = RandomBits()
    draw(32)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, draw(96).to_bytes(12, "big"))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 12) != draw(96).to_bytes(12, "big")
    os.close(reading)
    os.close(writing)


def test_threads_that_share_a_source_never_get_one_id_twice() -> None:
    source = IdSource()
    source._begin(10**13, (1 << 74) - (1 << 48))  # the last low bits of a millisecond, so that all carry too
    times = [NOON, NOON + timedelta(milliseconds=1)]
    with ThreadPoolExecutor(8) as threads:
        ids = [*threads.map(lambda number: source.next(times[number % 2]), range(20_000))]
    assert len({*ids}) == 20_000


def test_a_child_process_does_not_repeat_the_ids_of_its_parent() -> None:
    source = IdSource()
    source.next(NOON)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, "".join(source.next(NOON) for _ in range(20)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(reading, 20 * 36).decode()
    assert not {told[place : place + 36] for place in range(0, len(told), 36)} & {source.next(NOON) for _ in range(20)}
    os.close(reading)
    os.close(writing)
