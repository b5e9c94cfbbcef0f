"""What a reader can compute of a row that is hidden, from all rows that are shown: integer programmes (HiGHS).

What the reader is taken to know:

- of each shown row the number of people who filled in the form, and of those who answered on a subject;
- its mean, even exactly: so the words of the scale, differences, and counts by word tell nothing more;
- the number of forms, where the row shows any count that tells it;
- which schools and roles each row stands for, and that a part may be anybody or nobody;
- that people are whole numbers from 0 on, that each form was filled in by at least one of them, that a mean lies on
  the scale, and that a group's mean is that of its forms.

Not which rule hid a row: nor does a row say that.

A row is safe when its number of people may still lie five apart, and its mean may be the lowest as well as the highest
of the scale. That is known without a programme where parts of it lie in pools: parts that the very same shown rows
hold, and that may be exchanged with the rest of their pool while every other number stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.compare.values import PEOPLE_LEAST

if TYPE_CHECKING:
    from pipeline.compare.protect import Atom, Atoms, Measure

Signature = frozenset[int]  # numbers of the shown rows that hold a part
Pools = Mapping[Signature, "Atoms"]

# What a search has not settled after so many nodes counts as unsafe: a number and no time, so the same in each run.
_OPTIONS = (("log_to_console", False), ("output_flag", False), ("threads", 1), ("mip_max_nodes", 100))
_CLASSES_MOST = 16  # of parts that cannot be told apart; a larger programme is not asked, and counts as unsafe


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
        rows: the shown rows.
        full: which of them show how many forms they stand for.
        measure: what is counted.
        high: the highest answer.
        pools: of these rows.
    """

    rows: Sequence[Atoms]
    full: frozenset[Atoms]
    measure: Measure
    high: int
    pools: Pools

    def leaves_open(self, target: Atoms, means: bool = True) -> bool:
        """Say whether a row stays unknown: its people by five and, where asked, its mean by the whole scale.

        Of a wish no number of people is shown, of people no mean: they are not looked at. What nobody said of anything
        needs no protection.
        """
        if not self.measure.sum(target)[0] or not any(row & target for row in self.rows):
            return True
        means = means and self.measure.kind != "people"
        wide = self.measure.kind == "wish" or self._is_wide(target)
        lowest, highest = (not means or self._can_exchange(target, mean) for mean in (1, self.high))
        if wide and lowest and highest:
            return True
        if sum((pool & target != pool) + bool(pool & target) for pool in self.pools.values()) > _CLASSES_MOST:
            return False
        search = _Search(self, target)
        return (
            (lowest or search.can_be(1))
            and (highest or search.can_be(self.high))
            and (wide or search.measure_width() >= PEOPLE_LEAST)
        )

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
    the sum of the forms' means.
    """

    def __init__(self, attack: Attack, target: Atoms) -> None:
        from highspy import _core

        self.attack = attack
        self.model: Any = _core._Highs()  # the class that is meant for users writes a banner to stdout
        for option, value in _OPTIONS:
            self.model.setOptionValue(option, value)
        self.most = float(sum(it[0] for it in attack.measure.people.values()) + PEOPLE_LEAST)
        self.columns: dict[tuple[bool, Signature], int] = {}
        for signature, pool in attack.pools.items():
            for inside, part in ((True, pool & target), (False, pool - target)):
                if part and (signature or inside):
                    self.columns[inside, signature] = self._add_class()
        self.inside = [first for (inside, _), first in self.columns.items() if inside]
        for number, row in enumerate(attack.rows):
            self._add_row(number, row)
        self.rows = self.model.getNumRow()

    def _add_class(self) -> int:
        """Add people, answering people, forms and sum; return the number of the first column."""
        import highspy

        first, most, high = self.model.getNumCol(), self.most, float(self.attack.high)
        for bound in (most, most, most, most * high):
            self.model.addVar(0.0, bound)
        for column in (first, first + 1, first + 2):
            self.model.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        infinite = highspy.kHighsInf
        self.model.addRow(0.0, infinite, 2, [first, first + 1], [1.0, -1.0])
        self.model.addRow(0.0, infinite, 2, [first + 1, first + 2], [1.0, -1.0])  # no form without somebody
        self.model.addRow(-infinite, 0.0, 2, [first + 1, first + 2], [1.0, -most])  # nobody without a form
        self.model.addRow(0.0, infinite, 2, [first + 3, first + 2], [1.0, -1.0])
        self.model.addRow(-infinite, 0.0, 2, [first + 3, first + 2], [1.0, -high])
        return int(first)

    def _add_row(self, number: int, row: Atoms) -> None:
        firsts = [first for (_, signature), first in self.columns.items() if number in signature]
        measure = self.attack.measure
        there = sum(measure.people[atom][0] for atom in row if atom in measure.people)
        people, forms, total = measure.sum(row)
        self._set(firsts, 0, float(there))
        self._set(firsts, 1, float(people))
        if row in self.attack.full:
            self._set(firsts, 2, float(forms))
            self._set(firsts, 3, float(total))
        elif forms:
            mean = float(total / forms)
            columns = [*(it + 3 for it in firsts), *(it + 2 for it in firsts)]
            values = [*[1.0] * len(firsts), *[-mean] * len(firsts)]
            self.model.addRow(0.0, 0.0, len(columns), columns, values)

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
