"""Reports as they are printed -> what is wrong in them: every table and every sentence with a number reckoned anew.

Read are the tags of the PDF, so each number is looked for in its own cell, below the names of its row and column. What
is shown and what is not is taken from the workbook, whose cells `published.py` has reckoned: so no number that is
hidden there stands in print. A table, a chart, or a sentence with a number that is not known is wrong too, and so is a
table that is not there though its numbers are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from pipeline.content.report_words import ReportWords
from tests.published import Found, Key
from tests.reckoning import CLEAR, FEW, Form, Group, Line, Numbers, Question, Reckoner
from tests.tagged_text import Block

MOST = 2  # points of attention
WIDEST = 3  # subjects whose answers lie apart that are named, where there are as many
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
        cards: forms whose subjects are cards; `short`: number -> what its card is called.
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
    short: Mapping[int, str] = field(default_factory=dict)
    aspects: Mapping[int, Sequence[str]] = field(default_factory=dict)
    phases: Sequence[str] = ()
    periods: Sequence[str] = ()
    edition: str = ""


@dataclass
class Segment:
    """What stands below one heading.

    Attributes:
        tag, heading: of it.
        lead: what stands below the title of its page: a form and its round, or nothing.
        form: the one it is about, where it says so.
        blocks: all that stands there, without the lead.
        claimed: numbers of the blocks that were looked at.
    """

    tag: str
    heading: str
    lead: str = ""
    form: Form | None = None
    blocks: list[Block] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Chart:
    """What is drawn of a table: its title, its signs, the names of rows without numbers; `bars`: of schools."""

    title: str
    signs: Sequence[str] = ()
    blank: Sequence[str] = ()
    bars: bool = False
    keyed: bool = True


@dataclass(frozen=True)
class Around:
    """What has to stand around a table: a chart, sentences before it, sentences below it."""

    kind: str
    chart: Chart | None = None
    before: Sequence[str] = ()
    notes: Sequence[str] = ()


@dataclass
class Printed:
    """A report that is read.

    Attributes:
        wrong: what does not agree, in words.
        seen: which tables and sentences with numbers there were, and how often.
        shown: which numbers of the newest round stand in a table.
        tables: (form, kind) of every table.
    """

    asked: Asked
    wrong: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    shown: set[Key] = field(default_factory=set)
    tables: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        answered = self.asked.reckoner.list_tables(self.asked.group)
        self.answered = answered
        self.several = len({year for _, year in answered}) > 1
        said = {key[:2] for key, names in self.asked.found.cells.items() if "mean" in names}
        self.rounds: dict[str, list[str]] = {}  # of a form: those of which something is shown, the oldest first
        for form, year in answered:
            if (form.id, year) in said:
                self.rounds.setdefault(form.id, []).append(year)
        self.newest = {form: years[-1] for form, years in self.rounds.items()}
        self.forms = {form.id: form for form, _ in answered}
        self._numbers: dict[Key, Numbers] = {}
        self._lines: dict[tuple[str, str], list[Line]] = {}

    # ---------------------------------------------------------------------------------- what is reckoned

    def expect(self, found: object, wanted: object, *where: object) -> None:
        if found != wanted:
            self.wrong.append(f"{' · '.join(map(str, where))}: {found!r} instead of {wanted!r}")

    def lines(self, form: Form, year: str, *kinds: str) -> list[Line]:
        """Return the rows of a form in a round, or those of some kinds."""
        if (form.id, year) not in self._lines:
            self._lines[form.id, year] = self.asked.reckoner.list_lines(self.asked.group, form, year)
        return [it for it in self._lines[form.id, year] if not kinds or it.kind in kinds]

    def numbers(self, form: Form, year: str, line: Line, question: Question) -> Numbers:
        key = (form.id, year, line.title, question.number)
        if key not in self._numbers:
            self._numbers[key] = self.asked.reckoner.reckon(self.asked.group, form, line, question)
        return self._numbers[key]

    def has(self, form: Form, year: str, line: Line, question: Question, name: str = "mean") -> bool:
        """Say whether a number is shown."""
        return self.asked.found.has((form.id, year, line.title, question.number), name)

    def has_row(self, form: Form, year: str, line: Line) -> bool:
        """Say whether a row has any number."""
        return any(self.has(form, year, line, it) for it in form.questions)

    def total(self, form: Form, year: str) -> Line:
        return self.lines(form, year, "total")[0]

    def find_reason(self, form: Form, year: str, line: Line, question: Question | None = None) -> str:
        """Return why a cell, or a row as a whole, has no number."""
        keys = [(form.id, year, line.title, it.number) for it in form.questions if question in (None, it)]
        reasons = [self.asked.found.reasons[it] for it in keys if it in self.asked.found.reasons]
        return reasons[0] if reasons else "unanswered"

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

    def explain(self, reason: str) -> tuple[str, str]:
        """Return the sign of a reason, and what it means."""
        it = self.asked.words.columns
        few = it.few.format(least=FEW)
        known = {"few": (it.few_sign, few), "hidden": (it.hidden_sign, it.hidden)}
        return known.get(reason, (it.unanswered_sign, it.unanswered))

    def tell_left(self, left: Iterable[tuple[str, str]]) -> list[str]:
        """Return the sentences that name (title, reason) of what has no number."""
        names: dict[str, list[str]] = {}
        for title, reason in left:
            names.setdefault(reason, []).append(title)
        words = self.asked.words.left
        said = {"few": words.few, "hidden": words.hidden, "unanswered": words.unanswered}
        return [said[it].format(least=FEW, names=", ".join(names[it])) for it in said if it in names]

    def tell_rows(self, form: Form, year: str, lines: Iterable[Line]) -> list[str]:
        """Return those of rows without any number."""
        bare = [it for it in lines if not self.has_row(form, year, it)]
        return self.tell_left((it.title, self.find_reason(form, year, it)) for it in bare)

    def fill(self, **places: object) -> dict[str, object]:
        """Return what is filled in below headings."""
        return {"high": "", "before": "", "after": "", "least": FEW, "clear": self.write(CLEAR), **places}

    # ---------------------------------------------------------------------------------- reading

    def read(self, blocks: Sequence[Block]) -> Printed:
        """Hold all blocks of a report against what is reckoned."""
        segments = self._split(blocks)
        self._claim(segments[0], 0, self._list_opening(), "opening")
        for segment in segments:
            if segment.tag == "H1":
                self.page, self.drawn = segment.heading, 0
            if segment.heading == self.asked.words.colophon.heading:
                self._claim(segment, 0, self._list_colophon(), "colophon")
            elif segment is not segments[0]:
                self._claim(segment, 0, self._list_intro(segment), "intro")
            for number, it in enumerate(segment.blocks):
                if it.tag == "Table":
                    rows = [[*map(str, row)] for row in it.rows]
                    self._check_around(segment, number, len(rows) - 1, self._check_table(segment, rows))
            self._check_rest(segment, segment is segments[0])
        newest = {it for it, names in self.asked.found.cells.items() if "mean" in names and self.newest[it[0]] == it[1]}
        self.expect(sorted(newest - self.shown), [], "in the workbook, not in print")
        self.expect(self.tables, set(self._list_tables()), "tables")
        return self

    def _split(self, blocks: Sequence[Block]) -> list[Segment]:
        leads = {}
        for form, year in self.answered:
            title = f"{form.title}, {self.asked.reckoner.rounds[year]}" if self.several else form.title
            if self.newest.get(form.id) == year:
                leads[title] = form
        words = self.asked.words
        parts = (words.subjects, words.distribution, words.differences, words.wishes, words.changes, words.roles)
        flowing = {it.heading for it in parts}  # as sections that go on below those of the same form
        segments: list[Segment] = []
        for it in blocks:
            if it.tag == "H1" and it.text in flowing:
                segments.append(Segment(it.tag, it.text, segments[-1].lead, segments[-1].form))
            elif it.tag == "H1":
                segments.append(Segment(it.tag, it.text))
            elif it.tag == "H2":
                segments.append(Segment(it.tag, it.text, segments[-1].lead, segments[-1].form))
            elif segments[-1].tag == "H1" and not segments[-1].blocks and it.text in leads:
                segments[-1].lead, segments[-1].form = it.text, leads[it.text]
            else:
                segments[-1].blocks.append(it)
        return segments

    def _claim(self, segment: Segment, start: int, wanted: Sequence[str], *where: object) -> None:
        """Demand that these texts stand in a row from here on."""
        found = segment.blocks[start : start + len(wanted)]
        self.expect([_tighten(it.text) for it in found], [*map(_tighten, wanted)], segment.heading, *where)
        segment.claimed |= set(range(start, start + len(wanted)))

    def _check_around(self, segment: Segment, place: int, rows: int, around: Around) -> None:
        """Demand a chart that says what is drawn, its key, and what stands before and below a table."""
        if segment.form or around.kind == "sides":
            self.tables.add((segment.form.id if segment.form else "", around.kind))
        self.seen[around.kind] += 1
        segment.claimed.add(place)
        self._claim(segment, place + 1, around.notes, around.kind, "notes")
        first = place
        if around.chart:
            first -= 1
            self._claim(segment, first, [self._write_alt(segment, around.chart, rows)], around.kind, "chart")
            self.expect(segment.blocks[first].tag, "Figure", segment.heading)
            self.seen["chart"] += 1
            if around.chart.keyed and around.chart.signs:
                first -= 1
                self._claim(segment, first, ["".join(around.chart.signs)], around.kind, "key")
        self._claim(segment, first - len(around.before), around.before, around.kind, "before")
        self.drawn += 1

    def _write_alt(self, segment: Segment, chart: Chart, rows: int) -> str:
        key, form = self.asked.words.key, segment.form
        lead = f"{segment.lead}: "
        if chart.bars:
            return lead + key.alt_bars.format(title=chart.title, rows=rows)
        if form is None:  # two forms beside each other; the page says nothing of the second one, the chart does
            form = self._find_sides()[1]
            year = self.asked.reckoner.rounds[self.newest[form.id]]
            lead = f"{form.title}, {year}: " if self.several else f"{form.title}: "
        said = key.alt.format(title=chart.title, signs=", ".join(chart.signs), high=len(form.answers), rows=rows)
        return lead + said + (f" {key.alt_blank.format(names=', '.join(chart.blank))}" if chart.blank else "")

    def _check_rest(self, segment: Segment, first: bool) -> None:
        """Demand that every sentence with a number is one that we know, and that none says more of what is hidden."""
        words = self.asked.words
        known = self._plain
        if segment.heading == words.contents:
            titles = [self.name(it) for form in self.forms.values() for it in form.questions]
            known = known | {*titles, *(f"{one}{form.title}" for one in titles for form in self.forms.values())}
        hints = tuple(it.partition("{")[0] for it in (words.left.few, words.left.hidden, words.left.unanswered))
        hints += (words.left.fewer.partition("{")[0], words.left.blank.partition("{")[0] + "{")
        for number, it in enumerate(segment.blocks):
            told = it.tag == "Figure" or DIGIT.search(it.text) or it.text.startswith(hints)
            if number not in segment.claimed and told and it.text not in known:
                self.wrong.append(f"{segment.heading}: a {it.tag} that nobody knows: '{it.text}'")
        self.expect(bool(segment.blocks) or not first, True, segment.heading, "is empty")

    # ---------------------------------------------------------------------------------- sentences

    def _list_opening(self) -> list[str]:
        """Return all that the first page says before it tells how it is read."""
        words = self.asked.words
        forms = [it.title for it in self.forms.values()]
        counts = list(self._list_counts())
        self.seen["counts"] += len(counts)
        alone = self.asked.group.alone
        lead = [words.lead_one if alone else words.lead]
        lead += [words.traceable.format(least=FEW)] if alone and self._is_traceable() else []
        compared = words.colophon.forms if alone else words.compared
        return [*lead, compared, *forms, words.when, *self.asked.periods, words.counted, *counts]

    def _is_traceable(self) -> bool:
        """Say whether a number is shown of fewer than five people."""
        for form, year in self.answered:
            total = self.total(form, year)
            shown = [it for it in form.questions if self.has(form, year, total, it)]
            people = [self.numbers(form, year, total, it).people for it in shown]
            if shown and min([*people, total.people]) < FEW:
                return True
        return False

    def _list_counts(self) -> Iterator[str]:
        """Yield how many schools, forms and people there are, of each form in its newest round with a number."""
        words = self.asked.words
        for form in self.forms.values():
            year = self.newest.get(form.id) or [year for it, year in self.answered if it == form][-1]
            said = self._write_count(form, year)
            if len(self.forms) == 1 and not self.several:
                yield said
            else:
                round_ = self.asked.reckoner.rounds[year] if self.several else ""
                yield words.line.format(form=form.title, round=round_, counts=said).replace(",  ", " ")

    def _write_count(self, form: Form, year: str) -> str:
        words, total = self.asked.words, self.total(form, year)
        if form.id not in self.newest:
            reason = self.find_reason(form, year, total)
            few = words.count_few.format(least=FEW)
            return {"few": few, "unanswered": words.columns.unanswered}.get(reason, words.count_nothing)
        schools = self.lines(form, year, "school")
        places = {"schools": sum(bool(it.forms) for it in schools), "forms": len(total.forms), "people": total.people}
        if (form.id, year, total.title) not in self.asked.found.people:
            return words.count_hidden.format(**places) if schools else words.count_one_hidden
        if not any(self.has(form, year, total, it, "given") for it in form.questions):
            return (words.count_people if schools else words.count_one_people).format(**places)
        return (words.count if schools else words.count_one).format(**places)

    def _list_colophon(self) -> list[str]:
        words = self.asked.words.colophon
        hidden = rows = cells = left = 0
        for form, year in self.answered:
            for line in self.lines(form, year):
                keys = [(form.id, year, line.title, it.number) for it in form.questions]
                reasons = [self.asked.found.reasons.get(it, "") for it in keys]
                if not any(it in self.asked.found.cells or reason for it, reason in zip(keys, reasons, strict=True)):
                    continue  # a role in a table without roles
                if self.has_row(form, year, line):
                    rows, cells = rows + 1, cells + len(keys)
                    left += sum(it in ("few", "hidden") for it in reasons)
                elif reasons[0] != "unanswered":
                    rows, hidden = rows + 1, hidden + 1
        said = [words.hidden_rows.format(hidden=hidden, rows=rows)] if hidden else []
        said += [words.hidden_cells.format(hidden=left, cells=cells)] if left else []
        gone = [it for it in self.forms.values() if it.id not in self.newest]
        answered = [it for it in gone if any(self._is_answered(it, year) for form, year in self.answered if form == it)]
        said += [words.hidden_form.format(form=it.title) for it in answered]
        self.seen["rows hidden"] += bool(hidden)
        self.seen["cells hidden"] += bool(left)
        versions = [words.version.format(form=it.title, version=it.version) for it in self.forms.values()]
        texts = [words.made, self.asked.edition, words.forms, *versions, words.calculation, *words.calculated]
        protected = words.protected_own if self.asked.group.alone else words.protected
        return [*texts, words.privacy, *protected, words.rows, *(said or [words.hidden_none])]

    def _is_answered(self, form: Form, year: str) -> bool:
        return self.find_reason(form, year, self.total(form, year)) != "unanswered"

    def _list_intro(self, segment: Segment) -> list[str]:
        """Return what has to stand below a heading, before its tables."""
        words, form, heading = self.asked.words, segment.form, segment.heading
        if heading == words.sides.heading:
            return [words.sides.intro.format(**self.fill())]
        if form is None or heading in [self.name(it) for it in form.questions]:
            return []
        if self.page in [self.name(it) for it in form.questions]:
            return []  # what stands on the page of a subject needs no word
        if heading == words.attention.heading:
            return self._list_points(form)
        if heading == words.answers.heading:
            return self._list_answers(form)
        if heading in (words.changes.heading, words.changed_schools.heading):
            before, after = self.rounds[form.id][-2:]
            titles = [self.asked.reckoner.rounds[it] for it in (before, after)]
            if heading == words.changed_schools.heading:
                return [words.changed_schools.intro.format(**self.fill(before=titles[0], after=titles[1]))]
            told = [self._tell_round(form, it) for it in (before, after)]
            return [words.changes.intro.format(**self.fill(before=told[0], after=told[1]))]
        for part in (words.overview, words.subjects, words.distribution, words.differences, words.wishes, words.roles):
            if heading == part.heading:
                intro = [part.intro.format(**self.fill(high=len(form.answers)))] if part.intro else []
                return [*intro, *self._list_further(form, heading)]
        if heading == words.standing.heading:
            year = self.newest[form.id]
            total, schools = self.total(form, year), self.lines(form, year, "school")
            shown = self.has_row(form, year, total)
            intro = [words.standing.intro.format(**self.fill())] if shown else []
            if self.asked.group.alone:
                return [*(intro or self.tell_rows(form, year, [total])), *self._tell_unknown(form)]
            return [*intro, *self._tell_unknown(form), *self.tell_rows(form, year, [total, *schools])]
        self.wrong.append(f"a heading that nobody knows: {heading}")
        return []

    def _list_further(self, form: Form, heading: str) -> list[str]:
        """Return what stands below a heading besides its own sentence."""
        words, year = self.asked.words, self.newest[form.id]
        if heading == words.subjects.heading:
            return self._tell_unknown(form)
        if heading == words.overview.heading:
            kinds = ("school",) if self.asked.group.alone else ("total", "school")
            return self.tell_rows(form, year, self.lines(form, year, *kinds))
        if heading == words.roles.heading:
            lines = self.lines(form, year, "role")
            return self.tell_rows(form, year, [it for it in lines if self._is_in(form, year, it)])
        if heading == words.differences.heading:
            total = dict(zip(form.questions, self._list_totals(form, year), strict=True))
            means = [(total[it], low, high) for it, low, high in self._list_ends(form)]
            apart = any(mean is not None and not low <= mean <= high for mean, low, high in means)
            return [words.differences_apart] if apart else []
        return []

    def _tell_round(self, form: Form, year: str) -> str:
        """Return what a round is called, with its people where that is shown."""
        title, total = self.asked.reckoner.rounds[year], self.total(form, year)
        if (form.id, year, total.title) not in self.asked.found.people:
            return title
        return self.asked.words.round.format(title=title, people=total.people)

    def _tell_unknown(self, form: Form) -> list[str]:
        """Return how often "do not know" was chosen, where that is shown and was."""
        words, year = self.asked.words, self.newest[form.id]
        total = self.total(form, year)
        shown = [it for it in form.questions if self.has(form, year, total, it, "unknown")]
        chosen = [(it.number, self.numbers(form, year, total, it).unknown) for it in shown]
        counts = [words.unknown_of.format(number=number, count=count) for number, count in chosen if count]
        self.seen["do not know"] += len(counts)
        return [words.unknown.format(counts=", ".join(counts))] if counts else []

    def _list_answers(self, form: Form) -> list[str]:
        """Return where answers lie apart, the farthest first: three subjects, or all that lie as far apart."""
        words, year = self.asked.words, self.newest[form.id]
        total = self.total(form, year)
        shown = [it for it in form.questions if self.has(form, year, total, it, "lowest")]
        numbers = {it: self.numbers(form, year, total, it) for it in shown}
        wide = [it for it in shown if numbers[it].steps >= WIDE]
        if not wide:
            return [words.not_clear.capitalize() + "."]
        alone = len(total.forms) == 1
        texts, named = [words.answers_one if alone else words.answers.intro.format(**self.fill())], 0
        for steps in sorted({numbers[it].steps for it in wide}, reverse=True):
            ends = dict.fromkeys((numbers[it].low, numbers[it].high) for it in wide if numbers[it].steps == steps)
            for low, high in ends:
                if named < WIDEST:
                    of = [it for it in wide if (numbers[it].low, numbers[it].high) == (low, high)]
                    texts += [words.answers_from.format(low=low, high=high), " · ".join(map(self.name, of))]
                    named += len(of)
        self.seen["answers apart"] += named
        return texts

    def find_points(self, form: Form) -> list[tuple[Question, Numbers]]:
        """Return where the wish is clearly higher, by the numbers in print; the farthest first."""
        found = []
        for question, numbers in self._list_wished(form):
            gap = _whole(numbers.wished) - _whole(numbers.tenths)
            if gap >= CLEAR:
                found.append((-gap, question.number, question, numbers))
        return [(question, numbers) for _, _, question, numbers in sorted(found, key=lambda it: it[:2])][:MOST]

    def _list_wished(self, form: Form) -> list[tuple[Question, Numbers]]:
        """Return the subjects whose mean and wish are both shown."""
        year = self.newest[form.id]
        total = self.total(form, year)
        both = [
            it for it in form.questions if self.has(form, year, total, it) and self.has(form, year, total, it, "wish")
        ]
        return [(it, self.numbers(form, year, total, it)) for it in both]

    def _list_points(self, form: Form) -> list[str]:
        words, year = self.asked.words.attention, self.newest[form.id]
        total, points = self.total(form, year), self.find_points(form)
        self.seen["points"] += len(points)
        if not points:
            return [words.none if self._list_wished(form) else words.unknown]
        texts = [words.intro]
        for question, numbers in points:
            now, wish = _whole(numbers.tenths), _whole(numbers.wished)
            said = words.wish.format(now=self.write(now), wish=self.write(wish), difference=self.write(wish - now))
            if self.has(form, year, total, question, "lowest") and numbers.steps >= WIDE:
                said += f" {words.spread.format(low=numbers.low, high=numbers.high)}"
            texts += [self.name(question), said]
            if form.id in self.asked.cards:
                title = self.asked.short[question.number]
                texts += [words.card, words.card_line.format(number=question.number, title=title)]
                phase = self.asked.phases[find_phase(now, len(form.answers))]
                for aspect in self.asked.aspects.get(question.number, ()):
                    texts += [words.phase, words.phase_line.format(aspect=aspect, phase=phase), PAGES]
        return texts

    # ---------------------------------------------------------------------------------- tables

    def _check_table(self, segment: Segment, rows: list[list[str]]) -> Around:
        columns, words, form = self.asked.words.columns, self.asked.words, segment.form
        heads = rows[0]
        titles = [self.asked.reckoner.rounds[it] for it in self.rounds[form.id]] if form else []
        if segment.heading == words.sides.heading:
            return self._check_sides(rows)
        if form and heads[:1] == [columns.subject] and columns.mean in heads and columns.word in heads:
            return self._check_standing(form, rows)
        if form and heads[:1] in ([columns.school], [columns.role]) and heads[1:2] == [columns.mean]:
            return self._check_subject(segment, form, rows)
        if form and heads == [columns.subject, columns.mean, columns.wish, columns.difference, columns.clear]:
            return self._check_wishes(form, rows)
        if form and heads == [columns.subject, columns.lowest, columns.highest, columns.difference, columns.clear]:
            return self._check_differences(form, rows)
        if form and heads[3:] == [columns.change, columns.clear] and (heads[1], heads[2]) in pairwise(titles):
            return self._check_changes(form, rows)
        if form and heads[1 : len(form.words) + 1] == list(form.words):
            return self._check_distribution(form, rows)
        if form and segment.heading == words.changed_schools.heading:
            return self._check_changed_schools(form, rows)
        if form and heads[1:2] == [columns.people] and heads[:1] in ([columns.school], [columns.role]):
            return self._check_matrix(form, rows)
        self.wrong.append(f"{segment.heading} · {heads}: a table that nobody knows")
        return Around("a table that nobody knows")

    def _note(self, form: Form, line: Line, question: Question) -> None:
        self.shown.add((form.id, self.newest[form.id], line.title, question.number))
        self.seen["numbers"] += 1

    def _check_matrix(self, form: Form, rows: list[list[str]]) -> Around:
        """Rows that have a number beside subjects; what they lack is said before and below."""
        columns, year = self.asked.words.columns, self.newest[form.id]
        of_roles = rows[0][0] == columns.role
        lines = self.lines(form, year, "role") if of_roles else self.lines(form, year, "total", "school")
        lines = [it for it in lines if self._is_in(form, year, it)]
        shown = [it for it in lines if self.has_row(form, year, it)]
        chosen = [it for it in form.questions if str(it.number) in rows[0][2:]]
        self.expect(rows[0][2:], [str(it.number) for it in chosen], form.id, "matrix", "heads")
        self.expect([row[0] for row in rows[1:]], [it.title for it in shown], form.id, "matrix", "names")
        counts = []
        for row, line in zip(rows[1:], shown, strict=False):
            self.expect(row[1], str(line.people), form.id, "matrix", line.title, "people")
            self.expect(row[2:], [self._write_number(form, line, it) for it in chosen], form.id, "matrix", line.title)
            fewer = [it for it in chosen if self._is_fewer(form, line, it)]
            said = [(it.number, self.numbers(form, year, line, it).people) for it in fewer]
            of = self.asked.words.left.fewer_of
            if said:
                told = ", ".join(of.format(number=number, people=people) for number, people in said)
                counts.append(self.asked.words.left.fewer_row.format(row=line.title, counts=told))
        notes = [self.asked.words.left.fewer.format(sign=columns.fewer_sign, rows="; ".join(counts))] if counts else []
        self.seen["fewer people"] += bool(counts)
        bare = [(line, it) for line in shown for it in form.questions if not self.has(form, year, line, it)]
        reasons = {self.find_reason(form, year, line, it) for line, it in bare}
        signs = ["".join(self.explain(it)) for it in ("few", "hidden", "unanswered") if it in reasons]
        return Around(
            "roles" if of_roles else "overview",
            before=[*(it.title for it in chosen), *(["".join(signs)] if signs else [])],
            notes=notes,
        )

    def _is_in(self, form: Form, year: str, line: Line) -> bool:
        """Say whether a row is in the workbook at all: roles may not be."""
        keys = [(form.id, year, line.title, it.number) for it in form.questions]
        return any(it in self.asked.found.cells or it in self.asked.found.reasons for it in keys)

    def _is_fewer(self, form: Form, line: Line, question: Question) -> bool:
        year = self.newest[form.id]
        shown = self.has(form, year, line, question)
        return shown and self.numbers(form, year, line, question).people != line.people

    def _write_number(self, form: Form, line: Line, question: Question) -> str:
        year = self.newest[form.id]
        if not self.has(form, year, line, question):
            return self.explain(self.find_reason(form, year, line, question))[0]
        numbers = self.numbers(form, year, line, question)
        self._note(form, line, question)
        mark = self.asked.words.columns.fewer_sign if self._is_fewer(form, line, question) else ""
        return f"{self.write(numbers.tenths)}{mark} {numbers.word}"

    def _check_subject(self, segment: Segment, form: Form, rows: list[list[str]]) -> Around:
        """Total and schools, or total and roles, on the subject that the heading names, or that of its page."""
        columns, words, year = self.asked.words.columns, self.asked.words, self.newest[form.id]
        of_roles = rows[0][0] == columns.role
        heading = self.page if segment.heading == words.roles.heading else segment.heading
        question = next((it for it in form.questions if self.name(it) == heading), None)
        if question is None:
            self.wrong.append(f"a chart of no subject: {heading}")
            return Around("a chart of no subject")
        lines = self.lines(form, year, "total", "role" if of_roles else "school")
        lines = [it for it in lines if self._is_in(form, year, it)]
        shown = [it for it in lines if self.has(form, year, it, question)]
        cells = [self._write_cells(form, it, question, "people") for it in shown]
        heads = [columns.mean, columns.word, columns.spread, columns.wish, columns.people]
        self._check_cells(form, heads, cells, rows, [it.title for it in shown])
        gone = [it for it in lines if it not in shown]
        if self.page == words.subjects.heading:  # the overview names those that have no number at all
            gone = [it for it in gone if self.has_row(form, year, it)]
        left = [(it.title, self.find_reason(form, year, it, question)) for it in gone]
        signs = self._list_signs(form, [(it, question) for it in shown])
        total = self.has(form, year, self.total(form, year), question) and len(shown) > 1
        signs += [words.key.total] if total else []
        title = f"{heading}: {words.roles.heading}" if of_roles else heading
        chart = Chart(title, signs, keyed=not self.drawn)
        return Around(f"subject by {'role' if of_roles else 'school'}", chart, notes=self.tell_left(left))

    def _write_cells(self, form: Form, line: Line, question: Question, last: str) -> list[str]:
        """Return mean, word, spread, wish, and how many answers were given or people; empty where not shown."""
        year = self.newest[form.id]
        numbers = self.numbers(form, year, line, question)
        self._note(form, line, question)
        given = self.asked.words.columns.of.format(given=numbers.given, asked=numbers.asked)
        cells = [
            self.write(numbers.tenths),
            numbers.word,
            self.spread(numbers) if self.has(form, year, line, question, "lowest") else "",
            self.write(numbers.wished) if self.has(form, year, line, question, "wish") else "",
        ]
        cells += [given if self.has(form, year, line, question, "given") else ""] if last != "people" else []
        return [*cells, str(numbers.people)] if last else cells

    def _check_cells(
        self, form: Form, heads: list[str], cells: list[list[str]], rows: list[list[str]], titles: list[str]
    ) -> None:
        """Hold rows against cells, without the columns that none of them fills."""
        kept = [k for k in range(len(heads)) if any(it[k] for it in cells)]
        sign = self.asked.words.columns.unanswered_sign
        self.expect(rows[0][1:], [heads[k] for k in kept], form.id, *titles[:1], "heads")
        self.expect([row[0] for row in rows[1:]], titles, form.id, "names")
        for row, wanted in zip(rows[1:], cells, strict=False):
            self.expect(row[1:], [wanted[k] or sign for k in kept], form.id, row[0])

    def _list_signs(self, form: Form, of: Sequence[tuple[Line, Question]]) -> list[str]:
        """Return what is drawn of these numbers."""
        year, key = self.newest[form.id], self.asked.words.key
        spread, wish = (any(self.has(form, year, *it, name) for it in of) for name in ("lowest", "wish"))
        return [key.mean, *([key.spread] if spread else []), *([key.wish] if wish else [])]

    def _check_standing(self, form: Form, rows: list[list[str]]) -> Around:
        columns, year = self.asked.words.columns, self.newest[form.id]
        total = self.total(form, year)
        self.expect([row[0] for row in rows[1:]], [self.name(it) for it in form.questions], form.id, "subjects")
        shown = [it for it in form.questions if self.has(form, year, total, it)]
        counted = len({self.numbers(form, year, total, it).people for it in shown}) > 1
        made = {self.name(it): self._write_cells(form, total, it, "both")[: 6 if counted else 5] for it in shown}
        for row, question in zip(rows[1:], form.questions, strict=False):
            if question not in shown:
                said = " ".join(self.explain(self.find_reason(form, year, total, question)))
                self.expect(row[1:], [said], form.id, "standing", question.number)
        heads = [columns.mean, columns.word, columns.spread, columns.wish, columns.answers]
        heads += [columns.people] if counted else []
        kept = [rows[0], *(row for row in rows[1:] if row[0] in made)]
        self._check_cells(form, heads, list(made.values()), kept, list(made))
        signs = self._list_signs(form, [(total, it) for it in shown])
        blank = [self.name(it) for it in form.questions if it not in shown]
        return Around("standing", Chart(self.asked.words.standing.heading, signs, blank))

    # ---------------------------------------------------------------------------------- two numbers

    def _check_pairs(
        self,
        kind: str,
        rows: list[list[str]],
        wanted: Sequence[tuple[str, int | None, int | None]],
        signs: Sequence[str],
    ) -> Around:
        self.expect([row[0] for row in rows[1:]], [it[0] for it in wanted], kind, "subjects")
        blank = [name for name, first, second in wanted if first is None or second is None]
        for row, (name, first, second) in zip(rows[1:], wanted, strict=False):
            if first is None or second is None:
                self.expect(row[1:], [self.asked.words.columns.without], kind, name)
                continue
            change = second - first
            said = self.sign(change) if kind in ("wishes", "changes") else self.write(abs(change))
            self.expect(row[1:], [self.write(first), self.write(second), said, self.judge(change)], kind, name)
            self.seen[f"{kind}: clear" if abs(change) >= CLEAR else f"{kind}: not clear"] += 1
        return Around(kind, Chart(getattr(self.asked.words, kind).heading, signs, blank))

    def _show(self, form: Form, year: str, line: Line, question: Question, name: str = "mean") -> int | None:
        if not self.has(form, year, line, question, name):
            return None
        numbers = self.numbers(form, year, line, question)
        return numbers.tenths if name == "mean" else numbers.wished

    def _list_totals(self, form: Form, year: str, name: str = "mean") -> list[int | None]:
        total = self.total(form, year)
        return [self._show(form, year, total, it, name) for it in form.questions]

    def _check_wishes(self, form: Form, rows: list[list[str]]) -> Around:
        year, key = self.newest[form.id], self.asked.words.key
        names = [self.name(it) for it in form.questions]
        wanted = zip(names, self._list_totals(form, year), self._list_totals(form, year, "wish"), strict=True)
        return self._check_pairs("wishes", rows, list(wanted), [key.mean, key.wish])

    def _check_changes(self, form: Form, rows: list[list[str]]) -> Around:
        titles = {self.asked.reckoner.rounds[it]: it for it in self.rounds[form.id]}
        before, after = (titles[it] for it in rows[0][1:3])
        names = [self.name(it) for it in form.questions]
        wanted = zip(names, self._list_totals(form, before), self._list_totals(form, after), strict=True)
        return self._check_pairs("changes", rows, list(wanted), rows[0][1:3])

    def _find_sides(self) -> tuple[Form, ...]:
        """Return two forms that ask about the same, where both show something."""
        pairs = [it for it in self.asked.sides if set(it) <= self.newest.keys()]
        return tuple(self.forms[it] for it in pairs[0]) if pairs else ()

    def _name_sides(self) -> list[str]:
        forms, rounds = self._find_sides(), self.asked.reckoner.rounds
        years = [self.newest[it.id] for it in forms]
        if len(set(years)) == 1:
            return [it.sheet for it in forms]
        return [f"{it.sheet}, {rounds[year]}" for it, year in zip(forms, years, strict=True)]

    def _check_sides(self, rows: list[list[str]]) -> Around:
        forms, columns = self._find_sides(), self.asked.words.columns
        if not forms:
            self.wrong.append(f"a table beside no form: {rows[0]}")
            return Around("a table beside no form")
        heads = self._name_sides()
        self.expect(rows[0], [columns.subject, *heads, columns.difference, columns.clear], "sides")
        first, second = (self._list_totals(it, self.newest[it.id]) for it in forms)
        names = [self.name(it) for it in forms[0].questions]
        return self._check_pairs("sides", rows, list(zip(names, first, second, strict=True)), heads)

    def _list_ends(self, form: Form) -> list[tuple[Question, int, int]]:
        """Return the lowest and the highest school of each subject, the farthest apart first, as printed."""
        year, found = self.newest[form.id], []
        for question in form.questions:
            shown = [self._show(form, year, it, question) for it in self.lines(form, year, "school")]
            means = [it for it in shown if it is not None]
            if len(means) > 1:
                found.append((question, min(means), max(means)))
        return sorted(found, key=lambda it: (it[1] - it[2], it[0].number))

    def _check_differences(self, form: Form, rows: list[list[str]]) -> Around:
        key = self.asked.words.key
        wanted = [(self.name(question), low, high) for question, low, high in self._list_ends(form)]
        return self._check_pairs("differences", rows, wanted, [key.schools, key.total])

    # ---------------------------------------------------------------------------------- schools

    def _check_distribution(self, form: Form, rows: list[list[str]]) -> Around:
        words, year = self.asked.words, self.newest[form.id]
        lines = self.lines(form, year, "school")
        names = {self.name(it): it for it in form.questions}
        on_page = self.page in names
        chosen = [names[self.page]] if on_page else list(form.questions)
        titles = [words.columns.total] if on_page else list(names)
        self.expect([row[0] for row in rows[1:]], titles, form.id, "distribution", "names")
        counts = []
        for question in chosen:
            shown = [it for it in lines if self.has(form, year, it, question)]
            said = [self.numbers(form, year, it, question).word for it in shown]
            counts.append([*(said.count(word) for word in form.words), len(lines) - len(said)])
        more = [words.columns.without] if any(it[-1] for it in counts) else []
        heads = ["" if on_page else words.columns.subject, *form.words, *more]
        self.expect(rows[0], heads, form.id, "distribution", "heads")
        for row, wanted, title in zip(rows[1:], counts, titles, strict=False):
            kept = wanted if more else wanted[:-1]
            self.expect(row[1:], [str(it) for it in kept], form.id, "distribution", self.page, title)
        about = f"{self.page}: " if on_page else ""
        return Around("distribution", Chart(f"{about}{words.distribution.heading}", bars=True))

    def _list_changed(self, form: Form) -> list[tuple[Line, Line]]:
        """Return each school that has numbers in both of the last rounds, then and now."""
        before, after = self.rounds[form.id][-2:]
        then = {it.title: it for it in self.lines(form, before, "school") if self.has_row(form, before, it)}
        now = [it for it in self.lines(form, after, "school") if self.has_row(form, after, it)]
        return [(then[it.title], it) for it in now if it.title in then]

    def _check_changed_schools(self, form: Form, rows: list[list[str]]) -> Around:
        columns = self.asked.words.columns
        before, after = self.rounds[form.id][-2:]
        chosen = [it for it in form.questions if str(it.number) in rows[0][1:]]
        known = self._list_changed(form)
        self.expect(rows[0], [columns.school, *(str(it.number) for it in chosen)], form.id, "changed schools", "heads")
        self.expect([row[0] for row in rows[1:]], [it.title for _, it in known], form.id, "changed schools", "names")
        blank = False
        for row, (then, now) in zip(rows[1:], known, strict=False):
            changes = [(self._show(form, before, then, it), self._show(form, after, now, it)) for it in chosen]
            signs = [None if old is None or new is None else self.sign(new - old) for old, new in changes]
            self.expect(row[1:], [it or columns.unanswered_sign for it in signs], form.id, "changed", now.title)
            blank = blank or None in signs
        before_it = [it.title for it in chosen] + ([columns.unanswered_sign + columns.without] if blank else [])
        return Around("changed schools", before=before_it)

    # ---------------------------------------------------------------------------------- what has to be there

    def _list_tables(self) -> Iterator[tuple[str, str]]:
        """Yield (form, kind) of every table that there has to be, by the numbers of the workbook."""
        for form_id, year in self.newest.items():
            form = self.forms[form_id]
            total, schools, roles = (
                self.total(form, year),
                self.lines(form, year, "school"),
                self.lines(form, year, "role"),
            )
            if any(self.has_row(form, year, it) for it in schools):
                yield from ((form_id, it) for it in ("overview", "subject by school", "distribution"))
                yield from [(form_id, "differences")] if self._list_ends(form) else []
            elif self.has_row(form, year, total):
                yield form_id, "standing"
            if any(self.has(form, year, total, it, "wish") for it in form.questions):
                yield form_id, "wishes"
            if any(self.has_row(form, year, it) for it in roles):
                yield form_id, "roles"
            if len(self.rounds[form_id]) > 1:
                before = self._list_totals(form, self.rounds[form_id][-2])
                both = zip(before, self._list_totals(form, year), strict=True)
                yield from [(form_id, "changes")] if any(None not in it for it in both) else []
                yield from [(form_id, "changed schools")] if self._list_changed(form) else []
        if forms := self._find_sides():
            both = zip(*(self._list_totals(it, self.newest[it.id]) for it in forms), strict=True)
            yield from [("", "sides")] if any(None not in it for it in both) else []

    @cached_property
    def _plain(self) -> set[str]:
        """Sentences whose numbers are no answers: what goes for all numbers."""
        places = self.fill()
        found = set()
        for text in list_texts(self.asked.words.model_dump()):
            try:
                sign = self.asked.words.columns.unanswered_sign
                found.add(text.format(sign=sign, **{name: places[name] for name in ("least", "clear")}))
            except (KeyError, IndexError):
                continue
        return found


PAGES = "\0"  # stands for a line of layers and pages of a booklet


def _tighten(text: str) -> str:
    """Return a text without its spaces: what stands side by side is read without any between."""
    if re.fullmatch(r"[^·\d]+ blz\. \d+( · [^·\d]+ blz\. \d+)*", text):
        return PAGES
    return re.sub("[ \u00a0]", "", text)


def list_texts(value: Any) -> Iterator[str]:
    """Yield all texts in nested lists and mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | BaseModel):
        yield from (text for it in dict(value).values() for text in list_texts(it))
    elif isinstance(value, list | tuple):
        yield from (text for it in value for text in list_texts(it))


def _whole(tenths: int | None) -> int:
    assert tenths is not None
    return tenths


def find_phase(tenths: int, high: int) -> int:
    """Return which of three phases a mean of so many tenths belongs to; on a border the later one."""
    return sum(Decimal(tenths) * below >= 10 * above for above, below in PHASES[high])
