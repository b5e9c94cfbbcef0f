"""Print files against what a shop asks for: each rule is shown a page that is right and one that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.document import Medium
from pipeline.preflight import Subject, preflight
from pipeline.shop import Shop
from tests.samples import EXPECTED, form, icc_space, image, make_pdf, shading, tiling

SIDE = 180.0  # points of the trim of the pages below; the bleed is 10 points
PAGE: dict[str, Any] = {"MediaBox": [0, 0, 220, 220], "BleedBox": [5, 5, 215, 215], "TrimBox": [20, 20, 200, 200]}
PAPER = replace(EXPECTED, bleed=15)


def resources(pdf: pikepdf.Pdf) -> Dictionary:
    """Everything that the samples name."""
    descriptor = Dictionary(Type=Name.FontDescriptor, FontFile2=pikepdf.Stream(pdf, b"font"))

    def font(name: str) -> Dictionary:
        return Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name(f"/{name}"), FontDescriptor=descriptor)

    def separation(name: str) -> Array:
        function = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 1, 0, 0], N=1)
        return Array([Name.Separation, Name(f"/{name}"), Name.DeviceCMYK, function])

    rgb = form(pdf, b"0 0 0 1 k 30 30 20 20 re f")
    rgb.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    cmyk = form(pdf, b"0 0 0 1 k 30 30 20 20 re f")
    cmyk.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
    mask = form(pdf, b"1 0 0 rg 0 0 9 9 re f")
    gray = form(pdf, b"1 g 0 0 9 9 re f")
    small = form(pdf, b"BT /F 4 Tf (x) Tj ET")
    small.Matrix = Array([2, 0, 0, 2, 0, 0])
    bitmap = image(pdf, Name.DeviceGray, 1)
    bitmap.BitsPerComponent = 1
    return Dictionary(
        Font=Dictionary(F=font("Good"), C=font("ABCDEF+CourierNew")),
        XObject=Dictionary(
            R=rgb, K=cmyk, I=image(pdf, Name.DeviceCMYK, 4), B=bitmap, X=small, J=image(pdf, separation("Gold"), 1)
        ),
        ColorSpace=Dictionary(
            Gold=separation("Gold"), All=separation("All"), None_=separation("None"), Black=separation("Black"),
            N=Array([Name.DeviceN, Array([Name.Cyan, Name.Gold]), Name.DeviceCMYK, 0]),
            M=Array([Name.DeviceN, Array([Name.Cyan, Name("/None")]), Name.DeviceCMYK, 0]),
            P=Array([Name.Pattern]),
        ),
        Shading=Dictionary(R=shading(Name.DeviceRGB), L=shading(icc_space(pdf, 3)), G=shading(separation("Gold"))),
        Pattern=Dictionary(T=tiling(pdf, b"0 0 0 1 k BT /F 5 Tf (x) Tj ET")),
        ExtGState=Dictionary(
            O=Dictionary(OP=True, OPM=1), o=Dictionary(OP=True, op=False, OPM=1), Z=Dictionary(OP=True, OPM=0),
            M=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask)),
            N=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=gray)),
        ),
    )  # fmt: skip


def subject(content: bytes, shop: Shop | None = None, medium: Medium = "print", **keys: Any) -> Subject:
    """A file of one page, that is ours."""
    pdf = make_pdf(content, resources, **{**PAGE, **keys})
    expects = replace(PAPER, medium=medium, trim=PAPER.trim._replace(width=SIDE, height=SIDE))
    return Subject("x.pdf", pdf, expects, shop=shop or Shop())


TEXT = b"q /O gs 0 0 0 1 k BT /F 9 Tf 30 30 Td (x) Tj ET Q "  # a page without text is wrong, too


def text(size: float, colour: bytes = b"0 0 0 1 k", font: bytes = b"F") -> bytes:
    return b"q /O gs %b BT /%b %.2f Tf 48.35 87.5 Td (xx) Tj ET Q " % (colour, font, size)


@dataclass(frozen=True)
class Case:
    """What is wrong on a page, what is right beside it, and what is said."""

    bad: bytes
    good: bytes
    message: str


CASES: dict[str, Case] = {
    "small text": Case(text(5.9), text(6), "text of 5.9 pt, at least 6 pt"),
    "small in a form": Case(b"q .7 0 0 .7 50 50 cm /O gs 0 0 0 1 k /X Do Q ", b"q 1 0 0 1 50 50 cm /O gs 0 0 0 1 k /X Do Q ", "text of 5.6 pt"),
    "small in a pattern": Case(
        b"q /P cs /T scn 30 30 50 50 re f Q ", b"q .5 0 0 .5 0 0 cm 2 0 0 2 0 0 cm Q ", "text of 5.0 pt"
    ),
    "small text in two inks": Case(text(7.9, b"1 .5 0 0 k"), text(7.9, b"1 0 0 0 k"), "text in 2 inks of 7.9 pt, at least 8 pt"),
    "small white text": Case(
        b"0 0 0 0 k BT /F 7 Tf 30 30 Td (x) Tj ET ", b"0 0 0 0 k BT /F 8 Tf 30 30 Td (x) Tj ET ", "white text of 7.0 pt"
    ),
    "rich black text": Case(text(20, b".7 .6 .6 .95 k"), text(20, b".7 .6 .6 .8 k"), "black text of 285 % ink"),
    "Courier": Case(text(9, font=b"C"), text(9), "text in the font ABCDEF+CourierNew"),
    "thin line": Case(b"1 0 0 0 K .2 w 30 30 m 90 30 l S ", b"1 0 0 0 K .25 w 30 30 m 90 30 l S ", "a line of 0.20 pt"),
    "line made thin": Case(
        b"q .5 0 0 .5 0 0 cm 1 0 0 0 K .4 w 60 60 m 90 90 l S Q ",
        b"q .5 0 0 .5 0 0 cm 1 0 0 0 K .5 w 60 60 m 90 90 l S Q ",
        "a line of 0.20 pt, at least 0.25 pt",
    ),
    "line of no width": Case(b"1 0 0 0 K 0 w 30 30 m 90 30 l S ", b"1 0 0 0 K 1 w 30 30 m 90 30 l S ", "a line of no width"),
    "thin rectangle": Case(b"1 0 0 0 k 30 30 90 .2 re f ", b"1 0 0 0 k 30 30 90 .3 re f ", "a line of 0.20 pt"),
    "thin rectangle of lines": Case(
        b"1 0 0 0 k 30 30 m 30.1 30 l 30.1 90 l 30 90 l h f ", b"1 0 0 0 k 30 30 m 30.1 30 l 50 90 l 30 90 l h f ", "a line of 0.10 pt"
    ),
    "black text knocks out": Case(
        b"q 0 0 0 1 k BT /F 11.9 Tf 30 90 Td (x) Tj ET Q ", b"q 0 0 0 1 k BT /F 12 Tf 30 90 Td (x) Tj ET Q ", "black text of 11.9 pt does not overprint"
    ),
    "black line knocks out": Case(b"0 0 0 1 K 1.9 w 30 30 m 90 30 l S ", b"/O gs 0 0 0 1 K 1.9 w 30 30 m 90 30 l S ", "a black line of 1.9 pt does not overprint"),
    "black text, only strokes overprint": Case(b"q /o gs 0 0 0 1 k BT /F 9 Tf 30 90 Td (x) Tj ET Q ", TEXT, "black text of 9.0 pt does not"),
    "black rectangle knocks out": Case(b"0 0 0 1 k 30 30 90 1 re f ", b"0 0 0 1 k 30 30 90 2 re f ", "a black line of 1.0 pt does not overprint"),
    "white overprints": Case(text(20, b"0 0 0 0 k"), b"q /Z gs 0 0 0 0 k BT /F 20 Tf 30 30 Td (x) Tj ET Q ", "white text that overprints"),
    "white fill overprints": Case(b"q /O gs 0 0 0 0 k 30 30 9 9 re f Q ", b"q 0 0 0 0 k 30 30 9 9 re f Q ", "white fill that overprints"),
    "coarse picture": Case(
        b"q .25 0 0 .25 30 30 cm /I Do Q ", b"q .24 0 0 .24 30 30 cm /I Do Q ", "a picture of 1 x 1 pixels at 288 ppi, at least 300"
    ),
    "coarse bitmap": Case(
        b"q .1 0 0 .1 30 30 cm BI /W 1 /H 1 /IM true /BPC 1 ID a EI Q ",
        b"q .09 0 0 .09 30 30 cm BI /W 1 /H 1 /IM true /BPC 1 ID a EI Q ",
        "a bitmap of 1 x 1 pixels at 720 ppi, at least 800",
    ),
    "spot colour": Case(b"/Gold cs 1 scn 30 30 9 9 re f ", b"/Black cs 1 scn 30 30 9 9 re f ", "the spot colour 'Gold' was not ordered"),
    "spot colour in a picture": Case(b"q .2 0 0 .2 30 30 cm /J Do Q ", b"", "the spot colour 'Gold' was not ordered"),
    "spot colour in a shading": Case(b"q 30 30 9 9 re W n /G sh Q ", b"", "the spot colour 'Gold' was not ordered"),
    "DeviceN": Case(b"/N cs 1 0 scn 30 30 9 9 re f ", b"/M cs 1 0 scn 30 30 9 9 re f ", "the spot colour 'Gold' was not ordered"),
    "registration colour": Case(
        b"/All cs 1 scn 30 30 9 9 re f ", b"/All cs 1 scn 3 100 9 2 re f /None_ cs 1 scn 30 30 9 9 re f ", "registration colour (All) in fill"
    ),
    "RGB shading": Case(b"q 30 30 9 9 re W n /R sh Q ", b"", "DeviceRGB in shading"),
    "shading with a profile": Case(b"q 30 30 9 9 re W n /L sh Q ", b"", "ICCBased 3 in shading"),
    "RGB group": Case(b"/R Do ", b"/K Do ", "transparency is computed in DeviceRGB, expected DeviceCMYK"),
    "RGB in a soft mask": Case(b"q /M gs Q ", b"q /N gs Q ", "DeviceRGB in fill"),
}  # fmt: skip


def messages(of: Subject) -> list[str]:
    return [str(finding) for finding in preflight(of)]


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_found_out_and_what_is_right_beside_it_is_not(name: str) -> None:
    case = CASES[name]
    found = messages(subject(TEXT + case.bad))
    assert any(case.message in it for it in found), found
    other = messages(subject(TEXT + case.good))
    assert not any(case.message in it for it in other), other


def others(content: bytes, **keys: Any) -> Subject:
    """The same file, made by somebody else."""
    return replace(subject(content, **keys), expects=None, medium="print")


@pytest.mark.parametrize(
    ("content", "severity"),
    [
        (b"q .25 0 0 .25 30 30 cm /I Do Q ", "warning"),  # 288 ppi
        (b"q .33 0 0 .33 30 30 cm /I Do Q ", "error"),  # 218 ppi
        (b"0 0 0 1 k BT /F 9 Tf 30 90 Td (x) Tj ET ", "warning"),
        (text(7, b"1 1 0 0 k"), "error"),
        (b".5 0 0 .9 k 30 30 9 9 re f ", "warning"),
        (text(20, b".7 .6 .6 .95 k"), "error"),
        (text(20, b"0 0 0 0 k"), "error"),
    ],
)
def test_in_files_of_others_only_what_shops_refuse_is_an_error(content: bytes, severity: str) -> None:
    own, other = preflight(subject(TEXT + content)), preflight(others(TEXT + content))
    assert {it.severity for it in own} == {"error"}
    assert severity in {it.severity for it in other}
    assert severity == "error" or {it.severity for it in other} == {"warning"}


def test_a_right_page_has_no_findings() -> None:
    right = TEXT + text(8, b"1 .5 0 0 k") + b"/O gs 0 0 0 1 K .25 w 30 30 m 90 30 l S q .2 0 0 .2 30 30 cm /I Do Q "
    assert messages(subject(right)) == []
    assert messages(others(right)) == []


def test_a_finding_says_where_on_the_page_it_is_seen() -> None:
    (found,) = preflight(subject(TEXT + text(5)))
    assert found.place == "x.pdf, page 1, 10 x 38 mm"
    assert found.spot is not None
    assert found.spot.page == 0
    assert found.spot.x0 == pytest.approx(10, abs=0.01)
    assert found.spot.y1 == pytest.approx(40, abs=0.5), "the foot of the letters"


def test_what_lies_outside_the_bleed_is_not_printed_and_not_judged() -> None:
    assert (
        messages(subject(TEXT + b"/O gs 0 0 0 1 k BT /F 3 Tf 1 219 Td (slug) Tj ET 0 0 0 1 K 0 w 0 0 m 3 0 l S ")) == []
    )


def test_a_page_without_ink_is_found_out() -> None:
    assert any("nothing is printed on this page" in it for it in messages(subject(b"0 0 0 0 k 0 0 220 220 re f")))
    (found,) = preflight(others(b"0 0 0 1 k 0 0 9 9 re f"))
    assert (found.message, found.severity) == ("nothing is printed on this page", "warning")


def test_an_ink_that_was_ordered_may_be_used_but_nobody_knows_how_much_lies_there() -> None:
    (found,) = preflight(subject(TEXT + b"/Gold cs 1 scn 30 30 9 9 re f ", Shop(spots=("Gold",))))
    assert (found.severity, found.message) == ("warning", "ink coverage was not checked: spot colour Gold")


def test_sheets_may_have_register_marks_and_nothing_but_ink() -> None:
    sheet: dict[str, Any] = {**PAGE, "BleedBox": [20, 20, 200, 200]}
    marks = b"/All cs 1 scn 30 30 9 .2 re f "

    def found(content: bytes) -> list[str]:
        made = subject(content, medium="sheets", **sheet)
        assert made.expects is not None
        return messages(replace(made, expects=replace(made.expects, bleed=0)))

    assert found(TEXT + marks) == []
    assert any("DeviceRGB in fill" in it for it in found(TEXT + b"1 0 0 rg 30 30 9 9 re f "))
    assert any("'Gold' was not ordered" in it for it in found(TEXT + b"/Gold cs 1 scn 30 30 9 9 re f "))


def test_many_different_faults_on_a_page_are_counted_after_some() -> None:
    found = messages(subject(TEXT + b"".join(text(size / 10) for size in range(20, 50))))
    assert len(found) == 11
    assert "and 20 more of this kind, such as: text of 3.0 pt" in found[-1]
