"""What a table or chart does not show -> whose numbers that are and why, in words. Pure.

Rows without any number are named together: a row of nothing for each would hide those that say something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.compare.values import PEOPLE_LEAST, Hidden, Questionnaire, Row, Table
from pipeline.kinds.wording import Wording

_ORDER: tuple[Hidden, ...] = ("few", "hidden", "unanswered")


def is_shown(row: Row) -> bool:
    """Return whether a row has any number."""
    return any(it.mean is not None for it in row.cells)


def find_reason(row: Row) -> Hidden:
    """Return why a row has no number: its own reason, else the first of its cells, else that nobody answered."""
    return row.why or next((it.why for it in row.cells if it.why), "unanswered")


def has_numbers(table: Table) -> bool:
    """Return whether a form shows anything in a round."""
    return any(map(is_shown, (table.total, *table.schools, *table.roles)))


def tell_rows(say: Wording, rows: Iterable[Row]) -> list[str]:
    """Return a sentence for each reason, with the rows that have no number."""
    return tell_left(say, ((row.title, find_reason(row)) for row in rows if not is_shown(row)))


def tell_left(say: Wording, left: Iterable[tuple[str, Hidden]]) -> list[str]:
    """Return a sentence for each reason, with the names in their order."""
    names: dict[Hidden, list[str]] = {}
    for title, why in left:
        # The letter of a school does not begin a line.
        names.setdefault(why or "unanswered", []).append(re.sub(r" (\S{1,2})$", "\u00a0\\1", say.text(title)))
    words = say.words.left
    said = {"few": words.few, "hidden": words.hidden, "unanswered": words.unanswered}
    return [said[why].format(least=PEOPLE_LEAST, names=", ".join(names[why])) for why in _ORDER if why in names]


def tell_fewer(say: Wording, rows: Iterable[Row], questionnaire: Questionnaire, chosen: Sequence[int]) -> list[str]:
    """Return a sentence on numbers that stand for fewer people than their row, with how many; none where none do."""
    words, told = say.words.left, []
    for row in rows:
        counts = [
            words.fewer_of.format(number=questionnaire.subjects[k].number, people=row.cells[k].people).replace(
                " ", "\u00a0"
            )
            for k in chosen
            if row.cells[k].mean is not None and row.cells[k].people not in (None, row.people)
        ]
        if counts:
            told.append(words.fewer_row.format(row=say.text(row.title), counts=", ".join(counts)))
    return [words.fewer.format(sign=say.words.columns.fewer_sign, rows="; ".join(told))] if told else []


def settle_columns(say: Wording, heads: list[list[Any]], rows: list[dict[str, Any]]) -> list[list[Any]]:
    """Take out columns that no row fills, in place; put a sign where a row lacks a value.

    Args:
        say: the words.
        heads: (name, width in mm) of each column.
        rows: of a chart; those with a note have no values.

    Returns:
        The columns that are left.
    """
    filled = [row for row in rows if row["values"]]
    kept = [k for k in range(len(heads)) if not filled or any(row["values"][k] for row in filled)]
    sign = say.words.columns.unanswered_sign
    for row in filled:
        row["values"] = [row["values"][k] or sign for k in kept]
    return [heads[k] for k in kept]
