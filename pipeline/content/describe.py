"""What each key of a content file means, in plain words: an editor such as VS Code shows it while one types.

By model and key, apart from the models, so that importing these stays quick. A test holds the table against them.
"""

from __future__ import annotations

from pipeline.content.describe_booklets import BOOKLET_KEYS
from pipeline.content.describe_forms import FORM_KEYS
from pipeline.content.describe_press import PRESS_KEYS
from pipeline.content.describe_products import PRODUCT_KEYS
from pipeline.content.describe_report import REPORT_KEYS

FILES = {
    "toolbox": "What is made, by whom, in which language and edition.",
    "theme": "How it looks: colours, typefaces, logo.",
    "literature": "All works that a card can refer to, each under a key of its own.",
    "forms": "A form: what it asks, page by page, and on which scale.",
    "framework": "The frame of reference: layers, phases, and the order of the aspects.",
    "aspects": "An aspect: what each layer recognises in each phase, and what it can do.",
    "instruments": "An instrument: one sheet to work with.",
    "booklets": "A booklet: its chapters, in order.",
    "glossary": "The words of this toolbox, and those that are not used.",
    "formats": "Formats of cards: how large they are, which zones they have, in which type these are set.",
    "shops": "A print shop, or your own printer: what it asks for.",
    "sheets": "A sheet of paper, and how cards or pages are laid on it.",
}

KEYS: dict[str, dict[str, str]] = {
    # ---------------------------------------------------------------------------------------- cards
    "Dimension": {
        "number": "The number of the card, which also puts it in order. Each card of a folder has its own.",
        "title": "The title, as it stands on the card.",
        "short": "The title in one to three words, for where it is too long.",
        "colour": "The colour of the card: a name from theme.yml.",
        "core": "The heart of the matter in one sentence.",
        "description": "What it is about. Each item is a point of its own on the card.",
        "challenges": "What makes it difficult.",
        "sides": "What each audience can do; in a file each stands under its own name.",
        "literature": "Keys of works in literature.yml. The first with a verified DOI becomes the QR code.",
        "copies": "How often the card is laid on sheets for one deck; without, once.",
    },
    "Challenge": {
        "code": "A permanent code such as D3-U1: never give it to another challenge.",
        "title": "What the challenge is called, in a few words.",
        "text": "A sentence for the card.",
        "why": "The reasons, each with its sources. They are not printed on the card.",
    },
    "Claim": {
        "text": "A reason, in a sentence or two.",
        "sources": "Keys of the works in literature.yml that say so.",
    },
    "Side": {
        "suggestions": "What this audience can do: one thing an item, begun with a verb.",
        "question": "A question to discuss. A side has either a question or a quotation.",
        "quotation": "Words of somebody else. A side has either a question or a quotation.",
        "statements": "Statements for a form, each behind its permanent code, such as D3-S2.",
    },
    "MarkedSuggestion": {
        "text": "The suggestion.",
        "short": "true: small cards carry it too.",
    },
    "Quotation": {
        "text": "The words, without quotation marks: these are set around them.",
        "source": "Who said it, and where it can be found.",
    },
    **PRODUCT_KEYS,
    **PRESS_KEYS,
    **REPORT_KEYS,
    **BOOKLET_KEYS,
    **FORM_KEYS,
    # ---------------------------------------------------------------------------------------- theme
    "Theme": {
        "colours": "The colours, each under the name by which cards refer to it. There has to be a black.",
        "fonts": "The two typefaces.",
        "logo": "The file of the logo, such as assets/logo.svg: an SVG of one colour with outlines only.",
    },
    "Colour": {
        "name": "What people call the colour.",
        "screen": "The colour on screen, between quotes: '#005098'. White letters must be readable on it.",
        "print": "The colour in print: percentages of ink. Ask the printer or a designer.",
    },
    "PrintRecipe": {
        "c": "Cyan, in percent.",
        "m": "Magenta, in percent.",
        "y": "Yellow, in percent.",
        "k": "Black, in percent.",
    },
    "Fonts": {
        "voice": "The typeface of titles, core sentence and question. Its files stand in assets/fonts/.",
        "tool": "The typeface of all other text. Its files stand in assets/fonts/.",
    },
    # ---------------------------------------------------------------------------------------- literature
    "Work": {
        "type": "What it is: article, book, chapter, report, thesis or web.",
        "title": "The title as it stands on the work.",
        "date": "The year, or the date as 2026-11-23.",
        "serial-number": "The numbers by which it is known.",
        "verified": "What has been seen: title and DOI together, only the DOI, only the title, or none. "
        "Only doi-and-title can become a QR code.",
        # Keys that Typst reads, and those of our own that it passes over; the reader allows any.
        "author": "The authors, each as 'Surname, Given name'.",
        "editor": "The editors, each as 'Surname, Given name'.",
        "parent": "What it appeared in: a journal, a book, a series.",
        "publisher": "The publisher.",
        "page-range": "The pages, between quotes: '132-151'.",
        "url": "The address on the web, where there is no DOI.",
        "language": "The language of the work, as two letters: en.",
        "genre": "What kind of report or thesis it is.",
        "dimensions": "The numbers of the cards that it belongs to; for your own use.",
        "description-nl": "What it is about, in your own words; for your own use.",
    },
    "Numbers": {
        "doi": "The DOI alone, such as 10.1000/182, without https://doi.org/ before it.",
    },
    # ---------------------------------------------------------------------------------------- formats
    "Format": {
        "width": "The width of the finished card, such as 210mm.",
        "height": "The height of the finished card, such as 148mm.",
        "grid": "The unit u of this format, such as 4pt; lines of type are whole units high.",
        "type": "The four sizes of type.",
        "panel": "The coloured ground of the head.",
        "zones": "What a card carries, and where. A zone that is left out is not printed.",
    },
    "Types": {
        "title": "The title.",
        "name": "The name of the audience.",
        "lead": "The core sentence, and the question or quotation.",
        "body": "All other text.",
    },
    "TypeSize": {
        "size": "The size of the letters, such as 9pt; at least 8pt.",
        "line": "The height of a line in whole units, such as 3u.",
    },
    "Panel": {
        "at": "At which edge of the card it lies: left or top.",
        "solid": "How far it reaches on a solid side.",
        "open": "How wide the coloured edge of an open side is.",
    },
    "Zones": {
        "name": "The name of the audience.",
        "title": "The title.",
        "core": "The core sentence.",
        "lead": "The question or quotation, with its heading.",
        "code": "The QR code and its address.",
        "sign": "The small sign with the rings.",
        "ring": "The circle of all cards, or the number alone.",
        "description": "What it is about.",
        "challenges": "The challenges.",
        "suggestions": "The suggestions.",
        "turn": "The line that asks the reader to turn the card.",
        "logo": "The logo.",
    },
    "Zone": {
        "x": "From the left edge of the card to that of the zone, such as 10mm + 3u.",
        "y": "From the top edge of the card to that of the zone.",
        "width": "How wide the zone is.",
        "height": "How high the zone is.",
        "anchor": "Whether the text stands at the top of the zone or at its bottom.",
    },
    "Ring": {
        "numeral": "The size of the number in the circle.",
        "numbers": "true: the stations of the circle carry their numbers.",
        "stations": "true: the circle of all cards; false: the number of the card alone.",
        "edge": "Where the number stands when there is no circle: left or right.",
    },
    "CodeZone": {
        "modules": "The side of the QR code, without its white edge; at least 10 to 14 mm.",
        "card": "true: the card is named beside the code, such as Card 3 of 8.",
    },
    "Block": {"heading": "words: a rule with its heading below it; rule: the rule alone."},
    "Suggestions": {
        "short": "true: only the suggestions that are marked as short.",
        "heading": "words: a rule with its heading below it; rule: the rule alone.",
    },
}


def describe(model: str, key: str) -> str:
    """Return what a key of a model means; a zone of any sort has the keys of every zone."""
    return KEYS.get(model, {}).get(key) or KEYS["Zone"].get(key, "")
