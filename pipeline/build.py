"""The way of a build: content -> plan -> what is stale and why -> finished files -> `build/`.

A document that fails keeps the file it had; the others are published. What is heavy is imported on the way: a project
in which nothing changed is answered without it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.document import Document, Job, Medium
from pipeline.errors import (
    ContentError,
    DrukwerkError,
    Finding,
    LayoutError,
    PreflightError,
    StorageError,
)
from pipeline.manifest import Complete, Manifest, Output, read_manifest, write_manifest
from pipeline.shop import name_folder
from pipeline.status import find_complete, find_project, read_plan, seal, try_snapshot
from pipeline.storage import (
    hash_file,
    locked,
    named_errors,
    publish_file,
    remove_file,
    staging_folder,
)

if TYPE_CHECKING:
    from pipeline.kinds.sheets import Turning
    from pipeline.places import TextPlace
    from pipeline.plan import Plan
    from pipeline.workers import Workers
    from pipeline.workshop import Made

SAVE_EVERY = 100  # published files after which the manifest is written, so that a killed build need not begin anew


@dataclass(frozen=True)
class Options:
    """What a build is asked to do.

    Attributes:
        products: names; empty: all.
        media: empty: all.
        force: make also what is up to date.
        strict: a warning is an error.
        jobs: processes; 0: as many as there are cores, 1: this one. Not used where workers are handed over.
        publish: False: make and check everything, write nothing to `build/`.
        wait: seconds to wait for another build in the same folder.
        shop: name of the print shop, whose files stand in a folder of their own; empty: the default one.
        turning: what the call says of sheets instead of content; None: nothing.
    """

    products: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()
    force: bool = False
    strict: bool = False
    jobs: int = 0
    publish: bool = True
    wait: float = 0.0
    shop: str = ""
    turning: Turning | None = None


@dataclass
class Report:
    """What a build did. Paths are below `folder` of the project.

    `extra`: files of the project that it read beside its folders.

    `added`: path -> the pages, from 0, that only fill up a booklet, of those that were published.
    """

    published: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    warnings: tuple[Finding, ...] = ()
    errors: list[DrukwerkError] = field(default_factory=list)
    added: dict[str, tuple[int, ...]] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    folder: str = "build"

    def require_success(self) -> None:
        """Raise the gravest error, with the findings of all: content, then layout, preflight, disk."""
        # A text that does not fit is found in the deck and again in the card by itself: once is enough.
        findings = dict.fromkeys(finding for error in self.errors for finding in error.findings)
        for kind in (ContentError, LayoutError, PreflightError, StorageError, DrukwerkError):
            if any(isinstance(error, kind) for error in self.errors):
                raise kind(findings=findings)


Progress = Callable[[int, int, str], None]


def build(
    project: Path,
    options: Options | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> Report:
    """Make what is asked and not up to date, check it, and publish what is right.

    Args:
        project: the folder that holds `content/`; `build/` is made in it.
        options: what to make and how.
        progress: is told (documents done, documents to do, path of the last one).
        workers: processes to make documents in, kept by the caller; None: some for this build alone.

    Raises:
        ContentError, AssetError: the content cannot be printed; nothing was made.
        UsageError: a product or folder that does not exist.
        StorageError: `build/` cannot be written.

    Returns:
        A report, with the errors of single documents in it (`Report.require_success` raises them).
    """
    options = options or Options()
    place = name_folder(options.shop)
    folder = find_project(project) / place
    if not (options.force or options.products or options.turning) and options.publish:
        done = find_complete(project, folder)
        if done and not (options.strict and done.warnings):
            return Report(unchanged=_select_current(done.current, options), warnings=done.warnings, folder=place)
    from pipeline.workshop import hire_workers, warm_up

    with contextlib.ExitStack() as stack:
        crew = workers or (None if options.jobs == 1 else stack.enter_context(hire_workers(options.jobs)))
        if crew:
            crew.start(warm_up)
        if options.publish:
            stack.enter_context(locked(folder, options.wait))
        snapshot = try_snapshot(project)
        plan = read_plan(project, options.shop, options.turning)
        if options.strict and plan.warnings:
            raise ContentError(findings=plan.warnings)
        documents = plan.select(options.products, options.media)
        return _Build(plan, folder, options, progress or _say_nothing).run(documents, crew, snapshot)


def _select_current(paths: list[str], options: Options) -> list[str]:
    return [path for path in paths if not options.media or path.split("/")[0] in options.media]


class _Build:
    """One build, from its plan to its manifest."""

    def __init__(self, plan: Plan, folder: Path, options: Options, progress: Progress) -> None:
        self.plan = plan
        self.folder = folder
        self.options = options
        self.progress = progress
        self.known = dict(read_manifest(folder).outputs)
        self.outputs = dict(self.known)
        self.places: dict[str, tuple[TextPlace, ...]] = {}
        extra = tuple(sorted(plan.toolbox.extra))
        self.report = Report(warnings=plan.warnings, extra=extra, folder=plan.typesetter.folder)

    def run(self, documents: list[Document], workers: Workers | None, snapshot: str | None) -> Report:
        """Make what is stale among these documents, and forget what is no longer planned."""
        stale = [it for it in documents if self.options.force or self._is_stale(it)]
        makes = {document.path for document in stale}
        self.report.unchanged = [it.path for it in documents if it.path not in makes]
        try:
            if stale:
                self._make(stale, workers)
            if self.options.publish:
                self._forget_removed()
        finally:
            if self.options.publish:
                self._save(self._complete(snapshot))
        self.report.published.sort()
        self.report.errors.sort(key=str)
        return self.report

    def _is_stale(self, document: Document) -> bool:
        output = self.known.get(document.path)
        if output is None or output.recipe != self.plan.recipes[document.path]:
            return True
        return hash_file(self.folder / document.path) != output.sha256

    def _make(self, stale: list[Document], workers: Workers | None) -> None:
        from pipeline.workshop import make_all

        self.progress(0, len(stale), "")
        by_path = {document.path: document for document in stale}
        with staging_folder(self.folder if self.options.publish else None) as staging:
            with named_errors(staging):
                prepared = self.plan.typesetter.prepare(staging / "typst")
            for jobs in self._list_jobs(stale, staging):
                for made in make_all(jobs, prepared, staging, workers):
                    self._take(by_path[made.path], made, staging)
                    done = len(self.report.published) + len(self.report.errors)
                    self.progress(done, len(stale), made.path)
                    if self.options.publish and done % SAVE_EVERY == 0:
                        write_manifest(self.folder, Manifest(self.outputs))

    def _list_jobs(self, stale: list[Document], staging: Path) -> Iterator[list[Job]]:
        """Yield what is set from content, then the sheets of what was made of that and has no findings."""
        yield [it.job(self._known_pages(it.path)) for it in stale if it.order is None]
        folder = self.folder if self.options.publish else staging
        jobs = []
        for it in stale:
            source = self.outputs.get(it.order.source) if it.order else None
            if it.order and source and source.recipe == self.plan.recipes[it.order.source]:
                jobs.append(replace(it.job(self._known_pages(it.path)), source=source.expects, folder=folder))
        yield jobs

    def _known_pages(self, path: str) -> frozenset[str]:
        """Return the pages that were looked at when this file was made before; with `force`, all are looked at."""
        output = None if self.options.force else self.known.get(path)
        return frozenset(output.pages if output else ())

    def _take(self, document: Document, made: Made, staging: Path) -> None:
        """Publish what was made, or keep what is wrong with it."""
        from pipeline.fit import place_findings, place_misfits
        from pipeline.places import locate_zones, name_places

        error = made.error
        if made.misfits:
            error = ContentError(findings=place_misfits(made.misfits, document))
        elif isinstance(error, ContentError):
            error = ContentError(findings=place_findings(error.findings, document))
        places = locate_zones(made.zones, document)
        if isinstance(error, PreflightError):
            error = PreflightError(findings=name_places(error.findings, places))
        if error is None and self.options.publish:
            try:
                publish_file(staging / made.path, self.folder / made.path)
            except StorageError as trouble:
                error = trouble
        if error:
            self.report.errors.append(error)
            return
        recipe = self.plan.recipes[made.path]
        expects = made.expects or document.expects
        self.outputs[made.path] = Output(made.sha256, document.product, recipe, expects, made.pages)
        if self.options.publish:
            self.report.published.append(made.path)
            self.report.warnings = (*self.report.warnings, *name_places(made.warnings, places))
            self.places[made.path] = places
            if made.added:
                self.report.added[made.path] = made.added

    def _forget_removed(self) -> None:
        """Remove files of products and cards that the content no longer has."""
        for path in sorted(self.outputs.keys() - self.plan.recipes.keys()):
            if hash_file(self.folder / path) == self.outputs[path].sha256:  # not what somebody put in its place
                remove_file(self.folder / path, self.folder)
                self.report.removed.append(path)
            del self.outputs[path]

    def _complete(self, snapshot: str | None) -> Complete | None:
        """Return the seal on a build folder in which everything is as planned; None where something is left to do."""
        made = {path: output.recipe for path, output in self.outputs.items()}
        if snapshot is None or made != self.plan.recipes or self.options.turning:
            return None
        extra = self.plan.toolbox.extra
        return Complete(seal(snapshot, extra), tuple(sorted(extra)), self.report.warnings)

    def _save(self, complete: Complete | None) -> None:
        """Write the manifest, after the texts and places that explain it."""
        from pipeline.places import read_places, write_places
        from pipeline.reasons import read_texts, write_texts

        manifest = Manifest(self.outputs, complete)
        if manifest == read_manifest(self.folder):
            return
        if self.outputs != self.known:
            write_texts(self.folder, read_texts(self.folder), self.plan.documents, manifest)
            places = {**read_places(self.folder), **self.places}
            write_places(self.folder, {path: it for path, it in places.items() if it and path in self.outputs})
        write_manifest(self.folder, manifest)


def _say_nothing(done: int, total: int, path: str) -> None:
    """Be the progress that nobody asked for."""
