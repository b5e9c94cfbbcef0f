"""A project that is watched: what a save sets off, and what does not end it."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.build import Options
from pipeline.errors import ContentError
from pipeline.storage import locked
from pipeline.watch import Outcome, watch
from pipeline.workers import Workers
from tests.conftest import edit

CARD = "content/karten/04-sprache.yml"
DECK_AND_CARD = ["print/werkstattkarten.pdf", "print/werkstattkarten/04-sprache.pdf"]
PATIENCE = 60


class Watched:
    """A project that is watched in another thread."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.outcomes: queue.Queue[Outcome] = queue.Queue()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        with Workers(1) as workers:
            watch(self.project, Options(media=("print",)), workers, self.outcomes.put, self.stop)

    def next(self) -> Outcome:
        return self.outcomes.get(timeout=PATIENCE)

    def settle(self) -> None:
        """Wait for the first build, and until the folders are watched."""
        assert len(self.next().report.published) == 6  # type: ignore[union-attr]
        time.sleep(1.5)

    def end(self) -> None:
        self.stop.set()
        self.thread.join(timeout=PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture
def watched(werkstatt: Path) -> Iterator[Watched]:
    it = Watched(werkstatt)
    try:
        yield it
    finally:
        it.end()


def published(outcome: Outcome) -> list[str]:
    assert outcome.error is None
    assert outcome.report is not None
    return outcome.report.published


def test_a_save_makes_what_it_changed(watched: Watched) -> None:
    watched.settle()
    edit(watched.project / CARD, "Fangt mit der", "Beginnt mit der")
    assert published(watched.next()) == DECK_AND_CARD


def test_an_error_is_shown_and_does_not_end_it(watched: Watched) -> None:
    watched.settle()
    edit(watched.project / CARD, "core:", "cor:")
    outcome = watched.next()
    assert isinstance(outcome.error, ContentError)
    assert "did you mean 'core'?" in str(outcome.error)
    edit(watched.project / CARD, "cor:", "core:")
    assert published(watched.next()) == [], "as it was"
    edit(watched.project / CARD, "Fangt mit", "x" * 90 + " ")
    outcome = watched.next()
    assert outcome.report is not None, "a text that does not fit: read, set, and not published"
    assert isinstance(outcome.error, ContentError)
    edit(watched.project / CARD, "x" * 90 + " ", "Fangt jetzt mit")
    assert published(watched.next()) == DECK_AND_CARD


@pytest.mark.slow
def test_an_error_that_nobody_foresaw_does_not_end_it_either(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.settle()

    def explode(*args: object) -> None:
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.content.read.read_toolbox", explode)
        edit(watched.project / CARD, "Fangt mit der", "Beginnt mit der")
        assert isinstance(watched.next().error, RuntimeError)
    edit(watched.project / CARD, "Beginnt mit der", "Beginnt jetzt mit der")
    assert published(watched.next()) == DECK_AND_CARD


@pytest.mark.slow
def test_many_saves_at_once_are_one_build(watched: Watched) -> None:
    watched.settle()
    for path in sorted((watched.project / "content/karten").glob("*.yml")):
        edit(path, "core: ", "core: ") if "core: '" not in path.read_text("utf-8") else edit(
            path, "core: '", "core: 'Ja, "
        )
    outcome = watched.next()
    assert len(published(outcome)) >= 2
    time.sleep(1.5)
    assert watched.outcomes.empty()


@pytest.mark.slow
def test_its_own_files_and_those_of_editors_set_nothing_off(watched: Watched) -> None:
    watched.settle()
    (watched.project / "content/karten/.04-sprache.yml.swp").write_text("x")
    (watched.project / "content/karten/04-sprache.yml~").write_text("x")
    (watched.project / "build/print/note.txt").write_text("x")
    time.sleep(1.5)
    assert watched.outcomes.empty()


@pytest.mark.slow
def test_a_folder_that_comes_later_and_one_that_is_moved_are_watched_too(watched: Watched) -> None:
    from pipeline.resources import PACKAGED

    watched.settle()
    (watched.project / "layouts/lib").mkdir(parents=True)
    ink = (PACKAGED / "layouts/lib/ink.typ").read_text("utf-8")
    (watched.project / "layouts/lib/ink.typ").write_text(ink + "// changed", "utf-8")
    assert len(published(watched.next())) == 6
    moved = watched.project / "content.away"
    (watched.project / "content").rename(moved)
    edit(moved / "karten/04-sprache.yml", "Fangt mit der", "Beginnt mit der")
    time.sleep(0.3)
    moved.rename(watched.project / "content")
    outcome = watched.next()
    if outcome.error:  # it was looked at while the folder was away
        assert "is gone; waiting until it is back" in str(outcome.error)
        outcome = watched.next()
    assert published(outcome) == DECK_AND_CARD
    assert (watched.project / "build/print/werkstattkarten/07-zeit.pdf").is_file()


@pytest.mark.slow
def test_a_logo_beside_the_folders_is_watched_too(werkstatt: Path) -> None:
    (werkstatt / "assets/logo.svg").rename(werkstatt / "logo.svg")
    edit(werkstatt / "content/theme.yml", "assets/logo.svg", "logo.svg")
    it = Watched(werkstatt)
    try:
        it.settle()
        edit(werkstatt / "logo.svg", 'viewBox="0 0 60 20"', 'viewBox="0 0 60 21"')
        assert len(published(it.next())) == 6
    finally:
        it.end()


@pytest.mark.slow
def test_another_build_is_waited_for(watched: Watched) -> None:
    watched.settle()
    with locked(watched.project / "build"):
        edit(watched.project / CARD, "Fangt mit der", "Beginnt mit der")
        time.sleep(1.0)
        assert watched.outcomes.empty()
    assert published(watched.next()) == DECK_AND_CARD


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_shows_what_it_does_and_ends_with_ctrl_c(number: int, werkstatt: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "watch", "--medium", "print", "-p", str(werkstatt)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    lines = [process.stdout.readline().strip() for _ in range(6)]
    assert lines[0] == "build/print/werkstattkarten.pdf"
    assert "6 files made in" in process.stderr.readline()
    time.sleep(0.6)
    edit(werkstatt / CARD, "core:", "cor:")
    assert f"{CARD}:1: core: missing" in process.stderr.readline()
    process.send_signal(number)
    begun = time.monotonic()
    _, rest = process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - begun < 5
    assert "Traceback" not in rest
