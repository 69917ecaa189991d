"""What leaves the machine leaves by a port: a connector calls a service, a channel hands a message to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Connector(Protocol):
    """A service by key; raises ConnectorError, or BpmnError for an outcome that the diagram models."""

    @property
    def key(self) -> str: ...

    def call(self, inputs: Mapping[str, object], *, idempotency_key: str) -> Mapping[str, object]:
        """Call the service once; the same key again must not have its effect twice."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A finished message: to whom, in which language, and what it says."""

    recipient: str
    recipient_name: str = ""
    subject: str = ""
    body: str = ""
    language: str = "en"
    case_number: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """That and when a message was handed over, with the reference that proves it (R25)."""

    accepted_at: datetime
    reference: str = ""
    medium: str = "email"


class Channel(Protocol):
    """A way to reach somebody; raises ChannelError."""

    @property
    def key(self) -> str: ...

    def send(self, envelope: Envelope, *, message_id: str) -> Evidence:
        """Hand the message over once; the same message id again is the same message."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """All connectors and channels of this installation, by key."""

    connectors: Mapping[str, Connector] = field(default_factory=dict[str, Connector])
    channels: Mapping[str, Channel] = field(default_factory=dict[str, Channel])
