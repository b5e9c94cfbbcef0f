"""Print documents -> sheets: which sheets of paper their pages are laid on, and how.

The pages are those of the finished print file; a layout draws only what stands around them. How many pages a booklet
has is known once it is set, so the pages are laid when the file is made (`lay_pages`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from pipeline.content.press import SheetFile
from pipeline.content.products import BookletProduct, Deck
from pipeline.content.source import FieldPath, Source
from pipeline.content.toolbox import Toolbox
from pipeline.document import Document, Expectation, Origin, Part, SheetOrder
from pipeline.errors import Finding, nearest
from pipeline.imposition import (
    Card,
    DoesNotFitError,
    Imposed,
    SheetSide,
    ShiftError,
    Stock,
    impose_booklet,
    impose_cards,
    shift_backs,
)
from pipeline.kinds.common import locate_metadata, name_language, plan_ground
from pipeline.units import Size, mm, parse_length, points

USUAL = {"cards": ("a4", "sra3"), "booklet": ("katern", "katern-a4")}  # made where nobody says which, and they fit
COVER = "cover"  # behind the name of a file that holds only the cover
SHIFT_MOST = points(3)  # without bleed
_FOLD = 4

Product = Deck | BookletProduct


@dataclass(frozen=True)
class Turning:
    """What a call says of the sheets instead of content: the edge they are flipped on, how far backs are moved."""

    flip: Literal["", "long", "short"] = ""
    shift: tuple[float, float] | None = None


def plan_sheets(
    toolbox: Toolbox, documents: Iterable[Document], turning: Turning | None = None
) -> tuple[list[Document], list[Finding]]:
    """Return the sheets of all products, and what is wrong with them or to be known of them."""
    prints = {it.path: it for it in documents if it.medium == "print"}
    planned: dict[str, Document] = {}
    findings: list[Finding] = []
    edges: dict[str, list[str]] = {}  # sheet -> products that run to its edge
    for index, product in enumerate(toolbox.settings.products):
        whole = prints.get(f"print/{product.name}.pdf")
        if not isinstance(product, Product) or whole is None:
            continue
        for name in _list_names(toolbox, product, index, findings):
            making = _Making(toolbox, product, index, whole, turning or Turning())
            made, at_edge = making.plan(name, findings)
            for it in made:
                other = planned.setdefault(it.path, it)
                if other is not it:
                    message = f"'{it.path}' is a file of '{other.product}' with another sheet already"
                    hint = "give the product or the sheet another name"
                    findings.append(toolbox.settings_source.finding(("products", index, "name"), message, hint))
            if at_edge:
                edges.setdefault(name, []).append(product.name)
    warnings = [_warn_edge(*toolbox.press.sheets[name], products) for name, products in edges.items()]
    once = dict.fromkeys(findings)  # a shift too far is one fault of many products
    return list(planned.values()), [*once, *warnings]


def _list_names(toolbox: Toolbox, product: Product, index: int, findings: list[Finding]) -> Iterator[str]:
    """Yield the sheets of a product that are there and of its kind; the others become findings."""
    kind = "cards" if isinstance(product, Deck) else "booklet"
    fitting = [name for name, (sheet, _) in toolbox.press.sheets.items() if sheet.kind == kind]
    names = USUAL[kind] if product.sheets is None else product.sheets
    for number, name in enumerate(names):
        path: FieldPath = ("products", index, "sheets", number)
        if name in names[:number]:
            findings.append(toolbox.settings_source.finding(path, f"'{name}' stands twice", "keep one of the two"))
        elif name in fitting:
            yield name
        elif product.sheets is not None:
            many = kind if isinstance(product, Deck) else f"{kind}s"
            wrong = f"'{name}' is not for {many}" if name in toolbox.press.sheets else f"no sheet '{name}'"
            findings.append(toolbox.settings_source.finding(path, wrong, nearest(name, fitting)))


class _Making:
    """What the sheets of one product are planned with."""

    def __init__(self, toolbox: Toolbox, product: Product, index: int, whole: Document, turning: Turning) -> None:
        self.toolbox, self.product, self.index, self.whole, self.turning = toolbox, product, index, whole, turning

    def plan(self, name: str, findings: list[Finding]) -> tuple[list[Document], bool]:
        """Return the documents of one sheet, and whether pages run to its edge; none where it does not fit."""
        sheet, source = self.toolbox.press.sheets[name]
        parts = ("inside", "cover") if isinstance(self.product, BookletProduct) and self.product.cover else ("all",)
        orders = [self._order(sheet, source, part) for part in parts]
        try:
            imposed = [lay_pages(order, _count_least(order)) for order in orders]
        except DoesNotFitError as error:
            if self.product.sheets is not None or isinstance(error, ShiftError):  # what is tried unasked need not fit
                findings.append(self._refuse(sheet.title, error))
            return [], False
        return [self._document(name, source, order) for order in orders], any(it.to_edge for it in imposed)

    def _refuse(self, title: str, error: DoesNotFitError) -> Finding:
        """Say that pages do not fit a sheet: where backs are moved too far, else where that sheet is asked for."""
        message = f"on {title}: {error}"
        moved = isinstance(error, ShiftError)
        if moved and self.turning.shift is not None:
            return Finding("", "--back-shift", message, error.hint)
        place: FieldPath = ("back_shift",) if moved else ("products", self.index, "sheets")
        return self.toolbox.settings_source.finding(place, message, error.hint)

    def _order(self, sheet: SheetFile, source: Source, part: Any) -> SheetOrder:
        product, expects, words = self.product, self.whole.expects, self.toolbox.press_words
        deck = product if isinstance(product, Deck) else None
        cover: FieldPath = ("products", self.index, "cover")  # where nothing is left inside it, that key is at fault
        paper = product.cover if isinstance(product, BookletProduct) and part == "cover" else product.paper
        return SheetOrder(
            source=self.whole.path,
            place=self.toolbox.settings_source.place(cover) if part == "inside" else source.place(()),
            kind=sheet.kind,
            stock=self._stock(sheet),
            trim=expects.trim,
            bleed=expects.bleed,
            sides=len(deck.sides) if deck else 1,
            turn=deck.turn if deck else "page",
            copies=tuple(it.dimension.copies for it in self.toolbox.folders[deck.folder]) if deck else (),
            part=part,
            thickness=paper.thickness if paper else 0.0,
            shift=self._shift(sheet),
            slug=words.slug,
            names=(self._name_product(), self.toolbox.settings.edition),
            words=(words.front, words.back),
        )

    def _name_product(self) -> str:
        return str(next(it.data["titles"][0] for it in self.whole.parts if "titles" in it.data))

    def _stock(self, sheet: SheetFile) -> Stock:
        size = sheet.try_size()
        assert size is not None  # held against `SHEETS` while reading
        return Stock(
            size=size,
            margin=parse_length(sheet.margin),
            gutter=sheet.measure_gutter(),
            flip=self.turning.flip or sheet.flip,
            to_edge=sheet.to_edge,
            order=sheet.order,
            marks=frozenset(sheet.marks),
        )

    def _shift(self, sheet: SheetFile) -> tuple[float, float]:
        if self.turning.shift is not None:
            return self.turning.shift
        shift = self.toolbox.settings.back_shift
        return (parse_length(shift.x), parse_length(shift.y)) if sheet.own_printer else (0.0, 0.0)

    def _document(self, name: str, source: Source, order: SheetOrder) -> Document:
        settings, own = self.toolbox.settings_source, ("products", self.index)
        titles = [self._name_product(), self.toolbox.press.sheets[name][0].title]
        ground = {**plan_ground(self.toolbox, "print", ()), "bleed": 0, "titles": titles}
        cover = f"-{COVER}" if order.part == "cover" else ""
        entries = self.toolbox.folders[self.product.folder] if isinstance(self.product, Deck) else ()
        origins: dict[FieldPath, Origin] = {
            ("order", "stock"): Origin(source, whole=True),
            ("order", "turn"): Origin(settings, (*own, "turn")),
            ("order", "thickness"): Origin(settings, (*own, "cover" if cover else "paper"), whole=True),
            ("order", "shift"): Origin(settings, ("back_shift",), whole=True),
            **{("order", "copies", i): Origin(it.source, ("copies",)) for i, it in enumerate(entries)},
        }
        laid = {key: it for key, it in asdict(order).items() if key not in ("source", "place", "stock")}
        stock = {**asdict(order.stock), "marks": sorted(order.stock.marks)}
        return Document(
            id=f"{self.product.name}-{name}{cover}",
            product=self.product.name,
            layout="sheet.typ",
            parts=(
                Part(
                    "what its sheets share",
                    ground,
                    {**locate_metadata(settings), ("titles", 1): Origin(source, ("title",), whole=True)},
                ),
                Part("how its pages are laid", {"order": {**laid, "stock": stock}}, origins),
            ),
            expects=Expectation(
                medium="sheets",
                trim=order.stock.size,
                bleed=0.0,
                pages=0,
                language=name_language(self.toolbox.settings),
            ),
            order=order,
        )


def _warn_edge(sheet: SheetFile, source: Source, products: list[str]) -> Finding:
    run = "runs" if len(products) == 1 else "run"
    white = f"{mm(parse_length(sheet.margin)):g} mm"
    message = f"{', '.join(products)} {run} to the edge of {sheet.title}; a printer leaves about {white} white"
    hint = "nothing may stand there that is needed; or print on a larger sheet and trim"
    return replace(source.finding(("margin",), message, hint), severity="warning")


def _count_least(order: SheetOrder) -> int:
    """Return the pages that a file has at least, to try a sheet with before the file is there."""
    if order.kind == "cards":
        return order.sides * len(order.copies)
    return _FOLD if order.part == "all" else 2 * _FOLD


# ------------------------------------------------------------------------------------------ once the file is there


def lay_pages(order: SheetOrder, pages: int) -> Imposed:
    """Lay the pages of a file on sheets.

    Raises:
        DoesNotFitError: they are too large for the sheet, cannot be folded, or backs are moved too far.
    """
    if order.kind == "cards":
        cards = [
            Card(order.sides * number, order.sides * number + 1 if order.sides > 1 else None, copies)
            for number, copies in enumerate(order.copies)
        ]
        imposed = impose_cards(cards, order.trim, order.bleed, order.stock, order.turn)
    else:
        numbers = list(range(pages))
        chosen = {"all": numbers, "cover": [*numbers[:2], *numbers[-2:]], "inside": numbers[2:-2]}[order.part]
        imposed = impose_booklet(chosen, order.trim, order.bleed, order.stock, order.thickness)
    return shift_backs(imposed, order.shift, order.bleed or SHIFT_MOST) if any(order.shift) else imposed


def expect_sheets(expects: Expectation, imposed: Imposed, source: Expectation) -> Expectation:
    """Return what the sheets have to become, with the QR codes of the pages that lie on them."""
    on_page: Mapping[int, list[str]] = {
        number: [url for page, url in source.codes if page == number] for number in range(source.pages)
    }
    codes = dict.fromkeys(
        (number, url)
        for number, side in enumerate(imposed.sides)
        for placed in side.placements
        for url in on_page.get(placed.page, ())
    )
    return replace(expects, pages=len(imposed.sides), codes=tuple(codes))


def plan_sides(order: SheetOrder, imposed: Imposed) -> dict[str, Any]:
    """Return the data of `layouts/sheet.typ`: the size of the sheet, and for each side its marks and its slug."""
    return {"size": list(imposed.size), "sides": [_plan_side(order, imposed, side) for side in imposed.sides]}


def _plan_side(order: SheetOrder, imposed: Imposed, side: SheetSide) -> dict[str, Any]:
    title, edition = order.names
    said = {
        "edition": edition,
        "sheet": str(side.sheet + 1),
        "sheets": str(imposed.sheets),
        "side": order.words[side.back],
    }
    around = [_fill(piece, said) for piece in order.slug.split("{title}")]  # a title is cut where there is no room
    slug = {"box": list(side.slug), "turned": side.turned, "title": title, "around": around} if side.slug else None
    return {"marks": [asdict(mark) for mark in side.marks], "slug": slug, "shift": list(side.shift)}


def _fill(text: str, said: Mapping[str, str]) -> str:
    """Fill in all names at once: braces in what is filled in are letters."""
    return re.sub(r"\{(\w+)\}", lambda found: said.get(found[1], found[0]), text)


def measure_sheet(size: Size) -> str:
    """Write the size of a sheet: `320 x 450 mm`."""
    return f"{mm(size.width):g} x {mm(size.height):g} mm"
