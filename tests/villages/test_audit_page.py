"""The audit page: whose chain, and what the filters leave."""

from datetime import UTC, datetime
from unittest import mock

from django.test import Client, TestCase

from laborreg import clock
from officers import audit, demo
from officers.models import AuditEvent, Unusual
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
        self.assertEqual(self.numbers("?place=630121101"), [2])
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

    def test_groups_words_and_addresses(self):
        zhao = self.officers["zhao"]
        audit.record("revealed", zhao, by=zhao, place=cast.HOME, detail={"what": "id", "reason": "核对身份证"})
        audit.record_file("exported a register", b"x", by=zhao, place=cast.COUNTY, detail={"kind": "payments"})
        # Each look signs in, which is an event of its own.
        self.assertEqual(self.numbers("?verb=group:numbers"), [3])
        self.assertEqual(self.numbers("?verb=group:files"), [4])
        self.assertEqual(self.numbers("?q=核对"), [3])
        self.assertEqual(self.numbers("?q=pay+of+brokers"), [4])
        self.assertEqual(self.numbers("?q=shown+in+full"), [])
        self.assertEqual(self.numbers("?q=in+full&verb=revealed"), [3])
        self.assertEqual(len(self.numbers("?q=127.0.0.1&verb=signed+in&who=zhao")), 7)

    def test_who_sees_no_people_reads_no_words_about_them(self):
        audit.record("revealed", self.officers["li"], by=self.officers["li"], place=cast.HOME,
                     detail={"what": "id", "reason": "给安清莲打电话", "filter": "q=安清莲"})
        page = self.page(username="admin")
        self.assertNotContains(page, "安清莲")
        self.assertContains(page, "not shown to you")
        self.assertContains(self.page(), "安清莲")
        self.assertEqual(self.numbers_of("admin", "?q=安清莲"), [])
        content = self.file("admin", "").content.decode("utf-8-sig")
        self.assertNotIn("安清莲", content)
        self.assertIn("showed a number in full", content)

    def numbers_of(self, username, query):
        return [event.number for event in self.page(query, username).context["page_obj"]]

    def file(self, username, query):
        client = Client()
        client.post("/sign-in/", {"username": username, "password": "Right-2026"})
        return client.post("/audit/file/" + query)

    def test_a_file_holds_what_the_search_shows_and_is_in_the_trail(self):
        content = self.file("zhao", "?verb=posted+an+officer").content.decode("utf-8-sig")
        self.assertEqual(len(content.splitlines()), 2)
        self.assertIn("posted an officer", content)
        event = AuditEvent.objects.latest("pk")
        self.assertEqual((event.verb, event.detail["rows"], event.detail["filter"], event.address),
                         ("exported the trail", 1, "verb=posted an officer", "127.0.0.1"))

    def test_the_trail_does_not_keep_the_words_that_were_looked_for(self):
        """They may be somebody's number or name, and the trail keeps everything for ever."""
        for words in ("632122196912231840", "13897216604", "马秀兰"):
            self.file("zhao", f"?q={words}&verb=revealed")
            self.assertEqual(AuditEvent.objects.latest("pk").detail["filter"], "q=**** verb=revealed")

    def test_nor_what_was_typed_for_an_officer_or_a_row_that_is_none(self):
        for query in ("?who=632122196912231840", "?about=worker:632122196912231840", "?about=worker:13897216604&who=马秀兰"):
            self.file("zhao", query)
            self.assertNotRegex(AuditEvent.objects.latest("pk").detail["filter"], "[0-9]{5}|马")
        self.file("zhao", "?who=zhao")
        self.assertEqual(AuditEvent.objects.latest("pk").detail["filter"], "who=zhao")

    def test_what_came_of_a_fall_is_words(self):
        audit.record("closed a fall", by=self.officers["zhao"], place=cast.COUNTY, detail={"outcome": "马秀兰回家了"})
        self.assertContains(self.page(), "马秀兰回家了")
        self.assertNotContains(self.page(username="admin"), "马秀兰回家了")

    def test_a_file_of_too_many_is_refused(self):
        with mock.patch("villages.audit_views.MOST_IN_FILE", 1):
            self.assertContains(self.file("zhao", ""), "at most 1 entries", status_code=409)
        self.assertFalse(AuditEvent.objects.filter(verb="exported the trail").exists())

    def test_the_trail_of_one_row(self):
        li = self.officers["li"]
        self.assertEqual(self.numbers(f"?about=officer:{li.pk}"), [2, 1])
        self.assertIn(1, self.numbers("?about=nonsense"))

    def test_an_unusual_thing_opens_to_its_entries_and_is_noted(self):
        found = Unusual.objects.create(county_code=cast.COUNTY, pattern="night", day=clock.today(),
                                       officer=self.officers["li"], key="1", numbers=[1], counted=1)
        client = Client()
        client.post("/sign-in/", {"username": "zhao", "password": "Right-2026"})
        with mock.patch("officers.runs.last", return_value=None):
            self.assertContains(client.get("/audit/unusual/"), "It was never looked through yet")
        with mock.patch("officers.runs.last", return_value={"at": datetime(2026, 11, 4, 18, tzinfo=UTC)}):
            self.assertContains(client.get("/audit/unusual/"), "Last looked through on 2026-11-05 02:00.")
        self.assertContains(client.get("/audit/unusual/"), "Work at night")
        page = client.get(f"/audit/unusual/{found.pk}/")
        self.assertEqual([event.number for event in page.context["page_obj"]], [1])
        kept = client.post(f"/audit/unusual/{found.pk}/", {"note": "called 13910110000"})
        self.assertContains(kept, "called 13910110000")
        self.assertContains(kept, "Do not write ID numbers or phones here.")
        client.post(f"/audit/unusual/{found.pk}/", {"note": "asked her"})
        self.assertContains(client.get("/audit/unusual/?done=1"), "Zhao")
        self.assertNotContains(client.get("/audit/unusual/"), f"/audit/unusual/{found.pk}/")
