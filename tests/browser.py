"""A headless Chromium over the DevTools protocol: open a local page, ask it things, take its picture.

Used by tests marked ``browser``. Only what these tests need: one page at a time, one command at a time.
"""

import base64
import contextlib
import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

import websocket

FLAGS = (
    "--headless",
    "--no-sandbox",  # Chromium refuses to run as root with its sandbox, and CI is often root
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
PATIENCE_SECONDS = 60.0
PHONE = (390, 844)
DESKTOP = (1280, 900)

Vision = Literal["none", "achromatopsia", "deuteranopia", "protanopia", "tritanopia", "blurredVision"]


class Browser:
    """A running browser; :meth:`open` gives pages."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self._port = port

    @classmethod
    @contextlib.contextmanager
    def start(cls, program: str, profile: Path) -> Iterator[Self]:
        """Run the browser with the empty folder ``profile`` as its user data, and end it afterwards."""
        command = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield cls(process, _wait_for_port(process, profile / "DevToolsActivePort"))
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @contextlib.contextmanager
    def open(self, path: Path, *, size: tuple[int, int] = DESKTOP) -> Iterator["Page"]:
        """Load a local HTML file in a new page of ``size`` (width, height in CSS pixels); close it after."""
        target = self._ask("new?about:blank", method="PUT")
        connection = websocket.create_connection(target["webSocketDebuggerUrl"], timeout=PATIENCE_SECONDS)
        try:
            page = Page(connection)
            page.set_size(*size)
            page.load(path)
            yield page
        finally:
            connection.close()
            self._ask(f"close/{target['id']}", method="GET")

    def _ask(self, what: str, *, method: str) -> dict[str, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}/json/{what}", method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback needs no proxy
        with opener.open(request, timeout=PATIENCE_SECONDS) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.startswith("{") else {}


class Page:
    """One open page: its requests, its errors, and what it shows."""

    def __init__(self, connection: websocket.WebSocket) -> None:
        self._connection = connection
        self._last_id = 0
        self.requests: list[str] = []
        """Every address asked for, the page's own included; ``data:`` addresses are left out."""
        self.errors: list[str] = []
        """Uncaught exceptions, console errors, and loads that failed."""
        self._loaded = False
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send one DevTools command and return its answer; events that come in between are recorded."""
        self._last_id += 1
        self._connection.send(json.dumps({"id": self._last_id, "method": method, "params": parameters}))
        while True:
            message = self._receive()
            if message.get("id") == self._last_id:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                answer: dict[str, Any] = message["result"]
                return answer

    def load(self, path: Path) -> None:
        """Load a local file and wait until it and its fonts are there."""
        self._loaded = False
        self.call("Page.navigate", url=path.resolve().as_uri())
        while not self._loaded:
            self._receive()
        self.evaluate("document.fonts.ready.then(() => true)")

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression (a promise is awaited).

        Raises
        ------
        RuntimeError
            If the expression throws.
        """
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(_exception_text(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def set_size(self, width: int, height: int, *, phone: bool = False) -> None:
        """Set the viewport in CSS pixels; ``phone`` also obeys the page's own viewport line."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )

    def emulate(self, *, medium: Literal["", "print", "screen"] = "", vision: Vision = "none") -> None:
        """Show the page as on ``medium``, and as seen with ``vision`` (``achromatopsia`` is grey)."""
        self.call("Emulation.setEmulatedMedia", media=medium)
        self.call("Emulation.setEmulatedVisionDeficiency", type=vision)

    def screenshot(self, path: Path, *, whole: bool = True) -> Path:
        """Write a PNG of the whole page, or of what the viewport shows, and return its path."""
        answer = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole, **self._clip(whole)
        )
        path.write_bytes(base64.b64decode(answer["data"]))
        return path

    def print_pdf(self, path: Path) -> Path:
        """Write the page as it prints on A4, and return the path."""
        answer = self.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, printBackground=True)
        path.write_bytes(base64.b64decode(answer["data"]))
        return path

    def overflow(self) -> int:
        """Return by how many CSS pixels the page is wider than its viewport; 0 is good."""
        width: int = self.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width

    def _clip(self, whole: bool) -> dict[str, Any]:
        if not whole:
            return {}
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._connection.recv())
        parameters = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if not url.startswith("data:"):
                    self.requests.append(url)
            case "Network.loadingFailed":
                self.errors.append(f"load failed: {parameters['errorText']}")
            case "Runtime.exceptionThrown":
                self.errors.append(_exception_text(parameters["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if parameters["type"] in {"error", "assert"}:
                self.errors.append(" ".join(str(item.get("value", "")) for item in parameters["args"]))
            case "Log.entryAdded" if parameters["entry"]["level"] == "error":
                self.errors.append(parameters["entry"]["text"])
            case "Page.loadEventFired":
                self._loaded = True
        return message


def _exception_text(details: dict[str, Any]) -> str:
    return str(details.get("exception", {}).get("description", details["text"]))


def _wait_for_port(process: subprocess.Popen[bytes], file: Path) -> int:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the browser ended with code {process.returncode} before it was ready")
        if file.is_file() and (lines := file.read_text().split()):
            return int(lines[0])
        time.sleep(0.05)
    raise RuntimeError("the browser was not ready in time")
