"""The installed package works by itself: layouts, fonts, profiles and default content travel inside it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_a_wheel_builds_the_default_toolbox_in_an_empty_folder_and_begins_a_project(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("drukwerk-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "pipeline/resources/layouts/card.typ" in names
    assert "pipeline/resources/content/dimensions/3-teamleren.yml" in names
    assert "pipeline/resources/assets/fonts/OFL-SourceSans3.txt" in names
    assert "pipeline/resources/assets/field-font/FieldSans.ttf" in names
    assert "pipeline/resources/assets/field-font/FieldSans.json" in names
    assert "pipeline/resources/assets/field-font/OFL.txt" in names
    assert "pipeline/resources/assets/icc/LICENSE.md" in names
    assert "pipeline/resources/assets/pages/preflight.html.j2" in names
    assert "pipeline/resources/content/schema/dimensions.json" in names
    assert "pipeline/resources/content/forms/released/actieplan-2026-11.json" in names
    assert "pipeline/resources/layouts/lib/form/blocks.typ" in names
    assert "pipeline/resources/layouts/lib/booklet/literature.csl" in names
    assert "pipeline/resources/content/instruments/i08-datagesprek-in-vijf-stappen.yml" in names
    assert "pipeline/resources/assets/starter/nl/.gitignore" in names
    assert "pipeline/resources/assets/shops/standaard.yml" in names
    assert "pipeline/resources/assets/sheets/sra3.yml" in names
    assert "pipeline/resources/assets/words/nl.yml" in names
    assert "pipeline/resources/assets/pages/preflight.html.j2" in names
    assert not any("tests/" in name or name.endswith(".png") for name in names)

    target, project = tmp_path / "installed", tmp_path / "empty"
    project.mkdir()
    subprocess.run([*pip, "install", "--no-deps", "--target", target, wheel], check=True)
    products = ["spiegelkaarten", "actieplan", "verdieping", "poster-dimensies"]  # one of each layout but the sheets
    run = _call(target, project, "build", *products)
    assert run.stdout.startswith(str(target)), "the installed package, not the repository"
    assert len(list((project / "build").rglob("*.pdf"))) == 2 * 9 + 2 + 2 + 2 + 3  # 3 sheets

    begun = project / "eigen kaarten"
    _call(target, project, "new", begun.name)
    assert _call(target, begun, "check", "--strict").stderr == ""
    _call(target, begun, "build")
    assert len(list((begun / "build").rglob("*.pdf"))) == 8 + 2
    before = (begun / "content/schema/kaarten.json").read_bytes()
    _call(target, begun, "schema")
    assert (begun / "content/schema/kaarten.json").read_bytes() == before


def _call(target: Path, folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a folder; its first line of output is the file it runs from."""
    run = subprocess.run(
        [sys.executable, "-c", "import pipeline.cli; print(pipeline.cli.__file__); pipeline.cli.main()", *args],
        cwd=folder, env={"PYTHONPATH": str(target), "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run
