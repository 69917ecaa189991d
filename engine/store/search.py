"""A case is found by its words: beginnings of words count, accents do not, all words must be there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from engine.store import rows
from engine.store.connection import Connection, Dialect
from engine.store.transaction import Tx

_PUT = (
    "INSERT INTO case_search (case_id, content) VALUES (?, ?) "
    "ON CONFLICT (case_id) DO UPDATE SET content = excluded.content"
)
_PUT_WORDS = f"""
WITH put AS ({_PUT} RETURNING id)
INSERT INTO case_words (id, words) SELECT id, array_to_tsvector(CAST(? AS text[])) FROM put
ON CONFLICT (id) DO UPDATE SET words = excluded.words"""
_BY_INDEX = {
    Dialect.SQLITE: """
SELECT case_search.case_id FROM (
  SELECT rowid AS id FROM case_words WHERE case_words MATCH :words ORDER BY rowid DESC LIMIT :limit
) AS found JOIN case_search ON case_search.id = found.id ORDER BY found.id DESC""",
    Dialect.POSTGRES: """
SELECT case_search.case_id FROM case_words JOIN case_search ON case_search.id = case_words.id
WHERE case_words.words @@ CAST(:words AS tsquery) ORDER BY case_words.id DESC LIMIT :limit""",
}
_ALIKE = """
SELECT case_search.case_id, case_search.content FROM (
  SELECT rowid AS id FROM case_words WHERE case_words MATCH :words ORDER BY rowid DESC LIMIT :limit
) AS found JOIN case_search ON case_search.id = found.id ORDER BY found.id DESC"""
_NEWEST = "SELECT case_id, content FROM case_search ORDER BY id DESC LIMIT :limit"
_HAS_INDEX = "SELECT 1 FROM sqlite_master WHERE name = 'case_words'"
_WORD = re.compile(r"\w+")
_PART = re.compile(r"[^\W_]+")
_MOST_WORDS = 12
_LONGEST_WORD = 200
_LOOKED_AT = 40
_INDEXED = range(2, 4)
"""On SQLite beginnings of so many letters have an index; all hits of others are collected before the first is given."""


def put(tx: Tx, case_id: str, content: str) -> None:
    """Make the case findable by these words, in place of the former ones."""
    if tx.connection.dialect is Dialect.POSTGRES:
        tx.connection.send(_PUT_WORDS, (case_id, content, sorted(set(folded(content)))))
    else:
        tx.connection.send(_PUT, (case_id, content))


def index_all(connection: Connection, copied: Iterable[Sequence[Any]]) -> None:
    """Index rows of case_search (id, case, content) that were copied; SQLite's triggers have done so already."""
    if connection.dialect is Dialect.POSTGRES:
        words = [(row[0], sorted(set(folded(row[2])))) for row in copied]
        connection.executemany("INSERT INTO case_words VALUES (?, array_to_tsvector(CAST(? AS text[])))", words)


def drop(tx: Tx, case_id: str) -> None:
    """Forget the case's words, as when a person is erased."""
    tx.connection.send("DELETE FROM case_search WHERE case_id = ?", (case_id,))


def matching(tx: Tx, text: str, *, limit: int = 200) -> list[str]:
    """Give the ids of cases that have all words of the text, the newest case first; nothing for a text without words.

    On SQLite all cases with a beginning are collected before the first is given. So the newest cases with words that begin
    alike are looked through before, then whole words are looked up: where either fills the list, nothing is collected.
    """
    words = folded(text)[:_MOST_WORDS]
    if not words:
        return []
    if tx.connection.dialect is Dialect.POSTGRES:
        return _by_index(tx, " & ".join(f"'{word}':*" for word in words), limit)
    if tx.connection.row(_HAS_INDEX) is None:
        return _by_reading(tx, _WORD.findall(text)[:_MOST_WORDS], limit)
    if not all(len(word) in _INDEXED for word in words):
        for look in (_among_newest, _whole):
            found = look(tx, words, limit)
            if len(found) == limit:
                return found
    return _by_index(tx, _beginnings(words), limit)


def _among_newest(tx: Tx, words: Sequence[str], limit: int) -> list[str]:
    """Look through the newest cases that have the words' first letters, unless hardly any of the first few has the words."""
    alike = _beginnings(word[: max(_INDEXED)] for word in words if len(word) >= min(_INDEXED))
    statement = _ALIKE if alike else _NEWEST
    has_words = _beginning_with(words)
    found: list[str] = []
    for most, least in ((_LOOKED_AT, _LOOKED_AT // 2), (2 * limit + _LOOKED_AT, limit)):
        candidates = rows.fetch(tx, statement, {"words": alike, "limit": most})
        found = [case for case, content in candidates if has_words(content)]
        if len(found) < min(least, limit):
            return []
    return found[:limit]


def _whole(tx: Tx, words: Sequence[str], limit: int) -> list[str]:
    return _by_index(tx, " ".join(f'"{word}"' for word in words), limit)


def _beginnings(words: Iterable[str]) -> str:
    return " ".join(f'"{word}"*' for word in words)


def _beginning_with(words: Sequence[str]) -> Callable[[str], bool]:
    """Give the question whether each of the words begins one of a content."""
    found_in = [re.compile(rf"(?<![^\W_]){word}").search for word in words]

    def has_words(content: str) -> bool:
        plain = content.lower() if content.isascii() else " ".join(folded(content))
        return all(search(plain) for search in found_in)

    return has_words


def _by_index(tx: Tx, query: str, limit: int) -> list[str]:
    return [row[0] for row in rows.fetch(tx, _BY_INDEX[tx.connection.dialect], {"words": query, "limit": limit})]


def folded(text: str) -> list[str]:
    """Give the words of a text in lower case and without accents, as SQLite's index folds them."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn")
    return [word[:_LONGEST_WORD] for word in _PART.findall(plain.lower())]


def _by_reading(tx: Tx, words: list[str], limit: int) -> list[str]:
    """Where this SQLite has no full-text index every content is read."""
    places = {f"word_{index}": f"%{_escaped(word)}%" for index, word in enumerate(words)}
    conditions = " AND ".join(f"content LIKE :{place} ESCAPE '!'" for place in places)
    statement = f"SELECT case_id FROM case_search WHERE {conditions} ORDER BY id DESC LIMIT :limit"
    return [row[0] for row in rows.fetch(tx, statement, {**places, "limit": limit})]


def _escaped(word: str) -> str:
    return re.sub(r"([!%_])", r"!\1", word)
