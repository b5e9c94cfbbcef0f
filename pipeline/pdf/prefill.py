"""Values that a copy is filled in with beforehand -> the same, as the file holds them, and what is wrong with them."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.content.definition import CHECKED, RESPONSE, Definition, Field, FieldWords
from pipeline.errors import Finding, nearest
from pipeline.pdf.appearance import TYPE_SIZE, count_letters, fits, measure_room
from pipeline.pdf.fieldfont import FieldFont
from pipeline.units import Size

NUMBER_DIGITS = 6  # people, schools, hours: nothing that a form asks has more

_RESPONSE_LENGTH = 60
_PARTS = {"dd": "day", "mm": "month", "yyyy": "year"}
_SHORTER = "shorten it"


@dataclass(frozen=True)
class Fitting:
    """What a value has to fit.

    Attributes:
        definition: the form.
        words: how a date is written.
        font: what it is set in.
        sizes: name -> size of the box of a field.
    """

    definition: Definition
    words: FieldWords
    font: FieldFont
    sizes: Mapping[str, Size]


def normalise_values(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values with composed letters and plain line ends, without those that are empty."""
    plain = {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in values.items()}
    return {name: unicodedata.normalize("NFC", text) for name, text in plain.items() if text}


def check_values(values: Mapping[str, str], fitting: Fitting) -> Iterator[Finding]:
    """Yield what is wrong with normalised values, and with options that their list cannot show."""
    for asked in fitting.definition.fields:
        for _, shown in asked.options if asked.kind == "list" else ():
            yield from _check_text(asked, shown, fitting)
    valid = [it.name for it in fitting.definition.answered]
    for name, text in values.items():
        field = fitting.definition.get(name)
        if name == RESPONSE:
            if len(text) > _RESPONSE_LENGTH or not text.isprintable():
                what = f"expected 1 to {_RESPONSE_LENGTH} printable characters"
                yield Finding("", name, what, _SHORTER if len(text) > _RESPONSE_LENGTH else "leave line breaks out")
        elif field is None:
            yield Finding("", name, f"no field of the form '{fitting.definition.form}'", nearest(name, valid))
        elif field.is_calculated:
            yield Finding("", name, "a calculated field cannot be filled in", f"fill in {', '.join(field.of)}")
        else:
            yield from _check_value(field, text, fitting)


def _check_value(field: Field, text: str, fitting: Fitting) -> Iterator[Finding]:
    options = [CHECKED] if field.kind == "check" else [value for value, _ in field.options]
    if field.kind in ("choice", "list", "check"):
        if text not in options:
            yield Finding("", field.name, f"'{text}' is no option", f"valid: {', '.join(options)}")
    elif field.kind == "date" and not _is_date(text, fitting.words.date_format):
        example = _write_date(datetime.date(2026, 12, 31), fitting.words.date_format)
        hint = f"write it as {fitting.words.date_format}, for example {example}"
        yield Finding("", field.name, f"'{text}' is no date", hint)
    elif field.kind == "number" and not re.fullmatch(rf"[0-9]{{1,{NUMBER_DIGITS}}}", text):
        yield Finding("", field.name, f"'{text}' is no whole number", f"digits only, at most {NUMBER_DIGITS}")
    else:
        yield from _check_text(field, text, fitting)


def _check_text(field: Field, text: str, fitting: Fitting) -> Iterator[Finding]:
    area = field.kind == "area"
    size = fitting.sizes[field.name]
    missing = fitting.font.missing(text.replace("\n", "") if area else text)
    if "\n" in missing:
        yield Finding("", field.name, "a line break in a field of one line", "write it on one line")
    elif missing:
        letters = ", ".join(f"'{letter}'" if letter.isprintable() else f"U+{ord(letter):04X}" for letter in missing)
        yield Finding("", field.name, f"the font of the fields lacks {letters}", "write it with other letters")
    elif not fits(fitting.font, text, size, area=area):
        width, lines = measure_room(size, area=area)
        taken = f"takes {len(fitting.font.wrap(text, TYPE_SIZE, width))} lines, {lines} fit"
        if not area:
            taken = f"has {len(text)} characters, about {count_letters(fitting.font, size, area=area)} fit"
        start = text[:30].replace("\n", " ") + "…" * (len(text) > 30)
        yield Finding("", field.name, f"'{start}' {taken} in its box", _SHORTER)


def _is_date(text: str, written: str) -> bool:
    pattern = re.sub("yyyy|mm|dd", lambda it: f"(?P<{_PARTS[it[0]]}>[0-9]{{{len(it[0])}}})", re.escape(written))
    found = re.fullmatch(pattern, text)
    try:
        return found is not None and bool(
            datetime.date(**{part: int(digits) for part, digits in found.groupdict().items()})
        )
    except ValueError:  # the thirtieth of February
        return False


def _write_date(date: datetime.date, written: str) -> str:
    return re.sub("yyyy|mm|dd", lambda it: f"{getattr(date, _PARTS[it[0]]):0{len(it[0])}}", written)
