"""Running cases by process and version, what begins processes by itself, and the cases of one version."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.model.bpmn import EventKind
from engine.model.errors import NotFound
from engine.model.lists import place_from
from engine.queries.moves import recent_moves
from engine.queries.running_processes import (
    InstanceLine,
    StartLine,
    instances_of_case,
    instances_of_version,
    running_processes,
    starts,
    version_named,
)
from web.access import roles
from web.current import read
from web.language import _, sentence
from web.list_address import at, here
from web.ops.blueprint import WATCHERS, blueprint, room_tabs


@blueprint.get("/ops/running")
@roles(*WATCHERS)
def running() -> ResponseReturnValue:
    """Show processes, versions in use and starts; or what runs in one case."""
    number, refusal = request.args.get("case", "").strip(), ""
    found: list[InstanceLine] = []
    with read() as tx:
        processes, begins, moves = running_processes(tx), starts(tx), recent_moves(tx)
        if number:
            try:
                found = instances_of_case(tx, number)
            except NotFound as missing:
                refusal = sentence(missing.message)
    return render_template(
        "ops/running.html",
        processes=processes,
        begins=[(line, begun_by(line)) for line in begins],
        moves=moves,
        number=number,
        found=found,
        refusal=refusal,
        tabs=room_tabs(),
    )


@blueprint.get("/ops/running/<key>/<int:version>")
@roles(*WATCHERS)
def version(key: str, version: int) -> str:
    """Show what runs on one version."""
    with read() as tx:
        row = version_named(tx, key, version)
        listed = instances_of_version(tx, row.id, place_from(request.args.get("at")))
    return render_template("ops/version.html", row=row, listed=listed, tabs=room_tabs(), at=at, here=here)


def begun_by(line: StartLine) -> str:
    """What begins it, in words."""
    if line.kind is EventKind.TIMER:
        return _("a timer")
    if line.kind is EventKind.SIGNAL:
        return _("the signal “{name}”", name=line.name)
    return _("the message “{name}”", name=line.name)
