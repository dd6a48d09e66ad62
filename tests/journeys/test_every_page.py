"""Every page in a real browser: village officers on a phone in Chinese, the office on a PC in English; axe on each."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone

from laborreg import clock
from officers import demo
from tests.journeys.desk import PC, PHONE, Desk
from tests.matrix import world as worlds
from tests.matrix.addresses import ADDRESSES
from tests.test_matrix import KNOWN, may_open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server):
    demo._known[:] = [False]
    yield worlds.build()
    demo._known.clear()
    clock.pin(None)


def signed_in(browser, server, officer, how) -> Desk:
    desk = Desk(browser, server.url, **how)
    session = SessionStore()
    session[SESSION_KEY] = str(officer.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session["began"] = session["seen"] = timezone.now().timestamp()
    session.save()
    desk.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": server.url}])
    return desk


def walk(desk, world, officer, names) -> set[str]:
    """Those of the addresses that show the officer a page; each is looked at."""
    seen = set()
    for name in names:
        address = ADDRESSES[name]
        place = world.home if officer.role == "village" else world.places[address.place]
        args = address.args(world, place, officer) if address.args else []
        answer = desk.context.request.get(reverse(name, args=args), max_redirects=0)
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
            desk.open(reverse(name, args=args)).look()
            seen.add(name)
    return seen


@pytest.mark.parametrize(("name", "how"), [("li", PHONE), ("zhao", PC)], ids=["phone", "pc"])
def test_every_page(browser, live_server, world, name, how):
    officer = world.officers[name]
    desk = signed_in(browser, live_server, officer, how)
    mine = [each for each in KNOWN if may_open(officer, each) and officer.role not in ADDRESSES[each].nothing_for]
    seen = walk(desk, world, officer, mine)
    desk.context.close()
    assert len(seen) > 50, sorted(set(mine) - seen)
    assert not desk.wrong, "\n".join(desk.wrong)
