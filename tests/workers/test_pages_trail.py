"""A person's own trail: what was done about the person and what hangs on it, and who saw a number in full."""

from datetime import date

from django.test import Client, TestCase

from officers import audit, demo
from tests import cast
from workers import actions


class PersonTrail(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.officers = cast.cast()
        cls.wang = cls.officers["wang"]
        cls.person, cls.other = cast.worker(), cast.worker("马成")
        trip = cast.transfer(cls.person, date(2026, 3, 1))
        audit.record("left home", trip, by=cls.officers["li"], place=cast.HOME)
        audit.record("edited worker", cls.other, by=cls.officers["li"], place=cast.HOME)
        cls.phone = actions.add_phone(cls.person, by=cls.officers["li"], number="13912345678")
        actions.reveal(cls.person, by=cls.wang, what="phone", reason="回访")
        demo.begin()

    def page(self, username, query=""):
        client = Client()
        client.post("/sign-in/", {"username": username, "password": "Right-2026"})
        return client.get(f"/people/{self.person.pk}/trail/{query}")

    def test_what_hangs_on_the_person_and_nothing_of_others(self):
        verbs = [event.verb for event in self.page("zhao").context["page_obj"]]
        self.assertEqual(verbs, ["revealed", "added phone", "left home"])

    def test_who_saw_a_number_in_full(self):
        page = self.page("zhao", "?only=looked")
        self.assertEqual([(event.verb, event.by) for event in page.context["page_obj"]], [("revealed", self.wang)])
        self.assertContains(page, "回访")

    def test_who_sees_it(self):
        answers = {name: self.page(name).status_code for name in self.officers}
        self.assertEqual(answers, {"li": 404, "wang": 404, "zhao": 200, "sun": 404, "leader": 404, "admin": 404})
