"""A statement of the store, which names its places `?` or `:name`, in PostgreSQL's words; each is put into them once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

# what SQLite calls by its own name; both sides are expressions, so they may stand anywhere
_OTHER_WORDS = (
    (  # an array is looked up in an index; of a query's rows the server guesses how many there are
        re.compile(r"(?<!NOT )IN \(SELECT value FROM json_each\((:\w+)\)\)"),
        r"= ANY (ARRAY(SELECT json_array_elements_text(CAST(\1 AS json))))",
    ),
    (
        re.compile(r"SELECT value FROM json_each\(([:\w.]+)\)"),
        r"SELECT value FROM json_array_elements_text(CAST(\1 AS json)) AS listed(value)",
    ),
    (
        re.compile(r"FROM json_each\(([:\w.]+)\) (\w+)"),
        r"FROM json_array_elements_text(CAST(\1 AS json)) AS \2(value)",
    ),
    (re.compile(r"json_extract\(([\w.]+), '\$\.(\w+)'\)"), r"(CAST(\1 AS json) ->> '\2')"),
    (re.compile(r"group_concat\(DISTINCT ([\w.]+)\)"), r"string_agg(DISTINCT \1, ',')"),
    (re.compile(r"\binstr\("), "strpos("),
)
_PLACE = re.compile(r"'(?:[^']|'')*'|\?(\d*)|(?<![:\w]):([a-z_]\w*)")


@dataclass(frozen=True, slots=True)
class Said:
    """The text with `$1` places, as it is sent; `names` says which value of a mapping goes where, and is empty for a sequence."""

    text: bytes
    names: tuple[str, ...] = ()

    def values(self, params: Sequence[object] | Mapping[str, object]) -> Sequence[object]:
        """Give the values in the order of the places."""
        if isinstance(params, Mapping):
            return [params[name] for name in self.names]
        return params


@lru_cache(maxsize=2048)
def said(statement: str) -> Said:
    """Put a statement into PostgreSQL's words."""
    for pattern, words in _OTHER_WORDS:
        statement = pattern.sub(words, statement)
    names: dict[str, int] = {}
    count = 0

    def place(found: re.Match[str]) -> str:
        nonlocal count
        if found[0][0] == "'":
            return found[0]
        if found[0][0] == "?":
            count += 1
            return f"${found[1] or count}"
        return f"${names.setdefault(found[2], len(names) + 1)}"

    return Said(_PLACE.sub(place, statement).encode(), tuple(names))
