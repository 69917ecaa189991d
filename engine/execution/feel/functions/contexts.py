"""Functions of contexts give new contexts; keys keep their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.functions.builtin import Way, one_of
from engine.execution.feel.functions.lists import bounded_list
from engine.execution.feel.types import ANY_CONTEXT, ANY_LIST
from engine.execution.feel.values import is_context, kind_of

_Context = Mapping[str, object]


def _value(context: _Context, key: str) -> object:
    return context.get(key)


def _entries(context: _Context) -> object:
    return [{"key": key, "value": value} for key, value in context.items()]


def _wrong(function: str, value: object) -> ExpressionError:
    return ExpressionError(
        "function_kind", "“{function}” cannot take a {kind} here.", function=function, kind=kind_of(value)
    )


def _context(entries: Sequence[object]) -> object:
    found: dict[str, object] = {}
    for entry in entries:
        key = entry.get("key") if is_context(entry) else None
        if not is_context(entry) or not isinstance(key, str) or "value" not in entry:
            raise _wrong("context", entry)
        if key in found:
            raise ExpressionError("feel_key_twice", "A context has one of its keys twice; name them apart.")
        found[key] = entry["value"]
    return found


def _put(context: _Context, key: str, value: object) -> object:
    return {**context, key: value}


def _put_deep(context: _Context, keys: Sequence[object], value: object) -> object:
    """Give the context with a value put under the last key, each key before it being that of an inner context."""
    if not keys:
        raise ExpressionError("function_range", "“{function}” is out of range.", function="context put")
    owners: list[_Context] = [context]
    for key in keys[:-1]:
        inner = owners[-1].get(_text(key))
        if not is_context(inner):
            raise _wrong("context put", inner)
        owners.append(inner)
    changed = value
    for owner, key in zip(reversed(owners), reversed(keys), strict=True):
        changed = {**owner, _text(key): changed}
    return changed


def _text(key: object) -> str:
    if not isinstance(key, str):
        raise _wrong("context put", key)
    return key


def _merge(contexts: Sequence[object]) -> object:
    found: dict[str, object] = {}
    for context in contexts:
        if not is_context(context):
            raise _wrong("context merge", context)
        found |= context
        bounded_list(list(found))
    return found


CONTEXTS = (
    one_of("get value", Way("m: context, key: string", _value)),
    one_of("get entries", Way("m: context", _entries), result=ANY_LIST),
    one_of("context", Way("entries: list", _context), result=ANY_CONTEXT),
    one_of(
        "context put",
        Way("context: context, key: string, value: any~", _put),
        Way("context: context, keys: list, value: any~", _put_deep),
        result=ANY_CONTEXT,
    ),
    one_of("context merge", Way("contexts: list", _merge), result=ANY_CONTEXT),
)
