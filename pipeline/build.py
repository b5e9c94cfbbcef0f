"""The way of a build: content -> documents -> PDFs -> checks -> `build/`.

A document that fails keeps the file it had; the others are published. Every process works on a few documents at a
time, so a deck of a thousand cards takes no more memory than one of sixteen.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from multiprocessing.context import BaseContext
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
from pipeline.storage import hash_file, locked, named_errors, publish_file, remove_file, staging_folder, write_file
from pipeline.typeset import Typesetter

CHUNK = 16  # documents that one process makes before it takes new ones
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


@dataclass(frozen=True)
class Made:
    """What came of one document: its finished file in the staging folder, or what is wrong with it."""

    path: str
    sha256: str = ""
    error: DrukwerkError | None = None


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
            for made in _make_all(stale, prepared, staging, options.jobs):
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
    return {
        it.path: fingerprint(shared, it.layout, repr(it.expects), json.dumps(it.data, sort_keys=True))
        for it in documents
    }


def _is_current(folder: Path, path: str, inputs: str, known: dict[str, Output]) -> bool:
    """Say whether the published file was made from just this, and is still what was published."""
    output = known.get(path)
    if output is None or output.inputs != inputs:
        return False
    return hash_file(folder / path) == output.sha256


def _make_all(documents: list[Document], typesetter: Typesetter, staging: Path, jobs: int) -> Iterator[Made]:
    """Make documents in several processes; yield each as it is done."""
    chunks = list(_chunk(documents))
    jobs = min(jobs or os.cpu_count() or 1, len(chunks))
    if jobs <= 1:
        for chunk in chunks:
            yield from make_documents(chunk, typesetter, staging)
        return
    with ProcessPoolExecutor(jobs, mp_context=_context(), initializer=_begin_worker) as pool:
        waiting: set[Future[list[Made]]] = {pool.submit(make_documents, chunk, typesetter, staging) for chunk in chunks}
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from future.result()
        except BrokenProcessPool:
            hint = "perhaps the memory was full: try --jobs 1"
            raise DrukwerkError(
                findings=[Finding("", "", "a process of the build was ended from outside", hint)]
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _begin_worker() -> None:
    """Leave Ctrl-C to the main process, and end with it, however it ends."""
    import multiprocessing
    import signal
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def end_with_parent() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()


def _chunk(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Split in lists of one product and medium: Typst remembers the deck when it sets the cards of that deck."""
    chunk: list[Document] = []
    for document in documents:
        other = chunk and (chunk[0].product, chunk[0].medium) != (document.product, document.medium)
        if other or len(chunk) == CHUNK:
            yield chunk
            chunk = []
        chunk.append(document)
    if chunk:
        yield chunk


def _context() -> BaseContext:
    import multiprocessing

    # A fork would copy threads of Typst and PDFium that may hold a lock; a fresh process has none.
    return multiprocessing.get_context("spawn")


def make_documents(documents: list[Document], typesetter: Typesetter, staging: Path) -> list[Made]:
    """Make documents one after the other; runs in a process of its own."""
    return [_make_document(document, typesetter, staging) for document in documents]


def _make_document(document: Document, typesetter: Typesetter, staging: Path) -> Made:
    """Typeset, finish, check, write to the staging folder."""
    from pipeline.fit import check_fit
    from pipeline.pdf.press import finish_print
    from pipeline.preflight import Subject, preflight
    from pipeline.typeset import typeset

    try:
        pdf, zones = typeset(document, typesetter)
        misfits = check_fit(pdf, zones, document)
        if misfits:
            return Made(document.path, error=ContentError(findings=misfits))
        if document.medium == "print":
            pdf = finish_print(pdf, document.expects.bleed)
        findings = preflight(Subject(f"build/{document.path}", pdf, document.expects))
        if findings:
            return Made(document.path, error=PreflightError(findings=findings))
        write_file(staging / document.path, pdf)
    except DrukwerkError as error:
        return Made(document.path, error=error)
    return Made(document.path, sha256=hashlib.sha256(pdf).hexdigest())


def _forget_removed(planned: set[str], folder: Path, outputs: dict[str, Output], report: Report) -> None:
    """Remove files of products and cards that the content no longer has."""
    for path in sorted(outputs.keys() - planned):
        if hash_file(folder / path) == outputs[path].sha256:  # not what somebody put in its place
            remove_file(folder / path, folder)
        del outputs[path]
        report.removed.append(path)
