"""Files that are whole or not there: written beside, then moved in place. Disk errors get a name."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Finding, StorageError

_HINTS = {
    "PermissionError": "check the rights of the folder, or close the program that has the file open",
    "NotADirectoryError": "a file stands where a folder is needed; move it away",
    "FileExistsError": "a file stands where a folder is needed; move it away",
    "FileNotFoundError": "was the folder taken away while it was written? run it again",
    "IsADirectoryError": "a folder stands where the file is to be; move it away",
}
_NO_SPACE = "make room on the disk, and run it again"
_STAGING = ".staging-"


@contextlib.contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Turn an OSError inside into a StorageError that says which file and what to do."""
    try:
        yield
    except OSError as error:
        place = str(error.filename2 or error.filename or path)
        hint = _HINTS.get(type(error).__name__, _NO_SPACE)
        raise StorageError(findings=[Finding(place, "", f"cannot write: {error.strerror or error}", hint)]) from None


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
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_file(staged, data)
        publish_file(staged, path)
    finally:
        with contextlib.suppress(OSError):
            staged.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(build: Path) -> Iterator[None]:
    """Keep other builds out of a folder, and clear away what killed ones left in it.

    Raises:
        StorageError: another build is running there.
    """
    from filelock import FileLock, Timeout

    with named_errors(build):
        build.mkdir(parents=True, exist_ok=True)
        lock = FileLock(build / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            finding = Finding(str(build), "", "another build is running here", "wait until it is done")
            raise StorageError(findings=[finding]) from None
    try:
        for leftover in build.glob(f"{_STAGING}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        lock.release()


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
        return hashlib.sha256(path.read_bytes()).hexdigest()
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
