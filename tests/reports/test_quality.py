"""The pages of data quality: a score that can be recomputed, numbers that open their lists, and whose eyes they are for."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from reports.quality import Board
from tests import cast
from tests.workers.pages import Pages
from workers import actions
from workers.doubts import RULES
from workers.models import Doubt


class Quality(Pages):
    def build(self):
        super().build()
        said = {"no_id_reason": "lost", "sex": "female", "birth_date": date(1988, 3, 12), "education": "70"}
        self.people = [
            actions.register(by=self.li, village=cast.HOME, name=name, phone="13800000000", **said)
            for name in ("王秀英", "马成龙", "祁连山")
        ]
        self.far = actions.register(by=self.sun, village=cast.FAR, name="韩远方", phone="13800000009", **said)
        Doubt.objects.filter(worker__in=self.people[1:]).delete()
        self.trip = actions.record_departure(
            self.people[0], by=self.li, started_on=date(2026, 9, 1), destination="440306", pay=45_000, channel="own",
            employer="厂", industry="C",
        )

    def quality(self, officer, area, length=12):
        return Board(officer, area, self.county, length)

    def doubt(self, rule="odd_pay"):
        return Doubt.objects.get(rule=rule, village=cast.HOME)

    def test_the_score_is_the_share_of_people_without_an_open_doubt(self):
        row = self.quality(self.li, self.li.place).of(cast.HOME)
        self.assertEqual((row.people, row.doubted, row.wrong, row.suspect, row.missing), (3, 1, 0, 1, 1))
        self.assertEqual(row.score, 66)
        for rule in ("odd_pay", "no_id"):
            actions.set_aside(self.doubt(rule), by=self.li, reason="属实")
        row = self.quality(self.li, self.li.place).of(cast.HOME)
        self.assertEqual((row.doubted, row.settled, row.score), (0, 2, 100))

    def test_nobody_has_no_score(self):
        self.assertIsNone(self.quality(self.li, self.li.place).of(cast.NEXT_DOOR).score)

    def test_numbers_tie_with_their_lists(self):
        self.sign_in(self.zhao)
        board = self.quality(self.zhao, self.county, 9)
        for area in (cast.COUNTY, cast.HOME[:9], cast.FAR[:9]):
            rows = [row for code, row in board.found.items() if code.startswith(area)]
            for severity in ("wrong", "suspect", "missing"):
                page = self.client.get(reverse("doubts", args=[area]) + f"?severity={severity}")
                self.assertEqual(page.context["page_obj"].paginator.count, sum(row.of_severity(severity) for row in rows))

    def test_each_level_opens_its_own(self):
        for officer, area in ((self.li, cast.HOME), (self.wang, cast.HOME[:9]), (self.zhao, cast.COUNTY)):
            self.sign_in(officer)
            self.assertRedirects(self.client.get(reverse("quality_home")), reverse("quality", args=[area]))
            self.shows(self.client.get(reverse("quality", args=[area])), "Unusual monthly pay", "of 100")

    def test_a_stranger_sees_nothing_and_a_leader_no_names(self):
        for officer, code in ((self.sun, 404), (self.leader, 404), (self.admin, 404)):
            self.sign_in(officer)
            for address in (
                reverse("quality", args=[cast.HOME]), reverse("doubts", args=[cast.HOME]),
                reverse("doubt_right", args=[self.doubt().pk]),
            ):
                self.assertEqual(self.client.get(address).status_code, code, address)

    def test_the_list_leads_to_the_field_that_mends_it(self):
        page = self.client.get(reverse("doubts", args=[cast.HOME]))
        back = urlencode({"next": reverse("doubts", args=[cast.HOME])})
        edit = reverse("transfer_edit", args=[self.trip.pk])
        self.shows(page, "王秀英", "45,000 yuan a month", f"{edit}?{back}#id_pay")
        self.shows(self.client.get(reverse("transfer_edit", args=[self.trip.pk])), 'id="id_pay"')

    def test_who_mended_comes_back_to_the_list_and_to_no_other_address(self):
        edit = reverse("person_phone", args=[self.people[0].pk])
        listed = reverse("doubts", args=[cast.HOME]) + "?severity=missing"
        said = {"number": "13900000005", "whose": "self", "since_on": "2026-09-01"}
        for asked, to in (
            (listed, listed), ("https://evil.example" + listed, ""), ("//evil.example" + listed, ""), (reverse("people"), ""),
        ):
            number = said["number"] = str(int(said["number"]) + 1)
            answer = self.client.post(f"{edit}?{urlencode({'next': asked})}", said)
            expected = to or reverse("person", args=[self.people[0].pk])
            self.assertRedirects(answer, expected, fetch_redirect_response=False, msg_prefix=f"{number} {asked}")

    def test_who_leaves_the_form_as_it_was_comes_back_to_the_list(self):
        listed = reverse("doubts", args=[cast.HOME]) + "?rule=no_id"
        key = self.people[0].pk
        actions.start_household(village=self.people[0].village, head=self.people[0], by=self.li)
        self.people[0].refresh_from_db()
        for name, pk in (
            ("person_edit", key), ("person_phone", key), ("homecoming", key), ("transfer_edit", self.trip.pk),
            ("household_head", self.people[0].household_id),
        ):
            with self.subTest(name):
                page = self.client.get(reverse(name, args=[pk]), {"next": listed})
                self.assertContains(page, f'href="{listed}"', count=2)
                self.assertNotContains(self.client.get(reverse(name, args=[pk])), "/doubts/")

    def test_people_with_a_doubt_are_as_many_as_their_list(self):
        self.sign_in(self.zhao)
        total = sum(row.doubted for row in self.quality(self.zhao, self.county, 9).found.values())
        page = self.client.get(reverse("people"), {"view": "doubted"})
        self.assertEqual(page.context["page_obj"].paginator.count, total)
        self.shows(self.client.get(reverse("quality", args=[cast.HOME[:9]])), f"?village={cast.HOME[:9]}&amp;view=doubted")

    def test_every_rule_leads_to_a_field_that_its_form_has(self):
        forms = {
            "person_edit": self.people[0].pk, "person_phone": self.people[0].pk, "transfer_edit": self.trip.pk,
            "homecoming": self.people[0].pk,
        }
        for rule in RULES:
            if rule.field:
                with self.subTest(rule.code):
                    page = self.client.get(reverse(rule.page, args=[forms[rule.page]]))
                    self.assertContains(page, f'id="id_{rule.field}"')

    def test_right_with_a_reason_and_back(self):
        address = reverse("doubt_right", args=[self.doubt().pk])
        self.shows(self.client.post(address, {"reason": ""}), "Give the reason.")
        page = self.client.post(address, {"reason": "计件工资"}, follow=True)
        self.shows(page, "Set aside until the values change")
        self.shows(self.client.get(reverse("doubts", args=[cast.HOME]) + "?state=settled"), "计件工资", "In doubt again")
        self.client.post(reverse("doubt_again", args=[self.doubt().pk]))
        self.assertIsNone(self.doubt().settled_at)

    def test_the_message_names_whom_to_ask_and_no_number(self):
        message = self.client.get(reverse("doubts", args=[cast.HOME])).context["message"]
        self.assertIn("王秀英: Unusual monthly pay (45,000 yuan a month)", message)
        self.assertNotIn("138", message)

    def test_the_village_home_says_how_many(self):
        self.shows(self.client.get("/"), "1 doubt in the ledger")

    def test_as_many_queries_however_many_doubts(self):
        addresses = [reverse("quality", args=[cast.HOME]), reverse("doubts", args=[cast.HOME])]
        before = [self.queries(address) for address in addresses]
        for name in ("甲", "乙", "丙"):
            actions.register(by=self.li, village=cast.HOME, name=f"王{name}", no_id_reason="lost", new_household=True)
        self.assertEqual([self.queries(address) for address in addresses], before)
        self.assertLessEqual(max(before), 25)
