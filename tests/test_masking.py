"""Numbers of people: masked wherever the cast can click, in full only for a reason, which is kept."""

import logging
import re
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import CharField, JSONField, TextField
from django.test import Client
from django.urls import resolve

from officers import audit
from officers.models import AuditEvent, Message, Officer
from tests import cast
from tests.cast import ID_NUMBER
from tests.matrix.addresses import ADDRESSES, BROKER
from tests.matrix.links import kind_of, links_of
from tests.matrix.walker import CAST, Walk, text_of
from tests.matrix.world import NEW_PERSON
from tests.workers.desk import id_number
from workers.models import Draft, Worker

# Beside letters it is part of a hash.
MOBILE = re.compile(r"(?<![0-9a-f])1[3-9][0-9]{9}(?![0-9a-f])")
# The pages of one kind that Li opens, the others one each; a kind is an address's name with the names of its parameters.
OF_A_KIND = 2

SENTENCE = re.compile("reason|question|text|note|name|address|contact|partner|agency|employer")


def told_to_others():
    return Message.objects.values_list("values", flat=True)


class Masking(Walk):
    def setUp(self):
        super().setUp()
        self.office_phones = set(Officer.objects.values_list("phone", flat=True))

    def pages(self, by):
        """Every page that leads from the first one, a few of each kind: (address, text)."""
        waiting, seen, kinds = ["/"], set(), {}
        while waiting:
            url = waiting.pop(0)
            answer = self.ask(by, url)
            if answer.status_code not in (301, 302):
                self.assertEqual(answer.status_code, 200, f"{by} {url}")
                yield url, text_of(answer)
            for link in links_of(url, answer):
                if link in seen:
                    continue
                seen.add(link)
                kind = kind_of(link)
                kinds[kind] = kinds.get(kind, 0) + 1
                if kinds[kind] <= (OF_A_KIND if by == "li" else 1):
                    waiting.append(link)

    def test_no_page_of_any_role_shows_a_number_in_full(self):
        for by in CAST:
            kinds = set()
            for url, text in self.pages(by):
                with self.subTest(f"{by} {url}"):
                    self.shows_no_number(text)
                    self.assertEqual(self.found(self.world.hidden_from(self.officer(by)), text), [])
                kinds.add(resolve(urlsplit(url).path).url_name)
            self.assertIn("totals" if by != "admin" else "accounts", kinds)

    def shows_no_number(self, text):
        self.assertEqual(ID_NUMBER.findall(text), [])
        self.assertEqual(set(MOBILE.findall(text)) - self.office_phones, set())
        if "********" in text:
            births = set(Worker.objects.exclude(id_index=None).values_list("birth_date", flat=True))
            self.assertEqual([born for born in births if born.isoformat() in text], [])

    def test_a_number_is_shown_once_and_every_time_is_kept(self):
        person, number, phone = self.world.home.people[0], self.world.home.id_numbers[0], self.world.home.phones[0]
        url = f"/people/{person.pk}/reveal/"
        for time in range(5):
            for what, expected in (("id", number), ("phone", phone)):
                answer = self.ask("li", url, {"what": what, "reason": f"核对 {time}"})
                self.assertContains(answer, expected)
                self.assertIn("no-store", answer["Cache-Control"])
        self.shows_no_number(text_of(self.ask("li", f"/people/{person.pk}/")))
        events = [event for event in audit.trail(person) if event.verb == "revealed"]
        self.assertEqual(len(events), 10)
        for event in events:
            self.assertEqual((event.by.username, event.place_code), ("li", cast.HOME))
            self.assertEqual(event.detail["address"], "127.0.0.1")
            self.assertTrue(event.detail["reason"].startswith("核对"))
        self.assertIsNone(audit.first_fault(cast.COUNTY))

    def test_without_a_reason_nothing_is_shown_and_nothing_kept(self):
        person = self.world.home.people[0]
        before = AuditEvent.objects.count()
        for data in ({}, {"what": "id"}, {"what": "id", "reason": " "}, {"what": "all", "reason": "核对"},
                     {"what": "id", "reason": f"给 {self.world.home.id_numbers[0]}"}):
            with self.subTest(data):
                answer = self.ask("li", f"/people/{person.pk}/reveal/", data)
                self.assertEqual(answer.status_code, 200)
                self.assertNotIn(self.world.home.id_numbers[0], text_of(answer).replace(data.get("reason", "…"), ""))
        self.assertEqual(AuditEvent.objects.count(), before)

    def test_an_id_number_lies_in_no_table_in_clear(self):
        """Not in the trail, a history, a draft, a message or a session either, after every form was sent."""
        number = id_number("19911111", "013")
        typed = NEW_PERSON | {"id_number": number, "no_id_reason": "", "sex": "", "birth_date": ""}
        known = Draft.objects.count()
        self.ask("li", "/people/departure/", typed)
        self.ask("li", "/people/new/", typed)
        self.ask("li", f"/people/{self.world.home.people[2].pk}/edit/", {
            "version": Worker.objects.get(pk=self.world.home.people[2].pk).version, "name": "安清泉",
            "id_number": id_number("19911111", "031"),
        })
        self.ask("li", "/brokers/new/", {"village": cast.HOME, "id_number": id_number("19911111", "057")} | BROKER)
        self.assertEqual(Draft.objects.count(), known + 1)
        self.assertEqual(Worker.objects.filter(birth_date="1991-11-11").count(), 2)
        self.assertRegex(f"见{number}。", ID_NUMBER)
        self.assertEqual([found for found in self.stored_texts() if ID_NUMBER.search(found)], [])

    def stored_texts(self):
        for model in apps.get_models():
            fields = model._meta.concrete_fields
            columns = [f.attname for f in fields if isinstance(f, CharField | TextField | JSONField)]
            for row in model._base_manager.values_list(*columns) if columns else []:
                yield " ".join(str(value) for value in row)
        for session in Session.objects.all():
            yield str(session.get_decoded())

    def test_a_number_typed_into_a_sentence_gets_into_no_trail(self):
        """The trail keeps everything for ever, and messages go to others."""
        numbers = self.world.home.id_numbers[0], self.world.home.phones[0]
        for turn, (name, address) in enumerate(ADDRESSES.items()):
            right = self.data(name) if address.post else {}
            for field in [field for field in right if SENTENCE.search(field)]:
                with self.subTest(f"{name} {field}"), self.undone(address.by):
                    self.sent(name, right | {field: f"见 {numbers[turn % 2]}"})
                    kept = [*AuditEvent.objects.values_list("detail", flat=True), *told_to_others()]
                    self.assertNotIn(numbers[turn % 2], str(kept))

    def test_nothing_of_a_person_is_logged(self):
        """Neither of a page that is not there, nor of a form that is refused or a search by number."""
        number = self.world.home.id_numbers[0]
        with self.assertLogs(level="INFO") as logged:
            logging.getLogger("django").info("so that something is logged")
            for url in (f"/people/?q={number}", f"/people/{number}/", f"/{number}/", f"/people/departure/?q={number}"):
                self.ask("li", url)
            self.ask("li", "/people/new/", NEW_PERSON | {"id_number": number})
            Client(enforce_csrf_checks=True).post(f"/sign-in/?q={number}", {"username": number})
        self.assertNotIn(number, "\n".join(logged.output))
