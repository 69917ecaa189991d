"""After something was done with a task, the next page begins at its content: the keyboard need not walk past the menu again."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue


def to_task(task_id: str) -> ResponseReturnValue:
    """Lead on to a task's page."""
    return redirect(url_for("worklist.task", task_id=task_id, _anchor="content"), 303)
