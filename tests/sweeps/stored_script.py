"""Markup, quotes and template signs in every text of every table; every page of every role in Chromium.

python -m tests.sweeps.stored_script

A dialog, a word in the browser's console (a broken policy is told there), a request to another host, or an element that a
text brought with it: each is an execution.
"""

import sys

import pytest
from django.urls import reverse

from officers.models import Message
from tests.journeys.desk import PC
from tests.journeys.test_every_page import signed_in, world  # noqa: F401
from tests.matrix.addresses import ADDRESSES
from tests.matrix.overwriting import overwrite
from tests.matrix.walker import CAST
from tests.test_matrix import KNOWN, may_open
from workers.models import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The short one first: many fields hold thirty signs.
HOSTILE = ["<img src=x onerror=alert(1)>", "\"'><svg onload=alert(2) class=zq7x></svg></script><b class=zq7x>{{7*7}}{% debug %}`"]
MARKED = "() => document.querySelectorAll('.zq7x, [onerror], [onload], img[src=x]').length"


def test_every_page(browser, live_server, world, capsys):  # noqa: F811
    pages, faults = 0, []
    for text in HOSTILE:
        overwrite(text)
        Worker.objects.update(note=text, skills=text, group_name=text[:30])
        Message.objects.update(text="%(reason)s", values={"reason": text}, url="/")
        for by in CAST:
            found, wrong = shown_to(browser, live_server, world, by)
            pages, faults = pages + found, faults + wrong
    with capsys.disabled():
        print("", *faults[:8], f"IN-03  {pages} pages of {len(CAST)} roles in Chromium  {'FAIL' if faults else 'pass'}", sep="\n")
    assert not faults


def shown_to(browser, live_server, world, by) -> tuple[int, list[str]]:  # noqa: F811
    """How many pages the officer was shown, and what was executed on them."""
    officer, pages = world.officers[by], 0
    desk = signed_in(browser, live_server, officer, PC)
    desk.page.on("dialog", lambda dialog: (desk.wrong.append(f"{desk.page.url}: {dialog.message}"), dialog.dismiss()))
    for name in KNOWN:
        address = ADDRESSES[name]
        if may_open(officer, name) and officer.role not in address.nothing_for:
            place = world.home if officer.role == "village" else world.places[address.place]
            url = reverse(name, args=address.args(world, place, officer) if address.args else [])
            answer = desk.context.request.get(url, max_redirects=0)
            if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
                desk.open(url)
                pages += 1
                if found := desk.page.evaluate(MARKED):
                    desk.wrong.append(f"{url}: {found} elements of a text")
    desk.context.close()
    return pages, desk.wrong


if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-p", "no:xdist", "-p", "no:cacheprovider", __file__]))
