"""Values of a comparison -> what is printed of them: numbers, days, words, and why a number is not there.

Numbers are rounded to one decimal, halves upwards; charts are drawn from the rounded ones, so that a place on the page
says no more than the number beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from pipeline.compare.values import CLEAR, PEOPLE_LEAST, Cell, Hidden, Questionnaire, Row, Scale, Table
from pipeline.content.report_words import PartWords, ReportWords

_SOFT = "\u00ad"
_WORD_MOST = 24  # letters of a name that no column can hold; it breaks every so many then
_PIECE = 12


@dataclass(frozen=True)
class Wording:
    """What one report says, in the words of its language. `drawable`: characters of its fonts; empty: all."""

    words: ReportWords
    drawable: frozenset[int] = frozenset()

    # ---------------------------------------------------------------------------------- numbers and days

    def number(self, value: Fraction | None) -> str:
        """Write a number that has one decimal; nothing where there is none."""
        if value is None:
            return ""
        tenths = round(abs(value) * 10)
        sign = "\u2212" if value < 0 and tenths else ""
        return f"{sign}{tenths // 10}{self.words.decimal}{tenths % 10}"

    def signed(self, value: Fraction) -> str:
        """Write a change: with its sign, also where it goes up."""
        text = self.number(value)
        return text if value <= 0 or not any(it in "123456789" for it in text) else f"+{text}"

    def day(self, day: dt.date) -> str:
        """Write a day in full."""
        return self.words.date.format(day=day.day, month=self.words.months[day.month - 1], year=day.year)

    def spread(self, cell: Cell) -> str:
        """Write the lowest and the highest answer."""
        if cell.low is None or cell.high is None:
            return ""
        return str(cell.low) if cell.low == cell.high else f"{cell.low}–{cell.high}"

    # ---------------------------------------------------------------------------------- words

    def word(self, cell: Cell, scale: Scale) -> str:
        """Return the word of the scale for a mean; nothing where there is none."""
        return "" if cell.band is None else self.text(scale.words[cell.band])

    def reason(self, why: Hidden) -> str:
        """Say in words why nothing is shown; nothing where something is."""
        columns = self.words.columns
        said = {
            "few": columns.few.format(least=PEOPLE_LEAST),
            "hidden": columns.hidden,
            "unanswered": columns.unanswered,
        }
        return said.get(why, "")

    def tell_hidden(self, why: Hidden) -> str:
        """Return that behind its sign; nothing where something is shown."""
        return f"{self.sign(why)}\u2002{self.reason(why)}" if why else ""

    def sign(self, why: Hidden) -> str:
        """Return the sign that stands for such a reason where there is no room for words."""
        columns = self.words.columns
        return {"few": columns.few_sign, "hidden": columns.hidden_sign}.get(why, columns.unanswered_sign)

    def list_signs(self, rows: Iterable[Row]) -> list[list[str]]:
        """Return (sign, reason) of each that stands in single cells of these rows."""
        found = {_explain(cell) for row in rows if not row.why for cell in row.cells if cell.mean is None}
        order: tuple[Hidden, ...] = ("few", "hidden", "unanswered")
        return [[self.sign(why), self.reason(why)] for why in order if why in found]

    def intro(self, part: PartWords, **places: object) -> list[str]:
        """Return what is said below a heading."""
        known = {"high": "", "before": "", "after": "", "least": PEOPLE_LEAST, "clear": self.number(CLEAR), **places}
        return [part.intro.format(**known)]

    def text(self, text: str) -> str:
        """Return a text of others as it can be printed: in signs of the fonts, and no word wider than any column."""
        if self.drawable:
            kept = (it if ord(it) in self.drawable or it in (_SOFT, " ") else "?" for it in text)
            text = "".join(kept)
        return " ".join(_break_word(word) for word in text.replace("\u00a0", " ").split(" "))


def _explain(cell: Cell) -> Hidden:
    return cell.why or "unanswered"


def _break_word(word: str) -> str:
    """Return a word with soft hyphens where it is longer than any column."""
    if len(word) <= _WORD_MOST or _SOFT in word:
        return word
    return _SOFT.join(word[start : start + _PIECE] for start in range(0, len(word), _PIECE))


def settle_form(asked: Questionnaire) -> Questionnaire:
    """Return a form whose title says whom it asks: those of two sides may be called the same."""
    if asked.side.lower() in asked.title.lower():
        return asked
    return replace(asked, title=f"{asked.title} {asked.side}")


def settle_schools(table: Table) -> tuple[Row, ...]:
    """Return the schools of a table; none where none of them answered, as of a form that boards fill in."""
    return table.schools if any(it.why != "unanswered" for it in table.schools) else ()


def title_of(text: str) -> str:
    """Return a title without the places where it may break."""
    return text.replace(_SOFT, "").replace("\u00a0", " ")


def make_block(kind: str, colour: str, heading: str = "", intro: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """Return a block of a report as the layout reads it."""
    return {"kind": kind, "colour": colour, "heading": heading, "intro": list(intro), **more}
