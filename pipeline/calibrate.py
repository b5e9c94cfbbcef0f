"""A sheet on which one measures one's printer (`drukwerk calibrate`)."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.content.read import read_toolbox
from pipeline.errors import ContentError, UsageError, nearest
from pipeline.imposition import Flip
from pipeline.kinds.calibration import plan_calibration
from pipeline.kinds.sheets import measure_sheet
from pipeline.single import make_single
from pipeline.status import find_project
from pipeline.storage import replace_file

COMMAND = "drukwerk build --back-shift X,Y"
SHEET = "a4"  # of assets/sheets, where none is named


def make_calibration(project: Path, sheet: str = SHEET, flip: Flip | None = None, out: Path | None = None) -> Path:
    """Write a sheet with scales on its front and crosses on its back; return its path.

    Args:
        project: the folder that holds `content/`.
        sheet: one of assets/sheets: its size, and the edge on which it is flipped.
        flip: that edge, where it is another one.
        out: the file; None: `build/calibration-SHEET.pdf`.

    Raises:
        ContentError: the sheet is too small.
        UsageError: no such sheet, or no name of a PDF.
        StorageError: it cannot be written.
    """
    folder = find_project(project)
    if out is not None and (out.suffix.lower() != ".pdf" or os.path.isdir(out)):  # noqa: PTH112 - raises for long names
        raise UsageError(f"'{out}' is no name of a PDF; expected a file such as calibration.pdf")
    toolbox = read_toolbox(project)
    sheets = toolbox.press.sheets
    if sheet not in sheets:
        raise UsageError(f"there is no sheet '{sheet}'; {nearest(sheet, sheets)}")
    template = sheets[sheet][0]
    size = template.try_size()
    assert size is not None  # held against the papers there are while reading
    words = toolbox.press_words
    said = words.calibration
    document = plan_calibration(
        toolbox,
        size,
        flip or template.flip,
        {
            "title": said.title,
            "instruction": said.instruction.replace("{command}", COMMAND),
            "front": words.front,
            "back": words.back,
            "x": said.x,
            "y": said.y,
        },
    )
    path = out or folder / "build" / f"calibration-{sheet}.pdf"
    try:
        made = make_single(toolbox, document)
    except ContentError:  # its words stand in no file of content
        source = sheets[sheet][1]
        message = f"scales with their words do not fit on {measure_sheet(size)}"
        hint = "take a larger sheet (--sheet NAME), or shorten 'calibration' in the words that are your own"
        raise ContentError(findings=[source.finding(("paper",), message, hint)]) from None
    replace_file(path, made)
    return path
