"""Documents -> finished and checked files in a staging folder, in several processes.

Every process works on a few documents at a time, so a deck of a thousand cards takes no more memory than one of
sixteen.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ContentError, DrukwerkError, Finding, PreflightError
from pipeline.fit import check_fit
from pipeline.kinds.document import Document
from pipeline.storage import write_file
from pipeline.typeset import Typesetter, typeset

CHUNK = 16  # documents that one process makes before it takes new ones


@dataclass(frozen=True)
class Made:
    """What came of one document: its finished file in the staging folder, or what is wrong with it."""

    path: str
    sha256: str = ""
    error: DrukwerkError | None = None


def make_all(documents: list[Document], typesetter: Typesetter, staging: Path, jobs: int) -> Iterator[Made]:
    """Make documents in several processes; yield each as it is done.

    Args:
        documents: what to make; those of one product and medium stand together.
        typesetter: prepared, so that every process finds the fonts.
        staging: folder for the finished files, at `Document.path` below it.
        jobs: number of processes; 0: as many as there are cores, 1: this one.

    Raises:
        DrukwerkError: a process was ended from outside.
    """
    chunks = list(_chunk(documents))
    jobs = min(jobs or os.cpu_count() or 1, len(chunks))
    if jobs <= 1:
        for chunk in chunks:
            yield from make_documents(chunk, typesetter, staging)
    else:
        yield from _make_apart(chunks, typesetter, staging, jobs)


def _make_apart(chunks: list[list[Document]], typesetter: Typesetter, staging: Path, jobs: int) -> Iterator[Made]:
    """Make chunks in processes of their own."""
    import multiprocessing
    from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
    from concurrent.futures.process import BrokenProcessPool

    # A fork would copy threads of Typst and PDFium that may hold a lock; a fresh process has none.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh, initializer=_begin_worker) as pool:
        with _held_signals():
            waiting = {pool.submit(make_documents, chunk, typesetter, staging) for chunk in chunks}
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


@contextlib.contextmanager
def _held_signals() -> Iterator[None]:
    """Hold signals back while processes start; one that is torn from its start prints a traceback.

    The processes inherit it, so Ctrl-C, which a terminal sends to all, does not reach them either.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker() -> None:
    """Leave Ctrl-C to the main process, and end with it, however it ends."""
    import multiprocessing
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
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


def make_documents(documents: list[Document], typesetter: Typesetter, staging: Path) -> list[Made]:
    """Make documents one after the other; runs in a process of its own."""
    return [_make_document(document, typesetter, staging) for document in documents]


def _make_document(document: Document, typesetter: Typesetter, staging: Path) -> Made:
    """Typeset, finish, check, write to the staging folder."""
    from pipeline.pdf.press import finish_print  # heavy: only where documents are made
    from pipeline.preflight import Subject, preflight

    try:
        pdf, zones = typeset(document, typesetter)
        misfits = check_fit(pdf, zones, document)
        if misfits:
            return Made(document.path, error=ContentError(findings=misfits))
        if document.medium == "print":
            pdf = finish_print(pdf)
        findings = preflight(Subject(f"build/{document.path}", pdf, document.expects))
        if findings:
            return Made(document.path, error=PreflightError(findings=findings))
        write_file(staging / document.path, pdf)
    except DrukwerkError as error:
        return Made(document.path, error=error)
    return Made(document.path, sha256=hashlib.sha256(pdf).hexdigest())
