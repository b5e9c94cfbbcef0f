"""The way of a build: content -> documents -> what is stale -> finished files -> `build/`.

A document that fails keeps the file it had; the others are published.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path

from pipeline.content.read import Toolbox, read_toolbox
from pipeline.errors import (
    ContentError,
    DrukwerkError,
    Finding,
    LayoutError,
    PreflightError,
    StorageError,
    UsageError,
    nearest,
)
from pipeline.kinds import KINDS
from pipeline.kinds.document import MEDIA, Document, Medium
from pipeline.manifest import Manifest, Output, fingerprint, read_manifest, write_manifest
from pipeline.resources import overlay_files
from pipeline.storage import hash_file, locked, named_errors, publish_file, remove_file, staging_folder
from pipeline.typeset import Typesetter
from pipeline.workshop import Made, make_all

_EPOCH_MAX = 253402300799  # the last second of the year 9999
_TOOLS = ("drukwerk", "typst", "pikepdf", "qrcode")  # whose version can change the bytes


@dataclass(frozen=True)
class Options:
    """What a build is asked to do.

    Attributes:
        products: names; empty: all.
        media: empty: all.
        force: make also what is up to date.
        strict: a warning is an error.
        jobs: processes; 0: as many as there are cores.
        publish: False: make and check everything, write nothing to `build/`.
    """

    products: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()
    force: bool = False
    strict: bool = False
    jobs: int = 0
    publish: bool = True


@dataclass
class Report:
    """What a build did. Paths are below `build/`."""

    published: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    warnings: tuple[Finding, ...] = ()
    errors: list[DrukwerkError] = field(default_factory=list)

    def require_success(self) -> None:
        """Raise the gravest error, with the findings of all: content, then layout, preflight, disk."""
        # A text that does not fit is found in the deck and again in the card by itself: once is enough.
        findings = dict.fromkeys(finding for error in self.errors for finding in error.findings)
        for kind in (ContentError, LayoutError, PreflightError, StorageError, DrukwerkError):
            if any(isinstance(error, kind) for error in self.errors):
                raise kind(findings=findings)


Progress = Callable[[int, int, str], None]


def build(project: Path, options: Options | None = None, progress: Progress | None = None) -> Report:
    """Make what is asked and not up to date, check it, and publish what is right.

    Args:
        project: the folder that holds `content/`; `build/` is made in it.
        options: what to make and how.
        progress: is told (documents done, documents to do, path of the last one).

    Raises:
        ContentError, AssetError: the content cannot be printed; nothing was made.
        UsageError: a product or folder that does not exist.
        StorageError: `build/` cannot be written.

    Returns:
        A report, with the errors of single documents in it (`Report.require_success` raises them).
    """
    options = options or Options()
    toolbox = read_toolbox(project)
    if options.strict and toolbox.warnings:
        raise ContentError(findings=toolbox.warnings)
    folder = toolbox.project / "build"
    with locked(folder) if options.publish else contextlib.nullcontext():
        return _build_locked(toolbox, folder, options, progress or _say_nothing)


def _build_locked(toolbox: Toolbox, folder: Path, options: Options, progress: Progress) -> Report:
    typesetter = load_typesetter(toolbox)
    planned = plan_documents(toolbox)
    documents = _select(planned, toolbox, options)
    known = read_manifest(folder).outputs
    inputs = _fingerprint_all(documents, typesetter)
    stale = [it for it in documents if options.force or not _is_current(folder, it.path, inputs[it.path], known)]
    by_path = {document.path: document for document in stale}
    report = Report(warnings=toolbox.warnings, unchanged=[it.path for it in documents if it.path not in by_path])

    outputs = dict(known)
    if stale:
        progress(0, len(stale), "")
        with staging_folder(folder if options.publish else None) as staging:
            with named_errors(staging):
                prepared = typesetter.prepare(staging / "typst")
            for made in make_all(stale, prepared, staging, options.jobs):
                error = made.error or (_try_publish(staging, folder, made) if options.publish else None)
                if error:
                    report.errors.append(error)
                elif options.publish:
                    document = by_path[made.path]
                    outputs[made.path] = Output(made.sha256, inputs[made.path], document.product, document.expects)
                    report.published.append(made.path)
                progress(len(report.published) + len(report.errors), len(stale), made.path)
    if options.publish:
        _forget_removed({document.path for document in planned}, folder, outputs, report)
        if outputs != known:
            write_manifest(folder, Manifest(outputs))
    report.published.sort()
    report.errors.sort(key=str)
    return report


def _say_nothing(done: int, total: int, path: str) -> None:
    """Be the progress that nobody asked for."""


def _try_publish(staging: Path, folder: Path, made: Made) -> StorageError | None:
    """Move a finished file to its place; return the error where something stands in the way."""
    try:
        publish_file(staging / made.path, folder / made.path)
    except StorageError as error:
        return error
    return None


def plan_documents(toolbox: Toolbox) -> list[Document]:
    """Return all documents of all products in all media, decks before their cards."""
    return [
        document
        for medium in MEDIA
        for product in toolbox.settings.products
        for document in KINDS[product.kind](toolbox, product, medium)
    ]


def _select(planned: list[Document], toolbox: Toolbox, options: Options) -> list[Document]:
    """Return the documents that were asked for."""
    names = [product.name for product in toolbox.settings.products]
    for name in options.products:
        if name not in names:
            raise UsageError(f"there is no product '{name}'; {nearest(name, names)}")
    products, media = set(options.products or names), set(options.media or MEDIA)
    return [document for document in planned if document.product in products and document.medium in media]


def load_typesetter(toolbox: Toolbox) -> Typesetter:
    """Gather what every document is set with: layouts, fonts, the date."""
    layouts = overlay_files(toolbox.project, "layouts", (".typ",))
    fonts = overlay_files(toolbox.project, "assets/fonts", (".ttf", ".otf"))
    return Typesetter(
        layouts={name: path.read_bytes() for name, path in layouts.items()},
        fonts=tuple(fonts.values()),
        timestamp=_timestamp(toolbox),
    )


def _timestamp(toolbox: Toolbox) -> int:
    """The date in the metadata: SOURCE_DATE_EPOCH (reproducible-builds.org), else the toolbox's own date."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        if not epoch.isascii() or not epoch.isdigit() or len(epoch) > 11 or int(epoch) > _EPOCH_MAX:
            raise UsageError(f"SOURCE_DATE_EPOCH is '{epoch}'; expected whole seconds since 1970")
        return int(epoch)
    return int(datetime.combine(toolbox.settings.date, time(), UTC).timestamp())


def _fingerprint_all(documents: Iterable[Document], typesetter: Typesetter) -> dict[str, str]:
    """Return path -> hash of everything that can change the bytes of that document."""
    shared = fingerprint(
        str(typesetter.timestamp),
        *(f"{name} {importlib.metadata.version(name)}" for name in _TOOLS),
        *(part for name, text in typesetter.layouts.items() for part in (name, text)),
        *(part for path in typesetter.fonts for part in (path.name, path.read_bytes())),
    )
    return {it.path: fingerprint(shared, it.layout, repr(it.expects), it.json) for it in documents}


def _is_current(folder: Path, path: str, inputs: str, known: dict[str, Output]) -> bool:
    """Say whether the published file was made from just this, and is still what was published."""
    output = known.get(path)
    if output is None or output.inputs != inputs:
        return False
    return hash_file(folder / path) == output.sha256


def _forget_removed(planned: set[str], folder: Path, outputs: dict[str, Output], report: Report) -> None:
    """Remove files of products and cards that the content no longer has."""
    for path in sorted(outputs.keys() - planned):
        if hash_file(folder / path) == outputs[path].sha256:  # not what somebody put in its place
            remove_file(folder / path, folder)
            report.removed.append(path)
        del outputs[path]
