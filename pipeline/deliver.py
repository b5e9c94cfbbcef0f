"""A product -> one zip for the print shop: print files, sheets, report, previews, job ticket, checksums.

What is packed is what a build published: the files are looked at once more as they lie there, and held against what the
content says now. Nobody else builds in the folder meanwhile.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.archive import SUMS, Member, read_member, write_sums, write_zip
from pipeline.build import Options, Progress, build
from pipeline.content.products import BookletProduct, Deck, Product
from pipeline.content.read_press import DEFAULT, read_shop
from pipeline.document import Document, Medium
from pipeline.errors import Finding, PreflightError, StorageError, UsageError
from pipeline.examine.process import draw_findings, examine_files
from pipeline.examine.report import render_report
from pipeline.examine.values import Asked, Examination, Examined
from pipeline.kinds.tickets import PrintedFile, make_ticket, plan_ticket, write_ticket
from pipeline.manifest import Output, read_manifest
from pipeline.plan import Plan
from pipeline.preflight.previews import draw_previews
from pipeline.shop import name_folder
from pipeline.single import make_single
from pipeline.status import find_project, read_plan
from pipeline.storage import locked, named_errors, staging_folder, write_file

REPORT, TICKET, PREVIEWS = "preflight.html", "job-ticket", "previews"


@dataclass(frozen=True)
class Order:
    """What is asked of a delivery.

    Attributes:
        product: its name.
        shop: name of the print shop; empty: the default one.
        copies: how many are ordered; None: that is written in by hand.
        out: the zip; None: PRODUCT.zip in the folder of the shop.
    """

    product: str
    shop: str = ""
    copies: int | None = None
    out: Path | None = None


@dataclass(frozen=True)
class Delivery:
    """What was packed: the zip, the names in it, and what was to be warned of."""

    path: Path
    names: tuple[str, ...]
    warnings: tuple[Finding, ...]


def deliver(project: Path, order: Order, jobs: int = 0, progress: Progress | None = None) -> Delivery:
    """Make what a print shop needs of one product, and pack it.

    Args:
        project: the folder that holds `content/`.
        order: what to pack.
        jobs: processes to make documents in; 0: as many as there are cores, 1: this one.
        progress: is told what was made, as by `build`.

    Raises:
        UsageError: no such product or shop, nothing of it to print, or no name of a zip.
        ContentError, LayoutError, AssetError: what has to be printed cannot be made.
        PreflightError: a file is not what it has to be.
        StorageError: something cannot be written, or another build is running.
    """
    folder = find_project(project)
    shop = "" if order.shop == DEFAULT else order.shop
    out = order.out or folder / name_folder(shop or DEFAULT) / f"{order.product}.zip"
    if out.suffix.lower() != ".zip" or os.path.isdir(out):  # noqa: PTH112 - Path.is_dir raises for a long name
        raise UsageError(f"'{out}' is no name of a zip; expected a file such as delivery/cards.zip")
    on_sheets = read_shop(folder, shop).deliver == "sheets"
    media: tuple[Medium, ...] = ("print", "sheets") if on_sheets else ("print",)
    report = build(folder, Options(products=(order.product,), media=media, jobs=jobs, shop=shop), progress)
    report.require_success()
    place = folder / report.folder
    with locked(place), staging_folder(place) as staging:
        plan = read_plan(folder, shop)
        product = next(it for it in plan.toolbox.settings.products if it.name == order.product)
        delivery = _Packing(plan, product, place, staging)
        documents = _select_files(plan, product, media)
        members, warnings = delivery.gather(documents, order.copies)
        write_zip(out, members, plan.typesetter.timestamp)
    own = [it for it in plan.warnings if order.product in re.split(r"[ ,]+", it.message)]  # on its sheets
    if on_sheets and isinstance(product, Deck | BookletProduct) and len(documents) == 1:
        own.append(_warn_sheets(plan, product))
    return Delivery(out, tuple(sorted(it.name for it in members)), (*own, *warnings))


def _warn_sheets(plan: Plan, product: Product) -> Finding:
    """Say that a shop which takes sheets gets pages alone."""
    message = f"no sheets of '{product.name}' are packed, and {plan.typesetter.shop.title} takes sheets"
    hint = "name some that it fits on: 'sheets:' of the product"
    path = ("products", plan.toolbox.settings.products.index(product))
    return plan.toolbox.settings_source.finding(path, message, hint, severity="warning")


def _select_files(plan: Plan, product: Product, media: tuple[Medium, ...]) -> list[Document]:
    """Return the print file of a product with its sheets; single cards are not delivered, they stand in the deck."""
    documents = [
        it
        for it in plan.select([product.name], media)
        if it.path == f"print/{product.name}.pdf" or it.medium == "sheets"
    ]
    if not documents:
        raise UsageError(f"there is nothing to print of '{product.name}'")
    return documents


class _Packing:
    """One delivery, from the files in the build folder to those that are packed."""

    def __init__(self, plan: Plan, product: Product, place: Path, staging: Path) -> None:
        self.plan, self.product, self.place, self.staging = plan, product, place, staging
        self.outputs = read_manifest(place).outputs

    def gather(self, documents: list[Document], copies: int | None) -> tuple[list[Member], tuple[Finding, ...]]:
        """Return the files to be packed, and what preflight warns of."""
        outputs = [self._require_current(it) for it in documents]
        members = [read_member(it.path, self.place / it.path) for it in documents]
        report, warnings = self._examine(members)
        files = [
            PrintedFile(it.name, it.size, it.sha256, document, output.expects)
            for it, document, output in zip(members, documents, outputs, strict=True)
        ]
        ticket = make_ticket(self.plan.toolbox, self.product, files, copies, len(warnings))
        page = plan_ticket(self.plan.toolbox, self.product, ticket)
        members += [picture for file in files for picture in self._draw(file)]
        members += [
            self._keep(REPORT, report.encode()),
            self._keep(f"{TICKET}.txt", write_ticket(ticket).encode()),
            self._keep(f"{TICKET}.pdf", make_single(self.plan.toolbox, page)),
        ]
        members.append(self._keep(SUMS, write_sums(members).encode()))
        return members, warnings

    def _require_current(self, document: Document) -> Output:
        """Return what is known of a published file; refuse one that is no longer what the content says."""
        output = self.outputs.get(document.path)
        if output is None or output.recipe != self.plan.recipes[document.path]:
            hint = "was the content changed meanwhile? run it again"
            place = f"{self.plan.typesetter.folder}/{document.path}"
            raise StorageError(findings=[Finding(place, "", "is not what the content says now", hint)])
        return output

    def _examine(self, members: list[Member]) -> tuple[str, tuple[Finding, ...]]:
        """Look at the files as they lie there; return the report on them, and what is to be warned of."""
        asked = Asked(shop=self.plan.typesetter.shop)
        examination = examine_files([it.path for it in members], asked)
        if examination.refused:
            raise StorageError(findings=[finding for finding, _ in examination.refused])
        drawn = draw_findings(examination.files, asked)
        names = {str(it.path): it.name for it in members}
        files = tuple(_call(it, names[it.file]) for it in examination.files)
        findings = tuple(finding for it in files for finding in it.findings)
        if any(it.severity == "error" for it in findings):
            raise PreflightError(findings=findings)
        pictures = {(names[file], page): picture for (file, page), picture in drawn.items()}
        return render_report(Examination(files), asked, pictures), findings

    def _draw(self, file: PrintedFile) -> Iterator[Member]:
        """Yield a small picture of each page: `cards-01.png`."""
        path = self.place / file.name
        with named_errors(path):
            pdf = path.read_bytes()
        digits = max(2, len(str(file.expects.pages)))
        for number, picture in enumerate(draw_previews(pdf), start=1):
            yield self._keep(f"{PREVIEWS}/{file.document.id}-{number:0{digits}}.png", picture)

    def _keep(self, name: str, data: bytes) -> Member:
        path = self.staging / "packed" / name
        write_file(path, data)
        return read_member(name, path)


def _call(it: Examined, name: str) -> Examined:
    """Return what came out of a file under the name that it has in the delivery."""
    findings = (replace(finding, place=name + finding.place.removeprefix(it.file)) for finding in it.findings)
    return replace(it, file=name, findings=tuple(findings))
