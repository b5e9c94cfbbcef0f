import math
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.content.read import read_toolbox
from pipeline.kinds.cards import plan_address
from pipeline.preflight import read_codes
from pipeline.qr import plan_code, shorten_address, split_address
from pipeline.units import points
from tests.samples import make_pdf


def decode(rows: list[str]) -> str:
    """Draw the modules as pixels with a quiet zone of four and read them."""
    side = len(rows)
    image = Image.new("L", (side + 8, side + 8), 255)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            image.putpixel((x + 4, y + 4), 0 if module == "1" else 255)
    (code,) = zxingcpp.read_barcodes(image.resize((8 * (side + 8), 8 * (side + 8)), Image.Resampling.NEAREST))
    return code.text


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./-", min_size=1, max_size=60))
def test_what_is_put_in_comes_out(path: str) -> None:
    url = f"HTTPS://LEREN.EXAMPLE/{path}"
    rows = plan_code(url)
    assert {len(row) for row in rows} == {len(rows)}
    assert decode(rows) == url


def test_a_short_address_makes_25_modules_and_a_doi_29() -> None:
    assert len(plan_code("HTTPS://LEREN.JULLIE-DOMEIN.NL/3")) == 25
    assert len(plan_code("HTTPS://DOI.ORG/10.1177/1523422303005002002")) == 29


def test_capitals_are_used_where_they_make_the_symbol_smaller() -> None:
    assert (
        shorten_address("https://doi.org/10.1016/j.edurev.2015.04.002")
        == "HTTPS://DOI.ORG/10.1016/J.EDUREV.2015.04.002"
    )
    odd = "https://doi.org/10.1002/(sici)1099_1379"
    assert shorten_address(odd) == odd, "parentheses are not in the alphanumeric set, so capitals would gain nothing"


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("leren.example/3", ["leren.example/", "3"]),
        ("doi.org/10.1016/j.x", ["doi.org/", "10.1016/", "j.x"]),
        ("leren.example", ["leren.example"]),
    ],
)
def test_an_address_may_break_after_a_slash(address: str, parts: list[str]) -> None:
    assert split_address(address) == parts
    assert "".join(parts) == address


def test_with_a_base_the_code_leads_there_and_without_to_the_first_verified_work(
    werkstatt: Path, tmp_path: Path
) -> None:
    toolbox = read_toolbox(werkstatt)
    _, deck = toolbox.settings.decks[0]
    card = toolbox.folders["karten"][0].dimension
    assert plan_address(toolbox, deck, card) == ("HTTPS://LERNEN.EXAMPLE/W/1", "lernen.example/w/1")

    default = read_toolbox(tmp_path)
    _, deck = default.settings.decks[0]
    card = default.folders["dimensions"][0].dimension
    assert plan_address(default, deck, card) == (
        "HTTPS://DOI.ORG/10.1177/1741143214523017",
        "doi.org/10.1177/1741143214523017",
    )
    unverified = card.model_copy(update={"literature": ("coburn-2001",)})
    assert plan_address(default, deck, unverified) is None, "the DOI of this work was recalled, not seen"


def draw_code(address: str, x: float, y: float, degrees: float) -> bytes:
    """Modules of half a millimetre, turned around the code's lower left corner, in points."""
    turn = math.radians(degrees)
    frame = math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), x, y
    side = points(0.5)
    modules = [
        b"%.3f %.3f %.3f %.3f re" % (column * side, -row * side, side, side)
        for row, line in enumerate(plan_code(address))
        for column, dark in enumerate(line)
        if dark == "1"
    ]
    return b"q %.5f %.5f %.5f %.5f %.2f %.2f cm 0 0 0 1 k " % frame + b" ".join(modules) + b" f Q "


@pytest.mark.parametrize("degrees", [0, 1, 2])
def test_codes_on_a_sheet_are_read_also_where_it_lies_askew(degrees: float) -> None:
    """An A3 with eight codes, as the sheet of a printer that pulls its paper in at an angle."""
    places = [(x, y) for x in (60, 250, 500, 740) for y in (200, 1100)]
    wanted = {f"HTTPS://DOI.ORG/10.1016/J.EDUREV.{number}" for number in range(len(places))}
    codes = [draw_code(code, *place, degrees) for code, place in zip(sorted(wanted), places, strict=True)]
    pdf = make_pdf(b"".join(codes), MediaBox=[0, 0, 842, 1191])
    ((_, found),) = read_codes(pdf, [0], {0: wanted})
    assert found == wanted
