"""Boxes become fields: what a person, a screen reader, a program and a validator get from a form."""

from __future__ import annotations

import importlib.util
import io
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2
import pytest
import typst

from pipeline.content.definition import Definition, Field, FieldWords
from pipeline.errors import ContentError, LayoutError
from pipeline.pdf.appearance import count_letters, fits
from pipeline.pdf.fieldfont import load_field_font
from pipeline.pdf.forms import make_fillable
from pipeline.pdf.scripts import write_calculation, write_clearing
from pipeline.units import Size
from tests.samples import change
from tests.validators import (
    ALLOWED,
    failures,
    list_widgets,
    nameless_widgets,
    needs_verapdf,
    open_pdf,
    require_verapdf,
    run_verapdf,
    unembedded_fonts,
)

ROOT = Path(__file__).parent.parent
WORDS = FieldWords("Formuliergegevens", "wis", "Wis het antwoord: {label}", "dd-mm-yyyy", ",")
SCALE = (
    ("1", "nog niet zichtbaar"), ("2", "begin gemaakt"), ("3", "meestal zichtbaar"), ("4", "vanzelfsprekend"),
    ("weet-ik-niet", "weet ik niet"),
)  # fmt: skip
STATEMENTS = ("D1-S1", "D1-S2", "D1-S3", "D1-S4")
FORM = Definition("proef", "2026-11", "Proefformulier", (
    Field("school", "text", "Naam van de school", required=True, fixed=True),
    Field("datum", "date", "Datum, dd-mm-jjjj"),
    Field("aantal", "number", "Aantal deelnemers"),
    Field("rol", "list", "Rol", options=(("bestuur", "Bestuurder"), ("school", "Schoolleider"))),
    *(Field(name, "choice", f"{name}: we leren samen", options=SCALE) for name in STATEMENTS),
    Field("D1-gewenst", "choice", "Gewenst", options=SCALE[:4]),
    Field("D1-gemiddelde", "mean", "Gemiddelde", of=STATEMENTS),
    Field("D1-verschil", "gap", "Verschil met gewenst", of=("D1-gewenst", *STATEMENTS)),
    Field("D1-waaraan", "area", "Waaraan zie je dat?"),
    Field("akkoord", "check", "Ik ga akkoord"),
))  # fmt: skip
FILLED = {
    "school": "Obs Łódź & Şahin, Čapek – École", "datum": "31-12-2026", "aantal": "12", "rol": "school",
    "D1-S1": "3", "D1-S2": "weet-ik-niet", "D1-waaraan": "Eerste regel.\nTweede regel.", "akkoord": "yes",
    "response": "r-17",
}  # fmt: skip

LAYOUT = """
#set document(title: "Proefformulier")
#set text(lang: "nl", font: "Source Sans 3", size: 10pt)
#set page(paper: "a5", margin: 15mm)
#let entry(uri, width: 100%, height: 7mm) = link(uri, box(width: width, height: height, stroke: 0.6pt + luma(35%)))
#let button(uri, radius: 50%) = link(uri, box(width: 11pt, height: 11pt, radius: radius, stroke: 0.6pt, baseline: 2pt))
#let clear(uri) = link(uri, box(width: 22pt, height: 12pt, baseline: 3pt))

#title[Proefformulier]
= Gegevens
School #entry("field:school")

Datum #entry("field:datum", width: 30mm) Aantal #entry("field:aantal", width: 20mm)

Rol #entry("field:rol", width: 50mm)

= Stellingen
#for name in ("D1-S1", "D1-S2", "D1-S3", "D1-S4") [
  #name: #for value in ("1", "2", "3", "4", "weet-ik-niet") [#button("field:" + name + "=" + value) #value ]
  #clear("clear:" + name)

]
Gewenst: #for value in ("1", "2", "3", "4") [#button("field:D1-gewenst=" + value) #value ]

Gemiddelde #entry("field:D1-gemiddelde", width: 15mm) Verschil #entry("field:D1-verschil", width: 15mm)

#pagebreak()
= Toelichting
Waaraan zie je dat?
#entry("field:D1-waaraan", height: 40mm)

#button("field:akkoord", radius: 1pt) Ik ga akkoord.
"""


@cache
def load_fonts() -> Any:
    folder = str(ROOT / "assets/fonts")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@cache
def typeset(layout: str = LAYOUT) -> bytes:
    pdf: Any = typst.compile(
        {"main.typ": layout.encode()}, font_paths=load_fonts(), ignore_system_fonts=True, format="pdf",
        pdf_standards=["ua-1"], timestamp=0,
    )  # fmt: skip
    return bytes(pdf)


@pytest.fixture(scope="module")
def empty() -> bytes:
    return make_fillable(typeset(), FORM, WORDS)


@pytest.fixture(scope="module")
def filled() -> bytes:
    return make_fillable(typeset(), FORM, WORDS, FILLED)


def read_fields(pdf: bytes) -> dict[str, Any]:
    return {str(it.T): it for it in open_pdf(pdf).Root.AcroForm.Fields}


# ------------------------------------------------------------------------------------------ structure


def describe(name: str, field: Any) -> str:
    flags = {1: "read-only", 2: "required", 1 << 12: "area", 1 << 15: "radio", 1 << 16: "push", 1 << 17: "list"}
    words = [word for bit, word in flags.items() if int(field.Ff) & bit]
    kids = ",".join(next(key[1:] for key in kid.AP.N if key != "/Off") for kid in field.get("/Kids", []))
    scripts = "".join(key[1:] for key in sorted(field.get("/AA", {})))
    parts = [str(field.FT), name, *words, kids, f"max {field.MaxLen}" if "/MaxLen" in field else "", scripts]
    return " ".join(part for part in parts if part)


def test_every_field_is_what_the_definition_says(empty: bytes) -> None:
    found = [describe(name, field) for name, field in read_fields(empty).items()]
    assert found == [
        "/Tx school required max 72", "/Tx datum max 16 FK", "/Tx aantal max 6", "/Ch rol list",
        *(f"/Btn {name} radio 1,2,3,4,weet-ik-niet" for name in STATEMENTS),
        "/Btn D1-gewenst radio 1,2,3,4",
        "/Tx D1-gemiddelde read-only C", "/Tx D1-verschil read-only C",
        "/Tx D1-waaraan area max 592", "/Btn akkoord",
        *(f"/Btn meta_clear_{name} push" for name in STATEMENTS),
        "/Tx meta_form read-only", "/Tx meta_version read-only", "/Tx meta_fingerprint read-only",
        "/Tx meta_hashes read-only",
    ]  # fmt: skip


def test_the_form_says_which_it_is(filled: bytes) -> None:
    fields = read_fields(filled)
    says = {name.removeprefix("meta_"): str(it.V) for name, it in fields.items() if name[:5] == "meta_" and "/V" in it}
    hashes = " ".join(f"{it.name}:{it.hash}" for it in FORM.fields)
    assert says == {
        **FORM.identity._asdict(), "hashes": hashes, "response": "r-17", "school": FILLED["school"]
    }  # fmt: skip
    with pikepdf.open(io.BytesIO(filled)) as pdf:
        assert [str(pdf.docinfo[f"/Form_{key}"]) for key in FORM.identity._fields] == list(FORM.identity)
        assert not any("/Rect" in it for name, it in fields.items() if name in ("meta_form", "meta_school"))


def test_calculations_run_in_the_order_of_the_page_and_on_nothing_but_numbers(empty: bytes) -> None:
    with pikepdf.open(io.BytesIO(empty)) as pdf:
        assert [str(it.T) for it in pdf.Root.AcroForm.CO] == ["D1-gemiddelde", "D1-verschil"]
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        assert pdf.Root.AcroForm.is_indirect


def test_tags_are_forms_and_tabs_follow_them(empty: bytes) -> None:
    with pikepdf.open(io.BytesIO(empty)) as pdf:
        tags = [
            str(it.S) for it in pdf.objects if isinstance(it, pikepdf.Dictionary) and it.get("/Type") == "/StructElem"
        ]
        assert tags.count("/Form") == len(list_widgets(empty)) == 36
        assert "/Link" not in tags
        assert [page.obj.Tabs for page in pdf.pages] == ["/S", "/S"]


def test_every_widget_and_every_button_of_a_choice_says_what_it_is(empty: bytes) -> None:
    assert nameless_widgets(empty) == 0
    buttons = [it for it in list_widgets(empty) if "/Parent" in it]
    assert [str(it.TU) for it in buttons[:2]] == [
        "D1-S1: we leren samen – nog niet zichtbaar", "D1-S1: we leren samen – begin gemaakt"
    ]  # fmt: skip
    assert {str(it.Parent.TU) for it in buttons} == {it.label for it in FORM.fields if it.kind == "choice"}
    assert len(buttons) == 24


def test_a_button_without_a_name_is_found_out(empty: bytes) -> None:
    def forget(pdf: pikepdf.Pdf) -> None:
        kids = next(it for it in pdf.Root.AcroForm.Fields if it.T == "D1-S1").Kids
        del kids[0]["/TU"], kids[1]["/Contents"]

    assert nameless_widgets(change(empty, forget)) == 2


def test_widgets_are_whole(empty: bytes) -> None:
    """On their page, printed but for the buttons that clear, without the link they were, with a look for each state."""
    for it in list_widgets(empty):
        clears = str(it.get("/T", "")).startswith("meta_clear_")
        assert it.Subtype == "/Widget"
        assert it.P.objgen in [page.obj.objgen for page in open_pdf(empty).pages]
        assert (int(it.F), "/A" in it) == ((0, True) if clears else (4, False))
        assert "/Border" not in it
        looks = it.AP.N
        assert isinstance(looks, pikepdf.Stream) or (len(looks) == 2 and str(it.AS) in looks)
        assert "/Opt" not in it.get("/Parent", {})


def test_a_button_takes_an_answer_back_also_without_scripts_and_is_not_printed(empty: bytes) -> None:
    button = read_fields(empty)["meta_clear_D1-S2"]
    assert (button.A.S, [str(it) for it in button.A.Fields], button.F) == ("/ResetForm", ["D1-S2"], 0)
    assert str(button.TU) == "Wis het antwoord: D1-S2: we leren samen"
    assert (button.A.Next.S, str(button.A.Next.JS)) == ("/JavaScript", write_clearing("D1-S2"))


def test_what_a_button_clears_does_not_come_back(filled: bytes) -> None:
    fields = read_fields(filled)
    assert (fields["D1-S1"].V, fields["D1-S1"].DV) == ("/3", "/Off")
    assert (str(fields["datum"].V), str(fields["datum"].DV)) == ("31-12-2026", "31-12-2026")


def test_every_font_that_the_form_names_is_embedded_once(empty: bytes) -> None:
    assert unembedded_fonts(empty) == []
    named = change(empty, lambda pdf: pdf.Root.AcroForm.DR.Font.update({"/ZaDb": pikepdf.Dictionary(Type="/Font")}))
    assert unembedded_fonts(named) == ["/ZaDb"]
    with pikepdf.open(io.BytesIO(empty)) as pdf:
        names = [
            str(it.FontName) for it in pdf.objects
            if isinstance(it, pikepdf.Dictionary) and it.get("/Type") == "/FontDescriptor"
        ]  # fmt: skip
    assert names.count("/DrukwerkFieldSans-Regular") == 1


def test_the_same_form_gives_the_same_bytes(filled: bytes) -> None:
    time.sleep(1.1)  # an identifier made of the clock counts seconds
    assert make_fillable(typeset(), FORM, WORDS, dict(reversed(FILLED.items()))) == filled


def test_equal_looks_of_buttons_are_one_object(empty: bytes) -> None:
    buttons = [it for it in list_widgets(empty) if "/Parent" in it]
    assert len({it.AP.N["/Off"].objgen for it in buttons}) == 1
    assert len({it.AP.N[key].objgen for it in buttons for key in it.AP.N if key != "/Off"}) == 1


def test_fields_to_write_in_share_no_look(empty: bytes) -> None:
    """pypdf and others write into the stream that is there: one that is shared would show the last answer in all."""
    looks = [it.AP.N for it in list_widgets(empty) if it.get("/FT") in ("/Tx", "/Ch")]
    assert len({tuple(map(float, it.BBox)) for it in looks}) < len(looks), "some are of one size"
    assert len({it.objgen for it in looks}) == len(looks)


# ------------------------------------------------------------------------------------------ refused

REFUSED = {
    "missing": ('#entry("field:school")', "", "school", "no box on the pages: 'field:school'"),
    "option missing": ('("1", "2", "3", "4") [', '("1", "2", "3") [', "D1-gewenst", "'field:D1-gewenst=4'"),
    "unknown": ("field:school", "field:schol", "schol", "no field of this form: 'field:schol'"),
    "unknown option": ('"field:D1-gewenst=" + value', '"field:D1-gewenst=x" + value', "D1-gewenst", "=x1'"),
    "no option": ('"field:D1-gewenst=" + value', '"field:D1-gewenst"', "D1-gewenst", "'field:D1-gewenst'"),
    "twice": ("Datum #entry", '#entry("field:school") Datum #entry', "school", "stands 2 times"),
    "dot": ("field:school", "field:sch.ool", "sch.ool", "a name that a field cannot have"),
    "not ASCII": ("field:school", "field:schöol", "schöol", "a name that a field cannot have"),
    "text": ('#entry("field:school")', '#link("field:school", box(width: 9cm, height: 7mm)[x])', "school", "text in"),
    "rectangles": (
        '#entry("field:school")', '#link("field:school")[#box(width: 9cm) #box(width: 9cm)]', "school", "two"
    ),
    "broken over pages": (
        '#entry("field:school")', '#link("field:school", block(height: 190mm, width: 9cm))', "school", "stands 2 times"
    ),
    "no size": ('#entry("field:school")', '#entry("field:school", width: 0mm)', "school", "is too small"),
    "too low": ('#entry("field:school")', '#entry("field:school", height: 3mm)', "school", "is too small"),
    "date": ('"field:datum", width: 30mm', '"field:datum", width: 15mm', "datum", "too small for a date"),
    "button": ("box(width: 22pt", "box(width: 12pt", "D1-S1", "too small for 'wis'"),
    "clears what is calculated": ("Gemiddelde #", '#clear("clear:D1-gemiddelde") #', "D1-gemiddelde", "would clear"),
    "clears an option": ('"clear:" + name', '"clear:" + name + "=1"', "D1-S1", "names an option"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_boxes_that_are_no_fields_are_refused(case: str) -> None:
    old, new, field, message = REFUSED[case]
    assert LAYOUT.count(old) == 1, old
    with pytest.raises(LayoutError if "too small" not in message else ContentError) as caught:
        make_fillable(typeset(LAYOUT.replace(old, new)), FORM, WORDS)
    findings = [it for it in caught.value.findings if it.field == field and message in it.message]
    assert findings, str(caught.value)
    assert all(it.hint for it in caught.value.findings)


def test_names_that_a_file_cannot_keep_apart_are_refused() -> None:
    options = (("ü", "U"), ("Off", "Uit"), ("1", "Een"), ("1", "Twee"))
    extra = (
        Field("a.b", "text", "A"), Field("form", "text", "B"), Field("c", "choice", "C", options),
        Field("school", "text", "Nog een school"),
    )  # fmt: skip
    with pytest.raises(LayoutError) as caught:
        make_fillable(typeset(), Definition("proef", "1", "P", (*FORM.fields, *extra)), WORDS)
    told = {(it.field, it.message) for it in caught.value.findings}
    assert ("a.b", "a name that a field cannot have: 'a.b'") in told
    assert ("form", "the name is kept for 'meta_form'") in told
    assert ("c", "a value that a button cannot have: 'ü'") in told
    assert ("c", "a value that a button cannot have: 'Off'") in told
    assert ("c", "two options have the same value") in told
    assert ("school", "2 fields have this name") in told


def test_a_page_without_tags_is_refused() -> None:
    with pytest.raises(LayoutError) as caught:
        make_fillable(change(typeset(), lambda pdf: pdf.Root.__delitem__("/StructTreeRoot")), FORM, WORDS)
    assert "the box of 'field:school' has no tag of its own" in [it.message for it in caught.value.findings]


def test_a_caption_that_the_font_cannot_show_is_refused() -> None:
    with pytest.raises(ContentError, match="lacks letters of the caption 'стереть'"):
        make_fillable(typeset(), FORM, FieldWords("x", "стереть", "{label}", "dd-mm-yyyy", ","))


def test_a_date_is_written_as_the_toolbox_writes_it() -> None:
    german = FieldWords("Angaben", "weg", "Antwort löschen: {label}", "yyyy/mm/dd", ",")
    fields = read_fields(make_fillable(typeset(), FORM, german, {"datum": "2026/03/01"}))
    assert str(fields["datum"].AA.F.JS) == 'AFDate_FormatEx("yyyy/mm/dd");'
    with pytest.raises(ContentError) as caught:
        make_fillable(typeset(), FORM, german, {"datum": "01-03-2026"})
    assert caught.value.findings[0].hint == "write it as yyyy/mm/dd, for example 2026/12/31"


# ------------------------------------------------------------------------------------------ filled in

WRONG = {
    "schol": ("x", "no field of the form 'proef'", "did you mean 'school'?"),
    "school": ("Школа", "the font of the fields lacks 'Ш', 'к', 'о', 'л', 'а'", "write it with other letters"),
    "datum": ("30-02-2026", "'30-02-2026' is no date", "write it as dd-mm-yyyy, for example 31-12-2026"),
    "aantal": ("-3", "'-3' is no whole number", "digits only, at most 6"),
    "rol": ("leraar", "'leraar' is no option", "valid: bestuur, school"),
    "D1-S1": ("5", "'5' is no option", "valid: 1, 2, 3, 4, weet-ik-niet"),
    "D1-verschil": ("1", "a calculated field cannot be filled in", "fill in D1-gewenst, D1-S1, D1-S2, D1-S3, D1-S4"),
    "akkoord": ("ja", "'ja' is no option", "valid: yes"),
    "D1-waaraan": ("\n" * 40, "takes 41 lines, 8 fit in its box", "shorten it"),
    "response": ("x" * 61, "expected 1 to 60 printable characters", "shorten it"),
}


def test_every_wrong_value_is_told_at_once() -> None:
    with pytest.raises(ContentError) as caught:
        make_fillable(typeset(), FORM, WORDS, {name: value for name, (value, _, _) in WRONG.items()})
    found = {it.field: it for it in caught.value.findings}
    assert list(found) == list(WRONG)
    for name, (_, message, hint) in WRONG.items():
        assert message in found[name].message
        assert found[name].hint == hint


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("school", "x" * 200, "about 72 fit in its box"),
        ("school", "a\nb", "a line break in a field of one line"),
        ("school", "a\tb", "lacks U+0009"),
        ("datum", "2026-12-31", "is no date"),
        ("datum", "1-3-2026", "is no date"),
        ("aantal", "1234567", "is no whole number"),
        ("aantal", "१२", "is no whole number"),
        ("response", "a\nb", "printable"),
    ],
)
def test_a_wrong_value_is_told(name: str, value: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        make_fillable(typeset(), FORM, WORDS, {name: value})
    assert [(it.field, message in it.message) for it in caught.value.findings] == [(name, True)]


def test_an_option_that_its_list_cannot_show_is_told() -> None:
    wide = Field("rol", "list", "Rol", options=(("school", "Schoolleider " * 5),))
    fields = tuple(wide if it.name == "rol" else it for it in FORM.fields)
    with pytest.raises(ContentError, match=r"rol: .* fit in its box"):
        make_fillable(typeset(), Definition("proef", "1", "P", fields), WORDS)


def test_only_what_is_fixed_and_filled_in_cannot_be_changed(empty: bytes, filled: bytes) -> None:
    def locked(pdf: bytes) -> list[str]:
        return [name for name, it in read_fields(pdf).items() if int(it.Ff) & 1 and name[:5] != "meta_"]

    assert locked(empty) == ["D1-gemiddelde", "D1-verschil"]
    assert locked(filled) == ["school", "D1-gemiddelde", "D1-verschil"]


def test_an_empty_text_fills_nothing_in_and_accents_are_joined(empty: bytes) -> None:
    assert make_fillable(typeset(), FORM, WORDS, {"school": ""}) == empty
    assert make_fillable(typeset(), FORM, WORDS, {"school": "e\u0301"}) == make_fillable(
        typeset(), FORM, WORDS, {"school": "é"}
    )


def dark_pixels(pdf: bytes, name: str) -> int:
    """Return how many pixels are dark inside the box of a field, as a program with forms draws it."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    fields = read_fields(pdf)
    widgets = list(fields[name].get("/Kids", [fields[name]]))
    dark = 0
    for number, page in enumerate(document):
        picture = page.render(scale=2, may_draw_forms=True).to_pil().convert("L")
        for it in widgets:
            if it.P.objgen != open_pdf(pdf).pages[number].obj.objgen:
                continue
            x0, y0, x1, y1 = (2 * float(edge) for edge in it.Rect)
            part = picture.crop((int(x0) + 3, picture.height - int(y1) + 3, int(x1) - 3, picture.height - int(y0) - 3))
            dark += sum(part.histogram()[:100])
    document.close()
    return dark


@pytest.mark.parametrize("name", [name for name in FILLED if name != "response"])
def test_what_is_filled_in_is_seen(name: str, empty: bytes, filled: bytes) -> None:
    assert dark_pixels(filled, name) > dark_pixels(empty, name) + 20


# ------------------------------------------------------------------------------------------ room

FONT = load_field_font()


def running_texts() -> Iterator[str]:
    """Yield the sentences of the mirror cards one after the other, from many starts."""
    cards = sorted((ROOT / "content/dimensions").glob("*.yml"))
    lines = [line.strip(" -") for card in cards for line in card.read_text("utf-8").splitlines() if len(line) > 60]
    text = "".join(letter for letter in " ".join(lines) if letter in FONT.codes)
    words = [index + 1 for index, letter in enumerate(text) if letter == " "]
    return (text[start:] for start in words[: len(words) // 2 : 23])


@pytest.mark.parametrize(
    ("width", "height", "area"),
    [(60, 20, False), (150, 20, False), (350, 20, False), (150, 60, True), (350, 120, True), (480, 40, True)],
)
def test_as_many_letters_as_may_be_typed_fit_the_box(width: float, height: float, area: bool) -> None:
    size = Size(width, height)
    room = count_letters(FONT, size, area=area)
    texts = [text[:room] for text in running_texts()]
    fitting = sum(fits(FONT, text, size, area=area) for text in texts)
    assert len(texts) > 50
    assert fitting >= 0.85 * len(texts), "mean letters, so nearly every text"
    more = sum(fits(FONT, text[: int(room * 1.25) + 4], size, area=area) for text in running_texts())
    assert more < 0.15 * len(texts), "the count is no needless limit"


def test_lines_break_at_spaces_and_inside_a_word_that_is_too_long() -> None:
    width = FONT.measure("aaaa", 10) + 0.01
    assert FONT.wrap("aa aa aaaaaaaaaa\n\na", 10, width) == ["aa", "aa", "aaaa", "aaaa", "aa", "", "a"]


# ------------------------------------------------------------------------------------------ the font


def test_the_table_of_the_font_says_what_the_font_file_says() -> None:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(FONT.program))
    glyphs = font.getBestCmap()
    widths = {letter: font["hmtx"][glyphs[ord(letter)]][0] for letter in FONT.codes}
    assert widths == {letter: FONT.widths[code] for letter, code in FONT.codes.items()}
    assert len(set(FONT.codes.values())) == len(FONT.codes) == 217 + 34
    assert not any("Source" in str(it) for it in font["name"].names if it.nameID in (1, 3, 4, 6, 16))
    assert not (ROOT / "assets/fonts" / "FieldSans.ttf").exists()


def test_the_font_is_what_its_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its outlines and its table, not its bytes: those also depend on the version of fontTools."""
    from fontTools.ttLib import TTFont

    spec = importlib.util.spec_from_file_location("make_field_font", ROOT / "assets/field-font/make.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "HERE", tmp_path)
    script.main()
    once = (tmp_path / "FieldSans.ttf").read_bytes()
    script.main()
    assert (tmp_path / "FieldSans.ttf").read_bytes() == once
    folder = ROOT / "assets/field-font"
    assert (tmp_path / "FieldSans.json").read_text("utf-8") == (folder / "FieldSans.json").read_text("utf-8")
    made, kept = TTFont(tmp_path / "FieldSans.ttf"), TTFont(folder / "FieldSans.ttf")
    assert all(made["glyf"][name] == kept["glyf"][name] for name in kept.getGlyphOrder())
    assert made.getGlyphOrder() == kept.getGlyphOrder()


def test_text_of_a_field_can_be_copied(filled: bytes) -> None:
    """Draw the looks as page content: what comes out goes through the character map of the font."""

    def paint(pdf: pikepdf.Pdf) -> None:
        look = next(it for it in pdf.Root.AcroForm.Fields if it.T == "school").AP.N
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Look=look))
        pdf.pages[0].obj.Contents = pdf.make_stream(b"/Look Do")

    assert pypdf.PdfReader(io.BytesIO(change(filled, paint))).pages[0].extract_text().strip() == FILLED["school"]


# ------------------------------------------------------------------------------------------ scripts

NODE = shutil.which("node")
MEAN, GAP = FORM.fields[9], FORM.fields[10]


@pytest.mark.skipif(not NODE, reason="no node, which runs the scripts of the form")
@pytest.mark.parametrize(
    ("field", "answers", "shown"),
    [
        (MEAN, {"D1-S1": "3", "D1-S2": "2", "D1-S3": "2", "D1-S4": "weet-ik-niet"}, "2,3"),
        (MEAN, {"D1-S1": 4, "D1-S2": 4, "D1-S3": 4, "D1-S4": 4}, "4,0"),
        (MEAN, {"D1-S1": "3", "D1-S2": "2", "D1-S3": "Off", "D1-S4": ""}, "–"),
        (MEAN, {}, "–"),
        (MEAN, {"D1-S1": "3", "D1-S2": "2", "D1-S3": "4-jaar", "D1-S4": " "}, "–"),
        (GAP, {"D1-gewenst": "4", "D1-S1": "3", "D1-S2": "2", "D1-S3": "2"}, "+1,7"),
        (GAP, {"D1-gewenst": "1", "D1-S1": "3", "D1-S2": "2", "D1-S3": "2"}, "−1,3"),
        (GAP, {"D1-gewenst": "2", "D1-S1": "2", "D1-S2": "2", "D1-S3": "2"}, "0,0"),
        (GAP, {"D1-gewenst": "weet-ik-niet", "D1-S1": "3", "D1-S2": "2", "D1-S3": "2"}, "–"),
        (GAP, {"D1-gewenst": "4", "D1-S1": "3", "D1-S2": "2"}, "–"),
    ],
)
def test_a_calculation_counts_numbers_only(field: Field, answers: dict[str, object], shown: str) -> None:
    world = f"""
    const answers = {json.dumps(answers)}, event = {{}};
    const doc = {{getField: name => name in answers ? {{value: answers[name]}} : null}};
    new Function("event", {json.dumps(write_calculation(field, WORDS))}).call(doc, event);
    console.log(event.value);
    """
    run = subprocess.run([str(NODE), "-e", world], capture_output=True, text=True, encoding="utf-8", check=True)
    assert run.stdout.strip() == shown


# ------------------------------------------------------------------------------------------ validators


def fill_with_pypdf(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    states = {"D1-S1": "/3", "D1-S2": "/weet-ik-niet", "akkoord": "/yes"}
    texts = {key: FILLED[key] for key in ("school", "datum", "aantal", "rol")}
    for page in writer.pages:
        writer.update_page_form_field_values(page, {**texts, **states}, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_form_is_valid_pdf_ua(empty: bytes, filled: bytes, tmp_path: Path) -> None:
    assert failures(empty, tmp_path) == ALLOWED
    assert failures(filled, tmp_path) == ALLOWED


def test_a_form_that_a_program_filled_in_is_valid_and_says_what_was_filled_in(empty: bytes, tmp_path: Path) -> None:
    saved = fill_with_pypdf(empty)
    assert failures(saved, tmp_path) == ALLOWED
    fields = read_fields(saved)
    assert {key: str(fields[key].V) for key in ("school", "rol", "D1-S1", "akkoord")} == {
        "school": FILLED["school"], "rol": "school", "D1-S1": "/3", "akkoord": "/yes"
    }  # fmt: skip
    on = [str(kid.AS) for kid in fields["D1-S2"].Kids]
    assert on == ["/Off", "/Off", "/Off", "/Off", "/weet-ik-niet"]
    assert dark_pixels(saved, "school") > dark_pixels(empty, "school") + 20


def test_the_validator_finds_a_widget_without_a_name_out(empty: bytes, tmp_path: Path) -> None:
    def forget(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[0].Annots[0]["/TU"]

    assert len(failures(change(empty, forget), tmp_path)) > len(ALLOWED)


@needs_verapdf
def test_forms_are_valid_pdf_ua_for_verapdf(empty: bytes, filled: bytes, tmp_path: Path) -> None:
    good = {"empty": empty, "filled": filled, "saved": fill_with_pypdf(empty), "again": fill_with_pypdf(filled)}
    require_verapdf(good, tmp_path)
    bad = change(empty, lambda pdf: pdf.pages[0].obj.__setitem__("/Tabs", pikepdf.Name.R))
    assert "NOT OK" in run_verapdf({"bad": bad}, tmp_path)
