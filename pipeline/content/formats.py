"""`layouts/formats.yml` -> formats of cards: size, zones, type. Frame: points, origin top-left of the trim, y down."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline.content.fields import Flag, Rule
from pipeline.content.model import Model
from pipeline.units import LENGTH_WRITTEN, Rect, Size, mm, parse_length, points

SAFE = points(5)  # text this close to the cut may be cut off
TEXT_MIN = 8.0  # points; white letters, and letters in more than one ink, fill up below this


def _require_length(value: str) -> str:
    try:
        parse_length(value, grid=1.0)
    except ValueError as error:
        raise PydanticCustomError("length", "{problem}", {"problem": str(error)}) from None
    return value


_LENGTH = "A length is a number with its unit, such as 3mm, or a sum of these, such as 10mm + 64u."
Distance = Annotated[str, Rule(_require_length, LENGTH_WRITTEN, _LENGTH)]


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
    """The circle of all cards. `numeral`: size of the number in it; `numbers`: whether the stations carry theirs."""

    numeral: Distance
    numbers: Flag = True


class CodeZone(Zone):
    """The QR code and its address. `modules`: side of the square of dark modules."""

    modules: Distance


class Suggestions(Zone):
    """What this side does. `short`: only those that the content marks as short."""

    short: Flag = False


class Zones(Model):
    """What a card of this format carries, and where."""

    name: Zone
    title: Zone
    core: Zone
    lead: Zone
    code: CodeZone
    sign: Zone | None = None
    ring: Ring | None = None
    description: Zone | None = None
    challenges: Zone | None = None
    suggestions: Suggestions | None = None
    turn: Zone | None = None
    logo: Zone | None = None


class Format(Model):
    """One format: the finished size, the grid, the type, the zones."""

    width: Distance
    height: Distance
    grid: Distance
    type: Types
    panel: Panel
    zones: Zones

    @model_validator(mode="after")
    def _inside_the_safe_area(self) -> Format:
        page = Rect(0, 0, *self.trim)
        for name, box in self._boxes():
            if not page.inset(SAFE).holds(box):
                message = "the zone '{name}' comes closer to the cut than {least} mm"
                raise PydanticCustomError("zone", message, {"name": name, "least": f"{mm(SAFE):g}"})
        for name in type(self.type).model_fields:
            size = self._points(getattr(self.type, name).size)
            if size < TEXT_MIN:
                message = "the type '{name}' is {found} pt, at least {least} pt can be printed in colour"
                context = {"name": name, "found": f"{size:g}", "least": f"{TEXT_MIN:g}"}
                raise PydanticCustomError("type", message, context)
        return self

    @property
    def trim(self) -> Size:
        """The finished size in points."""
        return Size(self._points(self.width), self._points(self.height))

    @cached_property
    def measures(self) -> dict[str, Any]:
        """All of it for the layout, every length in points."""
        measures: dict[str, Any] = _convert(self.model_dump(exclude_none=True), self._points("1u"))
        return measures

    def _points(self, length: str) -> float:
        return parse_length(length, parse_length(self.grid))

    def _boxes(self) -> Iterator[tuple[str, Rect]]:
        for name in type(self.zones).model_fields:
            zone: Zone | None = getattr(self.zones, name)
            if zone:
                x, y, width, height = (self._points(it) for it in (zone.x, zone.y, zone.width, zone.height))
                yield name, Rect(x, y, x + width, y + height)


_WORDS = ("at", "anchor", "numbers", "short")  # values that are no lengths


def _convert(value: Any, grid: float) -> Any:
    if isinstance(value, dict):
        return {key: it if key in _WORDS else _convert(it, grid) for key, it in value.items()}
    return round(parse_length(value, grid), 6)
