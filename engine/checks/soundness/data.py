"""The rules about data see the compiled deployment: all its processes, tables, forms and letters together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.checks.soundness.circles import circles_end
from engine.checks.soundness.data_use import Surroundings, reads_of
from engine.checks.soundness.names import FACTS, known_names, names_are_given
from engine.checks.soundness.writers import parallel_writers
from engine.definitions.standard.diagram import Diagram, Level
from engine.execution.compiler.code import NodeCode, ProgramCode
from engine.model.errors import Finding, Message
from engine.model.form import Form

_WORD = re.compile(r"[^\W\d]\w*")


def data_findings(
    diagrams: Sequence[Diagram], program: ProgramCode, forms: Mapping[str, Form], files: Mapping[str, bytes]
) -> Iterator[Finding]:
    """Give what is wrong with the names that the processes of a deployment read and write."""
    around = Surroundings(program, forms)
    every = [code for process in program.processes.values() for code in process.nodes]
    known = known_names(every, around)
    told = _told(files, forms).union(*(reads_of(code, around) for code in every))
    for diagram in diagrams:
        for level in diagram.levels():
            process = program.processes.get(level.process.id) if level.runs else None
            if process is not None:
                yield from names_are_given(level, process.by_id, around, known)
                yield from parallel_writers(level, process.by_id, around)
                yield from circles_end(level, process.by_id, around)
                yield from tables_are_read(level, process.by_id, around, told)


def tables_are_read(
    level: Level, codes: Mapping[str, NodeCode], around: Surroundings, told: frozenset[str]
) -> Iterator[Finding]:
    """Mention a table of whose outputs no condition, mapping, form or letter asks for one; the others explain it."""
    for node in level.body.nodes:
        call = node.decision
        if call is None or call.result_variable or node.outputs or node.id not in codes:
            continue
        table = around.table(call.decision)
        columns = [output.name for output in table.outputs if output.name] if table is not None else []
        if columns and not any(name in told or name in FACTS for name in columns):
            params: dict[str, object] = {"table": call.decision, "columns": ", ".join(columns)}
            yield level.note(
                node,
                Message("table_unread", "Nothing reads what the table “{table}” gives: {columns}.", params),
                Message("table_unread_remedy", "Use it in a condition, a form or a letter, or correct the names."),
            )


def _told(files: Mapping[str, bytes], forms: Mapping[str, Form]) -> frozenset[str]:
    """Every word of the letters and of the forms' names and conditions: people are shown these."""
    texts = [data.decode("utf-8", "replace") for name, data in files.items() if "letters/" in name]
    texts += [f"{field.name} {field.show_when}" for form in forms.values() for field in form.all_fields()]
    return frozenset(word for text in texts for word in _WORD.findall(text))
