"""Framework, aspects, instruments, booklets: their files -> models, each with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from pipeline.content.booklets import PORTRAIT, Booklet
from pipeline.content.framework import Aspect, Framework
from pipeline.content.instruments import Instrument
from pipeline.content.reader import Reader, read_folder
from pipeline.content.source import FieldPath, Source
from pipeline.content.toolbox import Filed
from pipeline.errors import nearest
from pipeline.units import Size

M = TypeVar("M", bound=BaseModel)

FRAMEWORK = "framework.yml"  # in content/
ASPECTS = "aspects"
INSTRUMENTS = "instruments"
BOOKLETS = "booklets"


@dataclass(frozen=True)
class Readings:
    """What booklets and instrument sheets are made from; see `Toolbox`."""

    framework: Filed[Framework] | None = None
    aspects: Mapping[str, Filed[Aspect]] = field(default_factory=dict)
    instruments: Mapping[str, Filed[Instrument]] = field(default_factory=dict)
    booklets: Mapping[str, Filed[Booklet]] = field(default_factory=dict)

    def list_sources(self) -> list[Source]:
        """Return every file that was read."""
        filed: list[Filed[Any]] = [*self.aspects.values(), *self.instruments.values(), *self.booklets.values()]
        return [it.source for it in (*filter(None, [self.framework]), *filed)]

    def list_portraits(self) -> Iterator[tuple[Source, FieldPath, str, Size]]:
        """Yield (file, place in it, path of the picture, size in points) of every portrait."""
        for booklet in self.booklets.values():
            for place, picture in booklet.it.list_portraits():
                yield booklet.source, place, picture, PORTRAIT


def read_readings(reader: Reader) -> Readings:
    """Read all files of these kinds that are there; none has to be."""
    framework = _read_framework(reader)
    aspects = _read_folder(reader, ASPECTS, Aspect)
    if framework:
        aspects = _order_aspects(reader, framework, aspects)
    instruments = _key_instruments(reader, _read_folder(reader, INSTRUMENTS, Instrument))
    return Readings(framework, aspects, instruments, _read_folder(reader, BOOKLETS, Booklet))


def _read_framework(reader: Reader) -> Filed[Framework] | None:
    path = reader.content / FRAMEWORK
    source = reader.try_source(path)
    framework = reader.model(Framework, source)
    return Filed(path.stem, framework, source) if source and framework else None


def _read_folder(reader: Reader, folder: str, model: type[M]) -> dict[str, Filed[M]]:
    return {slug: Filed(slug, it, source) for slug, it, source in read_folder(reader, folder, model)}


def _order_aspects(
    reader: Reader, framework: Filed[Framework], aspects: dict[str, Filed[Aspect]]
) -> dict[str, Filed[Aspect]]:
    """Return the aspects in the order of the framework; a finding for one without a file, or without a place."""
    names = framework.it.aspects
    there = {path.stem for path in (reader.content / ASPECTS).glob("*.yml")}
    for index, name in enumerate(names):
        if name not in there:
            message = f"there is no file content/{ASPECTS}/{name}.yml"
            reader.findings.append(framework.source.finding(("aspects", index), message, nearest(name, there)))
    for name, aspect in aspects.items():
        if name not in names:
            hint = f"add '{name}' to the list 'aspects' in content/{FRAMEWORK}, or take the file away"
            reader.findings.append(aspect.source.finding((), "this aspect is made nowhere", hint))
    return {name: aspects[name] for name in names if name in aspects}


def _key_instruments(reader: Reader, filed: dict[str, Filed[Instrument]]) -> dict[str, Filed[Instrument]]:
    """Return code -> instrument, I9 before I10; a finding for a code that is given twice, I8 and I08 too."""
    found: dict[tuple[str, int], Filed[Instrument]] = {}
    for it in filed.values():
        letters = it.it.code.rstrip("0123456789")
        other = found.setdefault((letters, int(it.it.code[len(letters) :])), it)
        if other is not it:
            message = f"the code {it.it.code} is also that of {other.source.name}"
            reader.findings.append(it.source.finding(("code",), message, "give each instrument a code of its own"))
    return {it.it.code: it for _, it in sorted(found.items(), key=lambda item: item[0])}
