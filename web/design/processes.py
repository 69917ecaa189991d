"""All processes with their versions, what changed on disk, and the form that uploads new files."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.deploy_process import Deployment, deploy_process
from engine.model.errors import Conflict, DefinitionInvalid, NotFound
from engine.queries.processes import folders_on_disk, process_list
from web.access import roles
from web.csv_lines import csv_answer
from web.current import actor, begin, engine, read
from web.design.blueprint import DEPLOYERS, READERS, blueprint
from web.design.element_words import kinds_named
from web.language import _


@blueprint.get("/design")
@roles(*READERS)
def processes() -> str:
    """Show them."""
    return page()


def page(*, error: str = "", key: str = "") -> str:
    """The list; `error` and `key` are what the upload form says again."""
    with read() as tx:
        found = process_list(tx, engine().settings.data_dir)
    return render_template(
        "design/processes.html",
        found=found,
        may_deploy=actor().has(*DEPLOYERS),
        error=error,
        key=key,
        kinds_named=kinds_named,
    )


@blueprint.get("/design.csv")
@roles(*READERS)
def processes_csv() -> ResponseReturnValue:
    """The newest versions as CSV."""
    with read() as tx:
        found = process_list(tx, engine().settings.data_dir)
    headings = [
        _("Process"),
        _("Version"),
        _("Deployed at"),
        _("Deployed by"),
        _("Running"),
        _("On older versions"),
        "SHA-256",
    ]
    lines = (
        (
            line.newest.key,
            line.newest.version,
            line.newest.deployed_at,
            line.newest.deployed_by,
            line.running,
            line.running_on_older,
            line.newest.digest,
        )
        for line in found.lines
    )
    return csv_answer("processes", headings, lines)


@blueprint.post("/design/from-disk")
@roles(*DEPLOYERS)
def deploy_from_disk() -> ResponseReturnValue:
    """Deploy a folder as it was shown; raises Conflict where it changed meanwhile."""
    key, digest = request.form.get("key", ""), request.form.get("digest", "")
    folder = next((files for _, files in folders_on_disk(engine().settings.data_dir) if files.key == key), None)
    if folder is None:
        raise NotFound("folder_gone", "There is no folder of the process “{key}” on disk.", key=key)
    if folder.digest != digest:
        raise Conflict("folder_changed", "The folder of “{key}” has changed again. Look at it anew.", key=key)
    try:
        with begin() as tx:
            done = deploy_process(tx, key, folder.files)
    except DefinitionInvalid as invalid:
        return render_template("design/findings.html", key=key, findings=invalid.findings, changed=[]), 422
    tell(done)
    return redirect(url_for(".process", key=key), 303)


def tell(done: Deployment) -> None:
    """Say what came of a deployment."""
    key, version = done.deployed.key, done.deployed.version
    if done.is_new:
        text = _("“{key}” is deployed as version {version}. Running cases keep theirs.", key=key, version=version)
        flash(text, "done")
    else:
        flash(_("These are the files of version {version} already; nothing changed.", version=version), "info")
    for queue in done.queues:
        flash(
            _("“{queue}” is a new queue. An administrator puts people into it on the page People.", queue=queue), "info"
        )
