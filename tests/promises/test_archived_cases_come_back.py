"""Archived cases leave nothing of a person behind, keep their numbers and seals, and come back row by row as they were."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from engine.actions.archive_cases import archivable, archive_cases, pack
from engine.actions.attach_file import attach_file
from engine.actions.bring_back_case import archived, bring_back
from engine.actions.comment_case import comment_case
from engine.actions.find_customer import NewCustomer
from engine.actions.message_case import withdraw_case
from engine.model.archive import ArchivedCase, ArchiveEvent
from engine.model.case import Attachment, AttachmentContent, Case, Customer
from engine.model.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model.people import SYSTEM
from engine.queries.case_parts import visible_case
from engine.store import anchors, archive_rows, archive_trail, audit, counters, rows, search
from engine.store.archive_file import Packed, unpacked
from engine.store.tables import metadata
from engine.store.transaction import Tx
from tests.promises.conftest import OLA, TEXT, House

KEY = b"key"
LATER = date(2026, 6, 1)
MAX = NewCustomer(name="Max Muster", email="max@example.org")


def closed(house: House, **given: object) -> Case:
    """A case with a special mode, a decision, letters, a comment and a file, closed."""
    case = house.triaged(**given)
    house.ask_special_mode("anna", case)
    house.do("eva", case, "decide_special_mode", "refuse", decision_reason="No.")
    with house.store.begin(house.person("anna")) as tx:
        comment_case(tx, case.id, body="Ola called twice")
        attach_file(tx, case.id, name="pump.png", content=b"\x89PNG\r\n\x1a\n")
    house.do("ben", case, "work", findings="The pump is worn.")
    house.do("ben", case, "decide", "accept", reasons="It should last.", decided_remedy="repair")
    house.do("ben", case, "write_answer", answer_text="Sorry.", medium="email")
    house.do("ben", case, "carry_out_remedy", remedy_on="2026-03-02")
    house.do("ben", case, "name_cause", root_cause="material")
    assert [row.status for row in house.all(Case, id=case.id)] == ["closed"]
    return case


def archive(house: House, folder: Path) -> Packed:
    """Archive what can go."""
    with house.store.read(SYSTEM) as tx:
        packed = pack(tx, archivable(tx, LATER).cases, LATER, folder=folder)
    with house.store.begin(SYSTEM) as tx:
        archive_cases(tx, packed, LATER)
    return packed


def back(house: House, number: str, path: Path) -> Case:
    """Bring a case back."""
    with house.store.read(SYSTEM) as tx:
        left, event = archived(tx, number)
    found, files = unpacked(path, event, left.id)
    with house.store.begin(SYSTEM) as tx:
        return bring_back(tx, number, found, files)


def everything(tx: Tx) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but those of counting and of archiving."""
    apart = {"counter", "counter_delta", "archive_event", "archived_case"}
    return {
        table.name: sorted(map(tuple, tx.connection.rows(f"SELECT * FROM {table.name}")), key=repr)
        for table in metadata.sorted_tables
        if table.name not in apart
    }


def sealed(house: House) -> None:
    """Cast the day's anchor."""
    with house.store.begin(SYSTEM) as tx:
        assert anchors.cast(tx, KEY) is not None


def faults(tx: Tx) -> list[object]:
    """What does not hold of trails, anchors and archivings."""
    return [*audit.verify(tx), *anchors.verify(tx, KEY, {}), *archive_trail.verify(tx)]


def test_a_case_comes_back_to_the_byte(house: House, tmp_path: Path) -> None:
    case, other = closed(house), house.triaged(customer=MAX)
    sealed(house)
    with house.store.read(SYSTEM) as tx:
        before, counts = everything(tx), counters.values(tx, "cases")
    packed = archive(house, tmp_path)
    assert [row.id for row in house.all(Case)] == [other.id]
    back(house, case.number.lower(), packed.path)
    with house.store.read(SYSTEM) as tx:
        assert everything(tx) == before
        assert counters.values(tx, "cases") == counts
        assert case.id in search.matching(tx, "leaks")
        assert faults(tx) == []
    assert house.broken() == []


def test_nothing_of_the_person_stays_and_every_promise_holds(house: House, tmp_path: Path) -> None:
    case = closed(house)
    sealed(house)
    archive(house, tmp_path)
    with house.store.read(SYSTEM) as tx:
        told = everything(tx)
        left = {name for name, found in told.items() if case.id in repr(found)}
        assert left == {"anchor_head"}
        for personal in (OLA.name, OLA.email, OLA.address, TEXT, "Ola called twice"):
            assert personal not in repr(told)
        assert search.matching(tx, "leaks") == []
        assert faults(tx) == []
        assert counters.values(tx, "cases") == {}
    assert house.all(Customer) + house.all(Attachment) + house.all(AttachmentContent) == []
    assert house.broken() == []
    assert house.register(customer=MAX).number > case.number


def test_a_customer_and_a_file_that_others_need_stay(house: House, tmp_path: Path) -> None:
    case = closed(house)
    (ola,) = house.all(Customer)
    other = house.register()
    with house.store.begin(house.person("anna")) as tx:
        attach_file(tx, other.id, name="same.png", content=b"\x89PNG\r\n\x1a\n")
    packed = archive(house, tmp_path)
    assert (house.all(Customer), len(house.all(AttachmentContent))) == ([ola], 1)
    with house.store.begin(SYSTEM) as tx:
        rows.update(tx, Customer, ola.id, phone="600 100 200")
    back(house, case.number, packed.path)
    assert house.all(Customer)[0].phone == "600 100 200"
    assert house.broken() == []


def test_only_what_is_closed_and_quiet_goes(house: House) -> None:
    house.triaged(customer=MAX)
    case = house.triaged(customer=MAX)
    house.ask_special_mode("anna", case)
    with house.store.begin(house.person("anna")) as tx:
        withdraw_case(tx, case.id, reason="It works again")
    house.settle()
    quiet = [row.number for row in house.all(Case, status="closed") if not house.open_tasks(row)]
    with house.store.read(SYSTEM) as tx:
        assert [row.number for row in archivable(tx, LATER).cases] == quiet
        assert archivable(tx, date(2026, 3, 2)).cases == ()


def test_a_case_that_somebody_touches_meanwhile_keeps_all_of_them_here(house: House, tmp_path: Path) -> None:
    case = closed(house)
    with house.store.read(SYSTEM) as tx:
        packed = pack(tx, archivable(tx, LATER).cases, LATER, folder=tmp_path)
    with house.store.begin(house.person("anna")) as tx:
        comment_case(tx, case.id, body="One more thing")
    with pytest.raises(Conflict, match="Somebody worked on"), house.store.begin(SYSTEM) as tx:
        archive_cases(tx, packed, LATER)
    assert (len(house.all(Case)), house.all(ArchivedCase), house.all(ArchiveEvent)) == (1, [], [])


def test_an_archived_number_says_when_where_and_who(house: House, tmp_path: Path) -> None:
    case = closed(house)
    packed = archive(house, tmp_path)
    with house.store.read(house.person("anna")) as tx:
        with pytest.raises(NotFound) as refused:
            visible_case(tx, case.number)
        for told in ("archived on 2026-03-02", packed.path.name, "An administrator can bring it back"):
            assert told in str(refused.value)
    with house.store.read(house.person("henry")) as tx, pytest.raises(NotFound, match="that you may see"):
        visible_case(tx, case.number)


def test_an_imported_complaint_that_is_archived_is_not_registered_again(house: House, tmp_path: Path) -> None:
    case = closed(house, source="shop", reference="4711")
    archive(house, tmp_path)
    with pytest.raises(Conflict, match=f"4711 was registered as case {case.number}, which is archived"):
        house.register(source="shop", reference="4711")


def damaged(path: Path) -> None:
    """Change one byte."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    """Keep the first half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def foreign(path: Path) -> None:
    """Put another archive there."""
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("manifest.json", '{"archive": "another"}')


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (damaged, "changed or damaged"),
        (cut, "changed or damaged"),
        (foreign, "is another archive"),
        (Path.unlink, "is not at"),
    ],
)
@pytest.mark.only_on("sqlite")  # the file is read before any database is asked
def test_a_file_that_is_not_the_one_is_refused(
    house: House, tmp_path: Path, change: Callable[[Path], None], sentence: str
) -> None:
    case = closed(house)
    packed = archive(house, tmp_path)
    good = Path(shutil.copy(packed.path, tmp_path / "good"))
    change(packed.path)
    with pytest.raises((Invalid, NotFound), match=sentence):
        back(house, case.number, packed.path)
    assert house.all(Case) == []
    back(house, case.number, good)
    assert house.broken() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE archive_event SET cases = 2",
        "UPDATE archive_event SET digest = 'x'",
        "DELETE FROM archived_case",
        "UPDATE archived_case SET audit_sequence = 1",
    ],
)
@pytest.mark.only_on("sqlite")  # what is compared does not depend on the database
def test_a_forged_archiving_shows(house: House, tmp_path: Path, tampering: str) -> None:
    closed(house)
    sealed(house)
    archive(house, tmp_path)
    with house.store.begin(SYSTEM) as tx:
        tx.connection.execute(tampering)
        assert faults(tx) != []


def test_a_case_goes_and_comes_back_again_and_again(house: House, tmp_path: Path) -> None:
    case = closed(house)
    for _ in range(2):
        packed = archive(house, tmp_path)
        house.now = house.now.replace(second=house.now.second + 1)
        back(house, case.number, packed.path)
    with house.store.read(SYSTEM) as tx:
        assert [event.kind for event in rows.find(tx, ArchiveEvent, order_by="sequence")] == [
            "archived",
            "brought_back",
        ] * 2
        assert faults(tx) == []
        assert set(archive_rows.rows_of(tx, case.id)) >= {"customer", "case_file", "path_event", "clock", "message"}


def test_clerks_do_not_archive(house: House) -> None:
    with house.store.read(house.person("anna")) as tx, pytest.raises(Forbidden):
        archivable(tx, LATER)
