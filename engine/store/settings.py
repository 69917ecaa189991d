"""What the house chose for itself: its name, country, zone, whether this is a demonstration; texts by key."""

from __future__ import annotations

from engine.model.people import Setting
from engine.store import rows
from engine.store.transaction import Tx

_COMPANY = "company."
_PUT = "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


def setting(tx: Tx, key: str, default: str = "") -> str:
    """Give the setting's text, or the default where nobody chose."""
    found = rows.maybe(tx, Setting, key)
    return default if found is None else found.value


def put_setting(tx: Tx, key: str, value: str) -> None:
    """Choose a setting."""
    tx.connection.execute(_PUT, (key, value))


def company(tx: Tx) -> dict[str, str]:
    """Give what letters may say of the house: name, address, email, phone, country, zone, where they are set."""
    told = {"name": "", "address": "", "email": "", "phone": "", "country": "", "zone": "UTC"}
    for key, value in rows.fetch(tx, "SELECT key, value FROM setting WHERE key LIKE 'company.%'"):
        told[key.removeprefix(_COMPANY)] = value
    return told
