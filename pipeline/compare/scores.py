"""Answers -> means, exactly: one form on one subject, several forms together, and the word for a mean.

The mean of a subject is that of its answered statements, with at least `Subject.least` answers; "do not know" is
counted apart. Of several respondents it is the mean of their means: each form counts once, however many people filled
it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from pipeline.compare.values import Cell, Response, Scale, Subject


@dataclass(frozen=True)
class Score:
    """One form on one subject.

    Attributes:
        people: how many filled it in.
        mean: of the answers that count; None with fewer than a mean needs.
        low, high: lowest and highest of them; None without any.
        wish: where one wants to be; None where that was left open.
        given, asked, unknown: answers that count, statements, answers "do not know".
    """

    people: int
    mean: Fraction | None
    low: int | None
    high: int | None
    wish: int | None
    given: int
    asked: int
    unknown: int


def score(response: Response, subject: Subject, scale: Scale) -> Score:
    """Return what one form says of a subject; an answer that is not on the scale is none."""
    rank = {value: number for number, value in enumerate(scale.values, start=1)}
    said = [response.values.get(name, "") for name in subject.items]
    answers = [rank[value] for value in said if value in rank]
    enough = len(answers) >= subject.least
    return Score(
        people=response.people,
        mean=Fraction(sum(answers), len(answers)) if enough else None,
        low=min(answers, default=None),
        high=max(answers, default=None),
        wish=rank.get(response.values.get(subject.wish, "")) if subject.wish else None,
        given=len(answers),
        asked=len(subject.items),
        unknown=sum(value in scale.unknown for value in said),
    )


def join_scores(scores: Sequence[Score]) -> Cell:
    """Return what several forms say of a subject together.

    Only forms with a mean count, for people, spread and wish too: so all numbers of a cell stand for the same forms.
    """
    counted = [it for it in scores if it.mean is not None]
    given, asked = sum(it.given for it in scores), sum(it.asked for it in scores)
    unknown = sum(it.unknown for it in scores)
    if not counted:
        return Cell(people=0, given=given, asked=asked, unknown=unknown, why="unanswered")
    wishes = [Fraction(it.wish) for it in counted if it.wish is not None]
    return Cell(
        people=sum(it.people for it in counted),
        mean=average(it.mean for it in counted if it.mean is not None),
        low=min(it.low for it in counted if it.low is not None),
        high=max(it.high for it in counted if it.high is not None),
        wish=average(wishes) if wishes else None,
        given=given,
        asked=asked,
        unknown=unknown,
    )


def average(values: Iterable[Fraction]) -> Fraction:
    """Return the mean of at least one value."""
    listed = list(values)
    return sum(listed, Fraction()) / len(listed)


def find_band(mean: Fraction, high: int) -> int:
    """Return which word of a scale of so many words a mean has, from 0: equal parts, by the unrounded number.

    Of four words the borders are 1.75, 2.5 and 3.25; a mean on a border belongs above it.
    """
    return min(int((mean - 1) * high / (high - 1)), high - 1)


def round_mean(value: Fraction) -> Fraction:
    """Return a number with one decimal; halves go up, as people round."""
    return Fraction(floor(value * 10 + Fraction(1, 2)), 10)


def find_alike(mean: Fraction, high: int) -> tuple[Fraction, Fraction]:
    """Return between which numbers all lie that are shown as this mean is: with the same decimal and the same word."""
    band, printed, part = find_band(mean, high), round_mean(mean), Fraction(high - 1, high)
    half = Fraction(1, 20)
    return max(printed - half, 1 + part * band), min(printed + half, 1 + part * (band + 1), Fraction(high))
