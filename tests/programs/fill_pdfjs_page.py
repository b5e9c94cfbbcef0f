"""pdf.js as Firefox shows a form, on a page in Chromium: drawn fields, clicks and keys, and the form's own scripts.

PDFJS_DIST names the folder of the npm package `pdfjs-dist` (see .ci/run).
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.programs.devtools import CONTROL, Chromium, Tab
from tests.programs.installed import HAS_PDFJS, PDFJS_DIST, WANTS_PDFJS
from tests.programs.widgets import Answers, Widget, choose_widgets, find_widgets

PAGE = Path(__file__).with_name("pdfjs_page.html")
WIDTH, PAGE_HEIGHT = 900, 1150  # pixels; an A4 page is 794 x 1123, so nothing has to be scrolled


# Seconds for the scripts, which run beside the page and say nothing when they are done. Saved at once, a date is still
# 2026-02-01 and the mean that of the answers before.
SCRIPTS = 0.5


def fill(pdf: bytes, answers: Answers, scratch: Path) -> bytes:
    """Return the form with these answers."""
    with open_page(pdf, scratch) as page:
        for widget, answer in choose_widgets(pdf, answers):
            _operate(page, widget, answer)
        return page.save()


def click(pdf: bytes, widgets: Sequence[Widget], scratch: Path) -> bytes:
    """Return the form after clicks on these widgets, one after the other."""
    with open_page(pdf, scratch) as page:
        for widget in widgets:
            page.click(widget)
        return page.save()


@dataclass(frozen=True)
class Page:
    """A form on our page."""

    tab: Tab

    def click(self, widget: Widget) -> None:
        left, top, width = self.tab.evaluate(f"""(() => {{
          const box = document.querySelector('.page[data-page-number="{widget.page + 1}"]').getBoundingClientRect();
          return [box.x, box.y, box.width];
        }})()""")
        scale = width / widget.page_size[0]
        x, y = widget.centre
        self.tab.click(left + x * scale, top + (widget.page_size[1] - y) * scale)

    def save(self) -> bytes:
        """Leave the field that was typed in, and save."""
        self.tab.click(WIDTH - 20, 10)
        assert self.tab.evaluate("document.activeElement.id") == "save", "the button has the focus"
        time.sleep(SCRIPTS)
        return base64.b64decode(self.tab.evaluate("saveForm()"))


@contextmanager
def open_page(pdf: bytes, scratch: Path) -> Iterator[Page]:
    """Open a form, so high that every page is in sight."""
    assert HAS_PDFJS, WANTS_PDFJS
    height = PAGE_HEIGHT * (1 + max(widget.page for widget in find_widgets(pdf)))
    dist = quote(Path(PDFJS_DIST).resolve().as_uri())
    with Chromium(scratch) as browser:
        tab = browser.open_tab(f"{PAGE.as_uri()}?dist={dist}", WIDTH, height)
        tab.wait_for("Boolean(globalThis.openForm)")
        tab.evaluate(f"openForm('{base64.b64encode(pdf).decode()}')")
        yield Page(tab)


def _operate(page: Page, widget: Widget, answer: str) -> None:
    if widget.kind == "text":
        page.click(widget)
        if page.tab.evaluate("document.activeElement.type === 'date'"):  # what pdf.js makes of a field with AFDate
            _type_date(page.tab, widget.field, answer)
        elif widget.watched:
            _type_watched(page.tab, widget, answer)
        else:
            page.tab.retype(widget.value, answer)
    elif widget.kind == "list":
        box = f"document.querySelector('select[name={json.dumps(widget.field)}]')"
        page.tab.evaluate(f"{box}.focus()")  # a click would open its options in a window of their own
        steps = widget.count_steps(answer)
        for _ in range(abs(steps)):  # as one who looks what comes: a busy machine loses keys that follow too fast
            before = page.tab.evaluate(f"{box}.value")
            page.tab.press("ArrowDown" if steps > 0 else "ArrowUp")
            page.tab.wait_for(f"{box}.value !== {json.dumps(before)}")
    elif widget.kind == "choice" or (answer == "yes") != (widget.value == "yes"):
        page.click(widget)


def _type_watched(tab: Tab, widget: Widget, answer: str) -> None:
    """Type as one who sees each letter come: pdf.js drops what follows within some 20 ms, while a script looks."""
    box = f"document.querySelector('input[name={json.dumps(widget.field)}]')"
    tab.press("Home", CONTROL)
    for gone in range(1, len(widget.value) + 1):
        tab.press("Delete")
        tab.wait_for(f"{box}.value === {json.dumps(widget.value[gone:])}")
    for come in range(1, len(answer) + 1):
        tab.type(answer[come - 1])
        tab.wait_for(f"{box}.value === {json.dumps(answer[:come])}")


def _type_date(tab: Tab, field: str, answer: str) -> None:
    """Type a date from its day on, twice where need be, as one who sees a gap does.

    Over 01-02-2026 the 31 of 31-12-2025 makes for a moment 31 February, and pdf.js empties the box.
    """
    box = f"document.querySelector('input[name={json.dumps(field)}]')"
    for _ in range(2):
        tab.evaluate(f"{box}.blur(), {box}.focus()")
        tab.type(answer)
        if tab.evaluate(f"Boolean({box}.value)"):
            return
    raise AssertionError(f"no date after {answer}")
