"""What a document was made from, and what it would be made from now -> why it has to be made again, in words.

The manifest keeps hashes only. Beside it stands what was said when each hash was taken, so that a change can be told
field by field. That file explains; it never decides: without it a reason only names the file.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.content.source import FieldPath
from pipeline.document import Document, Part
from pipeline.manifest import Manifest, Output, Recipe
from pipeline.snapshot import TOOLS
from pipeline.storage import hash_file, replace_file

NAME = ".texts.json"

Texts = Mapping[str, Any]  # `Part.digest` -> `Part.data`


def list_reasons(document: Document, recipe: Recipe, output: Output | None, texts: Texts) -> list[str]:
    """Return why the recipe of a document is another one than its file was made from; nothing where it is the same."""
    if output is None:
        return ["not made yet"]
    before = output.recipe
    reasons = [*_compare_shared(before.shared, recipe.shared)]
    consequences: list[str] = []
    for part in document.parts:
        old = before.parts.get(part.name)
        if old is None:
            reasons.append(f"{part.name} is new")
        elif old != part.digest:
            reasons += _compare_part(part, texts.get(old), consequences)
    own = {part.name for part in document.parts}
    others = [name for name, now in recipe.parts.items() if name not in own and before.parts.get(name) != now]
    consequences += [f"{name} is made again" for name in others]  # for a reason that is told there
    reasons += [f"{name} is gone" for name in before.parts if name not in recipe.parts]
    reasons = reasons or consequences
    if not reasons and before != recipe:  # the texts were changed by somebody, and tell nothing
        reasons.append("what it is made from changed")
    return list(dict.fromkeys(reasons))


def check_file(path: Path, output: Output) -> str | None:
    """Return what happened to a published file; None where it is as it was."""
    found = hash_file(path)
    if found == output.sha256:
        return None
    return "the file is gone" if found is None and not path.exists() else "the file was changed by somebody else"


def _compare_shared(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in [*old, *(name for name in new if name not in old)]:
        before, now = old.get(name), new.get(name)
        if before == now:
            continue
        if before is None:
            yield f"{name} is new"
        elif now is None:
            yield f"{name} is gone"
        elif name == "drukwerk":
            versions = before.split()[0], now.split()[0]
            yield "drukwerk's own code changed" if versions[0] == versions[1] else f"{name} {' -> '.join(versions)}"
        elif name in TOOLS:
            yield f"{name} {before} -> {now}"
        elif name == "date":
            yield f"the date changed, {before.removesuffix(' 00:00:00')} -> {now.removesuffix(' 00:00:00')}"
        else:
            yield f"{name} changed"


def _compare_part(part: Part, before: Any, consequences: list[str]) -> Iterator[str]:
    """Yield a reason for each place in the content whose value changed.

    What a document shares holds only what its cards need: a value that came or went there is a consequence of
    something else, and goes to `consequences`.
    """
    if before is None:
        yield f"{part.name} changed"
        return
    for path, both in _list_changes((), before, json.loads(part.json)):
        origin = part.locate(path)
        place = part.name if origin is None else ": ".join(filter(None, (origin.source.name, origin.field)))
        if both or part.list:
            yield f"{place} changed"
        else:
            consequences.append(f"{place} changed")


def _list_changes(path: FieldPath, old: Any, new: Any) -> Iterator[tuple[FieldPath, bool]]:
    """Yield the deepest paths below which two values differ, and whether both have a value there."""
    if json.dumps(old) == json.dumps(new):  # also the order of keys: that of the sides, say, is that of the pages
        return
    if isinstance(old, dict) and isinstance(new, dict) and old.get("id") == new.get("id"):
        for key in dict.fromkeys([*old, *new]):
            if key not in old or key not in new:
                yield (*path, key), False
            else:
                yield from _list_changes((*path, key), old[key], new[key])
        if list(old) != list(new) and old.keys() == new.keys():
            yield path, True
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, now) in enumerate(zip(old, new, strict=True)):
            yield from _list_changes((*path, index), before, now)
    else:
        yield path, True


# ------------------------------------------------------------------------------------------ the texts


def read_texts(build: Path) -> Texts:
    """Read what was said the last times; nothing where that is lost."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        texts = json.loads((build / NAME).read_text("utf-8"))
        if isinstance(texts, dict):
            return texts
    return {}


def write_texts(build: Path, texts: Texts, documents: Iterable[Document], manifest: Manifest) -> None:
    """Keep the texts that outputs of the manifest were made from, out of the earlier ones and those of now."""
    parts = {part.digest: part.data for document in documents for part in document.parts}
    used = {digest for output in manifest.outputs.values() for digest in output.recipe.parts.values()}
    kept = {digest: parts.get(digest, texts.get(digest)) for digest in sorted(used)}
    raw = json.dumps({digest: data for digest, data in kept.items() if data is not None}, ensure_ascii=False)
    replace_file(build / NAME, raw.encode())
