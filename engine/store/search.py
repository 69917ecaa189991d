"""A case is found by its words: beginnings of words count, accents do not, all words must be there."""

from __future__ import annotations

import re

from engine.store import rows
from engine.store.transaction import Tx

_PUT = (
    "INSERT INTO case_search (case_id, content) VALUES (?, ?) "
    "ON CONFLICT (case_id) DO UPDATE SET content = excluded.content"
)
_BY_INDEX = """
SELECT case_search.case_id FROM case_words JOIN case_search ON case_search.id = case_words.rowid
WHERE case_words MATCH :words ORDER BY case_search.id DESC LIMIT :limit"""
_HAS_INDEX = "SELECT 1 FROM sqlite_master WHERE name = 'case_words'"
_WORD = re.compile(r"\w+")
_MOST_WORDS = 12


def put(tx: Tx, case_id: str, content: str) -> None:
    """Make the case findable by these words, in place of the former ones."""
    tx.connection.execute(_PUT, (case_id, content))


def drop(tx: Tx, case_id: str) -> None:
    """Forget the case's words, as when a person is erased."""
    tx.connection.execute("DELETE FROM case_search WHERE case_id = ?", (case_id,))


def matching(tx: Tx, text: str, *, limit: int = 200) -> list[str]:
    """Give the ids of cases that have all words of the text, the newest case first; nothing for a text without words."""
    words = _WORD.findall(text)[:_MOST_WORDS]
    if not words:
        return []
    if tx.connection.row(_HAS_INDEX) is None:
        return _by_reading(tx, words, limit)
    query = " ".join(f'"{word}"*' for word in words)
    return [row[0] for row in rows.fetch(tx, _BY_INDEX, {"words": query, "limit": limit})]


def _by_reading(tx: Tx, words: list[str], limit: int) -> list[str]:
    """Where this SQLite has no full-text index every content is read."""
    places = {f"word_{index}": f"%{_escaped(word)}%" for index, word in enumerate(words)}
    conditions = " AND ".join(f"content LIKE :{place} ESCAPE '!'" for place in places)
    statement = f"SELECT case_id FROM case_search WHERE {conditions} ORDER BY id DESC LIMIT :limit"
    return [row[0] for row in rows.fetch(tx, statement, {**places, "limit": limit})]


def _escaped(word: str) -> str:
    return re.sub(r"([!%_])", r"!\1", word)
