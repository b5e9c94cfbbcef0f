"""One form in one round -> rows and cells: first all that could be shown, then what is left when rows are hidden.

Rows are made of atoms, the smallest parts that two rows can share: the people with one role in one school.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from pipeline.compare.groups import Group, Groups
from pipeline.compare.protect import Atom, Measure, Pattern, Shown, choose_hidden, is_bare
from pipeline.compare.scores import Score, find_band, join_scores, round_mean, score
from pipeline.compare.spelling import School, sort_key
from pipeline.compare.values import PEOPLE_LEAST, Cell, Questionnaire, Response, Round, Row, RowKind, Table

Atoms = frozenset[Atom]


@dataclass(frozen=True)
class Line:
    """A row before it is known whether it is shown: what it is called, and which atoms it holds."""

    key: str
    title: str
    kind: RowKind
    atoms: Atoms


@dataclass(frozen=True)
class Plan:
    """The lines of one group: its total, its schools, its roles."""

    group: Group
    total: Line
    schools: tuple[Line, ...]
    roles: tuple[Line, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of them."""
        return (self.total, *self.schools, *self.roles)


class Sheet:
    """Every answer to one form in one round.

    Args:
        asked: the form.
        round_: the round.
        responses: to this form in this round.
        groups: says what the roles are.
    """

    def __init__(self, asked: Questionnaire, round_: Round, responses: Sequence[Response], groups: Groups) -> None:
        self.asked, self.round = asked, round_
        self.roles = (*groups.roles, "")
        self.parts: dict[Atom, list[Response]] = {}
        for it in responses:
            self.parts.setdefault((it.organisation, it.school, groups.find_role(it.role)), []).append(it)
        self._scores = {
            (atom, number): [score(it, subject, asked.scale) for it in inside]
            for atom, inside in self.parts.items()
            for number, subject in enumerate(asked.subjects)
        }

    # ---------------------------------------------------------------------------------- plans

    @cached_property
    def schools(self) -> frozenset[School]:
        """Schools that answered; an organisation by itself is one without a name."""
        return frozenset((atom[0], atom[1]) for atom in self.parts)

    def plan(self, group: Group, titles: Mapping[School, str], named: frozenset[School]) -> Plan:
        """Return the lines of a group; schools with a letter stand behind those with a name, by their letter.

        A chosen order of letters would tell which letter is whose.
        """
        inside = [it for it in group.schools if it in self.schools]
        own = [(it, "") for it in group.organisations if (it, "") in self.schools]
        atoms = self._list_atoms([*inside, *own])
        order = [it for it in group.schools if it in named]
        order += sorted((it for it in group.schools if it not in named), key=lambda it: _by_letter(titles[it]))
        schools = tuple(
            Line(_name_key(it, titles[it], named), titles[it], "school", self._list_atoms([it])) for it in order
        )
        total = Line("total", group.title, "total", atoms)
        return Plan(group, total, schools, self.plan_roles(atoms))

    def plan_roles(self, atoms: Atoms) -> tuple[Line, ...]:
        """Return a line for each role of which there is somebody."""
        lines = (
            Line(f"role:{role}", role, "role", frozenset(it for it in atoms if it[2] == role))
            for role in self.roles
            if role
        )
        return tuple(it for it in lines if self.count_people(it.atoms))

    def _list_atoms(self, schools: Iterable[School]) -> Atoms:
        """Return all parts of schools that answered, also those of which nobody did: no reader knows which."""
        return frozenset((*it, role) for it in schools if it in self.schools for role in self.roles)

    def count_people(self, atoms: Atoms) -> int:
        """Return how many people filled it in."""
        return sum(it.people for atom in atoms for it in self.parts.get(atom, ()))

    def count_answers(self, atoms: Atoms) -> list[int]:
        """Return how many people have a mean, by subject; then how many have a wish, where anybody has."""
        sums = [self._sum(atoms, number, Dropped()) for number in range(len(self.asked.subjects))]
        return [*(it.people for it in sums), *(it.wishing for it in sums if it.wishing)]

    # ---------------------------------------------------------------------------------- hiding

    def hide(self, plans: Sequence[Plan]) -> Withheld:
        """Return what is withheld of all these lines, looked at together."""
        lines = {it.atoms: it for plan in plans for it in reversed(plan.lines) if it.atoms}
        dropped = self._drop(lines.values())
        measures = self._measure(dropped)
        shown = [Shown(atoms, line.kind) for atoms, line in lines.items()]
        extra = [atoms for plan in plans for atoms in self._list_rest(plan)]
        pattern = choose_hidden(shown, measures, self.asked.scale.high, extra)
        small = frozenset(it for it in extra if 0 < self.count_people(it) < PEOPLE_LEAST)
        return Withheld(pattern, pattern.all | small, dropped)

    def _list_rest(self, plan: Plan) -> list[Atoms]:
        """Return the parts of a total that have no row of their own: it less its rows must not betray them."""
        rest = [
            frozenset(it for it in plan.total.atoms if not it[1] and it[0] == name) for name in plan.group.organisations
        ]
        if plan.roles:
            rest.append(plan.total.atoms - frozenset().union(*(it.atoms for it in plan.roles)))
        return [it for it in rest if self.count_people(it)]

    def _drop(self, lines: Iterable[Line]) -> Dropped:
        """Return what is left out everywhere: values of fewer than five people of a school or group that has more.

        So are wishes of fewer than five in any row that is large enough. Leaving one out may make another too small.
        """
        large = [it for it in lines if self.count_people(it.atoms) >= PEOPLE_LEAST]
        now = {
            (atom, number)
            for line in large
            if line.kind != "role"
            for number in range(len(self.asked.subjects))
            if 0 < self._sum(line.atoms, number, Dropped()).people < PEOPLE_LEAST
            for atom in line.atoms
        }
        wish: set[tuple[Atom, int]] = set()
        found = True
        while found:
            dropped = Dropped(frozenset(now), frozenset(wish))
            found = False
            for line in large:
                for number in range(len(self.asked.subjects)):
                    if 0 < self._sum(line.atoms, number, dropped).wishing < PEOPLE_LEAST:
                        wish |= {(atom, number) for atom in line.atoms}
                        found = True
        return Dropped(frozenset(now), frozenset(wish))

    def _measure(self, dropped: Dropped) -> list[Measure]:
        """Return everything that is counted: the people, then each subject for now and for the wish."""
        people = {
            atom: (sum(it.people for it in inside), len(inside), Fraction(len(inside)))
            for atom, inside in self.parts.items()
        }
        found = [Measure(people, people, "people")]
        for number in range(len(self.asked.subjects)):
            sums = {atom: self._sum(frozenset((atom,)), number, dropped) for atom in self.parts}
            now = {atom: (it.people, it.forms, it.total) for atom, it in sums.items() if it.forms}
            wish = {atom: (it.wishing, it.wishes, it.wished) for atom, it in sums.items() if it.wishes}
            found += [Measure(now, people, "now", number), Measure(wish, people, "wish", number)]
        return [it for it in found if it.parts]

    def _sum(self, atoms: Atoms, number: int, dropped: Dropped) -> _Sum:
        kept = [it for it in self._list_scores(atoms, number, dropped) if it.mean is not None]
        wishing = [it for it in kept if it.wish is not None]
        return _Sum(
            people=sum(it.people for it in kept),
            forms=len(kept),
            total=sum((it.mean for it in kept if it.mean is not None), Fraction()),
            wishing=sum(it.people for it in wishing),
            wishes=len(wishing),
            wished=Fraction(sum(it.wish for it in wishing if it.wish is not None)),
        )

    def _list_scores(self, atoms: Atoms, number: int, dropped: Dropped) -> list[Score]:
        return [
            replace(it, wish=None) if (atom, number) in dropped.wish else it
            for atom in sorted(atoms & self.parts.keys())
            if (atom, number) not in dropped.now
            for it in self._scores[atom, number]
        ]

    # ---------------------------------------------------------------------------------- rows

    def make_table(self, plan: Plan, withheld: Withheld) -> Table:
        """Return the table of a group, without what is withheld; without roles where none of them is shown."""
        schools = tuple(self.make_row(it, withheld) for it in plan.schools)
        lines = plan.roles if withheld.shows_roles(plan.roles) else ()
        roles = tuple(self.make_row(it, withheld) for it in lines)
        return Table(self.asked, self.round, self.make_row(plan.total, withheld), schools, roles)

    def make_row(self, line: Line, withheld: Withheld) -> Row:
        """Return a row: empty, hidden, or with its numbers; where it holds something hidden, without its spread.

        A hidden row does not say whether it is small itself: together with a total that would tell how small.
        """
        numbers = range(len(self.asked.subjects))
        pattern = withheld.pattern
        if line.atoms in pattern.rows:
            return Row(line.key, line.title, line.kind, (Cell(why="hidden"),) * len(numbers), why="hidden")
        inside = [it for atom in sorted(line.atoms & self.parts.keys()) for it in self.parts[atom]]
        if not inside:
            empty = (Cell(people=0, why="unanswered"),) * len(numbers)
            return Row(line.key, line.title, line.kind, empty, 0, 0, "unanswered")
        bare = is_bare(line.atoms, line.kind, withheld.secret)
        cells = [self._make_cell(line.atoms, number, withheld) for number in numbers]
        if bare:
            cells = [replace(it, low=None, high=None, given=None, asked=None, unknown=None) for it in cells]
        people = sum(it.people for it in inside)
        return Row(line.key, line.title, line.kind, tuple(cells), None if bare else len(inside), people)

    def _make_cell(self, atoms: Atoms, number: int, withheld: Withheld) -> Cell:
        dropped, pattern = withheld.dropped, withheld.pattern
        kept = self._list_scores(atoms, number, dropped)
        if not kept and any((atom, number) in dropped.now for atom in atoms & self.parts.keys()):
            return Cell(why="few")
        made = join_scores(kept)
        if made.people and atoms in pattern.now.get(number, ()):
            return Cell(why="hidden")
        wish = None if atoms in pattern.wish.get(number, ()) else made.wish
        return self._publish(replace(made, wish=wish))

    def _publish(self, cell: Cell) -> Cell:
        """Return a cell with its means as they are printed: readers are taken to know no more than that."""
        if cell.mean is None:
            return cell
        band = find_band(cell.mean, self.asked.scale.high)
        wish = None if cell.wish is None else round_mean(cell.wish)
        return replace(cell, mean=round_mean(cell.mean), band=band, wish=wish)


@dataclass(frozen=True)
class Dropped:
    """Atoms and subjects (by number) that are left out of everything: present answers, and wishes."""

    now: frozenset[tuple[Atom, int]] = frozenset()
    wish: frozenset[tuple[Atom, int]] = frozenset()


@dataclass(frozen=True)
class Withheld:
    """What is not shown.

    Attributes:
        pattern: rows and cells that are hidden.
        secret: every row of which something is, and small parts of a total that have no row.
        dropped: answers that stand in no number at all.
    """

    pattern: Pattern
    secret: frozenset[Atoms]
    dropped: Dropped

    @classmethod
    def of_nothing(cls) -> Withheld:
        """Return that everything is shown."""
        return cls(Pattern(), frozenset(), Dropped())

    def shows_roles(self, roles: Iterable[Line]) -> bool:
        """Say whether one of them is shown."""
        return self.pattern.roles and any(it.atoms not in self.pattern.rows for it in roles)


@dataclass(frozen=True)
class _Sum:
    """Of one subject: people, forms and sum of their means; the same of their wishes."""

    people: int
    forms: int
    total: Fraction
    wishing: int
    wishes: int
    wished: Fraction


def _name_key(school: School, title: str, named: frozenset[School]) -> str:
    """Return a key that tells no name which is not shown."""
    return f"school:{school[0]}:{school[1]}" if school in named else f"letter:{title}"


def _by_letter(title: str) -> tuple[int, tuple[str, str]]:
    """Put 'School Z' before 'School AA'."""
    return len(title), sort_key(title)
