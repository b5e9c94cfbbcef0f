"""`layouts/formats.yml` -> formats of cards: size, zones, type. Frame: points, origin top-left of the trim, y down."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic_core import PydanticCustomError

from pipeline.content.fields import Flag, Rule
from pipeline.content.model import CIRCLE_MAX, Model
from pipeline.content.source import FieldPath, Source
from pipeline.errors import Finding
from pipeline.units import LENGTH_WRITTEN, Rect, Size, mm, parse_length, points

SAFE = points(5)  # text this close to the cut may be cut off
TEXT_MIN = 8.0  # points; white letters, and letters in more than one ink, fill up below this
LENGTH_MOST = points(5000)
QUIET = 4  # modules of white on all sides of a QR code (ISO/IEC 18004)
SYMBOL_MIN = 25  # modules of the smallest symbol that holds a short address; its modules are the largest

_NUMBERS_AT = 0.85  # of the radius; lib/circle.typ
_STATION = 1.66  # times the size of its number: a station that holds two figures and the gap


def _require_length(value: str) -> str:
    return _try_length(value, grid=1.0)


def _require_unit(value: str) -> str:
    """Check the grid: a length of its own, since all others may be counted in it."""
    return _try_length(value)


def _try_length(value: str, grid: float | None = None) -> str:
    try:
        length = parse_length(value, grid)
    except ValueError as error:
        raise PydanticCustomError("length", "{problem}", {"problem": str(error)}) from None
    if not abs(length) <= LENGTH_MOST:
        problem = f"the length is more than {mm(LENGTH_MOST) / 1000:g} m; no paper is that long"
        raise PydanticCustomError("length", "{problem}", {"problem": problem})
    if grid is None and length <= 0:
        problem = f"'{value}' is nothing to count in; write a length such as 4pt"
        raise PydanticCustomError("length", "{problem}", {"problem": problem})
    return value


_LENGTH = "A length is a number with its unit, such as 3mm, or a sum of these, such as 10mm + 64u."
Distance = Annotated[str, Rule(_require_length, LENGTH_WRITTEN, _LENGTH)]
Unit = Annotated[str, Rule(_require_unit, LENGTH_WRITTEN, _LENGTH)]


class TypeSize(Model):
    """Size of the letters, and height of a line in whole units of the grid."""

    size: Distance
    line: Distance


class Types(Model):
    """The four sizes of type of a card."""

    title: TypeSize
    name: TypeSize
    lead: TypeSize
    body: TypeSize


class Panel(Model):
    """The ground of the head: where it lies, how wide it is on a solid side, and as the edge of an open one."""

    at: Literal["left", "top"]
    solid: Distance
    open: Distance


class Zone(Model):
    """A place on the card. `anchor`: whether its text stands at its top or on its foot."""

    x: Distance
    y: Distance
    width: Distance
    height: Distance
    anchor: Literal["top", "bottom"] = "top"


class Ring(Zone):
    """The circle of all cards. `numeral`: size of the number in it; `numbers`: whether the stations carry theirs.

    `stations`: whether there is a circle at all, or only the number; `edge`: where the number stands without a circle.
    """

    numeral: Distance
    stations: Flag = True
    numbers: Flag = True
    edge: Literal["left", "right"] = "left"


class CodeZone(Zone):
    """The QR code and its address. `modules`: side of the square of dark modules; `card`: whether the card is named."""

    modules: Distance
    card: Flag = True


class Block(Zone):
    """A text below a rule. `heading`: its words below the rule, or the rule alone."""

    heading: Literal["words", "rule"] = "words"


class Suggestions(Block):
    """What this side does. `short`: only those that the content marks as short."""

    short: Flag = False


class Zones(Model):
    """What a card of this format carries, and where."""

    name: Zone
    title: Zone
    core: Zone
    lead: Block
    code: CodeZone
    sign: Zone | None = None
    ring: Ring | None = None
    description: Block | None = None
    challenges: Block | None = None
    suggestions: Suggestions | None = None
    turn: Zone | None = None
    logo: Zone | None = None

    @property
    def has_circle(self) -> bool:
        """Whether there is a circle, where a deck wants one."""
        return self.ring is not None and self.ring.stations


class Format(Model):
    """One format: the finished size, the grid, the type, the zones."""

    width: Distance
    height: Distance
    grid: Unit
    type: Types
    panel: Panel
    zones: Zones

    @property
    def trim(self) -> Size:
        """The finished size in points."""
        return Size(self.points(self.width), self.points(self.height))

    @property
    def most_stations(self) -> int:
        """How many cards the circle can have before the numbers of its stations touch."""
        ring = self.zones.ring
        if ring is None or not (ring.stations and ring.numbers):
            return CIRCLE_MAX
        around, size = math.pi * _NUMBERS_AT * self.points(ring.width), self.points(self.type.body.size)
        if min(around, size) <= 0:  # said of the format itself
            return CIRCLE_MAX
        return min(CIRCLE_MAX, int(around / (_STATION * size)))

    @cached_property
    def measures(self) -> dict[str, Any]:
        """All of it for the layout, every length in points."""
        grid = self.points("1u")
        return {key: _convert(value, grid) for key, value in self.model_dump(exclude_none=True).items()}

    def points(self, length: str) -> float:
        """Return a length of this format in points."""
        return parse_length(length, parse_length(self.grid))

    def boxes(self) -> Iterator[tuple[str, Rect]]:
        """Yield (name, place) of every zone."""
        for name in type(self.zones).model_fields:
            zone: Zone | None = getattr(self.zones, name)
            if zone:
                x, y, width, height = (self.points(it) for it in (zone.x, zone.y, zone.width, zone.height))
                yield name, Rect(x, y, x + width, y + height)


def check_format(name: str, format_: Format, source: Source) -> list[Finding]:
    """Return what of a format cannot be printed, at the lines where it is written."""
    findings = list(_check_lengths(name, format_, source))
    if findings:  # nothing can be told of places that have no size
        return findings
    safe = Rect(0, 0, *format_.trim).inset(SAFE)
    for zone, box in format_.boxes():
        if zone == "code":  # the last line of the address stands on its foot, and hangs down from there
            box = box._replace(y1=box.y1 + format_.points("1u"))
        if not safe.holds(box):
            message = f"the zone '{zone}' comes closer to the cut than {mm(SAFE):g} mm"
            findings.append(source.finding((name, "zones", zone), message, _say_room(box, safe)))
    for role in Types.model_fields:
        type_: TypeSize = getattr(format_.type, role)
        size, lines = format_.points(type_.size), format_.points(type_.line) / format_.points("1u")
        if size < TEXT_MIN:
            message = f"the type '{role}' is {size:g} pt, at least {TEXT_MIN:g} pt can be printed in colour"
            findings.append(source.finding((name, "type", role), message, "8.7pt is the smallest of the identity"))
        if lines < 1 or abs(lines - round(lines)) > 0.001:
            message = f"a line of the type '{role}' is {lines:.2f}u high, expected whole units"
            findings.append(source.finding((name, "type", role), message, f"write {max(1, round(lines))}u"))
    return findings + list(_check_code(name, format_, source))


def _check_lengths(name: str, format_: Format, source: Source) -> Iterator[Finding]:
    """Yield lengths that have to be more than nothing, and are not."""
    paths: list[FieldPath] = [("width",), ("height",)]
    paths += [("type", role, key) for role in Types.model_fields for key in ("size", "line")]
    paths += [("zones", zone, key) for zone, _ in format_.boxes() for key in ("width", "height", "numeral", "modules")]
    for path in [*paths, ("panel", "solid"), ("panel", "open")]:
        value: Any = format_
        for step in path:
            value = getattr(value, str(step), None)
        if value is not None and format_.points(value) <= 0:
            message = f"'{value}' is no size; it has to be more than nothing"
            yield source.finding((name, *path), message, "write a length such as 10mm")


def _check_code(name: str, format_: Format, source: Source) -> Iterator[Finding]:
    """Yield what is in the way of the code: its own zone when that is too small, others that come too close."""
    boxes = dict(format_.boxes())
    side, zone = format_.points(format_.zones.code.modules), boxes.pop("code")
    if side > min(zone.size) + 0.01:
        message = f"the code of {format_.zones.code.modules} is larger than its zone"
        hint = "make the zone as high as the code at least, and wider for the address beside it"
        yield source.finding((name, "zones", "code"), message, hint)
    quiet = side * QUIET / SYMBOL_MIN
    # On a solid ground the white begins on the text edge, so the code stands further to the right.
    white = Rect(zone.x0 - quiet, zone.y1 - side - quiet, zone.x0 + side + 2 * quiet, zone.y1 + quiet)
    for other, box in boxes.items():
        if white.overlaps(box):
            message = f"the zone '{other}' reaches into the white around the QR code"
            hint = f"keep {mm(quiet):.1f} mm free on all sides of the code"
            yield source.finding((name, "zones", other), message, hint)


def _say_room(box: Rect, safe: Rect) -> str:
    """Return how far a box sticks out of the safe area, as something to do about it."""
    steps = (
        ("begin it {} mm further to the right", safe.x0 - box.x0),
        ("begin it {} mm lower", safe.y0 - box.y0),
        ("end it {} mm further to the left", box.x1 - safe.x1),
        ("end it {} mm higher", box.y1 - safe.y1),
    )
    return "; ".join(text.format(f"{mm(by):.1f}") for text, by in steps if by > 0.01)


_WORDS = ("anchor", "at", "card", "edge", "heading", "numbers", "short", "stations")  # values that are no lengths


def _convert(value: Any, grid: float) -> Any:
    if isinstance(value, dict):
        return {key: it if key in _WORDS else _convert(it, grid) for key, it in value.items()}
    return round(parse_length(value, grid), 6)
