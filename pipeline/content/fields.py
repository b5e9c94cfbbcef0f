"""The types of single values: texts, names, codes, numbers. Each says in its message what to write instead.

Values come as text (see source.py), so numbers and flags are read here, strictly: `yes` is no flag, `3.10` no number
of a card.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError


def _fold(value: object) -> object:
    return re.sub(r"[ \t\r\n]+", " ", value).strip() if isinstance(value, str) else value


def _require_whole(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
        raise PydanticCustomError("whole", "expected a whole number, found '{found}'", {"found": value})
    return value


def _require_flag(value: object) -> object:
    if value not in ("true", "false", True, False):
        raise PydanticCustomError("flag", "expected true or false, found '{found}'", {"found": str(value)})
    return value


def like(pattern: str, message: str) -> AfterValidator:
    """Allow only texts of this form; `message` goes behind the text that was found."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise PydanticCustomError("form", "'{found}' {message}", {"found": value, "message": message})
        return value

    return AfterValidator(check)


def with_places(*names: str) -> AfterValidator:
    """Allow only these names between braces, so that a typing error does not end on paper."""

    def check(value: str) -> str:
        for found in re.findall(r"\{[^{}]*\}|[{}]", value):
            if found[1:-1] not in names:
                known = ", ".join(f"{{{name}}}" for name in names)
                message = "'{found}' cannot be filled in here; known: {known}"
                raise PydanticCustomError("places", message, {"found": found, "known": known})
        return value

    return AfterValidator(check)


_Folded = Annotated[str, BeforeValidator(_fold)]
Name = Annotated[_Folded, StringConstraints(min_length=1, max_length=40)]
Title = Annotated[_Folded, StringConstraints(min_length=1, max_length=60)]
Label = Annotated[_Folded, StringConstraints(min_length=1, max_length=80)]
Line = Annotated[_Folded, StringConstraints(min_length=1, max_length=160)]
Sentences = Annotated[_Folded, StringConstraints(min_length=1, max_length=240)]
Paragraph = Annotated[_Folded, StringConstraints(min_length=1, max_length=400)]

_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
Slug = Annotated[str, like(_SLUG, "becomes part of a file name: use small letters, digits and single hyphens")]
# Codes become names of form fields: a dot would make a hierarchy there, and some programs lose what is not ASCII.
Code = Annotated[str, like(r"[A-Z0-9]+(-[A-Z0-9]+)*", "is not a code such as D3-S2")]
Address = Annotated[
    str,
    like(
        r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(/[A-Za-z0-9-]+)*",
        "is no short address such as leren.example/kaart (without https:// and without a slash at the end)",
    ),
]
AddressPart = Annotated[str, like(r"[A-Za-z0-9/-]*", "cannot stand in an address: use letters, digits and hyphens")]
BreakWord = Annotated[str, like(r"[^\W\d_]+(-[^\W\d_]+)*", "is no word with its breaks, such as spie-gel-kaart")]
Language = Annotated[str, like(r"[a-z]{2,3}", "is no language code such as nl")]
Region = Annotated[str, like(r"[A-Z]{2}", "is no country code such as NL")]
Hex = Annotated[str, like(r"#[0-9a-fA-F]{6}", "is no screen colour such as '#005098' (with its quotes)")]
Whole = Annotated[int, BeforeValidator(_require_whole)]
Flag = Annotated[bool, BeforeValidator(_require_flag)]


def is_slug(value: str) -> bool:
    """Say whether a name can be part of a file name as it is."""
    return re.fullmatch(_SLUG, value) is not None
