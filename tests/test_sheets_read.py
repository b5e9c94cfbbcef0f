"""Sheets of the default toolbox as a phone sees them: every QR code reads, also where the sheet lies askew."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from pipeline.manifest import read_manifest
from pipeline.preflight import open_pages, rasterise

ASKEW = 2  # degrees
PPI = 120


def read(image: Image.Image) -> set[str]:
    """What the codes on a picture say; a second look at twice its size finds small modules that lie at an angle."""
    twice = image.resize((2 * image.width, 2 * image.height), Image.Resampling.BICUBIC)
    looks = (image, twice)
    return {code.text for look in looks for code in zxingcpp.read_barcodes(look, zxingcpp.BarcodeFormat.QRCode)}  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["spiegelkaarten-a4", "spiegelkaarten-sra3", "verdieping-katern"])
def test_codes_are_read_from_sheets_that_lie_askew(default_project: Path, name: str) -> None:
    path = default_project / f"build/sheets/{name}.pdf"
    codes = read_manifest(default_project / "build").outputs[f"sheets/{name}.pdf"].expects.codes
    assert codes
    with open_pages(path.read_bytes()) as document:
        for number in sorted({number for number, _ in codes}):
            image = rasterise(document, number, PPI).rotate(ASKEW, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
            wanted = {url for page, url in codes if page == number}
            assert wanted <= read(image), f"sheet side {number + 1}"


def test_a_code_that_is_not_there_is_not_read() -> None:
    assert read(Image.new("L", (400, 400), 255)) == set()
