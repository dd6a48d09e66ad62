"""The month on an office PC in English, in a real browser: sent back, answered, approved, locked, sealed, reopened."""

from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from laborreg import clock
from reports import actions, totals
from reports.models import MonthlyReturn, Seal
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR
from tests.journeys import county
from tests.journeys.county import OCTOBER, person
from tests.journeys.desk import PC
from workers import actions as ledger

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RETURN = ("return", [HOME, OCTOBER])


@pytest.fixture
def officers(live_server):
    yield county.build(pay=4200)
    clock.pin(None)


def page(name, args):
    return reverse(name, args=args)


def ret(village=HOME):
    return MonthlyReturn.objects.select_related("county", "village", "newest").get(village=village, month=OCTOBER)


def test_the_month_on_a_pc_in_english(desk, officers):
    actions.open_month(officers["zhao"].place, OCTOBER)
    for village, keeper, station in ((NEXT_DOOR, "second", "wang"), (FAR, "sun", "wang2")):
        actions.submit([ret(village)], by=officers[keeper], explanations=actions.AS_IN_THE_LEDGER)
        actions.approve([ret(village)], by=officers[station])
    li, wang, zhao = (desk(name, **PC) for name in ("li", "wang", "zhao"))
    files(li)
    asks(wang)
    answers(li)
    approves(wang)
    seals(zhao)
    reopens(zhao)
    compares(zhao, officers)


def files(li):
    li.tap(f"a[href='{page(*RETURN)}']").press("Submit: nothing changed").sees("is submitted")


def asks(wang):
    wang.open(page(*RETURN) + "?send_back=1").fill(reason="Who is in Shenzhen?", question_1="Is this all?")
    wang.page.select_option("[name=figure_1]", "away")
    wang.press("Send back to the village").sees("Who is in Shenzhen?", "Is this all?").look()
    assert ret().state == "sent_back"


def answers(li):
    li.open(page(*RETURN)).look()
    li.page.locator("form.answer input, form.answer textarea").filter(visible=True).first.fill("All of them.")
    li.press("Answer").sees("All of them.")
    li.press("Submit: nothing changed").sees("is submitted")


def approves(wang):
    wang.open(page(*RETURN)).press("Approve")
    assert ret().state == "approved"


def seals(zhao):
    zhao.open(page("lock", [OCTOBER])).look().press("Lock and seal").sees("is sealed, version 1").look()
    with zhao.page.expect_download() as coming:
        zhao.page.locator(f"form[action='{page('workbook', [COUNTY, OCTOBER])}'] button").first.click()
    book = load_workbook(BytesIO(Path(coming.value.path()).read_bytes()), data_only=True)
    cells = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert totals.totals(COUNTY, OCTOBER).figures["away"] in cells


def reopens(zhao):
    zhao.open(page("month_reopen", [OCTOBER])).look().fill(reason="One was forgotten")
    zhao.page.locator("summary").filter(visible=True).first.click()
    zhao.page.locator(f"input[name=chosen][value='{ret().pk}']").check()
    zhao.press("Reopen").sees("1 return is reopened", "Their locked versions count").look()
    zhao.open(page(*RETURN)).sees("One was forgotten", "version 2 counts").look()


def compares(zhao, officers):
    """What became known meanwhile is seen with its names before anybody files it; then the month is closed as it was."""
    ledger.record_homecoming(person("马成龙"), by=officers["li"], ended_on=OCTOBER.last_day(), reason="family")
    zhao.open(page("known_now", [COUNTY, OCTOBER])).sees("Came home (times)").look()
    zhao.open(page("known_now_names", [COUNTY, OCTOBER, "away"])).sees("马成龙").look()
    zhao.open(page("proof", [COUNTY, OCTOBER])).sees("Everything holds").look()
    zhao.open(page(*RETURN)).press("Lock again unchanged").sees("is locked again as it was")
    assert Seal.objects.filter(month=OCTOBER).count() == 1
