"""A page -> every mark that its content streams leave on it."""

from __future__ import annotations

import pikepdf

from pipeline.pdf.graphics import State, read_box
from pipeline.pdf.marks import Collector, Painted
from pipeline.pdf.shared import Walk
from pipeline.pdf.walk import interpret


def read_painted(page: pikepdf.Page) -> Painted:
    """Walk a page's content, and everything it draws with.

    Raises:
        TooLargeError: the page goes over one of the bounds.
        BrokenStreamError, ValueError, TypeError: it is no content stream.
    """
    unit = float(page.obj.get("/UserUnit", 1))
    media = read_box(page.mediabox, unit)
    bleed = read_box(page.obj.get("/BleedBox", page.mediabox), unit)
    trim = read_box(page.obj.get("/TrimBox", page.mediabox), unit)
    walk = Walk(Collector(trim, bleed), media, interpret)
    group = page.obj.get("/Group")
    if isinstance(group, pikepdf.Dictionary):
        walk.note_group(group, page.get("/Resources"))
    resources = page.get("/Resources", pikepdf.Dictionary())
    walk.run(page.obj.get("/Contents"), resources, State(matrix=(unit, 0.0, 0.0, unit, 0.0, 0.0)), 0)
    return walk.result
