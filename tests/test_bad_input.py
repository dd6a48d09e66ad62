"""What officers, robots and broken links send: answered by a page, a sentence or a 404, never by a failure.

Nothing that is sent brings up a row of elsewhere, and nothing that is typed runs on a page.
"""

import re
from contextlib import contextmanager
from unittest import mock

from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, get_resolver

from brokers.models import Broker
from officers.models import Message
from tests import cast
from tests.matrix.addresses import ADDRESSES
from tests.matrix.overwriting import overwrite
from tests.matrix.walker import CAST, InStatements, Walk, text_of
from tests.matrix.world import ABROAD, NEW_PERSON
from tests.test_matrix import KNOWN, may_open
from workers.models import Worker

LONG = "9" * 5000
# Identifiers of SQL, numbers that are none, days that overflow, marks and characters that few programs meet.
HOSTILE = [
    "id); select", "99999999999999999999", "a\x00b", "²", "9999-12-31", "0001-01-01", "-1\u202e𠮷%(x)s",
]
# No statement may hold any of it: what is typed goes to the database beside the statement, never in it.
TYPED_SQL = ["id); select", LONG[:40], "-1\u202e"]
SCRIPT = "<script>alert(1)</script>\"'{{7*7}}%(x)s\u202e𠮷"
TYPED = re.compile("[\u4e00-\u9fff]|[0-9]{10}")
SAID = ('class="error"', 'role="alert"', "errorlist", "is-bad")


@contextmanager
def asked():
    """The names of what a page reads from its address or form."""
    names = set()

    def note(read):
        def noted(sent, name, *more):
            if not sent._mutable:
                names.add(name)
            return read(sent, name, *more)

        return noted

    reads = {name: note(getattr(QueryDict, name)) for name in ("get", "getlist", "__getitem__", "__contains__")}
    with mock.patch.multiple(QueryDict, **reads):
        yield names


class Pages(Walk):
    def pages(self):
        """(officer, address's name, address) of each page, for the lowest role that opens it."""
        for name in KNOWN:
            opening = [by for by in CAST if may_open(self.officer(by), name)]
            by = next(by for by in opening if self.officer(by).role not in ADDRESSES[name].nothing_for)
            yield by, name, self.url(name, self.world.places[ADDRESSES[name].place] if by != "li" else None, by)


class Addresses(Pages):
    """What stands in an address, and behind its question mark."""

    def test_hostile_parameters(self):
        far, found = self.world.places[cast.FAR], set()
        for number, (by, _name, url) in enumerate(self.pages()):
            with asked() as names:
                self.ask(by, url)
            found |= names
            for value in HOSTILE[number % 2::2] if names else []:
                self.answers(by, url, dict.fromkeys(names, value))
            for key in names:
                self.answers(by, url, {key: LONG if number % 2 else far.village})
        self.assertLessEqual({"q", "page", "village", "sort", "view", "version", "township", "chosen", "verb"}, found)

    def answers(self, by, url, data):
        with self.subTest(f"{by} {url} {str(data)[:80]}"), InStatements(*TYPED_SQL) as statements:
            answer = self.browser(by).get(url, data)
            self.assertEqual(statements, [])
            self.look_at(answer, by, url)
            self.assertIn(answer.status_code, (200, 302, 400, 404, 405))
            self.assertEqual(self.found(self.world.hidden_from(self.officer(by)), answer), [])

    def test_a_search_finds_nobody_of_elsewhere(self):
        for place in (self.world.places[cast.FAR], self.world.places[ABROAD]):
            who, names = place.people[0], [person.name for person in place.people]
            number, phone = place.id_numbers[0], place.phones[0]
            for q in (who.name[0], who.name_pinyin, who.name_initials, number, number[-4:], phone, phone[-4:]):
                for url in ("/people/", "/people/departure/", "/people/homecoming/"):
                    with self.subTest(f"{url} {q}"):
                        self.assertEqual(self.found(names, self.ask("li", url + f"?q={q}")), [])

    def test_an_id_number_of_elsewhere_is_told_without_whose(self):
        far, abroad = self.world.places[cast.FAR], self.world.places[ABROAD]
        for place, code in ((far, 200), (abroad, 302)):
            typed = NEW_PERSON | {"id_number": place.id_numbers[2], "no_id_reason": ""}
            for url in ("/people/new/", "/people/departure/"):
                with self.subTest(f"{url} {place.village}"), self.undone("li"):
                    answer = self.ask("li", url, typed)
                    self.assertEqual(answer.status_code, code)
                    named = [person.name for person in place.people] + [place.village, "东门", "城关"]
                    self.assertEqual(self.found(named, answer), [])


    # By the kind of the part; another level's code is wrong, too, and so is the code of another county.
    WRONG = {
        "int": ["0", "99999999999999999999", LONG, "x", "1%00'"],
        "month": ["2026-13", "1000-01", "1900-01", "9999-12", "2026-1"],
        "slug": ["63012110020x", "6301", "000000000000", "1" * 300, ABROAD],
        "str": ["unknown", "away'--", "__class__", "%00"],
    }

    def test_every_part_of_every_address(self):
        route_of = dict(routes())
        for by, name, url in self.pages():
            for wrong in self.spoiled(url, route_of[name]):
                with self.subTest(f"{by} {wrong[:90]}"):
                    answer = self.ask(by, wrong)
                    self.assertIn(answer.status_code, (404, 405))
                    self.assertEqual(self.found(self.world.home.secrets, answer), [])

    def spoiled(self, url, route):
        """The address of the own row with each part in turn replaced by what it cannot be."""
        right = url.split("/")[1:]
        for place, part in enumerate(route.split("/")):
            if kind := re.match(r"<(\w+):", part):
                for wrong in self.WRONG[kind[1]]:
                    yield "/" + "/".join([*right[:place], wrong, *right[place + 1:]])

    def test_the_codes_of_other_levels(self):
        for by, url in (
            ("li", "/totals/630121100/2026-09/"), ("li", "/totals/630121/2026-09/"), ("li", "/returns/630121100/2026-09/"),
            ("wang", "/totals/630121/2026-09/"), ("zhao", "/returns/630121100/2026-09/"), ("zhao", "/totals/63/2026-09/"),
            ("zhao", "/totals/630122/2026-09/"), ("leader", f"/totals/{cast.HOME}/2026-09/"),
            ("zhao", "/places/villages/630121100/"), ("zhao", f"/places/townships/{cast.HOME}/"),
        ):
            with self.subTest(f"{by} {url}"):
                self.assertEqual(self.ask(by, url).status_code, 404)

    def test_addresses_that_are_none(self):
        for url in ("/admin/", "/.git/config", "/static/../manage.py", "/people//", "/%E4%BA%BA/", "/" + "a" * 3000):
            with self.subTest(url[:40]):
                self.assertEqual(self.ask("li", url).status_code, 404)


def routes(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name, str(pattern.pattern)
        else:
            yield from routes(pattern)


class Forms(Walk):
    """Every form with nothing, with garbage, and with one thing wrong."""

    def test_whatever_is_sent(self):
        for number, name in enumerate(name for name, address in ADDRESSES.items() if address.post):
            right = self.data(name)
            with asked() as names:
                self.sends(name, {})
                self.sends(name, right)
            fields = (names | set(right)) - {"csrfmiddlewaretoken", "choose", "later"}
            for value in (LONG, HOSTILE[number % len(HOSTILE)]):
                self.sends(name, dict.fromkeys(fields, value))
            for field in list(right)[:3]:
                self.sends(name, right | {field: "²"}, right)

    def sends(self, name, data, right=None):
        """The answer is a page that says what is wrong and keeps what was typed, or leads on."""
        with self.subTest(f"{name} {str(data)[:100]}"), self.undone(ADDRESSES[name].by):
            with InStatements(*TYPED_SQL) as statements:
                [answer] = self.sent(name, data)
            self.assertEqual(statements, [])
            self.assertIn(answer.status_code, (200, 302, 400, 404, 422, 429))
            text = text_of(answer)
            self.assertNotIn("<script>alert", text)
            if right and answer.status_code == 200 and any(said in text for said in SAID):
                # No page can put a file back into its field.
                typed = {key: value for key, value in right.items() if not hasattr(value, "read") and TYPED.search(str(value))}
                kept = [value for key, value in typed.items() if data[key] == value]
                self.assertEqual([value for value in kept if str(value) not in text and "assword" not in name], [])

    def test_nothing_is_not_taken_for_something(self):
        """A form that asks something says what is missing where nothing was sent."""
        for name in ("account_new", "broker_new", "point_new", "person_new", "departure_new", "group_new", "homecoming",
                     "change_job", "transfer_edit", "person_edit", "person_phone", "person_void", "person_reveal",
                     "group_end", "group_void", "scheme_new", "claim_send_back", "household", "return_send_back",
                     "return_answer", "me"):
            with self.subTest(name), self.undone(ADDRESSES[name].by):
                [answer] = self.sent(name, {"csrfmiddlewaretoken": "x"})
                self.assertEqual(answer.status_code, 200)
                self.assertTrue(any(said in text_of(answer) for said in SAID))

    def test_each_step_of_a_departure(self):
        draft = self.world.drafts["li"]
        for step in (1, 2, 3, 4):
            url = f"/people/departure/{draft.pk}/{step}/"
            with asked() as names, self.undone("li"):
                self.ask("li", url, {})
            for value in ("", LONG, *HOSTILE):
                for more in ({}, {"later": "1"}):
                    data = dict.fromkeys(names - {"choose", "later", "csrfmiddlewaretoken"}, value) | more
                    with self.subTest(f"{step} {value[:20]}"), self.undone("li"):
                        self.assertIn(self.ask("li", url, data).status_code, (200, 302, 404))
        for step in (0, 5, 99):
            self.assertEqual(self.ask("li", f"/people/departure/{draft.pk}/{step}/").status_code, 404)

    def test_returns_chosen_by_numbers_that_are_none(self):
        for chosen in ("1:²", "01:1", "1", "1:", ":1", f"{LONG}:1", f"1:{LONG}", "a:b:c", "99999999999999999999:1"):
            with self.subTest(chosen[:20]), self.undone("wang"):
                self.assertEqual(self.ask("wang", "/queue/2026-10/approve/", {"chosen": chosen}).status_code, 302)

    def test_months_that_cannot_be_opened(self):
        for month, code in (("", 404), ("2026-13", 404), ("1900-01", 302), ("9999-12", 302), ("2027-06", 302)):
            with self.subTest(month), self.undone("zhao"):
                self.assertEqual(self.ask("zhao", "/board/open/", {"month": month}).status_code, code)


class Markup(Pages):
    """Markup, quotes, template signs, right-to-left marks and four-byte characters in every text of every table."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        overwrite(SCRIPT)
        Worker.objects.update(note=SCRIPT, skills=SCRIPT, group_name=SCRIPT[:30])
        Broker.objects.update(trades=SCRIPT, destinations=SCRIPT)
        Message.objects.update(text="%(reason)s", values={"reason": SCRIPT}, url="/")

    def test_no_page_runs_it_and_every_page_shows_it(self):
        shown = set()
        for by, name, url in self.pages():
            with self.subTest(f"{by} {name}"):
                text = text_of(self.ask(by, url))
                self.assertNotIn("<script>alert", text)
                self.assertNotIn("</script>\"", text)
                if "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;{{7*7}}" in text:
                    shown.add(name)
        self.assertLessEqual({"people", "person", "household", "brokers", "points", "groups", "totals", "return", "cell",
                              "queue", "board", "accounts", "places", "messages", "me", "departure_new",
                              "schemes", "scheme", "claims", "claim"}, shown)

    def test_a_workbook_is_written_all_the_same(self):
        with self.undone("zhao"):
            [answer] = self.sent("workbook")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer["Content-Disposition"], 'attachment; filename="630121-2026-09.xlsx"')


class Failures(Walk):
    """What went wrong is told in the officer's language, and nothing of the inside of the program."""

    INSIDE = [
        "Traceback", "Exception", "Error(", "site-packages", str(settings.BASE_DIR), ".py", "django", "DEBUG", "csrf", "secret",
    ]
    WORDS = {"en": "first page", "zh-hans": "首页"}

    def setUp(self):
        super().setUp()
        for client in self.browsers.values():
            client.raise_request_exception = False

    def tells(self, language, answer, code):
        text = text_of(answer)
        words = re.sub(r"<input[^>]*csrfmiddlewaretoken[^>]*>", "", text)
        self.assertEqual(answer.status_code, code)
        self.assertIn('<html lang="zh-Hans"' if language != "en" else '<html lang="en"', text)
        self.assertTrue(language == "en" or re.search("[\u4e00-\u9fff]", text))
        self.assertEqual([inside for inside in self.INSIDE if inside in words], [])

    def in_both(self):
        for language in ("en", "zh-hans"):
            for name in (None, "li"):
                client = self.browser(name)
                client.raise_request_exception = False
                client.cookies["django_language"] = language
                yield language, client

    def test_not_found(self):
        for language, client in self.in_both():
            for url in ("/nothing/", "/static/nothing.css"):
                self.tells(language, client.get(url), 404)

    def test_a_form_without_its_token(self):
        for language in ("en", "zh-hans"):
            client = Client(enforce_csrf_checks=True)
            client.cookies["django_language"] = language
            self.tells(language, client.post("/sign-in/", {"username": "li"}), 403)

    def test_too_much_or_for_another_host(self):
        for language, client in self.in_both():
            with self.assertLogs("django.security"):
                self.tells(language, client.post("/sign-in/", {f"f{n}": "" for n in range(2_100)}), 400)
                self.tells(language, client.get("/sign-in/", HTTP_HOST="evil.example"), 400)

    def test_each_failure_has_a_number_and_the_time(self):
        enforcing, host, huge = Client(enforce_csrf_checks=True), "evil.example", {"CONTENT_LENGTH": str(2 << 30)}
        for language, browser in self.in_both():
            enforcing.cookies["django_language"] = language
            with self.assertLogs("django.security"):
                answers = {
                    400: browser.get("/sign-in/", HTTP_HOST=host), 403: enforcing.post("/sign-in/", {"username": "li"}),
                    404: browser.get("/nothing/"), 413: browser.post("/sign-in/", **huge),
                }
            for code, answer in answers.items():
                with self.subTest(f"{language} {code}"):
                    self.tells(language, answer, code)
                    self.assertIn(f">{answer['X-Request-ID'][:8]}<", text_of(answer))
                    self.assertRegex(text_of(answer), r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d")

    def test_a_form_that_is_too_large(self):
        for language, browser in self.in_both():
            with self.assertLogs("django.security"):
                answer = browser.post("/sign-in/", "x=" + "y" * 3_000_000, "application/x-www-form-urlencoded")
            self.tells(language, answer, 413)

    def test_a_failure(self):
        for language in ("en", "zh-hans"):
            client = self.browser("li")
            client.cookies["django_language"] = language
            broken = mock.patch("workers.views.people.Query", side_effect=RuntimeError("secret"))
            with broken, self.assertLogs("laborreg.incident") as log:
                answer = client.get("/people/")
            self.tells(language, answer, 500)
            self.assertIn("no-store", answer["Cache-Control"])
            self.assertIn(log.output[0].split()[1].rstrip(":"), text_of(answer))
            self.assertIn("RuntimeError", log.output[0])
            self.assertRegex(text_of(answer), r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d")

    def test_a_refusal_where_there_is_no_page_to_go_back_to(self):
        for language in ("en", "zh-hans"):
            client = self.browser("wang")
            client.cookies["django_language"] = language
            answer = client.post(f"/accounts/{self.officer('li').pk}/enable/")
            self.tells(language, answer, 409)
