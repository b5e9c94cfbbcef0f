"""Returned forms -> answers. `read_form` reads one file.

A file comes from outside: it is read in a process of its own (`process`, `child`), and judged here by plain values
(`judge`). Whatever stands in it, the call returns within ten seconds and never raises for it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipeline.collect.answers import Answers
    from pipeline.content.definition import Definition


class Forms(Protocol):
    """What is asked of a toolbox: the definitions of its forms."""

    @property
    def definitions(self) -> Mapping[str, tuple[Definition, ...]]:
        """Id of a form -> its definitions, today's first, then the released ones."""


def read_form(path: Path | str, toolbox: Forms) -> Answers:
    """Read a form that somebody returned.

    Args:
        path: the file.
        toolbox: has the definitions that it is read with.

    Returns:
        Its answers, with a verdict and the findings that explain it.

    Raises:
        UsageError: there is no such file, or it is a folder or device.
        StorageError: it may not be read.
    """
    # Late, since the process that reads imports this package too and needs none of it.
    from pipeline.collect.judge import judge
    from pipeline.collect.process import read_apart
    from pipeline.errors import Finding, StorageError, UsageError

    path = Path(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for its other end
            finding = Finding(str(path), "", "is no ordinary file", "name a PDF that was returned")
            raise UsageError(findings=[finding])
        with path.open("rb") as file:
            reading = read_apart(file)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in the name
        raise UsageError(findings=[Finding(str(path), "", "there is no such file")]) from None
    except OSError as error:
        hint = "check the rights of the file, and whether another program has it open"
        finding = Finding(str(path), "", f"cannot be read: {os.strerror(error.errno or 0)}", hint)
        raise StorageError(findings=[finding]) from None
    return judge(path.name, reading, toolbox.definitions)
