"""A letter of a case on a page of its own, which prints as a letter."""

from __future__ import annotations

from flask import render_template

from engine.queries.sent_letter import sent_letter
from web.access import DESK, roles
from web.cases.blueprint import blueprint
from web.current import read


@blueprint.get("/cases/<number>/letters/<message_id>")
@roles(*DESK)
def letter(number: str, message_id: str) -> str:
    """Show the letter."""
    with read() as tx:
        found = sent_letter(tx, number, message_id)
    return render_template("cases/letter.html", found=found, case=found.case, message=found.message)
