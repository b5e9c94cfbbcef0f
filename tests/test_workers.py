"""Processes that are kept: who gets what, what an error, a death and an interrupt do."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import workers as pool
from pipeline.errors import ContentError, DrukwerkError, Finding
from pipeline.workers import Piece, Workers


def who(pause: float = 0.0) -> int:
    """Return the number of the process this runs in."""
    time.sleep(pause)
    return os.getpid()


def fail() -> None:
    raise ContentError(findings=[Finding("a.yml:1", "x", "wrong")])


def die() -> None:
    os._exit(1)


def refuse_to_travel() -> object:
    return lambda: None


KEPT: list[bytearray] = []


def hold(size: int) -> int:
    """Hold that many bytes, and never give them back."""
    KEPT.append(bytearray(b"x" * size))
    return size


def span(pause: float) -> tuple[float, float]:
    """Return when this began and ended."""
    begun = time.monotonic()
    time.sleep(pause)
    return begun, time.monotonic()


def test_a_kind_goes_back_to_the_process_it_was_in_before() -> None:
    with Workers(2) as workers:
        kinds = ["screen", "print"]
        first = dict(zip(kinds, _run_each(workers, kinds), strict=True))
        assert first["screen"] != first["print"]
        for _ in range(3):
            again = dict(zip(kinds, _run_each(workers, kinds), strict=True))
            assert again == first


def _run_each(workers: Workers, kinds: list[str]) -> list[int]:
    pieces = [Piece(_name_and_process, (kind,), kind) for kind in kinds]
    found = dict(workers.run(pieces))
    return [found[kind] for kind in kinds]


def _name_and_process(kind: str) -> tuple[str, int]:
    return kind, who(0.2)


def test_an_idle_process_takes_a_piece_that_would_have_to_wait() -> None:
    with Workers(2) as workers:
        assert len(set(workers.run([Piece(who, (0.3,), "one kind")] * 4))) == 2


def test_no_more_is_worked_on_at_once_than_there_is_room_for() -> None:
    with Workers(2, room=10) as workers:
        times = sorted(workers.run([Piece(span, (0.2,), number, weight=6) for number in range(3)]))
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(times))
        (alone,) = workers.run([Piece(span, (0.0,), "large", weight=99)])
        assert alone, "a piece that is larger than the room is worked on alone"


def test_an_error_comes_back_with_its_findings_and_the_processes_go_on() -> None:
    with Workers(1) as workers:
        before = list(workers.run([Piece(who, (), "x")]))
        with pytest.raises(ContentError, match=r"a\.yml:1: x: wrong") as caught:
            list(workers.run([Piece(fail, (), "x")]))
        assert caught.value.findings[0].place == "a.yml:1"
        after = list(workers.run([Piece(who, (), "x")]))
        assert len(before) == len(after) == 1


def test_a_process_that_dies_is_told_and_replaced() -> None:
    with Workers(1) as workers:
        with pytest.raises(DrukwerkError, match="a process of the build was ended from outside"):
            list(workers.run([Piece(die, (), "x")]))
        assert list(workers.run([Piece(who, (), "x")]))


def test_a_process_that_was_ended_while_it_was_idle_is_replaced_without_a_word() -> None:
    with Workers(1) as workers:
        (first,) = workers.run([Piece(who, (), "x")])
        os.kill(first, signal.SIGKILL)
        time.sleep(0.2)
        (other,) = workers.run([Piece(who, (), "x")])
        assert other != first


def test_a_process_that_held_much_memory_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with Workers(1) as workers:
        (held,) = workers.run([Piece(pool._held_memory, (), "x")])
        monkeypatch.setattr(pool, "MEMORY_MOST", held + 150_000_000)
        (first,) = workers.run([Piece(who, (), "x")])
        (same,) = workers.run([Piece(who, (), "x")])
        assert first == same
        assert list(workers.run([Piece(hold, (250_000_000,), "x")])) == [250_000_000]
        (other,) = workers.run([Piece(who, (), "x")])
        assert other != first


def test_what_is_done_before_there_is_work_is_not_taken_for_a_result() -> None:
    with Workers(2) as workers:
        workers.start(who)
        assert len(list(workers.run([Piece(span, (0.0,), number) for number in range(5)]))) == 5
        workers.start(fail)
    with Workers(1) as workers:
        workers.start(fail)
        assert list(workers.run([Piece(hold, (1,), "x")])) == [1]


def test_the_processes_end_with_the_block() -> None:
    with Workers(2) as workers:
        found = list(workers.run([Piece(who, (0.1,), number) for number in range(2)]))
    for process in found:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_result_that_nobody_waits_for_is_not_taken_for_the_next_one() -> None:
    with Workers(2) as workers:
        running = workers.run([Piece(who, (0.2 * number,), number) for number in range(4)])
        next(running)
        running.close()  # type: ignore[attr-defined]
        assert list(workers.run([Piece(hold, (7,), "x")])) == [7]


INTERRUPTED = """
import time
from pipeline.workers import Piece, Workers
with Workers(2) as workers:
    print("ready", flush=True)
    list(workers.run([Piece(time.sleep, (60,), n) for n in range(2)]))
"""


def test_ctrl_c_ends_at_once_whatever_the_processes_do(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.5)
    begun = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all
    process.communicate(timeout=30)
    assert time.monotonic() - begun < 5
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
