"""A field of the file and what is known of it -> its answer, or what is wrong with it. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.content.definition import CHECKED, Field, FieldKind
from pipeline.pdf.found import FoundField, FoundKind

EXPECTED: dict[FieldKind, FoundKind] = {
    "text": "text",
    "area": "text",
    "date": "text",
    "number": "text",
    "mean": "text",
    "gap": "text",
    "choice": "radio",
    "list": "choice",
    "check": "check",
}
_WORDS: dict[FoundKind, str] = {
    "text": "a text field",
    "choice": "a drop-down",
    "radio": "radio buttons",
    "check": "a check box",
    "push": "a push button",
    "signature": "a signature",
    "other": "of no known type",
}
_SHOWN_MOST = 60  # characters of a value in a message
_MILLISECONDS = re.compile(r"-?\d{11,14}")
_MIDNIGHT = timedelta(hours=6)  # both midnight and noon of a day in Europe fall on that day in UTC, six hours later


@dataclass(frozen=True)
class Entry:
    """What one field says.

    Attributes:
        value: what was filled in, "" for nothing.
        prefilled: it is what stood there when the form was handed out.
        damage: why it is not the field that the form has; the value is "" then.
        conflict: two values for it, in words; the value is "" then.
    """

    value: str = ""
    prefilled: bool = False
    damage: str = ""
    conflict: str = ""


def read_entry(field: Field, found: Sequence[FoundField], fixed: Sequence[str]) -> Entry:
    """Read a field that the file holds at least once.

    Args:
        field: what the form asks.
        found: the fields of this name in the file.
        fixed: the values that it says were filled in beforehand.
    """
    entries = [_read_one(field, it) for it in found]
    for entry in entries:
        if entry.damage or entry.conflict:
            return entry
    values = list(dict.fromkeys(entry.value for entry in entries))
    if len(values) > 1:
        return Entry(conflict=f"stands {len(found)} times in the file, once with {_join(values)}")
    if len(entries) > 1:
        return Entry(damage=f"stands {len(found)} times in the file")
    if field.is_calculated:
        return Entry()
    value = values[0]
    for it in (_normalise(field, it) for it in fixed):
        if it != value:
            return Entry(conflict=f"was filled in beforehand with {_show(it)}, now it holds {_show(value)}")
    default = _normalise(field, found[0].default)
    return Entry(value, prefilled=bool(value) and (bool(fixed) or value == default))


def _read_one(field: Field, found: FoundField) -> Entry:
    if found.kind != EXPECTED[field.kind]:
        return Entry(damage=f"is {_WORDS[found.kind]}, expected {_WORDS[EXPECTED[field.kind]]}")
    if found.problem:
        return Entry(damage=found.problem)
    if field.is_calculated:
        return Entry()
    values = [_normalise(field, it) for it in found.values]
    if len(values) > 1:
        return Entry(conflict=f"holds {_join(values)}")
    value = values[0] if values else ""
    if found.draws:
        return Entry(conflict="the page shows a text, the file holds none")
    if field.kind in ("choice", "check"):
        return _read_buttons(field, found, value)
    if field.kind == "list":
        return _read_list(field, found, value)
    return Entry(value)


def _read_buttons(field: Field, found: FoundField, value: str) -> Entry:
    """Compare what the file holds with what each button shows."""
    options = [option for option, _ in field.options] if field.kind == "choice" else [CHECKED]
    shown = [state for state in found.shown if state not in ("", "Off")]
    for it in (value, *shown):
        if it and it not in options:
            return Entry(conflict=f"holds {_show(it)}, which is none of its options: {', '.join(options)}")
    states = [state for states in found.states for state in states]
    wrong = [it for it in options if states.count(it) != 1]
    if wrong:
        return Entry(damage=f"has not one button for {', '.join(wrong)}")
    if len(shown) > 1:
        return Entry(conflict=f"shows {_join(shown)} at once")
    if next(iter(shown), "") != value:
        return Entry(conflict=f"the file holds {_show(value)}, the page shows {_show(next(iter(shown), ''))}")
    for state, states_here in zip(found.shown, found.states, strict=True):
        if state == value and value and value not in states_here:
            return Entry(conflict=f"shows {_show(value)} on the button of {_show(', '.join(states_here))}")
    return Entry(value)


def _read_list(field: Field, found: FoundField, value: str) -> Entry:
    """Find the option; some programs save its words instead of its value."""
    if value:
        named = [option for option, words in field.options if words == value]
        if value not in dict(field.options) and len(named) == 1:
            value = named[0]
        if value not in dict(field.options):
            valid = ", ".join(option for option, _ in field.options)
            return Entry(conflict=f"holds {_show(value)}, which is none of its options: {valid}")
    missing = [option for option, _ in field.options if option not in dict(found.options)]
    if missing:
        return Entry(damage=f"lacks the option {', '.join(missing)}")
    return Entry(value)


def _normalise(field: Field, value: str) -> str:
    """Write a date that a script of a browser saved, in milliseconds since 1970, as a person writes it."""
    if field.kind != "date" or not _MILLISECONDS.fullmatch(value):
        return value
    try:
        day = datetime(1970, 1, 1) + timedelta(milliseconds=int(value)) + _MIDNIGHT
    except OverflowError:  # before the year 1
        return value
    return f"{day:%d-%m-}{day.year:04}"


def _show(value: str) -> str:
    short = value if len(value) <= _SHOWN_MOST else f"{value[:_SHOWN_MOST]}…"
    return f"'{short}'" if short else "nothing"


def _join(values: Sequence[str]) -> str:
    return f"{', '.join(map(_show, values[:-1]))} and {_show(values[-1])}"
