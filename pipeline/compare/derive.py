"""A published comparison -> what a report points out: distributions, differences, wishes, changes, points of attention.

Only what is published is read here, so nothing that is hidden can come out again. Nothing is ranked: what is put in
order are subjects, never schools.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pipeline.compare.values import CLEAR, Comparison, Questionnaire, Row, Subject, Table

ATTENTION_MOST = 2  # points of attention: more than two at a time are none


@dataclass(frozen=True)
class Distribution:
    """How many schools have which word on one subject.

    Attributes:
        subject: what it is about.
        counts: schools by word, from low to high.
        without: schools of which nothing is shown.
    """

    subject: Subject
    counts: tuple[int, ...]
    without: int


@dataclass(frozen=True)
class Difference:
    """How far means lie apart on one subject.

    Attributes:
        subject: what it is about.
        low, high: the lowest and highest of the means.
        count: means that are compared.
    """

    subject: Subject
    low: Fraction
    high: Fraction
    count: int

    @property
    def gap(self) -> Fraction:
        """How far, on the scale."""
        return self.high - self.low

    @property
    def clear(self) -> bool:
        """Whether it is called a clear difference."""
        return self.gap >= CLEAR


@dataclass(frozen=True)
class Wish:
    """Where one stands on one subject, and where one wants to be."""

    subject: Subject
    now: Fraction
    wish: Fraction

    @property
    def gap(self) -> Fraction:
        """How much higher the wish is; below 0 where it is lower."""
        return self.wish - self.now

    @property
    def clear(self) -> bool:
        """Whether it is called a clear difference."""
        return abs(self.gap) >= CLEAR


@dataclass(frozen=True)
class Change:
    """What became of one subject between two rounds."""

    subject: Subject
    before: Fraction
    after: Fraction

    @property
    def gap(self) -> Fraction:
        """How much higher it is now; below 0 where it is lower."""
        return self.after - self.before

    @property
    def clear(self) -> bool:
        """Whether it is called a clear difference."""
        return abs(self.gap) >= CLEAR


@dataclass(frozen=True)
class Pair:
    """Two sides that were asked about the same subjects: their tables of one round, in the order of the forms."""

    folder: str
    tables: tuple[Table, ...]


def distribute(table: Table) -> tuple[Distribution, ...]:
    """Return for each subject how many schools have which word of the scale."""
    scale = table.questionnaire.scale
    found = []
    for number, subject in enumerate(table.questionnaire.subjects):
        bands = [it.cells[number].band for it in table.schools]
        counts = tuple(bands.count(band) for band in range(scale.high))
        found.append(Distribution(subject, counts, bands.count(None)))
    return tuple(found)


def differ(table: Table, parts: tuple[Row, ...] | None = None) -> tuple[Difference, ...]:
    """Return how far the means of schools lie apart, the largest first, ties by number.

    Args:
        table: what is published.
        parts: rows to compare instead of its schools, its roles for instance.

    Subjects on which fewer than two rows have a mean are left out.
    """
    rows = table.schools if parts is None else parts
    found = []
    for number, subject in enumerate(table.questionnaire.subjects):
        means = [mean for it in rows if (mean := it.cells[number].mean) is not None]
        if len(means) > 1:
            found.append(Difference(subject, min(means), max(means), len(means)))
    return tuple(sorted(found, key=lambda it: (-it.gap, it.subject.number)))


def wishes(row: Row, questionnaire: Questionnaire) -> tuple[Wish, ...]:
    """Return wished against present, the largest wish first, ties by number; only where both are shown."""
    pairs = zip(questionnaire.subjects, row.cells, strict=True)
    found = [Wish(it, cell.mean, cell.wish) for it, cell in pairs if cell.mean is not None and cell.wish is not None]
    return tuple(sorted(found, key=lambda it: (-it.gap, it.subject.number)))


def find_attention(row: Row, questionnaire: Questionnaire) -> tuple[Wish, ...]:
    """Return at most two subjects on which the wish is clearly higher than the present: none is an answer too."""
    return tuple(it for it in wishes(row, questionnaire) if it.gap >= CLEAR)[:ATTENTION_MOST]


def change(before: Table, after: Table) -> tuple[Change, ...]:
    """Return what became of the total between two rounds of one form, in the order of its subjects.

    Subjects are found by their code, so a form that asked more in one of them is compared on what both asked.
    """
    means = dict(zip((it.code for it in before.questionnaire.subjects), before.total.cells, strict=True))
    found = []
    for subject, cell in zip(after.questionnaire.subjects, after.total.cells, strict=True):
        old = means[subject.code].mean if subject.code in means else None
        if old is not None and cell.mean is not None:
            found.append(Change(subject, old, cell.mean))
    return tuple(found)


def pair_sides(comparison: Comparison) -> tuple[Pair, ...]:
    """Return forms that ask different sides about the subjects of one folder, each with its last round."""
    found: dict[str, dict[str, Table]] = {}
    for table in comparison.tables:
        if table.questionnaire.folder and table.questionnaire.side:
            found.setdefault(table.questionnaire.folder, {})[table.questionnaire.form] = table
    return tuple(Pair(folder, tuple(by_form.values())) for folder, by_form in found.items() if len(by_form) > 1)
