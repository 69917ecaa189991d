"""The letters that would leave if a task were finished now: the process takes the step on paper, nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.definitions.letter_values import written
from engine.execution.form_rules import validate, visible
from engine.execution.programs import program_of, runtime_named
from engine.execution.runtime import JobWait, Step, TaskCompleted, VariableWritten, WaitOpened
from engine.model.case import MIRRORED, Case
from engine.model.errors import Conflict, MakegoodError, Message, NotFound
from engine.model.form import FieldKind, Form, Store
from engine.model.letter import Address, address_of, goes_outside, left_out
from engine.model.running import Instance
from engine.model.task import Task
from engine.queries.drawings import drawing_of
from engine.queries.task_page import FactsOf, TaskPage
from engine.store import rows
from engine.store.letter_sources import all_resolved, letter_source, resolved
from engine.store.transaction import Tx

# Two characters of Unicode's private area stand around the words that somebody typed, so that a page can mark them.
_BEGIN, _END = "\ue000", "\ue001"
_MARKS = re.compile(f"([{_BEGIN}{_END}])")
_TYPED = (FieldKind.TEXT, FieldKind.LONG_TEXT)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a letter; `own` are the words that whoever does the task typed."""

    text: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A letter as it would leave, and after which of the task's buttons; `fault` says why it cannot be written."""

    outcomes: tuple[str, ...]
    letter: str
    address: Address
    subject: tuple[Piece, ...] = ()
    body: tuple[Piece, ...] = ()
    fault: Message | None = None


def writes_letter(tx: Tx, task: Task) -> bool:
    """Whether a letter to somebody outside may leave when the task is finished."""
    if not task.is_open:
        return False
    instance = rows.get(tx, Instance, task.instance_id)
    try:
        drawing = drawing_of(tx, instance.deployment_id, instance.process_id)
    except NotFound:
        return False
    return task.element_id in drawing.before_letters


def letter_preview(
    tx: Tx, page: TaskPage, form: Form | None, values: Mapping[str, object], *, facts_of: FactsOf
) -> list[Preview]:
    """Write the letters with what is typed so far; faults of the form do not matter yet."""
    if not tx.actor.sees_cases or not page.task.is_open:
        return []
    data, own = _answers(form, values, page.known)
    facts = facts_of(tx, page.case)
    found: dict[tuple[object, ...], Preview] = {}
    for outcome in page.task.outcomes or ("",):
        event = TaskCompleted(page.task.wait_id, data, outcome or None, form.names if form else frozenset(), facts)
        for preview in _letters_of(tx, page, event, own):
            key = (preview.letter, preview.subject, preview.body)
            same = found.get(key)
            found[key] = preview if same is None else replace(same, outcomes=(*same.outcomes, outcome))
    return list(found.values())


def _answers(
    form: Form | None, values: Mapping[str, object], known: Mapping[str, object]
) -> tuple[dict[str, object], frozenset[str]]:
    """What finishing the task would write, as far as it is typed; and which texts of it are somebody's own words."""
    if form is None:
        return {}, frozenset()
    typed = validate(form, values, known).values
    fields = [field for field in form.fields if field.name in visible(form, values, known) & form.names]
    data = {field.name: typed.get(field.name) for field in fields if field.store is not Store.CUSTOMER}
    texts = (data.get(field.name) for field in fields if field.kind in _TYPED)
    return data, frozenset(text for text in texts if isinstance(text, str) and text.strip())


def _letters_of(tx: Tx, page: TaskPage, event: TaskCompleted, own: frozenset[str]) -> list[Preview]:
    instance = rows.get(tx, Instance, page.task.instance_id)
    if not instance.status.is_live:
        return []
    deployment = tx.catalog.by_id(instance.deployment_id)
    runtime, program = runtime_named(instance.runtime), program_of(deployment)
    try:
        step = runtime.advance(program, instance.state, event, tx.now)
    except Conflict:
        return []
    case = _mirrored(page.case, step)
    variables = all_resolved(tx, case, runtime.variables(program, step.state))
    opened = (each.wait for each in step.happenings if isinstance(each, WaitOpened))
    waits = [wait for wait in opened if isinstance(wait, JobWait) and wait.kind == "notify" and wait.letter]
    source = letter_source(tx, case)
    found: list[Preview] = []
    for wait in waits:
        to = str(resolved(tx, case, wait.key) or "")
        if goes_outside(to) and not left_out(case, wait.letter):
            inputs = {name: _marked(value, own) for name, value in all_resolved(tx, case, wait.inputs).items()}
            preview = Preview(outcomes=(event.outcome or "",), letter=wait.letter, address=address_of(source, to))
            try:
                said = {"input": inputs, "task": variables}
                letter = written(source, deployment.files, wait.letter, to=preview.address, said=said)
                found.append(replace(preview, subject=_pieces(letter.subject), body=_pieces(letter.body)))
            except MakegoodError as refusal:
                found.append(replace(preview, fault=refusal.message))
    return found


def _mirrored(case: Case, step: Step) -> Case:
    """The case as the step would leave it, as far as letters read it."""
    changed = {each.name: each.value for each in step.happenings if isinstance(each, VariableWritten)}
    columns = {name: str(changed[name]) for name in MIRRORED if name != "priority" and changed.get(name)}
    return replace(case, **columns)  # type: ignore[arg-type]  # the mirrored columns are texts


def _marked(value: object, own: frozenset[str]) -> object:
    return f"{_BEGIN}{value}{_END}" if isinstance(value, str) and value in own else value


def _pieces(text: str) -> tuple[Piece, ...]:
    """The text cut where somebody's own words begin and end."""
    pieces: list[Piece] = []
    is_own = False
    for part in _MARKS.split(text):
        if part in (_BEGIN, _END):
            is_own = part == _BEGIN
        elif part:
            pieces.append(Piece(part, is_own))
    return tuple(pieces)
