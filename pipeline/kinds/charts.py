"""Tables of a comparison -> the blocks of a report: tables and charts, each chart with its numbers beside it. Pure.

Rows keep the order in which they come: schools are never ranked. Numbers that are not there are said in words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pipeline.compare.derive import Distribution
from pipeline.compare.values import CLEAR, Cell, Questionnaire, Row, Subject, Table
from pipeline.kinds.gaps import is_shown, settle_columns, tell_fewer, tell_left
from pipeline.kinds.wording import Wording, make_block, title_of

COLUMNS_MOST, WIDE_MOST = 8, 5  # subjects beside each other on A4: by the longest piece of a word of the scale
_NARROW_WORD = 9  # letters of a piece that stands in one of eight columns
_NAME, _SUBJECT = 42, 44  # mm
_BANDS_ROOM, _ONE_ROOM = 75, 97.5  # mm, for the columns of a distribution; of one subject

Block = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """A subject with two numbers that are held beside each other; `middle`: one more that is drawn."""

    subject: Subject
    first: Fraction | None
    second: Fraction | None
    middle: Fraction | None = None


@dataclass(frozen=True)
class Look:
    """How pairs are drawn.

    Attributes:
        heads: names of both columns of numbers.
        difference: name of the column with the difference.
        high: highest answer of the scale.
        shapes: of both; empty: none.
        key: (shape, words).
        spans: what lies between them is a range; else a line only joins them.
        signed: the difference has a direction.
    """

    heads: tuple[str, str]
    difference: str
    high: int
    shapes: tuple[str, str]
    key: list[list[str]]
    spans: bool = False
    signed: bool = True


def _make_row(title: str, **more: Any) -> Block:
    """Return a row of a chart: what it is called, its numbers or why there are none, and what is drawn of it."""
    empty: Block = {"total": False, "note": "", "values": [], "range": [], "link": [], "marks": [], "counts": []}
    return {"title": title, **empty, **more}


def _list_shapes(cells: Iterable[Cell]) -> list[str]:
    """Return what is drawn of some numbers beside their means."""
    found = list(cells)
    shapes = ["spread"] if any(it.mean is not None and it.low is not None for it in found) else []
    return [*shapes, "wish"] if any(it.mean is not None and it.wish is not None for it in found) else shapes


@dataclass(frozen=True)
class Charts:
    """What draws the tables of one questionnaire: how numbers are written, and in which colour.

    `beside`: subjects beside each other in a table; 0: as many as the words of the scale let stand there.
    """

    say: Wording
    colour: str
    beside: int = 0

    # ---------------------------------------------------------------------------------- schools x subjects

    def list_matrices(
        self, table: Table, rows: Sequence[Row], first: str, heading: str, intro: list[str]
    ) -> list[Block]:
        """Return rows x subjects as tables, each as wide as the page. `first`: head of the names.

        Rows without any number are left out.
        """
        questionnaire, words = table.questionnaire, self.say.words
        blocks, shown = [], [it for it in rows if is_shown(it)]
        count, pieces = len(questionnaire.subjects), re.split("[ \u00ad-]", " ".join(questionnaire.scale.words))
        most = self.beside or (COLUMNS_MOST if max(map(len, pieces)) <= _NARROW_WORD else WIDE_MOST)
        beside = math.ceil(count / math.ceil(count / most))  # tables of about as many columns
        for start in range(0, count, beside):
            chosen = range(start, min(start + beside, count))
            made = [self._plan_matrix_row(row, table.total, questionnaire, chosen) for row in shown]
            notes = tell_fewer(self.say, shown, questionnaire, chosen) if not self.beside else []
            blocks.append(
                make_block(
                    "matrix",
                    self.colour,
                    "" if start else heading,
                    [] if start else intro,
                    name_head=first,
                    people_head=words.columns.people,
                    columns=self._head_subjects([questionnaire.subjects[index] for index in chosen]),
                    rows=made,
                    signs=self.say.list_signs(shown),
                    notes=notes,
                )
            )
        return blocks

    def _head_subjects(self, subjects: Sequence[Subject]) -> list[list[str]]:
        return [[str(it.number), self.say.text(it.title)] for it in subjects]

    def _plan_matrix_row(self, row: Row, total: Row, questionnaire: Questionnaire, chosen: range) -> Block:
        cells = [self._plan_number(row.cells[index], questionnaire, row.people) for index in chosen]
        people = "" if row.people is None else str(row.people)
        return {"title": self.name(row), "people": people, "total": row is total, "cells": cells}

    def _plan_number(self, cell: Cell, questionnaire: Questionnaire, people: int | None) -> Block:
        """Return a number with its word. `people`: of the row; that a cell has fewer is said by a sign behind it."""
        if cell.mean is None:
            return {"text": self.say.sign(cell.why), "word": "", "mark": "", "bold": False}
        word = self.say.word(cell, questionnaire.scale)
        mark = "" if cell.people in (None, people) else self.say.words.columns.fewer_sign
        return {"text": self.say.number(cell.mean), "word": word, "mark": mark, "bold": False}

    def plan_change(self, then: Cell, now: Cell) -> Block:
        """Return a cell with the change of a mean, bold where it is clear; a sign where one of both is not shown."""
        if then.mean is None or now.mean is None:
            return {"text": self.say.words.columns.unanswered_sign, "word": "", "mark": "", "bold": False}
        change = now.mean - then.mean
        return {"text": self.say.signed(change), "word": "", "mark": "", "bold": abs(change) >= CLEAR}

    def name(self, row: Row) -> str:
        """Return the title of a row."""
        return self.say.text(row.title)

    # ---------------------------------------------------------------------------------- charts with dots

    def plot_subject(self, table: Table, index: int, roles: bool = False, known: Collection[str] = ()) -> Block:
        """Return a subject: total and schools below each other, or total and roles; what has no number in a line.

        Those in `known` are not named again there.
        """
        subject, scale = table.questionnaire.subjects[index], table.questionnaire.scale
        columns = self.say.words.columns
        rows = [table.total, *(table.roles if roles else table.schools)]
        wished = any(row.cells[index].wish is not None for row in rows)
        heads = [[columns.mean, 9], [columns.word, 30], [columns.spread, 15.5]]
        heads += [[columns.wish, 14.5]] if wished else []
        heads += [[columns.people, 8]]
        shown = [row for row in rows if row.cells[index].mean is not None]
        made = [self._plan_school(row, table, index, wished) for row in shown]
        gone = (it for it in rows if it not in shown and it.title not in known)
        left = tell_left(self.say, ((it.title, it.why or it.cells[index].why) for it in gone))
        mean = table.total.cells[index].mean
        shapes = ["mean", *_list_shapes(row.cells[index] for row in shown)]
        shapes += ["total"] if mean is not None and len(shown) > 1 else []
        title = title_of(f"{subject.number} {subject.title}")
        return self._plot(
            f"{title}: {self.say.words.roles.heading}" if roles else title,
            [],
            name_head=columns.role if roles else columns.school,
            name_width=_NAME,
            names=[self.name(it) for it in (table.total, *table.schools, *table.roles)],
            high=scale.high,
            line=float(mean) if "total" in shapes and mean is not None else None,
            columns=heads,
            rows=made,
            key=self._list_key(shapes),
            counted=True,
            notes=left,
        )

    def plot_subjects(self, row: Row, questionnaire: Questionnaire, heading: str, intro: list[str]) -> Block:
        """Return an organisation, or a school: its subjects below each other, with how much was answered."""
        columns = self.say.words.columns
        wished = any(cell.wish is not None for cell in row.cells)
        counted = len({cell.people for cell in row.cells if cell.mean is not None}) > 1  # else the opening says it
        given = any(cell.given is not None for cell in row.cells)
        heads = [[columns.mean, 9], [columns.word, 20 if given else 30], [columns.spread, 15.5]]
        heads += [[columns.wish, 14.5]] if wished else []
        heads += [[columns.answers, 18], *([[columns.people, 7]] if counted else [])]
        made = []
        for subject, cell in zip(questionnaire.subjects, row.cells, strict=True):
            *values, people = self._write_cell(cell, questionnaire, wished)
            values += [self._write_given(cell), *([people] if counted else [])]
            made.append(self._row(self._title(subject), values, cell, wished))
        return self._plot(
            heading,
            intro,
            name_head=columns.subject,
            name_width=_SUBJECT,
            high=questionnaire.scale.high,
            line=None,
            columns=heads,
            rows=made,
            key=self._list_key(["mean", *_list_shapes(row.cells)]),
            counted=counted,
        )

    def _plan_school(self, row: Row, table: Table, index: int, wished: bool) -> Block:
        cell, total = row.cells[index], row is table.total
        made = self._row(self.name(row), self._write_cell(cell, table.questionnaire, wished), cell, wished)
        if total:
            made["marks"] = [["large" if shape == "dot" else shape, at] for shape, at in made["marks"]]
        return {**made, "total": total}

    def _write_cell(self, cell: Cell, questionnaire: Questionnaire, wished: bool) -> list[str]:
        if cell.mean is None:
            return [""] * (5 if wished else 4)
        say = self.say
        values = [say.number(cell.mean), say.word(cell, questionnaire.scale), say.spread(cell)]
        values += [say.number(cell.wish)] if wished else []
        return [*values, "" if cell.people is None else str(cell.people)]

    def _write_given(self, cell: Cell) -> str:
        if cell.given is None or cell.asked is None:
            return ""
        return self.say.words.columns.of.format(given=cell.given, asked=cell.asked)

    def _row(self, title: str, values: list[str], cell: Cell, wished: bool) -> Block:
        """Return a row with what is drawn of it; the ring first, so that the dot lies upon it."""
        if cell.mean is None:
            return _make_row(title, note=self.say.tell_hidden(cell.why or "unanswered"))
        marks: list[list[object]] = []
        if wished and cell.wish is not None:
            marks.append(["ring", float(cell.wish)])
        marks.append(["dot", float(cell.mean)])
        ends = [] if cell.low is None or cell.high is None else [cell.low, cell.high]
        return _make_row(title, values=values, range=ends, marks=marks)

    def _list_key(self, shapes: Sequence[str]) -> list[list[str]]:
        key = self.say.words.key
        known = {"mean": ["dot", key.mean], "spread": ["range", key.spread], "wish": ["ring", key.wish]}
        return [{**known, "total": ["total", key.total]}[shape] for shape in shapes]

    def _plot(self, heading: str, intro: list[str], **keys: Any) -> Block:
        """Return a chart with dots. What it says to who does not see it follows from its key and its rows."""
        words, rows = self.say.words.key, keys["rows"]
        signs, blank = ", ".join(said for _, said in keys["key"]), [row["title"] for row in rows if row["note"]]
        title = heading or self.say.words.standing.heading
        alt = words.alt.format(title=title, signs=signs, high=keys["high"], rows=len(rows))
        alt += f" {words.alt_blank.format(names=title_of(', '.join(blank)))}" if blank else ""
        keys["columns"] = settle_columns(self.say, keys["columns"], rows)
        made = {"draw": "dots", "bands": 0, "alt": alt, "counted": False, "names": [], "notes": [], **keys}
        return make_block("plot", self.colour, heading, intro, **made)

    def _title(self, subject: Subject) -> str:
        return self.say.text(f"{subject.number} {subject.title}")

    # ---------------------------------------------------------------------------------- comparisons of numbers

    def plot_pairs(self, heading: str, intro: list[str], pairs: Sequence[Pair], look: Look) -> Block:
        """Return subjects with two numbers each and the difference between them."""
        words = self.say.words
        heads = [[it, 16] for it in look.heads]
        heads += [[look.difference, 19], [words.columns.clear, 17]]
        rows = []
        for pair in pairs:
            row = _make_row(self._title(pair.subject))
            if pair.first is None or pair.second is None:
                row["note"] = words.columns.without
            else:
                change = pair.second - pair.first
                shown = self.say.signed(change) if look.signed else self.say.number(abs(change))
                clear = words.columns.yes if abs(change) >= CLEAR else words.columns.no
                row["values"] = [self.say.number(pair.first), self.say.number(pair.second), shown, clear]
                ends = [float(pair.first), float(pair.second)]
                row["range" if look.spans else "link"] = sorted(ends)
                row["marks"] = [[shape, at] for shape, at in zip(look.shapes, ends, strict=True) if shape]
            if pair.middle is not None and not row["note"]:
                row["marks"].append(["dot", float(pair.middle)])
            rows.append(row)
        return self._plot(
            heading,
            intro,
            name_head=words.columns.subject,
            name_width=_SUBJECT,
            high=look.high,
            line=None,
            columns=heads,
            rows=rows,
            key=look.key,
        )

    # ---------------------------------------------------------------------------------- how many schools where

    def plot_distribution(self, table: Table, spread: Sequence[Distribution], about: str = "") -> Block:
        """Return how many schools there are at each word of the scale, by subject; `about`: where it is one."""
        words, scale = self.say.words, table.questionnaire.scale
        # The name of a single subject leaves room for words in one piece.
        width = min(19.5, (_ONE_ROOM if about else _BANDS_ROOM) / (scale.high + 1))
        columns = [[self.say.text(it), width] for it in scale.words]
        shown_hidden = any(it.without for it in spread)
        columns += [[words.columns.without, width]] if shown_hidden else []
        rows = []
        for of in spread:
            values = [str(it) for it in of.counts] + ([str(of.without)] if shown_hidden else [])
            rows.append(_make_row(self._title(of.subject), values=values, counts=list(of.counts)))
        return make_block(
            "plot",
            self.colour,
            words.distribution.heading,
            self.say.intro(words.distribution),
            draw="bars",
            counted=False,
            bands=scale.high,
            alt=words.key.alt_bars.format(title=f"{about}{words.distribution.heading}", rows=len(rows)),
            name_head=words.columns.subject,
            name_width=_SUBJECT,
            high=scale.high,
            line=None,
            columns=columns,
            rows=rows,
            key=[],
            names=[],
            notes=[],
        )

    def tell_unknown(self, row: Row, questionnaire: Questionnaire) -> Iterator[str]:
        """Yield how often "do not know" was chosen, where that is known and was."""
        of = self.say.words.unknown_of
        counts = [
            of.format(number=subject.number, count=cell.unknown).replace(" ", "\u00a0")
            for subject, cell in zip(questionnaire.subjects, row.cells, strict=True)
            if cell.unknown
        ]
        if counts:
            yield self.say.words.unknown.format(counts=", ".join(counts))
