"""Script tasks are assignments in the closed subset; they read a scope and give what they wrote."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.execution.expressions.closures import Evaluate, Overlay, Scope, build
from engine.execution.expressions.errors import ExpressionError, from_message
from engine.execution.expressions.functions import PYTHON_FUNCTIONS
from engine.execution.expressions.operators import OPERATIONS
from engine.execution.expressions.other_scripts import LOCAL, in_our_words
from engine.execution.expressions.python_text import Subset, parse_python
from engine.execution.expressions.tree import names_of
from engine.model.errors import BpmnError, Invalid
from engine.model.values import TEXT_BYTES, Value, normalise

_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%"}
Statement = Callable[[Scope, dict[str, Value]], None]


@dataclass(frozen=True, slots=True)
class Script:
    """Assignments to run in order; `reads` and `writes` name the variables concerned.

    `declares` says that it has names of its own, which end with it; `always` holds what a script that only assigns texts, numbers, yes or no writes each time.
    """

    text: str
    reads: frozenset[str]
    writes: frozenset[str]
    statements: tuple[Statement, ...]
    always: Mapping[str, Value] | None = None
    declares: bool = False

    def run(self, scope: Scope) -> dict[str, Value]:
        """Give the new values of the written names; raise ExpressionError, or BpmnError where the script raises."""
        if self.always is not None:
            return dict(self.always)
        written: dict[str, Value] = {}
        seen = Overlay(written, scope)
        for statement in self.statements:
            statement(seen, written)
        return {name: written[name] for name in written if not name.endswith(LOCAL)} if self.declares else written


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.subset = Subset(text)
        self.reads: set[str] = set()
        self.writes: set[str] = set()

    def expression(self, tree: ast.expr) -> Evaluate:
        node = self.subset.node(tree)
        self.reads |= names_of(node) - self.writes
        return build(node, PYTHON_FUNCTIONS)

    def statement(self, tree: ast.stmt) -> Statement | None:
        match tree:
            case ast.Pass():
                return None
            case ast.Assign(targets=[target], value=value):
                return self.assignment(target, self.expression(value))
            case ast.AugAssign(target=target, op=sign, value=value) if type(sign) in _SIGNS:
                operate, old, new = (
                    OPERATIONS[_SIGNS[type(sign)]],
                    self.expression(_loaded(target)),
                    self.expression(value),
                )
                return self.assignment(target, lambda scope: operate(old(scope), new(scope)))
            case ast.Assert(test=test):
                return _assertion(self.expression(test), ast.unparse(test))
            case ast.Raise(
                exc=ast.Call(func=ast.Name(), args=[ast.Constant(value=str(code))], keywords=[]), cause=None
            ):
                return _raising(code)
            case _:
                raise ExpressionError(
                    "script_not_allowed",
                    "“{part}” is not allowed in a script: it assigns values, such as “total = price * count”.",
                    part=ast.unparse(tree)[:80],
                )

    def assignment(self, target: ast.expr, value: Evaluate) -> Statement:
        keys: list[Evaluate] = []
        while not isinstance(target, ast.Name):
            if isinstance(target, ast.Attribute):
                key = target.attr
                keys.append(lambda _, key=key: key)  # type: ignore[misc]  # the loop's key is bound as a default
            elif isinstance(target, ast.Subscript):
                keys.append(self.expression(target.slice))
            else:
                raise self.subset.refused(target)
            target = target.value
        name = target.id
        if keys and name not in self.writes:
            self.reads.add(name)
        self.writes.add(name)
        return _assigning(name, tuple(reversed(keys)), value)


def _loaded(target: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(target), mode="eval").body


def _assigning(name: str, keys: tuple[Evaluate, ...], value: Evaluate) -> Statement:
    def assign_whole(scope: Scope, written: dict[str, Value]) -> None:
        try:
            written[name] = normalise(value(scope), name)
        except Invalid as refusal:
            raise from_message(refusal.message) from None

    def assign(scope: Scope, written: dict[str, Value]) -> None:
        path = [key(scope) for key in keys]
        try:
            written[name] = normalise(_replaced(scope.get(name), path, value(scope), name), name)
        except Invalid as refusal:
            raise from_message(refusal.message) from None

    return assign if keys else assign_whole


def _replaced(base: Value, path: list[Value], value: Value, where: str) -> Value:
    """Give a copy of the base with the value at the path; mappings on the way are made where they are missing."""
    if not path:
        return value
    key = path[0]
    if isinstance(base, list) and isinstance(key, int) and -len(base) <= key < len(base):
        copied = list(base)
        copied[key] = _replaced(base[key], path[1:], value, f"{where}.{key}")
        return copied
    if isinstance(key, str) and (base is None or isinstance(base, Mapping)):
        held: dict[str, Value] = dict(base or {})
        return {**held, key: _replaced(held.get(key), path[1:], value, f"{where}.{key}")}
    raise ExpressionError("script_target", "“{where}” has no place “{key}” to write to.", where=where, key=str(key))


def _assertion(test: Evaluate, text: str) -> Statement:
    def check(scope: Scope, _: dict[str, Value]) -> None:
        if test(scope) is not True:
            raise ExpressionError("script_assertion", "“{test}” is not true.", test=text[:80])

    return check


def _raising(code: str) -> Statement:
    def throw(_: Scope, __: dict[str, Value]) -> None:
        raise BpmnError(code)

    return throw


def compile_script(text: str) -> Script:
    """Read a script once; raise ExpressionError at the first thing that is no assignment."""
    plain = "\n".join(line.strip() for line in text.strip().splitlines())
    if len(plain.encode("utf-8", "replace")) > TEXT_BYTES:
        raise ExpressionError("script_too_long", "The script is longer than {limit} bytes.", limit=TEXT_BYTES)
    tree = parse_python(plain, "exec")
    reader = _Reader(plain)
    body = tree.body if isinstance(tree, ast.Module) else []
    found = [reader.statement(statement) for statement in body]
    statements = tuple(item for item in found if item)
    shown = frozenset(name for name in reader.writes if not name.endswith(LOCAL))
    reads, declares = frozenset(reader.reads), len(shown) < len(reader.writes)
    return Script(text, reads, shown, statements, None if declares else _always(body, statements), declares)


def compile_script_of(text: str, language: str) -> Script:
    """The same for a script of another language, where its words can be put into ours; raise ExpressionError elsewhere."""
    if language == "python":
        return compile_script(text)
    ours = in_our_words(text, language)
    try:
        if ours is not None:
            return compile_script(ours)
    except ExpressionError:
        pass  # its words are ours, but it does more than assign
    raise ExpressionError(
        "script_language",
        "This script in {language} does more than assign values, so it cannot run; write assignments.",
        language=language,
    )


def _always(body: list[ast.stmt], statements: tuple[Statement, ...]) -> dict[str, Value] | None:
    """What the script writes, where it reads nothing and gives nothing that could be changed in place."""
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name()], value=ast.Constant()) | ast.Pass():
                continue
            case _:
                return None
    written: dict[str, Value] = {}
    try:
        for assign in statements:
            assign({}, written)
    except ExpressionError:  # a text that is too long is told when the task runs
        return None
    return written
