"""A file -> a Reading, from a process of its own that ends when it takes too long or too much.

What the process says is plain JSON; nothing of the PDF is parsed here.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from pipeline.collect.limits import MEMORY_MOST, REPLY_MOST, SECONDS_MOST
from pipeline.pdf.found import Reading, Refusal, load_form

_PACKAGES = Path(__file__).resolve().parents[2]  # where this package lies: a checkout, or site-packages
_LOOK_EVERY = 0.05  # seconds; memory grows by some 50 MB meanwhile
_LIMITS_ITSELF = sys.platform == "linux"  # elsewhere no system keeps a process below a limit: it is watched
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows opens a console for each process otherwise


def read_apart(file: IO[bytes]) -> Reading:
    """Have an open file read in a process of its own.

    Returns:
        What it says; a refusal where a limit ended it. Never later than `SECONDS_MOST`, give or take its end.
    """
    deadline = time.monotonic() + SECONDS_MOST
    paths = [str(_PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "pipeline.collect.child"],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        creationflags=_NO_WINDOW,
    )
    try:
        reply, refusal = _wait(process, deadline)
    finally:
        process.kill()
        process.wait()
    return _read_reply(reply, refusal, process.returncode)


def _wait(process: subprocess.Popen[bytes], deadline: float) -> tuple[bytes, Refusal | None]:
    """Return what a process says, and the limit that it reached before it was done."""
    assert process.stdout is not None
    source, pieces = process.stdout, list[bytes]()

    def listen() -> None:
        size = 0
        while size <= REPLY_MOST and (piece := os.read(source.fileno(), 1 << 16)):
            size += len(piece)
            pieces.append(piece)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    refusal: Refusal | None = None
    while listener.is_alive() and refusal is None:
        listener.join(_LOOK_EVERY)
        if time.monotonic() > deadline:
            refusal = "time"
        elif not _LIMITS_ITSELF and read_memory(process.pid) > MEMORY_MOST:
            refusal = "memory"
    if refusal is None and sum(map(len, pieces)) <= REPLY_MOST:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)  # it has said all and ends by itself
    process.kill()  # its end of the pipe closes, so whoever listens is done
    listener.join()
    source.close()
    reply = b"".join(pieces)
    return (reply, refusal) if len(reply) <= REPLY_MOST else (b"", "size")


def _read_reply(reply: bytes, refusal: Refusal | None, code: int) -> Reading:
    """Put together what a process said; where it did not come to its end, a limit or a crash was the cause."""
    said: dict[str, Any] = {}
    try:
        for line in reply[: reply.rfind(b"\n") + 1].splitlines():
            said.update(json.loads(line))
        form = load_form(said["form"]) if "form" in said else None
        refusal = said.get("refusal", refusal)
    except (ValueError, LookupError, TypeError, RecursionError, AttributeError):
        return Reading(refusal=refusal or "crash", detail="the reading program said nothing of use")
    detail = str(said.get("detail", ""))
    if refusal is None and not said.get("done"):
        refusal, detail = "crash", f"the reading program ended with {code}"
    return Reading(form, "identity" in said, str(said.get("identity", "")), refusal, detail)


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
