"""The facts of a case that conditions, tables and mappings may read; read at each step, never saved in the state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
    """Read-only; the case, the complaint's text, the customer and special mode are fetched only when somebody reads them.

    `case` is the row, with changes that are not written yet; where it was not read so far, `case_id` tells which it is.
    """

    def __init__(self, tx: Tx, case: Case | None, case_id: str = "") -> None:
        self._tx = tx
        self._case_id = case_id if case is None else case.id
        self._known = case
        self._fetched: dict[str, object] = {}

    @property
    def _case(self) -> Case:
        if self._known is None:
            self._known = rows.get(self._tx, Case, self._case_id)
        return self._known

    def __getitem__(self, name: str) -> object:
        if name in _COLUMNS:
            return getattr(self._case, name)
        if name in self._case.facts:
            return self._case.facts[name]
        if name not in self._fetched:
            self._fetched[name] = _FETCHED[name](self)
        return self._fetched[name]

    def __contains__(self, name: object) -> bool:
        return name in _COLUMNS or name in self._case.facts or name in _FETCHED

    def __iter__(self) -> Iterator[str]:
        return iter({**self._case.facts, **dict.fromkeys(COLUMNS), **_FETCHED})

    def __len__(self) -> int:
        return len({**self._case.facts, **dict.fromkeys(COLUMNS), **_FETCHED})

    def __bool__(self) -> bool:
        return True

    def _customer_known(self) -> bool:
        return self._case.customer_id is not None

    def _special_mode(self) -> str:
        return self._special()[0]

    def _special_mode_limit(self) -> Decimal | None:
        return self._special()[1]

    def _text(self) -> str:
        found = rows.find(self._tx, CaseMessage, case_id=self._case_id, kind="description", order_by="id", limit=1)
        return found[0].body if found else ""

    def _email_known(self) -> bool:
        if self._case.customer_id is None:
            return False
        return bool(rows.get(self._tx, Customer, self._case.customer_id).email)

    def _special(self) -> tuple[str, Decimal | None]:
        found = rows.find(self._tx, SpecialMode, case_id=self._case_id, order_by="asked_at DESC, id DESC", limit=1)
        if not found:
            return "", None
        return found[0].status, found[0].amount

    def _days_since_close(self) -> int | None:
        if self._case.closed_at is None:
            return None
        return (self._tx.now - self._case.closed_at).days


_COLUMNS = frozenset(COLUMNS)
_FETCHED: Mapping[str, Callable[[CaseFacts], object]] = {
    "text": CaseFacts._text,
    "customer_known": CaseFacts._customer_known,
    "customer_email_known": CaseFacts._email_known,
    "special_mode": CaseFacts._special_mode,
    "special_mode_limit": CaseFacts._special_mode_limit,
    "days_since_close": CaseFacts._days_since_close,
}
