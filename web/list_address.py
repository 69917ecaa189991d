"""What a list shows is in its address: filters, order and place, so that it can be kept, sent and gone back to."""

from __future__ import annotations

from flask import request, url_for

from engine.model.lists import Order, Place


def here(**changes: object) -> str:
    """The address of this list with other values; a new filter or order begins at its start."""
    kept = {name: value for name, value in request.args.items() if value and name != "at"}
    kept |= {name: str(value) for name, value in changes.items() if value not in (None, "")}
    for name, value in changes.items():
        if value in (None, ""):
            kept.pop(name, None)
    endpoint = request.endpoint or ""
    return url_for(endpoint, **{**(request.view_args or {}), **kept})


def sorted_by(order: Order, key: str) -> str:
    """The address that sorts by a column, the other way round if it is sorted by it already."""
    wanted = Order(key, not order.descending) if order.by == key else Order(key)
    return here(sort=wanted)


def at(place: Place | None) -> str:
    """The address of the page at a place, or nothing where there is none."""
    return "" if place is None else here(at=place)


def whole(name: str) -> int | None:
    """A whole number of the address, or None."""
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None
