"""Names as people write them: their order, which two may be one, and what schools are called without a name."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from pipeline.compare.values import Response
from pipeline.errors import Finding

School = tuple[str, str]  # organisation, name
Pseudonyms = Callable[[str, str, str], "str | None"]  # kind, organisation, name -> what it is called

# What stands before the name of a Dutch primary school: obs, cbs, rkbs, p.c.b.s., basisschool.
_PREFIXES = re.compile(r"^((o|c|rk|r\.k\.|pc|p\.c\.|d)\.?b\.?s\.?|basisschool|school) |^(de|het) ")
_LONG = 6  # letters from which on one that differs is a slip; 'school 1' and 'school 2' are two schools
_ALPHABET = 26


def fold(name: str) -> str:
    """Return a name without case and accents, with single spaces."""
    plain = "".join(it for it in unicodedata.normalize("NFD", name) if not unicodedata.combining(it))
    return " ".join(plain.casefold().split())


def sort_key(name: str) -> tuple[str, str]:
    """Return what names are put in alphabetical order by."""
    return fold(name), name


def spell(responses: Iterable[Response], same: Mapping[str, Sequence[str]]) -> tuple[Response, ...]:
    """Return responses with the names that stand for other spellings of them.

    Args:
        responses: as the forms have them.
        same: name -> its other spellings, of organisations and of schools; letter by letter.
    """
    names = {other: name for name, others in same.items() for other in others}
    return tuple(
        replace(it, organisation=names.get(it.organisation, it.organisation), school=names.get(it.school, it.school))
        for it in responses
    )


def tell_spellings(responses: Iterable[Response]) -> list[Finding]:
    """Return a warning for each two names that may be one; they are told, never merged.

    Schools are held against those of their own organisation, and, where two organisations are alike, of the other.
    """
    listed = list(responses)
    organisations = sorted({it.organisation for it in listed if it.organisation})
    schools = sorted({(it.organisation, it.school) for it in listed if it.school})
    found = {("organisation", *pair) for pair in combinations(organisations, 2) if are_alike(*pair)}
    for (one, school), (other, another) in combinations(schools, 2):
        near = one == other or ("organisation", one, other) in found
        if near and school != another and are_alike(school, another):
            found.add(("school", min(school, another), max(school, another)))
    return [
        Finding("", kind, f"'{one}' and '{other}' may be one", _SAME.format(one=one, other=other), "warning")
        for kind, one, other in sorted(found)
    ]


_SAME = "if they are, write in groepen.yml below same: '{one}': ['{other}']"


def are_alike(one: str, other: str) -> bool:
    """Say whether two names differ in case, accents, signs, what stands before a name, or one letter (no digit)."""
    a, b = (re.sub(r"[\W_]", "", _PREFIXES.sub("", _PREFIXES.sub("", fold(it)))) for it in (one, other))
    if a == b:
        return a != "" or one == other
    if re.sub(r"\D", "", a) != re.sub(r"\D", "", b):
        return False
    short, long = sorted((a, b), key=len)
    if len(short) < _LONG or len(long) - len(short) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return short[start + (len(short) == len(long)) :] == long[start + 1 :]


def name_by_key(schools: Iterable[School], salt: str) -> dict[School, str]:
    """Return 'School A', 'School B', ... of schools, in an order that nobody finds without the key.

    Args:
        schools: organisation and name of each.
        salt: the collector's key, hexadecimal; without one the order is that of plain hashes, which can be tried out.
    """
    key = bytes.fromhex(salt)

    def mask(school: School) -> str:
        return hmac.new(key, "\0".join(school).encode("utf-8", "backslashreplace"), hashlib.sha256).hexdigest()

    ordered = sorted(set(schools), key=mask)
    return {school: f"School {_write_letters(number)}" for number, school in enumerate(ordered)}


def _write_letters(number: int) -> str:
    """Write a number, from 0, as columns of a table are called: A ... Z, AA, AB, ..."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, _ALPHABET)
        text = chr(ord("A") + rest) + text
    return text
