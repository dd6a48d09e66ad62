"""Who is erased, what of them stays, and that everything that was counted and sealed still holds."""

import json
from datetime import date, timedelta
from io import StringIO

from django.apps import apps
from django.core.management import call_command
from django.db.models import CharField, JSONField, TextField
from django.urls import reverse
from django.utils import timezone

from laborreg import clock
from officers import audit, messages
from officers.models import AuditEvent
from officers.roles import NotYours
from reports import erasing, filing
from reports.models import FiledLine
from reports.proof import Proof
from tests import cast
from tests.matrix import world
from tests.matrix.walker import Walk
from tests.workers.desk import Desk, id_number
from villages.models import County, CountySettings
from workers import actions
from workers.actions.erasing import ERASED, due, kept_until
from workers.listing import Query
from workers.models import Household, MoveRequest, Phone, Registration, Transfer, Worker
from workers.sheets import approving, ordering, rosters

AFTER = date(2032, 1, 5)


def stored(name, number, phone) -> list[str]:
    """Where in the database the name, the number or the phone still stands in clear."""
    found = []
    for model in apps.get_models():
        columns = [f.attname for f in model._meta.concrete_fields if isinstance(f, CharField | TextField | JSONField)]
        for row in model._base_manager.values_list(*columns) if columns else []:
            if any(secret in json.dumps(row, ensure_ascii=False, default=str) for secret in (name, number, phone)):
                found.append(model.__name__)
    return found


class Erased(Walk):
    """Of the world in which everything that can be written of somebody is written."""

    def setUp(self):
        super().setUp()
        self.person = self.world.home.people[1]
        self.zhao = self.officer("zhao")
        self.secrets = self.person.name, self.world.home.id_numbers[1], self.world.home.phones[1]

    def leave(self, who=None, on=date(2026, 11, 3)):
        actions.record_leaving_county(who or self.person, by=self.officer("li"), on=on)

    def figures(self, month):
        return filing.count_villages(County.objects.get(pk=cast.COUNTY), month, [cast.HOME])[cast.HOME].figures

    def test_nothing_that_tells_who_it_was_stays_and_every_count_does(self):
        self.leave()
        before = [self.figures(month) for month in (world.SEPTEMBER, world.OCTOBER)]
        shares = list(FiledLine.objects.filter(worker_number=self.person.pk).order_by("pk").values_list("pk", "shares"))
        self.assertTrue(shares)
        clock.pin(AFTER)
        self.assertIn("FiledLine", stored(*self.secrets))
        erasing.erase(Worker.objects.get(pk=self.person.pk), by=self.zhao, reason="保存期满")
        self.assertEqual(stored(*self.secrets), [])
        found = Worker.objects.get(pk=self.person.pk)
        self.assertEqual((found.name, found.id_cipher, found.id_index, found.birth_date.day), (ERASED, None, None, 1))
        self.assertEqual((Phone.objects.filter(worker=found).count(), found.history.count()), (0, 0))
        after = list(FiledLine.objects.filter(worker_number=self.person.pk).order_by("pk").values_list("pk", "shares"))
        self.assertEqual(after, shares)
        clock.pin(world.TODAY)
        self.assertEqual([self.figures(month) for month in (world.SEPTEMBER, world.OCTOBER)], before)

    def test_every_sum_part_and_hash_is_proved_as_before(self):
        self.leave()
        clock.pin(AFTER)
        proofs = [Proof(cast.COUNTY, month) for month in (world.SEPTEMBER, world.OCTOBER)]
        erasing.erase(Worker.objects.get(pk=self.person.pk), by=self.zhao, reason="保存期满")
        again = [Proof(cast.COUNTY, month) for month in (world.SEPTEMBER, world.OCTOBER)]
        self.assertEqual([proof.checked for proof in again], [proof.checked for proof in proofs])
        self.assertGreater(again[1].checks["rows_hash"].checked, 0)
        self.assertEqual([proof.failed for proof in again], [proof.failed for proof in proofs])
        self.assertEqual([proof.failed for proof in again], [0, 0])
        self.assertIsNone(audit.first_fault(cast.COUNTY))

    def test_the_copy_holds_everything_and_is_kept_in_the_trail(self):
        url = f"/people/{self.person.pk}/copy/"
        self.assertNotIn(self.secrets[1], self.ask("wang", url).content.decode())
        self.assertNotIn(self.secrets[1], self.ask("wang", url, {"reason": " ", "file_type": "page"}).content.decode())
        self.ask("li", f"/people/{self.person.pk}/reveal/", {"what": "id", "reason": "核对身份证"})
        told = {"reason": "本人持身份证申请"}
        page = self.ask("wang", url, told | {"file_type": "page"})
        for text in (*self.secrets, "核对身份证", "本人持身份证申请"):
            self.assertContains(page, text)
        self.assertIn("no-store", page["Cache-Control"])
        file = json.loads(self.ask("wang", url, told | {"file_type": "json"}).content)
        sections = {each["section"] for each in file}
        self.assertGreaterEqual(len(sections), 8)
        event = AuditEvent.objects.latest("number")
        self.assertEqual((event.verb, event.detail["reason"], event.by.username), ("copied a person", "本人持身份证申请", "wang"))
        self.assertEqual(self.ask("li", url).status_code, 404)


class Retained(Desk):
    def setUp(self):
        super().setUp()
        self.number = id_number()
        self.person = actions.register(
            by=self.li, village=cast.HOME, name="马保存", id_number=self.number, phone="13812345678", new_household=True,
            consent="by_family",
        )
        Household.objects.update(address="三社12号", phone="13812345678")
        cast.transfer(self.person, date(2026, 3, 1), employer="富士康", note="工友介绍")

    def leave(self, on=date(2026, 6, 1)):
        actions.record_death(self.person, by=self.li, on=on)

    def due(self, day):
        return list(due(County.objects.get(pk=cast.COUNTY), day))

    def retain(self, *options):
        said = StringIO()
        call_command("retain", *options, stdout=said)
        return said.getvalue()

    def test_who_is_due(self):
        self.assertEqual(self.due(AFTER), [])
        self.leave()
        self.assertEqual(self.due(date(2031, 5, 31)), [])
        self.assertEqual(self.due(date(2031, 6, 1)), [self.person])
        CountySettings.objects.update(keep_years=10)
        self.assertEqual(self.due(date(2031, 6, 1)), [])
        self.assertEqual(self.due(date(2036, 6, 1)), [self.person])

    def test_the_day_that_is_told_is_the_day_of_erasing(self):
        self.assertIsNone(kept_until(self.person, list(self.person.registrations.all())))
        self.leave()
        self.assertEqual(kept_until(self.person, list(self.person.registrations.all())), date(2031, 6, 1))
        for day, told in ((date(2028, 2, 29), date(2033, 3, 1)), (date(2027, 2, 28), date(2032, 2, 28))):
            with self.subTest(day):
                Registration.objects.update(to_on=day)
                person = Worker.objects.get(pk=self.person.pk)
                self.assertEqual(kept_until(person, list(person.registrations.all())), told)
                self.assertEqual(self.due(told), [self.person])
                self.assertEqual(self.due(told - timedelta(1)), [])

    def page(self, name, what=""):
        self.client.force_login(getattr(self, name))
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()
        return self.client.get(f"/people/{self.person.pk}/{what}")

    def test_the_page_tells_why_somebody_is_kept_and_offers_no_button(self):
        self.leave()
        page = self.page("zhao", "erase/")
        self.assertContains(page, "is kept: only who")
        self.assertNotContains(page, 'name="reason"')
        self.assertContains(self.page("zhao"), "Kept until 2031-06-01")

    def test_who_came_back_is_not_due(self):
        actions.record_leaving_county(self.person, by=self.li, on=date(2026, 6, 1))
        actions.register(
            by=self.li, village=cast.HOME, name="马保存", id_number=self.number, moved_in_on=date(2026, 9, 1),
            consent="in_person",
        )
        self.assertEqual(self.due(AFTER), [])

    def test_the_daily_job_lists_first_and_then_erases(self):
        self.leave()
        self.assertIn("630121: 0 people are due", self.retain("--dry-run"))
        clock.pin(date(2031, 5, 25))
        self.assertIn(f"{self.person.pk}  {cast.HOME}", self.retain("--dry-run", "--days-ahead", "10"))
        self.assertIn("0 people were erased", self.retain())
        clock.pin(date(2031, 6, 2))
        self.retain("--dry-run")
        self.assertIsNone(Worker.objects.get().erased_at)
        self.assertIn("1 people were erased", self.retain())
        self.assertEqual(stored("马保存", self.number, "13812345678"), [])
        trip = Transfer.objects.get()
        self.assertEqual((trip.employer, trip.note, trip.started_on), ("", "", date(2026, 3, 1)))
        self.assertEqual((Household.objects.get().address, Registration.history.count()), ("", 0))
        event = AuditEvent.objects.latest("number")
        self.assertEqual((event.verb, event.by, event.detail["reason"]), ("erased a person", None, "keep_years"))
        self.assertIn("0 people were erased", self.retain())

    def test_a_letter_that_nobody_read_and_a_list_that_was_searched_for_the_name_go_too(self):
        hers, his = "%(name)s: a move", "%(name)s is filed"
        asked = MoveRequest.objects.create(
            county_id=cast.COUNTY, worker=self.person, name="马保存", from_village_id=cast.HOME, to_village_id=cast.FAR,
            on=date(2026, 5, 1), reason="marriage", asked_side="to", asked_by=self.sun, asked_at=clock.now(),
        )
        messages.send([self.li], hers, values={"name": "马保存"}, url=reverse("move", args=[asked.pk]))
        messages.send([self.li], his, values={"name": "马某"}, url="/brokers/1/")
        query = Query(self.zhao, {"q": "马保存"}, clock.today())
        ordering.order(rosters.Wanted("workers", query, ["name"]), by=self.zhao)
        cast.officer("second", "county", cast.COUNTY)
        approving.ask(approving.Listed("workers", {"q": "马保存"}, ["name"], False, "xlsx"), 900, by=self.zhao,
                      place=cast.COUNTY, reason="核对")
        self.leave()
        clock.pin(date(2031, 6, 2))
        self.retain()
        self.assertEqual(stored("马保存", self.number, "13812345678"), [])
        self.assertEqual([message.text for message in self.li.messages.all()], [his])

    def test_the_household_that_was_left_empty_goes_too(self):
        actions.move(self.person, by=self.wang, to_village=cast.NEXT_DOOR, on=date(2026, 4, 1))
        self.assertIsNone(Worker.objects.get().household)
        self.assertEqual(Household.objects.get().address, "三社12号")
        actions.record_death(self.person, by=self.wang, on=date(2026, 6, 1))
        clock.pin(date(2031, 6, 2))
        self.retain()
        self.assertEqual((Household.objects.get().address, Household.objects.get().phone), ("", ""))

    def test_who_may_and_of_whom(self):
        self.refuses("may not", erasing.erase, self.person, by=self.wang, reason="x", refusal=NotYours)
        self.refuses("is kept", erasing.erase, self.person, by=self.zhao, reason="误登")
        actions.void_worker(self.person, by=self.li, reason="重复登记")
        self.refuses("Give the reason", erasing.erase, self.person, by=self.zhao, reason="")
        erasing.erase(self.person, by=self.zhao, reason="误登")
        self.assertEqual(Worker.objects.get().void_reason, ERASED)
        self.refuses("erased already", erasing.erase, self.person, by=self.zhao, reason="误登")

    def test_a_merged_entry_goes_with_the_one_that_stayed(self):
        other = cast.worker("马并入")
        Worker.objects.filter(pk=other.pk).update(merged_into=self.person)
        self.leave()
        erasing.retain(County.objects.get(pk=cast.COUNTY), date(2031, 6, 2))
        self.assertEqual(set(Worker.objects.values_list("name", flat=True)), {ERASED})
