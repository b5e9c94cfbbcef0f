"""The finished booklets, sheets and posters, of the default toolbox and of a library in English: what a reader gets."""

# ruff: noqa: E501 - a table of cases

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from pipeline.build import Options, build
from pipeline.content.read import read_toolbox
from pipeline.pdf.inspect import inspect_pdf
from pipeline.preflight import preflight_file
from pipeline.status import read_status
from pipeline.units import mm
from tests.conftest import HERE, Run, edit
from tests.validators import failures, needs_verapdf, require_verapdf

LIBRARY = HERE / "projects" / "library"
BOOKLETS = ["werkwijzer-bestuurder", "werkwijzer-schoolleider", "werkwijzer-leraar", "verdieping", "gespreksleidraad"]
SHEET = "instrumenten/i08-datagesprek-in-vijf-stappen"
READ = [*BOOKLETS, "poster-dimensies", "instrumenten", SHEET]
LIBRARY_READ = ["guide-council", "guide-branch", "reader", "poster", "tools"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library's project, built: two layers, five phases, three aspects, four cards, a portrait."""
    project = tmp_path_factory.mktemp("library") / "library"
    shutil.copytree(LIBRARY, project, ignore=shutil.ignore_patterns("build"))
    build(project, Options(jobs=1)).require_success()
    return project


def load(project: Path, name: str, medium: str = "screen") -> bytes:
    return (project / f"build/{medium}/{name}.pdf").read_bytes()


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


# ------------------------------------------------------------------------------------------ every medium


@pytest.mark.parametrize("name", READ)
def test_screen_files_are_valid_pdf_ua(name: str, default_project: Path, tmp_path: Path) -> None:
    assert failures(load(default_project, name), tmp_path) == []


@pytest.mark.parametrize("name", LIBRARY_READ)
def test_those_of_another_organisation_too(name: str, library: Path, tmp_path: Path) -> None:
    assert failures(load(library, name), tmp_path) == []


@needs_verapdf
def test_verapdf_agrees(default_project: Path, library: Path, tmp_path: Path) -> None:
    files = {name.replace("/", "-"): load(default_project, name) for name in READ}
    require_verapdf(files | {name: load(library, name) for name in LIBRARY_READ}, tmp_path)


@pytest.mark.parametrize("name", READ)
def test_print_files_are_device_cmyk_only_without_links(name: str, default_project: Path) -> None:
    pdf = load(default_project, name, "print")
    uses = {use for page in inspect_pdf(pdf).pages for use in page.colours}
    assert {use.space for use in uses} == {"DeviceCMYK"}
    assert not any("/Annots" in page for page in pikepdf.open(default_project / f"build/print/{name}.pdf").pages)


def test_the_portrait_is_cmyk_in_print_and_has_its_words_on_screen(library: Path) -> None:
    for medium, space in (("screen", ("/ICCBased", "/DeviceRGB")), ("print", ("/DeviceCMYK",))):
        with pikepdf.open(library / f"build/{medium}/reader.pdf") as pdf:
            pictures = [it for it in pdf.objects if isinstance(it, pikepdf.Stream) and it.get("/Subtype") == "/Image"]
            assert len(pictures) == 1
            found = pictures[0].ColorSpace
            assert str(found[0] if isinstance(found, pikepdf.Array) else found) in space
            assert pictures[0].Width >= 300 * 30 / 25.4 or medium == "screen"


@pytest.mark.parametrize(
    "name", ["print/verdieping", "screen/verdieping", "print/instrumenten", "print/poster-dimensies"]
)
def test_finished_files_pass_preflight_by_what_the_manifest_says(name: str, default_project: Path) -> None:
    assert preflight_file(default_project / f"build/{name}.pdf") == []


# ------------------------------------------------------------------------------------------ booklets


@pytest.mark.parametrize("name", BOOKLETS)
def test_a_booklet_is_a5_in_fours_and_has_the_same_pages_in_both_media(name: str, default_project: Path) -> None:
    screen, print_ = (inspect_pdf(load(default_project, name, medium)) for medium in ("screen", "print"))
    assert screen.count == print_.count
    assert screen.count % 4 == 0
    for page in print_.pages:
        assert page.trim is not None
        assert mm(page.trim.size.width) == pytest.approx(148, abs=0.01)
        assert mm(page.trim.size.height) == pytest.approx(210, abs=0.01)


def test_added_pages_are_named_stand_before_the_back_cover_and_carry_lines(tmp_path: Path, run: Run) -> None:
    result = run("build", "-p", tmp_path, "werkwijzer-leraar", "--medium", "screen", "--jobs", "1")
    assert "page 31 carries lines for notes, to make the number of pages a multiple of four" in result.stderr
    texts = text_of(load(tmp_path, "werkwijzer-leraar"))
    assert len(texts) == 32
    assert "Ruimte voor aantekeningen" in texts[30]
    assert "Ruimte voor aantekeningen" not in texts[31]


def test_page_numbers_stand_outside_and_the_name_of_the_chapter_beside_them(default_project: Path) -> None:
    document = pypdfium2.PdfDocument(load(default_project, "werkwijzer-leraar"))
    for number, chapter in ((9, "Koers"), (8, "Werkwijzer samen leren"), (13, "Werken met data")):
        page = document[number - 1]
        text = page.get_textpage()
        left, right = (0, 100) if number % 2 == 0 else (320, 420)
        assert str(number) in text.get_text_bounded(left, 20, right, 50).split()
        assert chapter in text.get_text_bounded(0, 20, 420, 50)


def test_each_work_that_is_cited_stands_in_the_list(default_project: Path) -> None:
    toolbox = read_toolbox(default_project)
    pages = text_of(load(default_project, "verdieping"))
    listed = " ".join(pages[-14:])
    for entry in toolbox.folders["dimensions"]:
        for challenge in entry.dimension.challenges:
            for claim in challenge.why:
                for key in claim.sources:
                    work = toolbox.literature_source.data[key]
                    assert isinstance(work, dict)
                    author = work["author"][0]  # type: ignore[index]
                    name = author["name"] if isinstance(author, dict) else str(author).split(",")[0]
                    assert str(name).split()[-1] in listed, key


def test_one_file_makes_a_booklet_for_each_layer_whatever_they_are(library: Path) -> None:
    council, branch = (text_of(load(library, f"guide-{layer}")) for layer in ("council", "branch"))
    assert "council" in council[0]
    assert "branch" in branch[0]
    toolbox = read_toolbox(library)
    for layer, pages in (("council", council), ("branch", branch)):
        text = " ".join(pages)
        for aspect in toolbox.aspects.values():
            for phase in toolbox.framework.it.phases:  # type: ignore[union-attr]
                cell = aspect.it.layers[layer][phase]
                assert " ".join(cell.situation.split()[:3]) in text


# ------------------------------------------------------------------------------------------ what does not fit

WORD = "AB12" * 26  # no pattern breaks it
MISFITS = [
    ("a list of needs that is too long for its sheet", "tools", "instruments/t1-*.yml", r"\nneeded: .*", f"\nneeded: {'Paper and pens and time ' * 6}", "needed", "too high for its zone"),
    ("a long word on a sheet", "tools", "instruments/t1-*.yml", r"\ngoal: ", f"\ngoal: {WORD} ", "goal", "too wide for its column"),
    ("actions that are too long for their row", "guide-branch", "aspects/asking*.yml", r"(?m)^        - [^:\n]*$", f"        - {'Do this and then do that ' * 6}", "layers.branch.begin.actions", "too high for its zone"),
    ("a long word in a chapter that runs on", "reader", "booklets/reader.yml", r"(paragraphs:\n          - )(?=[A-Z])", rf"\1{WORD} ", ".paragraphs[1]", "too wide for its column"),
    ("a work that Typst cannot read", "reader", "literature.yml", "date: 2003", "date: twintig", "date", "no work that Typst can read"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("product", "name", "old", "new", "field", "message"), [pytest.param(*it[1:], id=it[0]) for it in MISFITS]
)
def test_what_does_not_fit_is_told_where_it_was_written(
    product: str, name: str, old: str, new: str, field: str, message: str, tmp_path: Path, run: Run
) -> None:
    project = Path(shutil.copytree(LIBRARY, tmp_path / "library", ignore=shutil.ignore_patterns("build")))
    path = next((project / "content").glob(name))
    path.write_text(re.sub(old, new, path.read_text("utf-8")), "utf-8")
    result = run("build", product, "-p", project, "-m", "screen", "-j", 1)
    assert result.exit_code == 3, result.stderr
    first = result.stderr.split("\n")[0]
    assert first.startswith(f"content/{path.relative_to(project / 'content').as_posix()}:")
    assert field in first
    assert message in first
    assert "  hint: " in result.stderr


PICTURE = "picture: assets/pictures/desk.jpg"


@pytest.mark.parametrize(
    ("new", "message", "code"),
    [
        ("picture: assets/pictures/des.jpg", "the file 'assets/pictures/des.jpg' is missing", 6),
        ("picture: ../desk.jpg", "lies outside the project", 3),
        ("picture: assets/pictures/small.jpg", "300", 6),
        ("picture: assets/pictures/clear.png", "transparen", 6),
        ("picture: assets/pictures/inks.jpg", "CMYK", 6),
    ],
)
def test_a_portrait_that_cannot_be_printed_is_told_at_its_line(
    new: str, message: str, code: int, tmp_path: Path, run: Run
) -> None:
    from PIL import Image

    project = Path(shutil.copytree(LIBRARY, tmp_path / "library", ignore=shutil.ignore_patterns("build")))
    folder = project / "assets/pictures"
    Image.new("RGB", (300, 380), (90, 60, 120)).save(folder / "small.jpg")
    Image.new("RGBA", (600, 760), (90, 60, 120, 80)).save(folder / "clear.png")
    Image.new("CMYK", (600, 760), (90, 60, 120, 0)).save(folder / "inks.jpg")
    edit(project / "content/booklets/reader.yml", PICTURE, new)
    result = run("check", "-p", project)
    assert result.exit_code == code
    assert result.stderr.startswith("content/booklets/reader.yml:")
    assert "picture" in result.stderr
    assert message in result.stderr


def test_a_portrait_without_words_is_refused(tmp_path: Path, run: Run) -> None:
    project = Path(shutil.copytree(LIBRARY, tmp_path / "library", ignore=shutil.ignore_patterns("build")))
    path = project / "content/booklets/reader.yml"
    lines = path.read_text("utf-8").split("\n")
    place = next(index for index, line in enumerate(lines) if PICTURE in line)
    alt = next(index for index in range(place - 3, place + 4) if lines[index].strip().startswith("alt:"))
    path.write_text("\n".join(lines[:alt] + lines[alt + 1 :]), "utf-8")
    result = run("check", "-p", project)
    assert result.exit_code == 3
    assert ".alt: missing" in result.stderr


# ------------------------------------------------------------------------------------------ what is stale


def stale(project: Path) -> dict[str, list[str]]:
    return read_status(project).stale


def test_a_changed_instrument_makes_exactly_the_documents_that_hold_it(library: Path, tmp_path: Path) -> None:
    project = tmp_path / "library"
    shutil.copytree(library, project)
    path = next((project / "content/instruments").glob("t1-*.yml"))
    edit(path, "\n    text: ", "\n    text: First ")
    found = stale(project)
    slug = path.stem
    assert sorted(found) == sorted(
        f"{medium}/tools{rest}.pdf" for medium in ("print", "screen") for rest in ("", f"/{slug}")
    )
    assert {reason for reasons in found.values() for reason in reasons} == {
        f"content/instruments/{path.name}: steps[1].text changed"
    }


def test_the_goal_of_an_instrument_stands_in_the_booklets_that_name_it_too(library: Path, tmp_path: Path) -> None:
    project = tmp_path / "library"
    shutil.copytree(library, project)
    path = next((project / "content/instruments").glob("t4-*.yml"))
    edit(path, "\ngoal: ", "\ngoal: 'Yes: ")
    text = path.read_text("utf-8").split("\n")
    text = [f"{line}'" if line.startswith("goal: 'Yes") else line for line in text]
    path.write_text("\n".join(text), "utf-8")
    names = read_toolbox(project)
    using = {
        f"guide-{layer}"
        for aspect in names.aspects.values()
        for layer, cells in aspect.it.layers.items()
        if any("T4" in cell.instruments for cell in cells.values())
    }
    assert using
    found = {path.split("/", 1)[1].removesuffix(".pdf").removesuffix("-katern") for path in stale(project)}
    assert found == {"tools", f"tools/{path.stem}", *using}


def test_a_changed_picture_is_a_reason(library: Path, tmp_path: Path) -> None:
    from PIL import Image

    project = tmp_path / "library"
    shutil.copytree(library, project)
    Image.new("RGB", (600, 760), (120, 90, 60)).save(project / "assets/pictures/desk.jpg")
    found = stale(project)
    assert sorted(found) == ["print/reader.pdf", "screen/reader.pdf"]
