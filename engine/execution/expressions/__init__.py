"""Conditions, mappings, parameters and scripts: a closed language, checked and compiled once, that can never run code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.execution.expressions.closures import Evaluate, build, not_a_condition
from engine.execution.expressions.errors import ExpressionError, check_length
from engine.execution.expressions.functions import PYTHON_FUNCTIONS, text_of
from engine.execution.expressions.juel_text import read_juel
from engine.execution.expressions.other_scripts import in_our_words
from engine.execution.expressions.python_text import read_python
from engine.execution.expressions.script import Script, compile_script, compile_script_of
from engine.execution.expressions.tree import Node, names_of
from engine.execution.feel.compiling import reads_the_clock
from engine.execution.feel.in_processes import compile_for_processes
from engine.model.values import Value

__all__ = [
    "Expression",
    "ExpressionError",
    "Script",
    "compile_expression",
    "compile_script",
    "compile_script_of",
    "in_our_words",
    "is_true",
    "language_of",
    "text_of",
]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; `names` are the variables that it reads; what asks for the time finds it under `?now`."""

    text: str
    language: str
    names: frozenset[str]
    evaluate: Evaluate
    asks_time: bool = False


def language_of(text: str, declared: str = "") -> str:
    """Say which language a text is in: FEEL after `=`, JUEL in `${…}`, what the file declares, else Python's subset."""
    plain, named = text.strip(), declared.strip().lower()
    if plain.startswith("=") and not plain.startswith("=="):
        return "feel"
    if plain.startswith(("${", "#{")):
        return "juel"
    return "feel" if "feel" in named or "/dmn/" in named else "python"


def compile_expression(text: str, *, language: str = "python", names: Iterable[str] = ()) -> Expression:
    """Read and compile one expression; `language` is python, juel or feel, and `names` are FEEL names of several words.

    Raises ExpressionError, whose text says what is not understood and where.
    """
    if language == "juel":
        return _compiled(text, language, read_juel(text))
    if language == "feel":
        plain = check_length(text)
        compiled, evaluate = compile_for_processes(plain[1:] if plain.startswith("=") else plain, names)
        return Expression(text, language, compiled.names, evaluate, reads_the_clock(compiled.tree))
    if language == "python":
        return _compiled(text, language, read_python(text))
    raise ExpressionError(
        "expression_language", "The language “{language}” is not known; use python, juel or feel.", language=language
    )


def _compiled(text: str, language: str, node: Node) -> Expression:
    return Expression(text, language, names_of(node), build(node, PYTHON_FUNCTIONS))


def is_true(value: Value) -> bool:
    """Say whether a condition's value takes the flow: only true does, null does not, anything else is refused."""
    if value is True:
        return True
    if value is None or value is False:
        return False
    raise not_a_condition(value)
