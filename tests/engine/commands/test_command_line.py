"""Each command explains itself, refuses in sentences, and leaves with a code that scripts can read."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from engine.commands.every_command import COMMANDS
from engine.settings import Settings
from engine.store.connection import utc_now
from engine.store.opening import upgraded
from engine.wiring import hold_data
from tests.databases import Databases, connection
from tests.engine.commands.conftest import Run

NAMES = ["serve", "work", *(command.name for command in COMMANDS)]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help(name: str, makegood: Run) -> None:
    said = makegood(name, "--help")
    assert said.code == 0
    assert f"makegood {name}" in said.out


def test_all_commands_that_are_promised_are_there() -> None:
    promised = "serve work migrate check deploy scenario import demo user token audit status backup restore"
    assert set(promised.split()) <= set(NAMES)


def test_an_unknown_command_is_a_wrong_question(makegood: Run) -> None:
    assert makegood("dance").code == 2


def test_a_setting_that_does_not_fit_gets_a_sentence(makegood: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKEGOOD_PORT", "eighty")
    said = makegood("status")
    assert (said.code, said.err) == (1, "MAKEGOOD_PORT is “eighty”; write a number from 1 to 65535.\n")


def test_a_data_folder_that_is_a_file_gets_a_sentence(
    tmp_path: Path, makegood: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MAKEGOOD_DATA_DIR", str(tmp_path / "file"))
    for command in ("status", "migrate"):
        said = makegood(command)
        assert said.code == 1
        assert said.err.endswith("cannot be used (File exists). Choose another with MAKEGOOD_DATA_DIR.\n")


def test_an_address_that_cannot_be_moved_from_or_to_is_named(makegood: Run) -> None:
    assert makegood("migrate-store", "here", "sqlite:///there.db").err.startswith("FROM is “…”; write sqlite:///")
    said = makegood("migrate-store", "sqlite:///here.db", "postgresql:makegood:secret")
    assert (said.code, said.err.split(";")[0]) == (1, "TO is “postgresql+psycopg://…”")


@pytest.mark.parametrize("option", ["nothing=1", "connect_timeout=abc"])
def test_an_option_of_the_address_that_is_refused_is_named(
    makegood: Run, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setenv("MAKEGOOD_DATABASE_URL", f"postgresql+psycopg://x@127.0.0.1:1/x?{option}")
    assert "has an option that PostgreSQL does not take" in makegood("status").err


def test_a_damaged_database_gets_a_sentence_and_stays_as_it_is(house: Path, makegood: Run) -> None:
    (house / "makegood.db").write_bytes(b"this is no database" * 100)
    said = makegood("status")
    assert said.code == 1
    assert "damaged" in said.err
    assert "Traceback" not in said.err


def test_status_counts_what_there_is(house: Path, makegood: Run) -> None:
    found = json.loads(makegood("status", "--json").out)
    expected = {
        "cases",
        "cases_by_stage",
        "tasks_by_queue",
        "cases_by_category",
        "timers_pending",
        "jobs_pending",
        "incidents",
    }
    assert expected <= set(found)
    assert "cases: 0" in makegood("status").out


def test_people_are_added_with_a_password_that_is_shown_once(
    house: Path, makegood: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    said = makegood("user", "add", "Olga", "--name", "Olga Berg", "--role", "clerk", "--queue", "front_office")
    assert said.out.startswith("olga can sign in. The password is: ")
    listed = makegood("user", "list").out
    assert "olga" in listed
    assert "clerk · queues: front_office" in listed


def test_a_weak_password_an_unknown_queue_and_a_taken_name_are_refused(
    house: Path, makegood: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert "This password cannot be used." in makegood("user", "add", "olga").err
    monkeypatch.setattr("sys.stdin", io.StringIO("\n\n\n"))
    assert "There is no queue “moon”." in makegood("user", "add", "olga", "--queue", "moon").err
    assert makegood("user", "add", "olga").code == 0
    assert "Somebody signs in as “olga” already." in makegood("user", "add", "olga").err


def test_a_person_can_be_changed_and_let_go(house: Path, makegood: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n\n"))
    makegood("user", "add", "olga")
    assert makegood("user", "roles", "olga", "lead", "clerk").code == 0
    assert makegood("user", "lead", "olga", "technical").code == 0
    assert makegood("user", "levels", "olga", "regional").code == 0
    assert makegood("user", "password", "olga").code == 0
    assert makegood("user", "deactivate", "olga").code == 0
    listed = makegood("user", "list").out
    assert "clerk, lead · leads: technical · decides: regional · not active" in listed
    assert "Nobody signs in as “nobody”." in makegood("user", "roles", "nobody", "clerk").err


def test_a_token_is_printed_once_and_can_be_revoked(
    house: Path, makegood: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    makegood("user", "add", "robot", "--role", "clerk")
    plain = makegood("token", "create", "robot", "--name", "web shop", "--days", "30").out.strip()
    assert plain.startswith("mg_")
    listed = makegood("token", "list").out
    assert "web shop" in listed
    assert plain not in listed
    assert plain.encode() not in (house / "makegood.db").read_bytes()
    assert makegood("token", "revoke", listed.split()[0]).code == 0
    assert "revoked" in makegood("token", "list").out
    assert "There is no token nothing." in makegood("token", "revoke", "nothing").err


def test_a_broken_diagram_is_not_deployed_and_every_fault_is_told(house: Path, makegood: Run, tmp_path: Path) -> None:
    folder = tmp_path / "processes" / "broken"
    folder.mkdir(parents=True)
    (folder / "broken.bpmn").write_text("<definitions><process id='a'")
    said = makegood("deploy", folder)
    assert said.code == 1
    assert "There is no diagram of a process that runs" in said.err or "not deployed" in said.err


def test_unchanged_files_make_no_new_version_and_changed_ones_do(
    house: Path, makegood: Run, repository: Path, tmp_path: Path
) -> None:
    assert "complaint: unchanged, it is version 1." in makegood("deploy").out
    copy = tmp_path / "complaint"
    shutil.copytree(repository / "processes" / "complaint", copy)
    letter = copy / "letters" / "acknowledgement.en.txt"
    letter.write_text(letter.read_text().replace("thank you for telling us", "thank you for writing"))
    said = makegood("deploy", copy, "--forms", repository / "forms")
    assert "complaint: deployed as version 2." in said.out, said


def test_a_backup_is_restored_as_it_was(
    house: Path, makegood: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    makegood("user", "add", "olga")
    assert makegood("backup", tmp_path / "safe.backup").code == 0
    assert "is there already" in makegood("backup", tmp_path / "safe.backup").err
    again = makegood("restore", tmp_path / "safe.backup")
    assert "What was there before lies beside it" in again.out
    (house / "makegood.db").unlink()
    new = makegood("restore", tmp_path / "safe.backup")
    assert (new.code, "before" in new.out) == (0, False)
    assert "olga" in makegood("user", "list").out


def test_a_backup_that_cannot_be_read_is_not_taken_for_a_folder_that_cannot_be_written(
    house: Path, makegood: Run, tmp_path: Path
) -> None:
    said = makegood("restore", tmp_path)
    assert said.code == 1
    assert f"The backup {tmp_path} cannot be read (Is a directory)" in said.err


def test_an_unknown_role_is_refused_with_the_roles_as_they_are_typed(house: Path, makegood: Run) -> None:
    said = makegood("user", "add", "olga", "--role", "king")
    assert said.code == 2
    assert "'clerk', 'specialist'" in said.err


def test_a_damaged_backup_changes_nothing(house: Path, makegood: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.backup").write_bytes(b"PK nonsense")
    before = (house / "makegood.db").read_bytes()
    assert makegood("restore", tmp_path / "bad.backup").code == 1
    assert (house / "makegood.db").read_bytes() == before


def test_an_altered_event_is_found_by_audit_verify(house: Path, makegood: Run, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("id,text\n1,The kettle leaks.\n")
    makegood("import", "complaints", file)
    assert "every chain holds" in makegood("audit", "verify").out
    database = sqlite3.connect(house / "makegood.db")
    database.execute("UPDATE audit_event SET kind = 'nothing_happened' WHERE sequence = 2")
    database.commit()
    database.close()
    said = makegood("audit", "verify")
    assert said.code == 1
    assert "Event 2 of the case was altered" in said.out


def test_the_audit_trail_is_written_out_a_line_an_event(house: Path, makegood: Run, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("id,text\n1,The kettle leaks.\n")
    makegood("import", "complaints", file)
    lines = [json.loads(line) for line in makegood("audit", "export").out.splitlines()]
    assert [line["sequence"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0]["kind"] == "registered"
    assert "There is no case C-1." in makegood("audit", "export", "C-1").err


def test_real_data_are_never_replaced_by_the_demonstration(
    house: Path, makegood: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    makegood("user", "add", "olga")
    for arguments in (["demo"], ["demo", "--reset"], ["demo", "--none"]):
        said = makegood(*arguments)
        assert said.code == 1
        assert "are no demonstration and stay as they are" in said.err
    assert "olga" in makegood("user", "list").out


def test_what_needs_the_data_alone_waits_for_no_other_process_for_long(
    house: Path, makegood: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands.holding.PATIENCE", 0.05)
    lock = hold_data(Settings(data_dir=house))
    try:
        for arguments in (["demo"], ["restore", tmp_path / "x"], ["work"], ["serve", "--port", "8321"]):
            said = makegood(*arguments)
            assert said.code == 1
            assert "already running" in said.err
    finally:
        lock.release()


def test_several_processes_on_sqlite_and_a_wrong_port_are_refused(house: Path, makegood: Run) -> None:
    assert "one process serves" in makegood("serve", "--workers", "2").err
    assert "A port is a number" in makegood("serve", "--port", "70000").err


def test_migrate_says_from_what_to_what(makegood: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKEGOOD_DATA_DIR", str(tmp_path / "fresh"))
    assert "from nothing to schema" in makegood("migrate").out
    assert "is up to date" in makegood("migrate").out


def test_check_and_scenario_are_commands_too(makegood: Run, repository: Path) -> None:
    assert makegood("check", repository / "processes" / "special_mode").code == 0
    said = makegood("scenario", repository / "processes" / "special_mode" / "scenarios")
    assert said.code in (0, 1, 2)


def test_a_fault_of_ours_is_told_in_a_sentence_with_its_details_in_a_file(
    house: Path, makegood: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("engine.commands.status.figures_of", lambda tx: {"cases": 1 // 0})
    said = makegood("status")
    assert said.code == 1
    assert "Makegood has a fault and stopped: ZeroDivisionError" in said.err
    assert "Traceback" not in said.err
    (details,) = tmp_path.glob("makegood-fault-*.log")
    assert "1 // 0" in details.read_text()


def migrated(url: str) -> None:
    """Make all tables."""
    upgraded(url, Path(), now=utc_now())


def test_status_on_postgresql_warns_where_no_worker_runs(
    databases: Databases, makegood: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = databases.copy("migrated", migrated)
    monkeypatch.setenv("MAKEGOOD_DATABASE_URL", url)
    monkeypatch.setenv("MAKEGOOD_DATA_DIR", str(tmp_path))
    alone = makegood("status", "--json")
    assert (alone.code, json.loads(alone.out)["worker"]) == (0, "none")
    assert "Start one with “makegood work”" in alone.err
    with connection(url) as driver:
        driver.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    said = makegood("status")
    assert ("worker: alive" in said.out, said.err) == (True, "")
    databases.drop(url)
