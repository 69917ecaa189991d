"""A script of another language runs where it only assigns: its words are put into ours, and only then is it compiled, by the closed language."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ASSIGNING = frozenset({"groovy", "javascript", "js", "ecmascript", "nashorn", "jexl", "mvel"})
_TOKEN = re.compile(
    r"(?P<rest>//[^\n]*|/\*.*?\*/|[ \t\r]+)"
    r"|(?P<end>[;\n]+)"
    r"|(?P<text>\"(?:[^\"\\\n$]|\\[\\\"'ntr])*\"|'(?:[^'\\\n$]|\\[\\\"'ntr])*')"
    r"|(?P<number>\d+(?:\.\d+)?(?![\w.]))"
    r"|(?P<name>[^\W\d][\w]*)"
    r"|(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||\+\+|--|[-+*/%]=|[-+*/%<>=!.,()\[\]])",
    re.DOTALL,
)
_CALL_IN_JUEL = re.compile(r"[$#]\{\s*execution\s*\.\s*setVariable\b")
_WORDS = {"true": "True", "false": "False", "null": "None", "undefined": "None", "&&": "and", "||": "or", "!": "not"}
_WORDS |= {"===": "==", "!==": "!="}
_DECLARING = frozenset({"var", "let", "const", "def", "final"})
_KINDS = frozenset({"String", "Integer", "int", "Long", "long", "Boolean", "boolean", "BigDecimal", "Double", "double"})
_PRINTING = (("println",), ("print",), ("console", ".", "log"), ("System", ".", "out", ".", "println"))
LOCAL = "·"
"""What a script declares for itself is kept apart by this ending, which no name of a process has."""


def in_our_words(script: str, language: str) -> str | None:
    """Give the script as assignments of ours; None where it is of no such language, or has words that ours lacks."""
    text = script.strip()
    if language == "juel" and _CALL_IN_JUEL.match(text) and text.endswith("}"):
        text, language = text[2:-1], "js"
    if language not in _ASSIGNING or (statements := _statements(text)) is None:
        return None
    own: set[str] = set()
    lines = [_line(statement, own) for statement in statements]
    return "\n".join(line for line in lines if line)


def _statements(text: str) -> list[list[str]] | None:
    """The tokens of each statement; a line that ends within brackets goes on in the next."""
    statements: list[list[str]] = [[]]
    place = depth = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            return None
        place = found.end()
        if found.lastgroup == "end" and (depth == 0 or ";" in found[0]):
            statements.append([])
        elif found.lastgroup not in ("rest", "end"):
            depth += (found[0] in ("(", "[")) - (found[0] in (")", "]"))
            statements[-1].append(found[0])
    return [statement for statement in statements if statement]


def _line(tokens: list[str], own: set[str]) -> str:
    """One statement; `own` grows by the names that the script declares for itself."""
    if any(tuple(tokens[: len(words)]) == words for words in _PRINTING):
        return ""  # nobody reads what a script prints
    declares = False
    while len(tokens) > 1 and (tokens[0] in _DECLARING or (tokens[0] in _KINDS and tokens[1][0].isalpha())):
        tokens, declares = tokens[1:], True
    match tokens:
        case [name, "++" | "--" as sign]:
            return f"{_name(name, own)} {sign[0]}= 1"
        case ["execution", ".", "setVariable", "(", name, ",", *value, ")"] if name[0] in "\"'":
            return f"{name[1:-1]} = {_value(value, own)}"
        case [name, "=", *value] if declares:
            line = f"{name}{LOCAL} = {_value(value, own)}"
            own.add(name)
            return line
        case _:
            return _value(tokens, own)


def _name(name: str, own: set[str]) -> str:
    return f"{name}{LOCAL}" if name in own else name


def _value(tokens: list[str], own: set[str]) -> str:
    return " ".join(_words(tokens, own))


def _words(tokens: list[str], own: set[str]) -> Iterator[str]:
    place = 0
    while place < len(tokens):
        match tokens[place : place + 6]:
            case ["execution", ".", "getVariable", "(", name, ")"] if name[0] in "\"'":
                yield name[1:-1]
                place += 6
                continue
        token = tokens[place]
        after_dot = place > 0 and tokens[place - 1] == "."
        yield token if after_dot else _WORDS.get(token, _name(token, own))
        place += 1
