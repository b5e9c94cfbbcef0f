"""What somebody names on the command line -> the files that are meant, each with the name by which it is told apart."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.collect.ledger import LEDGER
from pipeline.errors import Finding, UsageError

_UNLISTED = "check the rights of the folder"


@dataclass(frozen=True)
class Named:
    """One file to collect.

    Attributes:
        path: where it is.
        name: relative to what was named, with forward slashes.
        problem: why it is not opened; empty where it is.
        hint: what to do then.
    """

    path: Path
    name: str
    problem: str = ""
    hint: str = ""


def find_files(paths: Iterable[Path], out: Path, written: Sequence[str]) -> list[Named]:
    """Return the files that are named, or lie in a folder that is, by name; one that is named twice is there once.

    Args:
        paths: files and folders. Hidden files in a folder are left out, and links that leave it are not followed.
        out: where the answers go; never collected itself.
        written: names, or patterns, of files and folders that were written there, and where else forms were collected.

    Raises:
        UsageError: a path is not there.
    """
    found: dict[str, Named] = {}
    for path, is_folder in check_paths(paths).items():
        for it in _walk(path, out.resolve(), written) if is_folder else [Named(path, path.name)]:
            found.setdefault(str(it.path) if it.problem else os.path.realpath(it.path), it)
    return sorted(found.values(), key=lambda it: (it.name, str(it.path)))


def check_paths(paths: Iterable[Path]) -> dict[Path, bool]:
    """Return path -> whether it is a folder.

    Raises:
        UsageError: a path is not there.
    """
    found, missing = {}, []
    for path in paths:
        try:
            found[path] = stat.S_ISDIR(path.stat().st_mode)
        except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in the name
            missing.append(Finding(show_name(str(path)), "", "there is no such file or folder"))
        except OSError:
            found[path] = False  # the reading says what is wrong
    if missing:
        raise UsageError(findings=missing)
    return found


def show_name(name: str) -> str:
    """Write a name of a file in letters; bytes that are no text become codes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _is_own(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, it) for it in patterns)


def _walk(top: Path, out: Path, written: Sequence[str]) -> Iterator[Named]:
    """Yield the files of a folder and of those in it."""
    root, refused = top.resolve(), list[OSError]()
    for folder, folders, names in os.walk(root, onerror=refused.append):
        here = Path(folder)
        own = written if LEDGER in names or here == out else ()
        links = [name for name in folders if (here / name).is_symlink()]
        out_of = {*links, *(name for name in folders if here / name == out or _is_own(name, own))}
        folders[:] = sorted(it for it in folders if it not in out_of and not it.startswith("."))
        for name in sorted([*names, *links]):
            if name.startswith(".") or _is_own(name, own):
                continue
            path = here / name
            told = path.relative_to(root).as_posix()
            if path.is_symlink():
                inside = Path(os.path.realpath(path)).is_relative_to(root)
                if inside and os.path.exists(path):  # noqa: PTH110 - Path.exists raises for a loop
                    continue  # it is found where it is
                where = "to nothing" if inside else "out of the folder"
                yield Named(path, told, f"is a link that leads {where}", "put the file itself here")
            else:
                yield Named(path, told)
    for error in refused:
        path = Path(os.fsdecode(error.filename or root))
        told = path.relative_to(root).as_posix() if path != root else root.name
        yield Named(path, told, f"cannot be listed: {error.strerror}", _UNLISTED)
