"""`make pictures`: the pictures of the README, from the finished PDFs in build/screen."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PIL import Image

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "assets" / "pictures"
GROUND = (222, 219, 212)
GAP = 14


def render(name: str, width: int) -> list[Image.Image]:
    """Return every page of a PDF in build/screen, `width` pixels wide."""
    document = pypdfium2.PdfDocument(ROOT / "build" / "screen" / f"{name}.pdf")
    pages = [page.render(scale=2 * width / page.get_width()).to_pil().convert("RGB") for page in document]
    document.close()
    return [page.resize((width, round(page.height * width / page.width)), Image.Resampling.LANCZOS) for page in pages]


def lay_out(pages: list[Image.Image], columns: int) -> Image.Image:
    """Return a contact sheet, row by row."""
    width, height = pages[0].size
    rows = -(-len(pages) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP), GROUND)
    for index, page in enumerate(pages):
        row, column = divmod(index, columns)
        sheet.paste(page, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    return sheet


def save(picture: Image.Image, name: str) -> None:
    """Write a small PNG: few colours, no dither, so letters stay sharp."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    small = picture.quantize(96, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}.png", optimize=True)


def main() -> None:
    save(lay_out(render("spiegelkaarten", 400), 4), "spiegelkaarten")
    save(lay_out(render("spiegelkaarten/3-teamleren", 840), 2), "kaart-3")


if __name__ == "__main__":
    main()
