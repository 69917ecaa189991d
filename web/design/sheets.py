"""Tables leave as spreadsheets and come back: what changed is shown with all findings before anything is deployed."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from engine.model.errors import Conflict, Invalid, NotFound
from engine.queries.processes import files_of, newest_files
from engine.queries.table_sheets import KINDS, sheet_of, taken_over
from web.access import roles
from web.current import read
from web.design.blueprint import DEPLOYERS, READERS, blueprint
from web.design.processes import page
from web.design.upload import checked
from web.language import sentence

_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


@blueprint.get("/design/<key>/<int:version>/tables/<decision>.<kind>")
@roles(*READERS)
def sheet(key: str, version: int, decision: str, kind: str) -> Response:
    """A table as XLSX or CSV."""
    if kind not in KINDS:
        raise NotFound("sheet_kind", "A table leaves as XLSX or CSV, not as {kind}.", kind=kind)
    with read() as tx:
        content = sheet_of(files_of(tx, key, version), decision, kind)
    answer = Response(content, content_type=_TYPES[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{decision}.{kind}")
    return answer


@blueprint.post("/design/<key>/tables/<decision>")
@roles(*DEPLOYERS)
def upload_sheet(key: str, decision: str) -> ResponseReturnValue:
    """Take a changed table over into the newest files, and show what it changes and every finding."""
    upload = request.files.get("sheet")
    content = upload.stream.read(10_000_001) if upload is not None else b""
    try:
        with read() as tx:
            files, differences = taken_over(newest_files(tx, key), decision, content)
        return checked(key, files, differences=differences)
    except (Invalid, Conflict) as refusal:
        return page(error=sentence(refusal.message), key=key), 422
