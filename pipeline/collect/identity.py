"""What a file says of itself: in its fields, in its document information, on its pages."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.content.definition import META, Identity, find_identity
from pipeline.pdf.found import FoundForm, Reading

_PARTS = ("form", "version", "fingerprint")


@dataclass(frozen=True)
class Claims:
    """Which form a file says it is, by place.

    Attributes:
        fields: its read-only fields without a widget; None unless all three are there and say one thing.
        lacking: those of the three that are not there, or say nothing or two things.
        elsewhere: its document information, else its pages.
        hashes: name of a field -> hash of its type, text and options.
        response: number of the copy.
    """

    fields: Identity | None
    lacking: tuple[str, ...]
    elsewhere: Identity | None
    hashes: dict[str, str]
    response: str

    @property
    def best(self) -> Identity | None:
        """What it is most likely to be, for a message."""
        return self.fields or self.elsewhere


def find_claims(reading: Reading) -> Claims:
    """Gather what a file says of itself."""
    form = reading.form or FoundForm()
    said = read_meta(form)
    lacking = tuple(META + part for part in _PARTS if len(said.get(part, ())) != 1)
    info = dict(form.info)
    parts = [info.get(f"Form_{part}", "") for part in _PARTS]
    return Claims(
        fields=None if lacking else Identity(*(said[part][0] for part in _PARTS)),
        lacking=lacking,
        elsewhere=Identity(*parts) if all(parts) else find_identity(reading.identity),
        hashes=_parse_hashes(next(iter(said.get("hashes", ())), "")),
        response=next(iter(said.get("response", ())), ""),
    )


def read_meta(form: FoundForm) -> dict[str, tuple[str, ...]]:
    """Return what the fields say that nobody fills in: name without `meta_` -> each different value."""
    said: dict[str, tuple[str, ...]] = {}
    for field in form.fields:
        if field.name.startswith(META):
            name = field.name.removeprefix(META)
            said[name] = tuple(dict.fromkeys((*said.get(name, ()), *field.values)))
    return said


def _parse_hashes(text: str) -> dict[str, str]:
    """Read `name:hash name:hash`; what is not of this shape says nothing."""
    pairs = (word.rpartition(":") for word in text.split())
    return {name: value for name, _, value in pairs if name}
