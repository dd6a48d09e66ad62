"""What goes along with an answer that is no page: cookies, redirects, files, failures; and no writing without a token.

The headers of every page are read on every step of the matrix (tests.matrix.walker).
"""

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.test import Client

from laborreg import keys
from laborreg.middleware import POLICY
from tests.matrix.addresses import ADDRESSES
from tests.matrix.walker import HEADERS, Walk, Written

EVIL = [
    "//evil.example/", "https:evil.example", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example",
    "/\\evil.example", "http:///evil.example", " //evil.example",
]
FORMS = [name for name, address in ADDRESSES.items() if address.post]


# Of production, said by its own settings.
ASKED = (
    "import json; from django.conf import settings as s; print(json.dumps({name: getattr(s, name) for name in dir(s)"
    " if name.startswith(('SECURE_', 'SESSION_COOKIE_', 'CSRF_COOKIE_', 'LANGUAGE_COOKIE_'))}))"
)
# Twenty pages and files of the county's bureau, personal ones among them.
PAGES = [
    "home", "people", "person", "household", "groups", "group_new", "departure_new", "brokers", "points", "accounts",
    "account", "audit", "places", "return", "cell", "totals", "queue", "messages", "me", "second_factor",
]


class OfAServer(Walk):
    """AU-11: what goes along with twenty pages under the settings of production."""

    def setUp(self):
        super().setUp()
        with tempfile.TemporaryDirectory() as folder:
            keys.load(Path(folder) / "keys.json", make=True)
            surroundings = os.environ | {
                "DJANGO_SETTINGS_MODULE": "laborreg.settings_production", "SECRET_KEY": secrets.token_urlsafe(64),
                "LABORREG_KEYS": f"{folder}/keys.json", "LABORREG_DATA": folder, "ALLOWED_HOSTS": "registry.example.cn",
                "DATABASE_URL": f"sqlite:///{folder}/registry.sqlite3",
            }
            said = subprocess.run(
                [sys.executable, "-c", ASKED], env=surroundings, cwd=settings.BASE_DIR, capture_output=True, text=True,
                check=True,
            )
        self.enterContext(self.settings(**json.loads(said.stdout)))

    def test_twenty_pages(self):
        client = Client()
        signed_in = client.post("/sign-in/", {"username": "zhao", "password": "Right-2026"}, secure=True)
        told = [self.facts(signed_in)]
        for name in PAGES:
            answer = client.get(self.url(name, by="zhao"), secure=True, follow=True)
            self.assertEqual(answer.status_code, 200, name)
            self.look_at(answer, "zhao", name)
            told.append(self.facts(answer))
        self.assertEqual(told, [("max-age=31536000; includeSubDomains; preload", True)] * 21)

    def facts(self, answer):
        """HSTS, and whether every cookie is Secure, HttpOnly and SameSite."""
        cookies = answer.cookies.values()
        kept = all(each["secure"] and each["httponly"] and each["samesite"] == "Lax" for each in cookies)
        return answer["Strict-Transport-Security"], kept

    def test_plain_http_is_led_to_https(self):
        answer = Client().get("/me/")
        self.assertEqual((answer.status_code, answer.url), (301, "https://testserver/me/"))


class Headers(Walk):
    def test_the_policy_allows_nothing_inline_and_no_frame(self):
        self.assertIn("default-src 'self'", POLICY)
        self.assertIn("frame-ancestors 'none'", POLICY)
        self.assertNotIn("unsafe", POLICY)

    def test_pages_for_visitors_and_addresses_that_are_none(self):
        for url in ("/sign-in/", "/", "/nothing/", "/healthz", "/doors/", "/people/1/"):
            self.ask(None, url)
        file = self.client.get("/static/app.css")
        for header in ("Content-Security-Policy", "X-Content-Type-Options"):
            self.assertEqual(file[header], HEADERS[header])

    def test_what_is_kept_by_nobody(self):
        """Pages, refusals, forms that come back, downloads."""
        answers = [self.ask("li", url) for url in ("/people/", "/people/999999/", "/nothing/", "/groups/new/")]
        answers.append(self.ask("li", "/groups/new/", {}))
        answers += self.sent("workbook")
        for answer in answers:
            self.assertIn("no-store", answer["Cache-Control"])

    def test_cookies(self):
        signed_in = Client().post("/sign-in/", {"username": "li", "password": "Right-2026"}).cookies
        spoken = self.ask("li", "/language/", {"language": "zh-hans", "next": "/"}).cookies
        form = self.browser("li").get("/me/").cookies
        for cookies, name in ((signed_in, "sessionid"), (spoken, "django_language"), (form, "csrftoken")):
            with self.subTest(name):
                self.assertTrue(cookies[name]["httponly"])
                self.assertEqual(cookies[name]["samesite"], "Lax")

    def test_no_form_is_taken_without_its_token(self):
        for name in FORMS:
            address = ADDRESSES[name]
            client = Client(enforce_csrf_checks=True)
            client.cookies.load({"sessionid": self.browser(address.by).cookies["sessionid"].value})
            url = self.url(name, self.world.places[address.place], address.by)
            with self.subTest(name), Written() as written:
                answer = client.post(url, self.data(name))
                self.assertEqual(answer.status_code, 403)
                self.look_at(answer, address.by, url)
                self.assertEqual(written, [])

    def test_the_token_of_another_session_is_none(self):
        mine, others = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
        for client, by in ((mine, "li"), (others, "wang")):
            client.cookies.load({"sessionid": self.browser(by).cookies["sessionid"].value})
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', others.get("/me/").content.decode())[1]
        own = re.search(r'csrfmiddlewaretoken" value="([^"]+)', mine.get("/me/").content.decode())[1]
        data = {"name": "Li", "phone": "13900000000", "language": "en", "large_text": "1"}
        with Written() as written:
            self.assertEqual(mine.post("/me/", data | {"csrfmiddlewaretoken": token}).status_code, 403)
            self.assertEqual(written, [])
        self.assertEqual(mine.post("/me/", data | {"csrfmiddlewaretoken": own}).status_code, 302)

    def test_next_leads_nowhere_else(self):
        for wanted in EVIL:
            with self.subTest(wanted):
                for url, data in (
                    ("/sign-in/", {"username": "li", "password": "Right-2026"}),
                    ("/language/", {"language": "en"}),
                    ("/me/text-size/", {"large_text": "1"}),
                ):
                    client = Client() if url == "/sign-in/" else self.browser("li")
                    answer = client.post(url, data | {"next": wanted}, HTTP_REFERER="https://evil.example/")
                    self.assertEqual(answer.status_code, 302)
                    self.assertTrue(answer.url.startswith("/"), answer.url)
                    self.assertNotIn("evil", answer.url)
                refused = self.browser("wang").post(
                    f"/accounts/{self.officer('li').pk}/enable/", HTTP_REFERER="https://evil.example/"
                )
                self.assertNotIn("evil", refused.get("Location", ""))
