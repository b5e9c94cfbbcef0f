"""`groepen.yml` -> Groups, held against the names that forms have; every finding is kept, with its line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from pipeline.compare.groups import Group, Groups
from pipeline.compare.spelling import School, fold, sort_key, spell
from pipeline.compare.values import Response, Round
from pipeline.content.fields import Day, Flag, Label, Line, Slug
from pipeline.content.model import Model
from pipeline.content.parse import UnreadableError, read_source
from pipeline.content.problems import list_problems
from pipeline.content.source import FieldPath, Source
from pipeline.errors import Finding, nearest, require_clean

# As forms have it, so with what no title may hold; spaces at its ends are taken off forms too.
Spelling = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


class RoundEntry(Model):
    """A period, both days included."""

    name: Slug
    title: Label
    first: Day
    last: Day


class GroupEntry(Model):
    """A group: the schools it names, else all of its organisation; and those of the groups in it.

    `show_schools`: the board of `organisation` says that its schools are shown under their names.
    """

    title: Line
    organisation: Spelling | None = None
    schools: tuple[Spelling, ...] = ()
    groups: tuple[Slug, ...] = ()
    show_schools: Flag = False
    order: Literal["alphabetical", "chosen"] = "alphabetical"


class LeftOut(Model):
    """A text that is not taken over: of one file and field."""

    file: Spelling
    field: Spelling


class GroupsFile(Model):
    """What stands in groepen.yml."""

    title: Line | None = None
    rounds: tuple[RoundEntry, ...] = ()
    groups: Annotated[dict[Slug, GroupEntry], Field(min_length=1)]
    same: dict[Spelling, tuple[Spelling, ...]] = Field(default_factory=dict)
    roles: dict[Label, tuple[Spelling, ...]] = Field(default_factory=dict)
    texts: tuple[Spelling, ...] = ()
    leave_out: tuple[LeftOut, ...] = ()


def read_groups(path: Path, responses: Sequence[Response], name: str = "") -> Groups:
    """Read a file of groups.

    Args:
        path: the file.
        responses: as the forms have them: `spell(responses, groups.same)` gives those that are compared.
        name: of the file in findings; else its own.

    Raises:
        ContentError: it is not as it has to be, or names what no form names; with every finding.
    """
    source, raw = _read_file(path, name or path.name)
    reading = _Reading(raw, source, spell(responses, raw.same))
    groups = tuple(reading.build(it) for it in raw.groups)
    findings = [*_check_rounds(raw, source), *_check_same(raw, source), *_check_roles(raw, source)]
    require_clean(dict.fromkeys([*findings, *reading.findings, *_check_shown(raw, source)]))
    rounds = tuple(Round(it.name, it.title, it.first, it.last) for it in sorted(raw.rounds, key=lambda it: it.first))
    return Groups(
        groups,
        rounds or (_span(responses),),
        title=raw.title or "",
        named=reading.list_named(),
        roles=raw.roles,
        texts=raw.texts,
        left_out=frozenset((it.file, it.field) for it in raw.leave_out),
        same=raw.same,
        undated=not rounds,
    )


def make_groups(responses: Sequence[Response]) -> Groups:
    """Return the groups of a collection without a file of its own: each organisation one, everything one round."""
    names = sorted({it.organisation for it in responses if it.organisation}, key=sort_key)
    groups = tuple(
        Group(f"groep-{number}", name, sort_schools(_list_schools(responses, name)), (name,))
        for number, name in enumerate(names, start=1)
    )
    return Groups(groups, (_span(responses),), undated=True)


def sort_schools(schools: Iterable[School]) -> tuple[School, ...]:
    """Return schools in alphabetical order of their names."""
    return tuple(sorted(set(schools), key=lambda it: (sort_key(it[1]), sort_key(it[0]))))


def _read_file(path: Path, name: str) -> tuple[Source, GroupsFile]:
    try:
        source = read_source(path, name)
    except UnreadableError as error:
        require_clean([error.finding])
        raise
    try:
        return source, GroupsFile.model_validate(source.data)
    except ValidationError as error:
        require_clean(list_problems(error, GroupsFile, source))
        raise


@dataclass
class _Reading:
    """One file, held against the forms; what is wrong is kept."""

    raw: GroupsFile
    source: Source
    responses: Sequence[Response]
    findings: list[Finding] = field(default_factory=list)

    def build(self, name: str) -> Group:
        """Return a group with the schools of the groups in it."""
        entry = self.raw.groups[name]
        schools: list[School] = []
        organisations: list[str] = []
        for inside in dict.fromkeys(self._list_inside(name)):
            found, own = self._list_members(inside)
            schools += found
            organisations += own
        unique = tuple(dict.fromkeys(schools))
        listed = unique if entry.order == "chosen" else sort_schools(unique)
        return Group(name, entry.title, listed, tuple(sorted(set(organisations), key=sort_key)))

    def list_named(self) -> frozenset[School]:
        """Return the schools whose board says that they are shown under their names."""
        shown = [name for name, it in self.raw.groups.items() if it.show_schools and it.organisation]
        return frozenset(
            school for name in shown for school in self._list_members(name)[0] if self._is_board(name, school)
        )

    def _is_board(self, name: str, school: School) -> bool:
        return school[0] == self.raw.groups[name].organisation

    def _list_inside(self, name: str, above: tuple[str, ...] = ()) -> Iterator[str]:
        """Yield a group and all groups in it."""
        yield name
        for number, inside in enumerate(self.raw.groups[name].groups):
            path: FieldPath = ("groups", name, "groups", number)
            if inside not in self.raw.groups:
                self.findings.append(
                    self.source.finding(path, f"no group '{inside}'", nearest(inside, self.raw.groups))
                )
            elif inside in (*above, name):
                message = f"the group '{inside}' contains itself"
                self.findings.append(self.source.finding(path, message, "take it out of one of the two"))
            else:
                yield from self._list_inside(inside, (*above, name))

    def _list_members(self, name: str) -> tuple[list[School], tuple[str, ...]]:
        """Return what a group itself names: its schools, and the organisation whose own forms are in it."""
        entry = self.raw.groups[name]
        known = {it.organisation for it in self.responses if it.organisation}
        own: tuple[str, ...] = ()
        if entry.organisation and entry.organisation in known:
            own = (entry.organisation,)
        elif entry.organisation:
            message = f"no form comes from an organisation '{entry.organisation}'"
            self._tell(("groups", name, "organisation"), message, nearest(entry.organisation, known))
        elif not entry.schools and not entry.groups:
            self._tell(("groups", name), "a group without schools", "add organisation, schools or groups")
        if not entry.schools:
            return (_list_schools(self.responses, own[0]) if own else []), own
        there = [it for one in own or sorted(known) for it in _list_schools(self.responses, one)]
        named = [self._find(("groups", name, "schools", it), school, there) for it, school in enumerate(entry.schools)]
        found = [it for it in named if it]
        # What an organisation filled in itself belongs to the whole of it, not to some of its schools.
        return found, own if set(found) >= set(there) else ()

    def _find(self, path: FieldPath, name: str, there: Sequence[School]) -> School | None:
        found = [it for it in there if it[1] == name]
        if len(found) > 1:
            message = f"'{name}' is a school of {' and of '.join(it[0] for it in found)}"
            self._tell(path, message, "say which: add 'organisation' to the group")
        elif not found:
            self._tell(path, f"no form comes from a school '{name}'", nearest(name, [it[1] for it in there]))
        return found[0] if len(found) == 1 else None

    def _tell(self, path: FieldPath, message: str, hint: str) -> None:
        self.findings.append(self.source.finding(path, message, hint))


def _list_schools(responses: Iterable[Response], organisation: str) -> list[School]:
    return sorted({(it.organisation, it.school) for it in responses if it.organisation == organisation and it.school})


def _check_rounds(raw: GroupsFile, source: Source) -> Iterator[Finding]:
    for number, it in enumerate(raw.rounds):
        if it.last < it.first:
            path: FieldPath = ("rounds", number, "last")
            yield source.finding(path, "the round ends before it begins", "change one of the two days")
        if it.name in [other.name for other in raw.rounds[:number]]:
            yield source.finding(("rounds", number, "name"), f"'{it.name}' stands twice", "give it a name of its own")
    whole = [it for it, entry in enumerate(raw.rounds) if entry.first <= entry.last]
    for one, other in pairwise(sorted(whole, key=lambda it: (raw.rounds[it].first, it))):
        if raw.rounds[other].first <= raw.rounds[one].last:
            message = f"begins before '{raw.rounds[one].name}' ends: a form would belong to both"
            yield source.finding(("rounds", other, "first"), message, "change one of the two days")


def _check_same(raw: GroupsFile, source: Source) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for name, others in raw.same.items():
        for number, other in enumerate(others):
            path: FieldPath = ("same", name, number)
            if other in raw.same:
                message = f"'{other}' is a name with other spellings itself"
                yield source.finding(path, message, "write all of them below one name")
            elif other in seen:
                yield source.finding(path, f"'{other}' also stands for '{seen[other]}'", "keep one of the two")
            seen.setdefault(other, name)
    written = [(("groups", key, "organisation"), it.organisation or "") for key, it in raw.groups.items()]
    written += [(("groups", key, "schools"), name) for key, it in raw.groups.items() for name in it.schools]
    for where, name in written:
        if name in seen:
            hint = f"write '{seen[name]}'"
            yield source.finding(where, f"'{name}' stands below 'same' for another name", hint)


def _check_roles(raw: GroupsFile, source: Source) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for role, words in raw.roles.items():
        for number, word in enumerate((role, *words)):
            first = seen.setdefault(fold(word), role)
            if first != role:
                path: FieldPath = ("roles", role, number - 1) if number else ("roles", role)
                yield source.finding(path, f"'{word}' also stands for '{first}'", "keep one of the two")


def _check_shown(raw: GroupsFile, source: Source) -> Iterator[Finding]:
    """Tell groups that would show schools which are not theirs: only a board can say that."""
    for name, it in raw.groups.items():
        if it.show_schools and not it.organisation:
            hint = "say it in the group of each board, with its 'organisation'"
            path: FieldPath = ("groups", name, "show_schools")
            yield source.finding(path, "only a board can show its schools under their names", hint)


def _span(responses: Iterable[Response]) -> Round:
    """Return the round of everything; without a name, since nobody named it."""
    days = [it.date for it in responses if it.date]
    return Round("", "", min(days, default=dt.date.min), max(days, default=dt.date.max))
