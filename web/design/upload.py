"""Uploading comes in two steps: first all findings and what would change, then the deployment of just these files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.deploy_process import deploy_process, refuse_key
from engine.checks import check_files
from engine.model.errors import Conflict, DefinitionInvalid, Invalid, MakegoodError, Message, Severity
from engine.queries.processes import (
    DIAGRAMS,
    digest_of_files,
    newest_files,
    queues_opened,
    taken_over,
    with_shipped_forms,
)
from web.access import roles
from web.current import begin, engine, now, read
from web.design.blueprint import DEPLOYERS, blueprint
from web.design.processes import page, tell
from web.design.uploaded import files_of, keep, kept
from web.language import _, sentence
from web.words import value_name


def put_aside() -> Path:
    """Where checked files wait for their deployment."""
    return engine().settings.data_dir / "uploads"


@blueprint.post("/design/upload")
@roles(*DEPLOYERS)
def upload() -> ResponseReturnValue:
    """Check what was uploaded and show everything that is wrong with it; nothing is deployed yet.

    With the mark of files that were checked before, only what was corrected needs to come again.
    """
    typed, mark = request.form.get("key", "").strip(), request.form.get("mark", "")
    uploads = request.files.getlist("files")
    try:
        given = files_of(uploads)
        key = typed or key_of(given)
        refuse_key(key)
        with read() as tx:
            before = newest_files(tx, key)
        started = kept(put_aside(), mark) if mark else before if request.form.get("merge") else {}
        return checked(key, with_shipped_forms({**started, **given}))
    except (Invalid, Conflict) as refusal:
        return refused(refusal, typed, mark)
    finally:
        for each in uploads:
            each.close()


def refused(refusal: MakegoodError, key: str, mark: str) -> ResponseReturnValue:
    """Say why, beside the files that were checked before where there are such."""
    status = 409 if isinstance(refusal, Conflict) else 422
    try:
        earlier = kept(put_aside(), mark) if mark and key else {}
    except Conflict:
        earlier = {}
    if not earlier:
        return page(error=_said(refusal), key=key), status
    answer = checked(key, earlier, error=sentence(refusal.message))
    return answer[0], status


def checked(
    key: str, files: dict[str, bytes], *, error: str = "", differences: Sequence[Message] = ()
) -> tuple[str, int]:
    """Put the files aside, and show what is wrong with them and what they would change.

    `differences` are those of a table that came from a spreadsheet.
    """
    mark = keep(put_aside(), files, now())
    with read() as tx:
        before = newest_files(tx, key)
        takes, queues = taken_over(tx, key, files), queues_opened(tx, files)
    findings = check_files(files, now=now())
    changed = sorted(name for name in {*files, *before} if files.get(name) != before.get(name))
    errors = sum(1 for finding in findings if finding.severity is Severity.ERROR)
    html = render_template(
        "design/findings.html",
        key=key,
        findings=findings,
        errors=errors,
        error=error,
        differences=differences,
        changed=[(name, _change(name in files, name in before)) for name in changed],
        takes=takes,
        queues=queues,
        value_name=value_name,
        mark=mark,
        base=digest_of_files(before) if before else "",
        is_new=not before,
    )
    return html, 422 if errors else 200


@blueprint.post("/design/deploy")
@roles(*DEPLOYERS)
def deploy() -> ResponseReturnValue:
    """Deploy the checked files; raises Conflict where somebody deployed others in between."""
    key, base = request.form.get("key", ""), request.form.get("base", "")
    files = kept(put_aside(), request.form.get("mark", ""))
    try:
        with begin() as tx:
            newest = tx.catalog.newest_or_none(key)
            if (newest.digest if newest is not None else "") != base:
                raise Conflict(
                    "deployed_meanwhile",
                    "Somebody deployed another version of “{key}” since you looked. Upload your files again to see what changes.",
                    key=key,
                )
            done = deploy_process(tx, key, files)
    except DefinitionInvalid as invalid:
        return render_template("design/findings.html", key=key, findings=invalid.findings, changed=[]), 422
    except Invalid as invalid:
        return page(error=_said(invalid), key=key), 422
    tell(done)
    return redirect(url_for(".process", key=key), 303)


def key_of(files: dict[str, bytes]) -> str:
    """The key where none is typed: the name of the first diagram; raises Invalid where there is none."""
    name = next((name for name in sorted(files) if name.lower().endswith(DIAGRAMS)), None)
    if name is None:
        raise Invalid("upload_key", "Name the process that these files belong to, or upload its diagram with them.")
    return re.sub(r"\W+", "_", name.partition(".")[0]).strip("_")


def _change(is_there: bool, was_there: bool) -> str:
    if not was_there:
        return _("new")
    return _("changed") if is_there else _("removed")


def _said(refusal: MakegoodError) -> str:
    faults = [sentence(fault.message) for fault in refusal.fields] if isinstance(refusal, Invalid) else []
    return " ".join(dict.fromkeys([sentence(refusal.message), *faults]))
