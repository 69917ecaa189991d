"""Each mutant lives in the real processes of a short campaign, which must name it by the promise that it breaks.

python -m tests.faults.mutated --store postgres --only "a fired timer that is not settled"
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.campaign import Outcome, Plan, run, store_named
from tests.faults.mutants import MUTANTS, Mutant

OTHER = {"sqlite": "PostgreSQL", "postgres": "SQLite"}
"""How mutants about the other database begin."""
USUAL = ("kill_mid_letter",)
BLOWS = {
    "SQLite is not locked": ("import_beside", "people_beside"),
    "SQLite's rows are known although others wrote": ("import_beside", "archive_beside"),
    "PostgreSQL's rows are not locked": ("import_beside", "late_mail"),
    "SQLite keeps what was told already": ("die_with_answers_held",) * 2,
    "a late result that is kept": ("hang_on_letters", "import_while_mail_waits"),
    "a job deleted before its effect": ("cut_mail",),
}
"""What lets a mutant show itself, where one blow of the usual kind does not."""
DECISIONS = 4
"""So many decisions people make at least, which takes them through most of the shipped process."""
LONGEST = 60.0


def campaign_with(mutant: Mutant, store: str, seed: int) -> tuple[Outcome, float]:
    """A campaign of a few blows whose processes have the fault, and the seconds that it took."""
    folder = Path(tempfile.mkdtemp(prefix="makegood-mutant-"))
    begun = time.monotonic()
    only = BLOWS.get(mutant.name, USUAL)
    plan = Plan(
        seed, LONGEST, store, mutant.name, blows=len(only), only=only, catching_up=6.0, pause=0.05, decisions=DECISIONS
    )
    outcome = run(plan, folder)
    shutil.rmtree(folder)
    return outcome, time.monotonic() - begun


def caught(mutant: Mutant, outcome: Outcome) -> str:
    """What named the mutant, by its promise if anything did; or nothing."""
    named = [fault for fault in outcome.faults if fault.startswith(mutant.promise)]
    return next(iter((*named, *outcome.faults)), "")


def told(mutant: Mutant, outcome: Outcome, seconds: float) -> str:
    """One line of the report."""
    fault = caught(mutant, outcome)
    return f"{mutant.name} ({seconds:.0f} s) → {fault[:110] or 'LIVES'}\n"


def main() -> int:
    """Run one mutant after the other; give 1 where one lives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=store_named, choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", choices=("", *MUTANTS), default="")
    given = parser.parse_args()
    names = [given.only] if given.only else [name for name in MUTANTS if not name.startswith(OTHER[given.store])]
    sys.stdout.write(f"seed {given.seed} on {given.store}\n")
    living = 0
    for name in names:
        outcome, seconds = campaign_with(MUTANTS[name], given.store, given.seed)
        living += not caught(MUTANTS[name], outcome)
        sys.stdout.write(told(MUTANTS[name], outcome, seconds))
        sys.stdout.flush()
    sys.stdout.write(f"{len(names) - living} of {len(names)} caught\n")
    return 1 if living else 0


if __name__ == "__main__":
    sys.exit(main())
