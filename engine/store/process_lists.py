"""Deployments with how many cases run on each version; the files themselves are read one deployment at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.zones import from_microseconds
from engine.store import rows
from engine.store.transaction import Tx

_VERSIONS = """
SELECT deployment.id, deployment.key, deployment.version, deployment.digest, deployment.deployed_at, person.name,
  (SELECT count(*) FROM instance WHERE instance.deployment_id = deployment.id AND instance.status IN ('running','suspended')),
  (SELECT count(*) FROM instance WHERE instance.deployment_id = deployment.id)
FROM deployment LEFT JOIN person ON person.id = deployment.deployed_by
{where} ORDER BY deployment.key, deployment.version DESC"""
_FILES = "SELECT name, length(content) FROM deployment_file WHERE deployment_id = :id ORDER BY name"


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a process: who deployed it when, and how many instances run and ever ran on it."""

    id: str
    key: str
    version: int
    digest: str
    deployed_at: datetime
    deployed_by: str
    running: int
    total: int


def versions(tx: Tx, key: str = "") -> list[VersionRow]:
    """All versions of all keys, or of one, the newest first."""
    where = "WHERE deployment.key = :key" if key else ""
    found = rows.fetch(tx, _VERSIONS.format(where=where), {"key": key} if key else {})
    return [
        VersionRow(key_, name, version, digest, from_microseconds(at), by or "", running, total)
        for key_, name, version, digest, at, by, running, total in found
    ]


def file_sizes(tx: Tx, deployment_id: str) -> list[tuple[str, int]]:
    """Names and sizes in bytes of a deployment's files."""
    return [(name, int(size)) for name, size in rows.fetch(tx, _FILES, {"id": deployment_id})]
