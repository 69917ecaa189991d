"""A deployment never changes once it is kept, so its files are read from the database once per process."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from engine.model.errors import NotFound
from engine.model.running import Deployed, Deployment
from engine.store.connection import Connection
from engine.store.shapes import shape_of


@dataclass(slots=True)
class Deployments:
    """What this process has read so far, by deployment id."""

    by_id: dict[str, Deployed] = field(default_factory=dict[str, Deployed])
    lock: threading.Lock = field(default_factory=threading.Lock)


class Catalog:
    """The deployments as one transaction sees them; which of them are the newest, it looks up once.

    `made` is what its readers have made of deployments, by digest and zone, for as long as it is there.
    """

    def __init__(self, connection: Connection, known: Deployments) -> None:
        self.made: dict[tuple[str, str], Any] = {}
        self._connection = connection
        self._known = known
        self._newest: dict[str, str | None] = {}
        self._all_newest: list[str] | None = None

    def forget(self) -> None:
        """Look up anew which deployments are the newest, after one was added or its adding was undone."""
        self._newest.clear()
        self._all_newest = None

    def by_id(self, deployment_id: str) -> Deployed:
        """Give the deployment that an instance is pinned to; raise NotFound."""
        known = self._known.by_id.get(deployment_id)
        if known is None:
            known = self._load(deployment_id)
            with self._known.lock:
                self._known.by_id[deployment_id] = known
        return known

    def newest(self, key: str) -> Deployed:
        """Give the newest version under a key; raise NotFound where nothing is deployed under it."""
        found = self.newest_or_none(key)
        if found is None:
            raise NotFound(
                "not_deployed", "No process is deployed under “{key}”. A designer can deploy its folder.", key=key
            )
        return found

    def newest_or_none(self, key: str) -> Deployed | None:
        """Give the newest version under a key, or None."""
        if key not in self._newest:
            row = self._connection.row("SELECT id FROM deployment WHERE key = ? ORDER BY version DESC LIMIT 1", (key,))
            self._newest[key] = None if row is None else row[0]
        found = self._newest[key]
        return None if found is None else self.by_id(found)

    def version(self, key: str, version: int) -> Deployed:
        """Give one version under a key; raise NotFound."""
        row = self._connection.row("SELECT id FROM deployment WHERE key = ? AND version = ?", (key, version))
        if row is None:
            raise NotFound("version_not_deployed", "“{key}” has no version {version}.", key=key, version=version)
        return self.by_id(row[0])

    def all_newest(self) -> list[Deployed]:
        """Give the newest version of every key, in the order of keys; only their start events are armed (R17)."""
        if self._all_newest is None:
            rows = self._connection.rows(
                "SELECT id FROM deployment AS d WHERE version = "
                "(SELECT max(version) FROM deployment AS o WHERE o.key = d.key) ORDER BY key"
            )
            self._all_newest = [row[0] for row in rows]
        return [self.by_id(deployment) for deployment in self._all_newest]

    def version_beside(self, digest: str, version: int) -> Deployed | None:
        """Give that version under the key of the deployment with this content, or None."""
        found = self.by_digest(digest)
        if found is None:
            return None
        row = self._connection.row("SELECT id FROM deployment WHERE key = ? AND version = ?", (found.key, version))
        return None if row is None else self.by_id(row[0])

    def by_digest(self, digest: str) -> Deployed | None:
        """Give the newest deployment with this content, or None."""
        row = self._connection.row(
            "SELECT id FROM deployment WHERE digest = ? ORDER BY version DESC LIMIT 1", (digest,)
        )
        return None if row is None else self.by_id(row[0])

    def of_process(self, process_id: str) -> Deployed:
        """Give the newest deployment that holds this process; raise NotFound."""
        for found in self.all_newest():
            if process_id in found.process_ids:
                return found
        raise NotFound("process_not_deployed", "The process “{process}” is not deployed.", process=process_id)

    def _load(self, deployment_id: str) -> Deployed:
        shape = shape_of(Deployment)
        values = self._connection.row(shape.select((("id", 0),)), (deployment_id,))
        if values is None:
            raise NotFound("deployment_not_found", "There is no deployment {id}.", id=deployment_id)
        row = shape.decode(values)
        files = self._connection.rows(
            "SELECT name, content FROM deployment_file WHERE deployment_id = ? ORDER BY name", (deployment_id,)
        )
        return Deployed(
            id=row.id,
            key=row.key,
            version=row.version,
            digest=row.digest,
            process_ids=tuple(row.process_ids),
            files={name: bytes(content) for name, content in files},
        )
