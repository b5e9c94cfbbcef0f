"""A small form as the maker makes one, and the ways in which programs and accidents change it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from pipeline.content.definition import CHECKED, META, Definition, Field
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


@cache
def make_form(definition: Definition = FORM, prefilled: str = WHO, pages: int = 2) -> bytes:
    """Make an empty form, its organisation filled in beforehand."""
    pdf = pikepdf.new()
    fields = []
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.contents_add(Stream(pdf, _draw_foot(definition)))
        page.obj.Annots = Array()
    page = pdf.pages[0]
    for row, field in enumerate(definition.fields):
        made = _make_field(pdf, field, 780 - 40 * row)
        fields.append(made)
        for widget in made.get("/Kids", [made]):
            widget.P = page.obj
            page.obj.Annots.append(widget)
    button = Dictionary(FT=Name.Btn, Ff=1 << 16, T=String("clear_D3-S1"), Type=Name.Annot, Subtype=Name.Widget)
    button.update(Dictionary(Rect=Array([500, 10, 520, 20]), F=4))
    fields.append(pdf.make_indirect(button))
    meta = {**dict(zip(("form", "version", "fingerprint"), definition.identity, strict=True))}
    meta["hashes"] = " ".join(f"{it.name}:{it.hash}" for it in definition.fields)
    for key, value in {**meta, "organisatie": prefilled, "response": "R-0042"}.items():
        fields.append(pdf.make_indirect(Dictionary(FT=Name.Tx, Ff=1, T=String(META + key), V=String(value))))
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array(fields)))
    for key in ("form", "version", "fingerprint"):
        pdf.docinfo[f"/Form_{key}"] = String(meta[key])
    raw = save(pdf)
    return fill(raw, {"organisatie": prefilled})


def _draw_foot(definition: Definition) -> bytes:
    """Draw the line and the code that say which form it is."""
    line = definition.identity.line.encode("cp1252").replace(b"(", b"\\(")
    rows = plan_code(definition.identity.code)
    size = 0.5 * 72 / 25.4
    marks = b"".join(
        b"%.3f %.3f %.3f %.3f re f " % (450 + x * size, 100 - y * size, size, size)
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark == "1"
    )
    return b"BT /F1 8 Tf 40 40 Td (" + line + b") Tj ET 0 g " + marks


def _make_field(pdf: pikepdf.Pdf, field: Field, y: float) -> Any:
    made = pdf.make_indirect(Dictionary(T=String(field.name), TU=String(field.label)))
    options = [value for value, _ in field.options]
    if field.kind == "choice":
        made.update(Dictionary(FT=Name.Btn, Ff=1 << 15, V=Name.Off, DV=Name.Off))
        kids = [pdf.make_indirect(_make_button(pdf, it, 40 + 30 * n, y)) for n, it in enumerate(options)]
        for kid in kids:
            kid.Parent = made
        made.Kids = Array(kids)
    elif field.kind == "check":
        made.update(Dictionary(FT=Name.Btn, V=Name.Off, DV=Name.Off))
        made.update(_make_button(pdf, CHECKED, 40, y))
    else:
        made.update(Dictionary(FT=Name.Tx, Type=Name.Annot, Subtype=Name.Widget, F=4, Rect=Array([40, y, 240, y + 12])))
        made.DA = String("/F1 9 Tf 0 g")
        made.AP = Dictionary(N=picture(pdf, write_text("")))
        if field.kind == "list":
            pairs = [Array([String(value), String(words)]) for value, words in field.options]
            made.update(Dictionary(FT=Name.Ch, Ff=1 << 17, Opt=Array(pairs)))
        if field.fixed or field.is_calculated:
            made.Ff = 1
    return made


def _make_button(pdf: pikepdf.Pdf, state: str, x: float, y: float) -> Any:
    looks = Dictionary({f"/{state}": picture(pdf, b"q 0 0 9 9 re f Q"), "/Off": picture(pdf, b"q Q")})
    place = Array([x, y, x + 10, y + 10])
    return Dictionary(Type=Name.Annot, Subtype=Name.Widget, F=4, AS=Name.Off, AP=Dictionary(N=looks), Rect=place)


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
