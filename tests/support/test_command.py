"""manage.py broker_claims: what would be drawn up, from the command line."""

import json
from io import StringIO

from django.core.management import CommandError, call_command

from support import actions
from support.models import Claim
from tests.cast import FAR
from tests.support.desk import PayCase, led, small, yongning


class Command(PayCase):
    def setUp(self):
        super().setUp()
        self.scheme = small(self.scheme)
        led(self.broker, 2)
        led(self.broker, 1, 200, prefix="长")
        led(self.other, 1, 30, village=FAR, prefix="远")

    def say(self, *args) -> str:
        out = StringIO()
        call_command("broker_claims", *args, stdout=out, stderr=StringIO())
        return out.getvalue()

    def test_by_number_and_by_name(self):
        for scheme in (str(self.scheme.pk), "永宁办法"):
            told = json.loads(self.say(scheme, "2025", "--json"))
            self.assertEqual((told["scheme"], told["county"], told["year"]), (self.scheme.pk, "630121", 2025))
            first, second = told["claims"]
            self.assertEqual(first, {
                "broker": self.broker.pk, "name": "马占海", "township": "630121100", "village": "630121100200", "stays": 3,
                "persons": 3, "amount": 70, "bands": [
                    {"days_from": 90, "persons": 2, "yuan": 20, "amount": 40},
                    {"days_from": 180, "persons": 1, "yuan": 30, "amount": 30},
                ],
            })
            self.assertEqual((second["persons"], second["amount"], second["stays"]), (0, 0, 1))
        self.assertFalse(Claim.objects.exists())

    def test_in_words(self):
        told = self.say("永宁办法", "2025")
        self.assertIn("2 claims, 70 yuan", told)
        self.assertIn("2 × 20 + 1 × 30 = 70", told)

    def test_what_is_stored_does_not_change_it(self):
        before = self.say("永宁办法", "2025", "--json")
        actions.draw_up(self.scheme, 2025, by=self.zhao)
        self.assertEqual(self.say("永宁办法", "2025", "--json"), before)
        actions.confirm(Claim.objects.filter(amount__gt=0), by=self.wang)
        self.assertEqual(self.say("永宁办法", "2025", "--json"), before)

    def test_of_one_name_the_scheme_that_holds_in_the_year(self):
        actions.copy_scheme(self.scheme, by=self.zhao, year_from=2026)
        self.assertEqual(json.loads(self.say("永宁办法", "2025", "--json"))["scheme"], self.scheme.pk)

    def test_bad_input(self):
        yongning(self.zhao, name="没有金额").bands.update(amount=None)
        for args, sentence in (
            (("不存在", "2025"), "no scheme 不存在"), (("999999", "2025"), "no scheme 999999"),
            (("永宁办法", "25"), "25 is not a year"),
            (("永宁办法", "２０２５"), "not a year"), (("永宁办法", "2017"), "does not hold in 2017"),
            (("没有金额", "2025"), "not complete"), (("9" * 40, "2025"), "no scheme"),
        ):
            with self.subTest(str(args)), self.assertRaisesMessage(CommandError, sentence):
                self.say(*args)
