"""Finished print files -> the job ticket that goes with them to the shop: as plain text, and as a Document.

A ticket is no product: it says what a delivery holds (`drukwerk deliver`), so it is planned when the files are there.
Both forms are made from the same `Ticket`, so neither says what the other does not.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from pipeline.content.press import Paper, TicketWords
from pipeline.content.products import BookletProduct, Deck, InstrumentsProduct, Product
from pipeline.content.toolbox import Toolbox
from pipeline.document import Document, Expectation, Origin, Part
from pipeline.errors import write_ranges
from pipeline.kinds.common import locate_metadata, name_language, plan_ground
from pipeline.units import Size, mm, points

TRIM = Size(points(210), points(297))  # A4, upright
SUM_SHOWN = 12  # digits of a checksum; all of them stand in SHA256SUMS
LINE_MOST = 88  # letters of a value in plain text
_COVER = 4  # pages
_ELSE = "en"  # the words that a language without its own gets are English


@dataclass(frozen=True)
class PrintedFile:
    """One PDF of a delivery.

    Attributes:
        name: in the delivery, with folder.
        size: in bytes.
        sha256: of its bytes, in hexadecimal digits.
        document: as it was planned.
        expects: what it became, with the number of its pages.
    """

    name: str
    size: int
    sha256: str
    document: Document
    expects: Expectation


@dataclass(frozen=True)
class Row:
    """A line of a ticket: what stands before the value, and the value; `blank`: with room to write it in."""

    label: str
    lines: tuple[str, ...]
    blank: bool = False


@dataclass(frozen=True)
class FileList:
    """The files of a delivery, with what stands above each column."""

    columns: tuple[str, str, str]
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Ticket:
    """What a job ticket says.

    Attributes:
        title: what it is.
        product: title of the product.
        toolbox: title of the toolbox it belongs to.
        groups: rows; the first group is the order, then the product, then the press.
        files: names, sizes, checksums.
        checked: what preflight found.
        foot: words for the number of a page.
    """

    title: str
    product: str
    toolbox: str
    groups: tuple[tuple[Row, ...], ...]
    files: FileList
    checked: Row
    foot: str


def make_ticket(
    toolbox: Toolbox, product: Product, files: Sequence[PrintedFile], copies: int | None, warnings: int
) -> Ticket:
    """Say what is delivered, in the words of the toolbox.

    Args:
        toolbox: with the shop for which the files were made.
        product: what they are.
        files: the print file first.
        copies: how many are ordered; None: that is written in by hand.
        warnings: how many preflight had.
    """
    words = toolbox.press_words.ticket
    making = _Making(toolbox, product, files, words)
    settings = toolbox.settings
    titles = next(it.data["titles"] for it in files[0].document.parts if "titles" in it.data)
    checked = words.warned.format(count=warnings) if warnings else words.clean
    return Ticket(
        title=words.title,
        product=titles[0].replace("\u00ad", ""),
        toolbox=settings.title.replace("\u00ad", ""),
        groups=(tuple(making.list_order(copies)), tuple(making.list_product()), tuple(making.list_press())),
        files=FileList(
            (words.files, words.bytes, words.sum),
            tuple((it.name, _group(it.size), it.sha256[:SUM_SHOWN]) for it in files),
        ),
        checked=Row(words.checked, (checked,)),
        foot=words.foot,
    )


class _Making:
    """The rows of one ticket, group by group."""

    def __init__(self, toolbox: Toolbox, product: Product, files: Sequence[PrintedFile], words: TicketWords) -> None:
        self.toolbox, self.product, self.files, self.words = toolbox, product, files, words
        self.shop, self.expects = toolbox.press.shop, files[0].expects

    def list_order(self, copies: int | None) -> Iterator[Row]:
        """Yield what is ordered, by whom and where."""
        words, settings = self.words, self.toolbox.settings
        day = settings.date
        date = {"day": f"{day.day:02}", "month": f"{day.month:02}", "year": f"{day.year:04}"}
        yield Row(words.copies, (_group(copies) if copies else words.open_copies,), blank=copies is None)
        yield Row(words.edition, (words.of_day.format(edition=settings.edition, **date),))
        yield Row(words.publisher, (settings.publisher,))
        yield Row(words.shop, (self.shop.title,))

    def list_product(self) -> Iterator[Row]:
        """Yield what it is when it is done."""
        words, product = self.words, self.product
        trim = self.expects.trim
        shape = [] if trim.width == trim.height else [words.landscape if trim.width > trim.height else words.upright]
        yield Row(words.size, (", ".join([self._measure(trim), *shape]),))
        yield Row(words.pages, (self._count_pages(),))
        yield Row(words.colours, (words.one_side if self._is_one_sided() else words.two_sides,))
        yield Row(words.paper, (self._name_paper(product.paper),))
        if isinstance(product, BookletProduct) and product.cover:
            yield Row(words.cover, (self._name_paper(product.cover),))
        if isinstance(product, Deck) and not self._is_one_sided():
            yield Row(words.turn, (words.page if product.turn == "page" else words.calendar,))
        if isinstance(product, Deck) and (lines := tuple(self._list_copies(product))):
            yield Row(words.deck, lines)
        yield Row(words.finishing, (self._name_finishing(),))

    def list_press(self) -> Iterator[Row]:
        """Yield what the press has to know."""
        words, shop = self.words, self.shop
        width, height = self.expects.trim
        if shop.bleed:
            whole = self._measure(Size(width + 2 * shop.bleed, height + 2 * shop.bleed))
            yield Row(words.bleed, (words.around.format(bleed=self._number(mm(shop.bleed)), size=whole),))
        else:
            yield Row(words.bleed, (words.no_bleed,))
        yield Row(words.condition, (f"PDF/X-4, {shop.condition} ({shop.profile})",))
        yield Row(words.ink, (f"{shop.ink_limit:g} %",))
        sheets = [it for it in self.files if it.document.order]
        if sheets:
            lines = tuple(self._describe_sheet(it) for it in sheets)
            kinds = {it.document.order.stock for it in sheets if it.document.order}
            yield Row(words.sheets, (words.choice, *lines) if len(kinds) > 1 else lines)

    def _count_pages(self) -> str:
        words, product, count = self.words, self.product, self.expects.pages
        if isinstance(product, Deck):
            of_cards = words.of_cards if self._is_one_sided() else words.two_sided_cards
            return of_cards.format(pages=count, cards=count // len(product.sides))
        if isinstance(product, BookletProduct):
            own = words.own_cover if product.cover else words.self_cover
            return own.format(pages=count, inside=count - _COVER, cover=_COVER)
        return words.one_page if count == 1 else words.more_pages.format(pages=count)

    def _is_one_sided(self) -> bool:
        if isinstance(self.product, Deck):
            return len(self.product.sides) == 1
        return self.expects.pages == 1 or isinstance(self.product, InstrumentsProduct)

    def _name_paper(self, paper: Paper | None) -> str:
        return self.words.stock.format(**paper.model_dump()) if paper else self.words.open_paper

    def _list_copies(self, deck: Deck) -> Iterator[str]:
        """Yield which cards do not lie in the deck once, by how often they do; nothing where all do."""
        cards = [it.dimension for it in self.toolbox.folders[deck.folder]]
        for copies in sorted({it.copies for it in cards} - {1}):
            numbers = [it.number for it in cards if it.copies == copies]
            yield self.words.of_card.format(card=write_ranges(numbers), copies=copies)
        if len({it.copies for it in cards}) > 1 and any(it.copies == 1 for it in cards):
            yield self.words.once

    def _name_finishing(self) -> str:
        words = self.words
        if isinstance(self.product, Deck):
            return words.cards
        if isinstance(self.product, BookletProduct):
            return words.saddle
        return words.single if self.expects.pages == 1 else words.loose

    def _describe_sheet(self, file: PrintedFile) -> str:
        """Say which sheet, how many of it make one copy, and over which edge it is turned."""
        words, order = self.words, file.document.order
        assert order is not None
        template = self.toolbox.press.sheets[name_sheet(self.product, file.document)][0]
        size = self._measure(order.stock.size)
        name = f"{template.paper} ({size})" if template.paper.isalnum() else size
        two_sided = order.kind == "booklet" or order.sides > 1
        counted = words.cover_sheet if order.part == "cover" else words.sheet
        line = counted.format(sheet=name, count=file.expects.pages // (1 + two_sided))
        edge = words.long if order.stock.flip == "long" else words.short
        return words.flip.format(sheet=line, edge=edge) if two_sided else line

    def _measure(self, size: Size) -> str:
        width, height = (self._number(mm(side)) for side in size)
        return self.words.measure.format(width=width, height=height)

    def _number(self, value: float) -> str:
        return f"{round(value, 1):g}".replace(".", self.words.decimal)


def name_sheet(product: Product, document: Document) -> str:
    """Return the name of the template that the sheets of a product were planned with."""
    name = document.id.removeprefix(f"{product.name}-")
    return name.removesuffix("-cover") if document.order and document.order.part == "cover" else name


def _group(number: int) -> str:
    """Write a number with a space at the thousands (ISO 80000-1, 7.3.1), from five digits on."""
    return f"{number:,}".replace(",", "\u00a0") if number >= 10_000 else str(number)


# ------------------------------------------------------------------------------------------ its two forms


def write_ticket(ticket: Ticket) -> str:
    """Return a ticket as plain text, its values below one another; lines end in LF."""
    rows = [row for group in ticket.groups for row in group] + [ticket.checked]
    wide = max(len(row.label) for row in rows) + 2
    names = [max(map(len, column)) + 2 for column in zip(*ticket.files.rows, ticket.files.columns, strict=True)]
    lines = [ticket.title, "", ticket.product, ticket.toolbox]
    for group in ticket.groups:
        lines += ["", *(line for row in group for line in _write_row(row, wide))]
    lines.append("")
    for name, size, digest in (ticket.files.columns, *ticket.files.rows):
        lines.append(f"{name:<{names[0]}}{size:>{names[1] - 2}}  {digest}")
    lines += ["", *_write_row(ticket.checked, wide)]
    return "\n".join(lines).replace("\u00a0", " ") + "\n"


def _write_row(row: Row, wide: int) -> Iterator[str]:
    lines = [piece for line in row.lines for piece in textwrap.wrap(line, LINE_MOST, break_on_hyphens=False)]
    for number, line in enumerate(lines):
        yield f"{'' if number else row.label:<{wide}}{line}"


def plan_ticket(toolbox: Toolbox, product: Product, ticket: Ticket) -> Document:
    """Return a ticket as a document for the screen; how many pages it has is known once it is set."""
    settings = toolbox.settings
    source, index = toolbox.settings_source, settings.products.index(product)
    ground = plan_ground(toolbox, "screen", ())
    language = name_language(settings)
    if settings.press is None and settings.language not in toolbox.press.words:
        language = _ELSE
        ground["document"] = {**ground["document"], "lang": _ELSE, "region": None}
    data = {
        **ground,
        "titles": [f"{ticket.title}: {ticket.product}", ticket.toolbox],
        "hyphenation": [],
        "ticket": asdict(ticket),
    }
    own = Origin(source, ("products", index), whole=True)
    origins = {**locate_metadata(source), ("titles",): own, ("ticket",): own}
    return Document(
        id=f"{product.name}-ticket",
        product=product.name,
        layout="ticket.typ",
        parts=(Part("what it says", data, origins),),
        expects=Expectation(medium="screen", trim=TRIM, bleed=0.0, pages=0, language=language),
    )
