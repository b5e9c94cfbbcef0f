"""A file -> a Reading, from a process of its own that ends when it takes too long or too much.

What the process says is plain JSON; nothing of the PDF is parsed here.
"""

from __future__ import annotations

import json
import time
from typing import IO, Any

from pipeline.apart import Apart, LimitError, Limits
from pipeline.collect.limits import MEMORY_MOST, REPLY_MOST, SECONDS_MOST
from pipeline.pdf.found import Reading, Refusal, load_form


def read_apart(file: IO[bytes]) -> Reading:
    """Have an open file read in a process of its own.

    Returns:
        What it says; a refusal where a limit ended it. Never later than `SECONDS_MOST`, give or take its end.
    """
    deadline = time.monotonic() + SECONDS_MOST
    process = Apart("pipeline.collect.child", Limits(MEMORY_MOST, REPLY_MOST), file)
    lines: list[bytes] = []
    refusal: Refusal | None = None
    try:
        while line := process.read_line(deadline):
            lines.append(line)
    except LimitError as error:
        refusal = error.limit
        if refusal == "size":
            lines = []
    finally:
        code = process.end(0.0 if refusal else 1.0)  # one that has said all ends by itself
    return _read_reply(lines, refusal, code)


def _read_reply(lines: list[bytes], refusal: Refusal | None, code: int) -> Reading:
    """Put together what a process said; where it did not come to its end, a limit or a crash was the cause."""
    said: dict[str, Any] = {}
    try:
        for line in lines:
            said.update(json.loads(line))
        form = load_form(said["form"]) if "form" in said else None
        refusal = said.get("refusal", refusal)
    except (ValueError, LookupError, TypeError, RecursionError, AttributeError):
        return Reading(refusal=refusal or "crash", detail="the reading program said nothing of use")
    detail = str(said.get("detail", ""))
    if refusal is None and not said.get("done"):
        refusal, detail = "crash", f"the reading program ended with {code}"
    return Reading(form, "identity" in said, str(said.get("identity", "")), refusal, detail)
