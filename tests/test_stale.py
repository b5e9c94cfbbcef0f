"""What makes which document anew, and what is said about it.

The heart is one test over every field of the default content: it is changed, and the documents that would be made again
are compared with the documents that really come out of Typst as other bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.build import Options, build
from pipeline.content.parse import read_source
from pipeline.content.read import read_toolbox
from pipeline.content.source import FieldPath, write_path
from pipeline.content.toolbox import Toolbox
from pipeline.errors import AssetError, ContentError, LayoutError
from pipeline.pdf.forms import make_fillable
from pipeline.plan import Plan, make_plan
from pipeline.resources import PACKAGED
from pipeline.status import read_status
from pipeline.typeset import Typesetter, gather_files, typeset
from tests.conftest import WERKSTATT, Run, edit, keep_cards

CONTENT = PACKAGED / "content"
CARD = "content/karten/04-sprache.yml"
DEFAULT_COLOURS = tuple(re.findall(r"^  ([a-z]+): \{", (CONTENT / "theme.yml").read_text("utf-8"), re.M))
LIBRARY = WERKSTATT.parent / "library"
# As that of the school; as the third and fifth dimension; as the first of their folder.
ALIKE = (
    *(f"dimensions/{name}.yml" for name in (
        "1-visie-en-ambitie", "2-professioneel-leren", "4-feedback-en-gegevens", "6-onderzoekscultuur", "7-gespreid-leiderschap",
        "8-structuur-en-beleid",
    )),
    "forms/analyseformulier-bestuur.yml", "cards/2-feedback.yml", "cards/3-small-trials.yml", "cards/4-neighbourhood.yml",
    "aspects/partnerships.yml", "aspects/speaking-up.yml", "instruments/t2-three-questions-at-the-desk.yml",
    "instruments/t4-neighbourhood-walk.yml",
)  # fmt: skip


def list_files(project: Path) -> list[str]:
    content = project / "content"
    return sorted(path.relative_to(content).as_posix() for path in content.rglob("*.yml"))


# Cards and forms are tried in the default content, without what is made from the framework; that in the library's.
FRAMED = ("aspects/", "booklets/", "instruments/", "framework.yml", "glossary.yml")
FILES = [(PACKAGED, name) for name in list_files(PACKAGED) if not name.startswith(FRAMED)]
FILES += [(LIBRARY, name) for name in list_files(LIBRARY) if not name.startswith(("theme", "cards/2", "cards/3"))]


# ------------------------------------------------------------------------------------------ every field


def swap_letters(text: str) -> str:
    """Change one word of a text, as wide as before."""
    words = text.split(" ")
    if all("{" in word for word in words):
        return text + "a"
    index = max(range(len(words)), key=lambda it: 0 if "{" in words[it] else sum(map(str.isalpha, words[it])))
    word = words[index]
    place = next((i for i in range(1, len(word) - 1) if word[i : i + 2].isalpha() and word[i] != word[i + 1]), None)
    if place is None:
        return text + "a"
    words[index] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return " ".join(words)


# Last key of a field -> another value that is valid there. What is not named here is a text.
OTHERS: dict[str, Callable[[str], str]] = {
    "number": lambda text: f"1{text}",
    "colour": lambda text: "kobalt" if text in DEFAULT_COLOURS else "plum",
    "code": lambda text: f"{text}X",
    "language": lambda text: "de",
    "region": lambda text: "BE",
    "date": lambda text: "2026-12-24",
    "circle": lambda text: "false",
    "look": lambda text: "open" if text == "solid" else "solid",
    "screen": lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
    **{ink: lambda text: f"{float(text) - 1:g}" for ink in "cmyk"},
    "verified": lambda text: "none" if text == "doi-and-title" else "doi-and-title",
    "doi": lambda text: f"{text}1",
    "width": lambda text: "half" if text == "third" else "third" if text in ("half", "full", "two-thirds") else "5",
    "rows": lambda text: str(int(text) - 1),
    **dict.fromkeys(("required", "fixed"), lambda text: "false" if text == "true" else "true"),
    "share": lambda text: str(int(text) + 1),
    "only": lambda text: "forms" if text == "print" else "print",
    "date_format": lambda text: "dd/mm/yyyy",
    "decimal": lambda text: ".",
    "rings": lambda text: "1" if text != "1" else "3",
    "name": lambda text: text + "a",
    "start": lambda text: "08:30",
    "checked": lambda text: "2026-10-10",
    "tab": lambda text: "Z",
    **dict.fromkeys(("page", "numbered"), lambda text: "false" if text == "true" else "true"),
    "type": lambda text: "report" if text == "book" else "book" if text in ("article", "report") else text,
    "minutes": lambda text: f"1{text}" if text.isdigit() else swap_letters(text),
}
# Names of other things: another one that exists takes its place.
WORKS = {PACKAGED: ("stoll-2006", "edmondson-1999"), LIBRARY: ("akkerman-bakker-2011", "edmondson-1999")}
REFERENCES = {
    "voice": "Source Sans 3",
    "tool": "Source Serif 4",
}
# What cannot be another without other files beside it, or is no longer what it has to be: an error, so nothing is made.
FIXED = {
    "colours.black.print.k",
    "fonts.tool",
    *(f"products[{number}].name" for number in range(2, 8)),
    *(f"products[{number}].kind" for number in range(1, 8)),
    "products[1].folder",
    "subjects.folder",
    "subjects.audience",
    "cards",
}
# What is another kind of thing, names that others refer to, sums that no longer add up.
FIXED_KEYS = (
    "volume", "kind", "type", "options", "wish_of", "now_of", "each", "code", "file", "layer", "folder", "aspect", "picture", "page",
    "minutes",
)  # fmt: skip
# Names of other things in lists: another one is not there, or stands there already.
FIXED_LISTS = ("aspects", "instruments", "products", "dimensions", "cards", "works", "sources")
# These stand in the data of every document that holds the word, and move a line only where one would break in it.
EAGER = ("hyphenation",)
# These are shown only where there is room, on a right page, by their first letter, or by what stands around them; so they
# may make a document anew that looks the same.
EAGER_KEYS = ("short", "code", "author", "type")


def change_value(project: Path, path: FieldPath, text: str) -> str:
    """Return another value for a field, as far as possible one that is valid there."""
    keys = [step for step in path if isinstance(step, str)]
    if keys[0] == "hyphenation":
        return text.replace("-", "", 1) if "-" in text else f"{text[:2]}-{text[2:]}"
    if keys[-1] in ("literature", "sources", "works"):
        return next(key for key in WORKS[project] if key != text)
    if keys[-1] in REFERENCES:
        return REFERENCES[keys[-1]]
    if keys[-1] in ("dimensions", "cards") and text.isdigit():
        return "1" if text != "1" else "2"
    if keys[-1] == "instruments":
        return "T1" if text != "T1" else "T2"
    return OTHERS.get(keys[-1], swap_letters)(text)


def replace_value(data: Any, path: FieldPath, value: str) -> Any:
    """Return a copy of plain data with another value in one place."""
    if not path:
        return value
    copied = data.copy()
    copied[path[0]] = replace_value(data[path[0]], path[1:], value)
    return copied


class Truth:
    """What Typst makes of a plan: path -> hash of the PDF. Equal input is set once."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.known: dict[str, str] = {}
        self.prepared: Typesetter | None = None

    def read(self, plan: Plan) -> dict[str, str]:
        if self.prepared is None or self.prepared.fonts != plan.typesetter.fonts:
            shutil.rmtree(self.scratch, ignore_errors=True)
            self.prepared = plan.typesetter.prepare(self.scratch)
        scratch = self.prepared.scratch
        found = {}
        for document in plan.documents:
            if document.order:  # made from another document, not set from content
                continue
            job = document.job()
            files = gather_files(job, plan.typesetter)
            fonts = repr(sorted(plan.typesetter.fonts))
            inputs = [repr(sorted(files.items())), repr(plan.typesetter.timestamp), fonts, repr(job.fillable)]
            key = hashlib.sha256("\n".join(inputs).encode()).hexdigest()
            if key not in self.known:
                pdf, _ = typeset(job, replace(plan.typesetter, scratch=scratch))
                if job.fillable:
                    pdf = make_fillable(pdf, job.fillable.definition, job.fillable.words)
                self.known[key] = hashlib.sha256(pdf).hexdigest()
            found[document.path] = self.known[key]
        return found


def choose_step(project: Path, name: str) -> int:
    """Return which fields are tried: all, but of files that are long or like others every few."""
    if project == LIBRARY:
        long = {"toolbox.yml": 17, "literature.yml": 9, "framework.yml": 7, "booklets/reader.yml": 19}
        return long.get(name, 6 if name.startswith("instruments/") else 17)
    if name.startswith("dimensions/"):
        return 3 if "/3-" in name else 11
    return {"literature.yml": 12, "toolbox.yml": 7, "theme.yml": 5, "forms/actieplan.yml": 1}.get(name, 5)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """One for all files: what is as before is set once."""
    return Truth(tmp_path_factory.mktemp("truth") / "scratch")


def copy_plainly(project: Path, copy: Path) -> None:
    """Copy a project as one sees it after reading: each value a text between quotes where it needs them."""
    shutil.copytree(project / "content", copy / "content", ignore=shutil.ignore_patterns("released", "schema"))
    if project == PACKAGED:
        keep_cards(copy)
    else:
        shutil.copytree(project / "assets", copy / "assets")
    for path in (copy / "content").rglob("*.yml"):
        path.write_text(dump(read_source(path, path.name).data), "utf-8")


@pytest.mark.parametrize(
    ("root", "name", "step"),
    [
        (PACKAGED, "dimensions/3-teamleren.yml", 31),  # a look at some, for the quick tests
        *(
            pytest.param(root, name, choose_step(root, name), marks=pytest.mark.slow, id=f"{root.name}-{name}")
            for root, name in FILES
            if name not in ALIKE
        ),
    ],
)
def test_every_field_makes_exactly_the_documents_that_come_out_otherwise(
    root: Path, name: str, step: int, truth: Truth, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    copy_plainly(root, project)
    source = read_source(project / "content" / name, name)
    plan = make_plan(read_toolbox(project))
    before = truth.read(plan)
    assert len(before) == 30
    wrong, fixed, total = [], set(), 0
    for path, text in list(source.texts())[::step]:
        field = write_path(path)
        if path[:2] == ("subjects", "list") and path[2] != 0:  # as the first one
            continue
        changed_data = replace_value(source.data, path, change_value(root, path, text))
        (project / "content" / name).write_text(dump(changed_data), "utf-8")
        try:
            changed = make_plan(read_toolbox(project))
        except (ContentError, AssetError):
            fixed.add(field)
            continue
        total += 1
        sheets = {it.path for it in changed.documents if it.order}  # follow from the print files
        planned = {it for it in changed.recipes.keys() - sheets if changed.recipes[it] != plan.recipes.get(it)}
        after = truth.read(changed)
        really = {it for it in after if after[it] != before.get(it)}
        eager = field.startswith(EAGER) or field.rpartition(".")[2].partition("[")[0] in EAGER_KEYS
        if planned != really and not (eager and planned >= really):
            wrong.append((field, sorted(planned - really), sorted(really - planned)))
    assert wrong == [], "field, made without need, not made"
    numbered = {"number"} if root == LIBRARY else set()  # aspects name it
    unexpected = {it for it in fixed - FIXED - numbered if not is_fixed(it)}
    assert unexpected == set(), "fields that this test could not change"
    assert total > 1


def is_fixed(field: str) -> bool:
    """Say whether a field cannot be another one by itself."""
    last = field.rpartition(".")[2]
    return last in FIXED_KEYS or last.partition("[")[0] in FIXED_LISTS


def dump(data: Any) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)


# ------------------------------------------------------------------------------------------ reasons


def reasons(project: Path) -> dict[str, list[str]]:
    """Path -> why it would be made again."""
    return read_status(project).stale


@pytest.fixture
def built(german_project: Path, tmp_path: Path) -> Path:
    """A copy of the German project, built."""
    return Path(shutil.copytree(german_project, tmp_path / "built"))


def test_before_the_first_build_nothing_is_made(werkstatt: Path) -> None:
    assert set(map(tuple, reasons(werkstatt).values())) == {("not made yet",)}
    assert len(reasons(werkstatt)) == 12
    assert not (werkstatt / "build").exists(), "asking makes nothing"


def test_a_changed_text_is_named_with_its_file_and_field(built: Path) -> None:
    edit(built / CARD, "Fangt mit der kleinsten", "Fangt mit einer kleinen")
    found = reasons(built)
    assert sorted(found) == [
        "print/werkstattkarten.pdf",
        "print/werkstattkarten/04-sprache.pdf",
        "screen/werkstattkarten.pdf",
        "screen/werkstattkarten/04-sprache.pdf",
    ]
    assert set(map(tuple, found.values())) == {(f"{CARD}: team.suggestions[1] changed",)}


def test_several_changes_are_all_named(built: Path) -> None:
    edit(built / CARD, "core: ", "core: Ja, ")
    edit(built / "content/toolbox.yml", "description: Worum es geht", "description: Worum geht es")
    edit(built / "content/toolbox.yml", "edition: Erste", "edition: Zweite")
    assert reasons(built)["screen/werkstattkarten.pdf"] == [
        "content/toolbox.yml: edition changed",
        "content/toolbox.yml: products[1].labels.description changed",
        f"{CARD}: core changed",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "reason", "count"),
    [
        ("toolbox.yml", "date: 2026-03-02", "date: 2026-04-02", "the date changed, 2026-03-02 -> 2026-04-02", 12),
        ("toolbox.yml", "base: lernen.example", "base: lern.example", "content/toolbox.yml: links.base changed", 12),
        ("toolbox.yml", "language: de", "language: en", "content/toolbox.yml: language changed", 12),
        ("toolbox.yml", "turn: 'Umdrehen: das", "turn: 'Dreh um: das", "content/toolbox.yml: products[1].sides.leitung.labels.turn changed", 12),
        ("toolbox.yml", "code_alt: QR-Code zu", "code_alt: Code zu", "content/toolbox.yml: products[1].labels.code_alt changed", 6),
        ("karten/07-zeit.yml", "number: 7", "number: 8", "content/karten/07-zeit.yml: number changed", 4),
        ("theme.yml", "voice: Source Sans 3", "voice: Source Serif 4", "content/theme.yml: fonts.voice changed", 12),
    ],
)  # fmt: skip
def test_a_change_is_told_in_the_words_of_the_file(
    file: str, old: str, new: str, reason: str, count: int, built: Path
) -> None:
    edit(built / "content" / file, old, new)
    found = reasons(built)
    assert len(found) == count
    assert all(reason in told for told in found.values())


def test_sides_in_another_order_are_told(built: Path) -> None:
    path = built / "content/toolbox.yml"
    text = path.read_text("utf-8")
    head, rest = text.split("      leitung:\n")
    first, rest = rest.split("      team:\n")
    second, rest = rest.split("    labels:\n      card")
    path.write_text(f"{head}      team:\n{second}      leitung:\n{first}    labels:\n      card{rest}", "utf-8")
    assert set(map(tuple, reasons(built).values())) == {("content/toolbox.yml: products[1].sides changed",)}
    assert len(build(built, Options(jobs=1)).published) == 12


def test_a_card_that_comes_goes_or_is_renamed_is_told_at_the_deck(built: Path) -> None:
    (built / "content/karten/04-sprache.yml").rename(built / "content/karten/05-sprache.yml")
    status = read_status(built)
    assert status.stale["print/werkstattkarten/05-sprache.pdf"] == ["not made yet"]
    assert status.stale["print/werkstattkarten.pdf"] == ["content/karten/05-sprache.yml is new", f"{CARD} is gone"]
    assert status.removed == ["print/werkstattkarten/04-sprache.pdf", "screen/werkstattkarten/04-sprache.pdf"]


def test_a_work_that_is_corrected_and_one_that_is_chosen_are_told_apart(tmp_path: Path) -> None:
    shutil.copytree(CONTENT, tmp_path / "content")
    build(tmp_path, Options(jobs=1, products=("spiegelkaarten",), media=("print",))).require_success()
    edit(tmp_path / "content/literature.yml", "10.1016/j.edurev.2015.04.002", "10.1016/j.edurev.2015.04.003")
    card = "print/spiegelkaarten/3-teamleren.pdf"
    told = [it for it in reasons(tmp_path)[card] if it != "not made yet"]
    assert told == ["content/literature.yml: vangrieken-2015.serial-number.doi changed"]
    edit(tmp_path / "content/dimensions/3-teamleren.yml", "  - vangrieken-2015\n", "")
    assert reasons(tmp_path)[card] == ["content/dimensions/3-teamleren.yml: literature changed"]


def test_layouts_fonts_and_the_logo_are_told_by_their_files(built: Path) -> None:
    (built / "layouts/lib").mkdir(parents=True)
    ink = (PACKAGED / "layouts/lib/ink.typ").read_text("utf-8")
    (built / "layouts/lib/ink.typ").write_text(ink + "// changed", "utf-8")
    edit(built / "assets/logo.svg", "<path", "<path ")
    assert set(map(tuple, reasons(built).values())) == {("layouts/lib/ink.typ changed",)}, "the logo looks the same"
    edit(built / "assets/logo.svg", 'viewBox="0 0 60 20"', 'viewBox="0 0 60 21"')
    fonts = built / "assets/fonts"
    fonts.mkdir()
    shutil.copyfile(PACKAGED / "assets/fonts/SourceSans3_400Regular.ttf", fonts / "Other.ttf")
    assert set(map(tuple, reasons(built).values())) == {
        ("layouts/lib/ink.typ changed", "assets/fonts/Other.ttf is new", "assets/logo.svg changed")
    }


def test_another_version_of_a_tool_is_told_with_both(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.metadata

    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "9.0" if name == "typst" else real(name))
    monkeypatch.setattr("pipeline.snapshot._list_installed", lambda: ("typst-9.0.dist-info",))
    assert set(map(tuple, reasons(built).values())) == {(f"typst {real('typst')} -> 9.0",)}
    monkeypatch.setattr("pipeline.plan.hash_code", lambda: "other")
    assert "drukwerk's own code changed" in reasons(built)["print/werkstattkarten.pdf"]


def test_a_file_that_was_edited_and_one_that_is_gone_are_told_apart(built: Path) -> None:
    (built / "build/print/werkstattkarten.pdf").write_bytes(b"scribble")
    (built / "build/screen/werkstattkarten.pdf").unlink()
    assert reasons(built) == {
        "screen/werkstattkarten.pdf": ["the file is gone"],
        "print/werkstattkarten.pdf": ["the file was changed by somebody else"],
    }


def test_without_the_texts_a_reason_names_the_file_only(built: Path) -> None:
    (built / "build/.texts.json").write_text("[")
    edit(built / CARD, "core: ", "core: Ja, ")
    assert reasons(built)["print/werkstattkarten.pdf"] == [f"{CARD} changed"]


def test_a_document_that_failed_stays_stale_with_its_reason(built: Path) -> None:
    edit(built / CARD, "Fangt mit", "x" * 90 + " ")
    expected = reasons(built)
    build(built, Options(jobs=1))
    assert reasons(built) == expected
    assert [f"{CARD}: team.suggestions[1] changed"] in expected.values()


# ------------------------------------------------------------------------------------------ touched, not changed


def walk(project: Path) -> Iterator[Path]:
    return (path for path in project.rglob("*") if path.is_file() and "build" not in path.parts)


@pytest.mark.parametrize("moment", [0, 2_000_000_000, 4_000_000_000], ids=["1970", "2033", "2096"])
def test_times_do_not_count(moment: int, built: Path) -> None:
    import os

    for path in [*walk(built), *(built / "build").rglob("*.pdf")]:
        os.utime(path, (moment, moment))
    assert reasons(built) == {}
    assert build(built, Options(jobs=1)).published == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Verst", "title:   Verst"),
        ("title: Verst", "# a comment\ntitle: Verst"),
        ("short: Verst", "short: Anders"),
    ],
    ids=["spaces", "comment", "not on the card"],
)
def test_what_changes_no_page_makes_no_page(old: str, new: str, built: Path) -> None:
    edit(built / CARD, old, new)
    assert reasons(built) == {}
    assert build(built, Options(jobs=1)).published == []
    assert read_status(built).current, "and the next time it is known at once"


def test_an_unchanged_project_is_answered_without_reading_it(
    built: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    def explode(*args: object) -> None:
        raise AssertionError("the content was read")

    monkeypatch.setattr("pipeline.content.read.read_toolbox", explode)
    assert run("build", "-p", built).stderr == "12 files up to date\n"
    assert run("build", "-p", built, "--medium", "print").stderr == "6 files up to date\n"
    assert run("status", "-p", built).stderr == "12 files up to date\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda project: (project / "content/note.txt").write_text("x"),
        lambda project: edit(project / "assets/logo.svg", "<path", "<path "),
        lambda project: (project / "layouts").mkdir() or (project / "layouts/x.typ").write_text("// x"),
        lambda project: (project / "build/.staging-x").mkdir(),
        lambda project: (project / "build/screen/werkstattkarten.pdf").write_bytes(b"x"),
    ],
    ids=["a file that is not read", "the logo", "a layout", "a leftover", "an output"],
)
def test_whatever_changed_the_project_is_read_again(
    change: Callable[[Path], object], built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.content import read

    calls = []
    real = read.read_toolbox

    def count(project: Path, shop: str = "") -> Toolbox:
        calls.append(project)
        return real(project, shop)

    monkeypatch.setattr("pipeline.content.read.read_toolbox", count)
    change(built)
    build(built, Options(jobs=1)).require_success()
    assert len(calls) == 1


def test_warnings_are_said_again_when_nothing_changed(werkstatt: Path, run: Run) -> None:
    edit(werkstatt / "content/toolbox.yml", "language: de", "language: nl")
    first = run("build", "-p", werkstatt, "-j", 1)
    assert "warning: " in first.stderr
    warned = [line for line in first.stderr.splitlines() if "warning" in line]
    again = run("build", "-p", werkstatt)
    assert [line for line in again.stderr.splitlines() if "warning" in line] == warned
    assert run("build", "-p", werkstatt, "--strict").exit_code == 3


def test_status_prints_each_file_with_its_reasons(built: Path, run: Run) -> None:
    edit(built / CARD, "core: ", "core: Ja, ")
    (built / "content/karten/12-maschinen.yml").unlink()
    out = run("status", "-p", built)
    assert out.exit_code == 0
    assert f"build/print/werkstattkarten/04-sprache.pdf\n  {CARD}: core changed\n" in out.stdout
    gone = "build/print/werkstattkarten/12-maschinen.pdf\n  no longer in the content: it would be removed\n"
    assert gone in out.stdout
    assert out.stderr == "6 files up to date\n"


def test_pages_that_were_looked_at_are_not_looked_at_again(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.pdf import inspect

    looked: list[int] = []
    real = inspect._read_page

    def look(number: int, page: Any) -> inspect.PageFacts:
        looked.append(number)
        return real(number, page)

    monkeypatch.setattr(inspect, "_read_page", look)
    edit(built / CARD, "Fangt mit der", "Fangt der mit")
    build(built, Options(jobs=1, products=("werkstattkarten",), media=("print",))).require_success()
    assert looked == [5, 1], "of ten pages of the deck the team's side of this card, and of the card by itself"
    looked.clear()
    build(built, Options(jobs=1, media=("print",), force=True)).require_success()
    assert len(looked) == 20, "forced, all are looked at"


# ------------------------------------------------------------------------------------------ what hides


def test_a_card_in_a_hidden_folder_that_a_link_leads_to_is_looked_at(werkstatt: Path) -> None:
    (werkstatt / "content/karten").rename(werkstatt / "content/.real")
    (werkstatt / "content/karten").symlink_to(".real")
    build(werkstatt, Options(jobs=1)).require_success()
    edit(werkstatt / "content/.real/04-sprache.yml", "Fangt mit der", "Beginnt mit der")
    assert len(reasons(werkstatt)) == 4


def test_a_file_that_became_a_link_to_outside_is_refused_though_it_says_the_same(built: Path, tmp_path: Path) -> None:
    for name in ("content/theme.yml", "assets/logo.svg"):
        kept = (built / name).read_bytes()
        outside = tmp_path / Path(name).name
        (built / name).rename(outside)
        (built / name).symlink_to(outside)
        with pytest.raises((ContentError, AssetError), match=r"outside|out of the project"):
            build(built, Options(jobs=1))
        (built / name).unlink()
        (built / name).write_bytes(kept)


def test_a_link_within_the_content_that_comes_to_lead_out_of_it_is_refused_too(built: Path, tmp_path: Path) -> None:
    card, other = built / CARD, built / "content/bewaard"
    other.mkdir()
    card.rename(other / "sprache.yml")
    card.symlink_to("../bewaard/sprache.yml")
    build(built, Options(jobs=1)).require_success()
    shutil.copytree(other, tmp_path / "outside")
    card.unlink()
    card.symlink_to(tmp_path / "outside/sprache.yml")
    with pytest.raises(ContentError, match="a link that leads out of the project"):
        build(built, Options(jobs=1))


def test_texts_that_somebody_changed_do_not_hide_that_a_document_is_stale(built: Path) -> None:
    """The texts explain; they never decide."""
    edit(built / CARD, "core: 'Wir", "core: 'Ja, wir")
    (plan,) = [
        it for it in make_plan(read_toolbox(built)).documents if it.path == "print/werkstattkarten/04-sprache.pdf"
    ]
    path = built / "build/.texts.json"
    texts = json.loads(path.read_text("utf-8"))
    now = json.loads(plan.parts[-1].json)
    path.write_text(
        json.dumps({digest: now if data.get("id") == now["id"] else data for digest, data in texts.items()})
    )
    assert reasons(built)[plan.path] == ["what it is made from changed"]


@pytest.mark.parametrize("package", ["@local/foo:1.0.0", "@preview/cetz:0.1.0"])
def test_a_layout_cannot_read_packages_from_elsewhere(package: str, werkstatt: Path) -> None:
    layout = werkstatt / "layouts/lib/signs.typ"
    layout.parent.mkdir(parents=True)
    layout.write_text(f'#import "{package}": x\n')
    with pytest.raises(LayoutError, match=rf"layouts/lib/signs.typ: the package '{package}' lies outside the project"):
        build(werkstatt, Options(jobs=1)).require_success()


def test_a_consequence_is_not_told_beside_its_cause(built: Path) -> None:
    edit(built / CARD, "colour: beere", "colour: schiefer")
    assert reasons(built)["print/werkstattkarten/04-sprache.pdf"] == [f"{CARD}: colour changed"]


def test_another_format_is_told_where_the_deck_names_it(built: Path) -> None:
    edit(built / "content/toolbox.yml", "circle: false", "circle: false\n    format: a5-portrait")
    assert reasons(built)["print/werkstattkarten/04-sprache.pdf"] == ["content/toolbox.yml: products[1].format changed"]


def test_an_ink_is_told_by_its_name(built: Path) -> None:
    edit(built / "content/theme.yml", "k: 60", "k: 61")
    told = {reason for found in reasons(built).values() for reason in found}
    assert told == {"content/theme.yml: colours.schiefer.print.k changed"}
