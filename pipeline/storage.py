"""Files that are whole or not there: written beside, then moved in place. Disk errors get a name."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import ContentError, Finding, StorageError

_HINTS = {
    "PermissionError": "check the rights of the folder, or close the program that has the file open",
    "NotADirectoryError": "a file stands where a folder is needed; move it away",
    "FileExistsError": "a file stands where a folder is needed; move it away",
    "FileNotFoundError": "was the folder taken away while it was written? run it again",
    "IsADirectoryError": "a folder stands where the file is to be; move it away",
}
_TOO_LONG = "take a shorter name"
_NO_SPACE = "make room on the disk, and run it again"
_STAGING = ".staging-"
_BESIDE = ".new"


@contextlib.contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Turn an OSError inside into a StorageError that says which file and what to do."""
    try:
        yield
    except OSError as error:
        place = str(error.filename2 or error.filename or path)
        hint = _TOO_LONG if error.errno == errno.ENAMETOOLONG else _HINTS.get(type(error).__name__, _NO_SPACE)
        raise StorageError(findings=[Finding(place, "", f"cannot write: {error.strerror or error}", hint)]) from None


@contextlib.contextmanager
def named_reading(folder: Path) -> Iterator[None]:
    """Turn an OSError inside into a ContentError: somebody moved what was being read, or may not read it."""
    try:
        yield
    except OSError as error:
        refused = isinstance(error, PermissionError)
        hint = "check the rights of the file or folder" if refused else "was it moved while it was read? run it again"
        finding = Finding(str(error.filename or folder), "", f"cannot be read: {error.strerror or error}", hint)
        raise ContentError(findings=[finding]) from None


def write_file(path: Path, data: bytes) -> None:
    """Write a new file down to the disk, folders included."""
    with named_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def publish_file(staged: Path, path: Path) -> None:
    """Move a finished file to its place; who looks sees the old one or the new one."""
    with named_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(path)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file beside `path` and move it there."""
    with writing_beside(path) as file:
        file.write(data)


@contextlib.contextmanager
def writing_beside(path: Path) -> Iterator[BinaryIO]:
    """Write a file beside `path`, folders included, and move it there; if that fails, `path` is as it was."""
    staged = path.with_name(f".{path.name}{_BESIDE}")
    try:
        with named_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with staged.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
        publish_file(staged, path)
    finally:
        with contextlib.suppress(OSError):
            staged.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(build: Path, wait: float = 0.0, what: str = "build") -> Iterator[None]:
    """Keep others out of a folder, and clear away what killed ones left in it.

    Args:
        build: the folder; made where it is not there.
        wait: seconds to wait for another that is running there.
        what: is done there.

    Raises:
        StorageError: another is running there, or the folder cannot be used.
    """
    from filelock import FileLock, Timeout

    with named_errors(build):
        _require_apart(build)
        build.mkdir(parents=True, exist_ok=True)
        lock = FileLock(build / ".lock")
        try:
            lock.acquire(timeout=wait)
        except Timeout:
            finding = Finding(str(build), "", f"another {what} is running here", "wait until it is done")
            raise StorageError(findings=[finding]) from None
    try:
        for leftover in (*build.glob(f"{_STAGING}*"), *build.glob(f".*{_BESIDE}")):
            shutil.rmtree(leftover, ignore_errors=True)
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)
        yield
    finally:
        lock.release()


def has_leftovers(build: Path) -> bool:
    """Say whether a build that was killed left something behind."""
    return any(build.glob(f"{_STAGING}*")) or any(build.glob(f".*{_BESIDE}"))


def _require_apart(build: Path) -> None:
    """Refuse a `build/` that is a link to nowhere, or to a folder that holds the project or lies in its content."""
    if not build.is_symlink():
        return
    project = build.parent.resolve()
    try:
        target = build.resolve(strict=True)
    except (OSError, RuntimeError):  # a loop is the one or the other, by the version of Python
        target = None
    if target is None or not target.is_dir():
        problem = "is a link to a folder that is not there"
    elif project.is_relative_to(target) or target.is_relative_to(project / "content"):
        problem = "is a link to the project itself"
    else:
        return
    hint = "remove the link, or let it point to a folder of its own"
    raise StorageError(findings=[Finding(str(build), "", problem, hint)])


@contextlib.contextmanager
def staging_folder(build: Path | None) -> Iterator[Path]:
    """A folder inside `build/` (so on the same disk), gone afterwards whatever happens; without `build`, anywhere."""
    if build is None:
        with tempfile.TemporaryDirectory(prefix="drukwerk-") as name:
            yield Path(name)
        return
    with named_errors(build):
        build.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=_STAGING, dir=build))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hash_file(path: Path) -> str | None:
    """Return the SHA-256 of a file, None where it cannot be read."""
    try:
        with path.open("rb") as file:  # piece by piece: somebody may have put anything there
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def remove_file(path: Path, top: Path) -> None:
    """Remove a file, and the folders up to `top` that are empty then."""
    with named_errors(path):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        for folder in path.parents:
            if folder == top:
                break
            folder.rmdir()
