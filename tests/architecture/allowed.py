"""The few exceptions from the house's rules, each with its reason; an exception that is no longer needed fails a test."""

from __future__ import annotations

# Functions of engine/actions that ask for no permission themselves: `module.function`, or `module` where all of its functions are inner.
# Nobody reaches these by a route: an action that has authorised already calls them, or the engine itself.
INNER_ACTIONS: dict[str, str] = {
    "case_record": "takes the lock that every action takes before it asks for permission",
    "choose_owner": "decides for the machine whose task it is; nobody calls it by hand",
    "form_of_task.form_named": "reads a deployed form, which is no case's matter",
    "operation.acting": "chooses in whose name an operation's consequences are done, after it was asked for",
    "open_case": "the one way in which actions that have asked keep a new case",
    "process_starts": "finds what is deployed, which is no case's matter",
    "job_kinds": "jobs run as the program itself, and each calls an action that asks for it",
    "task_changes": "what every change of a task asks besides permission",
    "reassign_task.person_named": "finds a colleague for actions that have asked",
    "reassign_tasks.with_case": "reads the number of a case whose task an action has moved",
}

# Files longer than 300 lines.
LONG_FILES: dict[str, str] = {
    "engine/model/bpmn.py": "one typed model of one standard, dataclasses only: a reader and its checks want it on one page",
    "engine/execution/runtime.py": "the whole contract between machine and host, data only",
}
