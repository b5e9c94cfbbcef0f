"""Jobs -> finished and checked files in a staging folder, in several processes.

Every process works on a few documents at a time, and large decks wait for each other, so a thousand cards take no more
memory for each than eight.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.document import ON_PRESS, Expectation, Fillable, Job, SheetOrder
from pipeline.errors import ContentError, DrukwerkError, Finding, LayoutError, PreflightError
from pipeline.fit import Laid, Misfit, Zone, check_fit
from pipeline.imposition import DoesNotFitError
from pipeline.kinds.sheets import expect_sheets, lay_pages, plan_sides
from pipeline.shop import Shop
from pipeline.snapshot import fingerprint, hash_code
from pipeline.storage import named_errors, write_file
from pipeline.typeset import Typesetter, typeset
from pipeline.workers import Piece, Workers

if TYPE_CHECKING:
    from pipeline.pdf.press import Press

CHUNK = 16  # documents that one process makes before it takes new ones
MEMORY_PER_PAGE = 2_500_000  # bytes that Typst, pikepdf and PDFium together hold for a page of a card; `make bench`
PAGES_MAYBE = 64  # of a document whose number of pages is not known before it is set
MEMORY_SHARE = 0.6  # of the machine's, for all processes together


@dataclass(frozen=True)
class Made:
    """What came of one job: its finished file in the staging folder, or what is wrong with it.

    Attributes:
        path: where it is to be published, below `build/`.
        sha256: of its bytes.
        pages: keys of its pages, for the next time it is made.
        expects: what it was made to be, with the pages that setting it showed.
        added: numbers, from 0, of pages that only fill up a booklet.
        zones: where its texts stand, where a finding of preflight may ask for it.
        misfits: texts that do not fit.
        warnings: what preflight could not look at, or found that may be meant.
        error: anything else that is wrong.
    """

    path: str
    sha256: str = ""
    pages: tuple[str, ...] = ()
    expects: Expectation | None = None
    added: tuple[int, ...] = ()
    zones: tuple[Zone, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    warnings: tuple[Finding, ...] = ()
    error: DrukwerkError | None = None


def make_all(
    jobs: Sequence[Job], typesetter: Typesetter, staging: Path, workers: Workers | None = None
) -> Iterator[Made]:
    """Make documents; yield each as it is done.

    Args:
        jobs: what to make; those of one product and medium stand together.
        typesetter: prepared, so that every process finds the fonts.
        staging: folder for the finished files, at `Job.path` below it.
        workers: processes to make them in; None: this one.

    Raises:
        DrukwerkError: a process was ended from outside.
    """
    if workers is None:
        for job in jobs:
            yield make_document(job, typesetter, staging)
        return
    pieces = [
        Piece(make_documents, (chunk, typesetter, staging), _kind(chunk[0]), max(map(_weigh, chunk)))
        for chunk in _chunk(jobs, workers.count)
    ]
    for made in workers.run(pieces):
        yield from made


def hire_workers(count: int) -> Workers:
    """Return processes for `make_all`; 0: as many as there are cores."""
    return Workers(count or os.cpu_count() or 1, room=_measure_memory() * MEMORY_SHARE / MEMORY_PER_PAGE)


def warm_up() -> None:
    """Import what making a document needs; runs in processes that wait for the content to be read."""
    from pipeline import preflight, typeset

    typeset.warm_up()
    preflight.warm_up()


def _measure_memory() -> float:
    """Return the bytes of memory of this machine; where that cannot be asked, those of a small one."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):  # Windows
        return 8e9


def _kind(job: Job) -> str:
    """Return what jobs have in common whose texts are the same: `print/spiegelkaarten`."""
    return "/".join(job.path.removesuffix(".pdf").split("/")[:2])


def _weigh(job: Job) -> int:
    return job.expects.pages or PAGES_MAYBE


def _chunk(jobs: Sequence[Job], processes: int) -> Iterator[list[Job]]:
    """Split in lists of one product and medium: Typst remembers the deck when it sets the cards of that deck."""
    size = max(1, min(CHUNK, -(-len(jobs) // (2 * processes))))
    chunk: list[Job] = []
    for job in jobs:
        if chunk and (len(chunk) == size or _kind(chunk[0]) != _kind(job)):
            yield chunk
            chunk = []
        chunk.append(job)
    if chunk:
        yield chunk


def make_documents(jobs: Iterable[Job], typesetter: Typesetter, staging: Path) -> list[Made]:
    """Make documents one after the other; runs in a process of its own."""
    return [make_document(job, typesetter, staging) for job in jobs]


def make_document(job: Job, typesetter: Typesetter, staging: Path) -> Made:
    """Typeset, finish, check, write to the staging folder."""
    from pipeline.pdf.inspect import Memory  # heavy: only where documents are made
    from pipeline.pdf.press import finish_print
    from pipeline.preflight import Subject, preflight

    try:
        if job.order and job.source:
            pdf, laid, expects = _make_sheets(job, job.order, job.source, typesetter)
            job = replace(job, expects=expects)
        else:
            pdf, laid = typeset(job, typesetter)
            job = replace(job, expects=laid.settle(job.expects))
        if job.expects.medium in ON_PRESS:
            pdf = finish_print(pdf, load_press(typesetter), forms=job.order is None)
        elif job.fillable:
            pdf = _make_fillable(pdf, job, job.fillable)
        memory = Memory(job.known, tuple(_note_pages(job, laid.zones, typesetter.shop)))
        subject = Subject(f"{typesetter.folder}/{job.path}", pdf, job.expects, memory=memory, shop=typesetter.shop)
        findings = preflight(subject)
        misfits = check_fit(pdf, laid.zones, job.expects.bleed, subject.looked_at)
        if misfits:
            return Made(job.path, misfits=tuple(misfits))
        if any(it.severity == "error" for it in findings):
            return Made(job.path, error=PreflightError(findings=findings), zones=laid.zones)
        write_file(staging / job.path, pdf)
    except DrukwerkError as error:
        return Made(job.path, error=error)
    keys = () if findings else subject.facts.keys  # pages with warnings are looked at again
    zones = laid.zones if job.expects.medium == "print" else ()
    sha256 = hashlib.sha256(pdf).hexdigest()
    return Made(job.path, sha256, keys, job.expects, laid.added, zones, warnings=tuple(findings))


def load_press(typesetter: Typesetter) -> Press:
    """Return the press of the shop, with its profile."""
    from pipeline.pdf.overprint import Small
    from pipeline.pdf.press import Press

    shop = typesetter.shop
    with named_errors(typesetter.profile):
        profile = typesetter.profile.read_bytes()
    return Press(profile, shop.condition, Small(shop.minimum.overprint_text, shop.minimum.overprint_line))


def _make_sheets(
    job: Job, order: SheetOrder, source: Expectation, typesetter: Typesetter
) -> tuple[bytes, Laid, Expectation]:
    """Lay the pages of a print file on sheets: the layout draws what stands around them."""
    from pipeline.pdf.sheets import place_pages

    try:
        imposed = lay_pages(order, source.pages)
    except DoesNotFitError as error:
        raise ContentError(findings=[Finding(order.place, "", f"{job.path}: {error}", error.hint)]) from None
    with named_errors(job.folder):  # somebody may take build/ away meanwhile
        pages = (job.folder / order.source).read_bytes()
    data = {**json.loads(job.data), **plan_sides(order, imposed)}
    around, laid = typeset(replace(job, data=json.dumps(data, ensure_ascii=False).encode()), typesetter)
    return place_pages(around, pages, imposed, order.bleed), laid, expect_sheets(job.expects, imposed, source)


def _make_fillable(pdf: bytes, job: Job, fillable: Fillable) -> bytes:
    """Turn the boxes of a form into its fields; what is wrong with them is wrong in the layout."""
    from pipeline.pdf.forms import make_fillable

    try:
        return make_fillable(pdf, fillable.definition, fillable.words, fillable.values)
    except LayoutError as error:
        place = f"layouts/{job.layout}"
        raise LayoutError(findings=[replace(finding, place=place) for finding in error.findings]) from None


def _note_pages(job: Job, zones: Iterable[Zone], shop: Shop) -> Iterator[str]:
    """Yield for each page what, beside the page itself, decides whether it is good: the rules, its zones, its code."""
    expects = job.expects
    codes: dict[int, list[str]] = {}
    for number, address in expects.codes:
        codes.setdefault(number, []).append(address)
    rules = (hash_code(), repr(shop), expects.medium, repr(expects.trim), repr(expects.bleed))
    on_page: dict[int, list[str]] = {}
    for zone in zones:
        on_page.setdefault(zone.page, []).append(repr(zone))
    for number in range(expects.pages):
        yield fingerprint([*rules, *codes.get(number, ()), *on_page.get(number, ())])
