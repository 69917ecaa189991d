"""A task's form is the one of its own deployment, so a later version never changes what is open (R17)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.actions.permission import require_signed_in
from engine.definitions.forms import join_forms, read_form
from engine.model.errors import NotFound
from engine.model.form import Form
from engine.model.running import Contents, Instance
from engine.model.task import Task
from engine.store import rows
from engine.store.transaction import Tx


def form_of_task(tx: Tx, task: Task) -> Form | None:
    """The form that the task asks for, or None where it asks nothing."""
    if not tx.actor.is_system:
        require_signed_in(tx)
    if not task.form:
        return None
    instance = rows.get(tx, Instance, task.instance_id)
    return form_named(tx, instance.deployment_id, task.form)


def form_named(tx: Tx, deployment_id: str, key: str) -> Form:
    """A form of a deployment by key; raises NotFound."""
    deployment = tx.catalog.by_id(deployment_id)
    form = forms_in(deployment.contents).get(key)
    if form is None:
        raise NotFound(
            "form_missing", "The process has no form “{form}”. Add forms/{form}.json and deploy it.", form=key
        )
    return form


@lru_cache(maxsize=64)
def forms_in(contents: Contents) -> Mapping[str, Form]:
    """All forms among the files of a deployment, those that use others joined with them."""
    read: dict[str, Form] = {}
    for name, content in sorted(contents.files.items()):
        if name.startswith("forms/") and name.endswith(".json"):
            key = name.removeprefix("forms/").removesuffix(".json")
            found = read_form(content, key=key, file=name).form
            if found is not None:
                read[key] = found
    return join_forms(read)[0]
