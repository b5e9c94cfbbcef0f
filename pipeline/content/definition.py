"""What a form asks: its fields under permanent names, its version, and the hashes that tell two versions apart.

A definition says nothing of the page. The fields of the finished PDF are made from it, a returned file is read with it,
and a released one is kept as JSON (`content/forms/released/`), so that old returns can still be read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, get_args

FieldKind = Literal["text", "area", "date", "number", "choice", "list", "check", "mean", "gap"]
CALCULATED: tuple[FieldKind, ...] = ("mean", "gap")  # a service of the page: no answer, never read back
CHECKED = "yes"  # on-state of a check box
MEAN_LEAST = 3  # answers that a mean needs; domain: at least 3 of 5
META = "meta_"  # begins the names of fields that nobody fills in
RESPONSE = "response"  # who answers, of a copy for one person; no field of the form
RESERVED = ("form", "version", "fingerprint", "hashes", RESPONSE)  # after META they say which form it is

_CODE_SCHEME = "DRUKWERK"
_IDENTITY = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*) · ([0-9A-Za-z]+(?:-[0-9A-Za-z]+)*) · ([0-9a-f]{10})")
_CODE = re.compile(rf"{_CODE_SCHEME}:([A-Z0-9-]+):([0-9A-Z-]+):([0-9A-F]{{10}})")


@dataclass(frozen=True)
class Field:
    """One field.

    Attributes:
        name: permanent; ASCII letters and digits with single hyphens (`D3-S2`, `D3-waaraan`), never a dot.
        kind: text: one line; area: several; date; number: a whole one; choice: radio buttons, one of `options`;
            list: a drop-down, one of `options`; check: a box whose on-state is `CHECKED`; mean: calculated, the mean
            of the answers to `of` that are numbers; gap: calculated, the first of `of` less the mean of the others.
        label: what is asked, whole, as a tooltip and a screen reader say it.
        options: (value, words); the value is what the file holds, ASCII.
        required: has to be answered.
        fixed: read-only where it is filled in beforehand.
        of: names of the fields that a calculated one is made of.
        least: number of answers below which a calculated one shows a dash.
    """

    name: str
    kind: FieldKind
    label: str
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    fixed: bool = False
    of: tuple[str, ...] = ()
    least: int = MEAN_LEAST

    @cached_property
    def hash(self) -> str:
        """Eight digits over what an answer means: type, text and options. Equal ones can be put side by side."""
        return _hash([self.kind, self.label, self.options])[:8]

    @property
    def is_calculated(self) -> bool:
        """Whether a program fills it in, not a person."""
        return self.kind in CALCULATED


class Identity(NamedTuple):
    """Which form a sheet of paper or a file is: id and version of the form, fingerprint of its fields."""

    form: str
    version: str
    fingerprint: str

    @property
    def line(self) -> str:
        """As it stands at the foot of each page."""
        return " · ".join(self)

    @property
    def code(self) -> str:
        """As its QR code says it: in capitals, which keeps the symbol small."""
        return ":".join((_CODE_SCHEME, *self)).upper()


def find_identity(text: str) -> Identity | None:
    """Return the identity that a text holds, as a line or as a code; None where there is none."""
    if found := _IDENTITY.search(text):
        return Identity(*found.groups())
    if found := _CODE.search(text):
        return Identity(*(group.lower() for group in found.groups()))
    return None


@dataclass(frozen=True)
class Definition:
    """A form of one version.

    Attributes:
        form: id of the form, the name of its content file and its PDF (`analyseformulier-school`).
        version: as the editor numbers it (`2026-11`); small letters, digits, single hyphens.
        title: for people.
        fields: in the order of the page.
    """

    form: str
    version: str
    title: str
    fields: tuple[Field, ...]

    @cached_property
    def fingerprint(self) -> str:
        """Ten digits over the names and hashes of all fields."""
        return _hash(sorted((it.name, it.hash) for it in self.fields))[:10]

    @property
    def identity(self) -> Identity:
        """What each page and file says of itself."""
        return Identity(self.form, self.version, self.fingerprint)

    @property
    def answered(self) -> tuple[Field, ...]:
        """The fields that a person fills in."""
        return tuple(it for it in self.fields if not it.is_calculated)

    def get(self, name: str) -> Field | None:
        """Return the field of this name."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {it.name: it for it in self.fields}


@dataclass(frozen=True)
class FieldWords:
    """What the fields of a form say besides their labels, in the language of the toolbox.

    Attributes:
        about: of the fields that say which form it is ("Formuliergegevens").
        clear: caption of the button that takes an answer back ("wis").
        clear_tip: what that button does, with {label} ("Wis het antwoord: {label}").
        date_format: how a date is written, of dd, mm and yyyy ("dd-mm-yyyy").
        decimal: sign of calculated values (",").
    """

    about: str
    clear: str
    clear_tip: str
    date_format: str
    decimal: str


def write_definition(definition: Definition) -> bytes:
    """Return a definition as JSON, one field a line, with its fingerprint."""
    fields = ",\n  ".join(json.dumps(_shorten(it), ensure_ascii=False) for it in definition.fields)
    head = {
        "form": definition.form,
        "version": definition.version,
        "title": definition.title,
        "fingerprint": definition.fingerprint,
    }
    lines = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{lines},\n "fields": [\n  {fields}\n ]\n}}\n'.encode()


def parse_definition(raw: bytes) -> Definition:
    """Read what `write_definition` wrote.

    Raises:
        ValueError: it is something else, or was changed by hand: its fingerprint does not fit its fields.
    """
    try:
        data = json.loads(raw)
        fields = tuple(_parse_field(it) for it in data["fields"])
        definition = Definition(str(data["form"]), str(data["version"]), str(data["title"]), fields)
        claimed = data["fingerprint"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ValueError(f"no definition of a form ({type(error).__name__})") from None
    if definition.fingerprint != claimed:
        raise ValueError(f"its fields have the fingerprint {definition.fingerprint}, it says {claimed}")
    return definition


def _parse_field(raw: dict[str, Any]) -> Field:
    if raw["kind"] not in get_args(FieldKind):
        raise ValueError(f"no kind of field: {raw['kind']}")
    if not all(isinstance(raw[key], str) for key in ("name", "label")):
        raise TypeError("a name or label that is no text")
    options = tuple((str(value), str(words)) for value, words in raw.get("options", ()))
    return Field(**{**raw, "options": options, "of": tuple(map(str, raw.get("of", ())))})


def _shorten(field: Field) -> dict[str, Any]:
    """Return a field without what is as usual."""
    usual = {"options": (), "required": False, "fixed": False, "of": (), "least": MEAN_LEAST}
    return {key: value for key, value in asdict(field).items() if key not in usual or value != usual[key]}


def _hash(parts: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(list(parts), ensure_ascii=False).encode()).hexdigest()
