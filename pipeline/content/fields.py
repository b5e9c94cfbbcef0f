"""The types of single values: texts, names, codes, numbers. Each says in its message what to write instead.

Values come as text (see source.py), so numbers and flags are read here, strictly: `yes` is no flag, `3.10` no number
of a card.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError


@dataclass(frozen=True)
class Written:
    """How a value is written, for the JSON Schema: a pattern that Python and JavaScript read alike, and what to say."""

    pattern: str
    message: str

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        """Add the pattern; a second one stands beside the first, not in its place."""
        schema: dict[str, Any] = handler(core)
        words = {"pattern": self.pattern, "patternErrorMessage": self.message}  # the latter is VS Code's own keyword
        return {**schema, "allOf": [*schema.get("allOf", ()), words]} if "pattern" in schema else {**schema, **words}


@dataclass(frozen=True)
class Rule(Written, AfterValidator):
    """A check, and the same for the JSON Schema: so an editor checks while one types what the reader checks."""


def _portable(pattern: str) -> str:
    """Write a pattern for all of a text; JavaScript knows letters only as ranges."""
    return f"^({pattern.replace(_LETTER, _LETTER_ANYWHERE)})$"


_LETTER = r"[^\W\d_]"
_LETTER_ANYWHERE = r"[A-Za-z\u00aa\u00b5\u00ba\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff]"  # the blocks of letters
_LETTER_OR_DIGIT = _LETTER_ANYWHERE.replace("A-Z", "0-9A-Z")

# White space of any kind becomes one space, but for the spaces that keep words together or set them apart.
_SPACES = re.compile(r"[^\S\u00a0\u202f\u2007\u2009\u200a]+")
_MARKS_MOST = 2  # combining signs on one letter; more is a clump of ink


def fold_spaces(text: str) -> str:
    """Return a text with single spaces, and none at its ends."""
    return _SPACES.sub(" ", text).strip(" ")


def _fold(value: object) -> object:
    return fold_spaces(value) if isinstance(value, str) else value


def _require_words(value: str) -> str:
    if not any(character.isalnum() for character in value):
        raise PydanticCustomError("words", "no letter or digit in '{found}'", {"found": value})
    if value.isascii() and value.isprintable():
        return value
    marks = 0
    for character in value:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MARKS_MOST or unicodedata.category(character) == "Cc":
            context = {"code": f"U+{ord(character):04X}"}
            raise PydanticCustomError("sign", "the character {code} cannot be printed here", context)
    return value


def _require_whole(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
        raise PydanticCustomError("whole", "expected a whole number, found '{found}'", {"found": value})
    return value


def _require_day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(_DAY_FORM, value):
        raise PydanticCustomError("day", "expected a date such as 2026-11-23, found '{found}'", {"found": value})
    return value


_DAY_FORM = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def _require_flag(value: object) -> object:
    if value not in ("true", "false", True, False):
        raise PydanticCustomError("flag", "expected true or false, found '{found}'", {"found": str(value)})
    return value


def _require_left_to_right(value: str) -> str:
    if value in _RIGHT_TO_LEFT:
        raise PydanticCustomError(
            "direction", "'{found}' is written from the right; no layout can do that yet", {"found": value}
        )
    return value


_RIGHT_TO_LEFT = ("ar", "fa", "he", "iw", "ks", "ku", "ps", "sd", "ug", "ur", "yi")


def like(pattern: str, message: str) -> Rule:
    """Allow only texts of this form; `message` goes behind the text that was found."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise PydanticCustomError("form", "'{found}' {message}", {"found": value, "message": message})
        return value

    return Rule(check, _portable(pattern), f"This {message}.")


def with_places(*names: str) -> Rule:
    """Allow only these names between braces, so that a typing error does not end on paper."""
    known = ", ".join(f"{{{name}}}" for name in names)

    def check(value: str) -> str:
        for found in re.findall(r"\{[^{}]*\}|[{}]", value):
            if found[1:-1] not in names:
                message = "'{found}' cannot be filled in here; known: {known}"
                raise PydanticCustomError("places", message, {"found": found, "known": known})
        return value

    pattern = rf"^([^{{}}]|\{{({'|'.join(names)})\}})*$"
    return Rule(check, pattern, f"Between braces only these can stand: {known}.")


def with_one_place(name: str) -> Rule:
    """Demand this name between braces, once and nothing else: what is filled in there, the layout sets by itself."""

    def check(value: str) -> str:
        if re.findall(r"\{[^{}]*\}|[{}]", value) != [f"{{{name}}}"]:
            message = "expected '{place}' in it once, found '{found}'"
            raise PydanticCustomError("place", message, {"place": f"{{{name}}}", "found": value})
        return value

    return Rule(check, rf"^[^{{}}]*\{{{name}\}}[^{{}}]*$", f"{{{name}}} stands in it once.")


_Folded = Annotated[
    str, BeforeValidator(_fold), Rule(_require_words, _LETTER_OR_DIGIT, "There is no letter or digit in this text.")
]
Name = Annotated[_Folded, StringConstraints(min_length=1, max_length=40)]
Title = Annotated[_Folded, StringConstraints(min_length=1, max_length=60)]
Label = Annotated[_Folded, StringConstraints(min_length=1, max_length=80)]
Line = Annotated[_Folded, StringConstraints(min_length=1, max_length=160)]
Sentences = Annotated[_Folded, StringConstraints(min_length=1, max_length=240)]
Paragraph = Annotated[_Folded, StringConstraints(min_length=1, max_length=400)]
Passage = Annotated[_Folded, StringConstraints(min_length=1, max_length=600)]

_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
Slug = Annotated[str, like(_SLUG, "becomes part of a file name: use small letters, digits and single hyphens")]
# Codes become names of form fields: a dot would make a hierarchy there, and some programs lose what is not ASCII.
Code = Annotated[str, like(r"[A-Z0-9]+(-[A-Z0-9]+)*", "is not a code such as D3-S2")]
ADDRESS_MOST = 300  # signs; no QR code of a page holds as many, and no line
Address = Annotated[
    str,
    like(
        r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(/[A-Za-z0-9-]+)*",
        "is no short address such as leren.example/kaart (without https:// and without a slash at the end)",
    ),
    StringConstraints(max_length=ADDRESS_MOST),
]
# An address as it is printed: host, then whatever a path may hold (RFC 3986); no scheme, so that it can be typed.
WebAddress = Annotated[
    str,
    like(
        r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(/[A-Za-z0-9._~!$&()*+,;=:@%/?#-]*)?",
        "is no address such as www.example.org/page (without https://, spaces or accents)",
    ),
    StringConstraints(max_length=ADDRESS_MOST),
]
AddressPart = Annotated[str, like(r"([A-Za-z0-9-]+/)*", "is no part of an address such as kaart/ (with its slash)")]
Doi = Annotated[
    str,
    like(r"10\.[0-9]{4,9}/[!-~]+", "is no DOI such as 10.1000/182 (without https://doi.org/)"),
    StringConstraints(max_length=ADDRESS_MOST),
]
Day = Annotated[
    datetime.date, BeforeValidator(_require_day), Written(f"^{_DAY_FORM}$", "A date is written as 2026-11-23.")
]
BreakWord = Annotated[str, like(rf"{_LETTER}+(-{_LETTER}+)*", "is no word with its breaks, such as spie-gel-kaart")]
Language = Annotated[
    str,
    like(r"[a-z]{2,3}", "is no language code such as nl"),
    Rule(
        _require_left_to_right,
        f"^(?!({'|'.join(_RIGHT_TO_LEFT)})$)",
        "This language is written from the right; no layout can do that yet.",
    ),
]
Region = Annotated[str, like(r"[A-Z]{2}", "is no country code such as NL")]
Hex = Annotated[str, like(r"#[0-9a-fA-F]{6}", "is no screen colour such as '#005098' (with its quotes)")]
Whole = Annotated[int, BeforeValidator(_require_whole)]
Flag = Annotated[bool, BeforeValidator(_require_flag)]


def is_slug(value: str) -> bool:
    """Say whether a name can be part of a file name as it is."""
    return re.fullmatch(_SLUG, value) is not None
