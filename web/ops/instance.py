"""One running process as operations see it, and what they may do with it: first what would happen, then a reason, then done."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.operate_instance import foresee, operate
from engine.actions.suspend_instance import resume_instance, suspend_instance
from engine.execution.operations import Level, Place, Standing
from engine.model.errors import Conflict, Invalid, MakegoodError
from engine.model.operations import Asked
from engine.model.people import Role
from engine.model.running import InstanceStatus
from engine.queries.instance_page import InstancePage, drawing_of_instance, instance_page
from web.access import roles
from web.current import actor, begin, read
from web.design.element_words import kind_name
from web.drawn_diagrams import in_words
from web.language import _, drawn, ngettext, sentence
from web.ops.blueprint import WATCHERS, blueprint, room_tabs
from web.ops.instance_words import opens, phase_name, threshold_text, where_in
from web.ops.job_words import job_name
from web.ops.orders import (
    KINDS,
    RESUME,
    SUSPEND,
    done_sentence,
    kind_of_value,
    order_name,
    order_of,
    value_text,
)
from web.security import diagrams

FIELDS = ("what", "token", "to", "back_to", "task", "scope", "name", "kind", "value")


@blueprint.get("/ops/instances/<instance_id>")
@roles(*WATCHERS)
@diagrams
def instance(instance_id: str) -> str:
    """Show it."""
    return page(instance_id)


@blueprint.get("/ops/instances/<instance_id>/diagram")
@roles(*WATCHERS)
def instance_diagram(instance_id: str) -> Response:
    """The diagram that it runs on."""
    with read() as tx:
        xml = drawing_of_instance(tx, instance_id)
    return Response(in_words(xml), mimetype="application/xml")


@blueprint.post("/ops/instances/<instance_id>/look")
@roles(*WATCHERS)
@diagrams
def look(instance_id: str) -> ResponseReturnValue:
    """Say what would happen; nothing is changed."""
    try:
        return looked(instance_id)
    except (Conflict, Invalid) as refusal:
        return page(instance_id, refusal=refusal), 409 if isinstance(refusal, Conflict) else 422


@blueprint.post("/ops/instances/<instance_id>/do")
@roles(*WATCHERS)
@diagrams
def do(instance_id: str) -> ResponseReturnValue:
    """Do what was looked at, with a reason."""
    what, reason = request.form.get("what", ""), request.form.get("reason", "")
    seen = request.form.get("version", "")
    asked = Asked(reason, int(seen) if seen.isdigit() else None)
    try:
        order = order_of(request.form)
        if not reason.strip():
            return looked(instance_id, error=_("Say why. Whoever opens the case later reads it.")), 422
        with begin() as tx:
            if order is not None:
                operate(tx, instance_id, order, asked)
            elif what == SUSPEND:
                suspend_instance(tx, instance_id, asked)
            else:
                resume_instance(tx, instance_id, asked)
    except (Conflict, Invalid) as refusal:
        return page(instance_id, refusal=refusal), 409 if isinstance(refusal, Conflict) else 422
    flash(done_sentence(what), "done")
    return redirect(url_for(".instance", instance_id=instance_id), 303)


def looked(instance_id: str, *, error: str = "") -> str:
    """The page that says what would happen and asks for the reason."""
    what = request.form.get("what", "")
    order = order_of(request.form)
    with read() as tx:
        found = instance_page(tx, instance_id)
        changes = [] if order is None else [sentence(change.message) for change in foresee(tx, instance_id, order)]
    changes += consequences(found, what)
    return render_template(
        "ops/foreseen.html",
        found=found,
        what=what,
        name=order_name(what),
        changes=changes,
        fields={name: request.form[name] for name in FIELDS if name in request.form},
        error=error,
        reason=request.form.get("reason", ""),
        tabs=room_tabs(),
    )


def consequences(found: InstancePage, what: str) -> list[str]:
    """What follows besides what the machine says."""
    plain = [timer for timer in found.timers if not timer.clock_key]
    if what == SUSPEND:
        return [
            ngettext(
                "{count} task rests: nobody can work on it.",
                "{count} tasks rest: nobody can work on them.",
                len(found.tasks),
            ),
            ngettext("{count} timer is held.", "{count} timers are held.", len(plain)),
            _("Clocks go on, and so does what the law has set in motion."),
            _("Messages that come meanwhile are kept."),
        ]
    if what == RESUME:
        return [
            _("Tasks are again as they were, with whoever had them."),
            _("Timers that fell due meanwhile fire now; messages that came meanwhile are delivered."),
        ]
    if what == "cancel" and found.own_process:
        return [
            _(
                "Case {number} is closed without an answer to the customer, and its clocks end.",
                number=found.case_number,
            ),
            _("No letter is sent. Tell the customer yourself, and take the case up again if this was a mistake."),
        ]
    if what == "cancel":
        return [_("The case itself goes on. A request for special mode that this process carries counts as refused.")]
    return []


def page(instance_id: str, *, refusal: MakegoodError | None = None) -> str:
    """The page of one instance, with what was refused."""
    with read() as tx:
        found = instance_page(tx, instance_id)
    faults = [sentence(fault.message) for fault in getattr(refusal, "fields", ())]
    return render_template(
        "ops/instance.html",
        found=found,
        instance=found.instance,
        suspended=found.instance.status is InstanceStatus.SUSPENDED,
        live=found.instance.status.is_live,
        state=marks(found.places),
        places=[(place, where_in(place), waits_of(found, place)) for place in found.places],
        element_name=lambda element: drawn(found.drawing.name_of(element)),
        levels=variable_lines(found.levels),
        may_decide=actor().has(Role.MANAGER),
        kinds=[(key, str(word)) for key, word in KINDS.items()],
        kind_name=kind_name,
        phase_name=phase_name,
        job_name=job_name,
        threshold_text=threshold_text,
        refusal=sentence(refusal.message) if refusal is not None else "",
        faults=faults,
        tabs=room_tabs(),
    )


def marks(places: Sequence[Place]) -> str:
    """What the diagram marks: where tokens are, how many, and where one is stuck."""
    counts = Counter(place.element_id for place in places if place.phase is not Standing.HOLDING)
    stuck = {place.element_id for place in places if place.incident}
    told: list[Mapping[str, object]] = [
        {"element": element, "marker": "incident" if element in stuck else "active", "count": count}
        for element, count in counts.items()
    ]
    return json.dumps(told)


def waits_of(found: InstancePage, place: Place) -> list[str]:
    """What a place waits for, in words: a task and who has it, a timer, a message, a job."""
    told: list[str] = []
    for wait in place.waits:
        told += opens(found, wait)
    incident = next((each for each in found.incidents if each.machine_incident_id == place.incident), None)
    if incident is not None and place.incident:
        told.append(sentence(incident.message))
    if place.came:
        came = ngettext("{count} branch has come here.", "{count} branches have come here.", len(place.came))
        told.append(came)
    return told


def variable_lines(levels: Sequence[Level]) -> list[tuple[Level, str, list[tuple[str, str, str, str]]]]:
    """Each scope with its variables: name, kind, kind in words, value."""
    return [
        (
            level,
            level_name(level),
            [
                (name, kind_of_value(value), str(KINDS[kind_of_value(value)]), value_text(value))
                for name, value in sorted(level.variables.items())
            ],
        )
        for level in levels
    ]


def level_name(level: Level) -> str:
    """Where variables live."""
    if level.parent is None:
        return _("The whole process")
    name = drawn(level.name)
    return name if level.item is None else _("{name}, number {item}", name=name, item=level.item + 1)
