"""Files -> one zip. Its bytes depend on the names, the files and one date alone; it is whole or not there."""

from __future__ import annotations

import hashlib
import stat
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import Finding, StorageError
from pipeline.storage import named_errors, writing_beside

SUMS = "SHA256SUMS"  # as `sha256sum -c` reads it
_PIECE = 1 << 20  # bytes that are held at a time
_PACKED = (".pdf", ".png")  # these hold what is packed already
_YEARS = (1980, 2107)  # that a zip can say (PKWARE APPNOTE 4.4.6)


@dataclass(frozen=True)
class Member:
    """A file of a zip: its name there, where it lies now, its size in bytes and its SHA-256 in hexadecimal digits."""

    name: str
    path: Path
    size: int
    sha256: str


def read_member(name: str, path: Path) -> Member:
    """Measure a file.

    Raises:
        StorageError: it cannot be read.
    """
    with named_errors(path), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Member(name, path, file.tell(), digest)


def write_sums(members: Iterable[Member]) -> str:
    """Return the checksums of files as `sha256sum` writes them, by name."""
    return "".join(f"{it.sha256}  {it.name}\n" for it in sorted(members, key=lambda it: it.name))


def write_zip(out: Path, members: Iterable[Member], timestamp: int) -> None:
    """Write a zip with these files, by name; a file that is there already is replaced.

    Args:
        out: the zip.
        members: read piece by piece, so their sizes do not matter.
        timestamp: seconds since 1970, UTC; the date of all files, without the time.

    Raises:
        StorageError: it cannot be written, or a file is no longer what was measured. Then `out` is what it was.
    """
    day = datetime.fromtimestamp(timestamp, UTC)
    date = (min(max(day.year, _YEARS[0]), _YEARS[1]), day.month, day.day, 0, 0, 0)
    with (
        writing_beside(out) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive,
    ):
        for member in sorted(members, key=lambda it: it.name):
            info = zipfile.ZipInfo(member.name, date)
            info.create_system = 3  # Unix, on every system: it says how the rights below are written
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.compress_type = zipfile.ZIP_STORED if member.name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
            info.file_size = member.size
            _copy(member, archive, info)


def _copy(member: Member, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    digest = hashlib.sha256()
    with member.path.open("rb") as source, archive.open(info, "w") as target:
        while piece := source.read(_PIECE):
            digest.update(piece)
            target.write(piece)
    if digest.hexdigest() != member.sha256:
        hint = "is another program writing there? run it again"
        raise StorageError(findings=[Finding(str(member.path), "", "changed while it was packed", hint)])
