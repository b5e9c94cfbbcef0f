"""Pages of a print PDF -> their places on sheets (ISO 32000-2 8.10, form XObjects).

Frame in here: points, origin bottom-left of the MediaBox, y up. What comes from `imposition` has its origin at the
top-left of sheet or trim, and y down: `down` and `up` are the ways there and back.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.imposition import Imposed, Matrix, Placement, SheetSide
from pipeline.imposition.placing import join
from pipeline.units import Size

_KEPT = ("/Filter", "/DecodeParms")  # of a content stream whose bytes are taken over as they are


def place_pages(sheet: bytes, source: bytes, imposed: Imposed, bleed: float) -> bytes:
    """Draw pages on sheets, under the marks that are there, and move backs that are to be moved.

    Every page becomes one form XObject, however often it is placed; its content is not read.

    Args:
        sheet: a page for each side, of the size of the sheet, with marks and slug and nothing else.
        source: the print PDF; its MediaBoxes are trim and bleed.
        imposed: where the pages go.
        bleed: of the source, in points. The placements say how much of it is seen.

    Returns:
        The sheets, with the metadata of `sheet`. TrimBox and BleedBox are the MediaBox: what is cut out of a sheet, its
        marks say. The same input gives the same bytes.

    Raises:
        ValueError: there are not as many pages as sides, or not as many as are placed.
    """
    with pikepdf.open(io.BytesIO(sheet)) as target, pikepdf.open(io.BytesIO(source)) as pages:
        if len(target.pages) != len(imposed.sides):
            raise ValueError(f"{len(target.pages)} pages for {len(imposed.sides)} sides of sheets")
        forms = _Forms(target, pages, bleed)
        end = target.make_stream(b"\nQ\n")
        for page, side in zip(target.pages, imposed.sides, strict=True):
            before = target.make_stream(_draw_side(page, side, forms).encode())
            page.obj.Contents = Array([before, *_list_streams(page), end])
            page.TrimBox = page.BleedBox = page.mediabox
        out = io.BytesIO()
        target.save(out, deterministic_id=True)
    return out.getvalue()


class _Forms:
    """Pages of the source as form XObjects of the target, made when they are asked for."""

    def __init__(self, target: pikepdf.Pdf, source: pikepdf.Pdf, bleed: float) -> None:
        self._target, self._bleed = target, bleed
        self._source = source
        self._pages = list(source.pages)
        self._made: dict[int, tuple[Any, Matrix]] = {}

    def find(self, number: int) -> tuple[Any, Matrix]:
        """Return the form of a page, and the map of its frame to that of the page in `imposition`."""
        if number not in self._made:
            if not 0 <= number < len(self._pages):
                raise ValueError(f"no page {number + 1}, the source has {len(self._pages)}")
            page = self._pages[number]
            x0, _, _, y1 = (float(it) for it in page.mediabox)
            down: Matrix = (1, 0, 0, -1, -x0 - self._bleed, y1 - self._bleed)
            self._made[number] = self._target.copy_foreign(self._make(page)), down
        return self._made[number]

    def _make(self, page: pikepdf.Page) -> Any:
        """Return a page as a form in the source: a stream can be copied only from where it is."""
        contents: Any = page.obj.get("/Contents")
        if not isinstance(contents, pikepdf.Stream):  # several streams, or none
            page.contents_coalesce()
            contents = page.obj.get("/Contents")
        raw = contents.read_raw_bytes() if contents is not None else b""
        form = self._source.make_stream(raw)
        form.Type, form.Subtype = Name.XObject, Name.Form
        form.BBox = page.mediabox
        form.Resources = page.resources
        for key in _KEPT:
            if contents is not None and key in contents:
                form[key] = contents[key]
        if "/Group" in page.obj:
            form.Group = page.obj.Group
        return form


def _list_streams(page: pikepdf.Page) -> Iterable[Any]:
    contents: Any = page.obj.get("/Contents", [])
    return contents if isinstance(contents, Array) else [contents]


def _draw_side(page: pikepdf.Page, side: SheetSide, forms: _Forms) -> str:
    """Give a page the forms of a side, and return what draws them; what follows that is moved with them."""
    size = Size(float(page.mediabox[2]), float(page.mediabox[3]))
    shared: Any = page.resources
    resources = Dictionary(shared)  # pages may share theirs
    drawn = Dictionary(shared.get("/XObject", {}))
    for number in dict.fromkeys(it.page for it in side.placements):
        drawn[_name(number)] = forms.find(number)[0]
    resources.XObject = drawn
    page.obj.Resources = resources
    moved = _write_matrix((1, 0, 0, 1, side.shift[0], -side.shift[1])) + " cm\n" if any(side.shift) else ""
    return f"q\n{moved}" + "".join(_draw(it, forms.find(it.page)[1], size) for it in side.placements)


def _draw(placement: Placement, down: Matrix, sheet: Size) -> str:
    up: Matrix = (1, 0, 0, -1, 0, sheet.height)
    clip = placement.clip
    box = (clip.x0, sheet.height - clip.y1, clip.size.width, clip.size.height)
    matrix = _write_matrix(join(up, placement.matrix, down))
    return f"q {_write(*box)} re W n {matrix} cm {_name(placement.page)} Do Q\n"


def _name(number: int) -> str:
    return f"/Page{number + 1}"


def _write_matrix(matrix: Matrix) -> str:
    return _write(*matrix)


def _write(*numbers: float) -> str:
    """Write numbers as PDF does, to a ten-thousandth of a point: no exponent, no minus before zero."""
    return " ".join(f"{round(it, 4) + 0:.4f}".rstrip("0").rstrip(".") for it in numbers)
