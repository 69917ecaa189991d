"""The people of a scenario: who is present, who stands in, who is excluded; the desk's own rules on a small company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from engine.model.bpmn import Performers
from engine.model.errors import Message
from engine.model.people import Role
from engine.model.scenario import ScenarioPerson

LADDER = (Role.CLERK, Role.SPECIALIST, Role.LEAD, Role.MANAGER)
LEVELS = ("regional", "director")


def _person(*roles: Role, levels: tuple[str, ...] = ()) -> ScenarioPerson:
    return ScenarioPerson(tuple(map(str, roles)), levels)


# Every story has these, and one person named after each role; a story may change them or add others.
COMPANY: Mapping[str, ScenarioPerson] = {
    "anna": _person(Role.CLERK),
    "ben": _person(Role.SPECIALIST),
    "clara": _person(Role.LEAD),
    "david": _person(Role.LEAD),
    "eva": _person(Role.MANAGER, levels=("regional",)),
    "filip": _person(Role.MANAGER, levels=LEVELS),
    "iga": _person(Role.SPECIALIST),
    "jan": _person(Role.CLERK),
    **{str(role): _person(role) for role in (Role.CLERK, Role.SPECIALIST, Role.LEAD)},
    "manager": _person(Role.MANAGER, levels=("regional",)),
    "director": _person(Role.MANAGER, levels=LEVELS),
}


@dataclass(frozen=True, slots=True)
class Performer:
    """Who did a task, and the absent person in whose place."""

    name: str
    for_absent: str = ""

    def __str__(self) -> str:
        return f"{self.name} for {self.for_absent}" if self.for_absent else self.name


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task of the story with its performers as the diagram has them, expressions worked out."""

    id: str
    element: str
    name: str
    performers: Performers
    assignee: str = ""
    clock: str = ""


@dataclass(slots=True)
class People:
    """Who is there, who did what, and whose tasks are whose."""

    company: dict[str, ScenarioPerson]
    done: dict[str, Performer] = field(default_factory=dict[str, Performer])
    owners: dict[str, Performer] = field(default_factory=dict[str, Performer])

    @classmethod
    def of_story(cls, people: Mapping[str, ScenarioPerson], performed: Mapping[str, str]) -> People:
        """Give the company, with what the story says of its people."""
        company = dict(COMPANY)
        for name, told in people.items():
            known = company.get(name, ScenarioPerson())
            company[name] = replace(told, roles=told.roles or known.roles, levels=told.levels or known.levels)
        return cls(company, {element: Performer(name) for element, name in performed.items()})

    def is_absent(self, name: str, today: date) -> bool:
        """Whether the person is away today."""
        person = self.company.get(name)
        return person is not None and person.absent is not None and person.absent.first <= today <= person.absent.last

    def present(self, name: str, today: date) -> str:
        """The person, or who stands in today; empty where nobody does. Going round in a circle ends."""
        seen: set[str] = set()
        while self.is_absent(name, today):
            if name in seen:
                return ""
            seen.add(name)
            name = self.company[name].substitute
        return name if name in self.company else ""

    def excluded(self, task: OpenTask, today: date) -> set[str]:
        """Whoever did one of the excluded elements, for whom they did it, and who stands in for them today."""
        did = {self.done[element] for element in task.performers.excludes if element in self.done}
        names = {name for performer in did for name in (performer.name, performer.for_absent) if name}
        return names | {self.present(name, today) for name in names}

    def role_wanted(self, task: OpenTask, today: date) -> str:
        """The task's role or level; where nobody present and not excluded holds it, the next one up."""
        wanted = task.performers.role
        for role in (wanted, *rungs_above(wanted)):
            if any(self._may(name, replace_role(task, role), today) for name in self.company):
                return role
        return wanted

    def allocate(self, task: OpenTask, today: date) -> None:
        """Give the task to the person named or to who did the earlier task; it stays offered where they may not."""
        earlier = self.done.get(task.performers.same_as)
        named = task.assignee or (earlier.name if earlier else "")
        owner = self.present(named, today) if named else ""
        barred = self.excluded(task, today)
        if owner and owner not in barred and named not in barred:
            self.owners[task.id] = Performer(owner, named if owner != named else "")

    def refusal(self, task: OpenTask, name: str, today: date) -> Message | None:
        """Why the desk does not let this person do the task; None where it does."""
        if name not in self.company:
            return Message("scenario_person", "nobody is called {person}", {"person": name})
        if self.is_absent(name, today):
            return Message("scenario_absent", "{person} is absent on {day}", {"person": name, "day": today})
        if name in self.excluded(task, today):
            return Message("scenario_excluded", "{person} is excluded", {"person": name})
        owner = self.owners.get(task.id)
        if owner is not None and owner.name == name:
            return None
        if owner is not None:
            return Message("scenario_taken", "it is with {owner}", {"owner": str(owner)})
        role = self.role_wanted(task, today)
        if not self._holds(name, role):
            return Message("scenario_role", "it needs {role}, which {person} is not", {"role": role, "person": name})
        return None

    def perform(self, task: OpenTask, name: str) -> None:
        """Note who did it; the record says “B for A”."""
        owner = self.owners.get(task.id)
        self.done[task.element] = owner if owner is not None and owner.name == name else Performer(name)

    def _may(self, name: str, task: OpenTask, today: date) -> bool:
        present = not self.is_absent(name, today)
        return present and name not in self.excluded(task, today) and self._holds(name, task.performers.role)

    def _holds(self, name: str, role: str) -> bool:
        person = self.company[name]
        return not role or role in person.roles or role in person.levels


def replace_role(task: OpenTask, role: str) -> OpenTask:
    """The same task, for another role."""
    return replace(task, performers=replace(task.performers, role=role))


def rungs_above(role: str) -> tuple[str, ...]:
    """The roles or approval levels above one, lowest first."""
    if role in LEVELS:
        return LEVELS[LEVELS.index(role) + 1 :]
    if role in LADDER:
        return tuple(map(str, LADDER[LADDER.index(Role(role)) + 1 :]))
    return ()
