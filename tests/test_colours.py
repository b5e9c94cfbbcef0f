"""Every way of painting is seen, wherever it hides."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.pdf.colours import ColourUse
from pipeline.pdf.painted import read_painted
from tests.samples import form, icc_space, image, make_pdf, shading, tiling

BOX = b" 0 0 5 5 re f"
TEXT = b" BT /F0 9 Tf (x) Tj ET"
FONT = Dictionary(F0=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier))


def uses(content: bytes, resources: Any = None) -> set[ColourUse]:
    with pikepdf.open(io.BytesIO(make_pdf(content, resources))) as pdf:
        return set(read_painted(pdf.pages[0]).colours)


def spaces(content: bytes, resources: Any = None) -> set[str]:
    return {use.space for use in uses(content, resources)}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"0 0 0 1 k" + BOX, ColourUse("fill", "DeviceCMYK", (0, 0, 0, 1))),
        (b"0 0 0 1 K 0 0 m 5 5 l S", ColourUse("stroke", "DeviceCMYK", (0, 0, 0, 1))),
        (b"1 0 0 rg" + BOX, ColourUse("fill", "DeviceRGB", (1, 0, 0))),
        (b".5 G 0 0 m 5 5 l s", ColourUse("stroke", "DeviceGray", (0.5,))),
        (b"/DeviceCMYK cs 1 0 0 0 scn" + BOX, ColourUse("fill", "DeviceCMYK", (1, 0, 0, 0))),
        (b"/DeviceCMYK cs" + BOX, ColourUse("fill", "DeviceCMYK", (0, 0, 0, 1))),
        (BOX, ColourUse("fill", "DeviceGray", (0,))),
        (b"0 0 0 1 k" + TEXT, ColourUse("text", "DeviceCMYK", (0, 0, 0, 1))),
        (b"1 0 0 RG BT 1 Tr /F0 9 Tf (x) Tj ET", ColourUse("text", "DeviceRGB", (1, 0, 0))),
        (b"BI /W 1 /H 1 /BPC 8 /CS /RGB ID xyz EI", ColourUse("image", "DeviceRGB")),
        (b"1 0 0 rg BI /W 1 /H 1 /BPC 1 /IM true ID x EI", ColourUse("image", "DeviceRGB", (1, 0, 0))),
    ],
)
def test_a_way_of_painting_is_seen(content: bytes, expected: ColourUse) -> None:
    assert expected in uses(content, Dictionary(Font=FONT))


def test_the_state_is_kept_and_restored() -> None:
    found = uses(b"0 0 0 1 k q 1 0 0 rg" + BOX + b" Q" + BOX)
    assert {use.space for use in found} == {"DeviceRGB", "DeviceCMYK"}


def test_setting_a_colour_without_painting_is_no_use() -> None:
    assert spaces(b"1 0 0 rg 0 0 0 1 k" + BOX) == {"DeviceCMYK"}
    assert spaces(b"1 0 0 rg 0 0 5 5 re W n") == set()
    assert spaces(b"1 0 0 rg BT 3 Tr /F0 9 Tf (x) Tj ET", Dictionary(Font=FONT)) == set()


Resources = Callable[[pikepdf.Pdf], Dictionary]

HIDING: list[tuple[str, bytes, Resources, str]] = [
    ("form", b"/X Do", lambda p: Dictionary(XObject=Dictionary(X=form(p, b"1 0 0 rg" + BOX))), "DeviceRGB"),
    (
        "form in a form",
        b"/X Do",
        lambda p: Dictionary(
            XObject=Dictionary(X=form(p, b"/Y Do", Dictionary(XObject=Dictionary(Y=form(p, b".5 g" + BOX)))))
        ),
        "DeviceGray",
    ),
    ("colour of the caller", b"1 0 0 rg /X Do", lambda p: Dictionary(XObject=Dictionary(X=form(p, BOX))), "DeviceRGB"),
    (
        "tiling pattern",
        b"/Pattern cs /P scn" + BOX,
        lambda p: Dictionary(Pattern=Dictionary(P=tiling(p, b"1 0 0 rg" + BOX))),
        "DeviceRGB",
    ),
    (
        "shading pattern",
        b"/Pattern cs /P scn" + BOX,
        lambda p: Dictionary(Pattern=Dictionary(P=Dictionary(PatternType=2, Shading=shading(Name.DeviceRGB)))),
        "DeviceRGB",
    ),
    ("shading", b"/S sh", lambda p: Dictionary(Shading=Dictionary(S=shading(icc_space(p, 3)))), "ICCBased 3"),
    ("image", b"/I Do", lambda p: Dictionary(XObject=Dictionary(I=image(p, icc_space(p, 1), 1))), "ICCBased 1"),
    (
        "indexed image",
        b"/I Do",
        lambda p: Dictionary(XObject=Dictionary(I=image(p, Array([Name.Indexed, Name.DeviceRGB, 0, b"xyz"]), 1))),
        "DeviceRGB",
    ),
    (
        "named space",
        b"/C cs 0 0 0 scn" + BOX,
        lambda p: Dictionary(ColorSpace=Dictionary(C=icc_space(p, 3))),
        "ICCBased 3",
    ),
    (
        "spot colour",
        b"/C cs 1 scn" + BOX,
        lambda p: Dictionary(ColorSpace=Dictionary(C=Array([Name.Separation, Name.Gold, Name.DeviceCMYK, 0]))),
        "Separation",
    ),
    (
        "soft mask",
        b"/G gs 0 0 0 1 k" + BOX,
        lambda p: Dictionary(
            ExtGState=Dictionary(G=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=form(p, b"1 0 0 rg" + BOX))))
        ),
        "DeviceRGB",
    ),
]


@pytest.mark.parametrize(("content", "resources", "space"), [it[1:] for it in HIDING], ids=[it[0] for it in HIDING])
def test_a_colour_is_found_where_it_hides(content: bytes, resources: Resources, space: str) -> None:
    assert space in spaces(content, resources)


def test_a_grey_soft_mask_puts_no_ink_on_paper() -> None:
    def resources(pdf: pikepdf.Pdf) -> Dictionary:
        mask = Dictionary(S=Name.Luminosity, G=form(pdf, b".5 g" + BOX))
        return Dictionary(ExtGState=Dictionary(G=Dictionary(SMask=mask)))

    assert spaces(b"/G gs 0 0 0 1 k" + BOX, resources) == {"DeviceCMYK"}


def test_a_form_that_draws_itself_ends() -> None:
    def resources(pdf: pikepdf.Pdf) -> Dictionary:
        loop = pdf.make_indirect(form(pdf, b"/X Do 1 0 0 rg" + BOX))
        loop.Resources = Dictionary(XObject=Dictionary(X=loop))
        return Dictionary(XObject=Dictionary(X=loop))

    assert "DeviceRGB" in spaces(b"/X Do", resources)


def test_missing_glyphs_are_counted() -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.X, Encoding=Name("/Identity-H"))
    content = b"0 0 0 1 k BT /F0 9 Tf <000000010000> Tj [<0000> 3 <0002>] TJ ET"
    with pikepdf.open(io.BytesIO(make_pdf(content, Dictionary(Font=Dictionary(F0=font))))) as pdf:
        assert read_painted(pdf.pages[0]).missing_glyphs == 3
