"""The frame of reference as models: layers, phases, and aspects with a cell for every layer and phase.

`content/framework.yml` and the files of `content/aspects/`. Names of layers and phases are the project's own; so are
their numbers.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from pipeline.content.fields import Day, Label, Line, Name, Sentences, Slug, Title, WebAddress, Whole, like
from pipeline.content.model import CIRCLE_NUMBER_MAX, Model

ACTIONS = 3  # in every cell
PHASES_MOST = 6  # more rows than this, and none holds its text
LAYERS_MOST = 4
ASPECTS_MOST = 9
RINGS_MOST = 3  # of aspects in the circle: more, and the inmost has no room (layouts/lib/circle.typ, `tracks-of`)

CardNumber = Annotated[Whole, Field(ge=1, le=CIRCLE_NUMBER_MAX)]
Letters = Annotated[str, like(r"[A-Z0-9]{1,2}", "is no letter or two such as K")]
InstrumentCode = Annotated[str, like(r"[A-Z]{1,2}[0-9]{1,3}", "is no code of an instrument such as I08")]


def _require_apart(value: tuple[Any, ...]) -> tuple[Any, ...]:
    doubled = next((it for index, it in enumerate(value) if it in value[:index]), None)
    if doubled is not None:
        raise PydanticCustomError("doubled", "'{found}' stands here twice", {"found": str(doubled)})
    return value


Apart = AfterValidator(_require_apart)


class Media(Model):
    """Something to watch or read elsewhere. A code is printed only for an address that somebody opened: `checked`."""

    title: Label
    what: Name | None = None
    publisher: Label | None = None
    text: Sentences | None = None
    address: WebAddress | None = None
    checked: Day | None = None

    @model_validator(mode="after")
    def _checked_address(self) -> Media:
        if self.checked and not self.address:
            raise PydanticCustomError("checked", "'checked' says that somebody opened an address, and there is none")
        return self

    @property
    def printable(self) -> bool:
        """Whether its address may become a QR code."""
        return self.address is not None and self.checked is not None


class Layer(Model):
    """A layer of the organisation. `rings`: those of the layer sign that are solid, 1 outside to 3 inside."""

    name: Name
    rings: tuple[Annotated[Whole, Field(ge=1, le=3)], ...] = ()


class Phase(Model):
    """A step of development, in one line."""

    name: Name
    text: Line


class Framework(Model):
    """`framework.yml`: what aspects are made of, and the folder of the cards whose numbers they name."""

    cards: Slug
    layers: Annotated[dict[Slug, Layer], Field(min_length=1, max_length=LAYERS_MOST)]
    phases: Annotated[dict[Slug, Phase], Field(min_length=1, max_length=PHASES_MOST)]
    aspects: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=ASPECTS_MOST), Apart]


class MarkedAction(Model):
    """An action with something to watch or read beside it."""

    text: Line
    media: Media


def _tag_action(value: object) -> str:
    return "[text]" if isinstance(value, str) else "[action]"


Action = Annotated[
    Annotated[Line, Tag("[text]")] | Annotated[MarkedAction, Tag("[action]")], Discriminator(_tag_action)
]


class Cell(Model):
    """One layer in one phase: what one recognises, what one can do, with what."""

    situation: Line
    actions: Annotated[tuple[Action, ...], Field(min_length=ACTIONS, max_length=ACTIONS)]
    instruments: Annotated[tuple[InstrumentCode, ...], Apart] = ()
    cards: Annotated[tuple[CardNumber, ...], Apart] = ()
    media: Media | None = None


class Aspect(Model):
    """A file of `content/aspects/`: one aspect, with its cells by layer and phase."""

    code: Letters
    name: Title
    colour: str
    line: Line
    dimensions: Annotated[tuple[CardNumber, ...], Apart] = ()
    layers: dict[Slug, dict[Slug, Cell]]
