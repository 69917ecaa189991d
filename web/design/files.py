"""The files of a version leave as they were deployed: one by one, or all in a zip."""

from __future__ import annotations

from flask import Response, request

from engine.model.errors import NotFound
from engine.queries.processes import files_of
from web.access import roles
from web.current import read
from web.design.blueprint import READERS, blueprint
from web.design.uploaded import packed
from web.drawn_diagrams import in_words

TYPES = {"bpmn": "application/xml", "dmn": "application/xml", "xml": "application/xml", "json": "application/json"}


@blueprint.get("/design/<key>/<int:version>/files/<path:name>")
@roles(*READERS)
def file(key: str, version: int, name: str) -> Response:
    """One file; with `?keep` it is for the disk, else for the diagram viewer."""
    with read() as tx:
        files = files_of(tx, key, version)
    if name not in files:
        raise NotFound(
            "file_not_deployed", "Version {version} of “{key}” has no file {name}.", key=key, version=version, name=name
        )
    kind = TYPES.get(name.rpartition(".")[2].lower(), "text/plain")
    keep = "keep" in request.args or kind == "text/plain"
    shown = in_words(files[name]) if name.endswith(".bpmn") and not keep else files[name]
    answer = Response(shown, mimetype=kind)
    if keep:
        answer.headers["Content-Disposition"] = "attachment"
    return answer


@blueprint.get("/design/<key>/<int:version>.zip")
@roles(*READERS)
def archive(key: str, version: int) -> Response:
    """All files of the version."""
    with read() as tx:
        content = packed(files_of(tx, key, version))
    answer = Response(content, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}-{version}.zip")
    return answer
