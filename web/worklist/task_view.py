"""The task page as it is read and shown: the task, its form with what was typed, and the letters that would leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, session
from flask.typing import ResponseReturnValue

from engine.actions.case_facts import CaseFacts
from engine.actions.choose_owner import eligible_people
from engine.actions.form_of_task import form_of_task
from engine.actions.permission import leads_task, may_perform
from engine.actions.press_action import actions_of_task
from engine.model.errors import FieldError
from engine.model.form import Field, Form
from engine.model.people import Actor
from engine.model.running import Subscription
from engine.model.task import TaskState
from engine.queries.letter_preview import Preview, letter_preview, writes_letter
from engine.queries.task_page import TaskPage, filled_in, task_page
from engine.wiring import Tx
from web.current import actor, read
from web.event_words import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A task with its form, its buttons, and who could take it over."""

    page: TaskPage
    form: Form | None
    actions: Sequence[Subscription]
    colleagues: Sequence[Actor]
    earlier: Sequence[tuple[str, Sequence[Field]]]
    may_work: bool
    leads: bool
    writes_letter: bool

    @property
    def taken_by_other(self) -> bool:
        """Whether somebody has it for whom the reader does not stand in."""
        owner = self.page.task.owner_id
        return owner is not None and owner != actor().person_id and owner not in actor().stands_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How the page is shown: what was typed, what is wrong, what changed meanwhile, and whether letters were asked for.

    `asked_twice` is the outcome that was chosen and needs choosing once more.
    """

    values: Mapping[str, object] | None = None
    errors: Sequence[FieldError] = ()
    refusal: str = ""
    changes: Sequence[Line] = ()
    other_values: Mapping[str, object] = field(default_factory=dict[str, object])
    letters: bool = False
    asked_twice: str = ""
    status: int = 200


def open_page(tx: Tx, task_id: str) -> Opened:
    """Read all that the page shows."""
    page = task_page(tx, task_id, facts_of=CaseFacts)
    task = page.task
    form = form_of_task(tx, task)
    may_work = task.is_open and task.state is not TaskState.SUSPENDED and may_perform(tx.actor, task)
    return Opened(
        page=page,
        form=form,
        actions=actions_of_task(tx, task) if may_work else (),
        colleagues=[each for each in eligible_people(tx, task) if each.person_id != task.owner_id] if may_work else (),
        may_work=may_work,
        earlier=earlier_answers(tx, page, form),
        leads=leads_task(tx.actor, task),
        writes_letter=may_work and writes_letter(tx, task),
    )


def earlier_answers(tx: Tx, page: TaskPage, form: Form | None) -> list[tuple[str, list[Field]]]:
    """What the steps before asked and got, without what this form shows itself."""
    shown = {field.name for field in form.all_fields()} if form is not None else set[str]()
    found: list[tuple[str, list[Field]]] = []
    for done in page.done_tasks:
        asked = form_of_task(tx, done)
        fields = [field for field in asked.fields if field.name not in shown] if asked is not None else []
        if any(page.known.get(field.name) not in (None, "", [], False) for field in fields):
            found.append((done.name, fields))
    return found


def show(opened: Opened, shown: Shown) -> ResponseReturnValue:
    """Render the page."""
    values = shown.values
    if values is None and opened.form is not None:
        values = filled_in(opened.page, opened.form)
    html = render_template(
        "worklist/task.html",
        letters=previews(opened, values or {}) if shown.letters or not opened.page.task.outcomes else None,
        opened=opened,
        page=opened.page,
        task=opened.page.task,
        values=values or {},
        shown=shown,
        names=opened.page.names,
        next_wanted=bool(session.get("next_task")),
        may_perform=lambda each: may_perform(actor(), each),
    )
    return html, shown.status


def previews(opened: Opened, values: Mapping[str, object]) -> list[Preview]:
    """The letters that would leave with what is typed; none for a task that writes none, or for whoever only reads it."""
    if not opened.writes_letter or opened.taken_by_other:
        return []
    with read() as tx:
        return letter_preview(tx, opened.page, opened.form, values, facts_of=CaseFacts)
