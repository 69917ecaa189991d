"""A scenario is played on the simulation: people do their steps, time goes on, and the end is compared with what was expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.commands.simulated_case import SimulatedCase
from engine.commands.simulated_people import OpenTask, People, Performer
from engine.definitions.bpmn import read_bpmn
from engine.execution import Simulation
from engine.execution.simulation import SimTask
from engine.model.bpmn import EventKind, Node, NodeKind, Performers, Process
from engine.model.errors import Conflict, Invalid, MakegoodError, NotFound
from engine.model.scenario import Advance, ClaimTask, CompleteTask, Scenario, SendMessage, Step

DAY = timedelta(days=1)
KEPT_BY_CASE = ("category", "priority", "queue", "product_group", "area", "sector")


@dataclass(frozen=True, slots=True)
class Stage:
    """What the diagrams of a folder say of starts and user tasks."""

    processes: tuple[Process, ...]
    user_tasks: Mapping[str, Node]
    starts: frozenset[str]
    start_messages: frozenset[str]

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Stage:
        """Read the diagrams among the files."""
        read = [read_bpmn(data, file=name) for name, data in files.items() if name.endswith(".bpmn")]
        processes = tuple(process for each in read for process in each.definitions.processes)
        nodes = [node for process in processes for node in process.body.walk()]
        opening = [node for process in processes for node in process.body.nodes if node.kind is NodeKind.START_EVENT]
        messages = {event.name for node in opening for event in node.events if event.kind is EventKind.MESSAGE}
        return cls(
            processes,
            {node.id: node for node in nodes if node.kind is NodeKind.USER_TASK},
            frozenset(node.id for node in opening if not node.events),
            frozenset(messages),
        )

    def process_of(self, scenario: Scenario) -> str:
        """The process that the story names, else the only one; raises Invalid where that is open."""
        runnable = [process.id for process in self.processes if process.executable is not False]
        if scenario.process in runnable:
            return scenario.process
        if not scenario.process and len(runnable) == 1:
            return runnable[0]
        raise Invalid(
            "scenario_process",
            "Write which process the story is about: process = “…”. The folder has: {known}.",
            known=", ".join(runnable) or "–",
        )


@dataclass(slots=True)
class Story:
    """A scenario being played: the simulation, the people, the case, and what they were told."""

    scenario: Scenario
    stage: Stage
    simulation: Simulation
    people: People
    case: SimulatedCase
    now: datetime
    told: list[str] = field(default_factory=list[str])
    open: dict[str, OpenTask] = field(default_factory=dict[str, OpenTask])

    @classmethod
    def begin(cls, scenario: Scenario, files: Mapping[str, bytes], *, runtime: str = "machine") -> Story:
        """Load the files and start the process; raises DefinitionInvalid for files that cannot run."""
        stage, case = Stage.of(files), SimulatedCase(scenario.start)
        simulation = Simulation.load(files, connectors=case.connectors(), now=scenario.now, runtime=runtime)
        people = People.of_story(scenario.people, scenario.performed)
        story = cls(scenario, stage, simulation, people, case, scenario.now)
        case.desk = story
        if scenario.person:
            people.done.update(dict.fromkeys(stage.starts, Performer(scenario.person)))
        process = stage.process_of(scenario)
        simulation.start(process, scenario.start, actor=scenario.person or None, clocks=scenario.clocks or None)
        story.look()
        return story

    @property
    def today(self) -> date:
        """The day of the story."""
        return self.now.date()

    def take(self, step: Step) -> None:
        """Take one step; raises a refusal that says why it cannot be taken."""
        match step:
            case Advance(by=by):
                self.advance(by)
            case SendMessage(name=name, payload=payload, correlation=correlation):
                facts = self.facts() if name in self.stage.start_messages else {}
                self.simulation.send_message(name, {**facts, **payload}, correlation)
            case ClaimTask(task=element, person=person, refused=refused):
                task = self.task_of(element)
                if not self.expects_refusal(task, person, refused):
                    self.people.owners[task.id] = Performer(person)
            case CompleteTask(refused=refused):
                task = self.task_of(step.task)
                if not self.expects_refusal(task, step.person, refused):
                    self.complete(task, step)
        self.look()

    def facts(self) -> dict[str, object]:
        """What a process that starts later reads of the case: the facts, and what the case itself keeps."""
        kept = self.simulation.variables()
        return {**self.scenario.start, **{name: kept[name] for name in KEPT_BY_CASE if name in kept}}

    def complete(self, task: OpenTask, step: CompleteTask) -> None:
        """Complete the task in the person's name."""
        self.simulation.complete(task.id, typed_in(step.data), actor=step.person or None, outcome=step.outcome)
        self.people.perform(task, step.person)

    def expects_refusal(self, task: OpenTask, person: str, refused: bool) -> bool:
        """Whether the desk refuses, as the story expects; raises Conflict where it does otherwise."""
        reason = self.people.refusal(task, person, self.today) if person else None
        if reason is not None and not refused:
            raise Conflict(
                "scenario_refused",
                "{person} cannot do “{task}”: {reason}.",
                person=person,
                task=task.element,
                reason=str(reason),
            )
        if reason is None and refused:
            raise Conflict(
                "scenario_not_refused", "{person} should be refused “{task}”.", person=person, task=task.element
            )
        return refused

    def task_of(self, element: str) -> OpenTask:
        """The open task of an element; raises NotFound that names those that are open."""
        for task in self.open.values():
            if task.element == element:
                return task
        known = ", ".join(sorted(task.element for task in self.open.values())) or "–"
        raise NotFound("scenario_no_task", "“{task}” is not open; open are: {known}.", task=element, known=known)

    def advance(self, by: timedelta) -> None:
        """Let time go on, a day at a time, so that people are absent on the right days."""
        while by > timedelta(0):
            part = min(by, DAY)
            self.simulation.advance(part)
            self.now += part
            by -= part
            self.look()

    def look(self) -> None:
        """See which tasks are open now, and whose the new ones are."""
        waiting = {task.id: task for task in self.simulation.tasks()}
        self.open = {each: self.open.get(each) or self.opened(task) for each, task in waiting.items()}

    def opened(self, task: SimTask) -> OpenTask:
        """Take a new task to its owner, where the diagram names one."""
        node = self.stage.user_tasks.get(task.element_id)
        clock = node.user.clock if node is not None and node.user is not None else ""
        performers = Performers(queue=task.queue, role=task.role, excludes=task.excludes, same_as=task.same_as)
        found = OpenTask(task.id, task.element_id, task.name, performers, task.assignee or "", clock)
        self.people.allocate(found, self.today)
        return found

    # ---- what the case's connectors need

    def stop_clocks(self, on: date | None) -> None:
        """The answer has left: every clock stops; a lapse that came after that day is withdrawn."""
        for clock in self.simulation.clocks():
            self.simulation.stop_clock(clock.key, clock.instance, on=on)

    def lapse_clock(self) -> None:
        """The law has decided: the statutory clock lapses."""
        for clock in self.simulation.clocks():
            if clock.kind == "statutory":
                self.simulation.lapse_clock(clock.key, clock.instance)

    def escalate(self, clock: str, level: int) -> None:
        """Half time tells the owner, or the lead where nobody has it; 80 the lead; the full time gives it to the lead."""
        for task in [task for task in self.open.values() if task.clock == clock]:
            owner = self.people.owners.get(task.id)
            lead = self.people.present("lead", self.today)
            if (
                level >= 100
                and (owner is None or owner.name != lead)
                and lead not in self.people.excluded(task, self.today)
            ):
                self.people.owners[task.id] = Performer(lead)
                self.tell(level, lead)
            to_owner = owner is not None and level != 80
            self.tell(level, self.people.present(owner.name, self.today) if owner is not None and to_owner else lead)

    def tell(self, level: int, person: str) -> None:
        """Note who was told."""
        self.told += [f"escalation_{level}", f"escalation_{level} to {person}"]

    def notices(self) -> Counter[str]:
        """Everything that was sent or told, by letter and by person."""
        sent = [
            text for notice in self.simulation.notices() for text in (notice.letter, f"{notice.letter} to {notice.to}")
        ]
        return Counter([*sent, *self.told])


def typed_in(data: Mapping[str, object]) -> dict[str, object]:
    """The values as a form takes them: days and amounts as text."""
    return {name: str(value) if isinstance(value, date | Decimal) else value for name, value in data.items()}


def play(
    scenario: Scenario, files: Mapping[str, bytes], *, runtime: str = "machine"
) -> tuple[Story, MakegoodError | None]:
    """Play the steps up to the end, or up to the first that cannot be taken."""
    story = Story.begin(scenario, files, runtime=runtime)
    for place, step in enumerate(scenario.steps, 1):
        try:
            story.take(step)
        except MakegoodError as refusal:
            reason = str(refusal)
            return story, Conflict("scenario_stopped", "Step {place}: {reason}", place=place, reason=reason)
    return story, None
