"""An instance as operations see it: where it stands, what it waits for and what it holds; values only for who may see cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.execution import operations
from engine.execution.compiler import ProgramCode
from engine.execution.operations import Level, Place
from engine.execution.programs import program_of
from engine.model.bpmn import NodeKind
from engine.model.case import Case
from engine.model.people import Person
from engine.model.running import (
    Deployed,
    Incident,
    IncidentState,
    Instance,
    Job,
    Subscription,
    SubscriptionState,
    Timer,
    TimerState,
)
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.queries.addresses import params_seen_by
from engine.queries.drawings import Drawing, Element, drawing_of
from engine.queries.incidents import require_watcher
from engine.queries.where_it_is import InstanceView, steps_of
from engine.store import rows, settings
from engine.store.transaction import Tx

NO_TARGETS = (NodeKind.BOUNDARY_EVENT, NodeKind.START_EVENT)


@dataclass(frozen=True, slots=True)
class InstancePage:
    """One instance with everything that is open in it; `targets` are elements that a token could go to."""

    view: InstanceView
    deployed: Deployed
    newest: int
    case_number: str
    own_process: bool
    places: Sequence[Place]
    levels: Sequence[Level]
    tasks: Sequence[Task]
    timers: Sequence[Timer]
    messages: Sequence[Subscription]
    jobs: Sequence[Job]
    incidents: Sequence[Incident]
    done: Sequence[Element]
    people: dict[str, str]

    @property
    def instance(self) -> Instance:
        return self.view.instance

    @property
    def drawing(self) -> Drawing:
        return self.view.drawing

    @property
    def targets(self) -> list[Element]:
        return [each for each in self.drawing.elements.values() if each.kind not in NO_TARGETS]


def instance_page(tx: Tx, instance_id: str) -> InstancePage:
    """Read it; raises NotFound."""
    require_watcher(tx)
    instance = rows.get(tx, Instance, instance_id)
    drawing = drawing_of(tx, instance.deployment_id, instance.process_id)
    deployed = tx.catalog.by_id(instance.deployment_id)
    program = program_of(deployed, zone=settings.zone(tx).key, deployments=tx.catalog)
    first = rows.first(tx, Instance, case_id=instance.case_id, order_by="started_at, id")
    tasks = rows.find(tx, Task, state=tuple(sorted(OPEN_STATES)), order_by="id", **instance.place)
    incidents = rows.find(tx, Incident, state=IncidentState.OPEN, order_by="id", **instance.place)
    live = instance.status.is_live
    return InstancePage(
        view=InstanceView(instance, deployed.version, drawing, steps_of(tx, instance, drawing)),
        deployed=deployed,
        newest=tx.catalog.newest(deployed.key).version,
        case_number=rows.get(tx, Case, instance.case_id).number,
        own_process=first is None or first.process_id == instance.process_id,
        places=operations.places(program, instance.state) if live else (),
        levels=_levels(tx, program, instance) if live else (),
        tasks=tasks,
        timers=rows.find(tx, Timer, state=TimerState.PENDING, order_by="due_at, id", **instance.place),
        messages=rows.find(tx, Subscription, state=SubscriptionState.OPEN, order_by="element_id, id", **instance.place),
        jobs=rows.find(tx, Job, order_by="id", **instance.place),
        incidents=[replace(each, params=params_seen_by(tx.actor, each.params)) for each in incidents],
        done=_done(tx, instance, drawing),
        people={
            person.id: person.name
            for person in rows.find(tx, Person, id=tuple({task.owner_id for task in tasks if task.owner_id}))
        },
    )


def drawing_of_instance(tx: Tx, instance_id: str) -> bytes:
    """The diagram that it runs on; raises NotFound."""
    require_watcher(tx)
    instance = rows.get(tx, Instance, instance_id)
    return drawing_of(tx, instance.deployment_id, instance.process_id).xml


def _levels(tx: Tx, program: ProgramCode, instance: Instance) -> list[Level]:
    """The scopes with their variables; whoever sees no cases reads names alone."""
    found = operations.levels(program, instance.state)
    if tx.actor.sees_cases or tx.actor.is_system:
        return list(found)
    return [replace(level, variables=dict.fromkeys(level.variables)) for level in found]


def _done(tx: Tx, instance: Instance, drawing: Drawing) -> list[Element]:
    """The tasks of people that were done, each once, the last one first."""
    done = rows.find(tx, Task, state=TaskState.COMPLETED, order_by="closed_at DESC, id DESC", **instance.place)
    ids = dict.fromkeys(task.element_id for task in done)
    return [drawing.elements[element] for element in ids if element in drawing.elements]
