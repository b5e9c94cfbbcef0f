"""Rows -> the bytes of a workbook: numbers as numbers, texts as texts, never as formulas; the same bytes each time."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable

from pipeline.kinds.report_tables import NAME_MOST, NamedRows, Value

TEXT_MOST = 32_767  # and in a cell
_WIDTHS = (6, 48)  # of a column, in characters
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold


def write_workbook(sheets: Iterable[NamedRows], title: str, date: dt.date) -> bytes:
    """Return a workbook.

    Args:
        sheets: each becomes a sheet; its first row stays in view.
        title: of the whole.
        date: that it says it was made on, instead of the clock's.
    """
    import xlsxwriter  # heavy: only where a workbook is made

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    made = dt.datetime.combine(date, dt.time())
    book.set_properties({"title": _clean(title)[:255], "created": made})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    tenth = book.add_format({"num_format": "0.0"})
    taken: set[str] = set()
    for rows in sheets:
        sheet = book.add_worksheet(_name_sheet(rows.name, taken))
        sheet.freeze_panes(1, 0)
        for column, words in enumerate(rows.heads):
            sheet.write_string(0, column, _clean(words), head)
            longest = max((len(str(row[column])) for row in rows.rows), default=0)
            sheet.set_column(column, column, min(max(_WIDTHS[0], longest + 1, len(words) // 2 + 2), _WIDTHS[1]))
        for number, row in enumerate(rows.rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, (number, column), value, tenth)
    book.close()
    return target.getvalue()


def _write(sheet: object, place: tuple[int, int], value: Value, tenth: object) -> None:
    if isinstance(value, str):
        if value:
            sheet.write_string(*place, _clean(value))  # type: ignore[attr-defined]
    else:
        sheet.write_number(*place, value, *([tenth] if isinstance(value, float) else []))  # type: ignore[attr-defined]


def _clean(text: str) -> str:
    return _NO_TEXT.sub("", text)[:TEXT_MOST]


def _name_sheet(name: str, taken: set[str]) -> str:
    """Return the name of a sheet that no other has, and note it; programs do not tell case apart."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", _clean(name)).strip(" '") or "-"
    if plain.casefold() == "history":  # the one name that is taken
        plain += "-"
    chosen, number = plain[:NAME_MOST].strip(" '"), 1
    while chosen.casefold() in taken:
        number += 1
        chosen = f"{plain[: NAME_MOST - 4].strip(' ')} {number}"
    taken.add(chosen.casefold())
    return chosen
