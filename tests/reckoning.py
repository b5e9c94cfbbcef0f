"""Filled forms -> the numbers of their reports, reckoned in another way than the pipeline does.

Nothing of `pipeline.compare` or `pipeline.kinds` is used: means are whole sixtieths, rounded as decimals; the word for
a mean is found by multiplying, not by dividing; rows are filters over one plain list of forms.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cached_property
from string import ascii_uppercase

from pipeline.content.toolbox import Toolbox
from tests.region import Return

PARTS = 60  # the mean of one to five answers is a whole number of sixtieths
FEW = 5  # people: with fewer nothing is shown
CLEAR = 5  # tenths
TENTH = Decimal("0.1")
BORDERS = {4: ((175, 100), (250, 100), (325, 100)), 3: ((5, 3), (7, 3))}  # of the words, by how many there are
SOFT, HARD = "\u00ad", "\u00a0"  # a place where a title may break, and one where it may not


@dataclass(frozen=True)
class Question:
    """One dimension or theme of a form: its statements, how many of them a mean needs, and the wish."""

    number: int
    title: str
    statements: tuple[str, ...]
    wish: str
    least: int


@dataclass(frozen=True)
class Form:
    """What a form asks. `title`: as printed, with the side; `sheet`: what its sheets are called, before the round."""

    id: str
    title: str
    sheet: str
    version: str
    questions: tuple[Question, ...]
    answers: tuple[str, ...]
    words: tuple[str, ...]
    unknown: frozenset[str]


@dataclass(frozen=True)
class Rules:
    """How it is reckoned. Other values than these are wrong ones, and have to be found out.

    Attributes:
        pooled: every answer counts once, instead of every form.
        least: answers that a mean of several statements needs.
        even: halves are rounded to even numbers.
        border: a mean on a border has the word below it.
    """

    pooled: bool = False
    least: int = 3
    even: bool = False
    border: bool = False


@dataclass(frozen=True)
class Numbers:
    """What is to be printed of one dimension in one row; `mean` and `wish` are exact to thirty places."""

    people: int
    mean: Decimal | None
    word: str
    low: int | None
    high: int | None
    wish: Decimal | None
    given: int
    asked: int
    unknown: int
    even: bool = False

    @property
    def steps(self) -> int:
        """How many steps lie between the lowest and the highest answer."""
        return 0 if self.low is None or self.high is None else self.high - self.low

    @property
    def tenths(self) -> int | None:
        return None if self.mean is None else count_tenths(self.mean, self.even)

    @property
    def wished(self) -> int | None:
        return None if self.wish is None else count_tenths(self.wish, self.even)


def count_tenths(value: Decimal, even: bool = False) -> int:
    """Round to one decimal, halves upwards; return it in tenths."""
    rounded = value.quantize(TENTH) if even else value.quantize(TENTH, ROUND_HALF_UP)
    return int(rounded * 10)


def read_forms(toolbox: Toolbox, titles: Mapping[str, tuple[str, str]]) -> tuple[Form, ...]:
    """Return the forms of these ids; `titles`: what they are called in print, and on sheets."""
    found = []
    for id_, (title, sheet) in titles.items():
        entry, names = toolbox.forms[id_], [it.name for it in toolbox.definitions[id_][0].answered]
        assert entry.form.scale is not None
        scale = entry.form.scale
        questions = []
        for topic in entry.topics:
            statements = tuple(it for it in names if re.fullmatch(rf"{topic.code}(-[A-Z]\d+)?", it))
            wish = next((it for it in names if it in (f"{topic.code}-gewenst", f"{topic.code}-ziel")), "")
            shown = topic.title.replace(SOFT, "").replace(HARD, " ")
            questions.append(Question(topic.number, shown, statements, wish, 3 if len(statements) == 5 else 1))
        found.append(
            Form(
                id_,
                title,
                sheet,
                entry.form.version,
                tuple(questions),
                tuple(scale.words),
                tuple(it.replace(SOFT, "") for it in scale.words.values()),
                frozenset(scale.unknown or ()),
            )
        )
    return tuple(found)


def reckon(forms: Sequence[Return], asked: Form, question: Question, unwished: Iterable[int], rules: Rules) -> Numbers:
    """Return the numbers of a dimension of these forms. `unwished`: the forms (`id`) whose wishes are left out."""
    place = {value: number for number, value in enumerate(asked.answers, 1)}
    least = rules.least if question.least > 1 else question.least
    sums: list[int] = []  # sixtieths
    all_marks: list[int] = []
    people = given = unknown = wishes = wished = 0
    without = set(unwished)
    for it in forms:
        said = [it.values.get(name, "") for name in question.statements]
        marks = [place[value] for value in said if value in place]
        given += len(marks)
        unknown += len([value for value in said if value in asked.unknown])
        if len(marks) < least:
            continue
        people += it.people
        sums.append(sum(marks) * PARTS // len(marks))
        all_marks += marks
        wish = place.get(it.values.get(question.wish, ""))
        if wish is not None and id(it) not in without:
            wishes, wished = wishes + 1, wished + wish
    total, count = sum(sums), PARTS * len(sums)
    if rules.pooled and sums:
        total, count = sum(all_marks), len(all_marks)
    whole = len(question.statements) * len(forms)
    if not sums:
        return Numbers(0, None, "", None, None, None, given, whole, unknown)
    word = find_word(total, count, asked.words, rules)
    wish_mean = divide(wished, wishes) if wishes else None
    low, high = min(all_marks), max(all_marks)
    return Numbers(people, divide(total, count), word, low, high, wish_mean, given, whole, unknown, rules.even)


def divide(total: int, count: int) -> Decimal:
    with localcontext() as context:
        context.prec = 30
        return Decimal(total) / Decimal(count)


def find_word(total: int, count: int, words: Sequence[str], rules: Rules) -> str:
    """Return the word for total / count: past how many borders it is, a mean on a border being past it."""
    past = [
        total * below > above * count or (total * below == above * count and not rules.border)
        for above, below in BORDERS[len(words)]
    ]
    return words[sum(past)]


def list_letters(schools: Iterable[tuple[str, str]], salt: str) -> dict[tuple[str, str], str]:
    """Return (organisation, school) -> letter, by the key that stays with who collects; at most 26."""
    digests = {
        hmac.new(bytes.fromhex(salt), f"{board}\0{school}".encode(), hashlib.sha256).hexdigest(): (board, school)
        for board, school in schools
    }
    return {digests[digest]: letter for digest, letter in zip(sorted(digests), ascii_uppercase, strict=False)}


# ------------------------------------------------------------------------------------------ whose forms


@dataclass(frozen=True)
class Line:
    """A row: what it is called, and its forms. `small`: it has people, and fewer than five."""

    title: str
    kind: str
    forms: tuple[Return, ...]

    @property
    def people(self) -> int:
        return sum(it.people for it in self.forms)

    @property
    def small(self) -> bool:
        return 0 < self.people < FEW


@dataclass(frozen=True)
class Group:
    """A report: of a group of schools, or of one organisation or school to itself.

    Attributes:
        name, title: of its files, and as printed.
        schools: (organisation, school) -> title, in the order of print; none in a report of one.
        holds: which forms belong to it.
        total: what its total is called, of a form that schools fill in.
        alone: a report to oneself: nothing is too small to be shown.
    """

    name: str
    title: str
    schools: Mapping[tuple[str, str], str]
    holds: Callable[[Return], bool]
    total: str
    alone: bool = False


@dataclass
class Reckoner:
    """All forms of a region, and the groups that are reported of at one time.

    `roles`: role -> what forms call it; `rounds`: year -> title; `leaving`: values that would tell of fewer than five
    people of a larger school are left out of every number; else they count in the totals.
    """

    returns: Sequence[Return]
    forms: Sequence[Form]
    groups: Sequence[Group]
    roles: Mapping[str, Sequence[str]]
    rounds: Mapping[str, str]
    rules: Rules = field(default_factory=Rules)
    leaving: bool = True

    def by(self, rules: Rules) -> Reckoner:
        """Return one that reckons by other rules."""
        return replace(self, rules=rules)

    def list_tables(self, group: Group) -> list[tuple[Form, str]]:
        """Return (form, round) of each that somebody answered, in the order of print."""
        return [
            (form, year)
            for form in self.forms
            for year in self.rounds
            if any(it.form == form.id and it.round == year and group.holds(it) for it in self.returns)
        ]

    def list_lines(self, group: Group, form: Form, year: str) -> list[Line]:
        """Return total, schools and roles, as they are printed."""
        inside = [it for it in self.returns if it.form == form.id and it.round == year and group.holds(it)]
        schools = any(it.school for it in inside)
        lines = [Line(group.total if schools else group.title, "total", tuple(inside))]
        if schools:
            lines += [
                Line(title, "school", tuple(it for it in inside if (it.organisation, it.school) == school))
                for school, title in group.schools.items()
            ]
        roles = [
            Line(role, "role", tuple(it for it in inside if it.role in words)) for role, words in self.roles.items()
        ]
        return [*lines, *(it for it in roles if it.forms)]

    def reckon(self, group: Group, form: Form, line: Line, question: Question) -> Numbers:
        """Return the numbers of a row, as far as they are shown."""
        silent, unwished = self._find_left_out(group, form, line, question)
        kept = tuple(it for it in line.forms if id(it) not in silent)
        return reckon(kept, form, question, unwished, self.rules)

    def is_silent(self, group: Group, form: Form, line: Line, question: Question) -> bool:
        """Say whether all answers of a row are left out, since they would tell of fewer than five people."""
        silent, _ = self._find_left_out(group, form, line, question)
        return bool(line.forms) and {id(it) for it in line.forms} <= silent

    def _find_left_out(self, group: Group, form: Form, line: Line, question: Question) -> tuple[set[int], set[int]]:
        if group.alone or not self.leaving or not line.forms:
            return set(), set()
        return self._left_out[form.id, line.forms[0].round, question]

    @cached_property
    def _left_out(self) -> dict[tuple[str, str, Question], tuple[set[int], set[int]]]:
        """Return the forms whose answers, and whose wishes, stand in no number at all."""
        found = {}
        for form in self.forms:
            for year in self.rounds:
                lines = [line for group in self.groups for line in self.list_lines(group, form, year)]
                large = [it for it in lines if it.people >= FEW]
                for question in form.questions:
                    found[form.id, year, question] = self._leave_out(form, question, large)
        return found

    def _leave_out(self, form: Form, question: Question, large: Sequence[Line]) -> tuple[set[int], set[int]]:
        def answering(forms: Iterable[Return]) -> list[Return]:
            return [it for it in forms if reckon([it], form, question, (), self.rules).mean is not None]

        silent: set[int] = set()
        for line in large:
            if line.kind != "role" and 0 < sum(it.people for it in answering(line.forms)) < FEW:
                silent |= set(map(id, line.forms))
        unwished: set[int] = set()
        before = -1
        while before != len(unwished):
            before = len(unwished)
            for line in large:
                wishing = [
                    it
                    for it in answering(line.forms)
                    if id(it) not in silent | unwished and it.values.get(question.wish, "") in form.answers
                ]
                if 0 < sum(it.people for it in wishing) < FEW:
                    unwished |= set(map(id, line.forms))
        return silent, unwished
