"""Small black overprints, and nothing else does: pages that Typst made, finished, and read by another walker."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import typst
from pikepdf import Array, Dictionary, Name

from pipeline.pdf.marks import Mark
from pipeline.pdf.overprint import Small, overprint_black
from pipeline.pdf.painted import read_painted
from pipeline.pdf.press import finish_print
from pipeline.preflight.pixels import open_pages, rasterise
from pipeline.resources import PACKAGED
from tests.samples import PRESS, change, form, image, make_pdf, tiling

BEGIN = """
#set page(width: 200pt, height: 100pt, bleed: 10pt)
#let k = cmyk(0%, 0%, 0%, 100%)
#let white = cmyk(0%, 0%, 0%, 0%)
#let red = cmyk(0%, 100%, 100%, 0%)
#set text(font: "Source Sans 3", size: 9pt, fill: k)
"""


@lru_cache(maxsize=1)
def load_fonts() -> Any:
    folder = str(PACKAGED / "assets/fonts")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def typeset(source: str) -> bytes:
    return typst.compile((BEGIN + source).encode(), font_paths=load_fonts(), pdf_tags=False, timestamp=0)


def marks_of(pdf: bytes) -> list[Mark]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [mark for page in document.pages for mark in read_painted(page).marks]


def overprints(pdf: bytes) -> list[tuple[str, bool]]:
    """(paint, whether it overprints) of every mark."""
    return [(mark.paint, mark.overprints) for mark in marks_of(pdf)]


def finished(source: str) -> list[tuple[str, bool]]:
    return overprints(finish_print(typeset(source), PRESS))


CASES = {
    "text below 12 pt": ("#text(size: 11.9pt)[a]", [("text", True)]),
    "text of 12 pt": ("#text(size: 12pt)[a]", [("text", False)]),
    "text made small": ("#scale(50%, text(size: 20pt)[a])", [("text", True)]),
    "text made large": ("#scale(200%, text(size: 9pt)[a])", [("text", False)]),
    "text made large in one direction": ("#scale(x: 100%, y: 200%, text(size: 9pt)[a])", [("text", False)]),
    "text turned": ("#rotate(30deg, text(size: 11.9pt)[a])", [("text", True)]),
    "large text turned": ("#rotate(30deg, text(size: 12.1pt)[a])", [("text", False)]),
    "coloured text": ("#text(fill: red)[a]", [("text", False)]),
    "dark grey text": ("#text(fill: cmyk(0%, 0%, 0%, 90%))[a]", [("text", False)]),
    "rich black text": ("#text(fill: cmyk(50%, 0%, 0%, 100%))[a]", [("text", False)]),
    "white text on black": (
        "#rect(fill: k, width: 50pt, height: 20pt, text(fill: white)[a])",
        [("fill", False), ("text", False)],
    ),
    "black text with a coloured edge": ("#text(stroke: .2pt + red)[a]", [("text", True), ("text", False)]),
    "coloured text with a black edge": ("#text(fill: red, stroke: .2pt + k)[a]", [("text", False), ("text", True)]),
    "a line": ("#line(stroke: 1.9pt + k)", [("stroke", True)]),
    "a line of 1 pt, which nobody says": ("#line(stroke: 1pt + k)", [("stroke", True)]),
    "a thick line": ("#line(stroke: 2.1pt + k)", [("stroke", False)]),
    "a thick line made thin": ("#scale(50%, line(stroke: 3pt + k))", [("stroke", True)]),
    "a thin line made thick": ("#scale(200%, line(stroke: 1.5pt + k))", [("stroke", False)]),
    "a dashed line": ('#line(stroke: (paint: k, thickness: 1pt, dash: "dashed"))', [("stroke", True)]),
    "a coloured line": ("#line(stroke: 1pt + red)", [("stroke", False)]),
    "a white box with a black edge": ("#rect(fill: white, stroke: .5pt + k)", [("fill", False), ("stroke", True)]),
    "a black box with a black edge": ("#rect(fill: k, stroke: .5pt + k)", [("fill", False), ("stroke", True)]),
    "a thin rectangle": ("#rect(fill: k, width: 50pt, height: 1.9pt)", [("fill", True)]),
    "a thick rectangle": ("#rect(fill: k, width: 50pt, height: 2.1pt)", [("fill", False)]),
    "a thin rectangle, upright": ("#rect(fill: k, width: 1pt, height: 50pt)", [("fill", True)]),
    "a dot": ("#circle(fill: k, radius: .5pt)", [("fill", False)]),
    "modules of a code": ("#rect(fill: k, width: 1.4pt, height: 1.4pt)", [("fill", False)]),
    "a fill after text": ("a #rect(fill: red, width: 9pt, height: 9pt)", [("text", True), ("fill", False)]),
    "invisible text": ("#hide[a]#text(size: 20pt)[b]", [("text", False)]),
    "a pattern": (
        "#rect(width: 50pt, height: 50pt, fill: tiling(size: (10pt, 10pt), [#text(size: 5pt, fill: k)[a] "
        "#place(rect(fill: red, width: 3pt, height: 3pt)) #place(line(stroke: 1pt + k))]))",
        [("text", True), ("fill", False), ("stroke", True)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_only_small_black_overprints(name: str) -> None:
    source, expected = CASES[name]
    assert sorted(set(finished(source))) == sorted(expected)


def test_what_overprints_leaves_the_other_inks() -> None:
    found = marks_of(finish_print(typeset("a"), PRESS))
    assert [(mark.overprints, mark.keeps) for mark in found] == [(True, True)]


def test_the_limits_are_those_of_the_shop() -> None:
    with pikepdf.open(io.BytesIO(typeset("#text(size: 9pt)[a] #line(stroke: 1pt + k)"))) as pdf:
        assert overprint_black(pdf, Small(text=8, line=1.5)) == 1


FONT = Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Good))
DRAWN = Dictionary(
    F=Dictionary(Type=Name.Font, Subtype=Name.Type3, FontMatrix=[1, 0, 0, 1, 0, 0], CharProcs=Dictionary())
)
SMALL_TEXT = b"0 0 0 1 k BT /F 8 Tf (x) Tj ET"


def with_font(**keys: Any) -> Dictionary:
    return Dictionary(Font=FONT, **keys)


def drawing(content: bytes, inner: bytes = SMALL_TEXT) -> bytes:
    return make_pdf(content, lambda pdf: Dictionary(XObject=Dictionary(X=form(pdf, inner, with_font()))))


BY_HAND: dict[str, tuple[bytes, list[tuple[str, bool]]]] = {
    "state that is kept": (make_pdf(b"0 0 0 1 k q BT /F 8 Tf (x) Tj ET Q 0 0 9 9 re f", with_font()), [("text", True), ("fill", False)]),
    "state without q": (make_pdf(SMALL_TEXT + b" 1 0 0 0 k BT (x) Tj ET 1 0 0 0 K 0 0 9 9 re S", with_font()), [("text", True), ("text", False), ("stroke", False)]),
    "colour set anew in q": (make_pdf(SMALL_TEXT + b" q 1 0 0 0 k BT (x) Tj ET Q BT (x) Tj ET", with_font()), [("text", True), ("text", False)]),
    "a form": (drawing(b"/X Do"), [("text", True)]),
    "a form made small": (drawing(b"q .5 0 0 .5 0 0 cm /X Do Q", SMALL_TEXT.replace(b"8", b"20")), [("text", True)]),
    "a form in two sizes": (drawing(b"q .5 0 0 .5 0 0 cm /X Do Q q 2 0 0 2 0 0 cm /X Do Q"), [("text", False)]),
    "a form after black text": (drawing(b"/X Do", b"1 0 0 0 k 0 0 9 9 re f"), [("fill", False)]),
    "black of a Separation": (make_pdf(b"/C cs 1 scn BT /F 8 Tf (x) Tj ET", with_font(ColorSpace=Dictionary(C=Array([Name.Separation, Name.Black, Name.DeviceCMYK, 0])))), [("text", False)]),
    "grey black": (make_pdf(b"0 g BT /F 8 Tf (x) Tj ET", with_font()), [("text", False)]),
    "letters that are drawings": (make_pdf(SMALL_TEXT, Dictionary(Font=DRAWN)), [("text", False)]),
    "text that is not shown": (make_pdf(b"BT 3 Tr /F 8 Tf (x) Tj ET 0 0 0 1 k 0 0 9 9 re f", with_font()), [("fill", False)]),
    "brackets in brackets": (make_pdf(rb"0 0 0 1 k BT /F 8 Tf [(a(b(c)\)d)) -3 <00 41>] TJ ET", with_font()), [("text", True)]),
    "a picture after text": (make_pdf(SMALL_TEXT + b" /I Do", lambda pdf: with_font(XObject=Dictionary(I=image(pdf, Name.DeviceCMYK, 4)))), [("text", True), ("image", False)]),
    "marked content": (make_pdf(b"/Span <</ActualText (a)>> BDC " + SMALL_TEXT + b" EMC", with_font()), [("text", True)]),
    "a page that says so itself": (make_pdf(b"/O gs " + SMALL_TEXT, with_font(ExtGState=Dictionary(O=Dictionary(OP=False)))), [("text", False)]),
    "samples of a picture": (make_pdf(b"BI /W 1 /H 1 /BPC 8 /CS /CMYK ID abcd EI " + SMALL_TEXT, with_font()), [("image", False), ("text", False)]),
    "rectangles, one of them thick": (make_pdf(b"0 0 0 1 k 0 0 90 1 re 0 9 90 20 re f"), [("fill", False)]),
    "rectangles, all thin": (make_pdf(b"0 0 0 1 k 0 0 90 1 re 0 9 90 1.5 re f"), [("fill", True)]),
    "a clip before a line": (make_pdf(b"0 0 0 1 k 0 0 90 1 re W n 0 9 90 20 re f"), [("fill", False)]),
    "a page in inches": (make_pdf(SMALL_TEXT, with_font(), UserUnit=2), [("text", False)]),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_the_state_is_followed(name: str) -> None:
    pdf, expected = BY_HAND[name]
    assert sorted(set(overprints(finish_print(pdf, PRESS)))) == sorted(expected)


def test_forms_that_are_finished_pages_are_left_alone() -> None:
    assert overprints(finish_print(drawing(b"/X Do"), PRESS, forms=False)) == [("text", False)]


def test_a_form_that_draws_itself_ends() -> None:
    def loop(pdf: pikepdf.Pdf) -> None:
        inner = pdf.pages[0].obj.Resources.XObject.X
        inner.Resources.XObject = Dictionary(X=inner)

    pdf = change(drawing(b"/X Do", b"q 2 0 0 2 0 0 cm /X Do Q"), loop)
    assert overprints(finish_print(pdf, PRESS)) == []


def test_a_pattern_keeps_to_its_own_frame() -> None:
    """Its matrix counts, that of the page where it is painted does not (ISO 32000-2 8.7.3.1)."""

    def resources(pdf: pikepdf.Pdf) -> Dictionary:
        pattern = tiling(pdf, b"0 0 0 1 K 1.5 w 0 0 m 9 9 l S")
        pattern.Matrix = Array([2, 0, 0, 2, 0, 0])
        return Dictionary(Pattern=Dictionary(P=tiling(pdf, b"0 0 0 1 K 1.5 w 0 0 m 9 9 l S"), Q=pattern))

    content = b"q 3 0 0 3 0 0 cm /Pattern cs /%b scn 0 0 9 9 re f Q"
    assert overprints(finish_print(make_pdf(content % b"P", resources), PRESS)) == [("stroke", True)]
    assert overprints(finish_print(make_pdf(content % b"Q", resources), PRESS)) == [("stroke", False)]


def test_a_page_without_small_black_keeps_its_bytes() -> None:
    pdf = typeset("#text(size: 20pt)[a] #rect(fill: red)")
    with pikepdf.open(io.BytesIO(pdf)) as before, pikepdf.open(io.BytesIO(finish_print(pdf, PRESS))) as after:
        assert before.pages[0].Contents.read_bytes() == after.pages[0].Contents.read_bytes()


def test_finishing_twice_changes_no_page() -> None:
    once = finish_print(typeset("a #line(stroke: 1pt + k) #rect(fill: red)"), PRESS)
    with pikepdf.open(io.BytesIO(once)) as pdf:
        assert overprint_black(pdf, Small()) == 0


def written(content: bytes) -> bytes:
    """The content of a page, finished."""
    with pikepdf.open(io.BytesIO(finish_print(make_pdf(content, with_font()), PRESS))) as document:
        return bytes(document.pages[0].Contents.read_bytes())


def test_nothing_is_said_twice() -> None:
    small = b"BT /F 8 Tf (a) Tj ET "
    found = written(b"0 0 0 1 k " + small + small + b"q " + small + b"1 0 0 0 k 0 0 9 9 re f Q " + small)
    assert (found.count(b"DwFill gs"), found.count(b"DwKnock gs"), found.count(b" gs")) == (1, 1, 2)


def test_the_state_is_set_before_a_path_and_not_in_it() -> None:
    words = written(b"0 0 0 1 K 1 w 0 0 m 9 9 l 20 0 l S 1 0 0 0 K 5 5 m 9 9 l 20 5 l S").split()
    assert words.index(b"gs") < words.index(b"m")
    assert words[len(words) - 1 - words[::-1].index(b"gs") :][1:4] == [b"5", b"5", b"m"]


def test_streams_in_an_array_are_one_content() -> None:
    def split(document: pikepdf.Pdf) -> None:
        parts = (b"0 0 0 1 k BT /F 8 Tf", b"(a) Tj ET 0 0 0 0 k 0 0 9 9 re f")
        document.pages[0].obj.Contents = Array([document.make_stream(part) for part in parts])

    pdf = finish_print(change(make_pdf(b"", with_font()), split), PRESS)
    assert sorted(overprints(pdf)) == [("fill", False), ("text", True)]


@pytest.mark.parametrize("name", ["spiegelkaarten", "werkwijzer-leraar", "poster-dimensies"])
def test_pages_look_as_before(name: str, default_project: Path) -> None:
    """On a screen nothing shows of it: without the states, the same pixels come out."""
    finished = (default_project / f"build/print/{name}.pdf").read_bytes()

    def undo(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            states: Any = page.resources.get("/ExtGState", {})
            for key in [str(it) for it, _ in states.items() if str(it).startswith("/Dw")]:
                states[key] = Dictionary(Type=Name.ExtGState)

    with open_pages(finished) as one, open_pages(change(finished, undo)) as other:
        for number in range(0, min(len(one), 4)):
            assert rasterise(one, number, 60).tobytes() == rasterise(other, number, 60).tobytes()
