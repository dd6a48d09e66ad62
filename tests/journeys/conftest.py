"""A county with its officers, and a browser window for each of them."""

import pytest

from laborreg import clock
from tests.journeys import county
from tests.journeys.desk import Desk


@pytest.fixture
def officers(live_server):
    yield county.build()
    clock.pin(None)


@pytest.fixture
def desk(live_server, officers, browser):
    """Open a browser for an officer; what it did wrong on the way is told at the end."""
    desks = []

    def open_desk(name, **how):
        desks.append(Desk(browser, live_server.url, **how))
        return desks[-1].sign_in(name)

    yield open_desk
    wrong = [each for desk in desks for each in desk.wrong]
    for each in desks:
        each.context.close()
    assert not wrong, "\n".join(wrong)
