"""A small fillable form with one field of every kind, to hold the programs against: Typst sets it, pikepdf adds fields.

Every field is an empty box in a link to `field:` and JSON; the link's annotation becomes the widget. Frame: points,
origin bottom-left of the MediaBox, y up.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pikepdf
import typst
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream, String

FONTS = Path(__file__).parents[2] / "assets/fonts"
FONT = "SourceSans3_400Regular.ttf"
LETTERS = {14: "Ş", 15: "ş", 16: "ğ", 17: "İ", 18: "ı", 19: "Ł", 20: "ł", 21: "ć"}  # codes WinAnsi leaves free
GLYPHS = ["Scedilla", "scedilla", "gbreve", "Idotaccent", "dotlessi", "Lslash", "lslash", "cacute"]
READ_ONLY, MULTILINE, RADIO, PUSH, COMBO = 1, 1 << 12, 1 << 15, 1 << 16, 1 << 17  # ISO 32000-2 tables 227-233
META = {"meta_form": "SAMPLE", "meta_version": "1", "meta_fingerprint": "0123456789"}
SCALE = ["1", "2", "3", "4", "weet-ik-niet"]
STATEMENTS = ["D1-S1", "D1-S2", "D1-S3"]
PREFILLED = {"organisation": "Stichting Şahin & Łukasz – Café", "contact": "yes"}
MEAN = """\
var sum = 0, count = 0;
["D1-S1", "D1-S2", "D1-S3"].forEach(function (name) {
  var value = Number(this.getField(name).value);
  if (value >= 1 && value <= 4) { sum += value; count++; }
}, this);
event.value = count ? String(Math.round(sum / count * 100) / 100).replace(".", ",") : "";"""

LAYOUT = r"""
#set document(title: [Voorbeeldformulier], date: none)
#set text(lang: "nl", font: "Source Sans 3", size: 10pt, fallback: false)
#set page(paper: "a4", margin: 20mm)
#let field(kind, name, label, width: 1fr, height: 16pt, ..more) = link(
  "field:" + json.encode((kind: kind, name: name, label: label) + more.named(), pretty: false),
  box(width: width, height: height, stroke: 0.5pt))
#title[Voorbeeldformulier]
#for (kind, name, label) in (("text", "organisation", "Organisatie"), ("text", "name", "Naam"),
  ("date", "date", "Datum"), ("list", "sector", "Sector")) [#label #field(kind, name, label) \ ]
#for name in ("D1-S1", "D1-S2", "D1-S3") [
  Stelling #name #for value in ("1", "2", "3", "4", "weet-ik-niet") [
    #field("choice", name, "Stelling " + name, width: 12pt, height: 12pt, value: value) #value
  ] #field("reset", "reset-" + name, "Wis het antwoord op " + name, width: 30pt) \
]
Gemiddelde #field("mean", "mean", "Gemiddelde", width: 60pt)
#pagebreak()
Toelichting \
#field("area", "remarks", "Toelichting", width: 100%, height: 120pt)

#field("check", "agree", "Akkoord", width: 12pt, height: 12pt) Akkoord \
#field("check", "contact", "Neem contact op", width: 12pt, height: 12pt) Neem contact op
"""
OPTIONS = [("po", "Primair onderwijs"), ("vo", "Voortgezet onderwijs"), ("mbo", "Mbo – één sector")]
TICK = b"q 1.5 w %.1f %.1f m %.1f %.1f l %.1f %.1f l S Q"


def make_sample(*, scripts: bool = True) -> bytes:
    """Return the form; without scripts, nothing is calculated and no date is checked."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    raw = typst.compile(LAYOUT.encode(), font_paths=fonts, pdf_standards=["ua-1"])
    assert isinstance(raw, bytes)
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        font = _embed_font(pdf)
        fields: dict[str, Any] = {}
        for page in pdf.pages:
            for widget in page.obj.get("/Annots", Array()):
                spec = json.loads(str(widget.A.URI).removeprefix("field:"))
                _make_widget(pdf, page, widget, spec["label"])
                _make_field(pdf, fields, widget, spec)
            page.obj.Tabs = Name.S
        for name, value in META.items():
            fields[name] = Dictionary(FT=Name.Tx, Ff=READ_ONLY, T=name, TU="Formuliergegevens", V=value, DV=value)
        if scripts:
            fields["mean"].AA = Dictionary(C=Dictionary(S=Name.JavaScript, JS=String(MEAN)))
            check, show = "AFDate_KeystrokeEx", "AFDate_FormatEx"
            fields["date"].AA = Dictionary(K=_script(f'{check}("dd-mm-yyyy");'), F=_script(f'{show}("dd-mm-yyyy");'))
        made = {name: pdf.make_indirect(field) for name, field in fields.items()}
        form = Dictionary(Fields=Array(made.values()), DA=String("/Field 10 Tf 0 g"))
        form.DR = Dictionary(Font=Dictionary(Field=font))
        if scripts:
            form.CO = Array([made["mean"]])
        pdf.Root.AcroForm = pdf.make_indirect(form)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _script(code: str) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(code))


def _make_widget(pdf: pikepdf.Pdf, page: Any, widget: Any, label: str) -> None:
    """Turn the annotation of a link into that of a field, and its tag with it, in place."""
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    owner = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))[int(widget.StructParent)]
    owner.S = Name.Form
    for key in ("/A", "/Border", "/Contents"):
        if key in widget:
            del widget[key]
    widget.Subtype, widget.F, widget.P, widget.TU = Name.Widget, 4, page.obj, String(label)


def _make_field(pdf: pikepdf.Pdf, fields: dict[str, Any], widget: Any, spec: dict[str, str]) -> None:
    """Give a widget its kind, its looks and its place among the fields, in place."""
    kind, name = spec["kind"], spec["name"]
    x0, y0, x1, y1 = map(float, widget.Rect)
    width, height = x1 - x0, y1 - y0

    def look(content: bytes = b"q Q") -> Any:
        box = [0, 0, width, height]
        return pdf.make_indirect(Stream(pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=box))

    tick = TICK % (width * 0.2, height * 0.5, width * 0.4, height * 0.3, width * 0.8, height * 0.8)
    if kind == "choice":
        if name not in fields:
            keys = {"FT": Name.Btn, "Ff": RADIO, "T": String(name), "TU": widget.TU, "V": Name.Off, "DV": Name.Off}
            fields[name] = pdf.make_indirect(Dictionary(Kids=Array(), **keys))
        widget.Parent, widget.AS, widget.MK = fields[name], Name.Off, Dictionary(CA=String("l"))
        widget.TU = String(f"{spec['label']} – {spec['value']}")
        widget.AP = Dictionary(N=Dictionary({f"/{spec['value']}": look(tick), "/Off": look()}))
        fields[name].Kids.append(widget)
        return
    widget.T = String(name)
    fields[name] = widget
    if kind == "check":
        widget.AP = Dictionary(N=Dictionary({"/yes": look(tick), "/Off": look()}))
        widget.FT, widget.MK = Name.Btn, Dictionary(CA=String("4"))
        widget.V = widget.DV = widget.AS = Name.yes if name in PREFILLED else Name.Off
    elif kind == "reset":
        widget.FT, widget.Ff, widget.AP = Name.Btn, PUSH, Dictionary(N=look(tick))
        widget.A = Dictionary(S=Name.ResetForm, Fields=Array([String(name.removeprefix("reset-"))]))
    else:
        widget.FT = Name.Ch if kind == "list" else Name.Tx
        flags = {"list": COMBO, "area": MULTILINE, "mean": READ_ONLY}
        widget.Ff = READ_ONLY if name in PREFILLED else flags.get(kind, 0)
        widget.DA, widget.AP = String("/Field 10 Tf 0 g"), Dictionary(N=look(b"/Tx BMC EMC"))
        if kind == "list":
            widget.Opt = Array([Array([String(value), String(words)]) for value, words in OPTIONS])
        if name in PREFILLED:
            widget.V = widget.DV = String(PREFILLED[name])


def _embed_font(pdf: pikepdf.Pdf) -> Any:
    """Embed the whole font as a simple TrueType font: WinAnsi and a few letters more."""
    data = (FONTS / FONT).read_bytes()
    font = TTFont(io.BytesIO(data))
    letters = [LETTERS.get(code) or bytes([code]).decode("cp1252", "replace") for code in range(256)]
    glyphs, metrics = font.getBestCmap(), font["hmtx"].metrics
    widths = [metrics[glyphs[ord(letter)]][0] if ord(letter) in glyphs else 0 for letter in letters]
    name, head = Name("/SampleSans"), font["head"]
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=name, Flags=32, ItalicAngle=0, StemV=80, CapHeight=660)
    descriptor.FontBBox = Array([head.xMin, head.yMin, head.xMax, head.yMax])
    descriptor.Ascent, descriptor.Descent = font["hhea"].ascent, font["hhea"].descent
    descriptor.FontFile2 = Stream(pdf, data, Length1=len(data))
    differences = Array([min(LETTERS), *(Name(f"/{glyph}") for glyph in GLYPHS)])
    encoding = Dictionary(Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding, Differences=differences)
    keys: dict[str, Any] = {
        "FirstChar": 0,
        "LastChar": 255,
        "Widths": Array(widths),
        "Encoding": encoding,
    }
    made = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=name, **keys)
    made.FontDescriptor = pdf.make_indirect(descriptor)
    return pdf.make_indirect(made)
