"""What can be computed of what is hidden, from what is shown alone: by another programme than the one that hides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from pipeline.compare import sheet
from pipeline.compare.groups import Group, Groups
from pipeline.compare.protect import Atoms, Measure, Shown
from pipeline.compare.publish import Publication, compare_groups
from pipeline.compare.values import PEOPLE_LEAST, Questionnaire, Response, Row, Table
from tests.regions import ROLES, ROUNDS, SCALE, make_questionnaire, make_region, respond

Part = tuple[tuple[str, str], str]  # school, role
Shape = tuple[Row, frozenset[Part]]
HIGH = SCALE.high
HALF = 0.05  # a mean is printed with one decimal


class Reader:
    """Somebody who has every report of one form and round, and knows which schools are in each group."""

    def __init__(self, publication: Publication, groups: Groups, number: int) -> None:
        self.shapes: list[Shape] = []
        for group, comparison in zip(groups.groups, publication.comparisons, strict=True):
            self.shapes += self._shape(group, comparison.tables[number], [*groups.roles, ""])
        self.parts = sorted({part for _, parts in self.shapes for part in parts})

    def _shape(self, group: Group, table: Table, roles: list[str]) -> Iterator[Shape]:
        """Yield each row with the parts it stands for; a row of a school is found by its key."""
        keys = {f"school:{school[0]}:{school[1]}": school for school in group.schools}
        everybody = frozenset(product(group.schools, roles))
        yield table.total, everybody
        for row in table.schools:
            yield row, frozenset(product([keys[row.key]], roles))
        for row in table.roles:
            yield row, frozenset(it for it in everybody if it[1] == row.title)

    def list_hidden(self) -> list[Shape]:
        return [it for it in self.shapes if it[0].why == "hidden"]

    def reach(self, target: frozenset[Part], subject: int, wish: bool = False) -> tuple[int, int, bool, bool]:
        """Return the least and greatest number of people of a row, and whether its mean may be 1 and the highest."""
        least = self._solve(target, subject, wish, 1)
        most = self._solve(target, subject, wish, -1)
        assert least is not None
        assert most is not None
        ends = [self._solve(target, subject, wish, 0, mean) is not None for mean in (1, HIGH)]
        return least, most, ends[0], ends[1]

    def _solve(
        self, target: frozenset[Part], subject: int, wish: bool, sign: int, mean: int | None = None
    ) -> int | None:
        """Columns: for each part people who answered, forms, sum of means. Return the people of the target."""
        size, index = len(self.parts), {part: 3 * number for number, part in enumerate(self.parts)}
        far = 10.0 * PEOPLE_LEAST + sum(row.people or 0 for row, _ in self.shapes)
        rules: list[tuple[dict[int, float], float, float]] = []
        for first in index.values():
            rules.append(({first: 1, first + 1: -1}, 0, np.inf))
            rules.append(({first: 1, first + 1: -far}, -np.inf, 0))
            rules.append(({first + 2: 1, first + 1: -1}, 0, np.inf))
            rules.append(({first + 2: 1, first + 1: -float(HIGH)}, -np.inf, 0))
        for row, parts in self.shapes:
            cell = row.cells[subject]
            shown, there = cell.wish if wish else cell.mean, [index[it] for it in sorted(parts)]
            if cell.people is not None and not wish:
                rules.append((dict.fromkeys(there, 1.0), cell.people, cell.people))
            if row.forms is not None:
                every = cell.given == cell.asked and not wish
                rules.append((dict.fromkeys([it + 1 for it in there], 1.0), row.forms if every else 0, row.forms))
            if cell.low is not None and cell.high is not None and row.kind != "school" and not wish:
                rules += [({it + 2: 1, it + 1: -float(cell.low)}, 0, np.inf) for it in there]
                rules += [({it + 2: 1, it + 1: -float(cell.high)}, -np.inf, 0) for it in there]
            if shown is not None:
                tenth = float(Fraction(round(shown * 10), 10))
                for bound, low, high in ((tenth - HALF, 0, np.inf), (tenth + HALF, -np.inf, 0)):
                    rule = dict.fromkeys([it + 2 for it in there], 1.0) | dict.fromkeys(
                        [it + 1 for it in there], -bound
                    )
                    rules.append((rule, low, high))
        if mean is not None:
            there = [index[it] for it in sorted(target)]
            rules.append((dict.fromkeys([it + 1 for it in there], 1.0), 1, np.inf))
            rule = dict.fromkeys([it + 2 for it in there], 1.0) | dict.fromkeys([it + 1 for it in there], -float(mean))
            rules.append((rule, 0, 0))
        matrix = lil_array((len(rules), 3 * size))
        for number, (rule, _, _) in enumerate(rules):
            for column, value in rule.items():
                matrix[number, column] = value
        aim = np.zeros(3 * size)
        aim[[index[it] for it in target]] = sign
        found = milp(
            aim,
            integrality=np.tile([1, 1, 0], size),
            bounds=Bounds(0, np.tile([far, far, far * HIGH], size)),
            constraints=LinearConstraint(matrix.tocsr(), [it[1] for it in rules], [it[2] for it in rules]),
            options={"time_limit": 20},
        )
        return round(sum(found.x[index[it]] for it in target)) if found.x is not None else None


def list_breaches(responses: list[Response], groups: Groups, asked: Questionnaire) -> list[str]:
    """Return what a reader computes too exactly; rows of which nobody answered a subject need no protection there."""
    publication = compare_groups(responses, {asked.form: asked}, groups)
    found = []
    for number, table in enumerate(publication.comparisons[0].tables):
        reader = Reader(publication, groups, number)
        for row, parts in reader.list_hidden():
            here = [it for it in responses if groups.find_round(it) == table.round and _is_part(it, parts, groups)]
            for subject, it in enumerate(asked.subjects):
                if not any(one.values.get(it.items[0]) for one in here):
                    continue
                least, most, low, high = reader.reach(parts, subject)
                if most - least < PEOPLE_LEAST or not (low and high):
                    found.append(f"{table.round.name} {row.title} {it.code}: {least}-{most} {low} {high}")
                if any(one.values.get(it.wish) for one in here):
                    _, _, low, high = reader.reach(parts, subject, wish=True)
                    found += [] if low and high else [f"{row.title} {it.wish}"]
    return found


def _is_part(response: Response, parts: frozenset[Part], groups: Groups) -> bool:
    return ((response.organisation, response.school), groups.find_role(response.role)) in parts


def hide_only_small(rows: list[Shown], measures: list[Measure], high: int, extra: list[Atoms]) -> frozenset[Atoms]:
    """Protection switched off: a publication made badly."""
    return frozenset(it.atoms for it in rows if 0 < measures[0].sum(it.atoms)[0] < PEOPLE_LEAST)


ASKED = make_questionnaire(subjects=1)


def make_small(*sizes: int, roles: bool = False) -> tuple[list[Response], Groups]:
    """One board: schools of so many people, each a form with another answer."""
    names = [("Bestuur", f"School {number}") for number in range(len(sizes))]
    forms = [
        respond(ASKED, (*school, ""), 1, [1 + (number + it) % 4], wish=1 + it % 4)
        for number, (school, size) in enumerate(zip(names, sizes, strict=True))
        for it in range(size)
    ]
    group = Group("bestuur", "Bestuur", tuple(names))
    return forms, Groups((group,), ROUNDS[:1], named=frozenset(names), roles=ROLES if roles else {})


def test_a_small_school_is_not_the_difference_of_the_others(capfd: pytest.CaptureFixture[str]) -> None:
    responses, groups = make_small(3, 6, 7, 9)
    publication = compare_groups(responses, {ASKED.form: ASKED}, groups)
    table = publication.comparisons[0].tables[0]
    assert [it.why for it in table.schools] == ["hidden", "hidden", "", ""]
    assert table.total.cells[0].people == 25
    assert (table.total.forms, table.total.cells[0].low, table.total.cells[0].given) == (None, None, None)
    assert table.schools[2].cells[0].low == 1
    assert list_breaches(responses, groups, ASKED) == []
    assert capfd.readouterr().out == "", "the solver says nothing where results are written"


def test_the_attack_breaks_a_publication_that_was_made_badly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "choose_hidden", hide_only_small)
    assert list_breaches(*make_small(3, 6, 7, 9), ASKED) != []


def test_a_group_less_another_group_tells_nothing() -> None:
    responses, groups = make_small(6, 7, 8, 9, 3)
    whole = groups.groups[0]
    part = Group("deel", "Deel", whole.schools[:4])
    together = Groups((whole, part), groups.rounds, named=groups.named)
    publication = compare_groups(responses, {ASKED.form: ASKED}, together)
    assert [it.tables[0].total.why for it in publication.comparisons].count("hidden") == 1
    assert list_breaches(responses, together, ASKED) == []


def test_a_role_in_one_school_is_not_the_difference_of_two_groups() -> None:
    """Four schools and the same four with a fifth: their rows of a role would tell how many have it in the fifth."""
    names = [("Bestuur", f"School {number}") for number in range(5)]
    responses = [
        respond(ASKED, (*school, role), people, [1 + number % 4])
        for number, school in enumerate(names)
        for role, people in (("leiding", 2), ("leraar", 9))
    ]
    whole = Group("alle", "Alle", tuple(names))
    part = Group("deel", "Deel", tuple(names[:4]))
    groups = Groups((whole, part), ROUNDS[:1], roles={"leiding": (), "leraar": ()}, named=frozenset(names))
    tables = [it.tables[0] for it in compare_groups(responses, {ASKED.form: ASKED}, groups).comparisons]
    people = [row.people for table in tables for row in table.roles if row.title == "leiding" and not row.why]
    assert len(people) < 2
    alone = replace(groups, groups=(whole,))
    table = compare_groups(responses, {ASKED.form: ASKED}, alone).comparisons[0].tables[0]
    assert [it.people for it in table.roles] == [10, 45]


def test_where_all_agree_the_total_would_tell_it_and_is_hidden() -> None:
    names = [("Bestuur", f"School {number}") for number in range(3)]
    responses = [respond(ASKED, (*it, ""), 3, [4]) for it in names]
    groups = Groups((Group("bestuur", "Bestuur", tuple(names)),), ROUNDS[:1])
    total = compare_groups(responses, {ASKED.form: ASKED}, groups).comparisons[0].tables[0].total
    assert total.why == "hidden"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("roles", [False, True])
def test_no_hidden_row_of_a_region_can_be_computed(seed: int, roles: bool) -> None:
    asked = make_questionnaire(subjects=2)
    responses, groups = make_region(seed, boards=2, schools=8, forms=[asked], roles=roles)
    assert list_breaches(responses, groups, asked) == []


@pytest.mark.slow
def test_a_region_made_badly_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "choose_hidden", hide_only_small)
    asked = make_questionnaire(subjects=1)
    responses, groups = make_region(0, boards=2, schools=8, forms=[asked], roles=False)
    assert list_breaches(responses, groups, asked) != []


def test_the_same_forms_give_the_same_publication_in_any_order() -> None:
    asked = make_questionnaire(subjects=1)
    responses, groups = make_region(3, boards=2, schools=6, forms=[asked])
    first = compare_groups(responses, {asked.form: asked}, groups)
    assert first == compare_groups(responses[::-1], {asked.form: asked}, groups)
