"""Reports as they are printed -> what is wrong in them: every table and every sentence with a number reckoned anew.

Read are the tags of the PDF, so each number is looked for in its own cell, below the names of its row and column. What
is shown and what is not is taken from the workbook, whose cells `published.py` has reckoned: so no number that is
hidden there stands in print. A table, a heading or a number that is not known is wrong too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from pipeline.content.report_words import ReportWords
from tests.published import Found, Key
from tests.reckoning import CLEAR, FEW, Form, Group, Line, Numbers, Question, Reckoner, count_tenths
from tests.tagged_text import Block

MOST = 2  # points of attention
WIDEST = 3  # subjects whose answers lie apart
WIDE = 2  # steps of the scale, from which on answers lie apart
PHASES = {4: ((2, 1), (3, 1)), 3: ((5, 3), (7, 3))}  # where the three phases of the framework begin
MINUS = "\u2212"
DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Asked:
    """What a report is held against.

    Attributes:
        words: of the language of the report.
        found: what its workbook shows.
        sides: pairs of forms, by id, that ask about the same; the later one is the main one.
        aspects: subject number -> aspects of the framework, of the form with cards; empty without one.
        phases: their names.
        periods: the lines that say when.
        edition: the line that says of which toolbox.
    """

    reckoner: Reckoner
    group: Group
    words: ReportWords
    found: Found
    sides: Sequence[tuple[str, str]] = ()
    cards: Sequence[str] = ()
    aspects: Mapping[int, Sequence[str]] = field(default_factory=dict)
    phases: Sequence[str] = ()
    periods: Sequence[str] = ()
    edition: str = ""


@dataclass
class Segment:
    """What stands below one heading. `form`: the one it is about, where it says so."""

    tag: str
    heading: str
    form: Form | None
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Printed:
    """A report that is read.

    Attributes:
        wrong: what does not agree, in words.
        seen: which tables and sentences with numbers there were, and how often.
        shown: which numbers of the newest round stand in a table.
    """

    asked: Asked
    wrong: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    shown: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        tables = self.asked.reckoner.list_tables(self.asked.group)
        self.tables = tables
        self.newest = {form.id: year for form, year in tables}
        self.rounds: dict[str, list[str]] = {}
        for form, year in tables:
            self.rounds.setdefault(form.id, []).append(year)
        self.forms = {form.id: form for form, _ in tables}
        self._numbers: dict[tuple[str, str, str, int], Numbers] = {}

    # ---------------------------------------------------------------------------------- what is reckoned

    def expect(self, found: object, wanted: object, *where: object) -> None:
        if found != wanted:
            self.wrong.append(f"{' · '.join(map(str, where))}: {found!r} instead of {wanted!r}")

    def lines(self, form: Form, year: str, *kinds: str) -> list[Line]:
        return [
            it for it in self.asked.reckoner.list_lines(self.asked.group, form, year) if not kinds or it.kind in kinds
        ]

    def numbers(self, form: Form, year: str, line: Line, question: Question) -> Numbers:
        key = (form.id, year, line.title, question.number)
        if key not in self._numbers:
            self._numbers[key] = self.asked.reckoner.reckon(self.asked.group, form, line, question)
        return self._numbers[key]

    def is_shown(self, form: Form, year: str, line: Line, question: Question) -> bool:
        return (form.id, year, line.title, question.number) in self.asked.found.shown

    def has_row(self, form: Form, year: str, line: Line) -> bool:
        """Say whether a row is there, as a whole, and somebody answered."""
        return bool(line.forms) and (form.id, year, line.title) in self.asked.found.people

    def has_wish(self, form: Form, year: str, line: Line, question: Question) -> bool:
        return (form.id, year, line.title, question.number) in self.asked.found.wishes

    def has_spread(self, form: Form, year: str, line: Line, question: Question) -> bool:
        return (form.id, year, line.title, question.number) in self.asked.found.spreads

    def total(self, form: Form, year: str) -> Line:
        return self.lines(form, year, "total")[0]

    # ---------------------------------------------------------------------------------- how it is written

    def write(self, tenths: int | None) -> str:
        if tenths is None:
            return ""
        whole, tenth = divmod(abs(tenths), 10)
        return f"{MINUS if tenths < 0 else ''}{whole}{self.asked.words.decimal}{tenth}"

    def sign(self, tenths: int) -> str:
        return f"+{self.write(tenths)}" if tenths > 0 else self.write(tenths)

    def judge(self, tenths: int) -> str:
        return self.asked.words.columns.yes if abs(tenths) >= CLEAR else self.asked.words.columns.no

    def name(self, question: Question) -> str:
        return f"{question.number} {question.title}"

    def spread(self, numbers: Numbers) -> str:
        return str(numbers.low) if numbers.low == numbers.high else f"{numbers.low}–{numbers.high}"

    # ---------------------------------------------------------------------------------- reading

    def read(self, blocks: Sequence[Block]) -> Printed:
        """Hold all blocks of a report against what is reckoned."""
        for segment in self._split(blocks):
            self._check_texts(segment)
            tables = [it for it in segment.blocks if it.tag == "Table"]
            for table in tables:
                self._check_table(segment, [[*map(str, row)] for row in table.rows])
            self._check_figures(segment)
            if segment.heading == self.asked.words.answers.heading and segment.form:
                self._check_answers(segment, segment.form)
            if segment.heading == self.asked.words.attention.heading and segment.form:
                self._check_points(segment, segment.form)
        newest = {it for it in self.asked.found.shown if self.newest[it[0]] == it[1]}
        self.expect(sorted(newest - self.shown), [], "in the workbook, not in print")
        return self

    def _split(self, blocks: Sequence[Block]) -> list[Segment]:
        titles = {form.title: form for form in self.forms.values()}
        segments: list[Segment] = []
        for it in blocks:
            if it.tag in ("H1", "H2"):
                form = None if it.tag == "H1" or not segments else segments[-1].form
                segments.append(Segment(it.tag, it.text, form))
            else:
                last = segments[-1]
                if last.tag == "H1" and it.tag == "P" and not last.blocks and len(segments) > 1:
                    last.form = titles.get(it.text)
                last.blocks.append(it)
        return segments

    def _check_figures(self, segment: Segment) -> None:
        """Demand that a chart says how many rows its table has."""
        key = self.asked.words.key
        for figure, table in zip(segment.blocks, segment.blocks[1:], strict=False):
            if figure.tag == "Figure" and table.tag == "Table":
                rows = str(len(table.rows) - 1)
                high = str(len(segment.form.answers)) if segment.form else r"\d"
                patterns = [
                    re.escape(template).replace(r"\{rows\}", rows).replace(r"\{high\}", high)
                    for template in (key.alt, key.alt_bars)
                ]
                patterns = [re.sub(r"\\\{(title|signs)\\\}", ".*", it) for it in patterns]
                fits = any(re.fullmatch(it, figure.text) for it in patterns)
                self.expect(fits, True, segment.heading, figure.text)
                self.seen["chart"] += 1

    # ---------------------------------------------------------------------------------- tables

    def _check_table(self, segment: Segment, rows: list[list[str]]) -> None:
        columns, words = self.asked.words.columns, self.asked.words
        heads, where = rows[0], (segment.heading, *rows[0][:3])
        first = heads[0]
        plot = [columns.mean, columns.word, columns.spread]
        pairs = {
            (columns.lowest, columns.highest): "differences",
            (columns.mean, columns.wish): "wishes",
        }
        form = segment.form
        if form is None or segment.heading == words.sides.heading:
            self._check_sides(rows)
        elif heads[1:4] == plot and first == columns.subject:
            self._check_standing(form, rows)
        elif heads[1:4] == plot and first in (columns.school, columns.role):
            self._check_subject(segment, form, rows)
        elif tuple(heads[1:3]) in pairs and heads[3:] == [columns.difference, columns.clear]:
            getattr(self, f"_check_{pairs[heads[1], heads[2]]}")(form, rows)
        elif heads[3:] == [columns.change, columns.clear]:
            self._check_changes(form, rows)
        elif heads[1 : len(form.words) + 1] == list(form.words):
            self._check_distribution(segment, form, rows)
        elif segment.heading == words.changed_schools.heading:
            self._check_changed_schools(form, rows)
        elif first in (columns.school, columns.role) and heads[1] == columns.people:
            self._check_matrix(form, rows, "role" if first == columns.role else "")
        else:
            self.wrong.append(f"{where}: a table that nobody knows")

    def _is_note(self, cells: Sequence[str]) -> bool:
        """Say whether a row says why there is no number."""
        columns = self.asked.words.columns
        reasons = (columns.few.format(least=FEW), columns.hidden, columns.unanswered)
        text = " ".join(filter(None, cells))
        return any(text.endswith(it) for it in reasons)

    def _check_matrix(self, form: Form, rows: list[list[str]], kind: str) -> None:
        self.seen["roles" if kind else "overview"] += 1
        year = self.newest[form.id]
        questions = {str(it.number): it for it in form.questions}
        lines = self.lines(form, year, kind) if kind else self.lines(form, year, "total", "school")
        self.expect([row[0] for row in rows[1:]], [it.title for it in lines], form.id, "names")
        for row, line in zip(rows[1:], lines, strict=False):
            where = (form.id, "matrix", line.title)
            if len(row) < len(rows[0]) or self._is_note(row[1:]):
                self.expect(self._is_note(row[1:]), True, *where, row)
                shown = [it for it in form.questions if self.is_shown(form, year, line, it)]
                self.expect(shown, [], *where, "not in print")
                continue
            if row[1]:
                self.expect(row[1], str(line.people), *where, "people")
            self.expect(bool(row[1]), (form.id, year, line.title) in self.asked.found.people, *where, "people shown")
            for number, cell in zip(rows[0][2:], row[2:], strict=True):
                self._check_number(form, line, questions[number], cell)

    def _check_number(self, form: Form, line: Line, question: Question, cell: str) -> None:
        year, columns = self.newest[form.id], self.asked.words.columns
        where = (form.id, "matrix", line.title, question.number)
        if not self.is_shown(form, year, line, question):
            self.expect(cell in (columns.few_sign, columns.hidden_sign, columns.unanswered_sign), True, *where, cell)
            return
        numbers = self.numbers(form, year, line, question)
        people = f" {columns.people} {numbers.people}" if numbers.people != line.people else ""
        self.expect(cell, f"{self.write(numbers.tenths)}{people} {numbers.word}", *where)
        self._note(form, year, line, question)

    def _note(self, form: Form, year: str, line: Line, question: Question) -> None:
        self.shown.add((form.id, year, line.title, question.number))
        self.seen["numbers"] += 1

    def _check_subject(self, segment: Segment, form: Form, rows: list[list[str]]) -> None:
        """Total and schools, or total and roles, on the subject that the heading names, or that of its page."""
        columns, year = self.asked.words.columns, self.newest[form.id]
        kind = "role" if rows[0][0] == columns.role else "school"
        heading = self.page if segment.heading == self.asked.words.roles.heading else segment.heading
        question = next((it for it in form.questions if self.name(it) == heading), None)
        if question is None:
            self.wrong.append(f"a chart of no subject: {heading}")
            return
        self.seen[f"subject by {kind}"] += 1
        lines = self.lines(form, year, "total", kind)
        wished = columns.wish in rows[0]
        heads = [columns.mean, columns.word, columns.spread, *([columns.wish] if wished else []), columns.people]
        self.expect(rows[0][1:], heads, form.id, heading, "heads")
        self.expect([row[0] for row in rows[1:]], [it.title for it in lines], form.id, heading, "names")
        for row, line in zip(rows[1:], lines, strict=False):
            self._check_row(form, line, question, row[1:], wished)
            if not wished and self.has_wish(form, year, line, question):
                self.wrong.append(f"{form.id} · {heading} · {line.title}: a wish, and no column for it")

    def _check_row(self, form: Form, line: Line, question: Question, cells: list[str], wished: bool) -> None:
        """Mean, word, spread, wish, people."""
        year, where = self.newest[form.id], (form.id, "chart", line.title, question.number)
        if not self.is_shown(form, year, line, question):
            self.expect(self._is_note(cells), True, *where, cells)
            return
        numbers = self.numbers(form, year, line, question)
        wanted = [self.write(numbers.tenths), numbers.word]
        wanted.append(self.spread(numbers) if self.has_spread(form, year, line, question) else "")
        if wished:
            wanted.append(self.write(numbers.wished) if self.has_wish(form, year, line, question) else "")
        self.expect(cells, [*wanted, str(numbers.people)], *where)
        self._note(form, year, line, question)

    def _check_standing(self, form: Form, rows: list[list[str]]) -> None:
        self.seen["standing"] += 1
        columns, year = self.asked.words.columns, self.newest[form.id]
        total = self.total(form, year)
        wished, counted = columns.wish in rows[0], rows[0][-1] == columns.people
        self.expect([row[0] for row in rows[1:]], [self.name(it) for it in form.questions], form.id, "subjects")
        for row, question in zip(rows[1:], form.questions, strict=False):
            numbers = self.numbers(form, year, total, question)
            where = (form.id, "standing", question.number)
            if not self.is_shown(form, year, total, question):
                self.expect(self._is_note(row[1:]), True, *where, row)
                continue
            given = columns.of.format(given=numbers.given, asked=numbers.asked)
            cells = row[1:] if counted else [*row[1:], str(numbers.people)]
            self.expect(cells[-2] in (given, "" if not self.asked.group.alone else given), True, *where, cells[-2])
            if not counted and numbers.people != total.people:  # all alike, and fewer than filled it in
                self.seen["fewer people than the opening says"] += 1
            self._check_row(form, total, question, [*cells[:-2], cells[-1]], wished)

    # ---------------------------------------------------------------------------------- two numbers

    def _check_pairs(
        self, where: str, rows: list[list[str]], wanted: Sequence[tuple[str, int | None, int | None]], signed: bool
    ) -> None:
        self.seen[where] += 1
        self.expect([row[0] for row in rows[1:]], [it[0] for it in wanted], where, "subjects")
        for row, (name, first, second) in zip(rows[1:], wanted, strict=False):
            if first is None or second is None:
                self.expect([*filter(None, row[1:])], [self.asked.words.columns.not_shown], where, name)
                continue
            change = second - first
            said = self.sign(change) if signed else self.write(abs(change))
            self.expect(row[1:], [self.write(first), self.write(second), said, self.judge(change)], where, name)
            self.seen[f"{where}: clear" if abs(change) >= CLEAR else f"{where}: not clear"] += 1

    def _show(self, form: Form, year: str, line: Line, question: Question) -> int | None:
        shown = self.is_shown(form, year, line, question)
        return self.numbers(form, year, line, question).tenths if shown else None

    def _check_wishes(self, form: Form, rows: list[list[str]]) -> None:
        year = self.newest[form.id]
        total = self.total(form, year)
        wanted = [
            (
                self.name(it),
                self._show(form, year, total, it),
                self.numbers(form, year, total, it).wished if self.has_wish(form, year, total, it) else None,
            )
            for it in form.questions
        ]
        self._check_pairs("wishes", rows, wanted, signed=True)

    def _check_changes(self, form: Form, rows: list[list[str]]) -> None:
        titles = [self.asked.reckoner.rounds[it] for it in self.rounds[form.id]]
        pair = next(
            (number for number in range(1, len(titles)) if titles[number - 1 : number + 1] == rows[0][1:3]), None
        )
        if pair is None:
            self.wrong.append(f"{form.id}: a change between {rows[0][1:3]}")
            return
        before, after = self.rounds[form.id][pair - 1 : pair + 1]
        wanted = [
            (
                self.name(it),
                self._show(form, before, self.total(form, before), it),
                self._show(form, after, self.total(form, after), it),
            )
            for it in form.questions
        ]
        self._check_pairs("changes", rows, wanted, signed=True)

    def _check_sides(self, rows: list[list[str]]) -> None:
        for one, other in self.asked.sides:
            if {one, other} <= self.forms.keys():
                forms = (self.forms[one], self.forms[other])
                heads = [it.sheet for it in forms]
                columns = self.asked.words.columns
                self.expect(rows[0], [columns.subject, *heads, columns.difference, columns.clear], "sides")
                first, second = (
                    [
                        self._show(form, self.newest[form.id], self.total(form, self.newest[form.id]), it)
                        for it in form.questions
                    ]
                    for form in forms
                )
                names = [self.name(it) for it in forms[0].questions]
                self._check_pairs("sides", rows, list(zip(names, first, second, strict=True)), signed=False)
                return
        self.wrong.append(f"a table beside no form: {rows[0]}")

    def _check_differences(self, form: Form, rows: list[list[str]]) -> None:
        """The lowest and the highest school of each subject, the farthest apart first."""
        year = self.newest[form.id]
        found = []
        for question in form.questions:
            numbers = [
                self.numbers(form, year, it, question)
                for it in self.lines(form, year, "school")
                if self.is_shown(form, year, it, question)
            ]
            if len(numbers) > 1:
                ordered = sorted(numbers, key=mean_of)
                gap = mean_of(ordered[-1]) - mean_of(ordered[0])
                found.append((-round(gap, 20), question.number, question, ordered[0].tenths, ordered[-1].tenths))
        wanted = [
            (self.name(question), low, high) for _, _, question, low, high in sorted(found, key=lambda it: it[:2])
        ]
        self._check_pairs("differences", rows, wanted, signed=False)

    # ---------------------------------------------------------------------------------- schools

    def _check_distribution(self, segment: Segment, form: Form, rows: list[list[str]]) -> None:
        self.seen["distribution"] += 1
        year = self.newest[form.id]
        lines = self.lines(form, year, "school")
        names = {self.name(it): it for it in form.questions}
        on_page = segment.tag == "H1" and segment.heading in names
        chosen = [names[segment.heading]] if on_page else list(form.questions)
        titles = [self.asked.words.columns.total] if on_page else [self.name(it) for it in chosen]
        self.expect([row[0] for row in rows[1:]], titles, form.id, "distribution", "names")
        counts = []
        for question in chosen:
            said = [
                self.numbers(form, year, it, question).word for it in lines if self.is_shown(form, year, it, question)
            ]
            counts.append([*(said.count(word) for word in form.words), len(lines) - len(said)])
        more = [self.asked.words.columns.not_shown] if any(it[-1] for it in counts) else []
        self.expect(rows[0][1:], [*form.words, *more], form.id, "distribution", "heads")
        for row, wanted, title in zip(rows[1:], counts, titles, strict=False):
            kept = wanted if more else wanted[:-1]
            self.expect(row[1:], [str(it) for it in kept], form.id, "distribution", segment.heading, title)

    def _check_changed_schools(self, form: Form, rows: list[list[str]]) -> None:
        self.seen["changed schools"] += 1
        columns = self.asked.words.columns
        before, after = self.rounds[form.id][-2:]
        questions = {str(it.number): it for it in form.questions}
        then = {it.title: it for it in self.lines(form, before, "school") if self.has_row(form, before, it)}
        lines = [it for it in self.lines(form, after, "school") if self.has_row(form, after, it) and it.title in then]
        self.expect([row[0] for row in rows[1:]], [it.title for it in lines], form.id, "changed schools", "names")
        numbers = [it for it in rows[0][1:] if it]
        for row, line in zip(rows[1:], lines, strict=False):
            cells = row[len(row) - len(numbers) :]
            self.expect([*filter(None, row[1 : len(row) - len(numbers)])], [], form.id, "changed", line.title)
            for number, cell in zip(numbers, cells, strict=True):
                old = self._show(form, before, then[line.title], questions[number])
                new = self._show(form, after, line, questions[number])
                wanted = columns.unanswered_sign if old is None or new is None else self.sign(new - old)
                self.expect(cell, wanted, form.id, "changed", line.title, number)

    # ---------------------------------------------------------------------------------- sentences

    def _check_answers(self, segment: Segment, form: Form) -> None:
        """Where answers lie apart: at most three subjects, the farthest first."""
        year = self.newest[form.id]
        total = self.total(form, year)
        wide = []
        for question in form.questions:
            numbers = self.numbers(form, year, total, question)
            if self.has_spread(form, year, total, question) and numbers.steps >= WIDE:
                wide.append((-numbers.steps, question.number, question, numbers))
        wide.sort(key=lambda it: it[:2])
        said = self.asked.words.attention.spread
        wanted = []
        for _, _, question, numbers in wide[:WIDEST]:
            wanted += [self.name(question), said.format(low=numbers.low, high=numbers.high)]
        texts = [it.text for it in segment.blocks if it.tag == "P" and DIGIT.search(it.text)]
        self.expect(texts, wanted, form.id, "answers")
        self.seen["answers apart"] += len(wanted) // 2

    def list_points(self, form: Form) -> list[tuple[Question, Numbers]]:
        """Return where the wish is clearly higher, by the numbers in print; the farthest first."""
        year = self.newest[form.id]
        total = self.total(form, year)
        found = []
        for question in form.questions:
            numbers = self.numbers(form, year, total, question)
            if self.is_shown(form, year, total, question) and self.has_wish(form, year, total, question):
                assert numbers.wish is not None
                assert numbers.tenths is not None
                if count_tenths(numbers.wish) - numbers.tenths >= CLEAR:
                    gap = numbers.wish - mean_of(numbers)
                    found.append((-round(gap, 20), question.number, question, numbers))
        return [(question, numbers) for _, _, question, numbers in sorted(found, key=lambda it: it[:2])][:MOST]

    def _check_points(self, segment: Segment, form: Form) -> None:
        words, year = self.asked.words.attention, self.newest[form.id]
        total = self.total(form, year)
        wanted = []
        for question, numbers in self.list_points(form):
            assert numbers.tenths is not None
            assert numbers.wished is not None
            reason = words.wish.format(
                now=self.write(numbers.tenths),
                wish=self.write(numbers.wished),
                difference=self.write(numbers.wished - numbers.tenths),
            )
            apart = self.has_spread(form, year, total, question) and numbers.steps >= WIDE
            if apart:
                reason += f" {words.spread.format(low=numbers.low, high=numbers.high)}"
            wanted += [("H3", self.name(question)), ("P", reason)]
            if form.id in self.asked.cards:
                phase = self.asked.phases[find_phase(mean_of(numbers), len(form.answers))]
                for aspect in self.asked.aspects.get(question.number, ()):
                    wanted.append(("P", words.phase_line.format(aspect=aspect, phase=phase)))
        said = {text for tag, text in wanted if tag == "P"}
        begins = tuple(filter(None, (it.partition("{")[0] for it in (words.wish, words.phase_line))))
        texts = [
            (it.tag, it.text)
            for it in segment.blocks
            if it.tag == "H3" or it.text in said or it.text.startswith(begins)
        ]
        self.expect(texts, wanted, form.id, "points")
        self.seen["points"] += len(self.list_points(form))
        if not wanted:
            known = {words.none, words.unknown} & {it.text for it in segment.blocks}
            self.expect(len(known), 1, form.id, "no point")

    def _check_texts(self, segment: Segment) -> None:
        """Demand that every sentence with a number is one that we know."""
        if segment.tag == "H1":
            self.page = segment.heading
        for it in segment.blocks:
            if it.tag in ("P", "LI") and DIGIT.search(it.text) and not self._is_known(segment, it.text):
                self.wrong.append(f"{segment.heading}: a number that nobody knows in '{it.text}'")

    def _is_known(self, segment: Segment, text: str) -> bool:
        if text in self._plain:
            return True
        words, form = self.asked.words, segment.form
        if text in self._list_counts():
            self.seen["counts"] += 1
            return True
        if text in self._list_rows_hidden():
            self.seen["rows hidden"] += 1
            return True
        if segment.heading in (words.answers.heading, words.attention.heading):
            return True  # these are looked at one by one
        if form is not None and text.startswith(words.unknown.partition("{")[0]):
            return self._is_count_of_unknown(form, text)
        return any(
            text == self.asked.words.contents or text == self.name(it) for it in (form.questions if form else ())
        )

    def _is_count_of_unknown(self, form: Form, text: str) -> bool:
        """How often "do not know" was chosen: each number that is there has to be right."""
        words, year = self.asked.words, self.newest[form.id]
        total = self.total(form, year)
        counts = []
        for question in form.questions:
            numbers = self.numbers(form, year, total, question)
            if numbers.unknown:
                said = words.unknown_of.format(number=question.number, count=numbers.unknown)
                if self.asked.group.alone or said in text:
                    counts.append(said)
        self.seen["do not know"] += len(counts)
        return text == words.unknown.format(counts=", ".join(counts))

    def _list_counts(self) -> Iterator[str]:
        """Yield the lines of the opening that say how many: of schools, forms and people, where each may be hidden."""
        words = self.asked.words
        for form_id, year in self.newest.items():
            form = self.forms[form_id]
            lines = self.lines(form, year)
            total, schools = lines[0], [it for it in lines if it.kind == "school"]
            for forms in (str(len(total.forms)), words.columns.not_shown):
                for people in (str(total.people), words.columns.not_shown):
                    count = sum(bool(it.forms) for it in schools)
                    said = (
                        words.count.format(schools=count, forms=forms, people=people)
                        if schools
                        else words.count_one.format(forms=forms, people=people)
                    )
                    yield f"{form.title} – {said}" if len(self.newest) > 1 else said

    def _list_rows_hidden(self) -> list[str]:
        rows = self.asked.found.lines
        hidden = len(rows - self.asked.found.people)
        return [self.asked.words.colophon.hidden_rows.format(hidden=hidden, rows=len(rows))]

    @property
    def _plain(self) -> set[str]:
        """Sentences whose numbers are no answers: borders, days, versions."""
        words = self.asked.words
        places = {"least": FEW, "clear": self.write(CLEAR)}
        titles = list(self.asked.reckoner.rounds.values())
        found = {*self.asked.periods, self.asked.edition}
        found |= {one + other for one, other in pairwise(titles)}  # the key of a chart
        found |= {words.colophon.version.format(form=it.title, version=it.version) for it in self.forms.values()}
        for text in list_texts(words.model_dump()):
            for high in {len(it.answers) for it in self.forms.values()}:
                for before, after in zip(["", *titles], [*titles, ""], strict=True):
                    try:
                        found.add(text.format(high=high, before=before, after=after, **places))
                    except (KeyError, IndexError):
                        break
        return found


def list_texts(value: Any) -> Iterator[str]:
    """Yield all texts in nested lists and mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | BaseModel):
        yield from (text for it in dict(value).values() for text in list_texts(it))
    elif isinstance(value, list | tuple):
        yield from (text for it in value for text in list_texts(it))


def mean_of(numbers: Numbers) -> Decimal:
    assert numbers.mean is not None
    return numbers.mean


def find_phase(mean: Decimal, high: int) -> int:
    """Return which of three phases a mean belongs to; on a border the later one."""
    return sum(mean * below >= above for above, below in PHASES[high])
