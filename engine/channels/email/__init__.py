"""Letters by e-mail: through a mail server, or as files where none is set."""

from engine.channels.email.channel import EmailChannel

CHANNEL = EmailChannel()

__all__ = ["CHANNEL", "EmailChannel"]
