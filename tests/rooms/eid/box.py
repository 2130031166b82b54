"""A line to SignBox: it carries what goes by, remembers it, and can answer in SignBox's place."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from .hostile import Raw


@dataclass(frozen=True)
class Call:
    """A call as it went by."""

    path: str
    kind: str
    body: bytes

    def field(self, name: str) -> str:
        """Return a field of its form."""
        found = re.search(rb'name="%s"\r\n\r\n(.*?)\r\n' % name.encode(), self.body)
        return found[1].decode() if found else ""

    @property
    def document(self) -> bytes:
        """The file in its form."""
        found = re.search(rb'name="file".*?\r\n\r\n(.*)\r\n--', self.body, re.DOTALL)
        return found[1] if found else b""

    def but(self, **fields: str) -> Call:
        """Return the same call with other fields."""
        body = self.body
        for name, value in fields.items():
            body = re.sub(rb'(name="%s"\r\n\r\n).*?(?=\r\n)' % name.encode(), rb"\g<1>" + value.encode(), body)
        return Call(self.path, self.kind, body)


@dataclass
class Box:
    """A line to the SignBox at `to`; `instead` answers a path (`otp`) in its place, or with None never."""

    to: str
    url: str = ""
    heard: list[Call] = field(default_factory=list[Call])
    instead: dict[str, Callable[[Call], Raw] | None] = field(default_factory=dict[str, Callable[[Call], Raw] | None])

    @property
    def paths(self) -> list[str]:
        """What was called, in order."""
        return [call.path for call in self.heard]

    def carried(self, call: Call, query: str = "") -> Raw:
        """Return SignBox's own answer to a call."""
        url, headers = f"{self.to}/signbox/api/v1/{call.path}", {"content-type": call.kind}
        with httpx.Client(trust_env=False, timeout=30) as http:
            if call.path == "echo":
                answer = http.get(f"{url}?{query}")
            else:
                answer = http.post(url, content=call.body, headers=headers)
        return Raw(answer.content, answer.status_code, answer.headers["content-type"])

    def answer(self, call: Call, query: str) -> Raw | None:
        """Return what goes back; None when nothing does."""
        self.heard.append(call)
        if call.path in self.instead:
            instead = self.instead[call.path]
            return instead(call) if instead else None
        return self.carried(call, query)


@contextmanager
def line(to: str) -> Generator[Box]:
    """Give a line to the SignBox of an eID, on a port of its own."""
    box = Box(to)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"box": box}))
    server.daemon_threads = True
    server.block_on_close = False
    box.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    box: Box

    def do_GET(self, body: bytes = b"") -> None:
        path, _mark, query = self.path.partition("?")
        assert path.startswith("/signbox/api/v1/"), path
        call = Call(path.removeprefix("/signbox/api/v1/"), self.headers.get("content-type", ""), body)
        raw = self.box.answer(call, query)
        if raw is None:
            time.sleep(60)
            return
        self.send_response(raw.status)
        for name, value in {"content-type": raw.kind, "content-length": str(len(raw.body)), **raw.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(raw.body)

    def do_POST(self) -> None:
        self.do_GET(self.rfile.read(int(self.headers.get("content-length", "0"))))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Keep quiet."""
