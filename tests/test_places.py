"""A finding on a page names the text it is on, by zones that the build kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.content.source import FieldPath, Source
from pipeline.document import Document, Origin, Part
from pipeline.errors import Finding, Spot
from pipeline.fit import Zone
from pipeline.places import NAME, TextPlace, locate_zones, name_places, read_places, write_places
from pipeline.units import Rect, points
from tests.samples import EXPECTED

CARD = "content/dimensions/3-teamleren.yml"
LARGE = TextPlace(2, Rect(0, 0, points(100), points(100)), f"{CARD}:2", "card 3-teamleren, side school, title")
SMALL = TextPlace(2, Rect(points(10), points(10), points(50), points(20)), f"{CARD}:41", "school.suggestions[2]")


def document() -> Document:
    source = Source(CARD, {"school": {"suggestions": ["a", "b"]}}, {("school", "suggestions", 1): 41})
    origins: dict[FieldPath, Origin] = {("suggestions",): Origin(source, ("school", "suggestions"))}
    part = Part(CARD, {"id": "3-teamleren", "suggestions": ["a", "b"]}, origins, list="cards")
    return Document("spiegelkaarten", "spiegelkaarten", "card.typ", (part,), EXPECTED)


def test_zones_become_places_of_texts() -> None:
    box = Rect(1, 2, 3, 4)
    zones = [Zone("3-teamleren", "school", "suggestions.1", 2, box), Zone("3-teamleren", "school", "", 2, box)]
    (place,) = locate_zones(zones, document())
    assert place == TextPlace(2, box, f"{CARD}:41", "card 3-teamleren, side school, school.suggestions[2]")
    (flat,) = locate_zones([Zone("3-teamleren", "", "suggestions.1", 2, box)], document())
    assert flat.field == "school.suggestions[2]"
    assert locate_zones([Zone("", "", "nothing", 0, box)], document()) == ()


@pytest.mark.parametrize(
    ("spot", "field"),
    [
        (Spot(2, 11, 11, 49, 19), SMALL.field),
        (Spot(2, 11, 15, 99, 30), LARGE.field),  # its middle lies beside the smaller one
        (Spot(2, 90, 90, 130, 130), ""),  # most of it lies on no text
        (Spot(1, 11, 11, 49, 19), ""),
        (None, ""),
    ],
)
def test_a_finding_names_the_smallest_text_that_holds_its_middle(spot: Spot | None, field: str) -> None:
    finding = Finding("x.pdf, page 3, 11 x 11 mm", "", "text of 5 pt", "set it larger", spot=spot)
    (named,) = name_places([finding], [LARGE, SMALL])
    assert named.field == field
    assert (named == finding) == (field == "")
    assert (named.place, named.message, named.spot) == (finding.place, finding.message, spot)


def test_a_named_finding_reads_well() -> None:
    finding = Finding("x.pdf, page 3, 11 x 11 mm", "", "text of 5 pt", "set it larger", spot=Spot(2, 11, 11, 49, 19))
    (named,) = name_places([finding], [SMALL])
    assert str(named) == (
        "x.pdf, page 3, 11 x 11 mm: school.suggestions[2]: text of 5 pt\n"
        f"  hint: set it larger; the text is in {CARD}:41"
    )


def test_places_are_kept_and_anything_else_is_nothing(tmp_path: Path) -> None:
    assert read_places(tmp_path) == {}
    write_places(
        tmp_path, {"print/x.pdf": [LARGE._replace(box=Rect(0, 0.1, 1e5, 7)), SMALL._replace(box=Rect(1, 2, 3, 4))]}
    )
    kept = read_places(tmp_path)
    assert [it.box for it in kept["print/x.pdf"]] == [Rect(0, 0.1, 1e5, 7), Rect(1, 2, 3, 4)]
    assert kept["print/x.pdf"][1][2:] == SMALL[2:]
    for text in ("", "[]", '{"version": 0}', '{"version": 1, "places": 3}', '{"version": 1, "places": {"x": [[1]]}}'):
        (tmp_path / NAME).write_text(text, "utf-8")
        assert read_places(tmp_path) == {}
