"""What collecting asks of a toolbox: the names of the fields that say who answers, and the words of its page."""

from __future__ import annotations

from typing import Annotated

from pipeline.content.fields import Label, Line, Name, with_places
from pipeline.content.forms import FieldName, OptionValue
from pipeline.content.model import Model


class ContextNames(Model):
    """Names of the fields that say who answers; a form that lacks one says nothing there.

    `joint`: the answer to `mode` of those who filled it in together.
    """

    organisation: FieldName = "organisatie"
    school: FieldName = "school"
    role: FieldName = "rol"
    date: FieldName = "datum"
    mode: FieldName = "invulwijze"
    joint: OptionValue = "samen"
    people: FieldName = "aantal"

    @property
    def spoken(self) -> tuple[str, str, str]:
        """The fields that are written freely and yet belong to every answer: organisation, school, role."""
        return (self.organisation, self.school, self.role)


class VerdictWords(Model):
    """What a verdict is called, what it means, and what to do with such a file."""

    name: Name
    meaning: Line
    step: Line


class VerdictsWords(Model):
    """Words for each verdict on a returned form; `remark`: for one that is accepted, with something to look at."""

    accepted: VerdictWords
    remark: VerdictWords
    duplicate: VerdictWords
    conflict: VerdictWords
    unknown_version: VerdictWords
    empty: VerdictWords
    flattened: VerdictWords
    damaged: VerdictWords
    foreign: VerdictWords
    refused: VerdictWords


class IntakeWords(Model):
    """Words of the page that `drukwerk collect` makes; `{...}` is filled in."""

    eyebrow: Label
    title: Annotated[Line, with_places("files", "counting")]
    verdicts: VerdictsWords
    overview: Label
    verdict: Name
    files: Name
    meaning: Name
    totals: Label
    form: Name
    organisation: Name
    school: Name
    forms: Name
    people: Name
    sum: Name
    unstated: Name
    nothing: Line
    todo: Label
    done: Label
    file: Name
    reason: Name
    step: Name
    answered: Name
    instead: Annotated[Label, with_places("file")]
    again: Line
    lost: Line
    exact: Name
    keep: Line
    key: Line
    foot: Annotated[Line, with_places("version")]
