"""The page that stands on the port until the server does: which step is under way, or which one failed."""

import re
import socket
import threading
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template

from laborreg.boot.words import SENTENCES, of_browser, say

PAGE = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
REFRESH_SECONDS = 2
MARKS = {"done": "✓", "now": "…", "failed": "✕", "todo": ""}
COUNT = re.compile(r"(\d+)\s*(?:/|of)\s*(\d+)")


@dataclass
class Progress:
    """How far the steps are; written by the one that takes them, read by the page."""

    titles: list[str]
    at: int = 0
    detail: str = ""
    advice: str = ""
    tail: list[str] = field(default_factory=list)

    def begin(self, title):
        self.at, self.detail = self.titles.index(title), ""

    def insert(self, titles):
        """Steps that follow the one that is under way."""
        self.titles[self.at + 1 : self.at + 1] = titles

    def tell(self, line):
        self.detail = line

    def fail(self, advice, tail):
        self.advice, self.tail = advice, tail

    @property
    def failed(self) -> bool:
        return bool(self.advice)

    @property
    def percent(self) -> int:
        """Steps that are done, and the part of this one where its last line counts (`month 12/25`)."""
        count = COUNT.search(self.detail)
        part = min(1, int(count[1]) / int(count[2])) if count and int(count[2]) else 0
        return round(100 * (self.at + part) / len(self.titles))

    def state(self, number) -> str:
        if number == self.at:
            return "failed" if self.failed else "now"
        return "done" if number < self.at else "todo"


def draw(progress: Progress, language: str) -> str:
    title = "could not start" if progress.failed else "making ready"
    return PAGE.substitute(
        lang="zh-Hans" if language == "zh" else "en",
        product=say("product", language),
        title=say(title, language),
        refresh="" if progress.failed else f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">',
        lead=_failure(progress, language) if progress.failed else f"<p>{say('wait', language)}</p>",
        percent=progress.percent,
        steps="\n".join(_step(progress, number, language) for number in range(len(progress.titles))),
    )


def _failure(progress, language):
    return (
        f'<div class="failure"><p>{say("step failed", language)} '
        f"<strong>{escape(say(progress.titles[progress.at], language))}</strong></p>"
        f'<h2>{say("what to do", language)}</h2><p>{escape(say(progress.advice, language))}</p>'
        f'<h2>{say("last lines", language)}</h2><pre>{escape(chr(10).join(progress.tail))}</pre></div>'
    )


def _step(progress, number, language):
    state = progress.state(number)
    title = escape(say(progress.titles[number], language))
    detail = f"<small>{escape(_short(progress.detail, language))}</small>" if state == "now" else ""
    return f'<li class="{state}"><b title="{say(state, language)}">{MARKS[state]}</b>{title}{detail}</li>'


def _short(line, language):
    """A line as the page shows it. In Chinese only its count: what tools say is English."""
    if line in SENTENCES:
        return say(line, language)
    if language == "zh":
        count = COUNT.search(line)
        return f"{count[1]} / {count[2]}" if count else ""
    return line.removeprefix("seed: ")[:120]


class _Handler(BaseHTTPRequestHandler):
    timeout = 5
    server_version, sys_version = "registry", ""

    def do_GET(self):
        language = of_browser(self.headers.get("Accept-Language", ""))
        body = draw(self.server.progress, language).encode()
        self.send_response(200 if self.path == "/" and not self.server.progress.failed else 503)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self._finish(body)

    def refuse(self):
        body = say("not ready", "en").encode()
        self.send_response(503)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self._finish(body)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = refuse

    def _finish(self, body):
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Retry-After", str(REFRESH_SECONDS))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *ignored):
        """The terminal shows the steps, not the browser's visits."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, listener, progress):
        super().__init__(listener.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket, self.progress = listener, progress

    def get_request(self):
        request, address = super().get_request()
        request.setblocking(True)  # as the listener does not, which some systems hand on
        return request, address


def listen(port: int) -> socket.socket:
    """The one listening socket of this start: the server inherits it, and the port never closes."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    listener.setblocking(False)
    return listener


def show(progress: Progress, listener: socket.socket) -> ThreadingHTTPServer:
    """Serve the page in the background; `shutdown()` ends it and leaves the socket open."""
    server = _Server(listener, progress)
    threading.Thread(target=server.serve_forever, args=[0.1], daemon=True).start()
    return server
