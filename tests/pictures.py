"""`make pictures`: the pictures of the READMEs, from the PDFs in build/screen and from the sample of formats."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from pipeline.build import Options, build
from pipeline.units import mm

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "assets" / "pictures"
GROUND = (222, 219, 212)
GAP = 14
FORMATS = ROOT / "tests" / "projects" / "formaten"
PIXELS_PER_MM = 2.25


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


def render_formats() -> list[list[list[Image.Image]]]:
    """Return front and back of a sample card in every format, all at one scale: rows of pairs."""
    rows = (
        ("kaarten-a5-liggend", "kaarten-a5-staand"),
        ("kaarten-vierkant", "kaarten-a6", "kaarten-tarot", "kaarten-poker"),
    )
    with tempfile.TemporaryDirectory() as folder:
        project = Path(shutil.copytree(FORMATS, Path(folder) / "p", ignore=shutil.ignore_patterns("build")))
        build(project, Options(media=("screen",))).require_success()
        # Another card, so another colour, in each format.
        return [
            [_render_pair(project, name, 2 * ((first + place) % 3)) for place, name in enumerate(row)]
            for first, row in zip((0, 2), rows, strict=True)
        ]


def _render_pair(project: Path, name: str, front: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(project / "build" / "screen" / f"{name}.pdf")
    pages = []
    for number in (front, front + 1):
        width, height = (round(mm(side) * PIXELS_PER_MM) for side in document[number].get_size())
        large = document[number].render(scale=2 * PIXELS_PER_MM * mm(1)).to_pil().convert("RGB")
        pages.append(large.resize((width, height), Image.Resampling.LANCZOS))
    document.close()
    return pages


def lay_out_rows(rows: list[list[list[Image.Image]]]) -> Image.Image:
    """Return a sheet of rows of pairs; what belongs together stands closer."""
    places: list[tuple[Image.Image, int, int]] = []
    right = y = 0
    for row in rows:
        x, y = GAP, y + GAP
        for pair in row:
            for page in pair:
                places.append((page, x, y))
                x += page.width + GAP
            right = max(right, x)
            x += 2 * GAP
        y += max(page.height for pair in row for page in pair) + GAP
    sheet = Image.new("RGB", (right, y), GROUND)
    for page, x, top in places:
        sheet.paste(page, (x, top))
    return sheet


def save(picture: Image.Image, name: str) -> None:
    """Write a small PNG: few colours, no dither, so letters stay sharp."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    small = picture.quantize(96, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}.png", optimize=True)


def main() -> None:
    save(lay_out(render("spiegelkaarten", 400), 4), "spiegelkaarten")
    save(lay_out_rows(render_formats()), "formaten")
    save(lay_out(render("spiegelkaarten/3-teamleren", 840), 2), "kaart-3")


if __name__ == "__main__":
    main()
