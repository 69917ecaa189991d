"""Special mode: what waits for a decision, and what was decided by whom, why and when."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.actions.permission import may_perform
from engine.model.lists import Listed, Place, place_from
from engine.queries.special_modes import ModeLine, decided_modes, waiting_modes
from web.access import LEADS, roles
from web.csv_lines import csv_answer, every_page
from web.current import actor, read
from web.language import _
from web.list_address import at, here
from web.manage.blueprint import blueprint
from web.manage.tabs import room_tabs
from web.words import key_name, special_mode_name

EXPORTED = 500


@blueprint.get("/manage/special-mode")
@roles(*LEADS)
def special_modes() -> str:
    """Show both lists."""
    with read() as tx:
        waiting = waiting_modes(tx)
        decided = decided_modes(tx, place_from(request.args.get("at")))
    return render_template(
        "manage/special_modes.html",
        waiting=waiting,
        decided=decided,
        tabs=room_tabs(waiting=len(waiting)),
        is_mine=is_mine,
        at=at,
        here=here,
    )


def is_mine(line: ModeLine) -> bool:
    """Whether the reader may decide it."""
    return line.task is not None and may_perform(actor(), line.task)


@blueprint.get("/manage/special-mode.csv")
@roles(*LEADS)
def special_modes_csv() -> ResponseReturnValue:
    """Both lists as CSV."""
    with read() as tx:
        waiting = waiting_modes(tx, limit=EXPORTED)

    def piece(place: Place | None) -> Listed[ModeLine]:
        with read() as tx:
            return decided_modes(tx, place, size=EXPORTED)

    headings = [
        _("Case"), _("Subject"), _("State"), _("Amount"), _("Level"), _("Reason"), _("Asked for by"), _("Asked for at"),
        _("Decided by"), _("Second person"), _("Decided at"), _("Reason for the decision"),
    ]  # fmt: skip
    lines = (line_of(line) for lines in (waiting, every_page(piece)) for line in lines)
    return csv_answer("special_mode", headings, lines)


def line_of(line: ModeLine) -> tuple[object, ...]:
    """One line of the file."""
    mode = line.mode
    return (
        line.case_number,
        line.subject,
        special_mode_name(mode.status),
        mode.amount,
        key_name(mode.level) if mode.level else "",
        mode.reason,
        line.asked_by,
        mode.asked_at,
        line.decided_by,
        line.second_by,
        mode.decided_at,
        mode.decision_reason,
    )
