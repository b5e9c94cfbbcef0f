"""`drukwerk collect` when things go wrong around it: many hostile files, a full disk, a kill, two runs at once."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.collect.collection import Work, collect
from pipeline.collect.ledger import Choices
from pipeline.collect.records import read_records
from pipeline.errors import StorageError
from tests.collecting import contradict, fill, load_toolbox, put
from tests.crowd import Expected, find_differing, load_forms, measure_crowd, write_crowd

OUTPUTS = ("answers.json", "answers.csv", "answers-scan-samen-opleiden.csv", "answers.xlsx", "intake.html")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """One good file, one with two answers."""
    return put(tmp_path / "in", {"eik.pdf": fill({"school": "De Eik"}), "beuk.pdf": contradict(fill())})


def state(out: Path) -> dict[str, str]:
    """Return name -> hash of all that is there, hidden files and leftovers too."""
    files = (path for path in out.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def gather(out: Path, *paths: Path, **choices: Any) -> None:
    collect(load_toolbox(), paths, out, Choices(**choices), Work())


# ------------------------------------------------------------------------------------------ many


@pytest.mark.slow
def test_of_many_files_of_which_a_tenth_is_hostile_none_is_lost(tmp_path: Path) -> None:
    """`make bench` does the same with a thousand."""
    crowd = measure_crowd(tmp_path, 180, 20)
    assert crowd.differing == ()
    assert (crowd.files, crowd.counting) == (199, 180)  # one of the hostile is a folder with the name of a file
    if sys.platform == "linux":
        assert crowd.memory < 160_000_000
    assert set(OUTPUTS) <= set(state(tmp_path / "out"))
    assert all(it.findings for it in read_records(tmp_path / "out") if it.verdict != "accepted")


@pytest.mark.slow
def test_a_crowd_in_which_a_file_was_lost_is_told(tmp_path: Path) -> None:
    expected = write_crowd(tmp_path / "in", 2, 0)
    collect(load_forms(), [tmp_path / "in"], tmp_path / "out", Choices(), Work())
    assert find_differing(tmp_path / "out", expected) == []
    one, two = expected
    wrong = {one: replace(expected[one], answer="9"), two: expected[two], "gone.pdf": Expected("accepted")}
    assert find_differing(tmp_path / "out", wrong) == [one, "gone.pdf"]


# ------------------------------------------------------------------------------------------ disk


@pytest.mark.slow
def test_a_full_disk_is_exit_8_and_leaves_what_was_there(inbox: Path, out: Path) -> None:
    gather(out, inbox)
    before = state(out)
    put(inbox, {"es.pdf": fill({"school": "De Es"}), "conflict.pdf": contradict(fill({"school": "De Den"}))})
    for size in (5_000, 200_000):

        def limit(most: int = size) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        command = [sys.executable, "-m", "pipeline", "collect", str(inbox), "--out", str(out)]
        result = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit)
        assert result.returncode == 8, result.stderr
        assert "cannot write: File too large" in result.stderr
        assert "hint: make room on the disk, and run it again" in result.stderr
        assert "Traceback" not in result.stderr
        assert "ignored" not in result.stderr
        assert state(out) == before
    gather(out, inbox)
    assert len(read_records(out)) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="finds names of open files as Linux tells them")
def test_a_disk_that_is_full_at_any_file_leaves_all_as_they_were(
    inbox: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather(out, inbox, again=False)
    before = state(out)
    real = os.fsync
    for name in (*OUTPUTS, "collected.json"):
        failed: list[str] = []

        def fail(number: int, name: str = name, failed: list[str] = failed) -> None:
            path = Path(f"/proc/self/fd/{number}").readlink().name
            if name in path:
                failed.append(path)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            real(number)

        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(StorageError) as caught:
            gather(out, again=False, colleagues=True)
        assert len(failed) == 1, f"it came to {name}"
        (finding,) = caught.value.findings
        assert finding.place == str(out / name)
        assert finding.message == "cannot write: No space left on device"
        assert finding.hint == "make room on the disk, and run it again"
        assert state(out) == before
    monkeypatch.undo()
    gather(out, again=False, colleagues=True)
    assert state(out).keys() == before.keys()
    assert state(out) != before, "the ledger knows the choice"


# ------------------------------------------------------------------------------------------ killed

KILLER = """
import os, signal, sys
from pathlib import Path
from pipeline.collect.collection import Work, collect
from pipeline.collect.ledger import Choices
from tests.collecting import load_toolbox

number, out, inbox, again = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] == "again"
moves = 0

def kill(owner, name):
    real = getattr(owner, name)
    def killing(*args, **more):
        global moves
        if str(out) in str(args[0]):
            moves += 1
            if moves == number:
                os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)
    setattr(owner, name, killing)

toolbox = load_toolbox()
kill(Path, "replace")
kill(Path, "unlink")
collect(toolbox, [inbox], out, Choices(colleagues=True, again=again), Work())
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
@pytest.mark.parametrize("again", ["again", "none"])
def test_killed_at_each_move_every_file_is_whole_and_the_next_run_ends_it(
    again: str, inbox: Path, out: Path, tmp_path: Path
) -> None:
    """The second run changes every output, and makes a form to send back, or takes one away."""
    put(inbox, {"eik 2.pdf": fill({"school": "De Eik", "SO1": "1"})})
    gather(out, inbox, again=again == "none")
    before = state(out)
    undisturbed = shutil.copytree(out, tmp_path / "undisturbed")
    gather(undisturbed, inbox, colleagues=True, again=again == "again")
    after = state(undisturbed)
    assert ("again/beuk.pdf" in after) == (again == "again") != ("again/beuk.pdf" in before)
    assert not [name for name in OUTPUTS if before[name] == after[name]]
    number, killed = 0, True
    while killed and (again == "none" or number < 4):  # by then the form is in its place
        number += 1
        folder = shutil.copytree(out, tmp_path / f"killed {number}")
        command = [sys.executable, "-c", KILLER, str(number), str(folder), str(inbox), again]
        killed = subprocess.run(command, check=False).returncode == -signal.SIGKILL
        for path, digest in state(folder).items():
            if path in OUTPUTS or path.startswith("again/"):
                assert digest in (before.get(path), after.get(path)), f"{path} is torn at move {number}"
        gather(folder, inbox, colleagues=True, again=again == "again")
        assert state(folder) == after, f"after move {number}"
    assert number > len(OUTPUTS) + 2 or (again == "again" and killed)


@pytest.mark.slow
def test_a_run_that_is_interrupted_ends_soon_and_leaves_nothing(inbox: Path, out: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "collect", str(inbox), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.terminate()
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "Traceback" not in rest
    assert set(state(out)) == {"key.json"}


# ------------------------------------------------------------------------------------------ at once


@pytest.mark.slow
def test_two_runs_at_once_do_not_mix(inbox: Path, out: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "collect", str(inbox), "--out", str(out), "--no-again"]
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [it.communicate()[1] for it in runs]
    codes = sorted(it.returncode for it in runs)
    assert codes in ([7, 7], [7, 8])  # one after the other, or one that says so
    if 8 in codes:
        refused = next(text for text, it in zip(said, runs, strict=True) if it.returncode == 8)
        assert "another collect is running here\n  hint: wait until it is done" in refused
    assert {it.file: it.verdict for it in read_records(out)} == {"beuk.pdf": "conflict", "eik.pdf": "accepted"}
