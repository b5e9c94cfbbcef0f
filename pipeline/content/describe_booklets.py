"""What each key of framework, aspects, instruments, booklets and glossary means; a part of the table in describe.py."""

from __future__ import annotations

_TITLE = {
    "title": "The title of the chapter.",
    "short": "The title in a few words, for the foot of the page.",
    "tab": "Its sign in the thumb index at the edge: one or two capitals or digits.",
    "colour": "Its colour: a name from theme.yml; without one, that of the booklet.",
}
_INTRO = "A paragraph before it."
_HEADING = "The heading over it."

BOOKLET_KEYS: dict[str, dict[str, str]] = {
    # ---------------------------------------------------------------------------------------- framework
    "Framework": {
        "cards": "The folder of cards whose numbers the aspects name.",
        "layers": "The layers of the organisation, each behind its permanent name, from outside to inside.",
        "phases": "The phases, each behind its permanent name, in order.",
        "aspects": "The aspects in order: the names of the files in content/aspects/.",
    },
    "Layer": {
        "name": "The layer as it is printed.",
        "rings": "Which rings of the small sign are filled: 1 the outer one, 3 the innermost.",
    },
    "Phase": {
        "name": "The phase as it is printed.",
        "text": "What it means, in one sentence.",
    },
    "Aspect": {
        "code": "The letter of the aspect in the thumb index.",
        "name": "The name of the aspect.",
        "colour": "Its colour: a name from theme.yml.",
        "line": "What it is about, in one sentence.",
        "dimensions": "The numbers of the cards that belong to it.",
        "layers": "For each layer and phase what one recognises and what one can do.",
    },
    "Cell": {
        "situation": "What one recognises, in one sentence.",
        "actions": "What one can do: three things, each begun with a verb.",
        "instruments": "The codes of the instruments that help, such as I08.",
        "cards": "The numbers of the mirror cards that help.",
        "media": "Something to watch or read elsewhere.",
    },
    "MarkedAction": {
        "text": "The action.",
        "media": "Something to watch or read beside it.",
    },
    "Media": {
        "title": "What it is called.",
        "what": "What it is: webpagina, video.",
        "publisher": "Who made it.",
        "text": "What one finds there, in a sentence or two.",
        "address": "Its address, without https://.",
        "checked": "The day on which somebody opened it, as 2026-11-23. Only then a QR code is printed.",
    },
    # ---------------------------------------------------------------------------------------- instruments
    "Instrument": {
        "code": "The permanent code, such as I08.",
        "name": "The name of the instrument.",
        "kind": "What kind it is, such as werkvorm.",
        "aspect": "The aspect whose colour it wears: the name of a file in content/aspects/.",
        "lead": "What it brings, in one sentence below the title.",
        "goal": "What it is for.",
        "minutes": "How long it takes; the minutes of the steps add up to it.",
        "duration": "The duration in words, where minutes alone do not say it: een halve dag.",
        "participants": "With whom.",
        "needed": "What has to be at hand.",
        "steps": "Three to seven steps.",
        "closing": "What happens after it.",
        "products": "Where it stands elsewhere in the toolbox: names of products in toolbox.yml.",
        "media": "Something to watch or read elsewhere.",
    },
    "Step": {
        "title": "What the step is called.",
        "minutes": "How many minutes it takes.",
        "text": "What one does.",
        "boxes": "The names of the boxes to write in, at most three.",
    },
    # ---------------------------------------------------------------------------------------- booklets
    "Booklet": {
        "title": "The title on the cover; {layer} is filled in.",
        "lead": "The sentence below it.",
        "colour": "The colour of the booklet: a name from theme.yml.",
        "chapters": "The chapters, in order.",
        "back": "The text on the back cover.",
    },
    "TextChapter": {
        "kind": "What it is: text to read.",
        **_TITLE,
        "page": "true: it stands on one page, whole; false: it takes as many pages as it needs.",
        "blocks": "What stands in it, from top to bottom.",
    },
    "ContentsChapter": {"kind": "What it is: the list of contents.", **_TITLE},
    "AspectsChapter": {
        "kind": "What it is: all aspects on one page.",
        **_TITLE,
        "intro": _INTRO,
        "outro": "A paragraph after it.",
    },
    "StandingChapter": {
        "kind": "What it is: a page to place oneself, aspects by phases.",
        **_TITLE,
        "intro": _INTRO,
        "outro": "A paragraph after it.",
    },
    "RoutesChapter": {
        "kind": "What it is: four pages for every aspect of one layer.",
        "overview": "The heading of the page with all layers side by side.",
        "overview_intro": "A sentence below it.",
        "notes": "The heading of the page to write on.",
        "prompts": "The questions on that page, one to four.",
    },
    "DimensionsChapter": {"kind": "What it is: every dimension with its reasons and works.", **_TITLE, "intro": _INTRO},
    "InstrumentsChapter": {
        "kind": "What it is: the instruments that this booklet names.",
        **_TITLE,
        "intro": _INTRO,
    },
    "PlanChapter": {
        "kind": "What it is: a table to write in.",
        **_TITLE,
        "intro": _INTRO,
        "columns": "The headings of the columns.",
        "rows": "How many rows there are.",
    },
    "NotesChapter": {
        "kind": "What it is: a page with lines.",
        **_TITLE,
        "prompts": "Questions to write by, at most four.",
    },
    "LiteratureChapter": {
        "kind": "What it is: the works that this booklet names.",
        **_TITLE,
        "intro": _INTRO,
        "works": "Keys of more works in literature.yml.",
    },
    "ColophonChapter": {
        "kind": "What it is: who made it. Edition, date and publisher are added.",
        **_TITLE,
        "blocks": "What stands in it.",
    },
    # ---------------------------------------------------------------------------------------- blocks
    "ReadingBlock": {
        "kind": "What it is: paragraphs to read.",
        "heading": _HEADING,
        "paragraphs": "The paragraphs. One with sources has the keys text and sources.",
    },
    "Sourced": {
        "text": "The paragraph.",
        "sources": "Keys of the works in literature.yml that say so.",
    },
    "ListBlock": {
        "kind": "What it is: items below each other.",
        "heading": _HEADING,
        "intro": _INTRO,
        "items": "The items.",
        "numbered": "true: the items carry numbers.",
    },
    "TermsBlock": {
        "kind": "What it is: words, each with what they mean.",
        "heading": _HEADING,
        "terms": "What is to be said of each, behind the word.",
    },
    "StepsBlock": {
        "kind": "What it is: numbered steps with a title each.",
        "heading": _HEADING,
        "steps": "The steps, in order.",
    },
    "Stage": {
        "title": "What the step is called.",
        "text": "What one does.",
    },
    "ProgrammeBlock": {
        "kind": "What it is: a timetable.",
        "heading": _HEADING,
        "intro": _INTRO,
        "participants": "With whom.",
        "start": "The time at which it begins, between quotes: '09:00'. Without it, minutes are printed.",
        "items": "Its parts, in order.",
    },
    "Item": {
        "minutes": "How many minutes it takes.",
        "title": "What it is called.",
        "text": "What one does.",
    },
    "QuestionBlock": {
        "kind": "What it is: a question to stop at.",
        "text": "The question.",
    },
    "MediaBlock": {
        "kind": "What it is: entries to watch or read elsewhere.",
        "heading": _HEADING,
        "items": "The entries.",
    },
    "PortraitBlock": {
        "kind": "What it is: a person or a school, with a picture.",
        "name": "The name.",
        "role": "What the person does, or where the school is.",
        "picture": "The file of the picture, such as assets/pictures/anna.jpg; at least 355 by 449 pixels.",
        "alt": "What the picture shows, for who cannot see it.",
        "text": "The paragraphs beside it.",
        "media": "Something to watch or read elsewhere.",
    },
    "WorksBlock": {
        "kind": "What it is: works with their description and QR code.",
        "heading": _HEADING,
        "works": "Keys of works in literature.yml.",
    },
    "ModelBlock": {
        "kind": "What it is: the circle of cards and aspects.",
        "alt": "What a screen reader says of it.",
    },
    # ---------------------------------------------------------------------------------------- glossary
    "Glossary": {
        "terms": "The words of this toolbox, each with what it means.",
        "banned": "Words that are not used, each with what to write instead.",
        "allowed": "Words and names in which a banned word may stand.",
    },
}
BOOKLET_KEYS["Chapter"] = _TITLE
