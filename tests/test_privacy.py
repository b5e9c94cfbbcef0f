"""What can be computed of what is hidden, from what is shown alone: by another programme than the one that hides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from pipeline.compare import sheet
from pipeline.compare.groups import Group, Groups
from pipeline.compare.protect import Atoms, Measure, Pattern, Shown
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
        """Columns of each part: who filled it in, who of them answered, forms, sum of means; return who answered."""
        size, index = len(self.parts), {part: 4 * number for number, part in enumerate(self.parts)}
        far = 10.0 * PEOPLE_LEAST + sum(row.people or 0 for row, _ in self.shapes)
        rules: list[tuple[dict[int, float], float, float]] = []
        for first in index.values():
            there, people, forms, total = range(first, first + 4)
            rules += [({there: 1, people: -1}, 0, np.inf), ({people: 1, forms: -1}, 0, np.inf)]
            rules += [({people: 1, forms: -far}, -np.inf, 0)]
            rules += [({total: 1, forms: -1}, 0, np.inf), ({total: 1, forms: -float(HIGH)}, -np.inf, 0)]
        for row, parts in self.shapes:
            rules += _read_row(row, subject, wish, [index[it] for it in sorted(parts)])
        if mean is not None:
            inside = [index[it] for it in sorted(target)]
            rules.append((_weigh(inside, {2: 1}), 1, np.inf))
            rules.append((_weigh(inside, {3: 1, 2: -float(mean)}), 0, 0))
        matrix = lil_array((len(rules), 4 * size))
        for number, (rule, _, _) in enumerate(rules):
            for column, value in rule.items():
                matrix[number, column] = value
        aim = np.zeros(4 * size)
        aim[[index[it] + 1 for it in target]] = sign
        found = milp(
            aim,
            integrality=np.tile([1, 1, 1, 0], size),
            bounds=Bounds(0, np.tile([far, far, far, far * HIGH], size)),
            constraints=LinearConstraint(matrix.tocsr(), [it[1] for it in rules], [it[2] for it in rules]),
            options={"time_limit": 20},
        )
        return round(sum(found.x[index[it] + 1] for it in target)) if found.x is not None else None


def _weigh(there: list[int], weights: dict[int, float]) -> dict[int, float]:
    return {first + column: weight for first in there for column, weight in weights.items()}


def _read_row(row: Row, subject: int, wish: bool, there: list[int]) -> Iterator[tuple[dict[int, float], float, float]]:
    """Yield what a row says of the parts it stands for."""
    cell = row.cells[subject]
    shown = cell.wish if wish else cell.mean
    if row.people is not None:
        yield _weigh(there, {0: 1}), row.people, row.people
    if cell.people is not None and not wish:
        yield _weigh(there, {1: 1}), cell.people, cell.people
    if row.forms is not None:
        every = cell.given == cell.asked and not wish and shown is not None
        yield _weigh(there, {2: 1}), row.forms if every else 0, row.forms
    if cell.low is not None and cell.high is not None and row.kind != "school" and not wish:
        for first in there:
            yield {first + 3: 1, first + 2: -float(cell.low)}, 0, np.inf
            yield {first + 3: 1, first + 2: -float(cell.high)}, -np.inf, 0
    if shown is not None:
        low, high = float(shown) - HALF, float(shown) + HALF
        if not wish and cell.band is not None:
            part = (HIGH - 1) / HIGH
            low, high = max(low, 1 + part * cell.band), min(high, 1 + part * (cell.band + 1))
        yield _weigh(there, {3: 1, 2: -low}), 0, np.inf
        yield _weigh(there, {3: 1, 2: -high}), -np.inf, 0


class Watch:
    """Notes what is hidden while it is chosen, so that a reader can be asked for each of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found: list[tuple[Sequence[Measure], Pattern]] = []
        choose = sheet.choose_hidden  # type: ignore[attr-defined]

        def note(rows: Sequence[Shown], measures: Sequence[Measure], *rest: Any) -> Pattern:
            pattern = choose(rows, measures, *rest)
            self.found.append((measures, pattern))
            return pattern

        monkeypatch.setattr(sheet, "choose_hidden", note)

    def list_breaches(self, responses: list[Response], groups: Groups, asked: Questionnaire) -> list[str]:
        """Publish, and return what a reader computes too exactly of what is hidden."""
        self.found.clear()
        publication = compare_groups(responses, {asked.form: asked}, groups)
        found = []
        for number, (measures, pattern) in enumerate(self.found):
            reader = Reader(publication, groups, number)
            for it in measures[1:]:
                known = pattern.now if it.kind == "now" else pattern.wish
                for atoms in known.get(it.number, frozenset()) | pattern.rows:
                    if it.sum(atoms)[0]:  # what nobody said needs no protection
                        least, most, low, high = reader.reach(as_parts(atoms), it.number, it.kind == "wish")
                        wide = most - least >= PEOPLE_LEAST or it.kind == "wish" or atoms not in pattern.rows
                        if not (wide and low and high):
                            found.append(f"{number} {it.kind} {it.number} {sorted(atoms)}: {least}-{most} {low} {high}")
        return found


def as_parts(atoms: Atoms) -> frozenset[Part]:
    return frozenset(((organisation, school), role) for organisation, school, role in atoms)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def hide_only_small(rows: list[Shown], measures: list[Measure], high: int, extra: list[Atoms]) -> Pattern:
    """Protection switched off: a publication made badly."""
    return Pattern(frozenset(it.atoms for it in rows if measures[0].is_small(it.atoms)))


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


def test_a_small_school_is_not_the_difference_of_the_others(watch: Watch, capfd: pytest.CaptureFixture[str]) -> None:
    responses, groups = make_small(3, 6, 7, 9)
    publication = compare_groups(responses, {ASKED.form: ASKED}, groups)
    table = publication.comparisons[0].tables[0]
    assert [it.why for it in table.schools] == ["hidden", "hidden", "", ""]
    assert table.total.cells[0].people == 25
    assert (table.total.forms, table.total.cells[0].low, table.total.cells[0].given) == (None, None, None)
    assert table.schools[2].cells[0].low == 1
    assert watch.list_breaches(responses, groups, ASKED) == []
    assert capfd.readouterr().out == "", "the solver says nothing where results are written"


def test_the_attack_breaks_a_publication_that_was_made_badly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "choose_hidden", hide_only_small)
    assert Watch(monkeypatch).list_breaches(*make_small(3, 6, 7, 9), ASKED) != []


def test_a_group_less_another_group_tells_nothing(watch: Watch) -> None:
    responses, groups = make_small(6, 7, 8, 9, 3)
    whole = groups.groups[0]
    part = Group("deel", "Deel", whole.schools[:4])
    together = Groups((whole, part), groups.rounds, named=groups.named)
    publication = compare_groups(responses, {ASKED.form: ASKED}, together)
    assert [it.tables[0].total.why for it in publication.comparisons].count("hidden") == 1
    assert watch.list_breaches(responses, together, ASKED) == []


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
    assert (total.people, total.cells[0].why) == (9, "hidden")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_nothing_hidden_in_a_region_can_be_computed(seed: int, watch: Watch) -> None:
    asked = make_questionnaire(subjects=1)
    responses, groups = make_region(seed, forms=[asked], roles=False)
    assert len({(it.organisation, it.school) for it in responses}) > 20
    assert watch.list_breaches(responses, groups, asked) == []
    assert len(watch.found) == 2, "two rounds"


@pytest.mark.slow
def test_nothing_hidden_can_be_computed_where_roles_are_shown(watch: Watch) -> None:
    asked = make_questionnaire(subjects=1)
    responses, groups = make_region(4, boards=2, schools=8, forms=[asked])
    assert watch.list_breaches(responses, groups, asked) == []
    assert any(pattern.roles for _, pattern in watch.found)


@pytest.mark.slow
def test_a_region_made_badly_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "choose_hidden", hide_only_small)
    asked = make_questionnaire(subjects=1)
    responses, groups = make_region(0, boards=2, schools=8, forms=[asked], roles=False)
    assert Watch(monkeypatch).list_breaches(responses, groups, asked) != []


def test_the_same_forms_give_the_same_publication_in_any_order() -> None:
    asked = make_questionnaire(subjects=1)
    responses, groups = make_region(4, boards=1, schools=3, forms=[asked])
    first = compare_groups(responses, {asked.form: asked}, groups)
    assert first == compare_groups(responses[::-1], {asked.form: asked}, groups)
