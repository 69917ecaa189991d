"""The outbox: letters that left or wait to leave, with their text for those who work on cases."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.model.lists import Listed, Place, place_from
from engine.queries.outbox import STATES, LetterLine
from engine.queries.outbox import outbox as read_outbox
from web.access import roles
from web.csv_lines import csv_answer, every_page
from web.current import actor, engine, read
from web.language import N_, _
from web.list_address import at, here
from web.ops.blueprint import READERS, blueprint, room_tabs
from web.words import key_name, letter_name, word_of

EXPORTED = 500
_STATES = {
    "queued": N_("Waiting"),
    "sent": N_("Handed over"),
    "failed": N_("Not handed over"),
    "dropped": N_("No longer needed"),
}


def state_asked() -> str:
    """All of them, unless the address asks for a state."""
    state = request.args.get("state", "")
    return state if state in STATES else ""


def state_name(state: str) -> str:
    """The state of a letter in words."""
    return word_of(_STATES, state)


@blueprint.get("/ops/outbox")
@roles(*READERS)
def outbox() -> str:
    """Show the letters."""
    state = state_asked()
    with read() as tx:
        listed = read_outbox(tx, state, place_from(request.args.get("at")))
    settings = engine().settings
    choices = [(_("All"), here(state=""), state == "", None)]
    choices += [(state_name(each), here(state=each), state == each, None) for each in STATES]
    return render_template(
        "ops/outbox.html",
        listed=listed,
        state=state,
        choices=choices,
        folder="" if settings.smtp_url else settings.data_dir / "outbox",
        reads_letters=actor().sees_cases,
        state_name=state_name,
        tabs=room_tabs(),
        at=at,
        here=here,
    )


@blueprint.get("/ops/outbox.csv")
@roles(*READERS)
def outbox_csv() -> ResponseReturnValue:
    """The list as CSV, without the texts."""
    state = state_asked()

    def piece(place: Place | None) -> Listed[LetterLine]:
        with read() as tx:
            return read_outbox(tx, state, place, size=EXPORTED)

    headings = [
        _("Created"),
        _("Case"),
        _("Letter"),
        _("Way"),
        _("To"),
        _("State"),
        _("Handed over at"),
        _("Reference"),
    ]
    lines = (
        (
            line.message.created_at,
            line.case_number,
            letter_name(line.message.letter),
            key_name(line.message.channel),
            line.message.recipient,
            state_name(line.state),
            line.message.sent_at,
            line.message.reference,
        )
        for line in every_page(piece)
    )
    return csv_answer("outbox", headings, lines)
