"""A fillable PDF -> where its fields stand, for programs that are driven by clicks and keys.

Frame: points, origin bottom-left of the MediaBox, y up.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pikepdf

Kind = Literal["text", "choice", "check", "list", "button"]
Answers = Mapping[str, str]  # field name -> text, value of an option, or "yes" for a check box


@dataclass(frozen=True)
class Widget:
    """One place on a page to click at.

    Attributes:
        field: name of its field.
        kind: text: one line or several; choice: a radio button; check; list: a drop-down; button: a push button.
        page: from 0.
        rect: (x0, y0, x1, y1).
        page_size: width and height of the MediaBox.
        states: radio button, check box: its one on-state; drop-down: the values of its options, in order.
        value: what the file holds before anybody filled it in.
        room: how many letters a text may have, 0: as many as one likes.
        watched: a script looks at every key.
    """

    field: str
    kind: Kind
    page: int
    rect: tuple[float, float, float, float]
    page_size: tuple[float, float]
    states: tuple[str, ...]
    value: str
    room: int = 0
    watched: bool = False

    @property
    def centre(self) -> tuple[float, float]:
        x0, y0, x1, y1 = self.rect
        return (x0 + x1) / 2, (y0 + y1) / 2

    def count_steps(self, answer: str) -> int:
        """Return how often the Down arrow (less than 0: Up) has to be pressed in a drop-down to come to an option."""
        before = self.states.index(self.value) if self.value in self.states else -1
        return self.states.index(answer) - before


def name_states(pdf: bytes, answers: Answers) -> dict[str, str]:
    """Return the answers with the on-state of a check box, or "Off", in place of "yes" or another word."""
    kinds = {widget.field: widget.kind for widget, _ in choose_widgets(pdf, answers)}
    return {name: "Off" if kinds[name] == "check" and value != "yes" else value for name, value in answers.items()}


def find_widgets(pdf: bytes) -> list[Widget]:
    """Return the widgets of the file in the order of the annotations."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for number, page in enumerate(document.pages):
            size = float(page.mediabox[2]), float(page.mediabox[3])
            for annotation in page.obj.get("/Annots", []):
                if annotation.Subtype == "/Widget":
                    found.append(_read_widget(annotation, number, size))
    return found


def choose_widgets(pdf: bytes, answers: Answers) -> list[tuple[Widget, str]]:
    """Return the widgets that have to be operated for these answers, in the order of the pages, each with its answer.

    Raises:
        LookupError: no widget takes one of the answers.
    """
    chosen = []
    for widget in find_widgets(pdf):
        answer = answers.get(widget.field)
        if answer is not None and (widget.kind != "choice" or widget.states == (answer,)):
            chosen.append((widget, answer))
    if missing := set(answers) - {widget.field for widget, _ in chosen}:
        raise LookupError(f"no widget for {sorted(missing)}")
    return chosen


def _read_widget(widget: Any, page: int, page_size: tuple[float, float]) -> Widget:
    field = widget if "/T" in widget else widget.Parent
    flags, states = int(field.get("/Ff", 0)), []
    kind: Kind = "text"
    if field.FT == "/Ch":
        kind, states = "list", [str(option[0]) for option in field.Opt]
    elif field.FT == "/Btn":
        kind = "button" if flags & 1 << 16 else "choice" if flags & 1 << 15 else "check"
        states = [] if kind == "button" else [key[1:] for key in widget.AP.N.keys() if key != "/Off"]  # noqa: SIM118
    x0, y0, x1, y1 = map(float, widget.Rect)
    value = str(field.get("/V", "")).removeprefix("/" if field.FT == "/Btn" else "")
    room, watched = int(field.get("/MaxLen", 0)), "/K" in field.get("/AA", {})
    return Widget(str(field.T), kind, page, (x0, y0, x1, y1), page_size, tuple(states), value, room, watched)
