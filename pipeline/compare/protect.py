"""What of a publication is hidden, so that nobody can compute what stands in rows that have too few people.

First whole rows, by the number of people who filled in the form. Then single cells, subject by subject: their mean, or
only the wish in them. Roles come last: they are shown where nothing else has to be hidden for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from pipeline.compare.attack import Attack, find_pools
from pipeline.compare.values import PEOPLE_LEAST, RowKind

Atom = tuple[str, str, str]  # organisation, school, role
Atoms = frozenset[Atom]
Part = tuple[int, int, Fraction]  # people, forms, sum of the forms' means


@dataclass(frozen=True)
class Measure:
    """One thing that is counted in every row; an atom that says nothing is not in it.

    Attributes:
        parts: what each atom says of it.
        people: how many filled in the form, whether they said something of it or not.
        kind: the people themselves, a subject, or the wish for one: of that no number of people is shown.
        number: of the subject, from 0.
    """

    parts: Mapping[Atom, Part]
    people: Mapping[Atom, Part]
    kind: Literal["people", "now", "wish"]
    number: int = 0

    def sum(self, atoms: Iterable[Atom]) -> Part:
        """Return people, forms and sum of these atoms together."""
        found = [self.parts[it] for it in atoms if it in self.parts]
        return sum(it[0] for it in found), sum(it[1] for it in found), sum((it[2] for it in found), Fraction())

    def is_small(self, atoms: Iterable[Atom]) -> bool:
        """Say whether somebody said something of it, but fewer people than are shown."""
        return 0 < self.sum(atoms)[0] < PEOPLE_LEAST


@dataclass(frozen=True)
class Shown:
    """A row that would be shown: what it stands for."""

    atoms: Atoms
    kind: RowKind


@dataclass(frozen=True)
class Pattern:
    """What is hidden.

    Attributes:
        rows: of which nothing is shown.
        now: number of a subject -> rows whose mean of it is not shown; those above are in it.
        wish: likewise for the wish; rows of `now` are in it.
        roles: whether rows of roles are shown at all.
    """

    rows: frozenset[Atoms] = frozenset()
    now: Mapping[int, frozenset[Atoms]] = field(default_factory=dict)
    wish: Mapping[int, frozenset[Atoms]] = field(default_factory=dict)
    roles: bool = True

    @property
    def all(self) -> frozenset[Atoms]:
        """Every row of which something is hidden."""
        return self.rows.union(*self.now.values(), *self.wish.values())


class _NoWayError(Exception):
    """No row of a role is left to hide, and something can still be computed."""


def is_bare(atoms: Atoms, kind: RowKind, secret: Collection[Atoms]) -> bool:
    """Say whether a row shows no spread and no counts of forms, since it has to do with something hidden.

    A school keeps its own where only a role is hidden that others share: that says of its people no more than of all.
    """
    return any(it < atoms if kind == "school" else it & atoms for it in secret if it != atoms)


def choose_hidden(
    rows: Sequence[Shown], measures: Sequence[Measure], high: int, extra: Sequence[Atoms] = ()
) -> Pattern:
    """Return what is hidden: what is too small, and more that would betray it.

    The reader is taken to know what `attack.py` says. Hiding takes from that, so what was safe stays safe.

    Args:
        rows: all that could be shown at one time.
        measures: everything that is counted; the people first.
        high: the highest answer; the lowest is 1.
        extra: parts of totals that have no row, and must not be computed either.
    """
    plain = [it for it in rows if it.kind != "role"]
    base = _Protection(plain, measures, high, extra, Pattern()).find()
    if len(plain) == len(rows):
        return base
    try:
        found = _Protection(rows, measures, high, extra, base).find()
    except _NoWayError:
        return Pattern(base.rows, base.now, base.wish, roles=False)
    roles = {it.atoms for it in rows if it.kind == "role"}
    return found if roles - found.rows else Pattern(base.rows, base.now, base.wish, roles=False)


@dataclass(frozen=True)
class _Protection:
    """The search for a pattern: for people, then for each subject, then for each wish.

    Where rows of roles are among the rows, `base` is what is hidden without them, and only they may be hidden besides.
    """

    rows: Sequence[Shown]
    measures: Sequence[Measure]
    high: int
    extra: Sequence[Atoms]
    base: Pattern

    def find(self) -> Pattern:
        """Return the pattern.

        Raises:
            _NoWayError: there is none that hides only roles besides those of `base`.
        """
        only = "role" if any(it.kind == "role" for it in self.rows) else ""
        people = self.measures[0]
        hidden = self._settle(_Audit(self, people, self.base.rows, frozenset(), only))
        now: dict[int, frozenset[Atoms]] = {}
        wish: dict[int, frozenset[Atoms]] = {}
        for measure in self.measures[1:]:
            known, before = (now, self.base.now) if measure.kind == "now" else (wish, self.base.wish)
            start = hidden | before.get(measure.number, frozenset())
            if measure.kind == "wish":
                start |= now.get(measure.number, frozenset())
            known[measure.number] = self._settle(_Audit(self, measure, start, hidden, only))
        return Pattern(hidden, now, wish)

    def _settle(self, audit: _Audit) -> frozenset[Atoms]:
        """Hide rows until each hidden one is safe, then show again those that need not be."""
        rest = [it for it in self.extra if audit.measure.is_small(it)]
        for small in (it.atoms for it in self.rows if audit.measure.is_small(it.atoms)):
            audit.hide(small)
        first = sorted([*audit.hidden, *rest], key=audit.rank)
        added: list[Atoms] = []
        while (target := audit.find_unsafe([*first, *added])) is not None:
            added.append(audit.hide_next(target))
        for row in reversed(added):
            audit.show(row)
            if audit.find_unsafe([*first, *(it for it in added if it in audit.hidden)]) is not None:
                audit.hide(row)
        return frozenset(audit.hidden)


class _Audit:
    """What is hidden of one measure so far, and whether that is enough.

    Args:
        of: rows and parts.
        measure: what is counted.
        hidden: rows that do not show it.
        whole: rows of these that show nothing at all, so that their number of people is to stay open too.
        only: the kind of rows that may be hidden besides; empty: any.
    """

    def __init__(
        self, of: _Protection, measure: Measure, hidden: frozenset[Atoms], whole: frozenset[Atoms], only: str
    ) -> None:
        self.rows, self.measure, self.high, self.only = of.rows, measure, of.high, only
        self.hidden, self.whole = set(hidden), whole
        self.people = of.measures[0]
        self.small = [it for it in of.extra if self.people.is_small(it)]
        self.atoms: Atoms = frozenset[Atom]().union(*(it.atoms for it in of.rows))
        self._kinds = {it.atoms: it.kind for it in of.rows}
        self._attack = self._plan_attack()
        self._open: dict[Atoms, tuple[Atoms, Attack]] = {}  # safe rows: the parts that show it, and what was known then

    def rank(self, atoms: Atoms) -> tuple[int, list[Atom]]:
        """Return what rows are put in order by: never by names alone."""
        return self.people.sum(atoms)[0], sorted(atoms)

    def hide(self, row: Atoms) -> None:
        """Hide a row."""
        self.hidden.add(row)
        self._attack = self._plan_attack()

    def show(self, row: Atoms) -> None:
        """Show it again."""
        self.hidden.remove(row)
        self._attack = self._plan_attack()

    def find_unsafe(self, targets: Iterable[Atoms]) -> Atoms | None:
        """Return what somebody can compute: the first of these, else people with one role in one school."""
        unsafe = next((it for it in targets if not self._is_safe(it)), None)
        return self._find_told() if unsafe is None and self.measure.kind == "people" else unsafe

    def _is_safe(self, target: Atoms) -> bool:
        """Say whether nobody can compute what a row hides."""
        if target in self._open:
            parts, then = self._open[target]
            more = (set(self._attack.rows) - set(then.rows)) | (self._attack.full - then.full)
            if not any(row & parts for row in more):
                return True
        named = target in self._kinds and self.measure.kind != "people" and target not in self.whole
        parts_now = self._attack.leaves_open(target, people=not named and self.measure.kind != "wish")
        if parts_now is not None:
            self._open[target] = parts_now, self._attack
        return parts_now is not None

    def _plan_attack(self) -> Attack:
        shown = [it for it in self.rows if it.atoms not in self.hidden]
        known = [it for it in self.rows if it.atoms in self.hidden and it.atoms not in self.whole]
        known = known if self.measure.kind != "people" else []
        secret = [*self.hidden, *self.small]
        full = frozenset(it.atoms for it in [*shown, *known] if not is_bare(it.atoms, it.kind, secret))
        rows, counted = [it.atoms for it in shown], [it.atoms for it in known]
        return Attack(rows, counted, full, self.measure, self.high, find_pools([*rows, *counted], self.atoms))

    def hide_next(self, target: Atoms) -> Atoms:
        """Hide one more row and return it: of the smallest total that holds both, the smallest; totals last.

        Raises:
            _NoWayError: none is left that may be hidden.
        """
        shown = [it for it in self.rows if it.atoms not in self.hidden and self.measure.sum(it.atoms)[0]]
        kind = self._kinds.get(target, "role")
        around = [it.atoms for it in shown if it.atoms & target]
        near = [it for it in shown if any(it.atoms & atoms for atoms in around)]
        near = [it for it in near if not self.only or it.kind == self.only]

        def order(row: Shown) -> tuple[bool, bool, bool, int, int, list[Atom]]:
            both = row.atoms | target
            size = min((len(it) for it in around if both <= it), default=len(self.atoms) + 1)
            apart = bool(self.only) and not row.atoms & target
            return apart, row.kind == "total", row.kind != kind, size, *self.rank(row.atoms)

        if not near:
            raise _NoWayError
        chosen = min(near, key=order).atoms
        self.hide(chosen)
        return chosen

    def _find_told(self) -> Atoms | None:
        """Return people with one role in one school, fewer than five, whose number the rows tell too exactly.

        Looked at are schools that the same totals and roles hold: within these, people may be exchanged as long as each
        school that is shown and each role keeps its number (the bounds of Frechet); hidden schools have one between
        them. Nothing where no row of roles is shown.
        """
        shown = [it for it in self.rows if it.atoms not in self.hidden]
        roles = [it.atoms for it in shown if it.kind == "role"]
        if not roles:
            return None
        beyond = [it.atoms for it in shown if it.kind != "school"]
        told = {it.atoms for it in shown if it.kind == "school"}
        blocks: dict[frozenset[tuple[int, str]], set[Atom]] = {}
        by_school: dict[tuple[str, str], set[Atom]] = {}
        for atom in self.atoms:
            by_school.setdefault(atom[:2], set()).add(atom)
        for atoms in by_school.values():
            holding = frozenset((n, atom[2]) for n, row in enumerate(beyond) for atom in atoms if atom in row)
            blocks.setdefault(holding, set()).update(atoms)
        block_of = {atom: block for block in blocks.values() for atom in block}
        open_schools = {school for school, atoms in by_school.items() if frozenset(atoms) not in told}
        for atom in sorted(self.measure.parts):
            if self.measure.parts[atom][0] < PEOPLE_LEAST and any(atom in row for row in roles):
                block = block_of[atom]
                with_it = open_schools if atom[:2] in open_schools else {atom[:2]}
                school = self.measure.sum(it for it in block if it[:2] in with_it)[0]
                role = self.measure.sum(it for it in block if it[2] == atom[2])[0]
                least = 0 if len(with_it) > 1 else max(0, school + role - self.measure.sum(block)[0])
                if min(school, role) - least < PEOPLE_LEAST:
                    return frozenset((atom,))
        return None
