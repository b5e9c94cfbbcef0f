"""Content in VS Code, as its YAML extension shows it: completion, descriptions, mistakes while one types.

YAML_LANGUAGE_SERVER names the program of the npm package `yaml-language-server`, the extension's engine (see .ci/run).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.resources import PACKAGED
from tests.language_server import LanguageServer
from tests.test_schema import FORMATS, LONG, content_files

PROGRAM = os.environ.get("YAML_LANGUAGE_SERVER", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("node"), reason="needs node"),
    pytest.mark.skipif(
        not PROGRAM or not Path(PROGRAM).is_file(),
        reason="set YAML_LANGUAGE_SERVER to node_modules/yaml-language-server/bin/yaml-language-server",
    ),
]

CARD = f"""\
# yaml-language-server: $schema=../schema/dimensions.json
number: 3.10
title: Rust en ruimte
colour:\x20
cor: Wie rust heeft, leert beter.
board:
  suggestions: [Schrap elke maand één overleg.]
  question: Wat doen we alleen uit gewoonte?
  quotation: {{text: Rust roest., source: Spreekwoord}}
school:
 \x20
  suggestions:
    - Spreek: een uur af zonder berichten.
    - {LONG}
challenges: [{{code: d9-u1, title: Altijd druk, text: Wat dringend is wint het.}}]
literature:
  -\x20

"""


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    with LanguageServer(PROGRAM, PACKAGED) as running:
        yield running


@pytest.fixture(scope="module")
def card(server: LanguageServer) -> tuple[Path, set[tuple[int, str]]]:
    """A card full of mistakes, with what is said of it: (line from 1, message)."""
    path = PACKAGED / "content/dimensions/9-rust.yml"  # never written: the server is shown its text
    found = server.open(path, CARD)
    return path, {(item["range"]["start"]["line"] + 1, item["message"]) for item in found}


def test_no_content_file_has_a_mistake(server: LanguageServer) -> None:
    for path in [*content_files(PACKAGED), PACKAGED / FORMATS]:
        assert server.open(path, path.read_text("utf-8")) == [], path.name


def test_mistakes_are_shown_at_their_line_in_plain_words(card: tuple[Path, set[tuple[int, str]]]) -> None:
    _, found = card
    assert {
        (2, "A whole number is expected here."),
        (2, 'Missing property "core".'),
        (5, "Property cor is not allowed."),
        (8, "A side has either a question or a quotation, not both."),
        (10, 'Missing property "question".'),
        (13, "A text is expected here. One that holds ': ' or ' #' stands between single quotes."),
        (14, "String is longer than the maximum length of 160."),
        (15, "This is not a code such as D3-S2."),
    } <= found


def test_keys_are_offered_with_what_they_mean(server: LanguageServer, card: tuple[Path, set[tuple[int, str]]]) -> None:
    path, _ = card
    offered = server.complete(path, 17, 0)
    assert offered["core"] == "The heart of the matter in one sentence."
    assert "title" not in offered, "it is there already"
    assert server.complete(path, 10, 2)["statements"].startswith("Statements for a form")


def test_colours_and_works_are_offered_with_their_names(
    server: LanguageServer, card: tuple[Path, set[tuple[int, str]]]
) -> None:
    path, _ = card
    colours = server.complete(path, 3, 8)
    assert colours["den"] == "Den, #00453d"
    assert "true" not in colours
    works = server.complete(path, 16, 4)
    assert works["edmondson-1999"] == "Psychological Safety and Learning Behavior in Work Teams, 1999"


def test_a_key_explains_itself_under_the_pointer(
    server: LanguageServer, card: tuple[Path, set[tuple[int, str]]]
) -> None:
    path, _ = card
    assert server.hover(path, 1, 2).startswith("The number of the card")
    assert server.hover(path, 9, 2).startswith("What the card says to its audience 'school'")
