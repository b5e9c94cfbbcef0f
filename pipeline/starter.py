"""`assets/starter/` -> a small project of one's own: whole, or not there at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pipeline.content.schema import write_schemas
from pipeline.errors import UsageError
from pipeline.resources import find_starter
from pipeline.storage import named_errors


def make_project(folder: Path, language: str) -> list[Path]:
    """Write the small project of a language into a new or empty folder; return its files.

    Everything is made in a folder beside, on the same disk, and moved at the end.

    Raises:
        UsageError: something is in the folder already.
        StorageError: the disk refuses; the folder is as it was.
    """
    target = Path(os.path.abspath(folder))  # noqa: PTH100 - `resolve` would follow links, and give up on loops
    with named_errors(folder):
        try:
            _require_room(folder)
            base = next(path for path in (target, *target.parents) if path.exists())
            staging = base / f".drukwerk-new-{os.getpid()}"
            staging.mkdir()
            try:
                files = _write(staging / target.relative_to(base), language)
                _move_all(staging, base)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
        except OSError as error:  # without the name of a file that nobody asked for
            raise OSError(error.errno, error.strerror) from None
    return [folder / name for name in files]


def _require_room(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"the folder '{folder}' is not empty; name one that does not exist yet")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"'{folder}' is a file; name a folder that does not exist yet")


def _write(project: Path, language: str) -> list[Path]:
    """Copy the files of a starter, and write its schemas; return their names, sorted."""
    starter = find_starter(language)
    for path in starter.rglob("*"):
        if path.is_file():
            copy = project / path.relative_to(starter)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    write_schemas(project)
    return sorted(path.relative_to(project) for path in project.rglob("*") if path.is_file())


def _move_all(staging: Path, base: Path) -> None:
    """Move what stands in one folder into another; where one move fails, take back those before it."""
    moved: list[Path] = []
    try:
        for path in sorted(staging.iterdir()):
            path.rename(base / path.name)
            moved.append(base / path.name)
    except BaseException:
        for path in moved:
            path.rename(staging / path.name)
        raise
