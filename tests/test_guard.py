"""The guard of these tests holds."""

from __future__ import annotations

import os
import socket

import pytest


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as probe, pytest.raises(RuntimeError, match=r"127\.0\.0\.1 only"):
        probe.connect(("192.0.2.1", 80))


def test_a_test_cannot_send_a_datagram_to_another_machine() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe,
        pytest.raises(RuntimeError, match=r"127\.0\.0\.1 only"),
    ):
        probe.sendto(b"hello", ("192.0.2.1", 53))


def test_a_test_cannot_ask_for_the_address_of_a_name() -> None:
    with pytest.raises(RuntimeError, match=r"127\.0\.0\.1 only"):
        socket.create_connection(("makegood.invalid", 80), timeout=1)


def test_a_test_may_speak_to_its_own_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        client.sendall(b"hello")
        accepted, _ = server.accept()
        with accepted:
            assert accepted.recv(5) == b"hello"


def test_settings_of_the_person_at_the_keyboard_stay_out() -> None:
    assert not [name for name in os.environ if name.startswith("MAKEGOOD_")]
