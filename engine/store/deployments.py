"""Files become a deployment under a key; the same bytes again are the same deployment, others are the next version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from engine.model.running import Deployed, Deployment, DeploymentFile
from engine.store import rows
from engine.store.transaction import Tx


def digest_of(files: Mapping[str, bytes]) -> str:
    """Give the SHA-256 in hex over names, sizes and contents, in the order of names."""
    total = hashlib.sha256()
    for name, content in sorted(files.items()):
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def keep(tx: Tx, key: str, files: Mapping[str, bytes], *, process_ids: Sequence[str]) -> tuple[Deployed, bool]:
    """Keep the files as the newest version under `key`; tell whether this made a new version."""
    digest = digest_of(files)
    tx.connection.hold(f"deployment {key}")
    tx.catalog.forget()
    newest = tx.catalog.newest_or_none(key)
    if newest is not None and newest.digest == digest:
        return newest, False
    row = Deployment(
        id=tx.new_id(),
        key=key,
        version=newest.version + 1 if newest else 1,
        digest=digest,
        process_ids=tuple(process_ids),
        deployed_at=tx.now,
        deployed_by=tx.actor.person_id,
    )
    rows.insert(tx, row)
    tx.catalog.forget()
    rows.insert_many(
        tx,
        [DeploymentFile(deployment_id=row.id, name=name, content=content) for name, content in sorted(files.items())],
    )
    return tx.catalog.by_id(row.id), True
