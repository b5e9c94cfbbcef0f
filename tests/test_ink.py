"""Ink coverage: patches of 290 and 310 % are told apart, however they are painted."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from pipeline.pdf.inspect import inspect_pdf
from pipeline.preflight import Subject
from pipeline.preflight.ink import Coverage, bound_ink, check_ink, measure_ink, measure_pages
from pipeline.preflight.inks import check_colour_spaces
from pipeline.shop import Shop
from tests.samples import EXPECTED, form, icc_space, make_pdf, tiling

PAGE: dict[str, Any] = {"MediaBox": [0, 0, 220, 220], "BleedBox": [10, 10, 210, 210], "TrimBox": [20, 20, 200, 200]}
LESS, MORE = (0.8, 0.7, 0.7, 0.7), (0.8, 0.8, 0.8, 0.7)  # 290 and 310 %
PATCH = b"60 60 60 60 re f "  # 21 mm
Colour = tuple[float, ...]


def ink(colour: Colour) -> bytes:
    return b"%.3f %.3f %.3f %.3f k " % colour


def measure(content: bytes, resources: Any = None, **keys: Any) -> Coverage:
    return measure_ink(make_pdf(content, resources, **{**PAGE, **keys}), 0)


def jpeg(colour: Colour) -> bytes:
    out = io.BytesIO()
    Image.new("CMYK", (64, 64), tuple(round(255 * value) for value in colour)).save(out, "JPEG", quality=95)
    return out.getvalue()


def placed(pdf: pikepdf.Pdf, data: bytes, size: int, **keys: Any) -> Stream:
    return Stream(pdf, data, Type=Name.XObject, Subtype=Name.Image, Width=size, Height=size, **keys)


def ways(pdf: pikepdf.Pdf, colour: Colour) -> Dictionary:
    """Every way to paint a patch: forms, patterns, shadings, images, spaces, states."""
    flat = Dictionary(FunctionType=2, Domain=[0, 1], C0=list(colour), C1=list(colour), N=1)
    stitched = Dictionary(FunctionType=3, Domain=[0, 1], Functions=[flat, flat], Bounds=[0.5], Encode=[0, 1, 0, 1])
    table = bytes(round(255 * value) for value in colour)
    sampled = Stream(pdf, table * 2, FunctionType=0, Domain=[0, 1], Range=[0, 1] * 4, Size=[2], BitsPerSample=8)
    each = Array([Dictionary(FunctionType=2, Domain=[0, 1], C0=[v], C1=[v], N=1) for v in colour])

    def axial(function: Any, space: Any = Name.DeviceCMYK) -> Dictionary:
        made = Dictionary(ShadingType=2, ColorSpace=space, Coords=[0, 0, 220, 0], Function=function)
        made.Extend = Array([True, True])
        return made

    inside = form(pdf, ink(colour) + PATCH)
    inside.BBox = Array([0, 0, 220, 220])
    nested = form(pdf, b"/X Do", Dictionary(XObject=Dictionary(X=inside)))
    nested.BBox = Array([0, 0, 220, 220])
    inherits = form(pdf, PATCH)
    inherits.BBox = Array([0, 0, 220, 220])
    plain = {"BitsPerComponent": 8, "ColorSpace": Name.DeviceCMYK}
    uncoloured = tiling(pdf, b"0 0 9 9 re f")
    uncoloured.PaintType = 2
    mask = form(pdf, b"1 g 0 0 220 220 re f")
    mask.BBox = Array([0, 0, 220, 220])
    mask.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    return Dictionary(
        XObject=Dictionary(
            X=inside, Y=nested, H=inherits,
            I=placed(pdf, table, 1, **plain),
            J=placed(pdf, jpeg(colour), 64, Filter=Name.DCTDecode, Decode=[1, 0] * 4, **plain),
            T=placed(pdf, b"\0", 1, BitsPerComponent=8, ColorSpace=Array([Name.Indexed, Name.DeviceCMYK, 0, pikepdf.String(table)])),
        ),
        Pattern=Dictionary(
            P=tiling(pdf, ink(colour) + b"0 0 9 9 re f"), U=uncoloured,
            S=Dictionary(PatternType=2, Shading=axial(stitched)),
        ),
        Shading=Dictionary(A=axial(flat), B=axial(stitched), C=axial(sampled), D=axial(each)),
        ColorSpace=Dictionary(
            I=icc_space(pdf, 4), U=Array([Name.Pattern, Name.DeviceCMYK]),
            N=Array([Name.DeviceN, Array([Name.Black, Name.Cyan, Name.Yellow, Name.Magenta]), Name.DeviceCMYK, 0]),
            K=Array([Name.Separation, Name.Black, Name.DeviceCMYK, 0]),
        ),
        ExtGState=Dictionary(
            O=Dictionary(OP=True, OPM=1), M=Dictionary(BM=Name.Multiply), H=Dictionary(ca=0.5),
            S=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask)),
        ),
    )  # fmt: skip


def cmy(colour: Colour) -> bytes:
    return b"%.3f %.3f %.3f 0 k " % colour[:3] + PATCH


WAYS: dict[str, Any] = {
    "fill": lambda colour: ink(colour) + PATCH,
    "form": lambda colour: b"/X Do",
    "form in a form": lambda colour: b"/Y Do",
    "form in the colour of the caller": lambda colour: ink(colour) + b"/H Do",
    "tiling pattern": lambda colour: b"/Pattern cs /P scn " + PATCH,
    "uncoloured pattern": lambda colour: b"/U cs %.3f %.3f %.3f %.3f /U scn " % colour + PATCH,
    "shading pattern": lambda colour: b"/Pattern cs /S scn " + PATCH,
    "shading": lambda colour: b"q 60 60 60 60 re W n /A sh Q",
    "stitched shading": lambda colour: b"q 60 60 60 60 re W n /B sh Q",
    "sampled shading": lambda colour: b"q 60 60 60 60 re W n /C sh Q",
    "shading of four functions": lambda colour: b"q 60 60 60 60 re W n /D sh Q",
    "image": lambda colour: b"q 60 0 0 60 60 60 cm /I Do Q",
    "JPEG": lambda colour: b"q 60 0 0 60 60 60 cm /J Do Q",
    "indexed image": lambda colour: b"q 60 0 0 60 60 60 cm /T Do Q",
    "stencil": lambda colour: ink(colour) + b"q 60 0 0 60 60 60 cm BI /W 1 /H 1 /IM true /BPC 1 ID \0 EI Q",
    "CMYK with a profile": lambda colour: b"/I cs %.3f %.3f %.3f %.3f scn " % colour + PATCH,
    "DeviceN of the press": lambda colour: b"/N cs %.3f %.3f %.3f %.3f scn " % (colour[3], colour[0], colour[2], colour[1]) + PATCH,
    "black overprints": lambda colour: cmy(colour) + b"/O gs 0 0 0 %.3f k " % colour[3] + PATCH,
    "Separation Black overprints": lambda colour: cmy(colour) + b"/O gs /K cs %.3f scn " % colour[3] + PATCH,
    "cyan overprints": lambda colour: b"0 %.3f %.3f %.3f k " % colour[1:] + PATCH + b"/O gs %.3f 0 0 0 k " % colour[0] + PATCH,
    "thick line overprints": lambda colour: cmy(colour) + b"/O gs 0 0 0 %.3f K 60 w 60 90 m 120 90 l S" % colour[3],
    "black is multiplied": lambda colour: cmy(colour) + b"/M gs 0 0 0 %.3f k " % colour[3] + PATCH,
    "multiplied with white": lambda colour: ink(colour) + PATCH + b"/M gs 0 0 0 0 k " + PATCH,
    "through a soft mask": lambda colour: b"/S gs " + ink(colour) + PATCH,
    "half of it, twice": lambda colour: ink(colour) + PATCH + b"/H gs " + ink(colour) + PATCH,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_290_and_310_percent_are_told_apart(way: str) -> None:
    for colour, expected in ((LESS, 290), (MORE, 310)):
        found = measure(WAYS[way](colour), lambda pdf, colour=colour: ways(pdf, colour))
        assert found.percent == pytest.approx(expected, abs=1.5)
        assert found.unchecked == ()


KNOCKED_OUT: dict[str, bytes] = {
    "black knocks out": cmy(MORE) + b"0 0 0 .9 k " + PATCH,
    "black without OPM 1 knocks out": cmy(MORE) + b"/Z gs 0 0 0 .9 k " + PATCH,
    "white on top": ink(MORE) + PATCH + b"0 0 0 0 k " + PATCH,
    "a line of 3 mm": ink(MORE) + b"60 60 8.5 120 re f",
    "outside the bleed": ink(MORE) + b"0 0 9 220 re f",
}


@pytest.mark.parametrize("case", KNOCKED_OUT)
def test_what_prints_less_is_measured_as_less(case: str) -> None:
    settings = Dictionary(ExtGState=Dictionary(Z=Dictionary(OP=True, OPM=0)))
    assert measure(KNOCKED_OUT[case], settings).percent < 245


def test_the_place_of_the_most_ink_is_told() -> None:
    found = measure(ink(MORE) + b"130 140 60 60 re f " + ink(LESS) + b"20 20 60 60 re f")
    assert found.box is not None
    assert 129 < found.box.x0 < found.box.x1 < 191
    assert 139 < found.box.y0 < found.box.y1 < 201


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("colour", [LESS, MORE])
def test_the_bound_is_never_under_what_is_measured(way: str, colour: Colour) -> None:
    content = WAYS[way](colour)
    pdf = make_pdf(content, lambda it: ways(it, colour), **PAGE)
    bound = bound_ink(inspect_pdf(pdf).pages[0].marks)
    if way in ("fill", "form", "stencil", "tiling pattern", "black overprints", "cyan overprints"):
        assert bound == pytest.approx(100 * sum(colour))
    assert bound is None or bound >= measure_ink(pdf, 0).percent - 0.5


def odd(pdf: pikepdf.Pdf) -> Dictionary:
    """What has no ink by itself, or none that can be told."""
    postscript = Stream(pdf, b"{dup dup dup}", FunctionType=4, Domain=[0, 1], Range=[0, 1] * 4)
    lab = Array([Name.Lab, Dictionary(WhitePoint=[1, 1, 1])])
    gold = Array([Name.Separation, Name.Gold, Name.DeviceCMYK, postscript])
    glyph = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontMatrix=[1, 0, 0, 1, 0, 0], FontBBox=[0, 0, 1, 1])
    plain = {"BitsPerComponent": 8, "ColorSpace": Name.DeviceCMYK}
    return Dictionary(
        ColorSpace=Dictionary(L=lab, G=gold),
        Font=Dictionary(F=glyph),
        Shading=Dictionary(
            P=Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=[0, 0, 9, 9], Function=postscript),
            M=Stream(pdf, b"", ShadingType=4, ColorSpace=Name.DeviceCMYK),
        ),
        ExtGState=Dictionary(B=Dictionary(BM=Name.Luminosity), T=Dictionary(TR=postscript)),
        XObject=Dictionary(
            X=placed(pdf, b"", 1, Filter=Name.JPXDecode, **plain),
            C=placed(pdf, b"abcd", 1, Mask=[0, 1] * 4, **plain),
            W=placed(pdf, b"abcdabcd", 1, BitsPerComponent=16, ColorSpace=Name.DeviceCMYK),
            R=placed(pdf, b"abc", 1, BitsPerComponent=8, ColorSpace=Name.DeviceRGB),
            Z=placed(pdf, b"abcd", 99999, **plain),
            J=placed(pdf, b"abcd", 9, Filter=Name.DCTDecode, **plain),
        ),
    )


ODD: dict[str, tuple[bytes, str]] = {
    "RGB": (b"1 0 0 rg " + PATCH, "DeviceRGB"),
    "Lab": (b"/L cs 50 0 0 scn " + PATCH, "Lab"),
    "spot colour": (b"/G cs 1 scn " + PATCH, "spot colour Gold"),
    "PostScript function": (b"/P sh ", "a shading by a PostScript function"),
    "mesh": (b"/M sh ", "a shading of type 4"),
    "blend mode": (b"/B gs 0 0 0 1 k " + PATCH, "the blend mode Luminosity"),
    "transfer function": (b"/T gs 0 0 0 1 k " + PATCH, "a transfer function"),
    "Type 3 font": (b"BT /F 9 Tf 60 60 Td (x) Tj ET", "a Type 3 font"),
    "JPEG 2000": (b"q 9 0 0 9 60 60 cm /X Do Q", "an image packed by JPXDecode"),
    "masked by colours": (b"q 9 0 0 9 60 60 cm /C Do Q", "an image masked by its colours"),
    "16 bits": (b"q 9 0 0 9 60 60 cm /W Do Q", "a CMYK image of 16 bits"),
    "RGB image": (b"q 9 0 0 9 60 60 cm /R Do Q", "DeviceRGB in an image"),
    "huge image": (b"q 9 0 0 9 60 60 cm /Z Do Q", "an image of 99999 x 99999 pixels"),
    "broken image": (b"q 9 0 0 9 60 60 cm /J Do Q", "an image that cannot be decoded"),
    "inline image": (b"q 9 0 0 9 60 60 cm BI /W 1 /H 1 /BPC 8 /CS /CMYK ID abcd EI Q", "an inline image"),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
def test_what_cannot_be_measured_is_said(case: str) -> None:
    content, what = ODD[case]
    pdf = make_pdf(content, odd, **PAGE)
    assert what in measure_ink(pdf, 0).unchecked
    subject = Subject("x.pdf", pdf, medium="print")
    found = [(it.severity, it.message) for it in check_ink(subject)]
    if what.partition(" ")[0] in ("DeviceRGB", "Lab"):
        assert found == [], "it is an error already, which is enough"
        assert [it.severity for it in check_colour_spaces(subject)] == ["error"]
    else:
        assert found == [("warning", f"ink coverage was not checked: {what}")]


def test_what_is_an_error_hides_nothing_else_that_was_not_measured() -> None:
    both = make_pdf(b"1 0 0 rg " + PATCH + b"q 9 0 0 9 60 60 cm /R Do Q /P sh /G cs 1 scn " + PATCH, odd, **PAGE)
    (found,) = check_ink(Subject("x.pdf", both, medium="print"))
    assert found.message == "ink coverage was not checked: a shading by a PostScript function, spot colour Gold"
    more = make_pdf(b"1 0 0 rg 0 0 9 9 re f " + ink(MORE) + PATCH, **PAGE)
    (found,) = check_ink(Subject("x.pdf", more, medium="print"))
    assert found.message.startswith("ink of 310 %")


def test_too_much_ink_is_found_out_with_its_place() -> None:
    more, less = (make_pdf(ink(colour) + PATCH, **PAGE) for colour in (MORE, LESS))
    (found,) = check_ink(Subject("x.pdf", more, medium="print"))
    assert found.message == "ink of 310 % over 15 x 15 mm, at most 300 %"
    assert found.severity == "warning", "shops refuse from 320 % (GWG 2022)"
    assert found.spot is not None
    assert 13 < found.spot.x0 < found.spot.x1 < 36
    assert not check_ink(Subject("x.pdf", less, medium="print"))
    (own,) = check_ink(Subject("x.pdf", more, EXPECTED))
    assert own.severity == "error"
    (strict,) = check_ink(Subject("x.pdf", less, EXPECTED, shop=Shop(ink_limit=240)))
    assert "over 15 x 15 mm, at most 240 %" in strict.message


def test_a_page_too_large_to_be_drawn_is_not_checked() -> None:
    huge = make_pdf(b"1 0 0 rg " + PATCH, MediaBox=[0, 0, 144_000, 144_000], BleedBox=None, TrimBox=None)
    assert measure_ink(huge, 0).unchecked == ("a page too large to be drawn",)


def test_a_page_in_larger_units_is_measured_in_points() -> None:
    boxes = {key: [value / 10 for value in box] for key, box in PAGE.items()}
    found = measure(ink(MORE) + b"6 6 6 6 re f", UserUnit=10, **boxes)
    assert found.percent == pytest.approx(310, abs=1.5)
    assert found.box is not None
    assert 59 < found.box.x0 < found.box.x1 < 121


@pytest.mark.slow
def test_no_page_of_the_default_toolbox_has_too_much_ink(default_project: Path) -> None:
    """By drawing every page, whatever its marks say; the most is printed."""
    most, where = 0.0, ""
    for path in sorted((default_project / "build/print").rglob("*.pdf")):
        pdf = path.read_bytes()
        for page, coverage in measure_pages(pdf, inspect_pdf(pdf).pages):
            assert coverage.unchecked == (), path.name
            bound = bound_ink(page.marks)
            assert bound is None or coverage.percent <= bound + 0.5, path.name
            if coverage.percent > most:
                most, where = coverage.percent, f"{path.name}, page {page.number + 1}"
    print(f"the most ink: {most:.0f} % in {where}")  # noqa: T201
    assert 150 < most < 300
