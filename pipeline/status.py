"""What a build would do, and why; and whether there is anything to do at all.

What is heavy is imported only when something may have changed: a project in which nothing did is answered without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.document import Document
from pipeline.errors import DrukwerkError, Finding, UsageError
from pipeline.manifest import Output, read_manifest
from pipeline.resources import check_path
from pipeline.shop import name_folder
from pipeline.snapshot import fingerprint, take_snapshot
from pipeline.storage import has_leftovers, hash_file, named_reading

if TYPE_CHECKING:
    from pipeline.kinds.sheets import Turning
    from pipeline.plan import Plan
    from pipeline.reasons import Texts


@dataclass(frozen=True)
class Status:
    """What a build would do. Paths are below `build/`.

    Attributes:
        stale: path of a document -> why it would be made.
        current: documents that are up to date.
        removed: files of documents that the content no longer has.
        warnings: findings that do not stop a build.
    """

    stale: dict[str, list[str]]
    current: list[str]
    removed: list[str]
    warnings: tuple[Finding, ...] = ()


def read_status(project: Path, shop: str = "") -> Status:
    """Say what a build for a shop (empty: the default one) would make again and why, without making anything.

    Raises:
        ContentError, AssetError, UsageError: as `build`.
    """
    folder = find_project(project) / name_folder(shop)
    done = find_complete(project, folder)
    if done:
        return done
    from pipeline.reasons import read_texts

    plan = read_plan(project, shop)
    known = read_manifest(folder).outputs
    texts = read_texts(folder)
    reasons = {it.path: _find_reasons(plan, it, folder, known, texts) for it in plan.documents}
    return Status(
        stale={path: found for path, found in reasons.items() if found},
        current=[path for path, found in reasons.items() if not found],
        removed=sorted(known.keys() - reasons.keys()),
        warnings=plan.warnings,
    )


def find_project(project: Path) -> Path:
    """Return the folder of a project, resolved.

    Raises:
        UsageError: there is no such folder.
    """
    if not project.is_dir():
        raise UsageError(f"there is no folder '{project}'")
    return project.resolve()


def find_complete(project: Path, folder: Path) -> Status | None:
    """Return the status of a project in which nothing changed since all was made; None where something may have."""
    manifest = read_manifest(folder)
    done = manifest.complete
    if done is None or has_leftovers(folder):
        return None
    if any(check_path(project, name)[1] for name in done.extra):
        return None
    extra = {name: hash_file(project / name) or "" for name in done.extra}
    base = try_snapshot(project)
    if base is None or seal(base, extra) != done.snapshot:
        return None
    if any(hash_file(folder / path) != output.sha256 for path, output in manifest.outputs.items()):
        return None
    return Status({}, list(manifest.outputs), [], done.warnings)


def try_snapshot(project: Path) -> str | None:
    """Return the snapshot of a project, None where something cannot be read: reading it will say what."""
    try:
        return take_snapshot(project)
    except (OSError, RuntimeError, DrukwerkError):  # a loop of links is the one or the other, by the version of Python
        return None


def seal(snapshot: str, extra: Mapping[str, str]) -> str:
    """Return one hash of a snapshot and of what was read beside it (name -> SHA-256)."""
    return fingerprint([snapshot, *(part for pair in sorted(extra.items()) for part in pair)])


def read_plan(project: Path, shop: str = "", turning: Turning | None = None) -> Plan:
    """Read the content of a project and plan its documents, for a shop (empty: the default one).

    Raises:
        ContentError, AssetError, UsageError: the content cannot be printed.
    """
    from pipeline.content.read import read_toolbox
    from pipeline.plan import make_plan

    toolbox = read_toolbox(project, shop)
    with named_reading(project):  # layouts and fonts
        return make_plan(toolbox, turning)


def _find_reasons(plan: Plan, document: Document, folder: Path, known: Mapping[str, Output], texts: Texts) -> list[str]:
    """Return why a document is to be made; nothing where it is up to date."""
    from pipeline.reasons import check_file, list_reasons

    output = known.get(document.path)
    reasons = list_reasons(document, plan.recipes[document.path], output, texts)
    happened = None if reasons or output is None else check_file(folder / document.path, output)
    return [happened] if happened else reasons
