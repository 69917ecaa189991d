"""Letters by post: a page to print for each, and a person who posts it."""

from engine.channels.post.channel import PostChannel

CHANNEL = PostChannel()

__all__ = ["CHANNEL", "PostChannel"]
