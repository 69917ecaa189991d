"""The facts of a case that conditions, tables and mappings may read; read at each step, never saved in the state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from engine.model.case import MIRRORED, Case, CaseMessage, Customer
from engine.model.decision import SpecialMode
from engine.store import rows
from engine.store.transaction import Tx

__all__ = ["COLUMNS", "MIRRORED", "PERSONAL_FACTS", "CaseFacts"]

# Values that may tell who somebody is: decision records keep a reference instead (R23).
PERSONAL_FACTS = frozenset({"text", "subject", "reason"})
COLUMNS = [
    "number",
    "kind",
    "subject",
    "country",
    "party",
    "sector",
    "segment",
    "area",
    "channel",
    "language",
    "medium",
    "remedy",
    "disputed_amount",
    "product_group",
    "received_on",
    "category",
    "priority",
    "queue",
    "stage",
    "root_cause",
]


class CaseFacts(Mapping[str, object]):
    """Read-only; the complaint's text, the customer and special mode are fetched only when somebody reads them."""

    def __init__(self, tx: Tx, case: Case) -> None:
        self._tx = tx
        self._case = case
        self._values: dict[str, object] = dict(case.facts)
        self._values.update({name: getattr(case, name) for name in COLUMNS})
        self._lazy = {
            "text": self._text,
            "customer_known": lambda: case.customer_id is not None,
            "customer_email_known": self._email_known,
            "special_mode": lambda: self._special()[0],
            "special_mode_limit": lambda: self._special()[1],
            "days_since_close": self._days_since_close,
        }

    def __getitem__(self, name: str) -> object:
        if name not in self._values and name in self._lazy:
            self._values[name] = self._lazy[name]()
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values or name in self._lazy

    def __iter__(self) -> Iterator[str]:
        return iter({**self._values, **self._lazy})

    def __len__(self) -> int:
        return len({**self._values, **self._lazy})

    def _text(self) -> str:
        found = rows.find(self._tx, CaseMessage, case_id=self._case.id, kind="description", order_by="id", limit=1)
        return found[0].body if found else ""

    def _email_known(self) -> bool:
        if self._case.customer_id is None:
            return False
        return bool(rows.get(self._tx, Customer, self._case.customer_id).email)

    def _special(self) -> tuple[str, Decimal | None]:
        found = rows.find(self._tx, SpecialMode, case_id=self._case.id, order_by="asked_at DESC, id DESC", limit=1)
        if not found:
            return "", None
        return found[0].status, found[0].amount

    def _days_since_close(self) -> int | None:
        if self._case.closed_at is None:
            return None
        return (self._tx.now - self._case.closed_at).days
