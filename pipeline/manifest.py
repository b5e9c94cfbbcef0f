"""What stands in `build/`, and from what it was made.

One JSON file, replaced atomically after the outputs themselves. A manifest that is absent, torn or of another
version is the same as none: everything is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.kinds.document import MEDIA, Expectation
from pipeline.storage import replace_file
from pipeline.units import Size

VERSION = 1
NAME = "manifest.json"


@dataclass(frozen=True)
class Output:
    """One published file.

    Attributes:
        sha256: of its bytes.
        inputs: fingerprint of all it was made from.
        product: name of the product it belongs to.
        expects: what it was made to be, for preflight later on.
    """

    sha256: str
    inputs: str
    product: str
    expects: Expectation


@dataclass(frozen=True)
class Manifest:
    """Path below `build/` -> output."""

    outputs: dict[str, Output] = field(default_factory=dict)


def read_manifest(build: Path) -> Manifest:
    """Read the manifest of a build folder; an empty one where there is none that can be understood."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raw = json.loads((build / NAME).read_text("utf-8"))
        if raw["version"] == VERSION:
            return Manifest({_require_path(path): _parse_output(output) for path, output in raw["outputs"].items()})
    return Manifest()


def write_manifest(build: Path, manifest: Manifest) -> None:
    """Replace the manifest of a build folder."""
    raw = {"version": VERSION, "outputs": {path: asdict(it) for path, it in sorted(manifest.outputs.items())}}
    replace_file(build / NAME, (json.dumps(raw, ensure_ascii=False, indent=1) + "\n").encode())


def fingerprint(*parts: bytes | str) -> str:
    """Return one hash over all parts, each set off from the next by its length."""
    total = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        total.update(len(raw).to_bytes(8, "big") + raw)
    return total.hexdigest()


def _require_path(path: str) -> str:
    """Return a path that can only be a PDF of a medium, whatever somebody wrote in the file."""
    parts = path.split("/")
    if parts[0] not in MEDIA or not path.endswith(".pdf") or {"", ".", ".."} & set(parts) or "\\" in path:
        raise ValueError(f"'{path}' is no output")
    return path


def _parse_output(raw: dict[str, Any]) -> Output:
    expects = raw["expects"]
    if expects["medium"] not in MEDIA:
        raise ValueError("unknown medium")
    return Output(
        sha256=str(raw["sha256"]),
        inputs=str(raw["inputs"]),
        product=str(raw["product"]),
        expects=Expectation(
            medium=expects["medium"],
            trim=Size(*map(float, expects["trim"])),
            bleed=float(expects["bleed"]),
            pages=int(expects["pages"]),
            language=str(expects["language"]),
            codes=tuple((abs(int(page)), str(address)) for page, address in expects["codes"]),
        ),
    )
