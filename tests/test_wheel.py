"""The installed package works by itself: layouts, fonts, profiles and default content travel inside it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_a_wheel_builds_the_default_toolbox_in_an_empty_folder(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("drukwerk-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "pipeline/resources/layouts/card.typ" in names
    assert "pipeline/resources/content/dimensions/3-teamleren.yml" in names
    assert "pipeline/resources/assets/fonts/OFL-SourceSans3.txt" in names
    assert "pipeline/resources/assets/icc/LICENSE.md" in names
    assert not any("tests/" in name or name.endswith(".png") for name in names)

    target, project = tmp_path / "installed", tmp_path / "empty"
    project.mkdir()
    subprocess.run([*pip, "install", "--no-deps", "--target", target, wheel], check=True)
    run = subprocess.run(
        [sys.executable, "-c", "import pipeline.cli; print(pipeline.cli.__file__); pipeline.cli.main()", "build"],
        cwd=project, env={"PYTHONPATH": str(target), "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(str(target)), "the installed package, not the repository"
    assert len(list((project / "build").rglob("*.pdf"))) == 18
