"""The formats of texts, and the options that keep checking them safe: linear patterns, plain addresses, no network."""

from __future__ import annotations

import re
from collections.abc import Callable

import jsonschema_rs

PATTERNS = jsonschema_rs.RegexOptions(size_limit=1_000_000)
WITHOUT_NAMES = jsonschema_rs.EmailOptions(allow_domain_literal=False, allow_display_text=False)

_DECIMAL = re.compile(r"-?\d{1,24}(\.\d{1,10})?", re.ASCII)
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{3,28}[0-9]", re.ASCII)
_FILE = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)


def _is_phone(text: str) -> bool:
    return bool(_PHONE.fullmatch(text)) and 5 <= sum(map(str.isdigit, text)) <= 15


FORMAT_CHECKS: dict[str, Callable[..., bool]] = {
    "decimal": lambda text: bool(_DECIMAL.fullmatch(text)),
    "phone": _is_phone,
    "file": lambda text: bool(_FILE.fullmatch(text)),
}
