"""The form for registering a case: the deployed one of its process, else the one that ships."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.definitions.forms import join_forms, read_form
from engine.model.errors import NotFound
from engine.model.form import Form
from engine.shipped import shipped_folder
from engine.store.transaction import Tx

KEY = "registration"
PATH = f"forms/{KEY}.json"


def registration_form(tx: Tx, process: str = "complaint") -> Form:
    """Read the form; raises NotFound where there is none that can be read."""
    deployed = tx.catalog.newest_or_none(process)
    if deployed is not None and PATH in deployed.files:
        files = {name: content for name, content in deployed.files.items() if name.startswith("forms/")}
        return _joined(tuple(sorted(files.items())))
    shipped = shipped_folder("forms") / f"{KEY}.json"
    if not shipped.is_file():
        raise NotFound(
            "registration_form_missing", "There is no form for registering. Add {path} and deploy it.", path=PATH
        )
    return _joined(((PATH, shipped.read_bytes()),))


@lru_cache(maxsize=8)
def _joined(files: tuple[tuple[str, bytes], ...]) -> Form:
    read: Mapping[str, Form] = {
        form.key: form
        for name, content in files
        if (form := read_form(content, key=name.removeprefix("forms/").removesuffix(".json"), file=name).form)
    }
    found = join_forms(read)[0].get(KEY)
    if found is None:
        raise NotFound(
            "registration_form_broken", "The form for registering has faults: run “makegood check {path}”.", path=PATH
        )
    return found
