"""Pages as pixels, and the QR codes on them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import TYPE_CHECKING, Any

from pipeline.units import points

if TYPE_CHECKING:
    from PIL import Image

MAX_SIDE = points(3000)  # of a page that is looked at as pixels; posters are A0 at most
MAX_PIXELS = 200_000_000  # of one look; an A0 at twice RASTER_PPI has 90 million
RASTER_PPI = 120  # a phone sees more; a code that only reads at higher resolution is too small


def read_codes(
    pdf: bytes, numbers: Iterable[int], wanted: Mapping[int, Set[str]] | None = None
) -> Iterator[tuple[int, set[str]]]:
    """Yield for each of these pages what its QR codes say, read from pixels at RASTER_PPI, else also at twice that.

    The second look is for codes of small modules that lie at an angle to the pixels. `wanted`: page, from 0 -> what
    its codes have to say; without it one that reads is enough.
    """
    import zxingcpp

    with open_pages(pdf) as document:
        for number in numbers:
            found: set[str] = set()
            for ppi in (RASTER_PPI, 2 * RASTER_PPI):
                image = rasterise(document, number, ppi)
                codes = zxingcpp.read_barcodes(image, zxingcpp.BarcodeFormat.QRCode)  # type: ignore[arg-type]
                found |= {code.text for code in codes}
                enough = found and (wanted or {}).get(number, set()) <= found
                if enough or 4 * image.width * image.height > MAX_PIXELS:
                    break
            yield number, found


def warm_up() -> None:
    """Import what looks at pixels, in a process that will need it soon."""
    import PIL.Image
    import pypdfium2
    import zxingcpp

    del PIL, pypdfium2, zxingcpp


@contextlib.contextmanager
def open_pages(pdf: bytes) -> Iterator[Any]:
    """Open a PDF in PDFium. Once per file: in a long one each opening takes longer than a page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def rasterise(document: Any, number: int, ppi: float) -> Image.Image:
    """Return a page as grey pixels, forms and notes drawn as a viewer draws them."""
    page = document[number]
    try:
        image: Image.Image = page.render(scale=ppi / 72, grayscale=True).to_pil()
        return image
    finally:
        page.close()
