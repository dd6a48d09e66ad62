"""What a departure and an unchanged month cost on a phone, in taps and keys, counted in a real browser at 360 px."""

import pytest
from django.urls import reverse

from laborreg import clock
from reports import actions
from reports.models import MonthlyReturn
from tests.cast import HOME
from tests.journeys import county
from tests.journeys.county import OCTOBER
from tests.journeys.desk import PHONE
from tests.workers.desk import id_number
from workers.models import Transfer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officers(live_server):
    yield county.build(pay=4200)
    clock.pin(None)


class Counted:
    """An officer's hand: every tap and every key is counted but those of the name and the ID number."""

    def __init__(self, desk):
        self.desk, self.effort = desk, 0

    def tap(self, selector):
        self.effort += 1
        self.desk.tap(selector)

    def press(self, words):
        self.effort += 1
        self.desk.press(words)

    def choose(self, **said):
        self.effort += len(said)
        self.desk.choose(**said)

    def pick(self, name, value):
        """A list: one tap opens it, one chooses."""
        self.effort += 2
        self.desk.page.select_option(f"[name={name}]", value)

    def type(self, name, text):
        self.effort += 1 + len(text)
        self.desk.fill(**{name: text})

    def type_free(self, **said):
        self.desk.fill(**said)


def test_a_departure_costs_at_most_12(desk, officers):
    li = desk("li", **PHONE)
    hand = Counted(li)
    hand.tap("a:has-text('登记外出')")
    hand.type_free(id_number=id_number(), name="王秀英")
    hand.choose(consent="in_person")
    hand.press("下一步：去哪里")
    usual = li.page.locator("input[name=destination]").first.get_attribute("value")
    assert usual, "a place where others of the village work is one tap"
    hand.choose(destination=usual)
    hand.pick("left_month", "2026-10")
    hand.choose(channel="relatives")
    hand.press("下一步：工作")
    hand.choose(common_industry="C")
    hand.press("下一步：核对")
    hand.press("保存")
    assert Transfer.objects.get(worker__name="王秀英").destination == usual
    assert hand.effort <= 12, hand.effort


def test_an_unchanged_month_costs_at_most_3(desk, officers):
    actions.open_month(officers["zhao"].place, OCTOBER)
    hand = Counted(desk("li", **PHONE))
    hand.tap(f"a[href='{reverse('return', args=[HOME, OCTOBER])}']")
    hand.press("零报告上报")
    ret = MonthlyReturn.objects.get(village=HOME, month=OCTOBER)
    assert (ret.state, ret.newest.is_nil) == ("submitted", True)
    assert hand.effort <= 3, hand.effort
