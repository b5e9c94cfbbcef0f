"""Zones of a layout -> where each text of a finished file was written, kept beside the manifest for preflight later on.

A finding of preflight says where on a page something is; with these it says whose text that is: card, side, field, and
the line in the content. Frame: points, origin top-left of the trim, y down.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pipeline.document import Document
from pipeline.errors import Finding, Spot
from pipeline.fit import Zone, read_path
from pipeline.storage import replace_file
from pipeline.units import Rect, points

NAME = ".places.json"
VERSION = 1


class TextPlace(NamedTuple):
    """Where one text stands, and where it was written.

    Attributes:
        page: from 0.
        box: its zone.
        place: `content/dimensions/3-teamleren.yml:41`.
        field: `card 3-teamleren, side school, school.suggestions[2]`.
    """

    page: int
    box: Rect
    place: str
    field: str


def locate_zones(zones: Iterable[Zone], document: Document) -> tuple[TextPlace, ...]:
    """Return where the texts of a document stand; drawings that nobody wrote are left out."""
    found = []
    for zone in zones:
        origin = document.locate(zone.card, read_path(zone.field)) if zone.field else None
        if origin:
            whose = f"card {zone.card}, side {zone.side}, " if zone.side else ""
            found.append(TextPlace(zone.page, zone.box, origin.place, whose + origin.field))
    return tuple(found)


def name_places(findings: Iterable[Finding], places: Sequence[TextPlace]) -> list[Finding]:
    """Return findings with the text that they are on: its field, and in the hint the line where it was written.

    It is the smallest zone that holds the middle of the spot; a finding without a spot, or on no text, stays as it is.
    """
    named = []
    for finding in findings:
        text = _find_text(finding.spot, places) if finding.spot and not finding.field else None
        if text:
            written = f"the text is in {text.place}"
            hint = f"{finding.hint}; {written}" if finding.hint else written
            finding = replace(finding, field=text.field, hint=hint)
        named.append(finding)
    return named


def _find_text(spot: Spot, places: Iterable[TextPlace]) -> TextPlace | None:
    x, y = points((spot.x0 + spot.x1) / 2), points((spot.y0 + spot.y1) / 2)
    on = [it for it in places if it.page == spot.page and it.box.holds(Rect(x, y, x, y))]
    return min(on, key=lambda it: it.box.size.width * it.box.size.height, default=None)


def write_places(build: Path, places: Mapping[str, Sequence[TextPlace]]) -> None:
    """Replace what is known of the texts of all files in a build folder (path below it -> its texts).

    Raises:
        StorageError: the disk refuses.
    """
    rounded = {
        path: [(it.page, [round(side, 1) for side in it.box], it.place, it.field) for it in texts]
        for path, texts in sorted(places.items())
    }
    replace_file(build / NAME, json.dumps({"version": VERSION, "places": rounded}, ensure_ascii=False).encode())


def read_places(build: Path) -> dict[str, tuple[TextPlace, ...]]:
    """Read what `write_places` wrote; nothing where it is absent, torn or changed by hand."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raw = json.loads((build / NAME).read_text("utf-8"))
        if raw["version"] == VERSION:
            return {
                path: tuple(
                    TextPlace(int(page), Rect(*map(float, box)), str(place), str(field))
                    for page, box, place, field in texts
                )
                for path, texts in raw["places"].items()
            }
    return {}
