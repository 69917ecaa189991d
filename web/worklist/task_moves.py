"""Tasks are claimed, started, given back and handed to colleagues."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.claim_task import claim_task
from engine.actions.reassign_task import delegate_task
from engine.actions.release_task import release_task
from engine.actions.start_task import start_task
from web.access import DESK, roles
from web.current import begin
from web.language import _, drawn
from web.worklist.blueprint import blueprint
from web.worklist.leading_on import to_task


@blueprint.post("/tasks/<task_id>/claim")
@roles(*DESK)
def claim(task_id: str) -> ResponseReturnValue:
    """Take the task."""
    with begin() as tx:
        task = claim_task(tx, task_id)
    flash(_("“{task}” is yours now.", task=drawn(task.name)), "done")
    return to_task(task_id)


@blueprint.post("/tasks/<task_id>/start")
@roles(*DESK)
def start(task_id: str) -> ResponseReturnValue:
    """Say that the reader works on it now."""
    with begin() as tx:
        task = start_task(tx, task_id)
    flash(_("You have started “{task}”; the others see that.", task=drawn(task.name)), "done")
    return to_task(task_id)


@blueprint.post("/tasks/<task_id>/release")
@roles(*DESK)
def release(task_id: str) -> ResponseReturnValue:
    """Give the task back to its queue."""
    with begin() as tx:
        task = release_task(tx, task_id)
    flash(
        _("“{task}” is offered to everybody in its queue again; the draft stays with it.", task=drawn(task.name)),
        "done",
    )
    if request.form.get("back") == "inbox":
        return redirect(url_for(".inbox"), 303)
    return to_task(task_id)


@blueprint.post("/tasks/<task_id>/delegate")
@roles(*DESK)
def delegate(task_id: str) -> ResponseReturnValue:
    """Hand the task to a colleague."""
    with begin() as tx:
        task = delegate_task(tx, task_id, to=request.form.get("to", ""))
    flash(_("“{task}” is with your colleague now, who has been told.", task=drawn(task.name)), "done")
    return redirect(url_for(".inbox"), 303)
