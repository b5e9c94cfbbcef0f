"""The engine of VS Code's YAML extension, spoken to as VS Code does: JSON-RPC over standard input and output."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any

SETTINGS = {"yaml": {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}}
PATIENCE = 30  # seconds


class LanguageServer:
    """A running server; `with LanguageServer(path) as server`."""

    def __init__(self, program: str | Path, root: Path) -> None:
        command = ["node", str(program), "--stdio"]
        env = {**os.environ, "NODE_NO_WARNINGS": "1"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
        )
        self._answers: dict[int, Queue[Any]] = {}
        self._found: dict[str, Queue[list[dict[str, Any]]]] = {}
        threading.Thread(target=self._listen, daemon=True).start()
        snippets = {"completionItem": {"documentationFormat": ["plaintext"], "snippetSupport": True}}
        capabilities = {"textDocument": {"completion": snippets, "publishDiagnostics": {}}, "workspace": {}}
        self.ask("initialize", processId=None, rootUri=root.as_uri(), capabilities=capabilities)
        self._tell("initialized")
        self._tell("workspace/didChangeConfiguration", settings=SETTINGS)

    def __enter__(self) -> LanguageServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def open(self, path: Path, text: str) -> list[dict[str, Any]]:
        """Show the server a file with this text; return its diagnostics."""
        uri = path.as_uri()
        self._found[uri] = Queue()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", textDocument=document)
        return self._found[uri].get(timeout=PATIENCE)

    def complete(self, path: Path, line: int, character: int) -> dict[str, str]:
        """Return what is offered at a place (both from 0): label -> its description."""
        found = self._ask_at("textDocument/completion", path, line, character)
        items = found["items"] if isinstance(found, dict) else found
        return {item["label"]: _plain(item.get("documentation") or "") for item in items}

    def hover(self, path: Path, line: int, character: int) -> str:
        """Return what is shown at a place (both from 0)."""
        found = self._ask_at("textDocument/hover", path, line, character)
        return _plain(found["contents"]) if found else ""

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a request and wait for its answer."""
        number = len(self._answers) + 1
        self._answers[number] = Queue()
        self._send({"id": number, "method": method, "params": parameters})
        try:
            answer = self._answers[number].get(timeout=PATIENCE)
        except Empty:
            raise TimeoutError(f"no answer to {method}") from None
        assert "error" not in answer, answer
        return answer["result"]

    def _ask_at(self, method: str, path: Path, line: int, character: int) -> Any:
        position = {"line": line, "character": character}
        return self.ask(method, textDocument={"uri": path.as_uri()}, position=position)

    def _tell(self, method: str, **parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        stream = self._process.stdout
        while head := stream.readline():
            length = int(head.split(b":")[1])
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(length))
            if "method" not in message:
                self._answers[message["id"]].put(message)
            elif message["method"] == "textDocument/publishDiagnostics":
                queue = self._found.get(message["params"]["uri"])
                if queue is not None:
                    queue.put(message["params"]["diagnostics"])
            elif "id" in message:  # the server asks for settings, or wants to register something
                items = message.get("params", {}).get("items", [])
                result = [SETTINGS.get(item.get("section"), {}) for item in items]
                self._send({"id": message["id"], "result": result if items else None})


def _plain(text: Any) -> str:
    return text["value"] if isinstance(text, dict) else str(text)
