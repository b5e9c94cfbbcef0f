"""What stands in a returned form, as plain values that travel as JSON. No judgement, and no pikepdf."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

FoundKind = Literal["text", "choice", "radio", "check", "push", "signature", "other"]
Refusal = Literal["encrypted", "time", "memory", "size", "crash"]

_DAY = re.compile(r"(?:D:)?([0-9]{4}(?:[0-9]{2}){0,5})(?:(?:Z|([+-])([0-9]{2})'?(?:([0-9]{2})'?)?).*)?")


@dataclass(frozen=True)
class FoundField:
    """One field.

    Attributes:
        name: whole; the names on the way to it joined by dots.
        kind: what the file says it is.
        values: every different value that the file gives it, in words; empty: none, or an empty one.
        default: what it is reset to.
        shown: the state that each of its widgets shows; empty for one that says nothing.
        states: the on-states that each of its widgets can show.
        options: (value, words) of a drop-down.
        draws: the page shows a text there although the file gives it no value, not even an empty one.
        problem: why its value cannot be read; empty when it can.
    """

    name: str
    kind: FoundKind
    values: tuple[str, ...] = ()
    default: str = ""
    shown: tuple[str, ...] = ()
    states: tuple[tuple[str, ...], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    draws: bool = False
    problem: str = ""


@dataclass(frozen=True)
class FoundForm:
    """One file.

    Attributes:
        foreign: what it is instead of a PDF; empty for a PDF.
        damage: signs that it is not as a program wrote it, in words.
        broken: not readable without repair, so that `fields` and `info` say nothing.
        fields: all with a name.
        info: the entries of its document information that begin with `Form_`.
        stray: names of fields that its pages show and that are not among `fields`.
        modified: when it was saved last, as it says, as digits of UTC (`20261103141500`); empty where it does not.
    """

    foreign: str = ""
    damage: tuple[str, ...] = ()
    broken: bool = False
    fields: tuple[FoundField, ...] = ()
    info: tuple[tuple[str, str], ...] = ()
    stray: tuple[str, ...] = ()
    modified: str = ""


@dataclass(frozen=True)
class Reading:
    """What the process that reads a file says of it.

    Attributes:
        form: None where it was refused before anything was known.
        looked: whether the pages were looked at; only done where `form` does not say which form it is.
        identity: what pages show of themselves: the line at their foot, or what their QR code says.
        refusal: the limit that ended it.
        detail: of the refusal, in words.
    """

    form: FoundForm | None = None
    looked: bool = False
    identity: str = ""
    refusal: Refusal | None = None
    detail: str = ""


def parse_day(text: str) -> str:
    """Return a date of a PDF as 14 digits of UTC; empty where it is none (ISO 32000-2 7.9.4)."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        return ""
    digits, sign, hours, minutes = found.groups()
    try:
        day = datetime.strptime(digits + "20000101000000"[len(digits) :], "%Y%m%d%H%M%S")
        away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        day = day - away if sign == "+" else day + away
    except (ValueError, OverflowError):
        return ""
    return f"{day.year:04}{day:%m%d%H%M%S}"


def dump_form(form: FoundForm) -> dict[str, Any]:
    """Return what JSON can hold."""
    return asdict(form)


def load_form(raw: dict[str, Any]) -> FoundForm:
    """Read what `dump_form` wrote.

    Raises:
        LookupError, TypeError, ValueError: it is something else.
    """
    return FoundForm(
        foreign=str(raw["foreign"]),
        damage=tuple(map(str, raw["damage"])),
        broken=bool(raw["broken"]),
        fields=tuple(_load_field(it) for it in raw["fields"]),
        info=tuple((str(key), str(value)) for key, value in raw["info"]),
        stray=tuple(map(str, raw["stray"])),
        modified=str(raw["modified"]),
    )


def _load_field(raw: dict[str, Any]) -> FoundField:
    return FoundField(
        name=str(raw["name"]),
        kind=raw["kind"],
        values=tuple(map(str, raw["values"])),
        default=str(raw["default"]),
        shown=tuple(map(str, raw["shown"])),
        states=tuple(tuple(map(str, states)) for states in raw["states"]),
        options=tuple((str(value), str(words)) for value, words in raw["options"]),
        draws=bool(raw["draws"]),
        problem=str(raw["problem"]),
    )
