"""A form becomes HTML that works without JavaScript, and what comes back becomes values again."""

from web.fields.rendering import add_form_rendering
from web.fields.submission import Submission, read_submission

__all__ = ["Submission", "add_form_rendering", "read_submission"]
