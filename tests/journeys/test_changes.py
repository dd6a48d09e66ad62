"""Moves, households and double entries in a real browser, on a phone in Chinese and on an old PC in English."""

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import FAR, HOME
from tests.journeys.county import person
from tests.journeys.desk import PC, PHONE
from workers import actions as ledger
from workers.models import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("how", [PHONE, PC], ids=["phone", "pc"])
def test_moves_households_and_double_entries(desk, officers, how):
    by, day = officers["li"], date(2026, 10, 20)
    first, second, third = (person(name) for name in ("马成龙", "李桂兰", "祁海英"))
    household = ledger.start_household(by=by, village=HOME, head=first)
    ledger.join_household(second, household, "other", by=by)
    flag = ledger.set_status(household, by=by, kind="relieved", from_on=date(2020, 1, 1))
    asked = ledger.ask_to_let_go(third, by=by, to_village=FAR, on=day, reason="marriage")
    far = person("孙有才")
    waiting = ledger.ask_to_let_go(far, by=officers["sun"], to_village=HOME, on=day, reason="other")
    li = desk("li", **how)
    changes = ("household", "household_edit", "household_add", "household_head", "household_split", "household_merge")
    for url in (
        *(reverse(name, args=[household.pk]) for name in changes), reverse("status_end", args=[household.pk, flag.pk]),
        reverse("moves"), reverse("move", args=[asked.pk]), reverse("move", args=[waiting.pk]), reverse("move_ask"),
        reverse("person_ask", args=[first.pk]), reverse("person", args=[third.pk]), reverse("twins", args=[first.pk]),
        reverse("twin", args=[first.pk, third.pk]), reverse("person_household", args=[second.pk]),
    ):
        li.open(url).look()
    li.open("/").tap(f"a[href='{reverse('moves')}']").tap(f"a[href='{reverse('move', args=[waiting.pk])}']")
    li.tap(f"form[action='{reverse('move_confirm', args=[waiting.pk])}'] button").look().sees("孙有才")
    assert Worker.objects.get(pk=far.pk).village_id == HOME
