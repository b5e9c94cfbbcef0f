"""A small form as the maker makes one, and the ways in which programs and accidents change it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name, Stream, String

from pipeline.content.definition import CHECKED, Definition, Field, FieldWords
from pipeline.pdf.forms import make_fillable
from pipeline.qr import plan_code

SCALE = (("1", "nooit"), ("2", "soms"), ("3", "vaak"), ("4", "altijd"), ("weet-ik-niet", "weet ik niet"))
PHASES = (("start", "we beginnen net"), ("ring-b", "halverwege"), ("klaar", "klaar"))
FORM = Definition(
    "analyseformulier-school",
    "2026-11",
    "Analyseformulier",
    (
        Field("organisatie", "text", "Organisatie", fixed=True),
        Field("school", "text", "School", required=True),
        Field("datum", "date", "Datum"),
        Field("aantal", "number", "Aantal deelnemers"),
        Field("D3-S1", "choice", "We leren samen", SCALE, required=True),
        Field("D3-S2", "choice", "We vragen door", SCALE),
        Field("D3-gewenst", "choice", "Gewenst", SCALE),
        Field("fase", "list", "Fase", PHASES),
        Field("akkoord", "check", "Akkoord"),
        Field("D3-waaraan", "area", "Waaraan zie je dat?"),
        Field("D3-gemiddeld", "mean", "Gemiddelde", of=("D3-S1", "D3-S2")),
    ),
)
WORDS = FieldWords("Formuliergegevens", "wis", "Wis het antwoord: {label}", "dd-mm-yyyy", ",")
OLD = replace(FORM, version="2025-03", fields=tuple(
    replace(it, label="We vragen vaak door") if it.name == "D3-S2" else it for it in FORM.fields
))  # fmt: skip
FILLED = {
    "school": "De Regenboog",
    "datum": "03-11-2026",
    "aantal": "12",
    "D3-S1": "3",
    "D3-S2": "weet-ik-niet",
    "D3-gewenst": "4",
    "fase": "ring-b",
    "akkoord": CHECKED,
    "D3-waaraan": "Elke week, in het team.\nOok ’s middags – café Şahin.",
}
WHO = "Stichting Het Spectrum"
ANSWERS = {"organisatie": WHO, **FILLED}
EMPTY = {it.name: "" for it in FORM.answered} | {"organisatie": WHO}


@dataclass(frozen=True)
class Forms:
    """What `read_form` asks of a toolbox."""

    definitions: Mapping[str, tuple[Definition, ...]]


TOOLBOX = Forms({FORM.form: (FORM,), "scan": (replace(FORM, form="scan"),)})


def save(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    target = io.BytesIO()
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # of fields that are lost here
        pdf.save(target, **{"deterministic_id": True, "object_stream_mode": pikepdf.ObjectStreamMode.disable, **how})
    return target.getvalue()


def open_pdf(raw: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(raw))


def change(raw: bytes, edit: Callable[[Any], object], **how: Any) -> bytes:
    """Return the file as saved after `edit` was called with it."""
    with open_pdf(raw) as pdf:
        edit(pdf)
        return save(pdf, **how)


def picture(pdf: pikepdf.Pdf, drawing: bytes) -> Any:
    stream = Stream(pdf, drawing)
    stream.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 12]), Resources=Dictionary()))
    return stream  # indirect as it is


def write_text(value: str) -> bytes:
    """Return the drawing of a text, as hexadecimal codes of no font in particular."""
    return (
        b"/Tx BMC BT /F1 9 Tf <%s> Tj ET EMC" % value.encode("utf-16-be").hex().encode() if value else b"/Tx BMC\nEMC"
    )


# Every field as a line of its own; the foot says which form it is. Two pages, so that pages can be told apart.
LAYOUT = """
#set document(title: "{title}", date: none)
#set text(lang: "nl", font: "Source Sans 3", size: 10pt)
#set page(paper: "a4", margin: (x: 15mm, top: 15mm, bottom: 34mm), footer-descent: 10%)
#set page(footer: [{line} #image("code.svg", alt: "Code")])
#let entry(uri, width: 100%, height: 7mm) = link(uri, box(width: width, height: height, stroke: 0.6pt))
#title[{title}]
{fields}
#pagebreak()
= Toelichting
"""


@cache
def make_form(definition: Definition = FORM, prefilled: str = WHO) -> bytes:
    """Make a form with one field of every kind, as the pipeline does, its organisation filled in beforehand."""
    fields = "\n\n".join(_lay_out(field) for field in definition.fields)
    identity = definition.identity
    layout = LAYOUT.format(title=definition.title, line=identity.line, fields=fields)
    sources = {"main.typ": layout.encode(), "code.svg": _draw_code(identity.code)}
    raw: Any = typst.compile(
        sources, font_paths=_load_fonts(), ignore_system_fonts=True, format="pdf", pdf_standards=["ua-1"], timestamp=0
    )
    return make_fillable(bytes(raw), definition, WORDS, {"organisatie": prefilled, "response": "R-0042"})


@cache
def _load_fonts() -> Any:
    folder = str(Path(__file__).parent.parent / "assets/fonts")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _lay_out(field: Field) -> str:
    uri = f"field:{field.name}"
    if field.kind == "choice":
        buttons = " ".join(f'#entry("{uri}={value}", width: 11pt, height: 11pt) {value}' for value, _ in field.options)
        return f'{field.label}: {buttons} #entry("clear:{field.name}", width: 22pt, height: 12pt)'
    if field.kind == "check":
        return f'#entry("{uri}", width: 11pt, height: 11pt) {field.label}'
    return f'{field.label} #entry("{uri}", height: {"40mm" if field.kind == "area" else "7mm"})'


def _draw_code(text: str) -> bytes:
    rows = plan_code(text)
    dark = "".join(f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, cell in enumerate(row) if cell == "1")
    side = len(rows)  # modules of half a millimetre
    size = f'width="{side / 2}mm" height="{side / 2}mm" viewBox="0 0 {side} {side}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><path d="{dark}"/></svg>'.encode()


def find(pdf: Any, name: str) -> Any:
    """Return the field of this name."""
    return next(it for it in pdf.Root.AcroForm.Fields if str(it.T) == name)


def set_value(pdf: Any, name: str, value: str) -> None:
    """Fill in a field as a good viewer does: value, states and picture."""
    field = find(pdf, name)
    if Name.Btn == field.FT:
        field.V = Name(f"/{value or 'Off'}")
        for widget in field.get("/Kids", [field]):
            widget.AS = field.V if f"/{value}" in widget.AP.N else Name.Off
        return
    field.V = String(value)
    field.AP.N = picture(pdf, write_text(value))


def fill(raw: bytes, values: Mapping[str, str] = FILLED, **how: Any) -> bytes:
    """Fill in and save."""

    def edit(pdf: Any) -> None:
        for name, value in values.items():
            set_value(pdf, name, value)

    return change(raw, edit, **how)


def append_save(raw: bytes, values: Mapping[str, str] = FILLED) -> bytes:
    """Fill in and save as browsers and Acrobat do: what changed is added behind (ISO 32000-2 7.5.6)."""
    with open_pdf(raw) as pdf:
        for name, value in values.items():
            set_value(pdf, name, value)
        before = open_pdf(raw)
        known = {it.objgen: it.unparse(resolved=True) for it in before.objects if it.is_indirect}
        changed = [it for it in pdf.objects if known.get(it.objgen) != it.unparse(resolved=True)]
        out = bytearray(raw)
        places = []
        for it in changed:
            places.append((it.objgen[0], len(out)))
            out += b"%d 0 obj\n" % it.objgen[0]
            if isinstance(it, Stream):
                data = it.read_bytes()
                out += b"<</Length %d/Type/XObject/Subtype/Form/BBox[0 0 100 12]>>stream\n" % len(data) + data
                out += b"\nendstream"
            else:
                out += it.unparse(resolved=True)
            out += b"\nendobj\n"
        start = len(out)
        out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places)
        previous = re.findall(rb"startxref\s+(\d+)", raw)[-1]
        trailer = pdf.trailer
        size = max(len(pdf.objects) + 1, *(number + 1 for number, _ in places))
        ends = (size, trailer.Root.objgen[0], trailer.Info.objgen[0], previous, start)
        out += b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % ends
    return bytes(out)
