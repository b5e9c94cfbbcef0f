"""Booklets: a file of content/booklets -> one document, for a layer or for all. A5 upright, facing pages.

The data has what its chapters show and nothing else: cards, aspects, instruments and works each as a part of their own,
so that a change makes exactly the booklets anew that hold it.
"""

from __future__ import annotations

from typing import Any

from pipeline.content.booklets import PORTRAIT, Booklet, Chapter
from pipeline.content.framework import Framework
from pipeline.content.instruments import Instrument
from pipeline.content.pictures import PlacedPicture
from pipeline.content.products import BookletProduct, BookletWords
from pipeline.content.source import FieldPath, Source
from pipeline.content.toolbox import Entry, Filed, Toolbox
from pipeline.document import Document, Expectation, Medium, Origin, Part
from pipeline.kinds.chapters import fill_layer, list_shown_works, list_works, plan_chapter
from pipeline.kinds.common import (
    list_exceptions,
    list_urls,
    locate_metadata,
    name_language,
    plan_ground,
    plan_media,
    write_doi,
)
from pipeline.kinds.routes import list_uses, plan_aspect
from pipeline.qr import split_address
from pipeline.units import Size, points

TRIM = Size(points(148), points(210))
FOLD = 4  # pages of a sheet that is folded once
LEFT_OUT = ("dimensions", "verified", "language")  # of a work: what Typst does not read, or does not show
WITH_ASPECTS = ("aspects", "standing", "routes")


def plan_documents(toolbox: Toolbox, product: BookletProduct, medium: Medium) -> list[Document]:
    """Return the booklet of a product, for one medium; none for forms."""
    if medium == "forms":
        return []
    making = _Making(toolbox, product, medium)
    parts = making.list_parts()
    shared = making.plan_shared(parts)
    urls = [url for part in parts for url in list_urls(part.data)]
    return [
        Document(
            id=product.name,
            product=product.name,
            layout="booklet.typ",
            parts=(*shared, *parts),
            expects=Expectation(
                medium=medium,
                trim=TRIM,
                bleed=toolbox.measure_bleed(medium),
                pages=0,
                language=name_language(toolbox.settings),
                codes=tuple((-1, url) for url in dict.fromkeys(urls)),
                multiple=FOLD,
            ),
            pictures=tuple(making.pictures.values()),
        )
    ]


class _Making:
    """What every part of one booklet is planned with."""

    def __init__(self, toolbox: Toolbox, product: BookletProduct, medium: Medium) -> None:
        self.toolbox, self.product, self.medium = toolbox, product, medium
        self.filed: Filed[Booklet] = toolbox.booklets[product.booklet]
        self.booklet = self.filed.it
        self.framework: Framework | None = toolbox.framework.it if toolbox.framework else None
        self.layer = self.framework.layers[product.layer] if self.framework and product.layer else None
        self.pictures = {
            path: PlacedPicture(toolbox.pictures[path], PORTRAIT) for _, path in self.booklet.list_portraits()
        }
        self.draws_model = any(block.kind == "model" for _, block in self.booklet.list_blocks())

    # ---------------------------------------------------------------------------------- what it holds

    def list_parts(self) -> list[Part]:
        """Return chapters, cards, aspects, instruments and works, as far as the booklet shows them."""
        name = self.layer.name if self.layer else ""
        chapters = [plan_chapter(self.filed, index, name, self.pictures) for index in range(len(self.booklet.chapters))]
        cards = [self._plan_card(entry) for entry in self._list_cards()]
        return [*chapters, *cards, *self._plan_aspects(), *self._plan_instruments(), *self._plan_works()]

    def _list_cards(self) -> tuple[Entry, ...]:
        shown = self.draws_model or self.booklet.has("aspects", "routes", "dimensions")
        return self.toolbox.folders.get(self.framework.cards, ()) if shown and self.framework else ()

    def _plan_card(self, entry: Entry) -> Part:
        """Return what is shown of a card: its number and name, or all that stands in the chapter of a dimension."""
        dimension, whole = entry.dimension, self.booklet.has("dimensions")
        shown = {"number", "short"} | ({"colour"} if whole or self.draws_model else set())
        data: dict[str, Any] = {"id": entry.slug, **dimension.model_dump(include=shown)}
        if whole:
            data |= dimension.model_dump(include={"title", "core", "description", "literature"})
            data["challenges"] = [it.model_dump(exclude={"code"}) for it in dimension.challenges]
        return Part(entry.source.name, data, {(): Origin(entry.source)}, list="cards")

    def _plan_aspects(self) -> list[Part]:
        if not (self.draws_model or self.booklet.has(*WITH_ASPECTS)):
            return []
        routes = self.booklet.has("routes")
        return [plan_aspect(self.toolbox, filed, self.product, routes) for filed in self.toolbox.aspects.values()]

    def _plan_instruments(self) -> list[Part]:
        """Return the instruments that the routes name; without routes, where they are listed, all."""
        layer = self.product.layer or ""
        if not self.booklet.has("routes", "instruments"):
            return []
        uses = {code: pages[layer] for code, pages in list_uses(self.toolbox).items() if layer in pages}
        codes = uses if self.booklet.has("routes") else self.toolbox.instruments
        return [self._plan_instrument(self.toolbox.instruments[code], uses.get(code, [])) for code in sorted(codes)]

    def _plan_instrument(self, filed: Filed[Instrument], pages: list[int]) -> Part:
        """Return the name of an instrument, and where they are listed what it is for and which pages name it."""
        it = filed.it
        data: dict[str, Any] = {"id": filed.slug, "code": it.code, "name": it.name}
        origins: dict[FieldPath, Origin] = {(): Origin(filed.source)}
        if self.booklet.has("instruments"):
            data |= {
                "kind": it.kind,
                "goal": it.goal,
                "duration": it.duration or self._write_minutes(it.minutes),
                "media": plan_media(it.media),
                "pages": pages,
            }
            named = Source("content/aspects/", {}, {})
            origins["pages",] = Origin(named, (f"where {it.code} is named",), whole=True)
        return Part(filed.source.name, data, origins, list="instruments")

    def _write_minutes(self, minutes: int) -> str:
        return self.words.minutes.replace("{minutes}", str(minutes))

    def _plan_works(self) -> list[Part]:
        """Return the works of the list of literature, by key."""
        keys = [key for chapter in self.booklet.chapters for key in list_works(chapter)]
        shown = {key for chapter in self.booklet.chapters for key in list_shown_works(chapter)}
        if self.booklet.has("dimensions"):
            for entry in self._list_cards():
                shown |= set(entry.dimension.literature)
                keys += [key for it in entry.dimension.challenges for claim in it.why for key in claim.sources]
        return [self._plan_work(key, key in shown) for key in sorted({*keys, *shown})]

    def _plan_work(self, key: str, shown: bool) -> Part:
        """Return a work as Hayagriva. `shown`: outside of the list too, with its note (our words) and its code."""
        source = self.toolbox.literature_source
        written = source.data[key]
        assert isinstance(written, dict)
        own = f"description-{self.toolbox.settings.language}"
        entry = {name: value for name, value in written.items() if not name.startswith("description-")}
        entry = {name: value for name, value in entry.items() if name not in LEFT_OUT}
        if shown and own in written:
            entry["note"] = written[own]
        doi = self.toolbox.literature[key].printable_doi if shown else None
        url, words = write_doi(doi) if doi else (None, "")
        data = {"id": key, "entry": entry, "url": url, "words": split_address(words)}
        origins: dict[FieldPath, Origin] = {
            (): Origin(source, (key,)),
            ("entry",): Origin(source, (key,)),
            ("entry", "note"): Origin(source, (key, own)),
            ("url",): Origin(source, (key, "serial-number", "doi"), whole=True),
            ("words",): Origin(source, (key, "serial-number", "doi"), whole=True),
        }
        return Part(f"{source.name}, {key}", data, origins, list="works")

    # ---------------------------------------------------------------------------------- what its pages share

    @property
    def words(self) -> BookletWords:
        """The words that every booklet carries."""
        assert self.toolbox.settings.booklets is not None  # check_booklet_products
        return self.toolbox.settings.booklets

    def plan_shared(self, parts: list[Part]) -> list[Part]:
        """Return what all pages share, and what the framework says of layers and phases."""
        toolbox, settings, source = self.toolbox, self.toolbox.settings, self.toolbox.settings_source
        filed, layer = self.filed, self.layer.name if self.layer else ""
        title = self.booklet.title.replace("{layer}", layer)
        colours = {self.booklet.colour, *(part.data["colour"] for part in parts if "colour" in part.data)}
        data: dict[str, Any] = {
            **plan_ground(toolbox, self.medium, colours),
            "titles": [f"{title}: {self._name_layer()}" if self._name_layer() else title, settings.title],
            "hyphenation": list_exceptions(settings.hyphenation, [part.data for part in parts]),
            "booklet": self._plan_booklet(),
            "words": self._choose_words(parts),
        }
        origins: dict[FieldPath, Origin] = {
            **locate_metadata(source),
            ("titles", 0): Origin(filed.source, ("title",), whole=True),
            ("titles", 1): Origin(source, ("title",)),
            ("theme",): Origin(toolbox.theme_source),
            ("hyphenation",): Origin(source, ("hyphenation",), whole=True),
            ("booklet",): Origin(filed.source),
            ("booklet", "layer"): self._locate_framework("layers", self.product.layer or ""),
            ("booklet", "thumbs"): Origin(Source("content/aspects/", {}, {}), ("signs and colours",), whole=True),
            **{("booklet", key): Origin(source, (key,)) for key in ("edition", "publisher")},
            ("booklet", "imprint"): Origin(source, ("edition",), whole=True),
            ("words",): Origin(source, ("booklets",)),
        }
        return [Part("what its pages share", data, origins), *self._plan_framework()]

    def _name_layer(self) -> str:
        """Return the name of the layer, where the title does not say it already."""
        return self.layer.name if self.layer and "{layer}" not in self.booklet.title else ""

    def _plan_booklet(self) -> dict[str, Any]:
        settings, layer = self.toolbox.settings, self.layer
        words = self.booklet.model_dump(include={"title", "lead", "colour", "back"})
        filled: dict[str, Any] = fill_layer(words, layer.name if layer else "")
        month = self.words.months[settings.date.month - 1]
        places = {"edition": settings.edition, "day": settings.date.day, "month": month, "year": settings.date.year}
        imprint = self.words.edition.format(**places)
        return {
            **filled,
            "for": self._name_layer(),
            "layer": {"slug": self.product.layer, **layer.model_dump()} if layer else None,
            "edition": settings.edition,
            "publisher": settings.publisher,
            "imprint": imprint,
            "thumbs": self._list_thumbs(),
        }

    def _list_thumbs(self) -> list[list[str]]:
        """Return (sign, colour) of each place of the thumb index, in the order of the pages."""
        thumbs = []
        for chapter in self.booklet.chapters:
            if chapter.kind == "routes":
                thumbs += [[it.it.code, it.it.colour] for it in self.toolbox.aspects.values()]
            elif chapter.kind == "dimensions":
                thumbs += [[str(it.dimension.number), it.dimension.colour] for it in self._list_cards()]
            elif isinstance(chapter, Chapter) and chapter.tab:
                thumbs.append([chapter.tab, chapter.colour or self.booklet.colour])
        return thumbs

    def _plan_framework(self) -> list[Part]:
        if self.framework is None or self.toolbox.framework is None or not self.booklet.has("standing", "routes"):
            return []
        data: dict[str, Any] = {
            "phases": [{"slug": slug, **it.model_dump()} for slug, it in self.framework.phases.items()],
            "layers": [],
        }
        origins: dict[FieldPath, Origin] = {("phases",): Origin(self.toolbox.framework.source, ("phases",), whole=True)}
        for place, slug in enumerate(self.framework.phases):
            origins["phases", place] = self._locate_framework("phases", slug)
        if self.booklet.has("routes"):
            data["layers"] = [{"slug": slug, **it.model_dump()} for slug, it in self.framework.layers.items()]
            for place, slug in enumerate(self.framework.layers):
                origins["layers", place] = self._locate_framework("layers", slug)
        origins["layers",] = Origin(self.toolbox.framework.source, ("layers",), whole=True)
        return [Part(self.toolbox.framework.source.name, data, origins)]

    def _locate_framework(self, *path: str) -> Origin:
        filed = self.toolbox.framework
        return Origin(filed.source, path) if filed else Origin(self.toolbox.settings_source)

    def _choose_words(self, parts: list[Part]) -> dict[str, str]:
        """Return the words that these chapters show, so that another one makes no booklet anew."""
        has, screen = self.booklet.has, self.medium == "screen"
        timed = any(block.kind == "programme" for _, block in self.booklet.list_blocks())
        used = {
            "page": has("routes", "standing", "instruments"),
            "booklet": has("routes"),
            "card": has("routes", "aspects"),
            "loose": has("routes"),
            "instrument": has("routes"),
            "named_on": has("routes") and has("instruments"),
            "recognise": has("routes"),
            "act": has("routes"),
            "back": has("routes"),
            "added": True,
            **dict.fromkeys(("dimension", "description", "challenges", "why", "further"), has("dimensions")),
            "minutes": timed,
            "total": timed,
            "circle_alt": screen and has("aspects", "routes", "dimensions"),
            "code_alt": screen and any(list_urls(part.data) for part in parts),
        }
        words: dict[str, str] = self.words.model_dump(include={key for key, is_used in used.items() if is_used})
        return words
