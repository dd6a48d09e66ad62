"""The queue: what waits, who is missing, and many approved at once after their differences were looked at."""

from datetime import date

from django.urls import reverse

from laborreg.months import Month
from reports import actions
from reports.models import APPROVED, SUBMITTED, ReturnVersion
from tests.cast import FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import Township, Village


class QueueCase(PageCase):
    def build(self):
        super().build()
        Township.objects.filter(code="630121100").update(station_phone="0971-2722000", head_name="Wang")
        type(self.li).objects.filter(pk=self.li.pk).update(phone="13800000001")

    def page(self, *args, by=None, name="queue", **query):
        return self.get(by or self.wang, name, *args, **query)

    def codes(self, page):
        return [row.ret.village_id for row in page.context["page_obj"]]


class Waiting(QueueCase):
    def test_a_station_sees_its_own_villages_only(self):
        self.submit(SEPTEMBER, HOME, self.li)
        self.submit(SEPTEMBER, FAR, self.sun)
        self.assertEqual(self.codes(self.page(SEPTEMBER)), [HOME])
        self.assertEqual(self.codes(self.page(SEPTEMBER, by=self.wang2)), [FAR])
        self.assertEqual(self.codes(self.page(SEPTEMBER, by=self.zhao)), [HOME, FAR])
        self.assertEqual(self.codes(self.page(SEPTEMBER, by=self.zhao, township="630121101")), [FAR])

    def test_it_opens_in_the_newest_month_that_is_over(self):
        self.assertRedirects(self.page(name="queue_home"), reverse("queue", args=[OCTOBER]))

    def test_tabs_count_every_state(self):
        self.submit(SEPTEMBER, HOME, self.li)
        actions.send_back(self.ret(), by=self.wang, reason="Look again")
        page = self.page(SEPTEMBER)
        counts = {view["name"]: view["count"] for view in page.context["views"]}
        self.assertEqual(
            counts, {"waiting": 0, "sent_back": 1, "approved": 0, "missing": 2, "locked": 0, "all": 2}
        )
        self.assertEqual(self.codes(self.page(SEPTEMBER, tab="sent_back")), [HOME])

    def test_a_row_tells_who_when_change_warnings_and_days(self):
        self.submit(SEPTEMBER, HOME, self.li)
        transfer(worker(), date(2026, 10, 3))
        self.submit(OCTOBER, HOME, self.li)
        [row] = self.page(OCTOBER).context["page_obj"]
        self.assertEqual((row.version.submitted_by, row.version.away, row.away_change), (self.li, 1, 1))
        self.assertEqual((row.explained, row.days_waiting), (1, 0))

    def test_others_have_no_queue(self):
        for stranger in (self.li, self.leader, self.admin):
            self.assertEqual(self.page(SEPTEMBER, by=stranger).status_code, 404)
        self.assertEqual(self.page(Month(2020, 1)).status_code, 404)

    def test_the_number_of_queries_does_not_grow_with_the_villages(self):
        self.submit(SEPTEMBER, HOME, self.li)
        self.assertEqual(self.queries(self.wang, "queue", SEPTEMBER), 31)
        self.submit(SEPTEMBER, NEXT_DOOR, self.second)
        self.assertEqual(self.queries(self.wang, "queue", SEPTEMBER), 31)


class Missing(QueueCase):
    def test_the_message_names_exactly_the_missing_villages_and_the_due_day(self):
        self.submit(SEPTEMBER, NEXT_DOOR, self.second)
        page = self.page(SEPTEMBER, tab="missing")
        message = page.context["message"]
        self.assertIn("大煤洞村", message)
        for there in ("元树尔村", "东门村"):
            self.assertNotIn(there, message)
        self.assertIn("Oct. 3, 2026", message)
        self.assertContains(page, message.splitlines()[0])

    def test_every_missing_village_is_named_once_for_the_county(self):
        message = self.page(SEPTEMBER, by=self.zhao, tab="missing").context["message"]
        for village in Village.objects.all():
            self.assertEqual(message.count(village.short_name), 1)

    def test_officers_and_station_can_be_called(self):
        page = self.page(SEPTEMBER, tab="missing")
        self.assertContains(page, 'href="tel:13800000001"')
        self.assertContains(page, 'href="tel:0971-2722000"')

    def test_when_all_are_in_nobody_is_urged(self):
        self.submit(SEPTEMBER, HOME, self.li)
        self.submit(SEPTEMBER, NEXT_DOOR, self.second)
        page = self.page(SEPTEMBER, tab="missing")
        self.assertEqual(page.context["message"], "")
        self.assertContains(page, "Every village is in")


class ApprovingMany(QueueCase):
    def build(self):
        super().build()
        transfer(worker(), date(2026, 9, 3), pay=4000)
        self.submit(SEPTEMBER, HOME, self.li)
        self.submit(SEPTEMBER, NEXT_DOOR, self.second)

    def differences(self, *returns, by=None):
        return self.page(SEPTEMBER, by=by, name="queue_differences", chosen=[ret.pk for ret in returns])

    def approve(self, *chosen, by=None):
        return self.post(by or self.wang, "queue_approve", SEPTEMBER, came_from="/queue/2026-09/", chosen=chosen)

    def test_after_the_differences_one_button_approves_all_of_them(self):
        home, next_door = self.ret(), self.ret(village=NEXT_DOOR)
        page = self.differences(home, next_door)
        self.assertEqual([each.now for each in page.context["total"]][:3], [1, 1, 0])
        self.assertContains(page, f'value="{home.pk}:1"')
        self.assertEqual(self.ret().state, SUBMITTED)
        self.assertContains(self.approve(f"{home.pk}:1", f"{next_door.pk}:1"), "2 returns are approved.")
        self.assertEqual({self.ret().state, self.ret(village=NEXT_DOOR).state}, {APPROVED})

    def test_a_version_that_nobody_looked_at_is_not_approved(self):
        home = self.ret()
        actions.send_back(home, by=self.wang, reason="Look again")
        self.submit(SEPTEMBER, HOME, self.li)
        self.assertContains(self.approve(f"{home.pk}:1"), "changed meanwhile")
        self.assertEqual(self.ret().state, SUBMITTED)

    def test_what_she_filed_herself_stays_with_the_reason(self):
        home = self.ret()
        ReturnVersion.objects.filter(ret=home).update(submitted_by=self.wang)
        page = self.differences(home, self.ret(village=NEXT_DOOR))
        self.assertEqual([row.ret.village_id for row in page.context["rows"]], [NEXT_DOOR])
        self.assertContains(page, "somebody else must approve it")
        self.assertFalse(next(row for row in self.page(SEPTEMBER).context["page_obj"]).may_be_approved)

    def test_a_strangers_return_is_not_among_the_chosen(self):
        page = self.differences(self.ret(), by=self.wang2)
        self.assertEqual((page.context["rows"], page.context["held_back"]), ([], []))
        self.assertContains(self.approve(f"{self.ret().pk}:1", by=self.wang2), "There is no return to work on.")
        self.assertEqual(self.ret().state, SUBMITTED)

    def test_the_county_leaves_the_villages_own_returns_to_the_station(self):
        page = self.differences(self.ret(), by=self.zhao)
        self.assertEqual(page.context["rows"], [])
        self.assertContains(page, "The station approves")

    def test_nonsense_chooses_nothing(self):
        self.assertContains(self.page(SEPTEMBER, name="queue_differences", chosen=["x", "²"]), "Nothing to approve")
