"""What several tests need: projects to break, builds to look at."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from pipeline.build import Options, build
from pipeline.cli import main
from pipeline.preflight import open_pages, rasterise, read_codes

HERE = Path(__file__).parent
WERKSTATT = HERE / "projects" / "werkstatt"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the reference pictures anew")


@pytest.fixture
def werkstatt(tmp_path: Path) -> Path:
    """A copy of the German project: five cards, no circle, logo, short addresses."""
    return Path(shutil.copytree(WERKSTATT, tmp_path / "werkstatt", ignore=shutil.ignore_patterns("build")))


@pytest.fixture(scope="session")
def default_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder without content, so with the default toolbox, built once, also where several processes run the tests."""
    base = tmp_path_factory.getbasetemp()
    project = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "default"
    project.mkdir(exist_ok=True)
    build(project, Options(jobs=2, wait=300)).require_success()
    return project


@pytest.fixture(scope="session")
def german_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The German project, built once."""
    project = tmp_path_factory.mktemp("german") / "werkstatt"
    shutil.copytree(WERKSTATT, project, ignore=shutil.ignore_patterns("build"))
    build(project, Options(jobs=1)).require_success()
    return project


Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Call the command as a user does; results in `stdout`, messages in `stderr`."""

    def call(*args: str | Path) -> Result:
        return CliRunner().invoke(main, [str(arg) for arg in args])

    return call


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file."""
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def keep_cards(project: Path) -> None:
    """Take out of a copy of the default toolbox what is made from the framework: booklets, instruments, the poster."""
    content = project / "content"
    for folder in ("aspects", "booklets", "instruments"):
        shutil.rmtree(content / folder)
    for name in ("framework.yml", "glossary.yml"):
        (content / name).unlink()
    settings = (content / "toolbox.yml").read_text("utf-8")
    (content / "toolbox.yml").write_text(settings.partition("  - name: werkwijzer-")[0], "utf-8")


def draw(pdf: bytes, number: int, ppi: float) -> Image.Image:
    """Return a page (from 0) as grey pixels."""
    with open_pages(pdf) as document:
        return rasterise(document, number, ppi)


def codes_on(pdf: bytes, number: int) -> set[str]:
    """Return what the QR codes on a page (from 0) say."""
    ((_, found),) = read_codes(pdf, [number])
    return found


def hashes(project: Path) -> dict[str, str]:
    """Path -> SHA-256 of everything in build/."""
    folder = project / "build"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
