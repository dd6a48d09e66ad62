"""The audit page: whose chain, and what the filters leave."""

from django.test import Client, TestCase

from laborreg import clock
from officers import audit, demo
from officers.models import AuditEvent
from tests import cast
from tests.tampering import lifted


class AuditPage(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.officers = cast.cast()
        li = cls.officers["li"]
        audit.record("chose a password", li, by=li, place=cast.HOME)
        audit.record("posted an officer", li, by=cls.officers["zhao"], place=cast.FAR)
        audit.record("signed in", by=None, place="630122", detail={"secret": "of the neighbor"})
        demo.begin()

    def page(self, query="", username="zhao"):
        client = Client()
        client.post("/sign-in/", {"username": username, "password": "Right-2026"})
        return client.get("/audit/" + query)

    def numbers(self, query=""):
        return [event.number for event in self.page(query).context["page_obj"]]

    def test_who_has_the_page(self):
        answers = {name: self.page(username=name).status_code for name in self.officers}
        self.assertEqual(answers, {"li": 404, "wang": 404, "zhao": 200, "sun": 404, "leader": 404, "admin": 200})

    def test_the_own_county_newest_first(self):
        response = self.page()
        self.assertEqual([event.number for event in response.context["page_obj"]], [3, 2, 1])
        self.assertNotContains(response, "of the neighbor")
        self.assertContains(response, "大煤洞村")

    def test_details_are_told_in_words(self):
        audit.record("edited a scheme", by=self.officers["zhao"], place=cast.COUNTY, detail={"changed": ["amounts", "name"]})
        audit.record("exported a register", by=self.officers["zhao"], place=cast.COUNTY,
                     detail={"kind": "payments", "numbers": "masked"})
        page = self.page()
        self.assertContains(page, "</span> amounts, name")
        self.assertContains(page, "</span> Pay of brokers")
        self.assertContains(page, "</span> masked")

    def test_without_a_posting_nothing(self):
        self.officers["zhao"].postings.update(to_on=clock.today())
        self.assertEqual(self.numbers(), [])

    def test_filters(self):
        self.assertEqual(self.numbers("?verb=posted+an+officer"), [2])
        self.assertEqual(self.numbers("?who=LI"), [1])
        self.assertEqual(self.numbers("?township=630121101"), [2])
        self.assertEqual(self.numbers("?from_on=2000-01-01&to_on=2000-12-31"), [])

    def test_the_last_day_is_meant_whole(self):
        at = clock.now().replace(year=2026, month=3, day=31, hour=15, minute=59)
        with lifted():
            AuditEvent.objects.filter(number=1).update(at=at)
        self.assertEqual(self.numbers("?to_on=2026-03-31"), [1])
        with lifted():
            AuditEvent.objects.filter(number=1).update(at=at.replace(hour=16, minute=0))
        self.assertEqual(self.numbers("?to_on=2026-03-31"), [])
        self.assertEqual(self.numbers("?from_on=2026-04-01&to_on=2026-04-01"), [1])

    def test_a_filter_typed_wrongly_narrows_nothing_and_is_told(self):
        response = self.page("?from_on=yesterday&verb=nonsense&page=999")
        self.assertContains(response, "Enter a valid date")
        self.assertEqual(len(response.context["page_obj"]), 3)
