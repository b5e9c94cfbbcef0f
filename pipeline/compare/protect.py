"""Which rows of a publication are hidden, so that nobody can compute what stands in those that have too few people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    """

    parts: Mapping[Atom, Part]
    people: Mapping[Atom, Part]
    kind: Literal["people", "now", "wish"]

    def sum(self, atoms: Iterable[Atom]) -> Part:
        """Return people, forms and sum of these atoms together."""
        found = [self.parts[it] for it in atoms if it in self.parts]
        return sum(it[0] for it in found), sum(it[1] for it in found), sum((it[2] for it in found), Fraction())


@dataclass(frozen=True)
class Shown:
    """A row that would be shown: what it stands for."""

    atoms: Atoms
    kind: RowKind


def is_bare(atoms: Atoms, kind: RowKind, secret: Collection[Atoms]) -> bool:
    """Say whether a row shows no spread and no counts of forms, since it has to do with something hidden.

    A school keeps its own where only a role is hidden that others share: that says of its people no more than of all.
    """
    return any(it < atoms if kind == "school" else it & atoms for it in secret if it != atoms)


def choose_hidden(
    rows: Sequence[Shown], measures: Sequence[Measure], high: int, extra: Sequence[Atoms] = ()
) -> frozenset[Atoms]:
    """Return the rows that are hidden in every subject: those that are too small, and others that would betray them.

    The reader is taken to know what `attack.py` says. Hiding a row only takes from that, so what was safe stays safe.

    Args:
        rows: all that could be shown at one time.
        measures: everything that is counted.
        high: the highest answer; the lowest is 1.
        extra: parts of totals that have no row, and must not be computed either.
    """
    audit = _Audit(rows, measures, high, extra)
    small = [row.atoms for row in rows if any(0 < it.sum(row.atoms)[0] < PEOPLE_LEAST for it in measures)]
    rest = [it for it in extra if 0 < measures[0].sum(it)[0] < PEOPLE_LEAST]
    audit.hidden.update(small)
    waiting = [*sorted(small, key=audit.rank), *sorted(rest, key=audit.rank)]
    for target in waiting:  # grows meanwhile
        while not audit.is_safe(target):
            waiting.append(audit.hide_next(target))
    while told := audit.find_told():
        waiting = [audit.hide_next(told, "role")]
        for target in waiting:
            while not audit.is_safe(target):
                waiting.append(audit.hide_next(target))
    return frozenset(audit.hidden)


class _Audit:
    """What is hidden so far, and whether that is enough."""

    def __init__(self, rows: Sequence[Shown], measures: Sequence[Measure], high: int, extra: Sequence[Atoms]) -> None:
        self.rows, self.measures, self.high = rows, measures, high
        self.small = [it for it in extra if 0 < measures[0].sum(it)[0] < PEOPLE_LEAST]
        self.atoms: Atoms = frozenset[Atom]().union(*(it.atoms for it in rows))
        self.people = {row.atoms: measures[0].sum(row.atoms)[0] for row in rows}
        self.hidden: set[Atoms] = set()
        self._attacks: list[Attack] = []
        self._made_for = -1

    def rank(self, atoms: Atoms) -> tuple[int, list[Atom]]:
        """Return what rows are put in order by: never by names alone."""
        return self.measures[0].sum(atoms)[0], sorted(atoms)

    def is_safe(self, target: Atoms) -> bool:
        """Say whether a row cannot be computed in any subject."""
        if self._made_for != len(self.hidden):
            self._attacks = self._plan_attacks()
            self._made_for = len(self.hidden)
        return all(it.leaves_open(target) for it in self._attacks)  # of a row that is not, the first tells

    def _plan_attacks(self) -> list[Attack]:
        shown = [it for it in self.rows if it.atoms not in self.hidden]
        secret = [*self.hidden, *self.small]
        rows = [it.atoms for it in shown]
        full = frozenset(it.atoms for it in shown if not is_bare(it.atoms, it.kind, secret))
        measures: list[Measure] = []
        for it in self.measures:  # of equal ones, such as a wish that all have alike, one will do
            if not any(it.kind == other.kind and it.parts == other.parts for other in measures):
                measures.append(it)
        pools = find_pools(rows, self.atoms)
        return [Attack(rows, full, it, self.high, pools) for it in measures]

    def hide_next(self, target: Atoms, only: str = "") -> Atoms:
        """Hide one more row and return it: of the smallest total that holds both, the smallest; totals last."""
        shown = [it for it in self.rows if it.atoms not in self.hidden and self.people[it.atoms]]
        kind = next((it.kind for it in self.rows if it.atoms == target), "role")
        around = [it.atoms for it in shown if it.atoms & target]
        near = [it for it in shown if any(it.atoms & atoms for atoms in around)]
        near = [it for it in near if not only or (it.kind == only and it.atoms & target)]

        def order(row: Shown) -> tuple[bool, bool, int, int, list[Atom]]:
            both = row.atoms | target
            size = min((len(it) for it in around if both <= it), default=len(self.atoms) + 1)
            return row.kind == "total", row.kind != kind, size, *self.rank(row.atoms)

        chosen = min(near, key=order).atoms
        self.hidden.add(chosen)
        return chosen

    def find_told(self) -> Atoms | None:
        """Return people with one role in one school, fewer than five, whose number the rows tell too exactly.

        Looked at are schools that the same totals and roles hold: within these, people may be exchanged as long as each
        school and each role keeps its number (the bounds of Frechet). Nothing where no row of roles is shown.
        """
        shown = [it for it in self.rows if it.atoms not in self.hidden]
        roles = [it.atoms for it in shown if it.kind == "role"]
        beyond = [it.atoms for it in shown if it.kind != "school"]
        parts = self.measures[0].parts
        blocks: dict[frozenset[tuple[int, str]], set[Atom]] = {}
        by_school: dict[tuple[str, str], set[Atom]] = {}
        for atom in self.atoms:
            by_school.setdefault(atom[:2], set()).add(atom)
        for atoms in by_school.values():
            holding = frozenset((n, atom[2]) for n, row in enumerate(beyond) for atom in atoms if atom in row)
            blocks.setdefault(holding, set()).update(atoms)
        block_of = {atom: block for block in blocks.values() for atom in block}
        for atom in sorted(parts):
            if parts[atom][0] < PEOPLE_LEAST and any(atom in row for row in roles):
                block = block_of[atom]
                school = self.measures[0].sum(it for it in block if it[:2] == atom[:2])[0]
                role = self.measures[0].sum(it for it in block if it[2] == atom[2])[0]
                whole = self.measures[0].sum(block)[0]
                if min(school, role) - max(0, school + role - whole) < PEOPLE_LEAST:
                    return frozenset((atom,))
        return None
