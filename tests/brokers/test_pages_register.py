"""The pages of brokers: what each officer sees of whom, and whose row does not exist."""

from datetime import date

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from brokers import actions
from brokers.models import Broker
from laborreg import clock
from tests.cast import FAR, HOME, NEXT_DOOR, cast, county, officer
from tests.workers.desk import id_number
from villages.models import County, Township, Village


class Pages(TestCase):
    @classmethod
    def setUpTestData(cls):
        county()
        cls.people = cast()
        villages = Village.objects.in_bulk()
        cls.broker = actions.register_broker(
            by=cls.people["li"], village=villages[HOME], name="马占海", phone="13897123456", id_number=id_number(),
            registered_on=date(2026, 3, 1), trades="建筑",
        )
        cls.other = actions.register_broker(
            by=cls.people["sun"], village=villages[FAR], name="韩梅花", phone="13997123456",
            registered_on=date(2026, 3, 1), trades="餐饮",
        )

    def setUp(self):
        clock.pin(date(2026, 11, 4))
        self.addCleanup(clock.pin, None)

    def sign_in(self, name):
        self.client.force_login(self.people[name])
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()

    def get(self, name, url, status=200, **query):
        self.sign_in(name)
        response = self.client.get(url, query)
        self.assertEqual(response.status_code, status)
        return response

    def post(self, name, url, data, status=302):
        self.sign_in(name)
        response = self.client.post(url, data)
        self.assertEqual(response.status_code, status, response.content[:2000])
        return response

    def facts(self, **changes):
        return {"name": "马占海", "kind": "part_time", "registered_on": "2026-03-01", "version": 1} | changes

    def test_li_sees_her_own_brokers_with_masked_phones(self):
        page = self.get("li", reverse("brokers"))
        self.assertContains(page, "马占海")
        self.assertContains(page, "138****3456")
        self.assertNotContains(page, "13897123456")
        self.assertNotContains(page, "韩梅花")

    def test_of_the_rest_of_the_county_only_the_card(self):
        page = self.get("li", reverse("brokers"), view="county")
        self.assertContains(page, "韩梅花")
        self.assertContains(page, "城关镇")
        self.assertNotContains(page, "139****3456")
        self.assertNotContains(page, "餐饮")
        self.assertNotContains(page, "东门村")

    def test_another_county_stays_unseen(self):
        elsewhere = County.objects.create(code="630123", name="湟源县")
        Township.objects.create(code="630123100", county=elsewhere, name="城关镇")
        Village.objects.create(code="630123100200", township_id="630123100", name="某村委会")
        self.people["qian"] = officer("qian", "village", "630123100200")
        self.assertNotContains(self.get("qian", reverse("brokers"), view="county"), "马占海")

    def test_search_by_name_pinyin_and_initials(self):
        for q in ("占海", "mazh", "mzh", "MZH"):
            self.assertContains(self.get("zhao", reverse("brokers"), q=q), "马占海")
        self.assertNotContains(self.get("zhao", reverse("brokers"), q="hmh"), "马占海")

    def test_a_longer_list_asks_no_more_queries(self):
        self.sign_in("zhao")
        self.client.get(reverse("brokers"))
        with CaptureQueriesContext(connection) as short:
            self.client.get(reverse("brokers"))
        village = Village.objects.get(code=HOME)
        for n in "一二三四五":
            actions.register_broker(by=self.people["li"], village=village, name=f"马{n}")
        with self.assertNumQueries(len(short)):
            self.client.get(reverse("brokers"))

    def test_the_broker_of_another_village_does_not_exist(self):
        for name in ("broker_edit", "broker_stop", "broker_resume"):
            url = reverse(name, args=[self.other.pk])
            self.post("li", url, self.facts(stopped_on="2026-10-01"), status=404)
        self.get("li", reverse("broker_edit", args=[self.other.pk]), status=404)
        self.get("wang", reverse("broker_edit", args=[self.other.pk]), status=404)
        self.get("zhao", reverse("broker_edit", args=[self.other.pk]))

    def test_leaders_and_administrators_have_no_such_page(self):
        for who in ("leader", "admin"):
            for url in (reverse("brokers"), reverse("broker_new"), reverse("broker_edit", args=[self.broker.pk])):
                self.get(who, url, status=404)

    def test_li_registers_in_her_village_without_choosing_it(self):
        self.assertNotContains(self.get("li", reverse("broker_new")), "<select name=\"village\"")
        self.post("li", reverse("broker_new"), self.facts(name="祁福", village=HOME))
        self.assertEqual(Broker.objects.get(name="祁福").village_id, HOME)

    def test_wang_chooses_among_her_villages_only(self):
        page = self.get("wang", reverse("broker_new"))
        self.assertContains(page, f'value="{NEXT_DOOR}"')
        self.assertNotContains(page, f'value="{FAR}"')
        page = self.post("wang", reverse("broker_new"), self.facts(name="祁福", village=FAR), status=200)
        self.assertIn("village", page.context["form"].errors)
        self.assertContains(page, "祁福")

    def test_a_form_keeps_what_was_typed_and_says_what_is_wrong(self):
        page = self.post("li", reverse("broker_new"), self.facts(
            name="祁福", village=HOME, id_number=id_number()[:-1] + "A", phone="1"), status=200)
        self.assertContains(page, "17 digits and then a digit or X")
        self.assertContains(page, "祁福")
        self.assertFalse(Broker.objects.filter(name="祁福").exists())

    def test_a_refusal_stands_on_the_form(self):
        page = self.post("li", reverse("broker_new"), self.facts(
            name="祁福", village=HOME, id_number=id_number()), status=200)
        self.assertContains(page, "This ID number belongs to 马占海")

    def test_a_doubt_is_told_and_the_broker_is_registered(self):
        self.sign_in("li")
        page = self.client.post(reverse("broker_new"), self.facts(
            name="祁福", village=HOME, id_number=id_number(area="999999")), follow=True)
        self.assertContains(page, "are not a known place")
        self.assertTrue(Broker.objects.filter(name="祁福").exists())

    def test_an_age_outside_the_limits_is_told(self):
        self.post("li", reverse("broker_new"), self.facts(village=HOME, name="马小", id_number=id_number("20100101")))
        page = self.get("li", reverse("broker", args=[Broker.objects.get(name="马小").pk]))
        self.assertContains(page, "16 years old; brokers are filed from 18 to 65")

    def test_an_account_of_two_brokers_is_told_and_names_nobody_of_elsewhere(self):
        account = {"bank": "农商银行", "account": "6217000000000000004"}
        for name, words in (("sun", None), ("li", "also that of another broker"), ("zhao", "also that of 韩梅花")):
            broker = self.other if name == "sun" else self.broker
            broker.refresh_from_db()
            said = self.facts(name=broker.name, version=broker.version) | account
            self.post(name, reverse("broker_edit", args=[broker.pk]), said)
            page = self.get(name, reverse("broker", args=[broker.pk]))
            if words:
                self.assertContains(page, words)
            else:
                self.assertNotContains(page, "This bank account is also")

    def test_numbers_are_masked_on_the_form_and_stay_when_left_empty(self):
        page = self.get("li", reverse("broker_edit", args=[self.broker.pk]))
        self.assertNotContains(page, "13897123456")
        self.assertNotContains(page, id_number())
        self.assertContains(page, "630000********")
        self.post("li", reverse("broker_edit", args=[self.broker.pk]), self.facts(name="马海", trades="餐饮"))
        broker = Broker.objects.get(pk=self.broker.pk)
        self.assertEqual((broker.name, broker.phone, broker.trades, broker.version), ("马海", "13897123456", "餐饮", 2))
        self.assertEqual(actions.id_number_of(broker), id_number())

    def test_two_officers_at_once(self):
        url = reverse("broker_edit", args=[self.broker.pk])
        self.post("wang", url, self.facts(trades="养殖"))
        page = self.post("li", url, self.facts(trades="餐饮"), status=200)
        self.assertContains(page, "Somebody saved this record after you opened it")
        self.assertEqual([(str(label), *rest) for label, *rest in page.context["form"].conflict],
                         [("Trades", "餐饮", "养殖")])
        self.assertContains(page, '<input type="hidden" name="version" value="2"')
        self.post("li", url, self.facts(trades="餐饮", version=2))
        self.assertEqual(Broker.objects.get(pk=self.broker.pk).trades, "餐饮")

    def test_stop_and_resume(self):
        self.post("li", reverse("broker_stop", args=[self.broker.pk]), {"stopped_on": "2026-10-01", "version": 1})
        self.assertContains(self.get("li", reverse("brokers")), "stopped on 2026-10-01")
        self.get("li", reverse("broker_edit", args=[self.broker.pk]))
        self.post("li", reverse("broker_resume", args=[self.broker.pk]), {})
        self.assertIsNone(Broker.objects.get(pk=self.broker.pk).stopped_on)

    def test_a_stop_that_is_refused(self):
        page = self.post("li", reverse("broker_stop", args=[self.broker.pk]),
                         {"stopped_on": "2026-12-01", "version": 1}, status=200)
        self.assertContains(page, "must lie between")

    def test_the_list_tells_filing_training_and_membership_of_the_own_places(self):
        page = self.get("li", reverse("brokers"))
        for heading in ("Filing", "Trained", "Member"):
            self.assertContains(page, f">{heading}</th>")
        county = self.get("li", reverse("brokers"), view="county")
        self.assertContains(county, "Registered")
        for heading in ("Trained", "Member", "Phone", "Trades"):
            self.assertNotContains(county, f">{heading}</th>")

    def test_the_list_by_filing(self):
        Broker.objects.filter(pk=self.other.pk).update(state="trained")
        page = self.get("zhao", reverse("brokers"), state="trained")
        self.assertContains(page, "韩梅花")
        self.assertNotContains(page, "马占海")
        self.assertContains(self.get("zhao", reverse("brokers"), state="whatever"), "马占海")
        actions.stop_broker(self.broker, by=self.people["li"], version=1)
        page = self.get("zhao", reverse("brokers"), state="stopped")
        self.assertContains(page, "马占海")
        self.assertNotContains(page, "韩梅花")

    def test_an_entry_that_was_merged_is_listed_nowhere(self):
        Broker.objects.filter(pk=self.broker.pk).update(merged_into=self.other)
        for query in ({}, {"view": "county"}):
            self.assertNotContains(self.get("zhao", reverse("brokers"), **query), "马占海")
        self.get("li", reverse("broker_edit", args=[self.broker.pk]), status=404)

    def test_an_account_is_shown_by_its_last_four(self):
        url = reverse("broker_edit", args=[self.broker.pk])
        self.post("li", url, self.facts(bank="农商银行", account="6217 0000 0000 0000 004"))
        page = self.get("li", url)
        self.assertContains(page, "**** 0004")
        self.assertNotContains(page, "621700")
        self.post("li", url, self.facts(version=2, bank="农商银行"))
        self.assertEqual(actions.account_of(Broker.objects.get(pk=self.broker.pk)), "6217000000000000004")

    def test_a_wrong_account_opens_its_part_of_the_form(self):
        page = self.post("li", reverse("broker_edit", args=[self.broker.pk]), self.facts(
            account="6217000000000000005"), status=200)
        self.assertContains(page, "The last digit of the bank card does not match")
        self.assertTrue(page.context["form"].pay_is_wrong)

    def test_a_number_in_full_for_a_reason(self):
        url = reverse("broker_reveal", args=[self.broker.pk])
        self.assertNotContains(self.get("li", url), "13897123456")
        page = self.post("li", url, {"what": "phone", "reason": ""}, status=200)
        self.assertContains(page, "Say what you need the number for")
        self.assertNotContains(page, "13897123456")
        self.assertContains(self.post("li", url, {"what": "phone", "reason": "联系"}, status=200), "13897123456")
        self.assertContains(self.post("li", url, {"what": "id", "reason": "核对"}, status=200), id_number())
        page = self.post("li", url, {"what": "account", "reason": "核对"}, status=200)
        self.assertContains(page, "Choose the number")
        self.assertNotContains(self.get("li", url), "13897123456")
        self.get("wang", reverse("broker_reveal", args=[self.other.pk]), status=404)
