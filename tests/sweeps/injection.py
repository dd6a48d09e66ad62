"""Every parameter and every field of every page with SQL in it, one at a time: python -m tests.sweeps.injection

Looked at: the answer is no failure, holds nothing of the database's own words and no row of elsewhere; a condition that is
always true brings up the same as one that never is; and no statement, as it goes to the database, holds what was typed.
"""

import re
from html import unescape
from urllib.parse import unquote_plus

from officers.models import Officer
from tests.matrix.addresses import ADDRESSES
from tests.matrix.walker import InStatements, text_of
from tests.sweeps.sweep import Sweep, run
from tests.test_bad_input import asked
from tests.test_matrix import KNOWN, may_open
from workers.models import Worker

MARK = "zq7x"
ALWAYS, NEVER = f"{MARK}' OR '1'='1", f"{MARK}' AND '1'='2"
VALUES = [
    f"{MARK}'", f'{MARK}"', f"{MARK}`", f"{MARK}\\", f"{MARK}'; DROP TABLE officers_officer; --", f"{MARK}%' ESCAPE '\\",
    f"{MARK}') UNION SELECT password FROM officers_officer --", f"1 OR 1=1 /*{MARK}*/", f"%(x)s{MARK}%s%", f"{{0}}{MARK}{{line}}",
    f"{MARK}\ud800", "9" * 400, f"-1 {MARK}",
]
# What stands in an order, a group or a column: no name of a column is known to the page but its own.
NAMES = [
    f"id); select {MARK}", f"(CASE WHEN 1=1 THEN 1 ELSE 2 END) {MARK}", "password", "id_index", "id_cipher", "-password",
    "officer__password", "officers_officer.password", "worker__id_index", "village__township__county__code", "pk", "?",
    "__class__", "county_id",
]
ORDERS = re.compile("sort|order|rows|columns|measure|figure|group|by|of|view|column|listed|chart|cell|which|kind|part|tab")
OF_THE_DATABASE = re.compile(
    r"sqlite3?\.|psycopg|OperationalError|ProgrammingError|DataError|FieldError|syntax error|unrecognized token|no such column"
    r"|near &quot;|unterminated|LINE 1:|Traceback", re.IGNORECASE
)
# Another one each time: the token of a form; number and time of a page that says what went wrong.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|<b class="nowrap">[0-9a-f]{8}</b>, [0-9: -]+')


class Injection(Sweep):
    def pages(self):
        for name in KNOWN[:40] if self.quick else KNOWN:
            opening = [by for by in ("li", "wang", "zhao", "leader", "admin") if may_open(self.officer(by), name)]
            by = next(by for by in opening if self.officer(by).role not in ADDRESSES[name].nothing_for)
            yield by, self.url(name, self.world.places[ADDRESSES[name].place] if by != "li" else None, by)

    def faults_of(self, by, url, answer, value, statements) -> list[str]:
        where, text = f"{by} {url} {value[:60]!r}", text_of(answer)
        for said in (value, value.replace("'", "&#x27;").replace('"', "&quot;").replace("<", "&lt;")):
            text = text.replace(said, "")
        found = [f"IN A STATEMENT {where}: {sql[:200]}" for sql in statements[:1]]
        found += [f"{answer.status_code} {where}"] if answer.status_code >= 500 else []
        found += [f"ITS WORDS {where}: {match[0]}" for match in [OF_THE_DATABASE.search(text)] if match]
        return found + [f"A ROW {where}: {secret}" for secret in self.found(self.world.hidden_from(self.officer(by)), text)[:1]]

    def test_every_parameter(self):
        parameters, sent, values, names = 0, 0, [], []
        for by, url in self.pages():
            with asked() as known:
                self.ask(by, url)
            for key in sorted(known):
                parameters += 1
                for value in [*VALUES, *(NAMES if ORDERS.search(key) else ())]:
                    sent += 1
                    (names if value in NAMES else values).extend(self.get(by, url, key, value)[1])
                one, other = self.get(by, url, key, ALWAYS)[0], self.get(by, url, key, NEVER)[0]
                values += [f"NOT THE SAME {by} {url} {key}"] if one != other else []
        self.judge("IN-01", f"{parameters} parameters, {sent} requests", values)
        self.judge("IN-02", f"{parameters} parameters, names of columns in those that order or group", names)

    def get(self, by, url, key, value):
        """(status and text without what was sent, faults)"""
        client = self.browser(by)
        client.raise_request_exception = False
        with InStatements(MARK) as statements:
            answer = client.get(url, {key: value.encode("utf-8", "surrogatepass")})
        # Addresses on the page hold what was sent once or twice quoted.
        text = unescape(unquote_plus(unquote_plus(unescape(TOKEN.sub("", text_of(answer))))))
        text = re.sub("|".join(map(re.escape, (ALWAYS, NEVER, value))), "", text, flags=re.IGNORECASE)
        return (answer.status_code, text), self.faults_of(by, url, answer, value, statements)

    def test_every_field(self):
        fields, sent, faults = 0, 0, []
        names = [name for name, address in ADDRESSES.items() if address.post]
        for name in names[:25] if self.quick else names:
            right = self.data(name)
            with asked() as known, self.undone(ADDRESSES[name].by):
                self.sent(name, right)
            for field in sorted((known | set(right)) - {"csrfmiddlewaretoken"}):
                fields += 1
                for value in VALUES[:3] + VALUES[4:7] + NAMES[:1]:
                    sent += 1
                    faults += self.post(name, right | {field: value})
        self.assertTrue(Officer.objects.exists() and Worker.objects.exists())
        self.judge("IN-01", f"{fields} fields of forms, {sent} forms sent", faults)

    def post(self, name, data):
        address = ADDRESSES[name]
        self.browser(address.by).raise_request_exception = False
        with self.undone(address.by):
            if address.prepare:
                address.prepare(self.world)
            url = self.url(name, self.world.places[address.place], address.by)
            with InStatements(MARK) as statements:
                answer = self.browser(address.by).post(url, data, HTTP_REFERER=f"http://testserver{url}")
            value = next((said for said in data.values() if MARK in str(said)), "")
            return self.faults_of(address.by, url, answer, str(value), statements)

    def test_a_megabyte(self):
        faults, sent = [], 0
        for name, address in ADDRESSES.items():
            if address.post and not (self.quick and sent > 9):
                sent += 1
                for field in list(self.data(name))[:1]:
                    faults += self.post(name, self.data(name) | {field: "长" * 350_000})
        self.judge("IN-01", f"{sent} forms with a megabyte in a field", faults)


if __name__ == "__main__":
    run(Injection)
