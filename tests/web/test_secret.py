"""The key that signs form tokens: one for all processes of an installation, also where several begin at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from web.secret import NAME, signing_key


def test_processes_that_begin_at_once_sign_with_one_key(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    with ThreadPoolExecutor(8) as processes:
        keys = {*processes.map(signing_key, [folder] * 8)}
    assert keys == {(folder / NAME).read_bytes()}
    assert [file.name for file in folder.iterdir()] == [NAME]
    assert (folder / NAME).stat().st_mode & 0o777 == 0o600


def test_a_key_that_a_full_disk_cut_off_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"cut")
    assert len(signing_key(tmp_path)) == 48
    assert signing_key(tmp_path) == signing_key(tmp_path)
