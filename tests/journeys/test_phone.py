"""The month on a phone in Chinese, and on an old PC in English, in a real browser; what a page must never do."""

import pytest
from django.urls import reverse

from reports import actions
from reports.models import MonthlyReturn, Seal
from tests.cast import COUNTY, HOME, NEXT_DOOR
from tests.journeys.county import OCTOBER, STATION, person
from tests.journeys.desk import PC, PHONE
from tests.workers.desk import id_number
from workers.models import Transfer, Verification

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = "王秀英"
def test_the_officer_s_month_and_its_approval_on_a_phone_in_chinese(desk, officers):
    actions.open_month(officers["zhao"].place, OCTOBER)
    li = desk("li", **PHONE).look()
    registers_a_departure(li)
    registers_a_homecoming(li)
    looks_people_up(li)
    asks_who_is_away(li)
    submits(li)
    wang = desk("wang", **PHONE).look()
    approves(wang)
    li.open("/").look()


def registers_a_departure(li):
    li.tap("a:has-text('登记外出')").look()
    li.fill(id_number=id_number(), name=NAME, phone="13812345678").choose(consent="in_person")
    li.press("下一步：去哪里").look()
    li.choose(destination="")
    li.page.select_option("[name=destination_province]", "44")
    li.page.locator("[name=destination_prefecture]").wait_for()
    li.page.select_option("[name=destination_prefecture]", "4403")
    li.page.select_option("[name=left_month]", "2026-10")
    li.choose(channel="relatives").press("下一步：工作").look()
    li.choose(common_industry="C").fill(pay="5200").press("下一步：核对").look()
    li.sees(NAME, "广东 深圳", "4", "5").press("保存").look()
    li.sees("已登记", NAME)
    assert Transfer.objects.get(worker__name=NAME).destination == "4403"


def registers_a_homecoming(li):
    li.open("/").tap("a:has-text('登记返乡')").look()
    li.tap(f"a[href='{reverse('homecoming', args=[person('祁海英').pk])}']").look()
    li.fill(ended_on="2026-10-20").choose(reason="family").press("保存").look()
    li.sees("已登记", "祁海英")


def looks_people_up(li):
    li.open("/").tap("a:has-text('查找人员')").look()
    li.tap(f"a[href='{reverse('person', args=[person(NAME).pk])}']").look()
    li.sees(NAME, "广东 深圳")


def asks_who_is_away(li):
    """The whole round without leaving the page but to call; a family member answers."""
    li.open("/").tap(f"a.quick[href^='{reverse('visit_round')}']").look().sees("韩有福", "李桂兰")
    card = f"form[action='{reverse('visit', args=[person('韩有福').pk])}']"
    li.page.select_option(f"{card} [name=answered_by]", "family")
    li.tap(f"{card} button[value=no_change]").sees("韩有福")
    li.open(reverse("visit", args=[person("李桂兰").pk])).look()
    li.tap("button[value=no_answer]").sees("李桂兰")
    li.open(reverse("visit_round") + "?part=home").look().sees("祁海英").tap("button[value=at_home]").look()
    li.choose(plan="farming", needs="training").press("保存").look()
    li.open(reverse("visit_round") + "?part=done").look().sees("韩有福", "祁海英")
    li.open(reverse("visit_print")).look().sees("李桂兰")
    assert Verification.objects.get(worker__name="韩有福").answered_by == "family"


def submits(li):
    address = reverse("return", args=[HOME, OCTOBER])
    li.open("/").tap(f"a[href='{address}']").look()
    cell = reverse("cell", args=[HOME, OCTOBER, "left"])
    li.page.locator(f"details:has(a[href='{cell}']) summary").first.click()
    li.tap(f"a[href='{cell}']").look().sees(NAME)
    li.tap(f"a[href='{address}']")
    li.press("检查并上报").look()
    assert state(HOME) == "submitted", li.page.inner_text("main")
    li.open("/returns/").look()


def approves(wang):
    wang.open(reverse("queue", args=[OCTOBER]) + "?tab=missing").look().sees("元树尔村")
    wang.open(reverse("queue", args=[OCTOBER])).sees("大煤洞村")
    wang.page.check("[name=chosen]")
    wang.press("看差异").look()
    wang.press("审核").look()
    assert state(HOME) == "approved"


def state(village) -> str:
    return MonthlyReturn.objects.get(village=village, month=OCTOBER).state


def test_the_four_steps_without_javascript(desk, officers):
    li = desk("li", **PHONE, java_script_enabled=False)
    li.tap("a:has-text('登记外出')")
    li.fill(id_number=id_number(), name=NAME).choose(consent="in_person").press("下一步：去哪里")
    li.page.select_option("[name=destination_province]", "44")
    li.press("显示下一级")
    li.page.select_option("[name=destination_prefecture]", "4403")
    li.choose(channel="relatives").press("下一步：工作")
    li.choose(common_industry="C").press("下一步：核对")
    li.sees(NAME, "广东 深圳").press("保存").sees("已登记", NAME)
    assert Transfer.objects.get(worker__name=NAME).destination == "4403"


@pytest.fixture
def october(officers):
    """Home is in and waits, next door is approved, the third has filed nothing."""
    actions.open_month(officers["zhao"].place, OCTOBER)
    for village, by in ((HOME, "li"), (NEXT_DOOR, "second")):
        returns = MonthlyReturn.objects.select_related("county", "village", "newest")
        actions.submit([returns.get(village=village, month=OCTOBER)], by=officers[by],
                       explanations=actions.AS_IN_THE_LEDGER)
    actions.approve([MonthlyReturn.objects.get(village=NEXT_DOOR, month=OCTOBER)], by=officers["wang"])
    return MonthlyReturn.objects.get(village=HOME, month=OCTOBER)


def test_the_station_s_pages_on_a_pc_in_english(desk, october):
    wang = desk("wang", **PC)
    for url in (
        reverse("queue", args=[OCTOBER]), reverse("queue", args=[OCTOBER]) + "?tab=missing",
        reverse("queue", args=[OCTOBER]) + "?tab=all",
        reverse("queue_differences", args=[OCTOBER]) + f"?chosen={october.pk}",
        reverse("return", args=[HOME, OCTOBER]) + "?send_back=1", reverse("cell", args=[HOME, OCTOBER, "away"]),
        reverse("totals", args=[STATION, OCTOBER]), "/returns/", "/people/", "/accounts/", "/messages/",
        reverse("report_up", args=[OCTOBER, STATION]), reverse("scans", args=[STATION, OCTOBER]),
        reverse("visit_quality"), reverse("visit_people") + "?which=stale", reverse("visit_round") + f"?village={HOME}",
    ):
        wang.open(url).look()


def test_the_county_s_settings_and_deadline_day(desk, october):
    """On a phone and on a PC: settings, more time, reminders, earlier totals, signed papers."""
    # As before the first seal: afterwards earlier totals are only read.
    Seal.objects.all().delete()
    pages = ["/settings/", reverse("extend", args=[OCTOBER]), reverse("earlier", args=[COUNTY]),
             reverse("scans", args=[COUNTY, OCTOBER])]
    for how in (PHONE, PC):
        zhao = desk("zhao", **how)
        for url in pages:
            zhao.open(url).look()
        zhao.open("/settings/").page.fill("[name=due_days]", "2")
        zhao.tap("form.card .btn-primary").look()
        zhao.open(pages[2]).page.fill("#pasted", "month\tarea\taway\tx\n2025-10\t630121\t5\n2025-13\tx\ty")
        zhao.tap("form:has(#pasted) .btn-primary").look()
        zhao.open(pages[1]).fill(due_on="2026-11-07", closes_on="2026-11-12", reason="大雪")
        zhao.page.select_option("[name=area_code]", COUNTY if how is PC else STATION)
        zhao.tap("form:has([name=area_code]) .btn-primary").look()
    zhao.tap("form[action$='/remind/'] button").look()


def test_totals_and_queues_fit_a_phone_too(desk, october):
    """Station and county on the road: not their place of work, but nothing sticks out."""
    zhao = desk("zhao", **PHONE)
    for url in (
        reverse("totals", args=[COUNTY, OCTOBER]), reverse("drill", args=[COUNTY, OCTOBER, "away"]),
        reverse("totals", args=[HOME, OCTOBER]), reverse("board", args=[OCTOBER]), reverse("lock", args=[OCTOBER]),
        "/queue/", "/accounts/", "/people/", "/places/",
    ):
        zhao.open(url).look()
