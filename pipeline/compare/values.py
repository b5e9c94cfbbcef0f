"""The values of a comparison: plain, exact, and holding only what may be shown.

Means are fractions, so that a border such as 1.75 is met exactly; they are rounded where they are printed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Hidden = Literal["", "unanswered", "few", "hidden"]
RowKind = Literal["total", "school", "role"]

PEOPLE_LEAST = 5  # whom a number stands for, at least
CLEAR = Fraction(1, 2)  # from here on a difference is called clear


@dataclass(frozen=True)
class Subject:
    """What a form asks about: one dimension or theme.

    Attributes:
        number, code, title, colour: as on the card; `colour` is the name of a theme colour, or empty.
        items: names of its statements; of a scan the one field with the phase.
        wish: name of the field that says where one wants to be; empty where that is not asked.
        texts: (name, label) of what is written freely.
        least: answers that a mean needs.
    """

    number: int
    code: str
    title: str
    colour: str
    items: tuple[str, ...]
    wish: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    least: int = 1


@dataclass(frozen=True)
class Scale:
    """The answers of a form, from low to high; the first counts as 1, whatever its value is called.

    Attributes:
        values: as they stand in a file.
        words: what each means.
        unknown: values that do not count, such as "weet-ik-niet".
    """

    values: tuple[str, ...]
    words: tuple[str, ...]
    unknown: frozenset[str] = frozenset()

    @property
    def high(self) -> int:
        """The highest answer; the lowest is 1."""
        return len(self.values)


@dataclass(frozen=True)
class Questionnaire:
    """A form of today as answers to it are compared.

    Attributes:
        form, version: which one.
        title: for people, with the side it is for.
        side: whom it asks ("school", "bestuur"), empty where it says nothing.
        folder: folder of the cards that its subjects are; empty where it has a list of its own. Forms with one folder
            ask about the same subjects.
        hashes: name of a field -> what it means; answers to fields with another hash are not compared.
    """

    form: str
    version: str
    title: str
    side: str
    folder: str
    subjects: tuple[Subject, ...]
    scale: Scale
    hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """One returned form that counts.

    Attributes:
        file: its name, as findings show it.
        organisation, school, role: as the form says, in one spelling; "" where it does not say.
        date: the day that the form states; None where it does not.
        people: how many filled it in, as the form states; 1 where it does not.
        values: name of a field -> answer; only fields that mean what they mean today.
    """

    file: str
    form: str
    organisation: str
    school: str
    role: str
    date: dt.date | None
    people: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Round:
    """A period in which forms were filled in, both days included."""

    name: str
    title: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Cell:
    """What is shown of one subject in one row.

    Attributes:
        people: for how many it stands; None where that is hidden.
        mean: of the respondents' means, on the scale; with one decimal, as it is printed, where it is published; None
            where nothing is shown.
        band: which word of the scale it has, from 0, by the unrounded number.
        low, high: lowest and highest answer; None where the spread is hidden or there is none.
        wish: mean of where they want to be, as `mean`; None where hidden or not asked.
        given, asked: answers that counted, and all that could have been given.
        unknown: answers "do not know".
        why: why nothing is shown: nobody answered; too few people; hidden so that others cannot be computed back.
    """

    people: int | None = None
    mean: Fraction | None = None
    band: int | None = None
    low: int | None = None
    high: int | None = None
    wish: Fraction | None = None
    given: int | None = None
    asked: int | None = None
    unknown: int | None = None
    why: Hidden = ""


@dataclass(frozen=True)
class Row:
    """A group, school or role, with a cell for each subject of the questionnaire.

    Attributes:
        key: the same in every round and in every form, so that rows can be put side by side.
        title: what is printed: its name, or "School A".
        forms, people: how many; None where hidden.
        why: as of a cell; where it says something all cells say the same.
    """

    key: str
    title: str
    kind: RowKind
    cells: tuple[Cell, ...]
    forms: int | None = None
    people: int | None = None
    why: Hidden = ""


@dataclass(frozen=True)
class Table:
    """One form in one round, for one group: its total, then its parts in the order in which they are printed."""

    questionnaire: Questionnaire
    round: Round
    total: Row
    schools: tuple[Row, ...] = ()
    roles: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, taken over because it was asked for."""

    form: str
    round: str
    subject: str
    label: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """All that is shown of one group, or of one organisation or school.

    Attributes:
        name: of its files: a slug.
        title: what is printed.
        kind: a group of schools side by side, or one organisation by itself.
        tables: by form in the order of the toolbox, then by round, the oldest first.
        quotes: in the order of the forms.
    """

    name: str
    title: str
    kind: Literal["group", "organisation"]
    tables: tuple[Table, ...]
    quotes: tuple[Quote, ...] = ()
