"""Processes that are kept: work goes to them in pieces, and a piece of one kind goes where its kind went before.

What Typst set once it remembers, in the process that set it. So a process that made a deck makes it again in a tenth
of the time, as long as it is the same process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline.errors import DrukwerkError, Finding

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

MEMORY_MOST = 1_500_000_000  # bytes; a process that holds more after its work is replaced: Typst gives none back
EARLY = 2  # processes that start before it is known how much work there is


@dataclass(frozen=True)
class Piece:
    """One call in another process.

    Attributes:
        call, args: what is called there; both travel by pickle.
        kind: pieces of one kind go to one process, as long as others have enough to do.
        weight: how much memory it needs, in the unit of `Workers.room`.
    """

    call: Callable[..., Any]
    args: tuple[Any, ...]
    kind: Hashable
    weight: float = 0.0


class Workers:
    """A few processes. They start when they are needed and end with the `with` block, or with this process.

    Args:
        count: how many.
        room: the sum of weights that may be worked on at once; a single piece may weigh more.
    """

    def __init__(self, count: int, room: float = float("inf")) -> None:
        self.count = count
        self.room = room
        self._places: list[_Worker | None] = [None] * count
        self._homes: dict[Hashable, int] = {}

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def start(self, call: Callable[[], object]) -> None:
        """Start some processes before there is work, and let them do this first (imports, say)."""
        for index, worker in enumerate(self._places[:EARLY]):
            if worker is None:
                worker = self._places[index] = _Worker()
                worker.send(call, ())
                worker.unasked += 1

    def end(self) -> None:
        """End all processes at once, whatever they do."""
        for worker in filter(None, self._places):
            worker.kill()
        self._places = [None] * len(self._places)

    def run(self, pieces: Sequence[Piece]) -> Iterator[Any]:
        """Do all pieces; yield what each returns, as they are done.

        Raises:
            DrukwerkError: a process was ended from outside.
        """
        waiting = list(pieces)
        busy: dict[int, Piece] = {}
        try:
            while waiting or busy:
                self._hand_out(waiting, busy)
                for index, result in self._collect(busy):
                    del busy[index]
                    yield result
        finally:
            for index in busy:  # an error or an interrupt: nobody waits for what they do
                self._dismiss(index)

    def _hand_out(self, waiting: list[Piece], busy: dict[int, Piece]) -> None:
        """Give every idle process a piece, where there is one that fits in the room."""
        for index in range(len(self._places)):
            if index in busy:
                continue
            room = self.room - sum(piece.weight for piece in busy.values())
            piece = self._choose(index, [piece for piece in waiting if not busy or piece.weight <= room])
            if piece is None:
                continue
            self._homes.setdefault(piece.kind, index)
            worker = self._places[index]
            if worker is None or not worker.process.is_alive():  # somebody may have ended it while it was idle
                worker = _Worker()
            self._places[index] = worker
            worker.send(piece.call, piece.args)
            waiting.remove(piece)
            busy[index] = piece

    def _choose(self, index: int, pieces: list[Piece]) -> Piece | None:
        """Return the piece a process is best given: of its own kind, of a new kind, or of one that has to wait."""
        own = (piece for piece in pieces if self._homes.get(piece.kind) == index)
        fresh = (piece for piece in pieces if piece.kind not in self._homes)
        return next(own, None) or next(fresh, None) or next(iter(pieces), None)

    def _collect(self, busy: dict[int, Piece]) -> list[tuple[int, Any]]:
        """Wait until at least one process is done; return the results."""
        from multiprocessing.connection import wait

        ready = wait([self._worker(index).connection for index in busy])
        results = []
        for index in [index for index in busy if self._worker(index).connection in ready]:
            reply: tuple[Exception | None, Any, int]
            worker = self._worker(index)
            try:
                reply = worker.connection.recv()
            except (EOFError, OSError):
                raise _name_death() from None
            if worker.unasked:  # what it did before there was work; an error there comes again with the work
                worker.unasked -= 1
                continue
            error, result, memory = reply
            if error is not None:
                raise error
            if memory > MEMORY_MOST:
                self._dismiss(index)
            results.append((index, result))
        return results

    def _worker(self, index: int) -> _Worker:
        worker = self._places[index]
        assert worker is not None
        return worker

    def _dismiss(self, index: int) -> None:
        worker, self._places[index] = self._places[index], None
        if worker:
            worker.kill()


class _Worker:
    """One process, and the connection to it."""

    def __init__(self) -> None:
        context = _choose_context()
        self.connection: Connection
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _held_signals():
            self.process.start()
        theirs.close()
        self.unasked = 0  # replies that nobody waits for

    def send(self, call: Callable[..., Any], args: tuple[Any, ...]) -> None:
        """Ask it to call something."""
        try:
            self.connection.send((call, args))
        except OSError:
            raise _name_death() from None

    def kill(self) -> None:
        """End it at once; it writes to the staging folder only, so nothing is torn."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def _name_death() -> DrukwerkError:
    hint = "perhaps the memory was full: try --jobs 1"
    return DrukwerkError(findings=[Finding("", "", "a process of the build was ended from outside", hint)])


def _choose_context() -> Any:
    """Return how processes start: as a copy of this one where that is safe, which is ten times as fast."""
    import multiprocessing

    try:
        # By the count of the system: Typst and PDFium start threads that Python does not know of.
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    except OSError:
        threads = 2
    return multiprocessing.get_context("fork" if threads == 1 else "spawn")


@contextlib.contextmanager
def _held_signals() -> Iterator[None]:
    """Hold signals back while a process starts; one that is torn from its start prints a traceback.

    The process inherits it, so Ctrl-C, which a terminal sends to all, does not reach it either.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection) -> NoReturn:
    """Do what comes over the connection until there is nobody at its other end; runs in the process itself."""
    import multiprocessing

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    parent = multiprocessing.parent_process()

    def end_with_parent() -> None:
        if parent:
            parent.join()
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()
    while True:
        try:
            call, args = connection.recv()
        except (EOFError, OSError):
            os._exit(0)
        connection.send(_answer(call, args))


def _answer(call: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Exception | None, Any, int]:
    """Return (error, result, bytes held) of a call."""
    try:
        return None, call(*args), _held_memory()
    except Exception as error:
        return error, None, _held_memory()


def _held_memory() -> int:
    """Return the bytes this process holds; where only the most it ever held is known, that; 0 where nothing is."""
    try:
        # The most it ever held would count what the process held that this one was copied from.
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        pass
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
