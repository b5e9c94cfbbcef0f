"""What production asks of content, as models: shops, sheets to print on, paper, and the words on sheets and tickets.

Shops and sheets stand in `assets/shops/*.yml` and `assets/sheets/*.yml`, paper and words in `toolbox.yml`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from pipeline.content.collecting import IntakeWords
from pipeline.content.fields import Flag, Label, Line, Name, Passage, Rule, Whole, Written, like, with_places
from pipeline.content.model import Model
from pipeline.content.report_words import ReportWords
from pipeline.units import Size, mm, parse_length, points

LENGTH_MOST = points(5000)
BLEED_MOST = points(50)  # shops ask for 2 to 5 mm, for large posters 10 or 20
_WRITTEN = r"^ *-?[0-9]+(\.[0-9]+)? *(mm|cm|in|pt) *$"

# Sheets by name, width and height in millimetres, upright: ISO 216, and the oversize ones that presses take.
SHEETS = {
    "A5": (148, 210),
    "A4": (210, 297),
    "A3": (297, 420),
    "A2": (420, 594),
    "SRA4": (225, 320),
    "SRA3": (320, 450),
    "SRA2": (450, 640),
    "Letter": (215.9, 279.4),
    "Tabloid": (279.4, 431.8),
}


def _between(least: float, most: float = LENGTH_MOST) -> Callable[[str], str]:
    def check(value: str) -> str:
        try:
            length = parse_length(value)
        except ValueError as error:
            raise PydanticCustomError("length", "{problem}", {"problem": str(error)}) from None
        if not least <= length <= most:
            few = least == 0 and length < 0
            bound = "nothing or more" if few else f"between {mm(least):g}mm and {mm(most):g}mm"
            raise PydanticCustomError("length", "{problem}", {"problem": f"'{value}' is not {bound}"})
        return value

    return check


_LENGTH = "A length is a number with its unit, such as 3mm."
Reach = Annotated[str, Rule(_between(0), _WRITTEN, _LENGTH)]
Bleed = Annotated[str, Rule(_between(0, BLEED_MOST), _WRITTEN, _LENGTH)]
Shift = Annotated[str, Rule(_between(-LENGTH_MOST), _WRITTEN, _LENGTH)]
_FILE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.(icc|ICC|icm|ICM)"


class Least(Model):
    """The least that a shop prints well; as `pipeline.shop.Minimum`, with lengths as they are written."""

    text: Reach = "6pt"
    coloured_text: Reach = "8pt"
    line: Reach = "0.25pt"
    image_ppi: Annotated[Whole, Field(ge=72, le=2400)] = 300
    bitmap_ppi: Annotated[Whole, Field(ge=72, le=4800)] = 800


class ShopFile(Model):
    """A file of `assets/shops/`: what a print shop, or one's own printer, asks for."""

    title: Label
    bleed: Bleed
    profile: Annotated[str, like(_FILE, "is no name of an ICC profile in assets/icc, such as FOGRA39L_coated.icc")]
    condition: Name
    ink_limit: Annotated[Whole, Field(ge=100, le=400)]
    deliver: Literal["pages", "sheets"] = "pages"
    minimum: Least = Least()
    spots: tuple[Name, ...] = ()


SIDES = r" *[0-9]+(\.[0-9]+)? *(mm|cm|in|pt) *x *[0-9]+(\.[0-9]+)? *(mm|cm|in|pt) *"
_PAPER = "A paper is a name such as A4 or SRA3, or width and height such as 320mm x 450mm."
Mark = Literal["cut", "fold", "registration", "slug"]


class SheetFile(Model):
    """A file of `assets/sheets/`: a sheet of paper, and how pages are laid on it.

    Attributes:
        kind: for cards, or for booklets that are folded and stapled.
        paper: a name such as SRA3, or width and height.
        margin: what the machine cannot print, on all sides.
        gutter: between the trims of two cards; `auto`: twice the bleed; `shared`: one cut for both.
        to_edge: cards without bleed may run to the edge of the sheet, where more fit so.
        order: `stack`: cut the pile and lay the stacks on one another, and the deck is in order.
        own_printer: `back_shift` of toolbox.yml is for it.
    """

    title: Label
    kind: Literal["cards", "booklet"]
    paper: Annotated[str, Written(f"^({'|'.join(SHEETS)}|{SIDES})$", _PAPER)]
    landscape: Flag = False
    margin: Reach
    gutter: str = "auto"
    flip: Literal["long", "short"] = "long"
    to_edge: Flag = False
    order: Literal["rows", "stack"] = "rows"
    marks: tuple[Mark, ...] = ("cut", "fold", "registration", "slug")
    own_printer: Flag = False

    def try_size(self) -> Size | None:
        """Return width and height in points; None where the paper is not known."""
        if self.paper in SHEETS:
            short, long = (points(side) for side in SHEETS[self.paper])
        else:
            width, _, height = self.paper.partition("x")
            try:
                short, long = parse_length(width), parse_length(height)
            except ValueError:
                return None
            if not 0 < min(short, long) <= max(short, long) <= LENGTH_MOST:
                return None
        return Size(long, short) if self.landscape else Size(short, long)

    def measure_gutter(self) -> float | None:
        """Return the gutter in points; None: twice the bleed.

        Raises:
            ValueError: it is no length.
        """
        if self.gutter in ("auto", "shared"):
            return None if self.gutter == "auto" else 0.0
        return parse_length(self.gutter)


class Paper(Model):
    """What a product is printed on.

    `volume`: thickness for its weight, in cm³/g: about 0.8 for glossy, 1.0 for matt coated, 1.25 for uncoated paper.
    """

    weight: Annotated[Whole, Field(ge=40, le=600)]
    finish: Label
    volume: Annotated[float, Field(ge=0.5, le=3, allow_inf_nan=False)] = 1.0

    @property
    def thickness(self) -> float:
        """Of one sheet, in points: grams per m² times cm³ per gram are micrometres."""
        return points(self.weight * self.volume / 1000)


class BackShift(Model):
    """How far backs are moved on one's own printer: `x` to the right, `y` down, as one looks at the back."""

    x: Shift = "0mm"
    y: Shift = "0mm"


class CalibrationWords(Model):
    """Words of the sheet that `drukwerk calibrate` makes; `{command}` is filled in."""

    title: Line
    instruction: Annotated[Passage, with_places("command")]
    x: Label
    y: Label


class TicketWords(Model):
    """Words of a job ticket: what stands before each value, and the values that are words. `{...}` is filled in."""

    title: Label
    edition: Name
    of_day: Annotated[Label, with_places("edition", "day", "month", "year")]
    publisher: Name
    shop: Name
    copies: Name
    open_copies: Label
    size: Name
    measure: Annotated[Label, with_places("width", "height")]
    decimal: Annotated[str, like(r"[.,]", "is neither a comma nor a point")] = "."
    upright: Name
    landscape: Name
    pages: Name
    one_page: Label
    more_pages: Annotated[Label, with_places("pages")]
    of_cards: Annotated[Label, with_places("pages", "cards")]
    two_sided_cards: Annotated[Label, with_places("pages", "cards")]
    own_cover: Annotated[Label, with_places("pages", "inside", "cover")]
    self_cover: Annotated[Label, with_places("pages")]
    colours: Name
    one_side: Label
    two_sides: Label
    turn: Name
    page: Label
    calendar: Label
    paper: Name
    stock: Annotated[Label, with_places("weight", "finish")]
    open_paper: Line
    cover: Name
    deck: Name
    once: Label
    of_card: Annotated[Label, with_places("card", "copies")]
    finishing: Name
    single: Label
    loose: Label
    saddle: Label
    cards: Label
    bleed: Name
    around: Annotated[Label, with_places("bleed", "size")]
    no_bleed: Label
    condition: Name
    ink: Name
    sheets: Name
    choice: Label
    sheet: Annotated[Label, with_places("sheet", "count")]
    cover_sheet: Annotated[Label, with_places("sheet", "count")]
    flip: Annotated[Label, with_places("sheet", "edge")]
    long: Label
    short: Label
    files: Name
    bytes: Name
    sum: Name
    checked: Name
    clean: Line
    warned: Annotated[Line, with_places("count")]
    foot: Annotated[Label, with_places("page", "pages")]


class PressWords(Model):
    """Words on sheets, calibration, job tickets, the page of what was collected and reports.

    `intake`, `report`: None where a project has words of its own for all else; then those of the package.
    """

    slug: Annotated[Line, with_places("title", "edition", "sheet", "sheets", "side")]
    front: Name
    back: Name
    calibration: CalibrationWords
    ticket: TicketWords
    intake: IntakeWords | None = None
    report: ReportWords | None = None
