"""`drukwerk new`: a project of one's own that builds at once, or nothing."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import page as page_validation
import pytest

from pipeline.build import Options, build
from pipeline.cli.projects import LANGUAGES
from pipeline.content.read import read_toolbox
from pipeline.pdf.inspect import inspect_pdf
from pipeline.resources import PACKAGED, find_starter
from tests.conftest import Run, edit
from tests.test_schema import content_files, faults, load, named_schema

DECKS = {"nl": "gesprekskaarten", "en": "conversation-cards"}
STARTERS = PACKAGED / "assets/starter"


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A new project in each language, built: language, folder."""
    from pipeline.starter import make_project

    project = tmp_path_factory.mktemp("new") / f"mijn kaarten {request.param}"
    make_project(project, request.param)
    report = build(project, Options(jobs=1, strict=True))
    report.require_success()
    assert report.warnings == ()
    assert len(report.published) == 10
    return request.param, project


def test_there_is_a_starter_in_each_language_of_the_command() -> None:
    assert sorted(path.name for path in STARTERS.iterdir()) == sorted(LANGUAGES) == sorted(DECKS)


def test_its_files_are_valid_pdf_ua(made: tuple[str, Path]) -> None:
    language, project = made
    path = project / f"build/screen/{DECKS[language]}.pdf"
    report = page_validation.validate_pdf(path, profile="ua1")
    assert report.is_compliant, str(report)
    facts = inspect_pdf(path.read_bytes())
    assert len(facts.pages) == 6
    assert (facts.language or "").startswith(language)


def test_every_file_teaches_and_follows_the_schema_that_it_names(made: tuple[str, Path]) -> None:
    _, project = made
    files = content_files(project)
    assert len(files) == 6
    for path in files:
        schema = named_schema(path)
        assert schema.is_file(), path.name
        assert faults(path, schema) == []
        lines = path.read_text("utf-8").splitlines()[1:]
        assert sum(line.lstrip().startswith("#") for line in lines) >= 1, f"{path.name} has nothing to say"
        assert all(len(line) <= 120 for line in lines if line.lstrip().startswith("#"))


def test_the_comments_show_what_editors_ask_for(made: tuple[str, Path]) -> None:
    _, project = made
    text = "\n".join(path.read_text("utf-8") for path in content_files(project))
    for taught in ("links: {base:", r"\u00AD", r"\_", "screen  ", "print  ", "# logo:", "drukwerk schema", "‘", "4-"):
        assert taught in text, taught


def test_the_two_languages_say_the_same_in_the_same_places() -> None:
    shapes = []
    for language in LANGUAGES:
        cards = sorted((find_starter(language) / "content").glob("*/*.yml"))
        sides = list(load(find_starter(language) / "content/toolbox.yml")["products"][0]["sides"])
        shapes.append([_shape(load(path), sides) for path in cards])
        assert len(cards) == 3
    assert shapes[0] == shapes[1]


def _shape(value: object, sides: list[str]) -> object:
    if isinstance(value, dict):
        return {
            f"side {sides.index(key)}" if key in sides else key: it if key == "code" else _shape(it, sides)
            for key, it in value.items()
        }
    return [_shape(it, sides) for it in value] if isinstance(value, list) else type(value).__name__


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_works_are_real_and_were_seen(language: str) -> None:
    own = load(find_starter(language) / "content/literature.yml")
    known = load(PACKAGED / "content/literature.yml")
    for key, work in own.items():
        assert work["verified"] == "doi-and-title"
        assert work.items() <= known[key].items(), f"{key} is not as in content/literature.yml"


def test_its_colours_are_not_those_of_the_default_toolbox(made: tuple[str, Path]) -> None:
    _, project = made
    others = {it.screen for name, it in read_toolbox(PACKAGED).theme.colours.items() if name != "black"}
    assert others.isdisjoint(it.screen for it in read_toolbox(project).theme.colours.values())


def test_a_copied_card_is_one_card_more(made: tuple[str, Path], tmp_path: Path) -> None:
    """What the first comment promises."""
    _, project = made
    copy = shutil.copytree(project, tmp_path / "copy", ignore=shutil.ignore_patterns("build"))
    card = next((copy / "content").glob("*/2-*.yml"))
    text = card.read_text("utf-8").replace("number: 2", "number: 4").replace("K2-", "K4-")
    card.with_name("4-more.yml").write_text(text, "utf-8")
    report = build(copy, Options(jobs=1, media=("screen",), strict=True))
    report.require_success()
    assert len(report.published) == 5


# ------------------------------------------------------------------------------------------ the command


def test_it_prints_what_it_made_and_what_to_type_next(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / 'Bé\'s "kaarten" voor coördinatie'
    result = run("new", folder)
    assert result.exit_code == 0
    made = [Path(line) for line in result.stdout.splitlines()]
    assert all(path.is_file() for path in made)
    assert {path.relative_to(folder).as_posix() for path in made} == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    }
    head, enter, make = result.stderr.splitlines()
    assert head == "made; now type:"
    assert enter.startswith("  cd '")
    assert make == "  drukwerk build"
    assert run("check", "-p", folder, "--strict", "-j", 1).stdout == "no errors\n"
    assert list(tmp_path.iterdir()) == [folder]


def test_it_takes_an_empty_folder_and_one_that_is_deep_down(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    assert run("new", ".").exit_code == 0
    assert sorted(path.name for path in empty.iterdir()) == [".gitignore", "README.md", "content"]
    assert run("new", "a/b/c", "--language", "en").exit_code == 0
    assert (empty / "a/b/c/content/cards").is_dir()


def test_it_keeps_off_a_folder_with_something_in_it(tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    result = run("new", tmp_path)
    assert result.exit_code == 2
    assert result.stderr == f"error: the folder '{tmp_path}' is not empty; name one that does not exist yet\n"
    assert run("new", tmp_path / "mine.txt").exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_below_a_file_there_is_no_room(tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    result = run("new", tmp_path / "file/project")
    assert result.exit_code == 8
    assert result.stderr.startswith(f"{tmp_path}/file/project: cannot write: ")
    assert "a file stands where a folder is needed" in result.stderr


@pytest.mark.parametrize("there", [False, True], ids=["new folder", "empty folder"])
@pytest.mark.parametrize("name", ["mkdir", "write_bytes", "rename"])
def test_where_the_disk_refuses_nothing_is_left(
    name: str, there: bool, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "project"
    if there:
        folder.mkdir()
    real = getattr(Path, name)
    calls = 0

    def refuse(path: Path, *args: object, **kind: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2 or (calls == 1 and (name == "mkdir" or not there)):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, *args, **kind)

    monkeypatch.setattr(Path, name, refuse)
    result = run("new", folder)
    monkeypatch.undo()
    assert result.exit_code == 8, result.output
    assert result.stderr == (
        f"{folder}: cannot write: Permission denied\n"
        "  hint: check the rights of the folder, or close the program that has the file open\n"
    )
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == (["project"] if there else [])


def test_an_interrupt_leaves_nothing(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.starter.write_schemas", interrupt)
    assert run("new", tmp_path / "project").exit_code == 130
    assert list(tmp_path.iterdir()) == []


def test_a_slip_in_a_new_project_is_found_at_its_line(tmp_path: Path, run: Run) -> None:
    project = tmp_path / "p"
    run("new", project)
    edit(project / "content/kaarten/2-feedback.yml", "colour: mos", "colour: moss")
    result = run("check", "-p", project)
    assert result.exit_code == 3
    assert "colour: no colour 'moss'\n  hint: did you mean 'mos'?" in result.stderr
