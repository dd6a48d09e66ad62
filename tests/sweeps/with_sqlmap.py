"""IN-01 with sqlmap at level 3, every parameter of every page and form: python -m tests.sweeps.with_sqlmap [--part K/N]

sqlmap asks a server of its own: here, in the database of the tests, each answer given in a transaction that is undone, so that
every request finds the row as the first one did. The officer is signed in and needs no token; a form's files stay as they are.
First it has to find a hole that is put there for it. A part is one of N shares of the addresses, for several at once.
"""

import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import IOBase
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse, QueryDict

from tests.matrix.addresses import ADDRESSES
from tests.matrix.walker import text_of
from tests.sweeps.injection import TOKEN
from tests.sweeps.sweep import Sweep, run
from tests.test_bad_input import asked
from tests.test_matrix import KNOWN, may_open

SQLMAP = Path(sys.executable).with_name("sqlmap")
HOLE = "/hole"
# One line of sqlmap for each that it has tried in vain, or that it has found.
IN_VAIN = re.compile(r"(?:GET|POST) parameter '(.+?)' does not seem to be injectable")
FOUND = re.compile(r"^Parameter: (.+?) \((?:GET|POST)\)|(?:GET|POST) parameter '(.+?)' is vulnerable", re.MULTILINE)


class WithSqlmap(Sweep):
    part, parts = 1, 1

    def setUp(self):
        super().setUp()
        for browser in self.browsers.values():
            browser.raise_request_exception = False

    def share(self, names):
        return [name for n, name in enumerate(sorted(names)) if n % self.parts == self.part - 1][: 8 if self.quick else None]

    def test_that_it_finds_one(self):
        found, _vain = self.tried(self.hole, f"{HOLE}?q=1", ["q"])
        self.judge("IN-01", f"a hole put there: {'found' if found == {'q'} else 'not found'}", [] if found else ["not found"])

    def hole(self, method, query, body):
        try:
            with connection.cursor() as cursor, transaction.atomic():
                cursor.execute(f"SELECT username FROM officers_officer WHERE id = {QueryDict(query)['q']}")
                return HttpResponse(str(cursor.fetchall()))
        except DatabaseError:
            return HttpResponse(status=500)

    def test_every_parameter(self):
        total, faults = 0, []
        for name in self.share(KNOWN):
            opening = [by for by in ("li", "wang", "zhao", "leader", "admin") if may_open(self.officer(by), name)]
            by = next(by for by in opening if self.officer(by).role not in ADDRESSES[name].nothing_for)
            url = self.url(name, self.world.places[ADDRESSES[name].place] if by != "li" else None, by)
            with asked() as known:
                self.ask(by, url)
            keys = sorted(known - {"csrfmiddlewaretoken"})
            total += len(keys)
            faults += self.faults_of(url, keys, f"{url}?{urlencode(dict.fromkeys(keys, '1'))}", self.getting(by, url))
        self.judge("IN-01", f"sqlmap, {total} parameters of addresses", faults)

    def getting(self, by, url):
        def answer(method, query, body):
            with self.undone(by):
                return self.browser(by).generic("GET", url, QUERY_STRING=query)

        return answer

    def test_every_field(self):
        total, faults = 0, []
        for name in self.share(name for name, address in ADDRESSES.items() if address.post):
            right = self.data(name)
            files = {key: value for key, value in right.items() if isinstance(value, IOBase) or hasattr(value, "read")}
            with asked() as known, self.undone(ADDRESSES[name].by):
                self.sent(name, right)
            fields = sorted((known | set(right)) - {"csrfmiddlewaretoken"} - set(files))
            body = urlencode(dict.fromkeys(fields, "1") | {key: right[key] for key in fields if key in right}, doseq=True)
            total += len(fields)
            url = self.url(name, self.world.places[ADDRESSES[name].place], ADDRESSES[name].by)
            faults += self.faults_of(url, fields, url, self.posting(name, files), body)
        self.judge("IN-01", f"sqlmap, {total} fields of forms", faults)

    def posting(self, name, files):
        address = ADDRESSES[name]

        def answer(method, query, body):
            for file in files.values():
                file.seek(0)
            with self.undone(address.by):
                if address.prepare:
                    address.prepare(self.world)
                url = self.url(name, self.world.places[address.place], address.by)
                data = dict(QueryDict(body).lists()) | files
                return self.browser(address.by).post(url, data, HTTP_REFERER=f"http://testserver{url}")

        return answer

    def faults_of(self, where, keys, url, answer, body=None) -> list[str]:
        if not keys:
            return []
        found, vain = self.tried(answer, url, keys, body)
        untried = set(keys) - found - vain
        print(f"   {where}: {len(keys)} tried, {self.asked} requests", flush=True)
        faults = [f"OPEN {where} {key}" for key in sorted(found)] + [f"NOT TRIED {where} {key}" for key in sorted(untried)]
        return faults + [f"{said} {where}" for said in sorted(self.failures)]

    def tried(self, answer, url, keys, body=None) -> tuple[set[str], set[str]]:
        """Names in which sqlmap found a hole, and those which it tried in vain; the answers are given in this thread."""
        self.asked, self.failures, said = 0, set(), []
        with Asked(answer, self) as server, TemporaryDirectory() as folder:
            command = [
                SQLMAP, "--url", f"http://127.0.0.1:{server.server_port}{url}", "-p", ",".join(keys), "--level", "3", "--batch",
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
        found = {one or other for one, other in FOUND.findall(said[0])}
        vain = set(IN_VAIN.findall(said[0])) - found
        if not found | vain:
            print(said[0])
        return found, vain


class Asked(HTTPServer):
    def __init__(self, answer, sweep):
        self.answer, self.sweep = answer, sweep
        super().__init__(("127.0.0.1", 0), Asking)


class Asking(BaseHTTPRequestHandler):
    def do_GET(self):
        sweep = self.server.sweep
        sweep.asked += 1
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        try:
            answer = self.server.answer(self.command, urlsplit(self.path).query, body)
        except SuspiciousOperation:
            answer = HttpResponse(status=400)
        if answer.status_code >= 500 and urlsplit(self.path).path != HOLE:
            sweep.failures.add(str(answer.status_code))
        self.send_response(answer.status_code)
        for header in ("Content-Type", "Location"):
            if header in answer:
                self.send_header(header, answer[header])
        # The token is another each time, and sqlmap looks at what changes.
        content = TOKEN.sub("", text_of(answer)).encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *_args):
        """Nobody reads it."""


if __name__ == "__main__":
    if "--part" in sys.argv:
        WithSqlmap.part, WithSqlmap.parts = map(int, sys.argv[sys.argv.index("--part") + 1].split("/"))
    run(WithSqlmap)
