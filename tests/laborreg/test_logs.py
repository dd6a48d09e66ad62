"""A server writes one line of JSON an event, and nobody of the ledger can be known from it."""

import json
import logging
import sys
from unittest import mock

import pytest
from django.db import IntegrityError, OperationalError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from laborreg.logs import Line, request_number, without_persons
from laborreg.middleware import BehindProxy, Numbered
from tests.cast import cast, county, worker


def line_of(message="words", *, wrong=None, **extra) -> dict:
    try:
        raise wrong or RuntimeError
    except Exception:
        caught = sys.exc_info() if wrong else None
    record = logging.getLogger("a.b").makeRecord("a.b", logging.ERROR, "file.py", 3, message, (), caught, extra=extra)
    return json.loads(Line().format(record))


def test_one_line_with_when_what_and_which_request():
    token = request_number.set("abcdef12")
    try:
        said = line_of("two\nlines", method="GET", path="/people/", status=200, ms=7, officer=3)
    finally:
        request_number.reset(token)
    assert said.pop("time").endswith("+00:00")
    assert said == {"level": "ERROR", "logger": "a.b", "request": "abcdef12", "message": "two\nlines", "method": "GET",
                    "path": "/people/", "status": 200, "ms": 7, "officer": 3}


@pytest.mark.parametrize("known", ["630000198803129945", "63000019880312994X", "630000880312994", "13900001234", "王秀英",
                                   "马·哈尼克", "𠮷田", "li.wang@example.cn"])
def test_nobody_in_a_text(known):
    assert without_persons(f"before {known} after") == "before … after"


def test_villages_and_numbers_of_rows_stay():
    assert without_persons("village 630121100200, 2026-10, row 12345") == "village 630121100200, 2026-10, row 12345"


def test_a_broken_rule_of_the_database_tells_no_row():
    said = line_of(wrong=IntegrityError('duplicate key "once"\nDETAIL:  Key (name)=(Wang Xiuying) already exists.'))
    assert said["exception"] == 'IntegrityError: duplicate key "once"'
    assert "Wang" not in json.dumps(said)
    assert "test_logs.py" in said["where"][0]


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, "laborreg.request")
    return lambda: [json.loads(Line().format(record)) for record in caplog.records if record.name == "laborreg.request"]


@pytest.mark.django_db
def test_every_request_is_one_line_without_what_was_searched_for(lines):
    county()
    zhao = cast()["zhao"]
    somebody = worker()
    browser = Client()
    browser.force_login(zhao)
    session = browser.session
    session["began"] = session["seen"] = timezone.now().timestamp()
    session.save()
    for url in ("/people/?q=王秀英", f"/people/{somebody.pk}/", "/王秀英/", "/people/999999/?q=630000198803129945"):
        browser.get(url)
    told = [(line["path"], line["status"], line["officer"]) for line in lines()]
    assert told == [("/people/", 200, zhao.pk), (f"/people/{somebody.pk}/", 200, zhao.pk), ("", 404, None),
                    ("/people/<int:pk>/", 404, zhao.pk)]
    assert all(line["ms"] >= 0 for line in lines())


@pytest.mark.django_db
def test_answer_error_page_and_log_name_the_same_request(lines, caplog):
    browser = Client(raise_request_exception=False)
    with mock.patch("officers.views.SignInForm", side_effect=RuntimeError):
        answer = browser.get("/sign-in/")
    number = answer["X-Request-ID"]
    assert f">{number[:8]}<" in answer.content.decode()
    assert f"incident {number[:8]}" in caplog.text
    assert lines()[0]["status"] == 500


def test_a_number_of_the_proxy_is_believed_in_production_only(rf):
    def told(middleware, number):
        return middleware(rf.get("/", headers={"X-Request-ID": number}))["X-Request-ID"]

    alone = Numbered(lambda request: HttpResponse())
    behind = BehindProxy(alone)
    assert told(behind, "a1b2c3d4e5f6") == "a1b2c3d4e5f6"
    assert told(alone, "a1b2c3d4e5f6") != "a1b2c3d4e5f6"
    for odd in ("short", "x" * 65, 'quote"quote', "王秀英王秀英王秀英"):
        assert told(behind, odd) != odd


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("url", ["/sign-in/", "/people/", "/nothing/"])
def test_a_database_that_is_away_is_told_without_it(url, language):
    browser = Client(raise_request_exception=False)
    browser.cookies["sessionid"], browser.cookies["django_language"] = "x" * 32, language
    away = OperationalError("could not connect to server 10.0.0.7")
    with mock.patch("django.db.backends.utils.CursorWrapper.execute", side_effect=away):
        answer = browser.get(url)
    said = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer["X-Request-ID"][:8] in said
    assert "10.0.0.7" not in said
    assert ('lang="zh-Hans"' in said) == (language != "en")
