"""What stands in `build/`, and from what it was made.

One JSON file, replaced atomically after the outputs themselves. A manifest that is absent, torn, changed by hand or of
another version is the same as none: everything is made again.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.document import MEDIA, Expectation
from pipeline.errors import Finding
from pipeline.snapshot import fingerprint
from pipeline.storage import replace_file
from pipeline.units import Size

VERSION = 3
NAME = "manifest.json"


@dataclass(frozen=True)
class Recipe:
    """What a document is made from, as names with a hash or a version; equal recipes give equal bytes.

    Attributes:
        shared: tools, the date, layouts, fonts: name -> version or hash.
        parts: `Part.name` -> `Part.digest`.
    """

    shared: Mapping[str, str]
    parts: Mapping[str, str]


@dataclass(frozen=True)
class Output:
    """One published file.

    Attributes:
        sha256: of its bytes.
        product: name of the product it belongs to.
        recipe: what it was made from.
        expects: what it was made to be, for preflight later on.
        pages: digests of its pages, which were looked at and found good (`pdf/pages.py`).
    """

    sha256: str
    product: str
    recipe: Recipe
    expects: Expectation
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Complete:
    """The last build after which nothing was left to do.

    Attributes:
        snapshot: of all that was read then (`snapshot.py`).
        extra: files of the project that were read beside content, layouts and fonts.
        warnings: what was said then.
    """

    snapshot: str
    extra: tuple[str, ...]
    warnings: tuple[Finding, ...]


@dataclass(frozen=True)
class Manifest:
    """Path below `build/` -> output; and when there was nothing left to do."""

    outputs: Mapping[str, Output] = field(default_factory=dict)
    complete: Complete | None = None


def read_manifest(build: Path) -> Manifest:
    """Read the manifest of a build folder; an empty one where there is none that can be trusted."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raw = json.loads((build / NAME).read_text("utf-8"))
        claimed = raw.pop("hash")
        if raw["version"] == VERSION and claimed == _hash(raw):
            shared = raw["shared"]
            outputs = {_require_path(path): _parse_output(output, shared) for path, output in raw["outputs"].items()}
            return Manifest(outputs, _parse_complete(raw["complete"]))
    return Manifest()


def find_output(path: Path) -> tuple[Path, str, Output] | None:
    """Return (folder, path below it, output) of a file that a manifest beside or above it knows, None for others."""
    path = path.resolve()
    for folder in path.parents:
        name = path.relative_to(folder).as_posix()
        output = read_manifest(folder).outputs.get(name)
        if output:
            return folder, name, output
    return None


def write_manifest(build: Path, manifest: Manifest) -> None:
    """Replace the manifest of a build folder."""
    shared: dict[str, Mapping[str, str]] = {}
    outputs = {}
    for path, output in sorted(manifest.outputs.items()):
        key = fingerprint(part for pair in sorted(output.recipe.shared.items()) for part in pair)[:8]
        shared[key] = output.recipe.shared
        recipe = {"shared": key, "parts": dict(output.recipe.parts)}
        outputs[path] = {
            "sha256": output.sha256,
            "product": output.product,
            "recipe": recipe,
            "expects": asdict(output.expects),
            "pages": output.pages,
        }
    raw = {
        "version": VERSION,
        "complete": asdict(manifest.complete) if manifest.complete else None,
        "shared": {key: dict(it) for key, it in sorted(shared.items())},
        "outputs": outputs,
    }
    text = json.dumps({**raw, "hash": _hash(raw)}, ensure_ascii=False, indent=1)
    replace_file(build / NAME, (text + "\n").encode())


def _hash(raw: dict[str, Any]) -> str:
    """Return a hash of all the rest, so that a change by hand or a torn file shows."""
    return fingerprint([json.dumps(raw, ensure_ascii=False)])


def _require_path(path: str) -> str:
    """Return a path that can only be a PDF of a medium, whatever somebody wrote in the file."""
    parts = path.split("/")
    if parts[0] not in MEDIA or not path.endswith(".pdf") or {"", ".", ".."} & set(parts) or "\\" in path:
        raise ValueError(f"'{path}' is no output")
    return path


def _parse_complete(raw: dict[str, Any] | None) -> Complete | None:
    if raw is None:
        return None
    return Complete(raw["snapshot"], tuple(raw["extra"]), tuple(Finding(**finding) for finding in raw["warnings"]))


def _parse_output(raw: dict[str, Any], shared: dict[str, dict[str, str]]) -> Output:
    expects = raw["expects"]
    if expects["medium"] not in MEDIA:
        raise ValueError("unknown medium")
    return Output(
        sha256=str(raw["sha256"]),
        product=str(raw["product"]),
        recipe=Recipe(shared[raw["recipe"]["shared"]], raw["recipe"]["parts"]),
        expects=Expectation(
            medium=expects["medium"],
            trim=Size(*map(float, expects["trim"])),
            bleed=float(expects["bleed"]),
            pages=int(expects["pages"]),
            language=str(expects["language"]),
            codes=tuple((int(page), str(address)) for page, address in expects["codes"]),
            fields=tuple(map(str, expects["fields"])),
            multiple=int(expects["multiple"]),
        ),
        pages=tuple(raw["pages"]),
    )
