"""Whoever silences a tool says why on the same line."""

from __future__ import annotations

import re

from tests.architecture.sources import sources

IGNORE = re.compile(
    r"#\s*(?:noqa(?::\s*(?P<rules>[A-Z0-9, ]+?))?|(?:type|pyright):\s*ignore(?:\[(?P<kinds>[^\]]*)\])?)(?P<rest>\s.*|$)"
)
REASON = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{1,}")  # two words at least


def faults_of(comment: str) -> list[str]:
    found = list(IGNORE.finditer(comment))
    unnamed = ["names no rule" for each in found if not (each["rules"] or each["kinds"])]
    last = found[-1]["rest"] if found else ""
    return unnamed + (["gives no reason"] if found and not REASON.search(last) else [])


def test_every_ignore_has_its_reason() -> None:
    found = []
    for source in sources("engine", "web", "tools", "tests", "migrations"):
        for line, comment in source.comments():
            found += [f"{source.name}:{line}: {fault}: {comment}" for fault in faults_of(comment)]
    assert not found


def test_an_ignore_without_a_reason_is_seen() -> None:
    assert faults_of("# noqa: E402") == ["gives no reason"]
    assert faults_of("# noqa") == ["names no rule", "gives no reason"]
    assert faults_of("# type: ignore[arg-type]") == ["gives no reason"]


def test_an_ignore_with_a_reason_passes() -> None:
    assert faults_of("# noqa: E402 - the path must be set first") == []
    assert faults_of("# type: ignore[misc]  # the library is untyped") == []
    assert faults_of("# a plain remark") == []
