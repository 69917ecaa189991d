"""The types that a file declares are FEEL's types, with the values that they allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import FeelTests, compile_feel, compile_tests
from engine.execution.feel.tree import InstanceOf
from engine.execution.feel.types import ANY, Constrained, ContextType, FeelType, FunctionType, ListType, simple_type
from engine.model.dmn import Cell, FunctionSignature, ItemType
from engine.model.errors import Message

Fault = Callable[[Message, int], None]
_OTHER_TOOLS = {
    "any": "Any",
    "<Undefined>": "Any",
    "Undefined": "Any",
    "integer": "number",
    "long": "number",
    "double": "number",
    "short": "number",
    "float": "number",
}


class Types:
    """The types of one file by name, with those of its imports behind the import's name."""

    def __init__(
        self, items: Iterable[ItemType], fault: Fault | None = None, *, imported: Mapping[str, Types] | None = None
    ) -> None:
        self.items = {item.name: item for item in items}
        self.imported = dict(imported or {})
        self.fault = fault or _ignore
        self.made: dict[str, FeelType] = {}
        self.making: set[str] = set()

    def find(self, name: str) -> FeelType | None:
        """Give the type of a name; None where nobody declares it."""
        if not name:
            return ANY
        if name in self.items:
            return self._declared(name)
        plain = simple_type(name) or simple_type(_OTHER_TOOLS.get(name, ""))
        if plain is not None:
            return plain
        for prefix, types in self.imported.items():
            if not prefix or name.startswith(prefix + "."):
                found = types.find(name[len(prefix) + 1 :] if prefix else name)
                if found is not None:
                    return found
        return self._written(name) if "<" in name else None

    def _written(self, name: str) -> FeelType | None:
        """Read a type that is written out as FEEL does, such as `list<number>`."""
        try:
            tree = compile_feel(f"null instance of {name}", types=self.find).tree
        except ExpressionError:
            return None
        return tree.wanted if isinstance(tree, InstanceOf) else None

    def item(self, name: str) -> ItemType | None:
        """Give the declaration of a type of this file or of an import."""
        if name in self.items:
            return self.items[name]
        for prefix, types in self.imported.items():
            if not prefix or name.startswith(prefix + "."):
                found = types.item(name[len(prefix) + 1 :] if prefix else name)
                if found is not None:
                    return found
        return None

    def type_of(self, name: str, line: int, fault: Fault) -> FeelType:
        """Give the type of a name; one that nobody declares is a fault and anything."""
        found = self.find(name)
        if found is None:
            fault(
                Message(
                    "decision_type_unknown",
                    "The type “{type}” is not declared; use string, number, boolean or date.",
                    {"type": name},
                ),
                line,
            )
        return found or ANY

    def check(self) -> None:
        """Read every declared type, so that its faults are told even where nobody uses it."""
        for name in self.items:
            self._declared(name)

    def _declared(self, name: str) -> FeelType:
        if name not in self.made:
            item = self.items[name]
            if name in self.making:
                self.fault(
                    Message("decision_type_circle", "The type “{type}” is made of itself.", {"type": name}), item.line
                )
                return ANY
            self.making.add(name)
            try:
                self.made[name] = self._made(item)
            finally:
                self.making.discard(name)
        return self.made[name]

    def _made(self, item: ItemType) -> FeelType:
        if item.components:
            made: FeelType = ContextType({part.name: self._made(part) for part in item.components})
        elif item.function is not None:
            made = self._function(item.function, item.line)
        else:
            made = self.type_of(item.type_name, item.line, self.fault)
        made = self.constrained(made, item.allowed, item.name)
        if item.is_list:
            made = ListType(made)
        return self.constrained(made, item.constraint, item.name)

    def _function(self, signature: FunctionSignature, line: int) -> FeelType:
        parameters = tuple(self.type_of(part.type_name, line, self.fault) for part in signature.parameters)
        return FunctionType(parameters, self.type_of(signature.type_name, line, self.fault))

    def constrained(self, kind: FeelType, allowed: Cell | None, name: str) -> FeelType:
        """Give the type that allows only what passes these tests."""
        if allowed is None or not allowed.text:
            return kind
        try:
            tests = compile_tests(allowed.text, types=self.find)
        except ExpressionError as refusal:
            self.fault(
                Message(
                    "decision_type_allowed",
                    "The allowed values “{text}”: {why}",
                    {"text": allowed.text, "why": refusal.message},
                ),
                allowed.line,
            )
            return kind
        return Constrained(name, kind, allowing(tests))


def allowing(tests: FeelTests) -> Callable[[object], bool]:
    """Give the check whether a value passes; null always does, since it stands for no value."""
    return lambda value: value is None or tests.fits(value, {}) is True


def _ignore(_message: Message, _line: int) -> None:
    return
