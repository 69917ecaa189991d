"""The room's one blueprint, and who may look and who may deploy."""

from __future__ import annotations

from flask import Blueprint

from engine.model.people import Role
from engine.queries.processes import READERS

blueprint = Blueprint("design", __name__, template_folder="templates")
DEPLOYERS = (Role.DESIGNER, Role.ADMINISTRATOR)

__all__ = ["DEPLOYERS", "READERS", "blueprint"]
