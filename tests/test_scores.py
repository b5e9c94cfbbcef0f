"""What is calculated of answers: exactly, by the rules that stand on the forms."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare.scores import find_alike, find_band, join_scores, round_mean, score
from pipeline.compare.values import Response, Scale, Subject

WORDS = ("nog niet zichtbaar", "begin gemaakt", "meestal zichtbaar", "vanzelfsprekend")
SCALE = Scale(("1", "2", "3", "4"), WORDS, frozenset({"weet-ik-niet"}))
SUBJECT = Subject(3, "D3", "Teamleren", "mos", tuple(f"D3-S{number}" for number in range(1, 6)), "D3-gewenst", (), 3)


def respond(*answers: str, wish: str = "", people: int = 1) -> Response:
    values = {**dict(zip(SUBJECT.items, answers, strict=False)), SUBJECT.wish: wish}
    return Response("a.pdf", "f", "Stichting", "School", "leraar", None, people, values)


@pytest.mark.parametrize(
    ("answers", "mean", "low", "high", "given", "unknown"),
    [
        (("1", "2", "2", "4", "4"), Fraction(13, 5), 1, 4, 5, 0),
        (("1", "weet-ik-niet", "2", "weet-ik-niet", "4"), Fraction(7, 3), 1, 4, 3, 2),
        (("1", "weet-ik-niet", "2", "", ""), None, 1, 2, 2, 1),
        (("weet-ik-niet",) * 5, None, None, None, 0, 5),
        (("", "", "", "", ""), None, None, None, 0, 0),
        (("9", "0", "-1", "3", "drie"), None, 3, 3, 1, 0),
    ],
)
def test_a_mean_needs_three_answers_and_what_one_does_not_know_is_counted_apart(
    answers: tuple[str, ...], mean: Fraction | None, low: int | None, high: int | None, given: int, unknown: int
) -> None:
    found = score(respond(*answers), SUBJECT, SCALE)
    assert (found.mean, found.low, found.high) == (mean, low, high)
    assert (found.given, found.asked, found.unknown) == (given, 5, unknown)


def test_several_respondents_have_the_mean_of_their_means() -> None:
    """Not the mean of all answers: 15 of them would give 2.2."""
    forms = [respond("1", "1", "1", "1", "1", wish="3"), respond("4", "4", "4", wish="4", people=6)]
    cell = join_scores([score(it, SUBJECT, SCALE) for it in forms])
    assert (cell.mean, cell.low, cell.high, cell.wish) == (Fraction(5, 2), 1, 4, Fraction(7, 2))
    assert (cell.people, cell.given, cell.asked) == (7, 8, 10)


def test_a_form_with_too_few_answers_counts_for_nothing_but_its_answers() -> None:
    forms = [respond("2", "2", "2"), respond("4", "4", wish="4", people=8)]
    cell = join_scores([score(it, SUBJECT, SCALE) for it in forms])
    assert [cell.people, cell.mean, cell.high, cell.wish, cell.given] == [1, 2, 2, None, 5]
    nobody = join_scores([score(respond("4"), SUBJECT, SCALE)])
    assert (nobody.why, nobody.mean, nobody.people, nobody.given) == ("unanswered", None, 0, 1)


@pytest.mark.parametrize(
    ("mean", "word"),
    [
        (Fraction(1), 0), (Fraction(174, 100), 0), (Fraction(175, 100), 1), (Fraction(249, 100), 1),
        (Fraction(5, 2), 2), (Fraction(324, 100), 2), (Fraction(325, 100), 3), (Fraction(4), 3),
    ],
)  # fmt: skip
def test_the_word_goes_by_the_number_that_is_not_rounded(mean: Fraction, word: int) -> None:
    assert find_band(mean, SCALE.high) == word


@given(
    st.lists(st.lists(st.sampled_from(["1", "2", "3", "4", "weet-ik-niet", ""]), min_size=5, max_size=5), max_size=7)
)
def test_means_agree_with_those_of_another_way(sheets: list[list[str]]) -> None:
    cell = join_scores([score(respond(*answers), SUBJECT, SCALE) for answers in sheets])
    means = [fmean(numbers) for it in sheets if len(numbers := [int(a) for a in it if a.isdigit()]) >= 3]
    assert (cell.mean is None) == (not means)
    if cell.mean is not None:
        assert math.isclose(cell.mean, fmean(means))
        assert cell.people == len(means)
    assert cell.unknown == sum(it.count("weet-ik-niet") for it in sheets)


@pytest.mark.parametrize(("value", "tenths"), [("1", 10), ("2.25", 23), ("2.249", 22), ("3.95", 40), ("-0.05", 0)])
def test_numbers_have_one_decimal_and_halves_go_up(value: str, tenths: int) -> None:
    assert round_mean(Fraction(value)) == Fraction(tenths, 10)


@given(st.integers(1, 400), st.integers(1, 100), st.integers(2, 6))
def test_numbers_that_look_alike_have_one_decimal_and_one_word(above: int, count: int, high: int) -> None:
    mean = 1 + Fraction(above % (count * (high - 1) + 1), count)
    least, most = find_alike(mean, high)
    assert least <= mean <= most
    for inside in (least, (least + most) / 2, most - Fraction(1, 10**6)):
        assert (round_mean(inside), find_band(inside, high)) == (round_mean(mean), find_band(mean, high))
    if most < high:
        assert (round_mean(most), find_band(most, high)) != (round_mean(mean), find_band(mean, high))
