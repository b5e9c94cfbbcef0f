"""Chromium, driven as its developer tools drive it: messages with a NUL at the end, over two pipes.

https://chromedevtools.github.io/devtools-protocol/. Places are CSS pixels from the top-left of the window's content.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from tests.programs.installed import CHROMIUM

T = TypeVar("T")
PATIENCE = 60  # seconds; a busy machine starts a browser slowly
PAUSE = 0.05  # seconds between two looks at a page
CONTROL = 2  # bit of the Ctrl key
# Windows virtual-key codes
KEYS = {
    "Tab": 9,
    "Enter": 13,
    "End": 35,
    "Home": 36,
    "ArrowUp": 38,
    "ArrowDown": 40,
    "Delete": 46,
}  # Windows virtual-key codes
CHARACTERS = {"Enter": "\r", "Tab": "\t"}
OPTIONS = [
    "--headless=new",
    "--no-sandbox",  # root cannot have one, and what is opened is our own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--allow-file-access-from-files",  # a page of ours loads the modules of pdf.js
    "--enable-blink-features=LangAttributeAwareFormControlUI",  # a Dutch page asks for a date as dd-mm-yyyy
    "--remote-debugging-pipe",
]


class Chromium:
    """A running browser with an empty profile in `scratch`; `with Chromium(scratch) as browser`."""

    def __init__(self, scratch: Path) -> None:
        self._profile = scratch / "profile"
        self._profile.mkdir()
        command = [CHROMIUM, *OPTIONS, f"--user-data-dir={self._profile}", "about:blank"]
        self._process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null', "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "HOME": str(self._profile)},
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._output, self._input = self._process.stdin, self._process.stdout
        self._received = b""
        self._messages: list[dict[str, Any]] = []
        self._count = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self.call("Browser.close")
            self._process.wait(PATIENCE)
        except (OSError, AssertionError, subprocess.TimeoutExpired):
            os.killpg(self._process.pid, signal.SIGKILL)  # its own session, with all its processes
            self._process.wait()
        self._input.close()
        self._output.close()
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method: str, session: str = "", **parameters: Any) -> Any:
        """Send a message and return its result; events that come meanwhile are kept in `events`."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        whole = json.dumps(message).encode() + b"\0"
        while whole:  # a pipe takes as much as it has room for
            whole = whole[self._output.write(whole) or 0 :]
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._receive(method, deadline)
            if answer.get("id") == self._count:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self.events.append(answer)

    def open_tab(self, url: str, width: int, height: int) -> Tab:
        """Open an address in a tab whose content has this size."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        tab = Tab(self, self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        tab.call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        tab.call("Emulation.setDeviceMetricsOverride", **size)
        tab.call("Page.navigate", url=url)
        return tab

    def _receive(self, method: str, deadline: float) -> dict[str, Any]:
        while not self._messages:
            ready, _, _ = select.select([self._input], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"no answer to {method}"
            piece = os.read(self._input.fileno(), 1 << 20)
            assert piece, f"Chromium stopped at {method}"
            *whole, self._received = (self._received + piece).split(b"\0")
            self._messages += map(json.loads, whole)
        return self._messages.pop(0)


class Tab:
    """A page, or a frame that has a process of its own."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser, self._session = browser, session

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a message about this page and return its result."""
        return self._browser.call(method, self._session, **parameters)

    def find_frame(self) -> Tab:
        """Return the frame that this page holds."""

        def look() -> Tab | None:
            self._browser.call("Browser.getVersion")  # events come with answers
            for event in self._browser.events:
                is_ours = event.get("sessionId") == self._session and event["method"] == "Target.attachedToTarget"
                if is_ours and event["params"]["targetInfo"]["type"] == "iframe":
                    return Tab(self._browser, event["params"]["sessionId"])
            return None

        return wait_for(look, "a frame")

    def evaluate(self, expression: str) -> Any:
        """Return what JavaScript says here; a promise is waited for."""
        settings = {"returnByValue": True, "awaitPromise": True, "userGesture": True}
        answer = self.call("Runtime.evaluate", expression=expression, **settings)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """Return what JavaScript says here, as soon as it is truthy."""
        return wait_for(lambda: self.evaluate(expression), expression)

    def click(self, x: float, y: float) -> None:
        """Press and release the left mouse button."""
        place = {"x": x, "y": y, "button": "left", "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        self.call("Input.dispatchMouseEvent", type="mousePressed", **place)
        self.call("Input.dispatchMouseEvent", type="mouseReleased", **place)

    def type(self, text: str) -> None:
        """Type a text; a new line is the Enter key."""
        for character in text:
            if character == "\n":
                self.press("Enter")
            else:
                self.call("Input.dispatchKeyEvent", type="char", text=character, key=character)

    def retype(self, old: str, new: str) -> None:
        """Type over what stands in the field that has the focus."""
        self.press("Home", CONTROL)
        for _ in old.replace("\r\n", "\n"):
            self.press("Delete")
        self.type(new)

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press and release one key of `KEYS`."""
        code = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key], "modifiers": modifiers}
        text = {} if modifiers or key not in CHARACTERS else {"text": CHARACTERS[key]}
        down = "keyDown" if text else "rawKeyDown"
        self.call("Input.dispatchKeyEvent", type=down, **text, **code)
        self.call("Input.dispatchKeyEvent", type="keyUp", **code)


def wait_for(look: Callable[[], T | None], what: str) -> T:
    """Return what `look` gives, as soon as it gives something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(PAUSE)
    return found
