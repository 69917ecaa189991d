"""Cases go to another version: choose it, map what changed, look at what would happen to each case, do it, and take it back."""

from __future__ import annotations

import json
from collections.abc import Sequence

from babel.support import LazyProxy
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.migrate_instances import AT_ONCE, Foreseen, foresee_move, migrate_instances
from engine.actions.undo_migration import undo_migration
from engine.model.errors import Conflict, Invalid, MakegoodError
from engine.model.lists import place_from
from engine.model.operations import Asked, MoveOrder, MoveState
from engine.queries.moves import Mapped, MovePage, move_page, move_result, moved_cases
from engine.queries.running_processes import version_named
from web.access import roles
from web.current import begin, read
from web.design.element_words import kind_name
from web.language import N_, _, ngettext, sentence
from web.list_address import at, here
from web.ops.blueprint import WATCHERS, blueprint, room_tabs
from web.security import diagrams
from web.words import word_of

PREFIX = "map."
NOTHING = "-"
_STATES: dict[str, LazyProxy] = {
    MoveState.WAITING: N_("Waiting"),
    MoveState.MOVED: N_("Moved"),
    MoveState.BLOCKED: N_("Stays where it is"),
    MoveState.UNDONE: N_("Taken back"),
}


@blueprint.get("/ops/running/<key>/<int:version>/move")
@roles(*WATCHERS)
@diagrams
def moves(key: str, version: int) -> str:
    """Show the two versions side by side and ask what takes the place of what."""
    return form_page(key, version)


@blueprint.post("/ops/running/<key>/<int:version>/move")
@roles(*WATCHERS)
@diagrams
def move(key: str, version: int) -> ResponseReturnValue:
    """Look at what would happen to each case, or do it with a reason."""
    try:
        order = order_given(key, version)
        if request.form.get("step") != "do":
            return dry_run(key, version, order)
        if not request.form.get("reason", "").strip():
            error = _("Say why. Whoever opens one of the cases later reads it.")
            return dry_run(key, version, order, error=error), 422
        with begin() as tx:
            asked = migrate_instances(tx, order, Asked(request.form.get("reason", "")))
    except (Conflict, Invalid) as refusal:
        return form_page(key, version, refusal=refusal), 409 if isinstance(refusal, Conflict) else 422
    flash(_("The cases are being moved. This page shows how far it is."), "done")
    return redirect(url_for(".moved", migration_id=asked.id), 303)


@blueprint.get("/ops/moves/<migration_id>")
@roles(*WATCHERS)
def moved(migration_id: str) -> str:
    """Show how far a move is, and what became of each case."""
    return result_page(migration_id)


@blueprint.post("/ops/moves/<migration_id>/undo")
@roles(*WATCHERS)
def undo(migration_id: str) -> ResponseReturnValue:
    """Take it back where nothing has moved since."""
    try:
        with begin() as tx:
            count = undo_migration(tx, migration_id, Asked(request.form.get("reason", "")))
    except Invalid as refusal:
        return result_page(migration_id, error=" ".join(sentence(each.message) for each in refusal.fields)), 422
    except Conflict as refusal:
        return result_page(migration_id, error=sentence(refusal.message)), 409
    told = ngettext("{count} case is being taken back.", "{count} cases are being taken back.", count)
    flash(told, "done")
    return redirect(url_for(".moved", migration_id=migration_id), 303)


def form_page(key: str, version: int, *, refusal: MakegoodError | None = None) -> str:
    """The mapping, prefilled with equal ids and with what was chosen."""
    asked = request.values.get("to", "")
    with read() as tx:
        old = version_named(tx, key, version)
        to = int(asked) if asked.isdigit() else None
        page = move_page(tx, old, to=to, mapping=typed_mapping(), instance_id=one_instance())
    faults = [sentence(fault.message) for fault in getattr(refusal, "fields", ())]
    return render_template(
        "ops/move.html",
        page=page,
        key=key,
        one=one_instance(),
        first=sorted((each for each in page.mapped if each.standing or not each.to), key=lambda each: bool(each.to)),
        rest=[each for each in page.mapped if not each.standing and each.to],
        old_state=standing_marks(page.mapped),
        new_state=target_marks(page.mapped),
        kind_name=kind_name,
        refusal=sentence(refusal.message) if refusal is not None else "",
        faults=faults,
        prefix=PREFIX,
        nothing=NOTHING,
        tabs=room_tabs(),
    )


def dry_run(key: str, version: int, order: MoveOrder, *, error: str = "") -> str:
    """What would happen to each case; nothing is changed."""
    with read() as tx:
        old = version_named(tx, key, version)
        to = int(request.form.get("to", "0"))
        page: MovePage = move_page(tx, old, to=to, mapping=order.mapping, instance_id=one_instance())
        found: Sequence[Foreseen] = foresee_move(tx, order)
    blocked = [each for each in found if each.problems]
    return render_template(
        "ops/move_foreseen.html",
        page=page,
        key=key,
        one=one_instance(),
        mapping=order.mapping,
        found=sorted(found, key=lambda each: not each.problems),
        blocked=len(blocked),
        going=len(found) - len(blocked),
        most=AT_ONCE,
        all_shown=len(found) < AT_ONCE,
        prefix=PREFIX,
        error=error,
        reason=request.form.get("reason", ""),
        tabs=room_tabs(),
    )


def result_page(migration_id: str, *, error: str = "") -> str:
    """How far it is."""
    state = request.args.get("state", "")
    state = state if state in set(MoveState) else ""
    with read() as tx:
        result = move_result(tx, migration_id)
        listed = moved_cases(tx, migration_id, state, place_from(request.args.get("at")))
    choices = [(_("All"), here(state=""), not state, str(result.total))]
    choices += [
        (state_name(each), here(state=each), state == each, str(result.counts[each]))
        for each in MoveState
        if result.counts.get(each)
    ]
    return render_template(
        "ops/moved.html",
        result=result,
        listed=listed,
        choices=choices,
        state_name=state_name,
        error=error,
        reason=request.form.get("reason", ""),
        tabs=room_tabs(),
        at=at,
        here=here,
    )


def order_given(key: str, version: int) -> MoveOrder:
    """The order that the form gives; the versions are those of one process."""
    with read() as tx:
        old = version_named(tx, key, version)
        asked = request.form.get("to", "")
        new = version_named(tx, key, int(asked) if asked.isdigit() else 0)
    given = {old_id: new_id for old_id, new_id in typed_mapping().items() if new_id and new_id != old_id}
    return MoveOrder(old.id, new.id, given, one_instance())


def typed_mapping() -> dict[str, str]:
    """What was chosen for each element; nothing for what has no place."""
    given = {name.removeprefix(PREFIX): value for name, value in request.form.items() if name.startswith(PREFIX)}
    return {old: "" if new == NOTHING else new for old, new in given.items()}


def one_instance() -> str:
    """The one instance that is meant, where the page was opened for one."""
    return request.values.get("instance", "")


def state_name(state: object) -> str:
    """What became of a case, in words."""
    return word_of(_STATES, state)


def standing_marks(mapped: Sequence[Mapped]) -> str:
    """Where cases stand in the old version, and how many."""
    told = [
        {"element": each.step.id, "marker": "active" if each.to else "incident", "count": each.standing}
        for each in mapped
        if each.standing
    ]
    return json.dumps(told)


def target_marks(mapped: Sequence[Mapped]) -> str:
    """Where they would stand in the new one."""
    told = [
        {"element": each.to, "marker": "active", "count": each.standing} for each in mapped if each.standing and each.to
    ]
    return json.dumps(told)
