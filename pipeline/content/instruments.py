"""Instruments as models: a file of `content/instruments/` is one sheet to work with."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline.content.fields import Line, Name, Sentences, Slug, Title, Whole
from pipeline.content.framework import Apart, InstrumentCode, Media
from pipeline.content.model import Model

Minutes = Annotated[Whole, Field(ge=1, le=2400)]


class Step(Model):
    """A step of an instrument. `boxes`: names of the boxes that are written in."""

    title: Name
    minutes: Minutes
    text: Sentences
    boxes: Annotated[tuple[Name, ...], Field(max_length=3)] = ()


class Instrument(Model):
    """One instrument. `duration`: in words, where the minutes alone do not say it.

    `products`: where it exists elsewhere in the toolbox, the names of those products.
    """

    code: InstrumentCode
    name: Title
    kind: Name
    aspect: Slug
    lead: Line
    goal: Sentences
    minutes: Minutes
    duration: Name | None = None
    participants: Line
    needed: Line
    steps: Annotated[tuple[Step, ...], Field(min_length=3, max_length=7)]
    closing: Line | None = None
    products: Annotated[tuple[Slug, ...], Apart] = ()
    media: Media | None = None

    @model_validator(mode="after")
    def _minutes_add_up(self) -> Instrument:
        total = sum(step.minutes for step in self.steps)
        if total != self.minutes:
            context = {"total": total, "minutes": self.minutes}
            raise PydanticCustomError("minutes", "the steps take {total} minutes together, not {minutes}", context)
        return self
