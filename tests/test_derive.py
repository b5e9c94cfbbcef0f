"""What a report points out: at the borders, and never from what is hidden."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from pipeline.compare.derive import change, differ, distribute, find_attention, pair_sides, wishes
from pipeline.compare.scores import find_band, round_mean
from pipeline.compare.values import Cell, Comparison, Questionnaire, Round, Row, Scale, Subject, Table

SUBJECTS = tuple(Subject(it, f"D{it}", f"Subject {it}", "", (f"D{it}-S1",)) for it in (1, 2, 3))
SCALE = Scale(("1", "2", "3", "4"), ("not yet", "begun", "mostly", "always"))
HIDDEN = Cell(why="few")


def ask(form: str = "school", side: str = "school") -> Questionnaire:
    return Questionnaire(form, "2026", form, side, "dimensions", SUBJECTS, SCALE)


def row(*cells: Cell, key: str = "total") -> Row:
    return Row(key, key, "total", cells)


def cell(mean: str, wish: str = "") -> Cell:
    exact = Fraction(mean)
    return Cell(people=6, mean=round_mean(exact), band=find_band(exact, 4), wish=Fraction(wish) if wish else None)


def tabulate(total: Row, *schools: Row, form: str = "school", name: str = "2026") -> Table:
    return Table(ask(form, form), Round(name, name, dt.date(2026, 1, 1), dt.date(2026, 12, 31)), total, schools)


NOW = row(cell("2"), cell("3"), cell("1"))


def test_schools_are_counted_by_the_word_of_the_unrounded_mean() -> None:
    first = row(cell("7/4"), cell("174999/100000"), HIDDEN, key="a")
    second = row(cell("4"), HIDDEN, HIDDEN, key="b")
    found = distribute(tabulate(NOW, first, second))
    assert [it.counts for it in found] == [(0, 1, 0, 1), (1, 0, 0, 0), (0, 0, 0, 0)]
    assert [it.without for it in found] == [0, 1, 2]


def test_differences_are_the_largest_first_and_ties_by_number() -> None:
    first = row(cell("2"), cell("1"), cell("1"), key="a")
    second = row(cell("244/100"), cell("3/2"), cell("3/2"), key="b")
    found = differ(tabulate(NOW, first, second))
    assert [(it.subject.number, it.clear) for it in found] == [(2, True), (3, True), (1, False)]
    assert (found[0].low, found[0].high, found[0].count) == (Fraction(1), Fraction(3, 2), 2)


def test_one_mean_beside_a_hidden_one_is_no_difference() -> None:
    table = tabulate(NOW, row(cell("2"), HIDDEN, HIDDEN, key="a"), row(HIDDEN, HIDDEN, HIDDEN, key="b"))
    assert differ(table) == ()
    assert len(differ(table, (NOW, row(cell("4"), HIDDEN, HIDDEN)))) == 1


def test_attention_goes_to_two_clear_wishes_at_most() -> None:
    wanted = row(cell("2", "5/2"), cell("3", "7/2"), cell("1", "4"))
    assert [it.subject.number for it in find_attention(wanted, ask())] == [3, 1]
    assert find_attention(row(cell("2", "249/100"), cell("3", "2"), HIDDEN), ask()) == ()


def test_a_lower_wish_stands_last_and_can_be_clear() -> None:
    found = wishes(row(cell("3", "2"), cell("3", "3"), cell("2")), ask())
    assert [(it.subject.number, it.gap, it.clear) for it in found] == [(2, Fraction(0), False), (1, Fraction(-1), True)]


def test_change_is_told_only_where_both_rounds_show_a_mean() -> None:
    found = change(tabulate(row(cell("2"), HIDDEN, cell("3"))), tabulate(row(cell("3/2"), cell("2"), HIDDEN)))
    assert [(it.subject.number, it.gap, it.clear) for it in found] == [(1, Fraction(-1, 2), True)]


def test_sides_of_one_folder_are_put_together_with_their_last_round() -> None:
    old, new, board = tabulate(NOW, name="old"), tabulate(NOW, name="new"), tabulate(NOW, form="board")
    (pair,) = pair_sides(Comparison("x", "X", "group", (old, new, board)))
    assert (pair.folder, pair.tables) == ("dimensions", (new, board))
    assert pair_sides(Comparison("x", "X", "group", (old, new))) == ()
