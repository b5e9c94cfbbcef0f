"""A project that is built again after each change, until it is told to stop. An error is shown and does not end it.

Processes are kept from build to build, so that Typst sets again only what changed.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.build import Options, Report, build
from pipeline.errors import DrukwerkError, UsageError
from pipeline.manifest import read_manifest
from pipeline.status import find_project
from pipeline.workers import Workers

GATHER_MS = 100  # an editor saves a file in several steps, and a person several files at once
LOOK_MS = 1000  # how often folders are looked for that were not there, or became others
PATIENCE = 30.0  # seconds to wait for another build in the same folder
FOLDERS = ("content", "layouts", "assets")


@dataclass(frozen=True)
class Outcome:
    """What came of one build: a report, or the error that stopped it.

    Attributes:
        seconds: what it took.
    """

    seconds: float
    report: Report | None
    error: Exception | None


def watch(
    project: Path,
    options: Options,
    workers: Workers,
    show: Callable[[Outcome], None],
    stop: threading.Event | None = None,
) -> None:
    """Build, and build again after each change of the content, the layouts, the fonts or the logo.

    Args:
        project: the folder that holds `content/`.
        options: what to make and how; a build of somebody else in the same folder is waited for.
        workers: processes to make documents in.
        show: is told of every build that did something.
        stop: ends it when it is set; else Ctrl-C does.
    """
    from watchfiles import watch as list_changes

    project = find_project(project)
    look = _Look(project, replace(options, wait=PATIENCE), workers, show)
    stop = stop or threading.Event()
    look.build(changed=True)
    while not stop.is_set():
        places = _find_places(project, look.places)
        folders = [path for path in places if path.is_dir()]
        if not folders:
            stop.wait(LOOK_MS / 1000)
            continue
        look.settled = False  # what was saved before the watch began is found by one more look
        with contextlib.suppress(FileNotFoundError):
            for changes in list_changes(
                *folders,
                watch_filter=lambda _, path: _is_content(Path(path).relative_to(project)),
                step=GATHER_MS,
                rust_timeout=LOOK_MS,
                yield_on_timeout=True,
                stop_event=stop,
            ):
                if changes or not look.settled:
                    look.build(changed=bool(changes))
                if _find_places(project, look.places) != places:
                    break


class _Look:
    """The builds of one watch.

    Attributes:
        settled: nothing is left to look at before something changes.
        places: folders of the project in which something was read, and single files beside them, by name.
    """

    def __init__(self, project: Path, options: Options, workers: Workers, show: Callable[[Outcome], None]) -> None:
        self.project = project
        self.options = options
        self.workers = workers
        self.show = show
        self.settled = False
        self.places: set[str] = set(FOLDERS)
        self._own = (project / "content").is_dir()
        self._said = ""

    def build(self, changed: bool) -> None:
        """Build; show what came of it where something changed or was made, and an error once."""
        begun = time.perf_counter()
        report, error = self._try_build()
        said = str(error or "")
        if changed or said != self._said or (report and report.published):
            self.show(Outcome(time.perf_counter() - begun, report, error))
        self._said = said
        self.settled = not isinstance(error, UsageError)  # a folder that is gone may come back without a sign
        done = read_manifest(self.project / "build").complete
        self.places |= {*(done.extra if done else ()), *(report.extra if report else ())}

    def _try_build(self) -> tuple[Report | None, Exception | None]:
        try:
            if self._own and not (self.project / "content").is_dir():
                raise UsageError(f"the folder '{self.project / 'content'}' is gone; waiting until it is back")
            report = build(self.project, self.options, workers=self.workers)
        except Exception as error:  # also one that nobody foresaw: the next save may mend it
            return None, error
        return report, _find_error(report)


def _find_error(report: Report) -> DrukwerkError | None:
    try:
        report.require_success()
    except DrukwerkError as error:
        return error
    return None


def _find_places(project: Path, names: Iterable[str]) -> dict[Path, int]:
    """Return the folders to watch with their numbers on the disk, and single files with their times.

    A folder that was moved and made anew is another one; a logo may lie beside what is never watched, such as `build/`.
    """
    found = {}
    for name in sorted(names):
        with contextlib.suppress(OSError):
            facts = (project / name).stat()
            found[project / name] = facts.st_ino if (project / name).is_dir() else facts.st_mtime_ns
    return found


def _is_content(path: Path) -> bool:
    """Say whether a changed file can matter, by its path in the project: not what editors keep beside a file."""
    hidden = any(part.startswith((".", "#", "~")) for part in path.parts)
    return not (hidden or path.name.endswith(("~", ".swp", ".tmp", ".part")) or path.name == "4913")
