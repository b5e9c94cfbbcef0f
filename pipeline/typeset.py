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
from pipeline.kinds.document import Document, Origin
from pipeline.qr import plan_code
from pipeline.units import mm, points

# Less than this is rounding, not text that stands out of its zone: a tenth of a point.
SLACK = 0.1
MODULE_MIN = points(0.4)  # of a QR code on paper; design section 7
_LINE = 12.0  # points; a line of body text, to say in a hint how much to take out


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


def typeset(document: Document, typesetter: Typesetter) -> tuple[bytes, list[Finding]]:
    """Set one document.

    Returns:
        The PDF, and a finding for each text that does not fit its zone.

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
    return pdf, _list_misfits(zones, document)


def gather_files(document: Document, typesetter: Typesetter) -> dict[str, bytes]:
    """Return all that the layout may read, by name; `main.typ` is the layout itself."""
    codes = {url: plan_code(url) for _, url in document.expects.codes}
    return {
        **typesetter.layouts,
        "main.typ": typesetter.layouts[document.layout],
        "data.json": _dump(document.data),
        "codes.json": _dump(codes),
    }


def _list_misfits(zones: list[dict[str, Any]], document: Document) -> list[Finding]:
    """Return one finding per text that does not fit, also when it stands on both sides of a card."""
    sides: dict[tuple[Origin, str, str, str], list[str]] = {}
    for zone in zones:
        unknown = Origin(f"layouts/{document.layout}", zone["field"])
        origin = document.origins.get((zone["card"], zone["field"]), unknown)
        for message, hint in _check_zone(zone):
            sides.setdefault((origin, zone["card"], message, hint), []).append(zone["side"])
    return [
        Finding(origin.place, origin.field, f"{message} (card {card}, side {' and '.join(where)})", hint)
        for (origin, card, message, hint), where in sides.items()
    ]


def _check_zone(zone: dict[str, Any]) -> list[tuple[str, str]]:
    """Return message and hint for what is wrong with one zone: too high, a word too wide, both or nothing."""
    wrong = []
    if zone["high"] > SLACK:
        lines = max(1, round(zone["high"] / _LINE))
        message = f"the text is {mm(zone['high']):.1f} mm too high for its zone"
        wrong.append((message, f"shorten it by about {lines} line{'s' if lines > 1 else ''}"))
    if zone["wide"] > SLACK:
        message = f"'{zone['word']}' is {mm(zone['wide']):.1f} mm too wide for its column"
        hint = "use a shorter word, or write \\u00AD where it may break and put the text between double quotes"
        wrong.append((message, hint))
    if zone.get("module", MODULE_MIN) < MODULE_MIN - SLACK / 10:
        message = (
            f"the modules of the QR code are {mm(zone['module']):.2f} mm, at least {mm(MODULE_MIN):.1f} mm can be read"
        )
        wrong.append((message, "a shorter address makes a smaller symbol"))
    return wrong


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


def _dump(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True).encode()


@cache
def load_fonts(folder: Path) -> Any:
    """Load the fonts of a folder, and no others; once per process."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
