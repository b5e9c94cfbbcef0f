"""The process that reads one returned form: bytes of a PDF in, lines of JSON out; `python -m pipeline.collect.child`.

A line is written as soon as it is known, so that what was read is not lost when a limit ends the process later.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pipeline.apart import limit_self
from pipeline.collect.limits import FILE_MOST, MEMORY_MOST, SECONDS_MOST


def main() -> None:
    """Read standard input, say what it is on standard output."""
    limit_self(MEMORY_MOST, SECONDS_MOST)
    data = sys.stdin.buffer.read(FILE_MOST + 1)
    if len(data) > FILE_MOST:
        _say(refusal="size", detail=f"more than {FILE_MOST // 1_000_000} MB")
        return
    try:
        _read(data)
    except MemoryError:
        _say(refusal="memory", detail="")
    _say(done=True)


def _read(data: bytes) -> None:
    from pipeline.pdf.found import dump_form
    from pipeline.pdf.read import EncryptedError, read_returned
    from pipeline.pdf.values import TooMuchError

    try:
        form = read_returned(data)
    except EncryptedError:
        _say(refusal="encrypted", detail="")
        return
    except TooMuchError as error:
        _say(refusal="size", detail=str(error))
        return
    _say(form=dump_form(form))
    says_itself = form.info or any(field.name == "meta_form" for field in form.fields)
    if not form.foreign and (form.broken or not says_itself):
        from pipeline.collect.looks import find_on_pages

        _say(identity=find_on_pages(data))


def _say(**reply: Any) -> None:
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
