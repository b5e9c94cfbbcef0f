"""What is calculated of answers: exactly, by the rules that stand on the forms."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare.questionnaires import make_questionnaires
from pipeline.compare.scores import find_band, find_word, join_scores, score, summarise, write_number
from pipeline.compare.values import Questionnaire, Response, Scale, Subject
from pipeline.content.read import read_toolbox
from pipeline.resources import PACKAGED

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
    assert find_word(mean, SCALE) == WORDS[word]
    assert find_band(mean, SCALE) == word


@given(
    st.lists(st.lists(st.sampled_from(["1", "2", "3", "4", "weet-ik-niet", ""]), min_size=5, max_size=5), max_size=7)
)
def test_means_agree_with_those_of_another_way(sheets: list[list[str]]) -> None:
    cell = summarise([respond(*answers) for answers in sheets], ask(SUBJECT))[0]
    means = [fmean(numbers) for it in sheets if len(numbers := [int(a) for a in it if a.isdigit()]) >= 3]
    assert (cell.mean is None) == (not means)
    if cell.mean is not None:
        assert math.isclose(cell.mean, fmean(means))
        assert cell.people == len(means)
    assert cell.unknown == sum(it.count("weet-ik-niet") for it in sheets)


def ask(*subjects: Subject) -> Questionnaire:
    return Questionnaire("f", "2026-11", "Formulier", "school", "dimensions", subjects, SCALE)


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1), "1,0"), (Fraction(225, 100), "2,3"), (Fraction(-1, 20), "-0,1"), (Fraction(-1, 30), "0,0")],
)
def test_numbers_have_one_decimal_and_halves_go_up(value: Fraction, text: str) -> None:
    assert write_number(value, ",") == text


def test_a_scale_of_three_letters_has_three_equal_parts() -> None:
    scale = Scale(("a", "b", "c"), ("nie", "manchmal", "immer"))
    assert [find_word(Fraction(it, 100), scale) for it in (100, 166, 167, 233, 234, 300)] == [
        "nie", "nie", "manchmal", "manchmal", "immer", "immer",
    ]  # fmt: skip


def test_the_default_forms_are_compared_by_their_subjects() -> None:
    made = make_questionnaires(read_toolbox(PACKAGED))
    school = made["analyseformulier-school"]
    assert [it.code for it in school.subjects] == [f"D{number}" for number in range(1, 9)]
    third = school.subjects[2]
    assert third.items == tuple(f"D3-S{number}" for number in range(1, 6))
    assert (third.wish, third.least, dict(third.texts)["D3-stap"]) == ("D3-gewenst", 3, "Eerste stap")
    assert (school.side, school.folder) == ("school", "dimensions")
    assert school.scale.words == WORDS
    assert school.scale.unknown == {"weet-ik-niet"}
    board = made["analyseformulier-bestuur"]
    assert (board.folder, board.subjects[2].items[0]) == ("dimensions", "D3-B1")
    scan = made["scan-samen-opleiden"]
    assert (scan.subjects[0].items, scan.subjects[0].least, scan.folder) == (("SO1",), 1, "")
    assert "actieplan" not in made


def test_a_project_of_another_language_is_compared_too() -> None:
    project = Path(__file__).parent / "projects/besuch"
    made = make_questionnaires(read_toolbox(project))
    assert made, "it has a form with a scale"
    assert all(len(it.scale.words) == it.scale.high == 3 for it in made.values())
