"""Every address that a county bureau comes to, asked for by those who must not read it: python -m tests.sweeps.replays

The links of every page are followed as two county bureaus, then each address is asked for by a visitor and by officers of
other villages, stations and counties; with the numbers of neighboring rows, too. Every form is sent by them as well.
"""

import re
from collections import Counter
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from officers.pages import Gate
from tests.matrix.addresses import ADDRESSES, COUNTY, NOBODY
from tests.matrix.links import kind_of, links_of
from tests.matrix.walker import VIEWS, Written
from tests.sweeps.sweep import Sweep, populate, run
from tests.test_matrix import FORMS, rows_of

STRANGERS = ["sun", "second", "ma", "nowhere"]
STATIONS = ["wang2", "luo"]
BUREAUS = ["zhao", "tie"]
MOST = 2_500
# Of one kind of page so many; a kind is the page's name with the names of its parameters.
OF_A_KIND = 10
# What an officer leaves by being here: of whom a message or a page was opened, and when.
OWN = ("officers_message", 'SET "seen_at"')
# The home village asks to let somebody go to this township, whose station answers.
OTHER_SIDE = {("wang2", "move_confirm"), ("wang2", "move_refuse")}
NUMBER = re.compile(r"(?<=/)\d{1,6}(?=/)")
CODE = re.compile(r"(?<=[/=])63\d{4,10}(?=[/&]|$)")


class Replays(Sweep):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        populate(cls.world, 5 if cls.quick else 65)

    def crawled(self, by) -> list[str]:
        waiting, seen, kinds, found = ["/"], {"/"}, Counter(), []
        while waiting and len(found) < (150 if self.quick else MOST):
            url = waiting.pop(0)
            answer = self.ask(by, url)
            found.append(url)
            for link in links_of(url, answer):
                if link not in seen:
                    seen.add(link)
                    kinds[kind_of(link)] += 1
                    if kinds[kind_of(link)] <= OF_A_KIND:
                        waiting.append(link)
        return found

    def test_every_address(self):
        addresses = list(dict.fromkeys(url for by in BUREAUS for url in self.crawled(by)))
        self.anonymous(addresses)
        self.replay("AC-03", STRANGERS, addresses + list(neighbors(addresses)))
        self.replay("AC-05", STATIONS, addresses)

    def anonymous(self, addresses):
        faults, everything = [], self.hidden_from(None)
        for url in addresses:
            answer = self.ask(None, url)
            if answer.status_code == 200 and not is_public(url):
                faults.append(f"OPEN {url}")
            if self.found(everything, answer):
                faults.append(f"LEAK {url} {self.found(everything, answer)[:3]}")
        self.judge("AC-02", f"{len(addresses)} addresses asked for by a visitor", faults)

    def replay(self, goal, names, addresses):
        """LEAK: an answer holds what is hidden. SUSPECT: a page about a foreign place opens. CODE: refused, not with 404."""
        faults, codes, strange = [], Counter(), []
        for name in names:
            officer = self.officer(name)
            hidden, posts = self.hidden_from(officer), tuple(officer.posts)
            self.browser(name)
            for url in addresses:
                with Written() as written:
                    answer = self.ask(name, url)
                codes[answer.status_code] += 1
                faults += [f"LEAK {name} {url} {secret}" for secret in self.found(hidden, answer)[:2]]
                faults += [f"WRITE {name} {url} {sql[:60]}" for sql in written if not any(own in sql for own in OWN)]
                foreign = [code for code in CODE.findall(urlsplit(url).path) if posts and is_foreign(code, posts)]
                if answer.status_code == 200 and foreign:
                    faults.append(f"SUSPECT {name} {url}")
                if answer.status_code not in (200, 302, 404, 405):
                    strange.append(f"CODE {answer.status_code} {name} {url}")
        secrets = len(self.hidden_from(self.officer(names[0])))
        self.judge(goal, f"{sum(codes.values())} replays, {secrets} secrets looked for, {dict(codes)}", faults)
        self.judge("AC-12", f"{sum(codes.values())} answers of {goal}: a row of elsewhere is 404", strange)

    def test_every_form(self):
        faults, sent = [], 0
        for name in FORMS:
            address = ADDRESSES[name]
            place = self.world.places[address.place]
            for by in [*STRANGERS, *STATIONS, "tie"]:
                self.browser(by)
                if is_over(self.officer(by), place, address.whose) or (by, name) in OTHER_SIDE:
                    continue
                sent += 1
                before, data = rows_of(place), address.post(self.world, place, self.officer(address.by))
                with self.undone(by), Written() as written:
                    answer = self.ask(by, self.url(name, place, address.by), data)
                    if rows_of(place) != before:
                        faults.append(f"WRITE {by} {name}")
                    more = [sql for sql in written if not any(own in sql for own in OWN)]
                    if address.whose != NOBODY and more:
                        faults.append(f"WRITE {by} {name} {answer.status_code} {more[0][:80]}")
        self.judge("AC-04", f"{sent} forms sent to rows of elsewhere", faults)


def is_foreign(code, posts) -> bool:
    return not any(code.startswith(post) or post.startswith(code) for post in posts)


def is_over(officer, place, whose) -> bool:
    """What is the county's belongs to every officer of it."""
    return any(place.village.startswith(post[:6] if whose == COUNTY else post) for post in officer.posts)


def is_public(url) -> bool:
    try:
        view = VIEWS[resolve(urlsplit(url).path).url_name]
    except (Resolver404, KeyError):
        return False
    return view in Gate.OPEN or view.page["public"] or bool(view.page.get("signed_out"))


def neighbors(addresses):
    """The same with the numbers before and after each number of a row."""
    known = set(addresses)
    for url in addresses:
        for match in NUMBER.finditer(urlsplit(url).path):
            for number in (int(match[0]) - 1, int(match[0]) + 1):
                other = f"{url[:match.start()]}{number}{url[match.end():]}"
                if number > 0 and other not in known:
                    known.add(other)
                    yield other


if __name__ == "__main__":
    run(Replays)
