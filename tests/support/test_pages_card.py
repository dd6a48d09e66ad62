"""A broker's card: standing for the whole county, the rest for the broker's own places."""

from datetime import date

from django.urls import reverse

from brokers.models import Association, Attendance, Complaint, Course, FilingStep, Membership, Post
from laborreg import clock, crypto
from support.models import Claim, Scheme
from tests import cast
from tests.cast import FAR, HOME
from tests.support.leading import Desk
from tests.workers.desk import id_number


class Card(Desk):
    def build(self):
        super().build()
        number = id_number("19790714", "003")
        cipher, version = crypto.encipher(number)
        self.ma.phone, self.ma.trades, self.ma.birth_date = "13897123456", "建筑", date(1979, 7, 14)
        self.ma.id_cipher, self.ma.id_key_version = cipher, version
        self.ma.save()
        by, at = self.people["zhao"], clock.now()
        told = {"broker": self.ma, "by": by, "at": at}
        FilingStep.objects.create(step="recommended", on=date(2026, 4, 1), reason="村里推荐", **told)
        Association.objects.create(county=self.county, name="劳务经纪人协会", founded_on=date(2026, 4, 30))
        where = {"county": self.county, "township_id": HOME[:9], "by": by, "at": at}
        member = Membership.objects.create(broker=self.ma, joined_on=date(2026, 5, 1), **where)
        Post.objects.create(membership=member, kind="branch_head", from_on=date(2026, 6, 1), **where)
        days = {"from_on": date(2026, 3, 1), "to_on": date(2026, 3, 3)}
        held = {"county": self.county, "place_code": self.county.pk, "name": "经纪人培训班", "hours": 24, "at": at}
        course = Course.objects.create(**held, **days)
        Attendance.objects.create(course=course, was_there=True, has_passed=True, **told)
        for outcome in ("upheld", "dismissed"):
            Complaint.objects.create(
                kind="complaint", received_on=date(2026, 7, 1), said="工资说高了", outcome=outcome, answer="属实",
                settled_on=date(2026, 7, 9), settled_by=by, **told,
            )
        scheme = Scheme.objects.create(county=self.county, name="劳务经纪人奖补", year_from=2025)
        Claim.objects.create(
            county=self.county, scheme=scheme, year=2025, broker=self.ma, township_id=HOME[:9], persons=41, amount=820,
            drawn_by=by, drawn_at=at,
        )

    def card(self, who, broker=None, status=200, **query):
        return self.get(who, reverse("broker", args=[(broker or self.ma).pk]), status, **query)

    def told(self, page) -> dict:
        return {line.key: (line.part, line.whole, line.mine) for line in page.context["standing"]}

    def test_zhao_sees_the_standing_with_its_arithmetic(self):
        page = self.card("zhao")
        self.assertEqual(self.told(page), {
            "persons": (5, None, 5), "person_times": (5, None, 5), "stayed_3": (2, 5, 2), "stayed_6": (1, 5, 1),
            "home_in_a_month": (1, 5, 1), "contracts": (1, 5, 1), "repeat": (1, 5, 1), "relieved": (1, 5, 1),
            "monitored": (0, 5, 0), "mean_pay": (4500, None, 4500), "complaints": (1, 2, None),
        })
        for text in ("2 of 5 = <b>40.0%</b>", "1 of 2 = <b>50.0%</b>", "4,500"):
            self.assertContains(page, text)

    def test_li_sees_everything_of_her_own_broker_numbers_masked(self):
        page = self.card("li")
        own = ["建筑", "村里推荐", "Head of the branch", "经纪人培训班", "厂"]
        for text in ("138****3456", "630000********", *own):
            self.assertContains(page, text)
        for text in ("13897123456", id_number("19790714", "003"), "1979-07-14", "工资说高了"):
            self.assertNotContains(page, text)
        self.assertContains(self.card("wang"), "工资说高了")
        self.assertEqual(self.told(page)["persons"], (5, None, 3))
        self.assertContains(page, reverse("broker_edit", args=[self.ma.pk]))

    def test_claims_stand_on_the_card_of_station_and_county(self):
        for who in ("wang", "zhao"):
            self.assertContains(self.card(who), "820 yuan")

    def test_elsewhere_name_township_and_standing_only(self):
        page = self.card("sun")
        for text in ("马占海", "桥头镇", "&lt;3 of 5", "fewer than three persons"):
            self.assertContains(page, text)
        for text in ("138****3456", "建筑", "大煤洞", "村里推荐", "经纪人培训班", "工资说高了", "厂", "820"):
            self.assertNotContains(page, text)
        told = self.told(page)
        self.assertEqual((told["persons"], told["contracts"]), ((5, None, 1), ("<3", 5, 0)))
        # Two pays are known, of people whom Sun does not see.
        self.assertEqual(told["mean_pay"], ("*", None, None))

    def test_elsewhere_no_pay_of_one_or_two_others(self):
        for number in range(2):
            self.take(cast.worker(f"远薪{number}", FAR), self.ma, date(2026, 10, 1), pay=3000)
        told = self.told(self.card("sun"))
        self.assertEqual((told["persons"], told["mean_pay"]), ((7, None, 3), ("*", None, 3000)))
        self.take(cast.worker("又一薪"), self.ma, date(2026, 10, 1), pay=5000)
        self.assertEqual(self.told(self.card("sun"))["mean_pay"], (4000, None, 3000))
        self.assertEqual(self.told(self.card("wang"))["contracts"], (1, 8, 1))

    def test_the_leader_reads_figures_without_small_ones_and_without_names(self):
        page = self.card("leader")
        self.assertContains(page, "* of *")
        self.assertEqual(self.told(page)["mean_pay"], ("*", None, None))
        self.assertNotContains(page, "/led/")
        self.assertNotContains(page, "138****3456")

    def test_figures_open_their_names(self):
        page = self.card("zhao")
        for line in page.context["standing"]:
            if line.url:
                self.assertEqual(self.client.get(line.url).context["value"], line.mine, line.key)
        shown = page.context
        for row in [*shown["places"], *shown["employers"]]:
            self.assertEqual(self.client.get(row["url"]).context["value"], row["persons"], row["label"])
        for row in shown["months"]:
            for cell in row["cells"]:
                if cell["url"]:
                    self.assertEqual(self.client.get(cell["url"]).context["value"], cell["value"])
        self.assertEqual([row["times"] for row in shown["months"]], [0, 1, 2, 0, 0, 0, 0, 0, 1, 1, 0])

    def test_another_year(self):
        self.assertEqual(self.told(self.card("zhao", year="2025"))["persons"], (1, None, 1))
        for year in ("1999", "x", "9" * 30):
            self.assertEqual(self.card("zhao", year=year).context["chosen"].year, 2026)

    def test_a_broker_without_anything(self):
        page = self.card("zhao", self.broker("祁福", HOME))
        self.assertContains(page, "No step has been taken yet.")
        self.assertEqual(self.told(page)["stayed_3"], (0, 0, 0))

    def test_an_entry_that_was_merged_leads_to_the_one_that_stayed(self):
        twin = self.broker("马占海", HOME, merged_into=self.ma)
        self.assertEqual(self.card("li", twin, status=302).url, reverse("broker", args=[self.ma.pk]))

    def test_the_administrator_has_no_such_page(self):
        self.card("admin", status=404)

    def test_more_people_ask_no_more_queries(self):
        self.sign_in("zhao")
        url = reverse("broker", args=[self.ma.pk])
        self.client.get(url)
        short = self.queries(url)
        for number in range(10):
            self.take(cast.worker(f"人{number}"), self.ma, date(2026, 4, 1 + number), employer=f"厂{number}")
        self.assertEqual(self.queries(url), short)
        self.assertEqual(short, 20)
