"""Zhao and Wang register cooperation points for their county; Li and strangers do not."""

from datetime import date

from django.db import transaction
from django.test import TestCase

from jobs import actions
from jobs.models import CooperationPoint
from laborreg import clock
from laborreg.refusals import Refusal, Stale
from officers.models import AuditEvent
from officers.roles import NotYours
from tests.cast import cast, county, officer
from villages.models import County


class Points(TestCase):
    @classmethod
    def setUpTestData(cls):
        county()
        for name, who in cast().items():
            setattr(cls, name, who)
        County.objects.create(code="630123", name="湟源县")
        cls.stranger = officer("stranger", "county", "630123")
        cls.nobody = officer("nobody", "county")

    def setUp(self):
        clock.pin(date(2026, 11, 4))
        self.addCleanup(clock.pin, None)

    def register(self, by=None, name="驻深圳劳务协作点", destination="4403", **facts):
        return actions.register_point(by=by or self.zhao, name=name, destination=destination, **facts)

    def refuses(self, words, action, *args, refusal=Refusal, **kwargs):
        with self.assertRaises(refusal) as caught, transaction.atomic():
            action(*args, **kwargs)
        self.assertIn(words, str(caught.exception))
        return caught.exception

    def test_a_name_and_a_place_are_enough(self):
        point = self.register()
        self.assertEqual((point.county_id, point.destination, point.jobs_offered), ("630121", "4403", None))

    def test_facts_are_cleaned(self):
        point = self.register(phone="0755 25555555", signed_on="2026/3/1", jobs_offered="1,200人", destination="KR")
        self.assertEqual((point.phone, point.signed_on, point.jobs_offered), ("0755-25555555", date(2026, 3, 1), 1200))
        self.assertEqual(point.destination, "KOR")

    def test_a_station_registers_for_its_county(self):
        self.assertEqual(self.register(by=self.wang).county_id, "630121")
        for by in (self.li, self.leader, self.admin, self.nobody):
            self.refuses("may not register cooperation points", self.register, by=by, name="x", refusal=NotYours)

    def test_what_is_refused(self):
        self.register()
        for facts, words in [
            ({}, "a point named 驻深圳劳务协作点 already"),
            ({"name": ""}, "Enter the name"),
            ({"name": "x" * 81}, "at most 80"),
            ({"name": "y", "destination": ""}, "Choose where"),
            ({"name": "y", "destination": "6301"}, "choose the county too"),
            ({"name": "y", "phone": "1"}, "11 digits"),
            ({"name": "y", "jobs_offered": "-1"}, "not a number of jobs"),
            ({"name": "y", "jobs_offered": "100001"}, "not a number of jobs"),
            ({"name": "y", "signed_on": "2026-11-05"}, "in the future"),
        ]:
            self.refuses(words, self.register, **facts)
        self.assertEqual(CooperationPoint.objects.count(), 1)

    def test_another_county_may_have_the_same_name_and_touches_nothing_here(self):
        point = self.register()
        self.register(by=self.stranger)
        for action in (actions.edit_point, actions.stop_point, actions.resume_point):
            self.refuses("may not", action, point, by=self.stranger, version=1, refusal=NotYours)
            self.refuses("may not", action, point, by=self.li, version=1, refusal=NotYours)

    def test_editing(self):
        point = self.register()
        actions.edit_point(point, by=self.wang, version=1, partner="某公司")
        stale = self.refuses("Somebody saved", actions.edit_point, point, by=self.zhao, version=1, name="y",
                             refusal=Stale)
        self.assertEqual((stale.current.partner, stale.current.version), ("某公司", 2))
        self.assertEqual(AuditEvent.objects.latest("number").detail, {"changed": ["partner"]})
        self.register(name="另一个")
        self.refuses("already", actions.edit_point, point, by=self.zhao, version=2, name="另一个")

    def test_stopping_and_working_again(self):
        point = self.register(signed_on="2026-03-01")
        for day, words in ((date(2026, 2, 28), "cannot stop before"), (date(2026, 11, 5), "in the future")):
            self.refuses(words, actions.stop_point, point, by=self.zhao, version=1, stopped_on=day)
        point = actions.stop_point(point, by=self.zhao, version=1, stopped_on=date(2026, 10, 1))
        self.assertFalse(CooperationPoint.objects.working().exists())
        self.refuses("already", actions.stop_point, point, by=self.zhao, version=2)
        self.refuses("before this signing", actions.edit_point, point, by=self.zhao, version=2,
                     signed_on="2026-11-01")
        point = actions.resume_point(point, by=self.zhao, version=2)
        self.refuses("has not stopped", actions.resume_point, point, by=self.zhao, version=3)
        verbs = AuditEvent.objects.order_by("number").values_list("verb", flat=True)
        self.assertEqual(list(verbs), ["registered a cooperation point", "stopped a cooperation point",
                                       "resumed a cooperation point"])
