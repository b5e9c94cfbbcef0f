"""Names of files -> what came out of each, from a few processes that each look at one file after the other.

What a file does to the process that looks at it stays there: a limit or a crash ends that process, becomes a finding on
that file, and the next file gets a new process.
"""

from __future__ import annotations

import json
import os
import pickle
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.apart import Apart, LimitError, Limits
from pipeline.errors import Finding, StorageError, UsageError, printable
from pipeline.examine.limits import MEMORY_MOST, PICTURES_MOST, PROCESSES_MOST, REPLY_MOST, allow_seconds
from pipeline.examine.values import Asked, Examination, Examined, Question, load_examined

Progress = Callable[[int, int, str], None]
Pictures = dict[tuple[str, int], str]  # (file, page from 0) -> a JPEG in base64

_MODULE = "pipeline.examine.child"
_FOLDER_HINT = "name the PDFs in it, such as {}/*.pdf"


def examine_files(paths: Iterable[Path], asked: Asked, progress: Progress | None = None) -> Examination:
    """Look at files; one that cannot be looked at never stops the rest.

    Args:
        paths: one named twice is looked at once.
        asked: what they are held against.
        progress: called with (done, all, name of the file that is done).
    """
    refused, questions = [], []
    for path in dict.fromkeys(paths):
        problem = _refuse(path)
        if problem:
            refused.append(problem)
        else:
            questions.append(Question(path, asked))
    files: list[Examined] = []
    for said, limit in _answer_all(questions):
        question = questions[len(files)]
        files.append(_read_examined(said, limit, question))
        if progress:
            progress(len(files), len(questions), printable(str(question.path)))
    return Examination(tuple(files), tuple(refused))


def draw_findings(files: Sequence[Examined], asked: Asked) -> Pictures:
    """Draw pages with findings, `PICTURES_MOST` at most, shared out over the files; those that cannot be drawn lack."""
    shares = _share_out([sorted(it.frames) for it in files], PICTURES_MOST)
    questions = [Question(Path(it.file), asked, tuple(pages)) for it, pages in zip(files, shares, strict=True) if pages]
    pictures: Pictures = {}
    for question, (said, _) in zip(questions, _answer_all(questions), strict=True):
        for it in said:
            if it.get("page") in question.draw and isinstance(it.get("jpeg"), str):
                pictures[str(question.path), it["page"]] = it["jpeg"]
    return pictures


def _share_out(wanted: Sequence[Sequence[int]], most: int) -> list[list[int]]:
    """Give each list its turn, one item at a time, until `most` are given."""
    turns = [(turn, index) for index, items in enumerate(wanted) for turn in range(len(items))]
    given: list[list[int]] = [[] for _ in wanted]
    for turn, index in sorted(turns)[:most]:
        given[index].append(wanted[index][turn])
    return given


def _refuse(path: Path) -> tuple[Finding, int] | None:
    """Return why a name is no file to look at, and the exit code that this means."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            hint = _FOLDER_HINT.format(path.as_posix().rstrip("/"))
            return Finding(str(path), "", "is a folder", hint), UsageError.exit_code
        if not stat.S_ISREG(mode):  # opening a pipe would wait for its other end
            return Finding(str(path), "", "is no ordinary file", "name a finished PDF"), UsageError.exit_code
        with path.open("rb"):
            return None
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in the name
        hint = "check its name; finished PDFs of a project are below build/"
        return Finding(str(path), "", "there is no such file", hint), UsageError.exit_code
    except OSError as error:
        hint = "check the rights of the file, and whether another program has it open"
        return Finding(str(path), "", f"cannot be read: {error.strerror or error}", hint), StorageError.exit_code


Answer = tuple[list[dict[str, Any]], str]  # what was said, and which limit ended it: empty, time, memory, size, crash


def _answer_all(questions: Sequence[Question]) -> Iterator[Answer]:
    """Yield the answers in order; each of a few threads keeps a process."""
    count = min(PROCESSES_MOST, os.cpu_count() or 1, len(questions))
    if not questions:
        return
    keepers = _Keepers()
    pool = ThreadPoolExecutor(count)
    try:
        yield from pool.map(keepers.answer, questions)
    finally:
        keepers.kill()
        pool.shutdown(cancel_futures=True)
        keepers.end()


class _Keepers:
    """One process for each thread that asks, started when it is needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: dict[int, Apart] = {}
        self._ended = False

    def answer(self, question: Question) -> Answer:
        """Ask the thread's process; where it broke down after it had looked at others, ask a new one."""
        fresh = threading.get_ident() not in self._processes
        answer = self._ask(question)
        if answer[1] in ("memory", "crash") and not fresh and not self._ended:
            answer = self._ask(question)
        return answer

    def kill(self) -> None:
        """Let all processes end at once, whatever they do; threads that wait for them go on, and start no new ones."""
        with self._lock:
            self._ended = True
            for process in self._processes.values():
                process.kill()

    def end(self) -> None:
        """Clear away what is left of the processes, when no thread waits for them any more."""
        for process in self._processes.values():
            process.end()

    def _ask(self, question: Question) -> Answer:
        me = threading.get_ident()
        with self._lock:
            if self._ended:
                return [], "crash"
            if me not in self._processes:
                self._processes[me] = Apart(_MODULE, Limits(MEMORY_MOST, REPLY_MOST))
            process = self._processes[me]
        said, limit = _converse(process, question)
        if limit:
            with self._lock:
                del self._processes[me]
            process.end()
        return said, limit


def _converse(process: Apart, question: Question) -> Answer:
    """Ask a process, and return what it says, with the limit it reached before it was done."""
    seconds, start = question.asked.seconds, time.monotonic()
    said: list[dict[str, Any]] = []
    try:
        process.ask(pickle.dumps(question))
        while line := process.read_line(start + seconds):
            reply = json.loads(line)
            if not isinstance(reply, dict):
                break
            if "done" in reply:
                return said, next((it["limit"] for it in said if "limit" in it), "")
            if "pages" in reply and not said:
                seconds = allow_seconds(seconds, int(reply["pages"]))
            said.append(reply)
    except LimitError as error:
        return said, error.limit
    except (ValueError, TypeError, RecursionError):  # it was taken over, or wrote over its own words
        pass
    return said, "crash"


def _read_examined(said: Iterable[dict[str, Any]], limit: str, question: Question) -> Examined:
    name = str(question.path)
    try:
        found = next((load_examined(it["examined"]) for it in said if "examined" in it), None)
        if found:
            return replace(found, file=name)
        pages = next((int(it["pages"]) for it in said if "pages" in it), 0)
    except (ValueError, LookupError, TypeError, AttributeError):
        pages = 0
    return Examined(name, findings=(_explain(name, limit, allow_seconds(question.asked.seconds, pages)),))


def _explain(name: str, limit: str, seconds: float) -> Finding:
    """Return the finding on a file that could not be looked at to the end."""
    again = "export it again, with transparency flattened and fewer objects, or split it"
    messages = {
        "time": (f"takes more than {seconds:g} s to look at", f"{again}; --seconds gives it more time"),
        "memory": (f"takes more than {MEMORY_MOST // 1_000_000} MB of memory to look at", again),
        "size": ("has more to say than can be told", again),
    }
    crash = "ends the program that looks at it: it is damaged, or takes too much memory"
    message, hint = messages.get(limit, (crash, "export it again, from another program"))
    return Finding(name, "", message, hint)
