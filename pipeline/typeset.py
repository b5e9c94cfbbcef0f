"""A job -> PDF bytes. The only importer of typst.

Everything a layout may read is handed over in memory: the layouts it names, the data, the pictures, nothing else. The
root that Typst asks for is an empty folder, so no path in a layout can reach a file.
"""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.document import ON_PRESS, Job
from pipeline.errors import ContentError, Finding, LayoutError, StorageError
from pipeline.fit import Laid, read_laid
from pipeline.qr import plan_code
from pipeline.shop import Shop, name_folder
from pipeline.storage import named_errors

_PACKAGE = re.compile(rb'"(@[^"\n]+/[^"\n]+:[^"\n]+)"')
_NAMED = re.compile(rb'"([^"\n]+)"')


@dataclass(frozen=True)
class Typesetter:
    """What all documents of one build share.

    Attributes:
        layouts: name below `layouts/` -> text of the file.
        fonts: name below `assets/fonts/` -> file; no other font can be used.
        timestamp: seconds since 1970, for the dates in the metadata.
        profile: ICC profile of the press.
        shop: whose press it is.
        scratch: a folder with `fonts/`, copies of the font files, and `root/`, which is empty; see `prepare`.
    """

    layouts: dict[str, bytes]
    fonts: dict[str, Path]
    timestamp: int
    scratch: Path = Path()
    profile: Path = Path()
    shop: Shop = field(default_factory=Shop)

    @property
    def folder(self) -> str:
        """Where files are published, as findings name it: `build`, or `build/shops/NAME`."""
        return name_folder(self.shop.name)

    def prepare(self, scratch: Path) -> Typesetter:
        """Return the same with its folders made in `scratch`, for this process and those it starts.

        Typst takes folders of fonts, and a project may replace one file of the package's: so copies.
        """
        (scratch / "root").mkdir(parents=True)
        (scratch / "fonts").mkdir()
        for number, path in enumerate(self.fonts.values()):
            shutil.copyfile(path, scratch / "fonts" / f"{number:03}{path.suffix.lower()}")
        return replace(self, scratch=scratch)

    def reach(self, layout: str) -> dict[str, bytes]:
        """Return the layout and every file that it names, or that one of those names, in a string.

        Typst does not say which files it read. It gets no others than these, so none can change the page unseen; a
        name that a layout puts together from pieces is a file that is not there.
        """
        found: dict[str, bytes] = {}
        waiting = [layout]
        while waiting:
            name = waiting.pop()
            if name in found or name not in self.layouts:
                continue
            found[name] = self.layouts[name]
            for match in _NAMED.findall(found[name]):
                text = match.decode("utf-8", "replace")
                waiting.append(posixpath.normpath(posixpath.join("/", posixpath.dirname(name), text))[1:])
        return dict(sorted(found.items()))


def typeset(job: Job, typesetter: Typesetter) -> tuple[bytes, Laid]:
    """Set one document.

    Returns:
        The PDF, and what the layout says of it.

    Raises:
        LayoutError: Typst stopped, or warned: a warning (a font that is missing, say) is wrong on paper.
    """
    import typst

    with named_errors(typesetter.scratch):  # somebody may take build/ away meanwhile
        fonts = load_fonts(typesetter.scratch / "fonts")
    world: dict[str, Any] = {
        "input": gather_files(job, typesetter),
        "root": str(typesetter.scratch / "root"),
        "font_paths": fonts,
        "ignore_system_fonts": True,
        "package_path": str(typesetter.scratch / "root"),
    }
    tagged = job.expects.medium not in ON_PRESS
    try:
        pdf, warnings = typst.compile_with_warnings(
            **world,
            format="pdf",
            timestamp=typesetter.timestamp,
            pdf_standards=["ua-1"] if tagged else [],
            pdf_tags=tagged,
        )
        zones = json.loads(typst.query(**world, selector="<zone>", field="value"))
    except typst.TypstError as error:
        raise blame_work(error, job) or _explain(error, job.layout) from None
    except OSError as error:
        raise StorageError(findings=[Finding(str(typesetter.scratch), "", f"cannot be read: {error}", _GONE)]) from None
    except RuntimeError as error:  # a layout that is no text, say
        raise LayoutError(findings=[Finding(f"layouts/{job.layout}", "", str(error), _LAYOUT_HINT)]) from None
    if warnings:
        raise _explain(warnings[0], job.layout)
    try:
        return pdf, read_laid(zones)
    except ValueError as error:
        raise LayoutError(findings=[Finding(f"layouts/{job.layout}", "", str(error), _LAYOUT_HINT)]) from None


def gather_files(job: Job, typesetter: Typesetter) -> dict[str, bytes]:
    """Return all that the layout may read, by name; `main.typ` is the layout itself."""
    codes = {url: plan_code(url) for _, url in job.expects.codes}
    reached = typesetter.reach(job.layout)
    for name, text in reached.items():
        if package := _PACKAGE.search(text):
            what = f"the package '{package[1].decode('utf-8', 'replace')}' lies outside the project"
            raise LayoutError(findings=[Finding(f"layouts/{name}", "", what, "copy its files into layouts/")])
    return {
        **reached,
        "main.typ": typesetter.layouts[job.layout],
        "data.json": job.data,
        "codes.json": json.dumps(codes).encode(),
        **_load_pictures(job, typesetter),
    }


def _load_pictures(job: Job, typesetter: Typesetter) -> dict[str, bytes]:
    if not job.pictures:
        return {}
    from pipeline.pictures import load_picture  # Pillow: only where there are pictures

    return {it.name: load_picture(it, job.expects.medium, typesetter.profile) for it in job.pictures}


_GONE = "was the folder taken away meanwhile? run it again"
_LAYOUT_HINT = "see layouts/README.md"
_FONT_HINT = "a font that is named has to be in assets/fonts"
_FILE_HINT = "a layout reads files of layouts/ only, each named whole in one string"


_WORK = re.compile(r"failed to parse YAML \((.*?)(?: at \d+:\d+)?\)$", re.S)
_NOISE = re.compile(r", expected one of .*| at line \d+ column \d+", re.S)
_SHAPE = re.compile(r"data did not match any variant of untagged enum \w+")  # of Rust, about a value of several kinds


def blame_work(error: Any, job: Job) -> ContentError | None:
    """Return a finding on the work that Typst cannot read; None where it stopped for another reason.

    Its field is the id of the item and the path in it, for `place_findings`.
    """
    found = _WORK.search(error.message)
    keys = [work["id"] for work in json.loads(job.data).get("works", ())] if found else []
    told = found[1] if found else ""
    named = sorted((key for key in keys if told.startswith((f"{key}.", f"{key}:"))), key=len)  # a key may hold both
    if not named:
        return None
    field, _, message = told[len(named[-1]) :].partition(": ")
    path = ".".join(("entry", *re.findall(r"[^.\[\]]+", field)))
    message = _SHAPE.sub(
        "a value (of parent, numbers or pages) has not the form that is expected", _NOISE.sub("", message)
    )
    hint = "see the keys of github.com/typst/hayagriva, or take it out"
    return ContentError(findings=[Finding("", f"{named[-1]}/{path}", f"no work that Typst can read: {message}", hint)])


def _explain(error: Any, layout: str) -> LayoutError:
    """Turn an error or a warning of Typst into one finding at the layout."""
    place = f"layouts/{layout}"
    _, error_mark, after = error.diagnostic.partition("error: ")  # warnings stand before the error
    for line in (after if error_mark else error.diagnostic).splitlines():  # '  ┌─ lib/zone.typ:12:4'
        _, arrow, found = line.partition("┌─ ")
        if arrow:
            inside = found.strip().rpartition("/root/")[2]
            place = f"layouts/{inside.replace('main.typ', layout)}"
            break
    message, hint = error.message, "; ".join(error.hints) or _LAYOUT_HINT
    if "font" in message:
        hint = _FONT_HINT
    elif "file not found" in message:  # Typst names the folder it looked in, which is gone when this is read
        message, hint = re.sub(r"\(searched at .*?\)", "", message).strip(), _FILE_HINT
    return LayoutError(findings=[Finding(place, "", message, hint)])


@lru_cache(maxsize=1)
def load_fonts(folder: Path) -> Any:
    """Load the fonts of a folder, and no others; once per build and process."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def warm_up() -> None:
    """Import Typst, in a process that will need it soon."""
    import typst

    del typst
