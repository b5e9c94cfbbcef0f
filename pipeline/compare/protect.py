"""Which rows of a publication are hidden, so that nobody can compute what stands in those that have too few people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

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
    """Return the rows that are hidden: those that are too small."""
    small = (row.atoms for row in rows if any(0 < it.sum(row.atoms)[0] < PEOPLE_LEAST for it in measures))
    return frozenset(small)
