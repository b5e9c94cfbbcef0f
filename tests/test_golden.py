"""Reference pictures: one card, front and back, a spread of a booklet and a sheet, at 72 ppi.

`make golden` writes them anew; look at them before committing. On failure the page as it is now and the difference
lie beside the reference, as `*.new.png` and `*.diff.png`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

GOLDEN = Path(__file__).parent / "golden"
# Versions of PDFium smooth edges a little differently; text that moved by half a point changes ten times as much.
PIXEL_TOLERANCE = 48
SHARE_TOLERANCE = 0.002


def differ(old: Image.Image, new: Image.Image) -> float:
    """Return the share of pixels that differ visibly; 1.0 for another size."""
    if old.size != new.size:
        return 1.0
    difference = ImageChops.difference(old.convert("RGB"), new.convert("RGB")).convert("L")
    changed = sum(difference.histogram()[PIXEL_TOLERANCE:])
    return changed / (old.width * old.height)


def test_the_comparison_sees_half_a_point_and_overlooks_noise() -> None:
    page = Image.new("RGB", (200, 100), "white")
    for x in range(20, 180, 3):
        page.paste("black", (x, 30, x + 1, 60))
    assert differ(page, page) == 0
    assert differ(page, ImageChops.offset(page, 1, 0)) > SHARE_TOLERANCE
    assert differ(page, page.point([min(255, value + 3) for value in range(256)] * 3)) == 0
    assert differ(page, page.resize((100, 100))) == 1.0


PAGES = {
    "kaart-3-voor": ("spiegelkaarten/3-teamleren", 0),
    "kaart-3-achter": ("spiegelkaarten/3-teamleren", 1),
    "werkwijzer-herkennen": ("werkwijzer-schoolleider", 11),
    "werkwijzer-doen": ("werkwijzer-schoolleider", 12),
    "instrument-8": ("instrumenten/i08-datagesprek-in-vijf-stappen", 0),
}


@pytest.mark.golden
@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_did(name: str, default_project: Path, request: pytest.FixtureRequest) -> None:
    import pypdfium2

    document_name, number = PAGES[name]
    document = pypdfium2.PdfDocument(default_project / f"build/screen/{document_name}.pdf")
    new = document[number].render(scale=1).to_pil().convert("RGB")
    document.close()
    path = GOLDEN / f"{name}.png"
    if request.config.getoption("--update-golden"):
        GOLDEN.mkdir(exist_ok=True)
        new.save(path, optimize=True)
        return
    old = Image.open(path).convert("RGB")
    share = differ(old, new)
    if share > SHARE_TOLERANCE:
        new.save(path.with_suffix(".new.png"))
        if old.size == new.size:
            ImageChops.difference(old, new).save(path.with_suffix(".diff.png"))
    assert share <= SHARE_TOLERANCE, f"{share:.2%} of the pixels changed; see {path.with_suffix('.diff.png').name}"
