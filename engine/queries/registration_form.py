"""The form for registering a case, the deployed one or the one that ships; it offers every kind that a deployed process takes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from engine.definitions.forms import join_forms, read_form
from engine.execution.case_kinds import CaseKind, case_kinds
from engine.model.errors import NotFound
from engine.model.form import FieldKind, Form, Option
from engine.shipped import shipped_folder
from engine.store.transaction import Tx

KEY = "registration"
PATH = f"forms/{KEY}.json"


def registration_form(tx: Tx, process: str = "complaint") -> Form:
    """Read the form; raises NotFound where there is none that can be read."""
    return _with_kinds(_as_written(tx, process), [kind for kind in case_kinds(tx.catalog).values() if kind.name])


def _as_written(tx: Tx, process: str) -> Form:
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


def _with_kinds(form: Form, kinds: Sequence[CaseKind]) -> Form:
    """The form with the kinds that it does not offer yet, each under the name of its process."""
    asked = form.field("kind")
    if asked is None or asked.kind is not FieldKind.CHOICE:
        return form
    offered = {option.value for option in asked.options}
    more = [Option(each.kind, {"en": each.name}) for each in kinds if each.kind not in offered]
    if not more:
        return form
    schema: dict[str, Any] = json.loads(form.schema)
    schema["properties"]["kind"]["enum"] += [option.value for option in more]
    fields = [replace(each, options=(*each.options, *more)) if each is asked else each for each in form.fields]
    return replace(form, fields=tuple(fields), schema=json.dumps(schema))
