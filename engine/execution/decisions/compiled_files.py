"""The elements of a file are compiled once and joined with those of its imports; what is required is decided first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from engine.execution.decisions.elements import CompiledModel, ElementCompiler, Need
from engine.execution.decisions.faults import Faults
from engine.execution.decisions.linking import Key, LinkedFile, Path
from engine.execution.decisions.plans import Plan, Scope, Step, Told, put
from engine.execution.decisions.told import reader_of
from engine.execution.feel import Evaluation, FeelFunction, Frame, Parameter
from engine.execution.feel.types import ANY, FeelType, FunctionType
from engine.model.dmn import Decision, DecisionService, InputData
from engine.model.errors import Finding

Made = TypeVar("Made")


class CompiledFile:
    """The elements of one file and of those that it imports, compiled; functions are made once."""

    def __init__(self, linked: LinkedFile, known: dict[int, CompiledFile] | None = None) -> None:
        known = {} if known is None else known
        known[id(linked)] = self
        self.linked = linked
        self.imports = {
            name: known.get(id(other)) or CompiledFile(other, known) for name, other in linked.imports.items()
        }
        compiler = ElementCompiler(linked)
        self.findings: list[Finding] = list(linked.findings)
        self.decisions = {each.id: compiler.decision(each) for each in linked.model.decisions}
        self.models = {each.id: compiler.model(each) for each in linked.model.models}
        self.functions: dict[str, FeelFunction] = {}
        for model in self.models.values():
            self.functions[model.model.id] = self.function(model)
        for service in linked.model.services:
            self.functions[service.id] = self.service(service, compiler)
        for data in linked.model.inputs:
            faults = Faults(linked.model.file, data.id, data.name)
            linked.types.type_of(data.type_name, data.line, faults.add)
            self.findings.extend(faults.findings)
        for decided in self.decisions.values():
            self.findings.extend(decided.findings)
        for model in self.models.values():
            self.findings.extend(model.findings)

    def at(self, path: Path) -> CompiledFile:
        """Give the file that the names of imports lead to."""
        found = self
        for name in path:
            found = found.imports[name]
        return found

    def static(self, functions: Iterable[Need]) -> Scope:
        """Give the names of required functions."""
        names: Scope = {}
        for need in functions:
            made = self.at(need.key[0]).functions.get(need.key[1])
            for name in need.names:
                put(names, need.path, name, made)
        return names

    # ---- functions

    def function(self, compiled: CompiledModel) -> FeelFunction:
        names = tuple(parameter.name for parameter in compiled.parameters)
        body, seen = compiled.body, _once(lambda: self.static((compiled.own, *compiled.functions)))

        def call(evaluation: Evaluation, values: Sequence[object]) -> object:
            return body(Frame({**seen(), **dict(zip(names, values, strict=True))}, None, evaluation))

        return FeelFunction(
            compiled.model.name, compiled.parameters, call, result=compiled.result, frames=compiled.frames
        )

    def service(self, service: DecisionService, compiler: ElementCompiler) -> FeelFunction:
        """Give a decision service as a function of its input data and its input decisions, in this order."""
        faults = Faults(self.linked.model.file, service.id, service.name)
        decided = compiler.needs(service.input_decisions, faults, service.line, Decision)
        told = compiler.needs(service.inputs, faults, service.line, InputData)
        outputs = compiler.needs(service.outputs, faults, service.line, Decision)
        kind = self.linked.types.type_of(service.type_name, service.line, faults.add)
        self.findings.extend(faults.findings)
        given = tuple(need.key for need in (*told, *decided))
        made = _once(lambda: self.plan([need.key for need in outputs], given))

        def call(evaluation: Evaluation, values: Sequence[object]) -> object:
            plan = made()
            slots: list[object] = [None] * len(plan.slots)
            for key, value in zip(given, values, strict=True):
                slots[plan.slots[key]] = value
            plan.run(slots, {}, evaluation)
            found = {need.names[0]: slots[plan.slots[need.key]] for need in outputs}
            return next(iter(found.values())) if len(found) == 1 else found

        return FeelFunction(
            service.name,
            tuple(Parameter(need.names[0], self.kind_of(need.key)) for need in (*told, *decided)),
            call,
            result=kind.result if isinstance(kind, FunctionType) else kind,
        )

    def kind_of(self, key: Key) -> FeelType:
        """Give the type of an input data or of a decision."""
        linked = self.linked.at(key[0])
        element = linked.elements[key[1]]
        return linked.types.find(element.type_name) or ANY

    # ---- order

    def plan(self, roots: Iterable[Key], given: Iterable[Key] = ()) -> Plan:
        """Give what has to be decided for the roots, where some elements are given; a circle is cut."""
        plan = Plan()
        for key in given:
            name = self.linked.element(key).name
            plan.inputs.append(Told(plan.slot(key), (), name, reader_of(name, self.kind_of(key)), name))
        done = set(plan.slots)
        for root in roots:
            stack: list[tuple[Key, bool]] = [(root, False)]
            path: set[Key] = set()
            while stack:
                key, finished = stack.pop()
                if finished:
                    path.discard(key)
                    self.finish(plan, key)
                    done.add(key)
                elif key not in done and key not in path:
                    needs = self.needs(key)
                    path.add(key)
                    stack.append((key, True))
                    stack.extend((need, False) for need in reversed(needs))
        return plan

    def given_to(self, service: DecisionService) -> tuple[Key, ...]:
        """Give what a service is told."""
        found = (self.linked.find(reference) for reference in (*service.inputs, *service.input_decisions))
        return tuple(key for key in found if key is not None)

    def needs(self, key: Key) -> list[Key]:
        """Give the decisions that a decision requires right away."""
        compiled = self.at(key[0]).decisions.get(key[1])
        found = [(key[0] + need.key[0], need.key[1]) for need in (compiled.needs if compiled is not None else ())]
        return [each for each in found if each[1] in self.at(each[0]).decisions]

    def finish(self, plan: Plan, key: Key) -> None:
        """Add the step of a decision, and the input data that it is told."""
        file = self.at(key[0])
        compiled = file.decisions.get(key[1])
        if compiled is None:
            return
        plain: list[tuple[str, int]] = []
        nested: list[tuple[Path, str, int]] = []
        for need in compiled.needs:
            wanted = (key[0] + need.key[0], need.key[1])
            is_new = wanted not in plan.slots
            slot = plan.slot(wanted)
            element = self.linked.element(wanted)
            if is_new and isinstance(element, InputData):
                kind = self.kind_of(wanted) if element.type_name else compiled.column_types.get(element.name, ANY)
                read = reader_of(element.name, kind)
                path = tuple(filter(None, wanted[0]))
                plan.inputs.append(Told(slot, path, element.name, read, ".".join((*path, element.name))))
            for name in need.names:
                if need.path:
                    nested.append((need.path, name, slot))
                else:
                    plain.append((name, slot))
        plan.told.update(compiled.told)
        plan.open_names.update(compiled.open_names - compiled.told.keys())
        static = file.static(compiled.functions)
        plan.steps.append(Step(compiled, plan.slot(key), static, tuple(plain), tuple(nested)))


def _once(make: Callable[[], Made]) -> Callable[[], Made]:
    """Give what makes a thing when it is first asked for, since functions may need one another."""
    made: list[Made] = []

    def given() -> Made:
        if not made:
            made.append(make())
        return made[0]

    return given
