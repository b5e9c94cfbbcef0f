"""ICC profiles (ICC.1:2010): whether the bytes are the profile of a press, and what it says of itself."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MAX_BYTES = 20_000_000  # those of presses have 0.1 to 3 million
_HEADER = 128
_SIGNATURE = b"acsp"  # ICC.1:2010 7.2.11
_WEB_PAGE = re.compile(rb"<(!doctype|html|head|script|\?xml)\b", re.I)
_PRESS_HINT = "ask the print shop for the CMYK profile of its press (an .icc file)"
_AGAIN = "copy or download the file again"
_CLASSES = {"mntr": "a monitor", "scnr": "a camera or scanner", "link": "a link between two devices", "spac": "a space"}


class UnusableProfileError(Exception):
    """The bytes are no profile of a press; the message goes behind the name of the file, `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        self.hint = hint
        super().__init__(message)


@dataclass(frozen=True)
class Profile:
    """What an ICC profile says of itself: its class (`prtr`), its colour space (`CMYK`), its name in words."""

    device: str
    space: str
    title: str


def read_profile(path: Path) -> bytes:
    """Return the bytes of a file, of a huge one only as many as show that it is too large."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


@lru_cache(maxsize=4)  # every print file carries one
def check_profile(raw: bytes) -> Profile:
    """Return what a profile says of itself.

    Raises:
        UnusableProfileError: it is none, is broken, or is not that of a press that prints in CMYK.
    """
    if _WEB_PAGE.search(raw[:1024]) and raw[36:40] != _SIGNATURE:
        raise UnusableProfileError("is a web page, not a profile", "download the file itself, not the page about it")
    if len(raw) > MAX_BYTES:
        raise UnusableProfileError(f"has more than {MAX_BYTES // 1_000_000} MB", _PRESS_HINT)
    if len(raw) < _HEADER + 4 or raw[36:40] != _SIGNATURE:
        raise UnusableProfileError("is no ICC profile", _PRESS_HINT)
    (size,) = struct.unpack(">I", raw[:4])  # 7.2.2
    if size > len(raw):
        raise UnusableProfileError(f"is cut off: it has {len(raw)} of {size} bytes", _AGAIN)
    device, space, connection = (_read_name(raw, at) for at in (12, 16, 20))  # 7.2.5 to 7.2.7
    if space != "CMYK":
        raise UnusableProfileError(f"is for {space}, not for CMYK", _PRESS_HINT)
    if device != "prtr":
        raise UnusableProfileError(f"is the profile of {_CLASSES.get(device, 'something else')}", _PRESS_HINT)
    if connection != "Lab":
        raise UnusableProfileError(f"converts by {connection}, not by Lab as profiles of presses do", _PRESS_HINT)
    return Profile(device, space, _open(raw))


def _read_name(raw: bytes, at: int) -> str:
    """Return a signature of four letters."""
    name = raw[at : at + 4].decode("latin-1").strip()
    return name if name.isascii() and name.isalnum() else "something unknown"


def _open(raw: bytes) -> str:
    """Return the name in a profile that converts to CMYK."""
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(raw))
        shown = ImageCms.createProfile("sRGB")
        ImageCms.buildTransform(shown, profile, "RGB", "CMYK")
        ImageCms.buildTransform(profile, shown, "CMYK", "RGB")
        return ImageCms.getProfileDescription(profile).strip()
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        raise UnusableProfileError("is a broken profile: it converts no colour", _AGAIN) from None
