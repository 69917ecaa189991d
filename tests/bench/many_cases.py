"""One real case becomes a million: its rows are copied by SQL with other ids, dues, queues and words, in minutes and without an engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

HISTORY = 5
"""Rows of audit_event, and as many of path_event, of each case."""
QUEUES = ("technical", "front_office", "energy", "financial")
COMMON, RARE = "leaks", "kx{number:07}"
_FAST = """PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY"""
_NUMBERS = "WITH RECURSIVE number(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM number WHERE n < {last})"
_HISTORY = "(SELECT value AS place FROM json_each('[" + ", ".join(str(place + 1) for place in range(HISTORY)) + "]'))"
_MADE = "printf('{letter}%012d', n)"
_CASE, _INSTANCE, _CUSTOMER = (_MADE.format(letter=letter) for letter in "cib")
_QUEUE = f"CASE n % {len(QUEUES)} {' '.join(f'WHEN {place} THEN {queue!r}' for place, queue in enumerate(QUEUES))} END"
_OWN = "n % 499 = 0"
_SOMEBODY = "(SELECT value FROM json_each(:people) WHERE key = n / 499 % json_array_length(:people))"
_COPIES: Mapping[str, Mapping[str, str]] = {
    "customer": {"id": _CUSTOMER, "number": "printf('N%07d', n)", "name": "printf('Anna Customer %d', n)"},
    "case_file": {
        "id": _CASE,
        "number": "printf('M-%07d', n)",
        "tracking": "''",
        "subject": "printf('Kettle KX%07d leaks', n)",
        "customer_id": "printf('b%012d', max(n / 10, 1) * 10)",
        "category": "printf('category %d', n % 20)",
        "queue": _QUEUE,
        "opened_at": "one.opened_at + n * 1000000",
    },
    "clock": {"id": _MADE.format(letter="k"), "case_id": _CASE, "due_at": "one.due_at + n * 7919 % {last} * 1000000"},
    "instance": {"id": _INSTANCE, "case_id": _CASE},
    "task": {
        "id": _MADE.format(letter="t"),
        "case_id": _CASE,
        "instance_id": _INSTANCE,
        "queue": _QUEUE,
        "owner_id": f"CASE WHEN {_OWN} THEN {_SOMEBODY} END",
        "state": f"CASE WHEN {_OWN} THEN 'reserved' ELSE 'ready' END",
        "due_at": "one.due_at + n * 7919 % {last} * 1000000",
    },
    "case_search": {
        "id": "1000 + n",
        "case_id": _CASE,
        "content": "printf('M-%07d Kettle KX%07d leaks since Monday, bought from dealer%d', n, n, n % 977)",
    },
}
_HISTORIES: Mapping[str, Mapping[str, str]] = {
    "audit_event": {"id": "printf('a%012d%d', n, place)", "case_id": _CASE, "sequence": "place"},
    "path_event": {"id": "printf('p%012d%d', n, place)", "instance_id": _INSTANCE},
}
_COUNTS = {
    "tasks_by_queue": "queue, count(*) FROM task",
    "cases_by_category": "category, count(*) FROM case_file",
    "cases_by_stage": "stage, count(*) FROM case_file",
    "cases": "status, count(*) FROM case_file",
}
_STEP = {"customer": 10}


def copy_cases(path: Path, count: int) -> None:
    """Copy the file's one case `count` times; people have one task of five hundred. Nobody else may have the file open."""
    with closing(sqlite3.connect(path, isolation_level=None)) as driver:
        driver.executescript(_FAST)
        numbers = _NUMBERS.format(first=1, last=count)
        people = driver.execute("SELECT json_group_array(id) FROM person").fetchone()[0]
        for table, changes in (*_COPIES.items(), *_HISTORIES.items()):
            columns = [row[1] for row in driver.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(changes.get(name, f"one.{name}").format(last=count) for name in columns)
            places = f"CROSS JOIN {_HISTORY}" if table in _HISTORIES else f"WHERE n % {_STEP.get(table, 1)} = 0"
            one = f"(SELECT * FROM {table} LIMIT 1) AS one"
            source = f"{numbers} SELECT {values} FROM number CROSS JOIN {one} {places}"
            driver.execute(f"INSERT INTO {table} ({', '.join(columns)}) {source}", {"people": people})
        driver.executescript("DELETE FROM counter_delta; DELETE FROM counter")
        for name, statement in _COUNTS.items():
            driver.execute(f"INSERT INTO counter (name, key, value) SELECT '{name}', {statement} GROUP BY 2")
