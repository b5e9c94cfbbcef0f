"""A chapter of a booklet -> its data: texts of one form, addresses planned, the name of the layer filled in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.content.booklets import (
    AnyChapter,
    Booklet,
    Chapter,
    MediaBlock,
    PortraitBlock,
    ReadBlock,
    ReadingBlock,
    TermsBlock,
    WorksBlock,
)
from pipeline.content.pictures import PlacedPicture
from pipeline.content.source import FieldPath
from pipeline.content.toolbox import Filed
from pipeline.document import Origin, Part
from pipeline.kinds.common import plan_media

LAYER = "{layer}"
ENTRY = ("what", "publisher", "text")  # what an entry shows beside title and address


def plan_chapter(filed: Filed[Booklet], index: int, layer: str, pictures: Mapping[str, PlacedPicture]) -> Part:
    """Return what one chapter shows of its own, under the keys of its place in the file.

    Args:
        filed: the booklet.
        index: of the chapter.
        layer: the name that stands where the text says `{layer}`.
        pictures: path as written -> photograph in its box.
    """
    chapter, path = filed.it.chapters[index], ("chapters", index)
    data = chapter.model_dump(exclude={"blocks", "works"})
    data["id"] = f"chapter {index + 1}"  # with a space, so that no file has this name
    origins: dict[FieldPath, Origin] = {(): Origin(filed.source, path)}
    if isinstance(chapter, Chapter):
        data |= {"short": chapter.short or chapter.title, "tab": chapter.tab or ""}
        data["colour"] = chapter.colour or filed.it.colour
        if chapter.colour is None:
            origins["colour",] = Origin(filed.source, ("colour",))
        if chapter.short is None:
            origins["short",] = Origin(filed.source, (*path, "title"))
    blocks = getattr(chapter, "blocks", ())
    if blocks:
        data["blocks"] = [_plan_block(block, pictures) for block in blocks]
    for number, block in enumerate(blocks):
        if isinstance(block, TermsBlock):  # written as a mapping, shown as a list
            for row, term in enumerate(block.terms):
                written: FieldPath = (*path, "blocks", number, "terms", term)
                origins["blocks", number, "terms", row] = Origin(filed.source, written, whole=True)
    name = f"{filed.source.name}, chapter {index + 1}"
    filled: dict[str, Any] = fill_layer(data, layer)
    return Part(name, filled, origins, list="chapters")


def fill_layer(data: Any, layer: str) -> Any:
    """Return planned data with the name of the layer wherever its texts ask for it."""
    if isinstance(data, str):
        return data.replace(LAYER, layer)
    if isinstance(data, dict):
        return {key: fill_layer(value, layer) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [fill_layer(value, layer) for value in data]
    return data


def _plan_block(block: ReadBlock, pictures: Mapping[str, PlacedPicture]) -> dict[str, Any]:
    data = block.model_dump()
    if isinstance(block, ReadingBlock):
        data["paragraphs"] = [
            {"text": it, "sources": []} if isinstance(it, str) else it.model_dump() for it in block.paragraphs
        ]
    elif isinstance(block, TermsBlock):
        data["terms"] = list(block.terms.items())
    elif isinstance(block, MediaBlock):
        data["items"] = [plan_media(it, *ENTRY) for it in block.items]
    elif isinstance(block, PortraitBlock):
        data |= {"picture": f"/{pictures[block.picture].name}", "media": plan_media(block.media, *ENTRY)}
    return data


def list_works(chapter: AnyChapter) -> list[str]:
    """Return the works that a chapter cites, shows or asks for, in the order of the text."""
    keys = list(getattr(chapter, "works", ()))
    for block in getattr(chapter, "blocks", ()):
        if isinstance(block, WorksBlock):
            keys += block.works
        elif isinstance(block, ReadingBlock):
            keys += [key for it in block.paragraphs if not isinstance(it, str) for key in it.sources]
    return list(dict.fromkeys(keys))


def list_shown_works(chapter: AnyChapter) -> list[str]:
    """Return the works that a chapter shows with their codes."""
    blocks = getattr(chapter, "blocks", ())
    return [key for block in blocks if isinstance(block, WorksBlock) for key in block.works]
