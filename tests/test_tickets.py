"""Job tickets: what they say of each kind of product, in words and as a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.content.press import Paper, TicketWords
from pipeline.content.products import Deck, Product
from pipeline.content.read import read_toolbox
from pipeline.content.toolbox import Toolbox
from pipeline.document import Document
from pipeline.kinds.tickets import PrintedFile, Ticket, make_ticket, plan_ticket, write_ticket
from pipeline.plan import load_typesetter, make_plan
from pipeline.resources import PACKAGED
from pipeline.workshop import Made, make_document
from tests.conftest import WERKSTATT

LIBRARY = WERKSTATT.parent / "library"
DIGEST = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def default() -> Toolbox:
    return read_toolbox(PACKAGED)


@pytest.fixture(scope="module")
def office() -> Toolbox:
    """The default toolbox for a shop that takes sheets."""
    return read_toolbox(PACKAGED, "kantoor")


def find_product(toolbox: Toolbox, name: str, **changes: Any) -> tuple[Toolbox, Product]:
    """Return a product with some keys changed, and the toolbox with it."""
    old = next(it for it in toolbox.settings.products if it.name == name)
    new = old.model_copy(update=changes)
    products = tuple(new if it is old else it for it in toolbox.settings.products)
    return replace(toolbox, settings=toolbox.settings.model_copy(update={"products": products})), new


def files_of(toolbox: Toolbox, name: str, pages: int = 0, media: Iterable[str] = ("print",)) -> list[PrintedFile]:
    """Return files of a product as a build would have made them: `pages` where only setting them shows how many."""
    documents = [it for it in make_plan(toolbox).documents if it.product == name and it.medium in media]
    whole = [it for it in documents if it.path == f"print/{name}.pdf" or it.order]
    return [PrintedFile(it.path, 123456, DIGEST, it, count_pages(it, pages)) for it in whole]


def count_pages(document: Document, pages: int) -> Any:
    return replace(document.expects, pages=8 if document.order else document.expects.pages or pages)


def say(ticket: Ticket) -> dict[str, str]:
    """Return label -> value."""
    return {row.label: "\n".join(row.lines) for group in ticket.groups for row in group}


def test_a_deck_is_described_as_a_printer_reads_it(default: Toolbox) -> None:
    toolbox, deck = find_product(default, "spiegelkaarten")
    text = write_ticket(make_ticket(toolbox, deck, files_of(toolbox, deck.name), 500, 0))
    assert (
        text
        == """\
Opdrachtbon voor de drukker

Spiegelkaarten lerende organisatie
Toolbox lerende organisatie

Oplage                    500
Uitgave                   2026 (23-11-2026)
Uitgever                  Drukwerk
Drukprofiel               Offset, coated

Afgewerkt formaat         210 × 148 mm, liggend
Omvang                    16 pagina’s: 8 kaarten, steeds voorkant, dan achterkant
Kleuren                   4/4, full colour (CMYK), dubbelzijdig
Papier                    350 g/m², mat gestreken
Voor- en achterkant       kop aan kop (keert als een bladzijde)
Afwerking                 schoonsnijden, per spel vergaren op volgorde

Afloop                    3 mm rondom, pagina’s in het bestand 216 × 154 mm
Drukconditie              PDF/X-4, FOGRA39 (FOGRA39L_coated.icc)
Inktbedekking, hoogstens  300 %

Bestanden                   Bytes  SHA-256, begin
print/spiegelkaarten.pdf  123 456  0123456789ab

Controle                  gecontroleerd met Drukwerk, geen bevindingen (preflight.html)
"""
    )


@pytest.mark.parametrize(
    ("name", "changes", "pages", "said"),
    [
        ("spiegelkaarten", {"turn": "calendar"}, 0, {"Voor- en achterkant": "kop aan voet (keert als een kalenderblad)"}),
        ("spiegelkaarten", {"paper": None}, 0, {"Papier": "nog te kiezen, in overleg"}),
        ("werkwijzer-leraar", {}, 36, {
            "Omvang": "36 pagina’s, met een omslag van hetzelfde papier", "Kleuren": "4/4, full colour (CMYK), dubbelzijdig",
            "Afwerking": "geniet (vouwen, twee nietjes in de rug, schoonsnijden)", "Afgewerkt formaat": "148 × 210 mm, staand",
        }),
        ("verdieping", {"cover": Paper(weight=250, finish="glanzend gestreken")}, 44, {
            "Omvang": "44 pagina’s: omslag 4, binnenwerk 40", "Papier omslag": "250 g/m², glanzend gestreken",
        }),
        ("poster-dimensies", {}, 0, {
            "Omvang": "1 pagina", "Kleuren": "4/0, full colour (CMYK), enkelzijdig", "Afwerking": "schoonsnijden",
            "Afgewerkt formaat": "297 × 420 mm, staand",
        }),
        ("instrumenten", {}, 0, {
            "Omvang": "27 pagina’s", "Kleuren": "4/0, full colour (CMYK), enkelzijdig",
            "Afwerking": "schoonsnijden, vergaren op volgorde, niet hechten",
        }),
        ("actieplan", {}, 0, {"Papier": "nog te kiezen, in overleg"}),
    ],
)  # fmt: skip
def test_each_kind_says_what_it_is(
    default: Toolbox, name: str, changes: dict[str, Any], pages: int, said: dict[str, str]
) -> None:
    toolbox, product = find_product(default, name, **changes)
    rows = say(make_ticket(toolbox, product, files_of(toolbox, name, pages), None, 0))
    assert rows["Oplage"] == "in te vullen"
    assert {label: rows.get(label) for label in said} == said
    assert ("Voor- en achterkant" in rows) == (name == "spiegelkaarten")


def test_cards_that_lie_in_the_deck_more_often_are_named_together(default: Toolbox) -> None:
    entries = default.folders["dimensions"]
    wanted = [3, 3, 1, 3, 2, 1, 1, 2]
    folder = tuple(
        replace(it, dimension=it.dimension.model_copy(update={"copies": copies}))
        for it, copies in zip(entries, wanted, strict=True)
    )
    toolbox, deck = find_product(replace(default, folders={**default.folders, "dimensions": folder}), "spiegelkaarten")
    rows = say(make_ticket(toolbox, deck, files_of(toolbox, deck.name), None, 0))
    assert rows["Kaarten per spel"] == "kaart 5, 8: 2 keer\nkaart 1–2, 4: 3 keer\nelke andere kaart één keer"


def test_cards_with_one_side_are_printed_on_one_side(default: Toolbox) -> None:
    deck = find_product(default, "spiegelkaarten")[1]
    assert isinstance(deck, Deck)
    toolbox, deck = find_product(default, "spiegelkaarten", sides={"board": deck.sides["board"]})
    rows = say(make_ticket(toolbox, deck, files_of(toolbox, deck.name), None, 0))
    assert rows["Omvang"] == "8 pagina’s: 8 kaarten, één kant"
    assert rows["Kleuren"] == "4/0, full colour (CMYK), enkelzijdig"
    assert "Voor- en achterkant" not in rows


def test_sheets_are_counted_with_the_edge_they_are_turned_on(office: Toolbox) -> None:
    toolbox, deck = find_product(office, "spiegelkaarten")
    files = files_of(toolbox, deck.name, media=("print", "sheets"))
    ticket = make_ticket(toolbox, deck, files, None, 2)
    assert say(ticket)["Vellen per exemplaar"] == (
        "kies één van deze indelingen:\n"
        "4 × A4 (210 × 297 mm), keren over de lange zijde\n"
        "4 × SRA3 (320 × 450 mm), keren over de lange zijde"
    )
    assert say(ticket)["Afloop"] == "geen"
    assert [row[0] for row in ticket.files.rows][1:] == [
        "sheets/spiegelkaarten-a4.pdf",
        "sheets/spiegelkaarten-sra3.pdf",
    ]
    assert ticket.checked.lines == ("gecontroleerd met Drukwerk, met waarschuwingen (2); zie preflight.html",)


def test_every_word_that_can_be_written_is_used(office: Toolbox) -> None:
    """With words that are their own names, all of these stand on one ticket or another."""
    plain = {name: name for name in TicketWords.model_fields}
    words = TicketWords.model_validate({**plain, "decimal": ".", "measure": "measure {width}"})
    press = office.press_words.model_copy(update={"ticket": words})
    office = replace(office, settings=office.settings.model_copy(update={"press": press}))
    seen = set()
    for name, changes in (
        ("spiegelkaarten", {}), ("spiegelkaarten", {"turn": "calendar", "paper": None}), ("poster-dimensies", {}),
        ("werkwijzer-leraar", {}), ("verdieping", {"cover": Paper(weight=250, finish="x")}), ("instrumenten", {}),
    ):  # fmt: skip
        toolbox, product = find_product(office, name, **changes)
        files = files_of(toolbox, name, 36, ("print", "sheets"))
        for bleed, copies in ((0.0, None), (9.0, 5)):
            at = replace(toolbox, press=replace(toolbox.press, shop=replace(toolbox.press.shop, bleed=bleed)))
            ticket = make_ticket(at, product, files, copies, copies or 0)
            lines = [ticket.title, ticket.foot, *ticket.files.columns, ticket.checked.label, *ticket.checked.lines]
            lines += [it for group in ticket.groups for row in group for it in (row.label, *row.lines)]
            seen |= {piece for line in lines for piece in line.replace(",", " ").split()}
    rare = {"decimal", "deck", "once", "of_card", "of_cards"}  # in tests of their own
    composed = {"sheet", "cover_sheet", "short", "long"}  # written into `flip`
    assert set(plain) - seen == rare | composed


# ------------------------------------------------------------------------------------------ as a page


def typeset(toolbox: Toolbox, document: Document, folder: Path) -> tuple[Made, list[str]]:
    """Set a ticket; return what came of it, and the text of its pages."""
    import pypdfium2

    made = make_document(document.job(), load_typesetter(toolbox).prepare(folder / "typst"), folder)
    pages = pypdfium2.PdfDocument(folder / made.path) if made.sha256 else []
    return made, [page.get_textpage().get_text_range() for page in pages]


def test_both_forms_say_the_same_in_every_language(default: Toolbox, tmp_path: Path) -> None:
    for language in ("nl", "en", "de"):
        settings = default.settings.model_copy(update={"language": language, "region": None})
        toolbox, deck = find_product(replace(default, settings=settings), "spiegelkaarten")
        ticket = make_ticket(toolbox, deck, files_of(toolbox, deck.name), 25_000, 1)
        made, (page,) = typeset(toolbox, plan_ticket(toolbox, deck, ticket), tmp_path / language)
        assert (made.error, made.misfits, made.warnings) == (None, (), ())
        on_page = " ".join(page.split())
        for line in write_ticket(ticket).splitlines():
            for piece in filter(None, line.split("  ")):
                assert " ".join(piece.split()) in on_page, (language, piece)


def test_a_language_without_words_of_its_own_gets_english_ones_and_says_so(tmp_path: Path) -> None:
    toolbox = read_toolbox(LIBRARY)
    settings = toolbox.settings.model_copy(update={"language": "fr", "region": "FR"})
    toolbox, deck = find_product(replace(toolbox, settings=settings), "mirror-cards")
    document = plan_ticket(toolbox, deck, make_ticket(toolbox, deck, files_of(toolbox, deck.name), None, 0))
    assert document.expects.language == "en"
    made, (page,) = typeset(toolbox, document, tmp_path)
    assert made.error is None
    assert "to be filled in" in page


def test_many_files_run_on_to_a_second_page(default: Toolbox, tmp_path: Path) -> None:
    toolbox, deck = find_product(default, "spiegelkaarten")
    ticket = make_ticket(toolbox, deck, files_of(toolbox, deck.name) * 30, None, 0)
    made, pages = typeset(toolbox, plan_ticket(toolbox, deck, ticket), tmp_path)
    assert made.error is None
    assert len(pages) == 2
    assert "blad 2 van 2" in pages[1]
    assert "Controle" in pages[1]


def test_a_name_that_is_wider_than_the_page_is_a_finding(default: Toolbox, tmp_path: Path) -> None:
    toolbox, deck = find_product(default, "spiegelkaarten")
    ticket = replace(make_ticket(toolbox, deck, files_of(toolbox, deck.name), None, 0), product="x" * 120)
    made, _ = typeset(toolbox, plan_ticket(toolbox, deck, ticket), tmp_path)
    assert "too wide for its column" in made.misfits[0].message
