"""A build that is killed leaves whole files, and the next one makes of them what an undisturbed one would have made."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.build import Options, build
from tests.conftest import WERKSTATT, edit, hashes

pytestmark = pytest.mark.slow

SEED = 20261124
MOMENTS = 12
# Steps in which a file comes to be: written down, moved to its place. Killed before a step, and right after it.
STEPS = {"os.fsync": "before", "Path.replace before": "before", "Path.replace after": "after"}
FILES = 6 + 3  # print documents of the project; texts, places and the manifest

KILLER = """
import os, signal, sys
from pathlib import Path

step, number, project = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
owner, name = (os, "fsync") if step == "os.fsync" else (Path, "replace")
real = getattr(owner, name)
calls = 0

def killing(*args):
    global calls
    calls += 1
    if calls == number and not step.endswith("after"):
        os.kill(os.getpid(), signal.SIGKILL)
    result = real(*args)
    if calls == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, killing)
from pipeline.build import Options, build
build(project, Options(jobs=1, media=("print",)))
"""


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], dict[str, str]]:
    """A project built once and changed since, the hashes of its files, and those of an undisturbed second build."""
    before = tmp_path_factory.mktemp("killed") / "before"
    shutil.copytree(WERKSTATT, before, ignore=shutil.ignore_patterns("build"))
    build(before, Options(jobs=1, media=("print",))).require_success()
    old = hashes(before)
    edit(before / "content/toolbox.yml", "date: 2026-03-02", "date: 2026-04-02")
    after = Path(shutil.copytree(before, before.parent / "after"))
    build(after, Options(jobs=1, media=("print",))).require_success()
    return before, old, hashes(after)


def require_whole(project: Path, old: dict[str, str], new: dict[str, str]) -> int:
    """Check that each file is the old one or the new one; return how many are new."""
    found = {path: digest for path, digest in hashes(project).items() if not path.startswith(".")}
    assert found.keys() == {path for path in old if not path.startswith(".")}
    for path, digest in found.items():
        assert path == "manifest.json" or digest in (old[path], new[path]), f"{path} is torn"
    return sum(digest == new[path] for path, digest in found.items())


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step_of_publishing(
    step: str, states: tuple[Path, dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    before, old, new = states
    published = []
    for number in range(1, FILES + 1):
        project = Path(shutil.copytree(before, tmp_path / f"killed-{number}"))
        killed = subprocess.run([sys.executable, "-c", KILLER, step, str(number), str(project)], check=False)
        assert killed.returncode == -signal.SIGKILL, f"step {number} was not reached"
        published.append(require_whole(project, old, new))
        build(project, Options(jobs=1, media=("print",))).require_success()
        assert hashes(project) == new
        assert sorted(path.name for path in (project / "build").glob(".*")) == [".lock", ".places.json", ".texts.json"]
        shutil.rmtree(project)
    assert published == sorted(published)
    assert published[0] == (step == "Path.replace after")
    assert published[-1] >= FILES - 3, "the documents, and not yet the manifest"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
def test_killed_at_random_moments(states: tuple[Path, dict[str, str], dict[str, str]], tmp_path: Path) -> None:
    before, old, new = states
    command = [sys.executable, "-m", "pipeline", "build", "--medium", "print", "--jobs", "2", "--project"]

    def start(project: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([*command, str(project)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    undisturbed = Path(shutil.copytree(before, tmp_path / "undisturbed"))
    begun = time.perf_counter()
    assert start(undisturbed).wait() == 0
    length = time.perf_counter() - begun
    assert hashes(undisturbed) == new
    chance = random.Random(SEED)
    kills = 0
    for number in range(MOMENTS):
        project = Path(shutil.copytree(before, tmp_path / f"killed-{number}"))
        process = start(project)
        time.sleep(chance.uniform(0, length))
        process.kill()
        kills += process.wait() == -signal.SIGKILL
        require_whole(project, old, new)
        assert start(project).wait() == 0
        assert hashes(project) == new, f"after kill {number}"
        assert not list((project / "build").glob(".staging-*"))
        shutil.rmtree(project)
    assert kills >= MOMENTS / 2, "most came while the build ran"
