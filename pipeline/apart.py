"""A process of its own for files that come from outside: it says lines, and limits of time and memory end it.

The process that waits parses nothing of such a file. Linux keeps a process below its limits by itself (`limit_self`);
elsewhere the one that waits watches it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

_PACKAGES = Path(__file__).resolve().parents[1]  # where this package lies: a checkout, or site-packages
LOOK_EVERY = 0.05  # seconds; memory grows by some 50 MB meanwhile
LIMITS_ITSELF = sys.platform == "linux"  # elsewhere no system keeps a process below a limit: it is watched
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows opens a console for each process otherwise

Limit = Literal["time", "memory", "size"]


class LimitError(Exception):
    """The process reached a limit; it has to be ended."""

    def __init__(self, limit: Limit) -> None:
        self.limit: Limit = limit
        super().__init__(limit)


@dataclass(frozen=True)
class Limits:
    """What a process may take: bytes of memory, and bytes that it may say on one question."""

    memory: int
    reply: int


class Apart:
    """A process of its own that runs a module of this package.

    Args:
        module: its name; it reads standard input and writes lines.
        limits: what it may take.
        stdin: a file that it reads whole; by default it is asked with `ask`, one question after the other.
    """

    def __init__(self, module: str, limits: Limits, stdin: IO[bytes] | int = subprocess.PIPE) -> None:
        paths = [str(_PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._limits = limits
        self._said = 0
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()  # None: it says no more
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            creationflags=_NO_WINDOW,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def ask(self, question: bytes) -> None:
        """Send it a question, after it has answered the one before; one that has ended does not hear it."""
        assert self._process.stdin is not None
        self._said = 0
        with contextlib.suppress(OSError):
            self._process.stdin.write(question)
            self._process.stdin.flush()

    def read_line(self, deadline: float) -> bytes:
        """Wait for the next line that it says; empty when it has ended.

        Args:
            deadline: in seconds of `time.monotonic`.

        Raises:
            LimitError: it takes too long, or too much.
        """
        while True:
            if time.monotonic() > deadline:
                raise LimitError("time")
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=LOOK_EVERY)
                if line is not None:
                    return line
                self._lines.put(None)
                if self._said > self._limits.reply:
                    raise LimitError("size")
                return b""
            if not LIMITS_ITSELF and read_memory(self._process.pid) > self._limits.memory:
                raise LimitError("memory")

    def kill(self) -> None:
        """Let it end at once; whoever waits for its next line is told that there is none."""
        self._process.kill()

    def end(self, patience: float = 0.0) -> int:
        """End it, and return the code that it ended with; one that is done may take some seconds to end by itself."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self._process.kill()  # its end of the pipe closes, so whoever listens is done
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        source, rest = self._process.stdout.fileno(), list[bytes]()
        while self._said <= self._limits.reply and (piece := os.read(source, 1 << 16)):
            self._said += len(piece)
            *lines, last = piece.split(b"\n")
            for line in lines:
                self._lines.put(b"".join([*rest, line]))
                rest.clear()
            rest.append(last)
        self._lines.put(None)


def limit_self(memory: int, seconds: float) -> None:
    """Let the system end this process when it takes more: bytes in all, and seconds of the processor from now on.

    Where it has no such limits, the process that waits watches.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime + seconds) + 1
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, spent), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        with contextlib.suppress(ValueError, OSError):  # macOS knows RLIMIT_AS and refuses to set it
            resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def read_memory(pid: int) -> int:
    """Return the bytes another process holds; 0 where it is gone or the system does not say."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "win32":
        return _read_memory_windows(pid)
    with contextlib.suppress(OSError, ValueError, subprocess.SubprocessError):
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, timeout=1, check=False)
        return int(told.stdout or 0) * 1024
    return 0


def _read_memory_windows(pid: int) -> int:
    """Ask Windows for the working set of a process (GetProcessMemoryInfo)."""
    import ctypes
    from ctypes import wintypes

    sizes = [(name, ctypes.c_size_t) for name in ("peak", "held", "a", "b", "c", "d", "e", "f")]
    fields = [("cb", wintypes.DWORD), ("faults", wintypes.DWORD), *sizes]
    counters = type("Counters", (ctypes.Structure,), {"_fields_": fields})()
    counters.cb = ctypes.sizeof(counters)
    windll: Any = getattr(ctypes, "windll")  # noqa: B009 - only there on Windows
    kernel = windll.kernel32
    kernel.OpenProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD)
    kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return 0
    known = kernel.K32GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.cb)
    kernel.CloseHandle(handle)
    return int(counters.held) if known else 0
