"""The links that Typst laid out for the fields of a form -> boxes, one per widget, and what is wrong with them.

In the layout a field is an empty box in a link: `field:NAME`, `field:NAME=VALUE` for each button of a choice, and
`clear:NAME` for a button that takes an answer back. Typst makes of it one annotation with its place, its page and its
tag. Nothing is changed here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Name, NumberTree

from pipeline.content.definition import META, RESERVED, Definition, Field, FieldWords
from pipeline.errors import Finding, nearest
from pipeline.pdf.appearance import count_digits, count_letters, fits, measure_caption
from pipeline.pdf.fieldfont import FieldFont
from pipeline.units import Size

_URI = re.compile(r"(field|clear):([^=]*)(?:=(.*))?", re.S)
_NAME = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_LEAST = 4.0  # points; a smaller box is none that anybody could hit
_NAME_HINT = "ASCII letters and digits, with single hyphens: a dot makes a tree of it, and some programs lose the rest"


@dataclass(frozen=True)
class Box:
    """One empty box of a page.

    Attributes:
        name: of the field.
        option: value of one button of a choice; None for other fields.
        clears: whether it takes the answer of the field back.
        size: in points.
        annotation: the link.
        element: its structure element; None where it has none.
        page: the object of its page.
    """

    name: str
    option: str | None
    clears: bool
    size: Size
    annotation: Any
    element: Any
    page: Any

    @property
    def uri(self) -> str:
        """As the layout wrote it."""
        option = "" if self.option is None else f"={self.option}"
        return f"{'clear' if self.clears else 'field'}:{self.name}{option}"


def read_boxes(document: pikepdf.Pdf) -> list[Box]:
    """Return every box, in the order of the pages."""
    root: Any = document.Root
    tags = NumberTree(root.StructTreeRoot.ParentTree) if "/ParentTree" in root.get("/StructTreeRoot", {}) else {}
    return [
        box
        for page in document.pages
        for annotation in page.obj.get("/Annots", [])
        if (box := _try_read_box(annotation, page.obj, tags)) is not None
    ]


def _try_read_box(annotation: Any, page: Any, tags: Any) -> Box | None:
    if annotation.get("/Subtype") != Name.Link or "/URI" not in annotation.get("/A", {}):
        return None
    found = _URI.fullmatch(bytes(annotation.A.URI).decode("utf-8", "replace"))
    if found is None:
        return None
    x0, y0, x1, y1 = (float(edge) for edge in annotation.Rect)
    number = int(annotation.get("/StructParent", -1))
    return Box(
        name=found[2],
        option=found[3],
        clears=found[1] == "clear",
        size=Size(abs(x1 - x0), abs(y1 - y0)),
        annotation=annotation,
        element=tags[number] if number in tags else None,  # noqa: SIM401 - a tree of a PDF has no `get`
        page=page,
    )


def check_boxes(boxes: list[Box], definition: Definition) -> Iterator[Finding]:
    """Yield what keeps the boxes from being the fields of the definition, each once and each whole."""
    yield from _check_definition(definition)
    for box in boxes:
        yield from _check_box(box, definition)
    expected = [uri for field in definition.fields for uri in _list_uris(field)]
    counted = Counter(box.uri for box in boxes)
    for uri, count in counted.items():
        if count > 1:
            name = _name(uri)
            what = f"'{uri}' stands {count} times on the pages"
            yield Finding("", name, what, "lay it out once, and keep its box from breaking over lines or pages")
    for uri in expected:
        if uri not in counted:
            yield Finding("", _name(uri), f"no box on the pages: '{uri}'", f'lay out an empty box in link("{uri}")')


def check_room(boxes: list[Box], definition: Definition, font: FieldFont, words: FieldWords) -> Iterator[Finding]:
    """Yield the boxes that are too small for what they are to hold."""
    letters = font.missing(words.clear)
    if letters and any(box.clears for box in boxes):
        what = f"the font of the fields lacks letters of the caption '{words.clear}'"
        yield Finding("", "", what, f"write it without {', '.join(letters)}")
        return
    for box in boxes:
        field = definition.get(box.name)
        width, height = box.size
        measured = f"{width:.1f} x {height:.1f} pt"
        if box.clears:
            least = measure_caption(font, words.clear)
            if width < least.width or height < least.height:
                what = f"a button of {measured} is too small for '{words.clear}'"
                yield Finding("", box.name, what, f"at least {least.width:.1f} x {least.height:.1f} pt")
        elif field is None or min(box.size) < _LEAST:
            yield Finding("", box.name, f"a box of {measured} is too small", f"at least {_LEAST:g} x {_LEAST:g} pt")
        elif not _has_room(field, box.size, font, words):
            yield Finding(
                "", box.name, f"a box of {measured} is too small for {_call(field)}", "make it wider or higher"
            )


def _call(field: Field) -> str:
    return f"{'an' if field.kind == 'area' else 'a'} {field.kind}"


def _has_room(field: Field, size: Size, font: FieldFont, words: FieldWords) -> bool:
    if field.kind == "date":
        return fits(font, re.sub("[dmy]", "0", words.date_format), size, area=False)
    if field.kind == "number":
        return count_digits(font, size) > 0
    return field.kind in ("choice", "check") or count_letters(font, size, area=field.kind == "area") > 0


def _check_definition(definition: Definition) -> Iterator[Finding]:
    for name, count in Counter(field.name for field in definition.fields).items():
        if count > 1:
            yield Finding("", name, f"{count} fields have this name", "a name is for one field, and for ever")
    for field in definition.fields:
        if not _NAME.fullmatch(field.name):
            yield Finding("", field.name, f"a name that a field cannot have: '{field.name}'", _NAME_HINT)
        elif field.name in RESERVED:
            yield Finding("", field.name, f"the name is kept for '{META}{field.name}'", "give the field another name")
        values = [value for value, _ in field.options] if field.kind == "choice" else []
        if len(set(values)) < len(values):
            yield Finding("", field.name, "two options have the same value", "a value is for one option")
        for value in values:
            if not _NAME.fullmatch(value) or value == "Off":
                yield Finding("", field.name, f"a value that a button cannot have: '{value}'", _NAME_HINT)


def _check_box(box: Box, definition: Definition) -> Iterator[Finding]:
    field = definition.get(box.name)
    answered = [it.name for it in definition.answered]
    if not _NAME.fullmatch(box.name):
        yield Finding("", box.name, f"a name that a field cannot have: '{box.name}'", _NAME_HINT)
    elif field is None:
        yield Finding("", box.name, f"no field of this form: '{box.uri}'", nearest(box.name, answered))
    elif box.clears and box.option is not None:
        yield Finding(
            "", box.name, f"'{box.uri}' names an option", f"write clear:{box.name}: it clears the whole field"
        )
    elif box.clears and field.is_calculated:
        yield Finding("", box.name, f"'{box.uri}' would clear a calculated field", "leave this button out")
    elif not box.clears and (field.kind == "choice" or box.option is not None) and box.uri not in _list_uris(field):
        yield Finding("", box.name, f"no field of this form: '{box.uri}'", nearest(box.uri, _list_uris(field)))
    if box.element is None or box.element.get("/S") != Name.Link:
        hint = "the layout is typeset with tags, and its box is no artifact"
        yield Finding("", box.name, f"the box of '{box.uri}' has no tag of its own", hint)
    elif _has_content(box.element):
        hint = "leave the box empty; what is asked stands beside it"
        yield Finding("", box.name, f"there is text in the box of '{box.uri}'", hint)
    if "/QuadPoints" in box.annotation:
        hint = "put it in a box that cannot break"
        yield Finding("", box.name, f"the box of '{box.uri}' is broken in two rectangles", hint)


def _has_content(element: Any) -> bool:
    """Say whether a tag holds anything but annotations; more than one of those is a name used twice."""
    kids = element.get("/K", [])
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    return any(not isinstance(kid, pikepdf.Dictionary) or kid.get("/Type") != Name.OBJR for kid in kids)


def _list_uris(field: Field) -> list[str]:
    if field.kind == "choice":
        return [f"field:{field.name}={value}" for value, _ in field.options]
    return [f"field:{field.name}"]


def _name(uri: str) -> str:
    return uri.partition(":")[2].partition("=")[0]
