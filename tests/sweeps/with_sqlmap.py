"""IN-01 with sqlmap at level 3, over pages and forms: python -m tests.sweeps.with_sqlmap [--all] [--part K/N]

sqlmap asks a server of its own: here, in the database of the tests, each answer given in a transaction that is undone, so that
every request finds the row as the first one did. The officer is signed in, anew for each parameter, and needs no token; a form
is sent as it is in order but for the field that is tried, its files as they are. A page or form that does not open to the first,
untouched request is a fault: behind a shut door nothing is found. Nor is it by a scanner that cannot find anything, so there is
first a hole for it, in a page of Li's.

Of most parameters nothing that is typed gets as far as a statement, neither into its text nor beside it: it is none of a list
of words, or no number. They are counted, and tried with --all only, which takes some four hours of a processor. A part is one
of N shares, for several at once.
"""

import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import reverse

from officers.models import Authenticator
from tests import cast
from tests.matrix.addresses import ADDRESSES
from tests.matrix.walker import InStatements, text_of
from tests.matrix.world import SECRET
from tests.sweeps.injection import MARK, TOKEN
from tests.sweeps.sweep import Sweep, run
from tests.test_bad_input import asked
from tests.test_matrix import KNOWN, may_open

SQLMAP = Path(sys.executable).with_name("sqlmap")
# Values of which one opens a page, whatever the parameter is.
VALUES = ["1", "2026-10", "2026", cast.HOME, cast.HOME[:9], cast.COUNTY, "away", "[]", ""]
# Outside of a demo there is no such page.
OF_DEMOS = {"demo_sign_in"}
# One line of sqlmap for what it has tried in vain, or has found.
IN_VAIN = re.compile(r"(?:GET|POST) parameter '.+?' does not seem to be injectable")
FOUND = re.compile(r"^Parameter: .+? \((?:GET|POST)\)|(?:GET|POST) parameter '.+?' is vulnerable", re.MULTILINE)
MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)


class WithSqlmap(Sweep):
    part, parts, everything = 1, 1, False

    def setUp(self):
        super().setUp()
        self.kept_out = 0

    def share(self, targets):
        return [target for n, target in enumerate(targets) if n % self.parts == self.part - 1][: 8 if self.quick else None]

    def enter(self, by):
        """A new session: no sweep is over before an old one is."""
        self.browsers.pop(by, None)
        self.browser(by).raise_request_exception = False

    def test_that_it_finds_one(self):
        self.enter("li")
        url = reverse("people")
        fault = self.fault_of("a hole", "q", f"{url}?q=1", self.hole(self.getting("li", url)))
        self.judge("IN-01", f"a hole put there: {fault.partition(' ')[0]}", [] if fault.startswith("OPEN") else [fault])

    def hole(self, page):
        def answer(query, body):
            found = page(query, body)
            if found.status_code != 200:
                return found
            try:
                with connection.cursor() as cursor, transaction.atomic():
                    cursor.execute(f"SELECT username FROM officers_officer WHERE id = {QueryDict(query)['q']}")
                    return HttpResponse(f"{text_of(found)}<main>{cursor.fetchall()}</main>")
            except DatabaseError:
                return HttpResponse("", status=400)

        return answer

    def test_every_parameter(self):
        targets = []
        for name in sorted(KNOWN):
            opening = [by for by in ("li", "wang", "zhao", "leader", "admin") if may_open(self.officer(by), name)]
            by = next(by for by in opening if self.officer(by).role not in ADDRESSES[name].nothing_for)
            url = self.url(name, self.world.places[ADDRESSES[name].place] if by != "li" else None, by)
            with asked() as known:
                self.ask(by, url)
            targets += [(by, url, key) for key in sorted(known - {"csrfmiddlewaretoken"})]
        chosen = self.share(targets)
        faults = [self.parameter(by, url, key) for by, url, key in chosen]
        self.tell(f"{len(chosen)} parameters of addresses", faults)

    def tell(self, tried, faults):
        self.judge("IN-01", f"sqlmap, {tried}; of {self.kept_out} nothing reaches a statement", list(filter(None, faults)))

    def parameter(self, by, url, key) -> str:
        self.enter(by)
        answer = self.getting(by, url)
        opens = (value for value in VALUES if is_open(answer(urlencode({key: value}), "")))
        return self.fault_of(url, key, f"{url}?{urlencode({key: next(opens, '')})}", answer)

    def getting(self, by, url):
        def answer(query, body):
            with self.undone(by):
                return self.browser(by).generic("GET", url, QUERY_STRING=query)

        return answer

    def test_every_field(self):
        targets = []
        for name in sorted(name for name, address in ADDRESSES.items() if address.post and name not in OF_DEMOS):
            right = self.data(name)
            with asked() as known, self.undone(ADDRESSES[name].by):
                self.sent(name, right)
            files = {key for key, value in right.items() if hasattr(value, "read")}
            targets += [(name, key) for key in sorted((known | set(right)) - {"csrfmiddlewaretoken"} - files)]
        chosen = self.share(targets)
        faults = [self.field(name, key) for name, key in chosen]
        self.tell(f"{len(chosen)} fields of forms", faults)

    def field(self, name, key) -> str:
        address, right = ADDRESSES[name], self.data(name)
        self.enter(address.by)
        if name == "sign_in_code":
            self.wait_for_code(address.by)
        files = {field: value for field, value in right.items() if hasattr(value, "read")}
        url = self.url(name, self.world.places[address.place], address.by)
        answer = self.posting(address, url, files)
        others = {field: value for field, value in right.items() if field not in files}
        bodies = [urlencode({key: value} | others, doseq=True) for value in (VALUES if key not in right else [""])]
        return self.fault_of(url, key, url, answer, next((body for body in bodies if is_open(answer("", body))), bodies[0]))

    def wait_for_code(self, by):
        """The first step of signing in is done."""
        Authenticator.of(self.officer("li"), SECRET).save()
        self.browsers[by] = Client()
        self.browser(by).post(reverse("sign_in"), {"username": "li", "password": "Right-2026"})

    def posting(self, address, url, files):
        def answer(query, body):
            for file in files.values():
                file.seek(0)
            with self.undone(address.by):
                if address.prepare:
                    address.prepare(self.world)
                data = dict(QueryDict(body).lists()) | files
                return self.browser(address.by).post(url, data, HTTP_REFERER=f"http://testserver{url}")

        return answer

    def fault_of(self, where, key, url, answer, body=None) -> str:
        """What is wrong, or nothing; answers are given in this thread, sqlmap is a process that another one waits for."""
        first = answer(urlsplit(url).query, body or "")
        if not is_open(first):
            return f"SHUT {where} {key}: {first.status_code} {first.get('Location', '')}"
        if not self.everything and not reaches(answer, key, url, body):
            self.kept_out += 1
            return ""
        said = []
        with Asked(answer) as server, TemporaryDirectory() as folder:
            command = [
                SQLMAP, "--url", f"http://127.0.0.1:{server.server_port}{url}", "-p", key, "--level", "3", "--batch",
                "--dbms", "sqlite" if connection.vendor == "sqlite" else "postgresql", "--output-dir", folder,
                "--disable-coloring", "--fresh-queries", "--ignore-code", "*", "--skip-waf", "--ignore-redirects",
                "--disable-precon", *(["--data", body] if body is not None else []),
            ]

            def asks():
                told = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
                said.append(told.stdout)
                server.shutdown()

            asking = threading.Thread(target=asks)
            asking.start()
            server.serve_forever(poll_interval=0.02)
            asking.join()
        if FOUND.search(said[0]):
            return f"OPEN {where} {key}"
        print(f"   {where} {key}: {server.asked} requests", flush=True)
        if not IN_VAIN.search(said[0]):
            return f"NOT TRIED {where} {key}: {said[0][-600:]}"
        return f"{max(server.failures)} {where} {key}" if server.failures else ""


def is_open(answer) -> bool:
    """Neither refused nor sent away to sign in."""
    return answer.status_code < 400 and not answer.get("Location", "").startswith(reverse("sign_in"))


def reaches(answer, key, url, body) -> bool:
    """Whether anything of what is typed stands in a statement, or beside one."""
    sent = QueryDict(urlsplit(url).query if body is None else body, mutable=True)
    with Beside() as found:
        for typed in (MARK, f"1{MARK}", f"1 {MARK}", f"' {MARK}", sent.get(key, "") + MARK):
            sent[key] = typed
            answer(sent.urlencode() if body is None else "", body and sent.urlencode())
    return bool(found)


class Beside(InStatements):
    """Also those of which a parameter holds the mark."""

    def __init__(self):
        super().__init__(MARK)

    def __call__(self, execute, sql, params, many, context):
        if MARK in f"{sql}{params}".lower():
            self.append(sql)
        return execute(sql, params, many, context)


class Asked(HTTPServer):
    def __init__(self, answer):
        self.answer, self.asked, self.failures = answer, 0, set()
        super().__init__(("127.0.0.1", 0), Asking)


class Asking(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked += 1
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        try:
            answer = self.server.answer(urlsplit(self.path).query, body)
        except SuspiciousOperation:
            answer = HttpResponse(status=400)
        if answer.status_code >= 500:
            self.server.failures.add(answer.status_code)
        self.send_response(answer.status_code)
        for header in ("Content-Type", "Location"):
            if header in answer:
                self.send_header(header, answer[header])
        # Neither what stands around every page, nor the token, which is another each time: sqlmap looks at what changes.
        text = TOKEN.sub("", text_of(answer))
        content = "".join(MAIN.findall(text) or [text]).encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *_args):
        """Nobody reads it."""


if __name__ == "__main__":
    WithSqlmap.everything = "--all" in sys.argv
    if "--part" in sys.argv:
        WithSqlmap.part, WithSqlmap.parts = map(int, sys.argv[sys.argv.index("--part") + 1].split("/"))
    run(WithSqlmap)
