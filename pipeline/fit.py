"""Zones of a layout and the finished page -> what does not fit.

Two measures, because each sees what the other cannot: the layout says how much higher a text is than its zone; the page
itself, as PDFium reads it, shows every line that sticks out at the side, whatever the cause (a long word, a heading, a
string that no hyphenation breaks).

Frame of zones and lines: points, origin top-left of the trim, y down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pipeline.content.source import FieldPath
from pipeline.document import Document, Expectation
from pipeline.errors import Finding
from pipeline.units import Rect, mm, points

SLACK = 0.1  # points; less is rounding
SIDE_SLACK = 1.0  # points; italics and figures overhang a little
MODULE_MIN = points(0.4)  # of a QR code on paper; design section 7
_LINE = 12.0  # points; a line of body text, to say in a hint how much to take out
_BREAK_HINT = "use a shorter word, or write \\u00AD where it may break and put the text between double quotes"
_LINES_MOST = 12  # more than this is not "a few lines too many"


@dataclass(frozen=True)
class Zone:
    """What a layout says of one zone.

    Attributes:
        card, side, field: whose text it holds, with its path in the data; an empty field: a drawing with letters in it.
        page: from 0.
        box: its place and size.
        high: points that its text is too high; negative: room that is left.
        module: side of the modules of the QR code that belongs to it, if any.
        code: the address in that code, where the layout decides on its page.
    """

    card: str
    side: str
    field: str
    page: int
    box: Rect
    high: float = 0.0
    module: float = MODULE_MIN
    code: str = ""


@dataclass(frozen=True)
class Laid:
    """What a layout says of a document that it set.

    Attributes:
        zones: where its texts stand.
        pages: how many there are; 0: as many as were planned.
        added: numbers, from 0, of the pages that only fill up a booklet.
    """

    zones: tuple[Zone, ...]
    pages: int = 0
    added: tuple[int, ...] = ()

    def settle(self, expects: Expectation) -> Expectation:
        """Return what is expected, with the pages that only the layout could know."""
        if not self.pages:
            return expects
        codes = tuple((zone.page, zone.code) for zone in self.zones if zone.code)
        missing = {url for _, url in expects.codes} - {url for _, url in codes}
        return replace(expects, pages=self.pages, codes=(*codes, *((-1, url) for url in sorted(missing))))


def read_laid(raw: Iterable[dict[str, Any]]) -> Laid:
    """Make zones of what the layout left behind (`lib/zone.typ`); a flow becomes one zone on each of its pages.

    Raises:
        ValueError: it is something else.
    """
    zones: list[Zone] = []
    opened: dict[tuple[str, str], dict[str, Any]] = {}
    pages, added = 0, ()
    try:
        for it in raw:
            if "added" in it:
                pages, added = it["pages"], tuple(number - 1 for number in it["added"])
            elif it.get("flow") == "open":
                opened[it["card"], it["field"]] = it
            elif it.get("flow") == "close":
                zones += _spread_flow(opened.pop((it["card"], it["field"])), it)
            else:
                zones.append(_read_zone(it))
    except (LookupError, TypeError, AttributeError):
        raise ValueError("a <zone> that was not made by lib/zone.typ") from None
    return Laid(tuple(zones), pages, added)


_PAGE_END = 1e5  # points; below the foot of any page


def _spread_flow(begin: dict[str, Any], end: dict[str, Any]) -> Iterator[Zone]:
    """Yield the zones of a text that runs on, one on each page it touches."""
    for page in range(begin["page"], end["page"] + 1):
        top = begin["y"] if page == begin["page"] else 0.0
        foot = end["y"] if page == end["page"] else _PAGE_END
        box = Rect(begin["x"], top, begin["x"] + begin["width"], foot)
        yield Zone(begin["card"], begin["side"], begin["field"], page - 1, box)


def _read_zone(raw: dict[str, Any]) -> Zone:
    x, y, width, height = raw["box"]
    return Zone(**{**raw, "page": raw["page"] - 1, "box": Rect(x, y, x + width, y + height)})


@dataclass(frozen=True)
class Misfit:
    """A text that does not fit its zone; `zone` says where, `place_misfits` says where it was written."""

    zone: Zone
    message: str
    hint: str


def check_fit(pdf: bytes, zones: Iterable[Zone], bleed: float, pages: Iterable[int]) -> list[Misfit]:
    """Return one misfit per zone and cause, for these pages (from 0) of a document."""
    looked_at = set(pages)
    seen = [zone for zone in zones if zone.page in looked_at]
    return [*_check_heights(seen), *_check_widths(pdf, seen, bleed)]


def place_misfits(misfits: Iterable[Misfit], document: Document) -> list[Finding]:
    """Return one finding per text that does not fit, also when it stands on both sides of a card."""
    wrong: dict[tuple[str, str, str, str, str], list[str]] = {}
    for misfit in misfits:
        zone = misfit.zone
        origin = document.locate(zone.card, read_path(zone.field))
        place, field = (origin.place, origin.field) if origin else (f"layouts/{document.layout}", zone.field)
        where = f"card {zone.card}, side" if zone.side else "page"
        sides = wrong.setdefault((place, field, where, misfit.message, misfit.hint), [])
        side = zone.side or str(zone.page + 1)
        if side not in sides:
            sides.append(side)
    whose = f" in {document.product}" if document.product else ""
    return [
        Finding(place, field, f"{message} ({where} {' and '.join(sides)}){whose}", hint)
        for (place, field, where, message, hint), sides in wrong.items()
    ]


def read_path(field: str) -> FieldPath:
    """Read the path of a value as a layout writes it: `school.suggestions.1`."""
    return tuple(int(step) if step.isdecimal() else step for step in field.split("."))


def place_findings(findings: Iterable[Finding], document: Document) -> list[Finding]:
    """Return findings on fields of a form, or on an item (`id/path`), with the place where it was written."""
    placed = []
    for it in findings:
        item, slash, rest = it.field.rpartition("/")
        if it.place:
            origin = None
        elif slash:
            origin = document.locate(item, read_path(rest))
        else:
            origin = document.locate("", ("fields", it.field) if it.field else ("field_words",))
        if origin:
            message = f"'{it.field}': {it.message}" if it.field and not slash else it.message
            it = replace(it, place=origin.place, field=origin.field, message=message)
        placed.append(it)
    return placed


def _check_heights(zones: list[Zone]) -> Iterator[Misfit]:
    """Yield what the layout measured itself: texts that are too high, modules that are too small."""
    for zone in zones:
        if zone.high > SLACK:
            lines = max(1, round(zone.high / _LINE))
            few = f"shorten it by about {lines} line{'s' if lines > 1 else ''}"
            hint = few if lines <= _LINES_MOST else "it is far too long for this place"
            yield Misfit(zone, f"the text is {mm(zone.high):.1f} mm too high for its zone", hint)
        if zone.module < MODULE_MIN - SLACK / 10:
            message = (
                f"the modules of the QR code are {mm(zone.module):.2f} mm, at least {mm(MODULE_MIN):.1f} mm can be read"
            )
            yield Misfit(zone, message, "a shorter address makes a smaller symbol")


def _check_widths(pdf: bytes, zones: list[Zone], bleed: float) -> Iterator[Misfit]:
    """Yield every line of text that begins in a zone and sticks out of it at the side."""
    on_page: dict[int, list[Zone]] = {}
    for zone in zones:
        on_page.setdefault(zone.page, []).append(zone)
    for page, line, text in _read_lines(pdf, bleed, on_page):
        homes = [zone for zone in on_page[page] if _begins_in(line, zone.box)]
        # A line that ends in a space hangs it out at the right; a space is about a quarter of the line's height.
        end = line.x1 - (0.3 * line.size.height if text.endswith(" ") else 0.0)
        if not homes or any(end <= zone.box.x1 + SIDE_SLACK for zone in homes):
            continue
        zone = min(homes, key=lambda home: home.box.size.width * home.box.size.height)  # the innermost
        word = max(text.split(), key=len, default=text)
        message = f"'{word}' is {mm(end - zone.box.x1):.1f} mm too wide for its column"
        yield Misfit(zone, message, _BREAK_HINT)


def _begins_in(line: Rect, box: Rect) -> bool:
    middle = (line.y0 + line.y1) / 2
    return box.x0 - SIDE_SLACK <= line.x0 <= box.x1 + SIDE_SLACK and box.y0 <= middle <= box.y1


def _read_lines(pdf: bytes, bleed: float, pages: Iterable[int]) -> Iterator[tuple[int, Rect, str]]:
    """Yield (page, box, text) of every run of text on a line of these pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in pages:
            page = document[number]
            top = page.get_height() - bleed
            text = page.get_textpage()
            for index in range(text.count_rects()):
                x0, y0, x1, y1 = text.get_rect(index)
                line = Rect(x0 - bleed, top - y1, x1 - bleed, top - y0)
                yield number, line, text.get_text_bounded(x0, y0, x1, y1)
            text.close()
            page.close()
    finally:
        document.close()
