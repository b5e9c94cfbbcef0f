"""What a reader can compute of a row that is hidden, from all rows that are shown: integer programmes (HiGHS).

What the reader is taken to know:

- of each shown row the number of people who filled in the form, and of those who answered on a subject;
- its mean, where that is shown: one decimal and its word on the scale. Differences, counts by word and drawings are
  made of these, so they tell nothing more;
- the number of forms, where the row shows any count that tells it;
- which schools and roles each row stands for, and that a part may be anybody or nobody;
- that people are whole numbers from 0 on, that each form was filled in by at least one of them, that a mean lies on
  the scale, and that a group's mean is that of its forms.

Not which rule hid a row: nor does a row say that.

A row is safe when its number of people may still lie five apart, where no number is shown, and its mean may be the
lowest as well as the highest of the scale. That is known without a programme where parts of it lie in pools: parts that
the very same shown rows hold, and that may be exchanged with the rest of their pool while every other number stays as
it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pipeline.compare.scores import find_alike
from pipeline.compare.values import PEOPLE_LEAST

if TYPE_CHECKING:
    from pipeline.compare.protect import Atom, Atoms, Measure

Signature = frozenset[int]  # numbers of the shown rows that hold a part
Pools = Mapping[Signature, "Atoms"]

# What a search has not settled after so many nodes counts as unsafe: a number and no time, so the same in each run.
_OPTIONS = (("log_to_console", False), ("output_flag", False), ("threads", 1), ("mip_max_nodes", 100))
_INFINITE = float("inf")
_EDGE = Fraction(1, 1000)
# Classes of parts that may change in a programme: small ones are quick and mostly enough. Where a row alone has more,
# it counts as unsafe.
_CLASSES = (12, 48, 192)


def find_pools(rows: Sequence[Atoms], atoms: Atoms) -> Pools:
    """Return the parts that the very same rows hold, of all that may hold somebody."""
    found: dict[Signature, set[Atom]] = {}
    for atom in sorted(atoms):
        found.setdefault(frozenset(number for number, row in enumerate(rows) if atom in row), set()).add(atom)
    return {signature: frozenset(inside) for signature, inside in found.items()}


@dataclass(frozen=True)
class Attack:
    """What is known of one measure.

    Attributes:
        rows: the rows that show it.
        counted: rows that show only how many people filled in the form.
        full: which of both show how many forms they stand for.
        measure: what is counted.
        high: the highest answer.
        pools: of these rows.
    """

    rows: Sequence[Atoms]
    counted: Sequence[Atoms]
    full: frozenset[Atoms]
    measure: Measure
    high: int
    pools: Pools

    def leaves_open(self, target: Atoms, people: bool = True) -> Atoms | None:
        """Return the parts whose numbers show that what a row hides stays unknown; None where it does not.

        Its people stay unknown by five, where asked, and its mean by the whole scale. Of people no mean is shown, so it
        is not looked at. What nobody said of anything needs no protection. As long as no more is shown of the parts
        that are returned, the answer stays the same.
        """
        if not self.measure.sum(target)[0]:
            return frozenset()
        if not any(row & target for row in self.rows):
            return target
        means = self.measure.kind != "people"
        wide = not people or self._is_wide(target)
        lowest, highest = (not means or self._can_exchange(target, mean) for mean in (1, self.high))
        own = target.union(*self._list_pools(target))
        if wide and lowest and highest:
            return own
        asked: set[frozenset[Signature]] = set()
        for most in _CLASSES:
            free = self._choose_free(target, most)
            if not free or free in asked:
                continue
            asked.add(free)
            search = _Search(self, target, free)
            lowest = lowest or search.can_be(1)
            highest = highest or search.can_be(self.high)
            wide = wide or search.measure_width() >= PEOPLE_LEAST
            if wide and lowest and highest:
                return own | search.moving
        return None

    def _choose_free(self, target: Atoms, most: int) -> frozenset[Signature]:
        """Return the pools that a programme may change, of at most so many classes; nothing where the row has more.

        All others keep what they have: what is possible then is possible. First come pools that share most rows with
        the target; never one that is a shown row by itself, since nothing in it can change.
        """
        own = {signature for signature, pool in self.pools.items() if pool & target}
        near = frozenset[int]().union(*own)
        shown = set(self.rows)
        others = [it for it, pool in self.pools.items() if it not in own and it & near and pool not in shown]
        others.sort(key=lambda it: (-len(it & near), -self.measure.sum(self.pools[it])[0], sorted(it)))
        room = most - sum(1 + bool(self.pools[it] - target) for it in own)
        return frozenset(own | set(others[:room])) if room >= 0 else frozenset()

    # ---------------------------------------------------------------------------------- without a programme

    def _list_pools(self, target: Atoms) -> list[Atoms]:
        return [pool for pool in self.pools.values() if pool & target]

    def _is_wide(self, target: Atoms) -> bool:
        open_pools = [pool for pool in self._list_pools(target) if pool - target]
        return sum(self.measure.sum(pool)[0] for pool in open_pools) >= PEOPLE_LEAST

    def _can_exchange(self, target: Atoms, mean: int) -> bool:
        """Say whether the row may be a single form with this mean, the rest of its pool taking all the others."""
        pools = self._list_pools(target)
        if any(self.measure.sum(pool)[0] for pool in pools if not pool - target):
            return False  # a part of it that nothing can be exchanged with
        for pool in pools:
            _, forms, total = self.measure.sum(pool)
            if pool - target and forms > 1 and forms - 1 <= total - mean <= self.high * (forms - 1):
                return True
        return False


class _Search:
    """The integer programme of one attack on one row.

    Columns for each class of parts that no row tells apart: who filled it in, who of them answered, their forms, and
    the sum of the forms' means. Pools that are not free stand in no column: they keep what they have.
    """

    def __init__(self, attack: Attack, target: Atoms, free: frozenset[Signature]) -> None:
        from highspy import _core

        self.attack = attack
        self.model: Any = _core._Highs()  # the class that is meant for users writes a banner to stdout
        for option, value in _OPTIONS:
            self.model.setOptionValue(option, value)
        self.most = float(sum(it[0] for it in attack.measure.people.values()) + PEOPLE_LEAST)
        self.columns: dict[tuple[bool, Signature], int] = {}
        self.moving: Atoms = frozenset().union(*(attack.pools[it] for it in free))
        for signature, pool in attack.pools.items():
            if signature not in free:
                continue
            for inside, part in ((True, pool & target), (False, pool - target)):
                if part and (signature or inside):
                    self.columns[inside, signature] = self._add_class()
        self.inside = [first for (inside, _), first in self.columns.items() if inside]
        for number, row in enumerate([*attack.rows, *attack.counted]):
            if firsts := [first for (_, signature), first in self.columns.items() if number in signature]:
                self._count_people(firsts, row)
                if number < len(attack.rows):
                    self._add_row(firsts, row)
        self.rows = self.model.getNumRow()

    def _add_class(self) -> int:
        """Add people, answering people, forms and sum; return the number of the first column."""
        import highspy

        first, most, high = self.model.getNumCol(), self.most, float(self.attack.high)
        for bound in (most, most, most, most * high):
            self.model.addVar(0.0, bound)
        for column in (first, first + 1, first + 2):
            self.model.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        infinite = _INFINITE
        self.model.addRow(0.0, infinite, 2, [first, first + 1], [1.0, -1.0])
        self.model.addRow(0.0, infinite, 2, [first + 1, first + 2], [1.0, -1.0])  # no form without somebody
        self.model.addRow(-infinite, 0.0, 2, [first + 1, first + 2], [1.0, -most])  # nobody without a form
        self.model.addRow(0.0, infinite, 2, [first + 3, first + 2], [1.0, -1.0])
        self.model.addRow(-infinite, 0.0, 2, [first + 3, first + 2], [1.0, -high])
        return int(first)

    def _count_people(self, firsts: Sequence[int], row: Atoms) -> None:
        """Let as many people fill it in as the row says, on no more forms than it says."""
        measure, moving = self.attack.measure, row & self.moving
        there = [measure.people[atom] for atom in moving if atom in measure.people]
        self._set(firsts, 0, float(sum(it[0] for it in there)))
        if row in self.attack.full:
            most = float(sum(it[1] for it in there))
            self.model.addRow(0.0, most, len(firsts), [it + 2 for it in firsts], [1.0] * len(firsts))

    def _add_row(self, firsts: Sequence[int], row: Atoms) -> None:
        measure = self.attack.measure
        people, forms, total = measure.sum(row & self.moving)
        if measure.kind != "wish":
            self._set(firsts, 1, float(people))
        if row in self.attack.full:
            self._set(firsts, 2, float(forms))
            self._set(firsts, 3, float(total))
            return
        _, all_forms, all_total = measure.sum(row)
        if not all_forms:
            return
        columns = [*(it + 3 for it in firsts), *(it + 2 for it in firsts)]
        fixed_total, fixed_forms = all_total - total, all_forms - forms
        least, most = find_alike(all_total / all_forms, self.attack.high)
        most = max(most - _EDGE, all_total / all_forms)  # the number on the upper border is shown as another one
        for mean, bounds in ((least, (0.0, _INFINITE)), (most, (-_INFINITE, 0.0))):
            left = float(mean * fixed_forms - fixed_total)
            values = [*[1.0] * len(firsts), *[-float(mean)] * len(firsts)]
            self.model.addRow(bounds[0] + left, bounds[1] + left, len(columns), columns, values)

    def _set(self, firsts: Sequence[int], shift: int, value: float) -> None:
        self.model.addRow(value, value, len(firsts), [it + shift for it in firsts], [1.0] * len(firsts))

    def can_be(self, mean: int) -> bool:
        """Say whether the row may have this mean."""
        forms = [it + 2 for it in self.inside]
        sums = [it + 3 for it in self.inside]
        size = len(forms)
        self.model.addRow(1.0, self.most * size, size, forms, [1.0] * size)
        self.model.addRow(0.0, 0.0, 2 * size, [*sums, *forms], [*[1.0] * size, *[-float(mean)] * size])
        found = self._solve(0.0)
        for row in range(self.model.getNumRow() - 1, self.rows - 1, -1):
            self.model.deleteRows(1, [row])
        return found is not None

    def measure_width(self) -> int:
        """Return how far apart its least and greatest number of people may lie."""
        least, most = self._solve(1.0), self._solve(-1.0)
        return most - least if least is not None and most is not None else 0

    def _solve(self, cost: float) -> int | None:
        """Return its people in the best solution; None where there is none, or none was found in time."""
        import highspy

        for first in self.columns.values():
            self.model.changeColCost(first + 1, cost if first in self.inside else 0.0)
        self.model.run()
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = self.model.getSolution().col_value
        return round(float(sum(values[it + 1] for it in self.inside)))
