"""Document -> PDF bytes. The only importer of typst.

Everything a layout may read is handed over in memory: the layouts, the data, nothing else. The root that Typst asks
for is an empty folder, so no path in a layout can reach a file.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import Finding, LayoutError
from pipeline.fit import Zone, read_zone
from pipeline.kinds.document import Document
from pipeline.qr import plan_code


@dataclass(frozen=True)
class Typesetter:
    """What all documents of one build share.

    Attributes:
        layouts: name below `layouts/` -> text of the file.
        fonts: font files; no other font can be used.
        timestamp: seconds since 1970, for the dates in the metadata.
        scratch: a folder with `fonts/`, copies of the font files, and `root/`, which is empty; see `prepare`.
    """

    layouts: dict[str, bytes]
    fonts: tuple[Path, ...]
    timestamp: int
    scratch: Path = Path()

    def prepare(self, scratch: Path) -> Typesetter:
        """Return the same with its folders made in `scratch`, for this process and those it starts.

        Typst takes folders of fonts, and a project may replace one file of the package's: so copies.
        """
        (scratch / "root").mkdir(parents=True)
        (scratch / "fonts").mkdir()
        for number, path in enumerate(self.fonts):
            shutil.copyfile(path, scratch / "fonts" / f"{number:03}{path.suffix.lower()}")
        return replace(self, scratch=scratch)


def typeset(document: Document, typesetter: Typesetter) -> tuple[bytes, list[Zone]]:
    """Set one document.

    Returns:
        The PDF, and its zones for `check_fit`.

    Raises:
        LayoutError: Typst stopped, or warned: a warning (a font that is missing, say) is wrong on paper.
    """
    import typst

    world: dict[str, Any] = {
        "input": gather_files(document, typesetter),
        "root": str(typesetter.scratch / "root"),
        "font_paths": load_fonts(typesetter.scratch / "fonts"),
        "ignore_system_fonts": True,
    }
    try:
        pdf, warnings = typst.compile_with_warnings(
            **world,
            format="pdf",
            timestamp=typesetter.timestamp,
            pdf_standards=["ua-1"] if document.medium == "screen" else [],
            pdf_tags=document.medium == "screen",
        )
        zones = json.loads(typst.query(**world, selector="<zone>", field="value"))
    except typst.TypstError as error:
        raise _explain(error, document) from None
    except RuntimeError as error:  # a layout that is no text, say
        raise LayoutError(findings=[Finding(f"layouts/{document.layout}", "", str(error), _LAYOUT_HINT)]) from None
    if warnings:
        raise _explain(warnings[0], document)
    return pdf, [read_zone(zone) for zone in zones]


def gather_files(document: Document, typesetter: Typesetter) -> dict[str, bytes]:
    """Return all that the layout may read, by name; `main.typ` is the layout itself."""
    codes = {url: plan_code(url) for _, url in document.expects.codes}
    return {
        **typesetter.layouts,
        "main.typ": typesetter.layouts[document.layout],
        "data.json": document.json,
        "codes.json": json.dumps(codes).encode(),
    }


_LAYOUT_HINT = "see layouts/README.md"
_FONT_HINT = "a font that is named has to be in assets/fonts"


def _explain(error: Any, document: Document) -> LayoutError:
    """Turn an error or a warning of Typst into one finding at the layout."""
    place = f"layouts/{document.layout}"
    _, error_mark, after = error.diagnostic.partition("error: ")  # warnings stand before the error
    for line in (after if error_mark else error.diagnostic).splitlines():  # '  ┌─ lib/zone.typ:12:4'
        _, arrow, found = line.partition("┌─ ")
        if arrow:
            inside = found.strip().rpartition("/root/")[2]
            place = f"layouts/{inside.replace('main.typ', document.layout)}"
            break
    hint = "; ".join(error.hints) or (_FONT_HINT if "font" in error.message else _LAYOUT_HINT)
    return LayoutError(findings=[Finding(place, "", error.message, hint)])


@cache
def load_fonts(folder: Path) -> Any:
    """Load the fonts of a folder, and no others; once per process."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
