"""Everything a build reads, as one hash: with it unchanged, and every output as it was published, there is no work.

Only what stands in the files counts, never their times: a clock may be wrong, and a file that was touched is the same
file. Nothing heavy is imported here: an unchanged project is answered without reading any YAML.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pipeline import __version__
from pipeline.resources import (
    FONT_SUFFIXES,
    LAYOUT_SUFFIXES,
    PACKAGED,
    PRESS_FOLDERS,
    PROFILE_SUFFIXES,
    PROFILES,
    find_content,
    is_inside,
    overlay_files,
)

PACKAGE = Path(__file__).parent
CONTENT_SUFFIXES = (".yml", ".json")  # texts, and released definitions of forms
TOOLS = ("typst", "pikepdf", "pillow", "qrcode")  # others' code whose version can change the bytes


def fingerprint(parts: Iterable[bytes | str]) -> str:
    """Return one hash over all parts, each set off from the next by its length."""
    total = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        total.update(len(raw).to_bytes(8, "big") + raw)
    return total.hexdigest()[:32]


def take_snapshot(project: Path) -> str:
    """Return a hash over the content, the layouts, the fonts, the profiles, and the tools.

    Raises:
        UsageError, AssetError: the project's folders are not what they have to be.
        OSError: a file cannot be read.
    """
    return fingerprint(_list_inputs(project.resolve()))


def _list_inputs(project: Path) -> Iterator[bytes | str]:
    yield from (__version__, hash_code(), os.environ.get("SOURCE_DATE_EPOCH", ""), *_list_installed())
    content = find_content(project)
    yield from _list_content(content, content)
    others = {
        "layouts": (*LAYOUT_SUFFIXES, ".yml"),
        "assets/fonts": FONT_SUFFIXES,
        PROFILES: PROFILE_SUFFIXES,
        **dict.fromkeys(PRESS_FOLDERS, (".yml", ".yaml")),
    }
    for folder, suffixes in others.items():
        for name, path in overlay_files(project, folder, suffixes).items():
            yield from (name, _hash(path))


def _list_content(content: Path, folder: Path, depth: int = 2) -> Iterator[bytes | str]:
    """Yield what the reader sees of a folder: bytes of texts, names of all, and which links leave `content`."""
    for path in sorted(folder.glob("[!.]*")):
        yield f"{depth} {path.name} {path.is_dir()} {path.is_symlink() and not is_inside(content, path)}"
        if path.is_dir():
            yield from _list_content(content, path, depth - 1) if depth else ()
        elif path.suffix in CONTENT_SUFFIXES and path.is_file():
            yield _hash(path)


def _hash(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


@cache
def hash_code() -> str:
    """Return a hash of this package's own code and font: while it is being worked on, its version stays the same."""
    font = (PACKAGED / "assets/field-font").glob("FieldSans.*")
    return fingerprint(path.read_bytes() for path in (*sorted(PACKAGE.rglob("*.py")), *sorted(font)))


@cache
def _list_installed() -> tuple[str, ...]:
    """Return the names of the tools' metadata folders, which hold their versions (`typst-0.15.2.dist-info`).

    `importlib.metadata` says the same and takes as long as all the rest of an unchanged build.
    """
    prefixes = tuple(f"{tool}-" for tool in TOOLS)
    names = set()
    for folder in filter(os.path.isdir, sys.path):
        with os.scandir(folder) as entries:
            found = (entry.name for entry in entries)
            names |= {name for name in found if name.startswith(prefixes) and name.endswith(".dist-info")}
    return tuple(sorted(names))
