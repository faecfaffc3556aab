"""A server on the loopback that answers as told: well, badly, slowly, or not to the end."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answer = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; answers are written through it."""

    protocol_version = "HTTP/1.1"
    server: "Loopback"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path, status(404))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        try:
            answer(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def head(self, code: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Loopback(ThreadingHTTPServer):
    """The server: ``answers`` by path (a list is used up from its front), and what was ``asked``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.answers: dict[str, Answer | list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.scheme = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that refuses our certificate hangs up: nothing to report."""


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[Loopback]:
    server = Loopback()
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Times:
    """A clock that stands still and remembers for how long it was asked to sleep."""

    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def status(code: int, **headers: str) -> Answer:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: request.head(code, {"Content-Length": "0", **said})


def body(content: bytes, kind: str = "application/octet-stream", **headers: str) -> Answer:
    """Answer with a body; with an ETag, also 304 and the rest of a body."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(request: Request) -> None:
        etag = said.get("ETag", "")
        asked = request.headers
        if etag and asked.get("If-None-Match") == etag:
            request.head(304, {"ETag": etag})
            return
        start = asked.get("Range", "").removeprefix("bytes=").removesuffix("-")
        if etag and start and asked.get("If-Range") == etag:
            rest = content[int(start) :]
            place = f"bytes {start}-{len(content) - 1}/{len(content)}"
            request.head(
                206, {"Content-Type": kind, "Content-Length": str(len(rest)), "Content-Range": place, **said}
            )
            request.wfile.write(rest)
            return
        request.head(200, {"Content-Type": kind, "Content-Length": str(len(content)), **said})
        request.wfile.write(content)

    return answer


def cut(content: bytes, after: int, **headers: str) -> Answer:
    """Promise the whole and hang up after some bytes."""

    def answer(request: Request) -> None:
        request.head(200, {"Content-Length": str(len(content)), **headers})
        request.wfile.write(content[:after])
        request.wfile.flush()
        request.connection.shutdown(socket.SHUT_RDWR)
        request.close_connection = True

    return answer


def drip(content: bytes, seconds: float) -> Answer:
    """Send a byte now and then, never silent for long, never done."""

    def answer(request: Request) -> None:
        request.head(200, {"Content-Length": str(len(content))})
        for i in range(len(content)):
            request.wfile.write(content[i : i + 1])
            request.wfile.flush()
            time.sleep(seconds)

    return answer


def drip_head(seconds: float) -> Answer:
    """Send the head byte by byte."""

    def answer(request: Request) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 500:
            request.wfile.write(bytes([letter]))
            request.wfile.flush()
            time.sleep(seconds)
        request.close_connection = True

    return answer


def silence(seconds: float) -> Answer:
    def answer(request: Request) -> None:
        time.sleep(seconds)
        request.close_connection = True

    return answer
