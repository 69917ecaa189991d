"""An import ends in figures: registered, there already, refused with line and reason, per queue, per category, and how often the text told it right."""

from __future__ import annotations

from collections import Counter

from engine.commands.import_batches import Import
from engine.commands.import_rows import RefusedRow
from engine.commands.terminal import Terminal, table_lines
from engine.model.people import SYSTEM
from engine.store import rows

REFUSED_SHOWN = 50
UNMATCHED = ("", "other")
_CASES = "SELECT id, reference, category FROM case_file WHERE source = :source"
_QUEUES = """
SELECT task.queue, count(*) FROM task JOIN case_file ON case_file.id = task.case_id
WHERE case_file.source = :source AND task.state IN ('ready','reserved','in_progress','suspended','created')
GROUP BY task.queue ORDER BY 2 DESC, 1"""


def report(done: Import, terminal: Terminal) -> None:
    """Print the figures."""
    verb = "would be registered" if done.plan.dry_run else "registered"
    terminal.say(f"{verb}: {done.registered}")
    terminal.say(f"already there: {done.known}")
    terminal.say(f"refused: {len(done.refused)}")
    if done.undated:
        terminal.say(f"of these without a date, taken as received now: {done.undated}")
    tell_refused(done.refused, terminal)
    if done.seconds:
        pace = done.registered / done.seconds
        terminal.say(f"time: {done.seconds:.1f} s ({pace:.0f} cases a second)")
    if not done.plan.dry_run:
        tell_cases(done, terminal)


def tell_refused(refused: list[RefusedRow], terminal: Terminal) -> None:
    """Print each refused row with its line and reason."""
    for row in sorted(refused, key=lambda each: each.line)[:REFUSED_SHOWN]:
        terminal.say(f"  line {row.line}: {row.reason}")
    if len(refused) > REFUSED_SHOWN:
        terminal.say(f"  … and {len(refused) - REFUSED_SHOWN} more")


def tell_cases(done: Import, terminal: Terminal) -> None:
    """Print what became of the source's cases: per queue, per category, and against the file's labels."""
    with done.engine.read(SYSTEM) as tx:
        params = {"source": done.plan.source}
        found = rows.fetch(tx, _CASES, params)
        queues = {str(queue): count for queue, count in rows.fetch(tx, _QUEUES, params)}
    categories = Counter(str(category) for _id, _reference, category in found)
    terminal.say(f"cases of {done.plan.source}: {len(found)}")
    terminal.say("open tasks per queue:")
    for line in table_lines(queues):
        terminal.say(line)
    terminal.say("cases per category:")
    for line in table_lines(dict(categories.most_common())):
        terminal.say(line)
    labelled = [(category, done.labels[key]) for _id, key, category in found if done.labels.get(key)]
    if labelled:
        right = sum(category == label for category, label in labelled)
        unmatched = sum(category in UNMATCHED for category, _label in labelled)
        terminal.say(f"accuracy: {right / len(labelled):.1%} ({right} of {len(labelled)} labelled cases)")
        terminal.say(f"unmatched: {unmatched / len(labelled):.1%} ({unmatched})")
