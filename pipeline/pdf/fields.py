"""The fields of a PDF -> what preflight wants to know of them, as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

FIELDS_MOST = 20_000
DEPTH_MOST = 32
_PUSH_BUTTON = 1 << 16  # ISO 32000-2, table 229


@dataclass(frozen=True)
class WidgetFacts:
    """One place on a page where a field can be filled in.

    Attributes:
        field: its full name.
        tooltip: what a screen reader says of it; of a button of a choice its own, not that of the choice.
        drawn: it has a picture for every state that it can have.
        tagged: it is part of the structure tree.
    """

    field: str
    tooltip: str
    drawn: bool
    tagged: bool


@dataclass(frozen=True)
class FormFacts:
    """The form of a file.

    Attributes:
        names: of all fields, buttons without a value left out; in the order of the file.
        widgets: of all fields.
        needs_appearances: the program that opens it has to draw the fields anew.
        dynamic: it holds an XFA form, which most programs cannot show.
        missing_fonts: of the fields' own fonts, those that are not in the file.
    """

    names: tuple[str, ...]
    widgets: tuple[WidgetFacts, ...]
    needs_appearances: bool
    dynamic: bool
    missing_fonts: tuple[str, ...]


def read_form_facts(document: pikepdf.Pdf) -> FormFacts | None:
    """Return what is known of the fields of a document, None where it has none.

    Raises:
        ValueError: more fields than can be, or one below the other without end.
    """
    form: Any = document.Root.get("/AcroForm")
    if form is None:
        return None
    leaves = list(_list_fields(form.get("/Fields", []), "", 0))
    if len(leaves) > FIELDS_MOST:
        raise ValueError("too many fields")
    fonts: Any = form.get("/DR", {}).get("/Font", {})
    return FormFacts(
        names=tuple(name for name, field, _ in leaves if not _is_push_button(field)),
        widgets=tuple(_read_widget(name, field, widget) for name, field, widgets in leaves for widget in widgets),
        needs_appearances=bool(form.get("/NeedAppearances", False)),
        dynamic="/XFA" in form,
        missing_fonts=tuple(sorted(str(font.get("/BaseFont", "?")) for _, font in fonts.items() if not _is_held(font))),
    )


def _list_fields(fields: Any, above: str, depth: int) -> Iterator[tuple[str, Any, list[Any]]]:
    """Yield (full name, field, its widgets) of every field that has no field below it."""
    if depth > DEPTH_MOST:
        raise ValueError("fields below fields without end")
    for field in fields:
        name = ".".join(filter(None, (above, str(field.get("/T", "")))))
        kids = list(field.get("/Kids", []))
        below = [kid for kid in kids if "/T" in kid]
        if below:
            yield from _list_fields(below, name, depth + 1)
        else:
            yield name, field, kids or ([field] if field.get("/Subtype") == "/Widget" else [])


def _is_push_button(field: Any) -> bool:
    return field.get("/FT") == "/Btn" and bool(int(field.get("/Ff", 0)) & _PUSH_BUTTON)


def _read_widget(name: str, field: Any, widget: Any) -> WidgetFacts:
    normal: Any = widget.get("/AP", {}).get("/N")
    if field.get("/FT") == "/Btn" and not _is_push_button(field):
        drawn = isinstance(normal, pikepdf.Dictionary) and "/Off" in normal and len(normal.keys()) == 2
    else:
        drawn = isinstance(normal, pikepdf.Stream)
    return WidgetFacts(name, str(widget.get("/TU", "")), drawn, "/StructParent" in widget)


def _is_held(font: Any) -> bool:
    """Say whether the program of a font is in the file."""
    descriptor: Any = font.get("/FontDescriptor", {})
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
