"""Names -> letters, so that a report says 'School A': in an order that nobody finds without the key."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.errors import Finding, UsageError
from pipeline.storage import replace_file

KEY = "key.json"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read_salt(folder: Path) -> str:
    """Return the key of a folder; made where it has none yet.

    Raises:
        UsageError: the file is something else.
        StorageError: the disk refuses.
    """
    path = folder / KEY
    if not path.exists():
        salt = secrets.token_hex(16)
        replace_file(path, f"{json.dumps({'salt': salt})}\n".encode())
        return salt
    try:
        salt = json.loads(path.read_bytes())["salt"]
        bytes.fromhex(salt)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        hint = "put back the one that was there; a new key gives every school another letter"
        raise UsageError(findings=[Finding(str(path), "", "is no key of this program", hint)]) from None
    return str(salt)


def mask(salt: str, *parts: str) -> str:
    """Return 64 digits for a name, the same each time, that say nothing without the key."""
    return hmac.new(
        bytes.fromhex(salt), "\0".join(parts).encode("utf-8", "backslashreplace"), hashlib.sha256
    ).hexdigest()


def mask_school(salt: str, organisation: str, school: str = "") -> str:
    """Return the digits of a school, or of an organisation by itself."""
    return mask(salt, organisation, school)


def give_letters(masks: Iterable[str]) -> Mapping[str, str]:
    """Return a letter for each different mask: A, B, ... Z, AA, ..., in the order of the masks."""
    return {it: write_letter(index) for index, it in enumerate(sorted(set(masks)))}


def write_letter(index: int) -> str:
    """Write a number, from 0, in letters as columns of a table are called: A ... Z, AA, AB, ..."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return letters
