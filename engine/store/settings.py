"""What the house chose for itself: its name, country, zone, whether this is a demonstration; texts by key."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from engine.model.people import Setting
from engine.model.zones import local_day, zone_named
from engine.store import rows
from engine.store.house import kept, mark_changed
from engine.store.transaction import Tx

_COMPANY = "company."
_PUT = "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


def setting(tx: Tx, key: str, default: str = "") -> str:
    """Give the setting's text, or the default where nobody chose."""
    return kept(tx, "settings", _all).get(key, default)


def put_setting(tx: Tx, key: str, value: str) -> None:
    """Choose a setting."""
    tx.connection.send(_PUT, (key, value))
    mark_changed(tx)


def company(tx: Tx) -> dict[str, str]:
    """Give what letters may say of the house: name, address, email, phone, country, zone, where they are set."""
    told = {"name": "", "address": "", "email": "", "phone": "", "country": "", "zone": "UTC"}
    chosen = kept(tx, "settings", _all)
    return {**told, **{key.removeprefix(_COMPANY): chosen[key] for key in chosen if key.startswith(_COMPANY)}}


def zone(tx: Tx) -> ZoneInfo:
    """Give the zone in which the house keeps its days."""
    return kept(tx, "zone", _zone)


def today(tx: Tx) -> date:
    """Give the day that it is where the house is."""
    return local_day(tx.now, zone(tx))


def _zone(tx: Tx) -> ZoneInfo:
    return zone_named(setting(tx, "company.zone", "UTC"))


def _all(tx: Tx) -> dict[str, str]:
    return {found.key: found.value for found in rows.find(tx, Setting)}
