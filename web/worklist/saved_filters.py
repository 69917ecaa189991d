"""Above a list one chooses a saved filter or saves the present one; what leads back is the list itself, never a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.keep_filter import NewFilter, keep_filter, remove_filter
from engine.model.errors import Invalid, NotFound
from engine.model.saved_filter import KeptList, answers_of, narrows
from engine.queries.saved_filters import FilterLine, saved_filters, shareable_queues
from web.access import DESK, roles
from web.current import begin, read
from web.language import _, sentence
from web.words import queue_title
from web.worklist.blueprint import blueprint

LONGEST_ADDRESS = 8000
PAGES: Mapping[KeptList, str] = {
    KeptList.INBOX: "worklist.inbox",
    KeptList.CASES: "cases.listing",
    KeptList.TASKS: "manage.tasks",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What stands above a list; `present` is the filter at hand as a query, empty where nothing is filtered."""

    kept_list: KeptList
    lines: Sequence[tuple[FilterLine, str, bool]]
    queues: Sequence[tuple[str, str]]
    present: str

    @property
    def is_saved(self) -> bool:
        """Whether the present filter has a name already."""
        return any(current for _line, _address, current in self.lines)


@blueprint.app_template_global("saved_filters")
def shelf(name: str) -> Shelf:
    """The filters for the list on the page, each with its address and whether it is the present one."""
    kept_list = KeptList(name)
    present = answers_of(kept_list, request.args)
    with read() as tx:
        found = saved_filters(tx, kept_list)
        queues = shareable_queues(tx) if narrows(present) else []
    lines = [(line, address_of(kept_list, line.answers), line.answers == present) for line in found]
    titled = [(key, queue_title(title)) for key, title in queues]
    return Shelf(kept_list, lines, titled, urlencode(present) if narrows(present) else "")


def address_of(kept_list: KeptList, answers: Mapping[str, str]) -> str:
    """The list with these answers."""
    return url_for(PAGES[kept_list], **dict(answers))  # type: ignore[arg-type]  # its named arguments are never among a list's questions


@blueprint.post("/filters")
@roles(*DESK)
def save_filter() -> ResponseReturnValue:
    """Keep the filter of a list and go back to it."""
    kept_list = asked_list()
    given = dict(parse_qsl(request.form.get("present", "")[:LONGEST_ADDRESS]))
    new = NewFilter(
        kept_list=kept_list, name=request.form.get("name", ""), given=given, queue=request.form.get("queue", "")
    )
    try:
        with begin() as tx:
            kept = keep_filter(tx, new)
    except Invalid as refusal:
        flash(" ".join(sentence(fault.message) for fault in refusal.fields), "error")
    else:
        flash(_("The filter “{name}” is saved.", name=kept.name), "done")
    return redirect(address_of(kept_list, answers_of(kept_list, given)), 303)


def asked_list() -> KeptList:
    """Which list the form came from; raises NotFound for one that keeps no filters."""
    name = request.form.get("kept_list", "")
    if name not in set(KeptList):
        raise NotFound("list_unknown", "There is no such list of which a filter could be saved.")
    return KeptList(name)


@blueprint.post("/filters/<filter_id>/remove")
@roles(*DESK)
def drop_filter(filter_id: str) -> ResponseReturnValue:
    """Remove a filter; the list stays as it is shown."""
    with begin() as tx:
        removed = remove_filter(tx, filter_id)
    flash(_("The filter “{name}” is removed.", name=removed.name), "done")
    given = dict(parse_qsl(request.form.get("present", "")[:LONGEST_ADDRESS]))
    return redirect(address_of(removed.kept_list, answers_of(removed.kept_list, given)), 303)
