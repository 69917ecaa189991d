"""A decision table's columns, rules and hit policy as the file has them."""

from __future__ import annotations

from typing import Final

from engine.definitions.dmn.reading import BESIDE, Element, Reading, line_of, local, part_of, parts, text_of
from engine.model.dmn import Aggregator, Cell, DecisionTable, HitPolicy, Rule, TableInput, TableOutput
from engine.model.errors import Message

_INPUT_VARIABLE: Final = "{http://camunda.org/schema/1.0/dmn}inputVariable"


class Tables(Reading):
    """Reads the tables of one file."""

    def table(self, element: Element) -> DecisionTable:
        policy, aggregator = self.hit_policy(element)
        inputs = tuple(self.table_input(part) for part in parts(element, "input"))
        outputs = tuple(self.table_output(part, number) for number, part in enumerate(parts(element, "output"), 1))
        rules = tuple(self.rule(part, len(inputs), len(outputs)) for part in parts(element, "rule"))
        for part in parts(element):
            if local(part) not in BESIDE | {"input", "output", "rule", "annotation"}:
                self.unknown(part)
        if not outputs:
            self.note(
                element,
                Message("dmn_no_output", "The table has no output column."),
                Message("dmn_no_output_remedy", "Add a column for the result."),
            )
        return DecisionTable(
            line=line_of(element),
            hit_policy=policy,
            aggregator=aggregator,
            inputs=inputs,
            outputs=outputs,
            rules=rules,
            annotation_names=tuple(part.get("name") or "" for part in parts(element, "annotation")),
            type_name=self.type_name(element),
            id=element.get("id") or "",
        )

    def hit_policy(self, element: Element) -> tuple[HitPolicy, Aggregator]:
        policy, aggregation = element.get("hitPolicy") or "UNIQUE", element.get("aggregation") or "LIST"
        try:
            return HitPolicy(policy), Aggregator(aggregation)
        except ValueError:
            self.note(
                element,
                Message(
                    "dmn_hit_policy",
                    "“{policy} {aggregation}” is no hit policy.",
                    {"policy": policy, "aggregation": aggregation},
                ),
                Message(
                    "dmn_hit_policy_remedy", "Choose UNIQUE, FIRST, ANY, PRIORITY, COLLECT, RULE ORDER or OUTPUT ORDER."
                ),
            )
            return HitPolicy.UNIQUE, Aggregator.LIST

    def table_input(self, element: Element) -> TableInput:
        expression = part_of(element, "inputExpression")
        if expression is not None:
            self.check_language(expression)
        return TableInput(
            id=element.get("id") or "",
            label=element.get("label") or "",
            expression=self.cell(expression) or Cell("", line_of(element)),
            type_name=self.type_name(expression),
            allowed=self.cell(part_of(element, "inputValues")),
            variable=element.get(_INPUT_VARIABLE) or "",
        )

    def table_output(self, element: Element, number: int) -> TableOutput:
        return TableOutput(
            id=element.get("id") or str(number),
            name=element.get("name") or "",
            label=element.get("label") or "",
            type_name=self.type_name(element),
            allowed=self.cell(part_of(element, "outputValues")),
            default=self.cell(part_of(element, "defaultOutputEntry")),
        )

    def rule(self, element: Element, inputs: int, outputs: int) -> Rule:
        tests = list(parts(element, "inputEntry"))
        results = list(parts(element, "outputEntry"))
        for part in (*tests, *results):
            self.check_language(part)
        if (len(tests), len(results)) != (inputs, outputs):
            self.note(
                element,
                Message(
                    "dmn_rule_width",
                    "The rule has {tests} tests and {results} results for {inputs} inputs and {outputs} outputs.",
                    {"tests": len(tests), "results": len(results), "inputs": inputs, "outputs": outputs},
                ),
                Message("dmn_rule_width_remedy", "Give each rule one entry a column; “-” where anything fits."),
            )
        notes = [text_of(part) for part in parts(element, "annotationEntry")] or [
            text_of(part) for part in parts(element, "description")
        ]
        return Rule(
            id=element.get("id") or "",
            line=line_of(element),
            tests=tuple(cell for part in tests if (cell := self.cell(part)) is not None),
            results=tuple(cell for part in results if (cell := self.cell(part)) is not None),
            annotations=tuple(notes),
        )
