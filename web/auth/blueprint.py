"""The room's one blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("auth", __name__, template_folder="templates")
