"""Sheets and shops through the build: which are made, from what, when again, and what is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pikepdf
import pytest

from pipeline.build import Options, build
from pipeline.errors import ContentError, UsageError
from pipeline.kinds.sheets import lay_pages, plan_sides
from pipeline.status import read_plan, read_status
from pipeline.units import mm
from tests.conftest import HERE, WERKSTATT, Run, edit

LIBRARY = HERE / "projects" / "library"
SHEETS = Options(jobs=1, media=("sheets",))
TOOLBOX = "content/toolbox.yml"
A4, SRA3 = "sheets/werkstattkarten-a4.pdf", "sheets/werkstattkarten-sra3.pdf"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The German project with its sheets, for the default shop and for the office."""
    project = tmp_path_factory.mktemp("sheets") / "werkstatt"
    shutil.copytree(WERKSTATT, project, ignore=shutil.ignore_patterns("build"))
    edit(project / TOOLBOX, "    sheets: []\n", "")
    build(project, SHEETS).require_success()
    build(project, Options(jobs=1, shop="kantoor")).require_success()
    return project


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(built, tmp_path / "werkstatt"))


def measure(path: Path) -> list[tuple[int, int]]:
    """Width and height of each page, in whole millimetres."""
    with pikepdf.open(path) as document:
        return [(round(mm(float(it.mediabox[2]))), round(mm(float(it.mediabox[3])))) for it in document.pages]


def test_sheets_are_made_with_the_print_file_that_they_show(built: Path) -> None:
    made = {path.relative_to(built / "build").as_posix() for path in (built / "build").rglob("*.pdf")}
    assert {A4, SRA3, "print/werkstattkarten.pdf"} <= made
    assert not any(path.startswith("screen/") for path in made)
    assert measure(built / "build" / A4) == [(210, 297)] * 10  # five cards, one on a sheet, two sides
    assert measure(built / "build" / SRA3) == [(320, 450)] * 4  # four on a sheet


def test_a_shop_has_files_of_its_own_beside_the_default_ones(built: Path) -> None:
    folder = built / "build/shops/kantoor"
    with pikepdf.open(folder / "print/werkstattkarten.pdf") as document:
        assert [round(mm(float(edge))) for edge in document.pages[0].mediabox] == [0, 0, 210, 148]
    assert measure(folder / A4) == [(210, 297)] * 6  # two on a sheet, and one on the last
    assert not (folder / "screen").exists()
    expects = json.loads((folder / "manifest.json").read_text("utf-8"))["outputs"][A4]["expects"]
    assert [page for page, _ in expects["codes"]] == sorted(page for page, _ in expects["codes"])
    assert len(expects["codes"]) == 10


def test_nothing_is_made_twice_and_neither_shop_takes_away_what_the_other_made(project: Path) -> None:
    assert build(project, SHEETS).published == []
    office = build(project, Options(jobs=1, shop="kantoor"))
    assert (office.published, office.removed, office.folder) == ([], [], "build/shops/kantoor")
    assert (project / "build" / A4).is_file()


def test_cards_without_bleed_run_to_the_edge_and_it_is_said(project: Path, run: Run) -> None:
    result = run("build", "-p", project, "--shop", "kantoor", "-m", "sheets", "-j", "1")
    assert result.exit_code == 0
    assert "warning: assets/sheets/a4.yml:4: margin: werkstattkarten runs to the edge of A4" in result.stderr
    assert run("build", "-p", project, "--shop", "kantoor", "--strict", "-j", "1").exit_code == 3
    assert build(project, SHEETS).warnings == ()


def test_a_card_that_is_wanted_more_often_lies_on_more_sheets(project: Path) -> None:
    card = sorted((project / "content/karten").glob("*.yml"))[0]
    edit(card, "number:", "copies: 4\nnumber:")
    assert read_status(project).stale[SRA3] == [f"content/karten/{card.name}: copies changed"]
    assert build(project, SHEETS).published == [A4, SRA3]
    assert len(measure(project / "build" / SRA3)) == 4  # 4 + 4 cards
    assert len(measure(project / "build" / A4)) == 16


def test_a_changed_card_makes_its_sheets_again_and_status_says_why(project: Path) -> None:
    card = sorted((project / "content/karten").glob("*.yml"))[0]
    edit(card, "core: ", "core: O ")
    assert read_status(project).stale[A4] == ["build/print/werkstattkarten.pdf is made again"]
    assert {A4, SRA3, "print/werkstattkarten.pdf"} <= set(build(project, SHEETS).published)


def test_a_changed_template_makes_only_its_own_sheet_again(project: Path) -> None:
    own = project / "assets/sheets"
    own.mkdir(parents=True)
    (own / "a4.yml").write_text("title: A4\nkind: cards\npaper: A4\nlandscape: true\nmargin: 5mm\n", "utf-8")
    assert build(project, SHEETS).published == [A4]
    assert measure(project / "build" / A4)[0] == (297, 210)


def test_a_deck_says_which_sheets_it_wants(project: Path) -> None:
    edit(project / TOOLBOX, "    circle: false\n", "    circle: false\n    sheets: [a3]\n")
    report = build(project, SHEETS)
    assert report.published == ["sheets/werkstattkarten-a3.pdf"]
    assert report.removed == [A4, SRA3]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("sheets: [a5]", "no sheet 'a5'"),
        ("sheets: [katern]", "'katern' is not for cards"),
        ("sheets: [klein]", "on Small: "),
        ("sheets: [eng]", "on Narrow: "),
        ("sheets: [a4]\nback_shift: {x: 4mm}", "back_shift: on A4: "),
        ("sheets: [a3, sra3, a3]", "'a3' stands twice"),
    ],
    ids=["unknown", "kind", "too-small", "gutter", "shift", "twice"],
)
def test_what_cannot_be_laid_is_told_where_it_was_asked(werkstatt: Path, lines: str, said: str) -> None:
    sheets = werkstatt / "assets/sheets"
    sheets.mkdir(parents=True)
    (sheets / "klein.yml").write_text("title: Small\nkind: cards\npaper: A5\nmargin: 5mm\n", "utf-8")
    (sheets / "eng.yml").write_text("title: Narrow\nkind: cards\npaper: A3\nmargin: 5mm\ngutter: 2mm\n", "utf-8")
    own, _, top = lines.partition("\n")
    edit(werkstatt / TOOLBOX, "    sheets: []\n", f"    {own}\n")
    edit(werkstatt / TOOLBOX, "products:\n", f"{top}\nproducts:\n")
    with pytest.raises(ContentError) as caught:
        build(werkstatt, SHEETS)
    (finding,) = caught.value.findings
    assert finding.place.startswith("content/toolbox.yml:")
    assert said in f"{finding.field}: {finding.message}"
    assert finding.hint


def test_a_sheet_that_is_usual_and_too_small_is_left_out(werkstatt: Path) -> None:
    sheets = werkstatt / "assets/sheets"
    sheets.mkdir(parents=True)
    (sheets / "a4.yml").write_text("title: A5\nkind: cards\npaper: A5\nmargin: 5mm\n", "utf-8")
    edit(werkstatt / TOOLBOX, "    sheets: []\n", "")
    assert [path for path in build(werkstatt, SHEETS).published if path.startswith("sheets/")] == [SRA3]


def test_backs_are_moved_on_ones_own_printer_alone(project: Path) -> None:
    edit(project / TOOLBOX, "products:\n", "back_shift: {x: 0.5mm, y: -1mm}\nproducts:\n")
    assert read_status(project).stale[A4] == ["content/toolbox.yml: back_shift changed"]
    assert build(project, SHEETS).published == [A4]


def test_flip_and_shift_of_a_call_are_not_kept(project: Path, run: Run) -> None:
    plain = (project / "build" / A4).read_bytes()
    assert (
        run("build", "-p", project, "-m", "sheets", "--flip", "short", "--back-shift", "1,-0.5", "-j1").exit_code == 0
    )
    assert (project / "build" / A4).read_bytes() != plain
    assert build(project, SHEETS).published == [A4, SRA3]
    assert (project / "build" / A4).read_bytes() == plain


def test_a_call_with_a_shift_that_is_none_or_too_far_is_answered(project: Path, run: Run) -> None:
    for shift in ("1", "a,b", "1,2,3", "nan,1", "1_0,1", "٣,1"):
        assert run("build", "-p", project, "--back-shift", shift).exit_code == 2
    result = run("build", "-p", project, "-m", "sheets", "--back-shift", "3.5,0", "-j1")
    assert result.exit_code == 3
    assert "--back-shift: on A4: backs are moved by 3.5 and 0 mm" in result.stderr


def test_an_unknown_shop_ends_the_build_before_anything_is_made(werkstatt: Path) -> None:
    with pytest.raises(UsageError, match="there is no shop 'kantor'; did you mean 'kantoor'"):
        build(werkstatt, Options(jobs=1, shop="kantor"))
    assert not list((werkstatt / "build").rglob("*.pdf"))


def test_sheets_of_a_deck_with_findings_stay_as_they_were(project: Path) -> None:
    before = (project / "build" / A4).read_bytes()
    card = sorted((project / "content/karten").glob("*.yml"))[0]
    edit(card, "core: ", "core: Viel zu lang für diese Karte, viel zu lang, viel zu lang, viel zu lang, viel zu lang ")
    report = build(project, SHEETS)
    assert report.errors
    assert report.published == []
    assert (project / "build" / A4).read_bytes() == before
    assert A4 in read_status(project).stale


def test_two_products_cannot_have_one_file_of_sheets(werkstatt: Path) -> None:
    sheet = werkstatt / "assets/sheets/x-a4.yml"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("title: X\nkind: cards\npaper: A4\nmargin: 5mm\n", "utf-8")
    _, _, deck = (werkstatt / TOOLBOX).read_text("utf-8").partition("products:\n")
    edit(werkstatt / TOOLBOX, "    sheets: []\n", "    sheets: [x-a4]\n")
    second = deck.replace("werkstattkarten", "werkstattkarten-x").replace("path: w/", "path: v/")
    with (werkstatt / TOOLBOX).open("a", encoding="utf-8") as file:
        file.write(second.replace("    sheets: []\n", "    sheets: [a4]\n"))
    with pytest.raises(ContentError, match=r"products\[2\].name: 'sheets/werkstattkarten-x-a4.pdf' is a file of"):
        build(werkstatt, SHEETS)


def test_braces_in_a_title_are_letters_on_the_slug(werkstatt: Path) -> None:
    edit(werkstatt / TOOLBOX, "title: Werkstattkarten für Leitung und Team", "title: 'Karten {sheet} {side} {title}'")
    edit(werkstatt / TOOLBOX, "edition: Erste Ausgabe", "edition: '{title}'")
    edit(werkstatt / TOOLBOX, "    sheets: []\n", "")
    plan = read_plan(werkstatt)
    order = next(it.order for it in plan.documents if it.path == A4)
    assert order is not None
    slug = plan_sides(order, lay_pages(order, 10))["sides"][1]["slug"]
    said = slug["title"].join(slug["around"])
    assert said == "Karten {sheet} {side} {title} · Ausgabe {title} · Bogen 1 von 5 · Rückseite"


def test_a_shop_has_no_files_for_the_screen_and_it_is_said(project: Path, run: Run) -> None:
    result = run("build", "-p", project, "--shop", "kantoor", "-m", "screen", "-j", "1")
    assert "nothing was asked that this content, or this shop, has" in result.stderr


def test_a_shift_too_far_is_told_once_for_each_sheet_that_pages_fit_on(tmp_path: Path, run: Run) -> None:
    """The default toolbox has five booklets, and none fits on A4 with its bleed: nobody asked for that."""
    result = run("build", "-p", tmp_path, "-m", "sheets", "--back-shift", "9,9", "-j1")
    assert result.exit_code == 3
    told = [line for line in result.stderr.splitlines() if line.startswith("--back-shift: on ")]
    assert [line.split(": ")[1] for line in told] == ["on A4", "on SRA3", "on SRA3, folded and stapled"]


def test_a_cover_of_its_own_leaves_something_inside_it(tmp_path: Path, run: Run) -> None:
    project = Path(shutil.copytree(LIBRARY, tmp_path / "library", ignore=shutil.ignore_patterns("build")))
    chapter = "\n  - {kind: text, title: One, short: One, blocks: [{kind: text, paragraphs: [A library lends.]}]}"
    small = f"title: Small\nlead: Few words.\ncolour: harbour\nback: Nothing more.\nchapters:{chapter}{chapter}\n"
    (project / "content/booklets/small.yml").write_text(small, "utf-8")
    cover = "  - name: small\n    kind: booklet\n    cover: {weight: 250, finish: silk}\n"
    edit(project / TOOLBOX, "  - name: tools\n", f"{cover}  - name: tools\n")
    result = run("build", "small", "-p", project, "-m", "sheets", "-j", "1")
    line = (project / TOOLBOX).read_text("utf-8").split("    cover: {")[0].count("\n") + 1
    assert f"{TOOLBOX}:{line}: sheets/small-katern.pdf: no pages to fold" in result.stderr
    assert result.exit_code == 3


def test_status_for_a_shop_looks_at_its_own_files(project: Path, run: Run) -> None:
    card = sorted((project / "content/karten").glob("*.yml"))[0]
    edit(card, "core: ", "core: O ")
    result = run("status", "-p", project, "--shop", "kantoor")
    assert f"build/shops/kantoor/print/werkstattkarten/{card.stem}.pdf\n  content/karten/{card.name}" in result.stdout


def test_a_cover_of_other_paper_gets_sheets_of_its_own(tmp_path: Path) -> None:
    project = Path(shutil.copytree(WERKSTATT.parent / "library", tmp_path / "library"))
    paper = "    paper: {weight: 120, finish: offset}\n    cover: {weight: 250, finish: offset}\n"
    edit(
        project / TOOLBOX,
        "  - name: reader\n    kind: booklet\n    sheets: []\n",
        f"  - name: reader\n    kind: booklet\n{paper}",
    )
    report = build(project, Options(jobs=1, products=("reader",), media=("sheets",)))
    report.require_success()
    pages = json.loads((project / "build/manifest.json").read_text("utf-8"))["outputs"]["print/reader.pdf"]["expects"]
    inside, cover = (measure(project / f"build/sheets/reader-katern{part}.pdf") for part in ("", "-cover"))
    assert (len(cover), len(inside)) == (2, pages["pages"] // 2 - 2)
