"""The task page: the form beside the case; what was typed is never lost, whatever the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, g, render_template, request, session
from flask.typing import ResponseReturnValue

from engine.actions.attach_file import attach_file
from engine.actions.complete_task import Answer, complete_task
from engine.actions.form_of_task import form_of_task
from engine.actions.permission import may_perform, require_task
from engine.actions.press_action import press_action
from engine.actions.save_draft import save_draft
from engine.actions.take_next_task import take_next_task
from engine.model.errors import Conflict, FieldError, Invalid, Message
from engine.model.form import FieldKind, Form
from engine.model.task import Task
from engine.queries.task_page import changes_of, visible_task
from engine.wiring import Tx
from web.access import DESK, roles
from web.current import begin, read
from web.event_words import Names, told
from web.fields import Submission, read_submission
from web.language import _, drawn, sentence
from web.words import CLOSE_AT_ONCE
from web.worklist.blueprint import blueprint
from web.worklist.leading_on import to_task
from web.worklist.task_view import Shown, open_page, previews, show


@blueprint.get("/tasks/<task_id>")
@roles(*DESK)
def task(task_id: str) -> ResponseReturnValue:
    """Show the task, or what came of it."""
    return shown_again(task_id, Shown())


def shown_again(task_id: str, shown: Shown) -> ResponseReturnValue:
    """The page as it is now, with what was typed."""
    with read() as tx:
        opened = open_page(tx, task_id)
    return show(opened, shown)


@blueprint.post("/tasks/<task_id>")
@roles(*DESK)
def submit(task_id: str) -> ResponseReturnValue:
    """Complete the task, press one of its buttons, keep a draft, or show the form again with another line."""
    with read() as tx:  # the whole page is read only where it is shown again
        found = visible_task(tx, task_id)
        form = form_of_task(tx, found)
    sent = submission_of(form)
    if request.form.get("_refresh") or sent.rebuild:
        return shown_again(task_id, Shown(values=sent.values))
    values = sent.values
    try:
        values = with_uploads(found, form, sent)
        if request.form.get("_save"):
            return keep(task_id, values)
        if element := request.form.get("_action"):
            return press(task_id, element, values)
        outcome = request.form.get("_outcome", "")
        if outcome in CLOSE_AT_ONCE and outcome in found.outcomes and request.form.get("_sure") != outcome:
            return shown_again(task_id, Shown(values=values, asked_twice=outcome))
        return complete(found, values)
    except Invalid as refusal:
        errors = refusal.fields or (FieldError("", refusal.message),)
        sure = request.form.get("_sure", "")
        return shown_again(task_id, Shown(values=values, errors=errors, asked_twice=sure, status=422))
    except Conflict as refusal:
        return show_conflict(task_id, values, refusal.message)


def submission_of(form: Form | None) -> Submission:
    """What was sent, as it was typed."""
    if form is None:
        return Submission({})
    return read_submission(form, request.form, request.files)


def with_uploads(task: Task, form: Form | None, sent: Submission) -> dict[str, object]:
    """Keep uploaded files with the case, so that a fault elsewhere does not lose them; give the values with their ids."""
    values = dict(sent.values)
    if not sent.uploads or form is None:
        return values
    with begin() as tx:
        for name, files in sent.uploads.items():
            asked = form.field(name)
            ids = [upload(tx, task, name, (file.filename or "", file.read())) for file in files]
            if asked is not None and asked.kind is FieldKind.FILE and asked.many:
                before = values.get(name)
                values[name] = [*(before if isinstance(before, list) else []), *ids]
            else:
                values[name] = ids[0]
    return values


def upload(tx: Tx, task: Task, name: str, file: tuple[str, bytes]) -> str:
    """Attach one file; its faults are the field's."""
    try:
        kept = attach_file(tx, task.case_id, name=file[0], content=file[1], task_id=task.id)
    except Invalid as refusal:
        faults = [FieldError(name, fault.message) for fault in refusal.fields]
        raise Invalid(refusal.code, refusal.message.template, fields=faults) from refusal
    return kept.id


def keep(task_id: str, values: Mapping[str, object]) -> ResponseReturnValue:
    """Keep a draft."""
    with begin() as tx:
        save_draft(tx, task_id, values=values)
    flash(_("Your draft is kept. Nobody else sees it until you finish the task."), "done")
    return to_task(task_id)


def press(task_id: str, element: str, values: Mapping[str, object]) -> ResponseReturnValue:
    """Press a button of the diagram; what was typed stays as a draft."""
    with begin() as tx:
        if values:
            save_draft(tx, task_id, values=values)
        opened = press_action(tx, task_id, element=element, payload={})
        mine = first_of_mine(tx, opened)
    if mine is not None:
        flash(_("Next: “{task}”. Your draft is kept meanwhile.", task=drawn(mine.name)), "info")
        return to_task(mine.id)
    flash(_("It is on its way. The task stays with you meanwhile."), "done")
    return to_task(task_id)


def complete(done: Task, values: Mapping[str, object]) -> ResponseReturnValue:
    """Finish the task, then go on with the case, with the next task, or with a receipt."""
    version = request.form.get("_version", "")
    answer = Answer(
        version=int(version) if version.isdecimal() else None,
        data=values,
        outcome=request.form.get("_outcome") or None,
    )
    session["next_task"] = bool(request.form.get("_next"))
    with begin() as tx:
        follow = complete_task(tx, done.id, answer)
        mine = first_of_mine(tx, follow)
        if mine is None and session["next_task"]:
            mine = take_next_task(tx)
    if mine is None:
        return to_task(done.id)
    if mine.case_id == done.case_id:
        flash(_("“{task}” is done. Here is the next step of the same case.", task=drawn(done.name)), "done")
    else:
        flash(_("“{task}” is done. Here is your next task.", task=drawn(done.name)), "done")
    return to_task(mine.id)


def first_of_mine(tx: Tx, opened: Sequence[Task]) -> Task | None:
    """The first of these tasks that is with the actor, or else one that the actor may do."""
    mine = [each for each in opened if each.owner_id == tx.actor.person_id]
    free = [each for each in opened if each.owner_id is None and may_perform(tx.actor, each)]
    return next(iter([*mine, *free]), None)


def show_conflict(task_id: str, values: Mapping[str, object], refusal: Message) -> ResponseReturnValue:
    """Show what changed meanwhile, and beside it what was typed."""
    with read() as tx:
        opened = open_page(tx, task_id)
        events, people = changes_of(tx, opened.page.task)
    names = Names({**people, **opened.page.names}, {task_id: opened.page.task.name})
    saved = opened.page.task.draft or {}
    other = {name: value for name, value in saved.items() if value != values.get(name)}
    shown = Shown(
        values=values,
        refusal=sentence(refusal),
        changes=[told(event, names) for event in events],
        other_values=other,
        status=409,
    )
    return show(opened, shown)


@blueprint.post("/tasks/<task_id>/draft")
@roles(*DESK)
def draft(task_id: str) -> ResponseReturnValue:
    """Keep what was typed so far; the answer is a short note for the page."""
    with read() as tx:
        form = form_of_task(tx, visible_task(tx, task_id))
    try:
        with begin() as tx:
            save_draft(tx, task_id, values=submission_of(form).values)
            kept_at = tx.now
    except Conflict as refusal:
        return render_template("worklist/draft.html", kept_at=None, refusal=sentence(refusal.message))
    if not g.htmx:
        return to_task(task_id)
    return render_template("worklist/draft.html", kept_at=kept_at, refusal="")


@blueprint.post("/tasks/<task_id>/letter")
@roles(*DESK)
def letter(task_id: str) -> ResponseReturnValue:
    """Show the letters that would leave with what is typed, on the whole page or alone; nothing is kept."""
    with read() as tx:
        opened = open_page(tx, task_id)
        require_task(tx, opened.page.task)
    values = submission_of(opened.form).values
    if not g.htmx:
        return show(opened, Shown(values=values, letters=True))
    return render_template("worklist/letters.html", letters=previews(opened, values))
