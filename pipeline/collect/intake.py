"""Files -> what was read of each, a few at once, each in a process of its own (`process.py`).

No file is held here, only what it says. One that cannot be opened or read gets a verdict like every other.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import IO

from pipeline.collect.answers import Answers
from pipeline.collect.context import Reader, hide_names, keep_answers
from pipeline.collect.folders import Named, show_name
from pipeline.collect.judge import judge
from pipeline.collect.ledger import Seen
from pipeline.collect.limits import FILE_MOST
from pipeline.collect.process import read_apart
from pipeline.errors import Finding

Progress = Callable[[str, str, int, int], None]  # (file, verdict, done, all)

_AHEAD = 4  # files that wait for each process: enough that none is idle, few enough that nothing piles up
_RIGHTS = "check the rights of the file, and whether another program has it open"
_ORDINARY = "name a PDF that was returned"


@dataclass(frozen=True)
class Read:
    """What came out of one file that was named.

    Attributes:
        named: the file.
        seen: what was read of it.
        known: it was read before, with the same choices.
    """

    named: Named
    seen: Seen
    known: bool


def read_files(
    files: Sequence[Named], known: Mapping[tuple[str, str], Seen], reader: Reader, progress: Progress | None, jobs: int
) -> Iterator[Read]:
    """Read files, and yield what came out, in their order.

    Args:
        files: those that are named.
        known: by name and bytes, what was read before.
        reader: what they are read with.
        progress: called for each file that is done.
        jobs: how many processes; 0: as many as there are cores.
    """
    count = max(1, min(jobs or os.cpu_count() or 1, len(files)))
    pool = ThreadPoolExecutor(count)
    waiting: deque[Future[Read]] = deque()
    rest, done = iter(files), 0
    try:
        while True:
            while len(waiting) < count * _AHEAD and (named := next(rest, None)):
                waiting.append(pool.submit(_read, named, known, reader))
            if not waiting:
                return
            read = waiting.popleft().result()
            done += 1
            if progress:
                progress(show_name(read.named.name), read.seen.verdict, done, len(files))
            yield read
    finally:
        pool.shutdown(cancel_futures=True)


def _read(named: Named, known: Mapping[tuple[str, str], Seen], reader: Reader) -> Read:
    """Read one file, unless it is known."""
    if named.problem:
        return Read(named, _refuse(named, reader, named.problem, named.hint), False)
    try:
        about = named.path.stat()
        if not stat.S_ISREG(about.st_mode):  # opening a pipe would wait for its other end
            return Read(named, _refuse(named, reader, "is no ordinary file", _ORDINARY), False)
        if about.st_size > FILE_MOST:  # a hash of it might take hours
            message = f"holds more than a form can: at most {FILE_MOST // 1_000_000} MB are read"
            return Read(named, _refuse(named, reader, message, _ORDINARY), False)
        with named.path.open("rb", buffering=0) as file:
            return _read_open(named, file, known, reader)
    except OSError as error:
        return Read(named, _refuse(named, reader, f"cannot be read: {error.strerror or error}", _RIGHTS), False)


def _read_open(named: Named, file: IO[bytes], known: Mapping[tuple[str, str], Seen], reader: Reader) -> Read:
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    before = known.get(("" if reader.choices.pseudonymous else named.name, sha256))
    if before and before.basis == reader.basis and before.verdict != "refused":  # a busy machine may be the cause
        return Read(named, before, True)
    file.seek(0)
    reading = read_apart(file)
    saved = time.strftime("%Y%m%d%H%M%S", time.gmtime(os.fstat(file.fileno()).st_mtime))
    answers = judge(show_name(named.name), reading, reader.definitions)
    kept = keep_answers(answers, reader)
    name = "" if kept.hidden else named.name
    modified = (reading.form.modified if reading.form else "", before.modified[1] if before else saved)
    return Read(named, replace(kept, name=name, sha256=sha256, modified=modified), False)


def _refuse(named: Named, reader: Reader, message: str, hint: str) -> Seen:
    finding = Finding(show_name(named.name), "", message, hint)
    answers = Answers("", "", {}, "refused", (finding,))
    seen = replace(keep_answers(answers, replace(reader, choices=replace(reader.choices, pseudonymous=False))))
    seen = replace(seen, name=named.name, basis=reader.basis)
    return hide_names(seen, reader) if reader.choices.pseudonymous else seen


def merge_seen(before: Sequence[Seen], read: Sequence[Seen]) -> list[Seen]:
    """Put what was read now in the place of what was known of the same file; all else stays."""
    now: dict[tuple[str, str], Seen] = {}
    for it in read:
        copies = now[it.key].copies + 1 if it.key in now else 1
        now[it.key] = replace(it, copies=copies)
    known = {it.key: it for it in before}
    for key, it in now.items():
        copies = max(it.copies, known[key].copies if key in known else 1)
        known[key] = replace(it, copies=copies)
    opened = {it.name for it in now.values() if it.sha256}
    bytes_now = {it.sha256 for it in now.values() if it.sha256 and not it.hidden}
    return [
        it
        for it in known.values()
        if not (not it.sha256 and it.name in opened)  # it can be opened now
        and not (it.hidden and it.sha256 in bytes_now)  # its name is known now
    ]
