"""The cast's browsers walking over every address, and what is looked at in each answer."""

import re
from contextlib import contextmanager
from unittest import mock

from django.apps import apps
from django.db import connection, transaction
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from laborreg import bulk, clock
from laborreg.middleware import POLICY
from officers import demo
from tests.matrix import world
from tests.matrix.addresses import ADDRESSES, patterns

CAST = ["li", "wang", "zhao", "leader", "admin"]
WRITING = re.compile(r"(?:INSERT|UPDATE|DELETE|REPLACE)\b(?!.*django_session)", re.IGNORECASE | re.DOTALL)
VIEWS = dict(patterns())
HEADERS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# What the policy would not let run or load: code and styles inside the page, and other hosts.
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style|<[^>]*\s(?:style|on[a-z]+)=|javascript:|(?:src|action|href)=\"(?:https?:)?//",
    re.IGNORECASE,
)


class Walk(TestCase):
    """The world, one browser for each of the cast, and questions about an address."""

    @classmethod
    def setUpTestData(cls):
        # Through all tests PostgreSQL counts on; here numbers of rows are told from codes of places by their length.
        bulk.count_on(apps.get_models(include_auto_created=True))
        cls.world = world.build()

    def setUp(self):
        clock.pin(world.TODAY)
        demo._known[:] = [False]
        # Nobody asks for the contexts of the templates, and keeping them takes a tenth of the time.
        quick = mock.patch("django.test.client.store_rendered_templates", new=lambda *_args, **_context: None)
        # A draw is made by chance: here by the same each time, so that two outcomes can be compared.
        chance = mock.patch("reports.checking.token_hex", new=lambda length: "5eed" * (length // 2))
        secret = mock.patch("officers.second_factor.new_secret", new=lambda: world.SECRET)
        for each in (quick, chance, secret):
            each.start()
            self.addCleanup(each.stop)
        self.addCleanup(clock.pin, None)
        self.addCleanup(demo._known.clear)
        self.browsers = {}
        for name in CAST:
            self.browser(name)

    def officer(self, name):
        return self.world.officers[name]

    def browser(self, name) -> Client:
        """Signed in as the officer of this name; None is a visitor."""
        if name not in self.browsers:
            self.browsers[name] = client = Client()
            if name:
                client.force_login(self.officer(name))
                session = client.session
                session["began"] = session["seen"] = timezone.now().timestamp()
                session.save()
        return self.browsers[name]

    def url(self, name, place=None, by="li") -> str:
        """The address for the row of a place, as the officer would come by it."""
        address = ADDRESSES[name]
        args = address.args(self.world, place or self.world.home, self.officer(by)) if address.args else []
        return reverse(name, args=args)

    def data(self, name) -> dict:
        """The form in order, as its sender sends it from its place."""
        address = ADDRESSES[name]
        return address.post(self.world, self.world.places[address.place], self.officer(address.by))

    def ask(self, name, url, data=None, **headers):
        """The answer to a GET, or to a POST of the data; every answer is looked at."""
        client = self.browser(name)
        if data is None:
            answer = client.get(url, **headers)
        else:
            answer = client.post(url, data, **{"HTTP_REFERER": f"http://testserver{url}"} | headers)
        self.look_at(answer, name, url)
        return answer

    def look_at(self, answer, name, url):
        """What holds of every answer: no failure, the headers, nothing inline that the policy would not run."""
        self.assertLess(answer.status_code, 500, f"{name} {url}")
        told = {header: answer.get(header) for header in HEADERS}
        self.assertEqual(told, HEADERS, f"{name} {url}")
        if answer.wsgi_request.user.is_authenticated:
            self.assertIn("no-store", answer["Cache-Control"], f"{name} {url}")
        self.assertIsNone(INLINE.search(text_of(answer)), f"{name} {url}")

    @contextmanager
    def undone(self, name):
        """What is done inside is undone in the database, and the officer's browser keeps its session."""
        jar = self.browser(name).cookies
        kept = {cookie: morsel.value for cookie, morsel in jar.items()}
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        jar.clear()
        jar.load(kept)

    def sent(self, name, data=None, times=1):
        """Answers to the address's own form, sent by its sender to its place; to be asked inside `undone`."""
        address = ADDRESSES[name]
        if address.prepare:
            address.prepare(self.world)
        url = self.url(name, self.world.places[address.place], address.by)
        data = self.data(name) if data is None else data
        return [self.ask(address.by, url, data) for _time in range(times)]

    def found(self, secrets, answer) -> list[str]:
        """Those of the secrets that the answer tells."""
        text = answer if isinstance(answer, str) else text_of(answer)
        return [secret for secret in secrets if secret in text]


class Written(list):
    """The statements that write anything but a session, while it stands."""

    def __call__(self, execute, sql, params, many, context):
        if WRITING.match(sql.strip()):
            self.append(sql)
            self.params.append(params)
        return execute(sql, params, many, context)

    def __enter__(self):
        self.params = []
        self.wrapper = connection.execute_wrapper(self)
        self.wrapper.__enter__()
        return self

    def __exit__(self, *exception):
        self.wrapper.__exit__(*exception)


class InStatements(list):
    """The statements whose own text, not whose parameters, holds one of these words, while it stands."""

    def __init__(self, *words):
        super().__init__()
        self.words = words

    def __call__(self, execute, sql, params, many, context):
        if any(word in sql for word in self.words):
            self.append(sql)
        return execute(sql, params, many, context)

    def __enter__(self):
        self.wrapper = connection.execute_wrapper(self)
        self.wrapper.__enter__()
        return self

    def __exit__(self, *exception):
        self.wrapper.__exit__(*exception)


def text_of(answer) -> str:
    return "" if getattr(answer, "streaming", False) else answer.content.decode("utf-8", "replace")
