"""A sheet on which one measures how far a printer prints backs from where they belong. Front and back, of any size.

Frame: points, origin top-left of the sheet, y down, as one looks at that side.

The front has scales, the back has crosses where the zeros of these scales are. A printer that prints backs `d` too far
(right and down, as one looks at the back) needs a shift of `-d`. Seen through the front, its cross stands `turned d`
from zero, `turned` being the flip of the sheet: a mirror, and its own inverse. So at a place `p` of the scales stands
`-(turned p)`: then what one reads is what one types. On a sheet that is flipped on an upright edge, X counts to the
right and Y upwards; on the other, X to the left and Y downwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.content.toolbox import Toolbox
from pipeline.document import Document, Expectation, Part
from pipeline.imposition import Flip
from pipeline.imposition.placing import map_point, name_axis, turn_over
from pipeline.kinds.common import locate_metadata, name_language, plan_ground
from pipeline.units import Size, points

WORDS = ("title", "instruction", "front", "back", "x", "y")
_CORNER = points(38)  # from the edges to the middle of a scale; its numbers end 20 mm before the edge
_ROOM = points(200)  # a sheet that is narrower has scales in its middle alone
_PAGES = 2


def plan_calibration(toolbox: Toolbox, size: Size, flip: Flip, words: Mapping[str, str]) -> Document:
    """Return the sheet, front and back.

    Args:
        toolbox: for colours and fonts.
        size: of the sheet, upright or lying.
        flip: the edge on which the printer flips it.
        words: one for each of WORDS.
    """
    over = turn_over(size, name_axis(size, flip))
    middle = size.width / 2, size.height / 2
    zeros = [middle]
    if min(size) >= _ROOM:  # in two opposite corners, to see a back that is askew
        zeros += [(size.width - _CORNER, _CORNER), (_CORNER, size.height - _CORNER)]
    data: dict[str, Any] = {
        **plan_ground(toolbox, "print", ()),
        "bleed": 0,
        "titles": [words["title"], toolbox.settings.title],
        "hyphenation": [],
        "words": {name: words[name] for name in WORDS},
        "size": list(size),
        "zeros": [list(it) for it in zeros],
        "crosses": [list(map_point(over, *it)) for it in zeros],
        "directions": [-over[0], -over[3]],
    }
    return Document(
        id="calibration",
        product="",
        layout="calibrate.typ",
        parts=(Part("the sheet", data, locate_metadata(toolbox.settings_source)),),
        expects=Expectation(
            medium="print", trim=size, bleed=0.0, pages=_PAGES, language=name_language(toolbox.settings)
        ),
    )
