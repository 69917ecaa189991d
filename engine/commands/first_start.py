"""Before the first page is served there is a database: with the demonstration, unless somebody chose to begin empty."""

from __future__ import annotations

from engine.commands.demo.making import in_use, make_demo, prepare_house
from engine.commands.terminal import Terminal
from engine.model.people import SYSTEM
from engine.model.running import Deployment
from engine.queries.shell_facts import is_demonstration
from engine.settings import Settings
from engine.store import rows, settings
from engine.wiring import build


def prepare(chosen: Settings, terminal: Terminal) -> bool:
    """Make the database ready for people; tells whether it holds the demonstration."""
    engine = build(chosen)
    try:
        with engine.read(SYSTEM) as tx:
            is_new = not settings.setting(tx, "demo") and not in_use(tx)
            is_bare = rows.first(tx, Deployment) is None
            is_demo = is_demonstration(tx)
        if is_bare and not is_new:
            prepare_house(engine)
    finally:
        engine.close()
    if is_new:
        make_demo(chosen, terminal)
        return True
    return is_demo
