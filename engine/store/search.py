"""A case is found by its words: beginnings of words count, accents do not, all words must be there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
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
_HAS_INDEX = "SELECT 1 FROM sqlite_master WHERE name = 'case_words'"
_WORD = re.compile(r"\w+")
_PART = re.compile(r"[^\W_]+")
_MOST_WORDS = 12
_LONGEST_WORD = 200


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

    On SQLite whole words that fill the list are not looked for as beginnings of longer ones: those it would collect first.
    """
    words = _WORD.findall(text)[:_MOST_WORDS]
    if tx.connection.dialect is Dialect.POSTGRES:
        query = " & ".join(f"'{word}':*" for word in folded(" ".join(words)))
    elif words and tx.connection.row(_HAS_INDEX) is None:
        return _by_reading(tx, words, limit)
    else:
        whole = _by_index(tx, " ".join(f'"{word}"' for word in words), limit)
        if len(whole) == limit:
            return whole
        query = " ".join(f'"{word}"*' for word in words)
    return _by_index(tx, query, limit)


def _by_index(tx: Tx, query: str, limit: int) -> list[str]:
    if not query:
        return []
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
