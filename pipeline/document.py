"""What is to be made: the value that flows from the kinds to the build."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pipeline.content.definition import Definition, FieldWords
from pipeline.content.pictures import PlacedPicture
from pipeline.content.source import FieldPath, Source, write_path
from pipeline.imposition import Stock
from pipeline.units import Size

Medium = Literal["screen", "forms", "print", "sheets"]
MEDIA: tuple[Medium, ...] = ("screen", "forms", "print", "sheets")
ON_PRESS: tuple[Medium, ...] = ("print", "sheets")


@dataclass(frozen=True)
class Expectation:
    """What the finished PDF has to be; preflight holds the file against it.

    Attributes:
        medium: which rules apply.
        trim: size of the finished page in points.
        bleed: on all four sides, in points; 0 but for print.
        pages: number of pages; 0: as many as its texts take, known once it is set.
        multiple: what the number of pages can be divided by; 4 for what is folded.
        language: of the text, as BCP 47 (`nl-NL`).
        codes: (page counted from 0, address a QR code on it holds); page -1: known once it is set.
        fields: names of all its fields, where it can be filled in.
    """

    medium: Medium
    trim: Size
    bleed: float
    pages: int
    language: str
    codes: tuple[tuple[int, str], ...] = ()
    fields: tuple[str, ...] = ()
    multiple: int = 1


class Origin(NamedTuple):
    """Where a value of a document was written: a file, and the path of the value in it.

    `whole`: what lies deeper in the value was made of this place, and is not written deeper in the file.
    """

    source: Source
    path: FieldPath = ()
    whole: bool = False

    @property
    def place(self) -> str:
        """`file:line`, for findings."""
        return self.source.place(self.path)

    @property
    def field(self) -> str:
        """The path as editors read it: `school.suggestions[2]`."""
        return write_path(self.path)


@dataclass(frozen=True, eq=False)
class Part:
    """A piece of a document's data that comes from one place; documents that hold the same piece share it.

    Attributes:
        name: what it is made from, for people: the content file, or words for what is no file.
        data: JSON-able. A mapping with an `id` is another thing when its `id` changes.
        origins: path in `data` -> where it, and what lies below it, was written.
        list: the list of the document's data that it is an item of; empty: its keys stand at the top.
    """

    name: str
    data: Mapping[str, Any]
    origins: Mapping[FieldPath, Origin]
    list: str = ""

    @cached_property
    def json(self) -> str:
        """The data as the layout reads it; the order of its keys has a meaning (that of the sides, say)."""
        return json.dumps(self.data, ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        """A short hash of the data."""
        return hashlib.sha256(self.json.encode()).hexdigest()[:32]

    def _name_keys(self, path: FieldPath) -> FieldPath:
        """Return a path in which a number that is a key (a layer called `1`) is no place in a list."""
        value: Any = self.data
        steps: list[str | int] = []
        for step in path:
            keyed = isinstance(value, Mapping)
            steps.append(str(step) if keyed else step)
            value = value.get(str(step)) if keyed else value[step] if _is_place(value, step) else None
        return tuple(steps)

    def locate(self, path: FieldPath) -> Origin | None:
        """Return where a value was written, None when nobody wrote it."""
        path = self._name_keys(path)
        for length in range(len(path), -1, -1):
            origin = self.origins.get(path[:length])
            if origin is not None:
                return origin if origin.whole else Origin(origin.source, (*origin.path, *path[length:]))
        return None


def _is_place(value: object, step: str | int) -> bool:
    return isinstance(value, list | tuple) and isinstance(step, int) and step < len(value)


@dataclass(frozen=True)
class Fillable:
    """What makes a set page a form that can be filled in.

    Attributes:
        definition: the fields; each has its empty box on the page.
        words: what the fields say in the language of the toolbox.
        values: name of a field -> what is filled in beforehand.
    """

    definition: Definition
    words: FieldWords
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetOrder:
    """How the pages of a print file are laid on sheets.

    Attributes:
        source: path of the print file below `build/`.
        place: for findings: where the template of the sheet is written; of what is inside a cover, where that is asked.
        kind: cards side by side, or a booklet that is folded.
        stock: the sheet.
        trim, bleed: of the pages, in points.
        sides: pages of one card; of a booklet 1.
        turn: how a card is turned.
        copies: of each card, in the order of the file; empty for a booklet.
        part: which pages of a booklet: all, those of its cover (the outer four), those inside it.
        thickness: of one sheet of paper, in points.
        shift: how far backs are moved, in points: to the right and down, as one looks at the back.
        slug: the line beside the pages, with `{title}`, `{sheet}` and the like to be filled in.
        names: title and edition in it.
        words: what front and back are called in it.
    """

    source: str
    place: str
    kind: Literal["cards", "booklet"]
    stock: Stock
    trim: Size
    bleed: float
    sides: int
    turn: Literal["page", "calendar"] = "page"
    copies: tuple[int, ...] = ()
    part: Literal["all", "cover", "inside"] = "all"
    thickness: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    slug: str = ""
    names: tuple[str, str] = ("", "")
    words: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Job:
    """What a process needs of a document to make it.

    Attributes:
        path: where it is published, below `build/`.
        layout: file in `layouts/`.
        data: JSON, as the layout reads it.
        expects: what it has to become.
        known: keys of its pages that were looked at before (`pdf/inspect.py`, Memory).
        fillable: its fields, where it is to be filled in.
        pictures: photographs; the layout reads each from a file of its `name`.
        order: how pages of another file are laid on its pages.
        source, folder: what that other file is, and below which folder it lies.
    """

    path: str
    layout: str
    data: bytes
    expects: Expectation
    known: frozenset[str] = frozenset()
    fillable: Fillable | None = None
    pictures: tuple[PlacedPicture, ...] = ()
    order: SheetOrder | None = None
    source: Expectation | None = None
    folder: Path = Path()


@dataclass(frozen=True, eq=False)
class Document:
    """One PDF to be made.

    Attributes:
        id: name below the medium's folder, without ending (`spiegelkaarten/3-teamleren`).
        product: name of the product it belongs to.
        layout: file in `layouts/`.
        parts: its data, piece by piece; each piece has a name of its own.
        expects: what it has to become.
        fillable: its fields, where it is to be filled in.
        pictures: photographs; the layout reads each from a file of its `name`, which the data have to say.
        order: how pages of another document are laid on its pages, where it is sheets.
    """

    id: str
    product: str
    layout: str
    parts: tuple[Part, ...]
    expects: Expectation = field(repr=False)
    fillable: Fillable | None = field(default=None, repr=False)
    pictures: tuple[PlacedPicture, ...] = field(default=(), repr=False)
    order: SheetOrder | None = field(default=None, repr=False)

    @property
    def medium(self) -> Medium:
        """The medium it is made for."""
        return self.expects.medium

    @property
    def path(self) -> str:
        """Where it is published, below `build/`."""
        return f"{self.medium}/{self.id}.pdf"

    @property
    def json(self) -> bytes:
        """All its data, as the layout reads it: the keys of some parts, and lists of the others."""
        lists: dict[str, list[str]] = {}
        keys = []
        for part in self.parts:
            if part.list:
                lists.setdefault(part.list, []).append(part.json)
            else:
                keys.append(part.json[1:-1])
        keys += [f"{json.dumps(name)}: [{', '.join(items)}]" for name, items in lists.items()]
        return f"{{{', '.join(keys)}}}".encode()

    def job(self, known: frozenset[str] = frozenset()) -> Job:
        """Return what a process needs to make it; `known` are pages that were looked at before."""
        return Job(self.path, self.layout, self.json, self.expects, known, self.fillable, self.pictures, self.order)

    def locate(self, item: str, path: FieldPath) -> Origin | None:
        """Return where a value was written: one of the item with that `id`, or one that the document shares.

        Of what is no value (all items of a list, say), it is the place of the item, or of the first in that list.
        """
        own = [part for part in self.parts if item and part.list and part.data.get("id") == item]
        shared = [part for part in self.parts if not part.list]
        part = next((it for it in (*own, *shared) if path[:1] and path[0] in it.data), None)
        if part:
            return part.locate(path)
        listed = [part for part in self.parts if part.list and path[:1] == (part.list,)]
        return next((it.locate(()) for it in (*own, *listed)), None)
