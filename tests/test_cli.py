"""The command as a user meets it: help, results, messages, exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pipeline.cli import main
from tests.conftest import Run, edit

COMMANDS = sorted(main.commands)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_that_names_only_its_own_options(name: str, run: Run) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert f"drukwerk {name}" in result.stdout.split("Example", 1)[1]
    assert "\\" not in result.stdout, "the example stands on lines of its own"
    assert re.search(rf"^  Examples?:\n    drukwerk {name}", result.stdout, re.M)
    known = {option for parameter in main.commands[name].params for option in parameter.opts}
    example = main.commands[name].help or ""
    assert {word for word in example.split() if word.startswith("--")} <= known


def test_the_readme_names_every_command() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    assert all(f"drukwerk {name}" in readme for name in COMMANDS)


def test_results_go_to_stdout_and_nothing_to_stderr(werkstatt: Path, run: Run) -> None:
    result = run("build", "-p", werkstatt, "-m", "print", "-j", 1)
    assert result.exit_code == 0
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert len(lines) == 6
    assert all(Path(line).is_file() for line in lines)
    again = run("build", "-p", werkstatt, "-m", "print", "-j", 1)
    assert (again.stdout, again.stderr) == ("", "6 files up to date\n")


def test_a_folder_without_content_gets_the_default_toolbox_and_is_told(tmp_path: Path, run: Run) -> None:
    result = run("build", "actieplan", "-p", tmp_path, "-j", 1)
    assert result.exit_code == 0
    assert "using the default toolbox" in result.stderr
    assert len(result.stdout.splitlines()) == 2


def test_preflight_of_our_own_file_holds_it_against_what_it_was_made_to_be(german_project: Path, run: Run) -> None:
    path = german_project / "build/print/werkstattkarten.pdf"
    good = run("preflight", path)
    assert good.exit_code == 0
    assert good.stdout == f"{path}: checked, no findings\n"
    other = german_project / "build/print/werkstattkarten/07-zeit.pdf"
    kept = path.read_bytes()
    try:
        path.write_bytes(other.read_bytes())
        bad = run("preflight", path)
    finally:
        path.write_bytes(kept)
    assert bad.exit_code == 5
    assert f"{path}: 2 pages, expected 10" in bad.stdout


def test_preflight_as_json(german_project: Path, tmp_path: Path, run: Run) -> None:
    screen = german_project / "build/screen/werkstattkarten.pdf"
    foreign = tmp_path / "foreign.pdf"
    foreign.write_bytes(screen.read_bytes())
    result = run("preflight", "--json", "--medium", "print", foreign)
    assert result.exit_code == 5
    (told,) = json.loads(result.stdout)["files"]
    found = told["findings"]
    assert (told["file"], told["medium"], told["planned"]) == (str(foreign), "print", False)
    assert {"no TrimBox", "no BleedBox"} <= {finding["message"] for finding in found}
    assert {finding["severity"] for finding in found} == {"error", "warning"}
    assert run("preflight", foreign).exit_code == 0, "by itself it is a good screen file"


def test_an_unexpected_error_is_one_line_and_debug_shows_the_rest(
    werkstatt: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*args: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("pipeline.content.read.read_toolbox", explode)
    plain = run("build", "-p", werkstatt)
    assert plain.exit_code == 1
    assert plain.stderr == (
        "unexpected RuntimeError: boom\n  hint: run it again as 'drukwerk --debug ...' and report what it shows\n"
    )
    assert "Traceback" in run("--debug", "build", "-p", werkstatt).stderr


def test_an_interrupt_is_130(werkstatt: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.content.read.read_toolbox", interrupt)
    assert run("build", "-p", werkstatt).exit_code == 130


def test_findings_are_printed_once_with_their_hint(werkstatt: Path, run: Run) -> None:
    edit(werkstatt / "content/karten/07-zeit.yml", "colour: schiefer", "colour: schifer")
    assert run("build", "-p", werkstatt).stderr == (
        "content/karten/07-zeit.yml:4: colour: no colour 'schifer'\n  hint: did you mean 'schiefer'?\n"
    )


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from pipeline.cli import main;"
        "CliRunner().invoke(main, ['build', '--help']);"
        "heavy = ('typst', 'pikepdf', 'pydantic', 'PIL', 'pypdfium2', 'yaml', 'fontTools');"
        "print([m for m in heavy if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out == "[]\n"


def test_python_dash_m_is_the_same_command() -> None:
    out = subprocess.run([sys.executable, "-m", "pipeline", "--version"], capture_output=True, text=True, check=True)
    assert out.stdout.startswith("drukwerk, version ")


def test_the_media_of_the_command_are_those_of_the_build() -> None:
    from pipeline.document import MEDIA

    option = next(it for it in main.commands["build"].params if it.name == "media")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == MEDIA
