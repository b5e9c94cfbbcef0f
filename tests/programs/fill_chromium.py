"""Chromium's own viewer, PDFium with scripts: clicks, keys, and its button for 'save with your changes'.

The viewer is an extension in a frame of its own. Only the file dialogue of the system is answered for it: a page
cannot click there.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pikepdf

from tests.programs.devtools import PAUSE, Chromium, Tab, wait_for
from tests.programs.widgets import Answers, Widget, choose_widgets, find_widgets

WIDTH, PAGE_HEIGHT, TOOLBAR = 1300, 900, 100  # pixels; at 75 % an A4 page is 842 high, so nothing has to be scrolled
ZOOM = 75
BESIDE = 200, 3  # on the toolbar, on none of its buttons
LOADED = 'globalThis.viewer?.loadState_ === "success" && viewer.viewport.getZoom()'
ANSWER_DIALOGUE = """
const keep = (part) => { globalThis.savedFile = new Blob([globalThis.savedFile ?? "", part]); };
chrome.fileSystem.chooseEntry = (options, done) => done({
  createWriter: (give) => give({ write(part) { keep(part); this.onwriteend?.(); } }),
});
globalThis.showSaveFilePicker = async () => ({  // newer versions may ask this one
  createWritable: async () => ({ write: async (part) => keep(part), close: async () => {} }),
});"""
CONTROLS = "viewer.shadowRoot.querySelector('viewer-toolbar').shadowRoot.querySelector('#downloads').shadowRoot"
SAVE_BUTTON = f"""(() => {{
  const box = {CONTROLS}.querySelector("#save").getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}})()"""
READ_SAVED = """
savedFile.arrayBuffer().then((buffer) => {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let start = 0; start < bytes.length; start += 32768)
    text += String.fromCharCode(...bytes.subarray(start, start + 32768));
  return btoa(text);
})"""


def fill(pdf: bytes, answers: Answers, scratch: Path) -> bytes:
    """Return the form with these answers."""
    with open_viewer(pdf, scratch) as viewer:
        for widget, answer in choose_widgets(pdf, answers):
            _operate(viewer, widget, answer)
        return viewer.save()


def click(pdf: bytes, widgets: Sequence[Widget], scratch: Path) -> bytes:
    """Return the form after clicks on these widgets, one after the other."""
    with open_viewer(pdf, scratch) as viewer:
        for widget in widgets:
            viewer.click(widget)
        return viewer.save()


@dataclass(frozen=True)
class Viewer:
    """A form in the viewer; `page` takes clicks and keys, `frame` knows where the pages stand."""

    page: Tab
    frame: Tab

    def click(self, widget: Widget) -> None:
        place = self.frame.evaluate(f"""(() => {{
          const page = viewer.viewport.getPageScreenRect({widget.page});
          const content = viewer.shadowRoot.querySelector("#content").getBoundingClientRect();
          return [content.x + page.x, content.y + page.y, page.width];
        }})()""")
        left, top, width = place
        scale = width / widget.page_size[0]
        x, y = widget.centre
        self.page.click(left + x * scale, top + (widget.page_size[1] - y) * scale)

    def save(self) -> bytes:
        """Save with the changes, as a user does."""
        self.frame.evaluate(ANSWER_DIALOGUE)
        self.leave()
        self.frame.wait_for("viewer.hasEdits_")
        self.page.click(*self.frame.evaluate(SAVE_BUTTON))
        self.frame.wait_for(f"{CONTROLS}.querySelector('#menu').open || Boolean(globalThis.savedFile)")
        if not self.frame.evaluate("Boolean(globalThis.savedFile)"):
            self.frame.evaluate(f"{CONTROLS}.querySelector('#save-edited').click()")  # it moves while it opens
        self.frame.wait_for("Boolean(globalThis.savedFile)")
        return base64.b64decode(self.frame.evaluate(READ_SAVED))

    def settle(self, places: Iterator[Widget]) -> None:
        """Wait until clicks arrive: the first ones are lost, until all processes know where the pages stand."""

        def look() -> bool:
            self.click(next(places))
            time.sleep(PAUSE)
            return bool(self.frame.evaluate("viewer.formFieldFocus_ !== 'none'"))

        wait_for(look, "a field that takes a click")
        self.leave()

    def enter(self, widget: Widget) -> None:
        """Click in a text field, and wait until the frame knows: until then it takes a space as 'scroll on'."""
        self.leave()
        self.click(widget)
        self.frame.wait_for("viewer.formFieldFocus_ === 'text'")

    def leave(self) -> None:
        """Click beside the pages, out of the field that was typed in."""
        self.page.click(*BESIDE)
        self.frame.wait_for("viewer.formFieldFocus_ === 'none'")


@contextmanager
def open_viewer(pdf: bytes, scratch: Path) -> Iterator[Viewer]:
    """Open a form in the viewer, so high that every page is in sight."""
    path = scratch / "form.pdf"
    path.write_bytes(pdf)
    with pikepdf.open(path) as document:
        height = TOOLBAR + PAGE_HEIGHT * len(document.pages)
    with Chromium(scratch) as browser:
        page = browser.open_tab(f"{path.as_uri()}#zoom={ZOOM}", WIDTH, height)
        viewer = Viewer(page, page.find_frame())
        wait_for(lambda: abs((viewer.frame.evaluate(LOADED) or 0) - ZOOM / 100) < 0.001, "the form in the viewer")
        viewer.settle(cycle(widget for widget in find_widgets(pdf) if widget.kind == "text"))
        yield viewer


def _operate(viewer: Viewer, widget: Widget, answer: str) -> None:
    if widget.kind == "text":
        viewer.enter(widget)
        viewer.page.retype(widget.value, answer)
    elif widget.kind == "list":
        viewer.click(widget)
        steps = widget.count_steps(answer)
        for _ in range(abs(steps)):
            viewer.page.press("ArrowDown" if steps > 0 else "ArrowUp")
    elif widget.kind == "choice" or (answer == "yes") != (widget.value == "yes"):
        viewer.click(widget)
