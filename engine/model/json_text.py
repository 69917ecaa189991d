"""JSON has one text here: keys sorted, no spaces, letters as they are; its writer and its reader are made once."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from json.encoder import encode_basestring
from json.scanner import make_scanner
from typing import Any


def writer(default: Callable[[Any], object]) -> Callable[[object], str]:
    """Make what writes a value as text; `default` gives the JSON form of a value of a kind that JSON lacks.

    `json.JSONEncoder.encode` makes the encoder below anew for each text, which costs more than most texts do.
    """
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # a Python without it in C
        return json.JSONEncoder(
            ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True, default=default
        ).encode
    chunks = make(None, default, encode_basestring, None, ":", ",", True, False, False)

    def write(value: object) -> str:
        return "".join(chunks(value, 0))

    return write


def _decimal(text: str) -> Decimal:
    return Decimal(str(float(text)))


_DECODER = json.JSONDecoder(parse_float=_decimal, parse_constant=_decimal)
_scan = make_scanner(_DECODER)  # type: ignore[arg-type]  # its stub asks for itself, where it takes what a decoder has


def read_json(text: str) -> Any:  # Any as json.loads gives it: its shape is the caller's to know
    """Read a JSON text; numbers with a point are decimals. Raises ValueError for what is no JSON."""
    try:
        value, end = _scan(text, 0)
    except (StopIteration, ValueError):
        return _DECODER.decode(text)  # with blanks before it, or with a fault
    return value if end == len(text) else _DECODER.decode(text)
