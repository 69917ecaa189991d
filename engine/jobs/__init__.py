"""Jobs run after their transaction, in order, at least once; those who write them find a queue and nothing else here."""

from engine.jobs.drain import drain, drain_inner, drain_outer, run_named, run_one
from engine.jobs.enqueue import JobOptions, drop_of_wait, enqueue
from engine.jobs.incidents import FIRE_START, retry_job, skip_job
from engine.jobs.kinds import AheadHandler, Handlers, InnerHandler, OuterHandler
from engine.jobs.tick import tick

__all__ = [
    "FIRE_START",
    "AheadHandler",
    "Handlers",
    "InnerHandler",
    "JobOptions",
    "OuterHandler",
    "drain",
    "drain_inner",
    "drain_outer",
    "drop_of_wait",
    "enqueue",
    "retry_job",
    "run_named",
    "run_one",
    "skip_job",
    "tick",
]
