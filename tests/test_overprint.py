"""Small black overprints, and nothing else does: pages set by Typst, and pages made by hand."""

from __future__ import annotations

import io

import pikepdf
import pytest
import typst
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.pdf.overprint import Small, overprint_black
from pipeline.pdf.painted import read_painted
from pipeline.preflight.pixels import open_pages, rasterise
from tests.samples import form, make_pdf, tiling

K, WHITE, COLOUR, RICH = "0%, 0%, 0%, 100%", "0%, 0%, 0%, 0%", "90%, 40%, 0%, 0%", "30%, 0%, 0%, 100%"


def finish(pdf: bytes, forms: bool = True) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            overprint_black(document, page, Small(), forms)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def marks(pdf: bytes) -> list[tuple[str, bool]]:
    """What is painted in which order is not told here; how each kind is painted is."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return sorted({(mark.paint, mark.overprints and mark.keeps) for mark in read_painted(document.pages[0]).marks})


def set_page(body: str) -> bytes:
    source = f'#set page(width: 100mm, height: 100mm, margin: 5mm)\n#set text(font: "Libertinus Serif")\n{body}'
    return typst.compile(source.encode(), pdf_tags=False)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"#text(size: 11.9pt, fill: cmyk({K}))[a]", [("text", True)]),
        (f"#text(size: 12pt, fill: cmyk({K}))[a]", [("text", False)]),
        (f"#scale(50%, text(size: 20pt, fill: cmyk({K}))[a])", [("text", True)]),
        (f"#scale(200%, text(size: 8pt, fill: cmyk({K}))[a])", [("text", False)]),
        (f"#rotate(30deg, text(size: 8pt, fill: cmyk({K}))[a])", [("text", True)]),
        (f"#text(size: 8pt, fill: cmyk({WHITE}))[a]", [("text", False)]),
        (f"#text(size: 8pt, fill: cmyk({COLOUR}))[a]", [("text", False)]),
        (f"#text(size: 8pt, fill: cmyk({RICH}))[a]", [("text", False)]),
        (f"#line(length: 20mm, stroke: 1.9pt + cmyk({K}))", [("stroke", True)]),
        (f"#line(length: 20mm, stroke: 2.1pt + cmyk({K}))", [("stroke", False)]),
        (f"#scale(50%, line(length: 20mm, stroke: 3pt + cmyk({K})))", [("stroke", True)]),
        (f"#rect(width: 20mm, height: 1.5pt, fill: cmyk({K}))", [("fill", True)]),
        (f"#rect(width: 20mm, height: 2.5pt, fill: cmyk({K}))", [("fill", False)]),
        (f"#rect(width: 1.4pt, height: 1.4pt, fill: cmyk({K}))", [("fill", False)]),  # a module of a QR code
    ],
)
def test_black_overprints_below_its_size_and_in_black_alone(body: str, expected: list[tuple[str, bool]]) -> None:
    before = set_page(body)
    assert all(not overprints for _, overprints in marks(before))
    assert marks(finish(before)) == expected


def test_what_is_painted_after_small_black_does_not_overprint_any_more() -> None:
    content = b"0 0 0 1 k BT /F0 8 Tf (a) Tj ET 1 0 0 0 k 0 0 50 50 re f 0 0 0 0 k BT /F0 8 Tf (b) Tj ET"
    found = marks(finish(make_pdf(content, Dictionary())))
    assert found == [("fill", False), ("text", False), ("text", True)]


def test_saved_states_are_followed_and_nothing_is_said_twice() -> None:
    small = b"BT /F0 8 Tf (a) Tj ET "
    content = b"0 0 0 1 k " + small + small + b"q " + small + b"1 0 0 0 k 0 0 9 9 re f Q " + small
    with pikepdf.open(io.BytesIO(finish(make_pdf(content)))) as document:
        written = document.pages[0].Contents.read_bytes()
    assert (written.count(b"DwOn gs"), written.count(b"DwOff gs")) == (1, 1)
    assert marks(finish(make_pdf(content))) == [("fill", False), ("text", True)]


def test_the_state_is_set_before_a_path_and_not_in_it() -> None:
    content = b"0 0 0 1 K 1 w 0 0 m 9 9 l 20 0 l S 1 0 0 0 k 5 5 m 9 9 l 20 5 l f"
    with pikepdf.open(io.BytesIO(finish(make_pdf(content)))) as document:
        words = document.pages[0].Contents.read_bytes().split()
    assert words.index(b"gs") < words.index(b"m")
    assert words[len(words) - 1 - words[::-1].index(b"gs") :][1:4] == [b"5", b"5", b"m"]


def test_forms_and_patterns_are_followed_and_leave_overprint_off() -> None:
    def resources(pdf: pikepdf.Pdf) -> Dictionary:
        inner = form(pdf, b"0 0 0 1 k BT /F0 8 Tf (a) Tj ET 0 0 0 0 k 0 0 9 9 re f")
        cell = tiling(pdf, b"0 0 0 1 K 1 w 0 0 m 9 9 l S")
        return Dictionary(XObject=Dictionary(X=inner), Pattern=Dictionary(P=cell))

    content = b"0 0 0 1 k BT /F0 8 Tf (a) Tj ET /X Do /Pattern cs /P scn 0 0 50 50 re f"
    pdf = make_pdf(content, resources)
    assert marks(finish(pdf)) == [("fill", False), ("stroke", True), ("text", True)]
    assert marks(finish(pdf, forms=False)) == [("fill", False), ("stroke", False), ("text", False), ("text", True)]


def test_what_is_finished_is_left_alone() -> None:
    once = finish(make_pdf(b"0 0 0 1 k BT /F0 8 Tf (a) Tj ET 1 0 0 0 k 0 0 50 50 re f"))
    with pikepdf.open(io.BytesIO(once)) as document:
        assert overprint_black(document, document.pages[0], Small()) == 0


def test_an_image_after_small_black_does_not_overprint() -> None:
    def resources(pdf: pikepdf.Pdf) -> Dictionary:
        picture = Stream(pdf, bytes(4), Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
        picture.ColorSpace = Name.DeviceCMYK
        return Dictionary(XObject=Dictionary(I=picture))

    found = marks(finish(make_pdf(b"0 0 0 1 k BT /F0 8 Tf (a) Tj ET q 9 0 0 9 0 0 cm /I Do Q", resources)))
    assert found == [("image", False), ("text", True)]


def test_streams_in_an_array_are_one_content() -> None:
    with pikepdf.open(io.BytesIO(make_pdf(b""))) as document:
        parts = (b"0 0 0 1 k BT /F0 8 Tf", b"(a) Tj ET 0 0 0 0 k 0 0 9 9 re f")
        document.pages[0].obj.Contents = Array([document.make_stream(part) for part in parts])
        out = io.BytesIO()
        document.save(out)
    assert marks(finish(out.getvalue())) == [("fill", False), ("text", True)]


def test_the_page_looks_as_before() -> None:
    body = f"#rect(width: 60mm, height: 30mm, fill: cmyk({WHITE}))[#text(size: 9pt, fill: cmyk({K}))[Wat je ziet]]"
    before = set_page(body)
    with open_pages(before) as one, open_pages(finish(before)) as other:
        assert rasterise(one, 0, 150).tobytes() == rasterise(other, 0, 150).tobytes()
