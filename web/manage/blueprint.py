"""The room's one blueprint; its pages register themselves on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("manage", __name__, template_folder="templates")
