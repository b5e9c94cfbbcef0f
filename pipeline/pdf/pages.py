"""Pages of a PDF -> one hash each, over all that is drawn on the page: so a page that was looked at is known again.

Object numbers do not count, nor the numbers by which tags find a page: both shift when another page changes.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pikepdf

_REFERENCE = re.compile(rb"\b(\d+) (\d+) R\b")
_STRUCTURE = re.compile(rb"/StructParents? \d+")
_DRAWN = (
    "/Contents",
    "/Resources",
    "/MediaBox",
    "/CropBox",
    "/BleedBox",
    "/TrimBox",
    "/ArtBox",
    "/Rotate",
    "/UserUnit",
)
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")


class PageDigests:
    """Hashes pages of one file; what several pages use (fonts, above all) is read once."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self._document = document
        self._known: dict[tuple[int, int], bytes] = {}

    def digest(self, page: pikepdf.Page) -> str:
        """Return the hash of what is drawn on a page, and of its annotations but for where they lead to."""
        total = hashlib.sha256()
        for key in _DRAWN:
            value: Any = page.get(key) if key in _INHERITED else page.obj.get(key)
            total.update(key.encode() + b" " + (b"-" if value is None else self._read(value)) + b"\n")
        annotations: Any = page.get("/Annots", [])
        for annotation in annotations:
            total.update(_STRUCTURE.sub(b"", _REFERENCE.sub(b"", annotation.unparse(resolved=True))))
        return total.hexdigest()

    def _read(self, value: Any) -> bytes:
        """Return an object as text, with the hashes of the objects it points to in place of their numbers."""
        if not isinstance(value, pikepdf.Object):
            return str(value).encode()
        if value.is_indirect:
            return self._follow(*value.objgen)
        return _REFERENCE.sub(self._replace, _STRUCTURE.sub(b"", value.unparse()))

    def _replace(self, match: re.Match[bytes]) -> bytes:
        return self._follow(int(match[1]), int(match[2]))

    def _follow(self, number: int, generation: int) -> bytes:
        key = (number, generation)
        if key not in self._known:
            self._known[key] = b"cycle"  # stays for objects that point back to themselves
            found = self._document.get_object(number, generation)
            text = found.stream_dict.unparse() if isinstance(found, pikepdf.Stream) else found.unparse(resolved=True)
            parts = [_REFERENCE.sub(self._replace, _STRUCTURE.sub(b"", text))]
            if isinstance(found, pikepdf.Stream):
                parts.append(found.read_raw_bytes())
            self._known[key] = hashlib.sha256(b"\n".join(parts)).hexdigest().encode()
        return self._known[key]
