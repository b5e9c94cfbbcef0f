"""Small black text and thin black lines overprint what lies below them (ISO 32000-2 8.6.7), page by page, in place.

Typst cannot say so, and black that is knocked out of a colour gets white edges where plates are a hair apart. So an
ExtGState is set before such a mark, and taken back before anything else is painted. Only full black ink alone
overprints: with OPM 1 it leaves the other inks as they are. White never does, it would vanish; nor do large areas,
through which one would see what lies below.

Sizes do not depend on where a stream is drawn, but for one factor, its scale. So each stream is scanned once, in its
own frame, and then written for the largest scale at which it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from pipeline.pdf.colours import MAX_DEPTH
from pipeline.pdf.graphics import read_matrix, scale_most
from pipeline.pdf.sizes import LARGE, scan_stream
from pipeline.pdf.unpack import read_content

# Names of states in the resources, by (lines overprint, fills overprint). A state of one kind leaves the other alone:
# `B` fills a box with white and strokes it with black.
_NAMES = {
    (False, False): "DwKnock",
    (True, False): "DwStroke",
    (False, True): "DwFill",
    (True, True): "DwBoth",
}
_OWN = ("/OP", "/op", "/LW", "/Font")  # a stream that sets one of these is left as it is


@dataclass(frozen=True)
class Small:
    """Below how many points black overprints: text by its size, lines by their width."""

    text: float = 12.0
    line: float = 2.0


def overprint_black(document: pikepdf.Pdf, small: Small, forms: bool = True) -> int:
    """Let small black text and thin black lines overprint, in place.

    A line is a stroke, or a path of filled rectangles that are all long for their width. The modules of a QR code are
    neither: there is paper below them, and a large code should not be taken apart. Streams that say something of
    overprint themselves are left alone; so this is done once.

    `forms`: also in form XObjects and tiling patterns; False where they are finished pages.

    Returns:
        How many places of the content were changed; 0: nothing was to be done.
    """
    streams = _Streams(forms)
    for page in document.pages:
        if "/Resources" not in page.obj:
            page.obj.Resources = page.get("/Resources", Dictionary())
        streams.gather(page.obj, float(page.obj.get("/UserUnit", 1)))
    work = [(it, it.plan(small)) for it in streams.found.values()]
    for stream, changes in work:
        if changes:
            stream.write(document, changes)
    return sum(len(changes) for _, changes in work)


class _Stream:
    """The content of a page, a form or a pattern; `scale`: the largest at which it is drawn."""

    def __init__(self, owner: Any) -> None:
        self.owner, self.resources = owner, owner.Resources
        is_page = not isinstance(owner, pikepdf.Stream)
        is_form = owner.get("/Subtype") == "/Form"  # which begins with the width that it is drawn with
        data = read_content(owner.get("/Contents") if is_page else owner)
        self.scan = scan_stream(data, self.resources, LARGE if is_form else 1.0)
        self.scale = 0.0

    def plan(self, small: Small) -> list[tuple[int, str]]:
        """Return (place in the bytes, name of the state that is to be set there), in the order of places."""
        if _manages_itself(self.resources):
            return []
        changes: list[tuple[int, str]] = []
        state, stack = (False, False), list[tuple[bool, bool]]()
        for it in self.scan.marks:
            if it.kind == "save":
                stack.append(state)
            elif it.kind == "restore":
                state = stack.pop() if stack else state
            else:
                wanted = tuple(
                    now if one is None else self._is_small(one, it.kind, small)
                    for now, one in zip(state, (it.stroke, it.fill), strict=True)
                )
                if wanted != state:
                    state = (wanted[0], wanted[1])
                    changes.append((it.place, _NAMES[state]))
        return changes

    def _is_small(self, size: float, kind: str, small: Small) -> bool:
        return size * self.scale < (small.text if kind == "text" else small.line)

    def write(self, document: pikepdf.Pdf, changes: list[tuple[int, str]]) -> None:
        """Put the states into the stream and its resources."""
        data, parts, begin = self.scan.data, list[bytes](), 0
        for place, name in changes:
            parts += [data[begin:place], b"\n/%b gs " % name.encode()]
            begin = place
        written = b"".join([*parts, data[begin:]])
        if "/ExtGState" not in self.resources:
            self.resources.ExtGState = Dictionary()
        for (strokes, fills), name in _NAMES.items():
            if any(name == used for _, used in changes):
                state = Dictionary(Type=Name.ExtGState, OP=strokes, op=fills, OPM=int(strokes or fills))
                self.resources.ExtGState[f"/{name}"] = state
        if isinstance(self.owner, pikepdf.Stream):
            self.owner.write(written)
        else:
            self.owner.Contents = document.make_stream(written)


class _Streams:
    """The streams of a document; `forms`: also those that pages draw."""

    def __init__(self, forms: bool) -> None:
        self.forms = forms
        self.found: dict[Any, _Stream] = {}

    def gather(self, owner: Any, scale: float, depth: int = 0) -> None:
        """Scan the stream of a page, form or pattern, and all that it draws; a larger scale is passed on to that."""
        if owner.objgen not in self.found:
            self.found[owner.objgen] = _Stream(owner)
        stream = self.found[owner.objgen]
        if scale <= stream.scale:
            return
        stream.scale = scale
        for it in stream.scan.drawn if self.forms and depth < MAX_DEPTH else ():
            inner = stream.resources.get(it.kind, {}).get(it.name)
            if _is_content(inner):
                matrix = read_matrix(inner.get("/Matrix", [1, 0, 0, 1, 0, 0]))
                self.gather(inner, scale * it.scale * scale_most(matrix), depth + 1)


def _is_content(found: Any) -> bool:
    """Say whether it is a form or a tiling pattern; one without resources uses those of a page, and is left alone."""
    return isinstance(found, pikepdf.Stream) and "/Resources" in found and found.get("/Subtype") != "/Image"


def _manages_itself(resources: Any) -> bool:
    states: Any = resources.get("/ExtGState", {})
    return any(key in state for _, state in states.items() for key in _OWN)
