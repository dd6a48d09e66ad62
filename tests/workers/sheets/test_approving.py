"""A large list leaves with a second person's word: asked for, decided by another, written once, in time, as approved."""

from datetime import date, timedelta
from unittest import mock

from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from laborreg import clock
from officers.models import AuditEvent, Message, Officer
from officers.roles import NotYours
from support.sheets import exporting
from tests import cast
from tests.support.desk import broker
from tests.workers.desk import id_number
from tests.workers.pages import Pages
from tests.workers.sheets.desk import SheetDesk
from villages import accounts
from villages.models import CountySettings, Posting
from workers import actions
from workers.listing import Query
from workers.models import ExportRequest, Roster
from workers.sheets import approving, ordering, rosters
from workers.sheets.approving import NeedsApproval

NAMES = ["马一", "马二", "马三", "马四", "马五", "马六", "马七", "马八", "马九", "马十", "马百", "马千"]


class TwelveNames(SheetDesk):
    """A village of twelve in a county where ten leave without a second person, and one with numbers in full."""

    def setUp(self):
        super().setUp()
        CountySettings.objects.update(export_limit=10)
        self.people = [
            actions.register(by=self.li, village=cast.HOME, name=name, id_number=id_number(order=f"{100 + place}"))
            for place, name in enumerate(NAMES)
        ]

    def wanted(self, by=None, **how):
        return rosters.Wanted("workers", Query(by or self.li, {}, clock.today()), ["name", "id_number"], **how)

    def ask(self, by=None, **how):
        return ordering.ask(self.wanted(by, **how), by=by or self.li, reason="向乡镇报送名单")

    def write(self, by=None, **how):
        return ordering.order(self.wanted(by, **how), by=by or self.li)

    def told(self, officer):
        return [str(message) for message in Message.objects.filter(officer=officer)]


class Approving(TwelveNames):
    def test_asked_for_approved_by_another_and_written_once(self):
        self.refuses("12 rows: more than 10 leave only when a second person", self.write, refusal=NeedsApproval)
        self.assertEqual(Roster.objects.count(), 0)
        asked = self.ask()
        self.refuses("more than 10 leave only", self.write)
        self.assertEqual(self.told(self.zhao), ["Li asks to export 12 rows. Approve or refuse it."])
        approving.approve(asked, by=self.zhao)
        self.assertEqual(self.told(self.li), ["Your list of 12 rows is approved. Write it within three days."])
        roster = self.write()
        self.assertEqual((roster.state, roster.rows, ExportRequest.objects.get().roster), ("ready", 12, roster))
        self.refuses("more than 10 leave only", self.write)
        self.assertEqual(self.verbs()[-3:], ["asked for an export", "approved an export", "exported a roster"])
        event = AuditEvent.objects.latest("number")
        told = {name: event.detail[name] for name in ("rows", "hash", "request", "approved_by")}
        self.assertEqual(told, {"rows": 12, "hash": roster.sha256, "request": asked.pk, "approved_by": "zhao"})

    def test_up_to_the_limit_nobody_is_asked(self):
        for person in self.people[:2]:
            actions.void_worker(person, by=self.li, reason="登记错误")
        self.assertEqual(self.write().rows, 10)

    def test_of_numbers_in_full_a_tenth_is_many(self):
        for person in self.people[2:]:
            actions.void_worker(person, by=self.li, reason="登记错误")
        full = {"is_full": True, "reason": "核对"}
        self.refuses("2 rows with numbers in full: more than 1 leave only", self.write, **full)
        approving.approve(self.ask(**full), by=self.zhao)
        self.assertEqual(self.write().rows, 2)
        self.assertEqual((self.write(**full).rows, Roster.objects.filter(is_full=True).count()), (2, 1))

    def test_another_list_is_not_the_one_that_was_approved(self):
        approving.approve(self.ask(), by=self.zhao)
        self.refuses("more than 10", self.write, file_type="csv")
        other = rosters.Wanted("workers", Query(self.li, {}, clock.today()), ["name"])
        self.refuses("more than 10", ordering.order, other, by=self.li)
        self.refuses("more than 10", self.write, by=self.wang)

    def test_refused_with_a_reason_that_the_asker_reads(self):
        asked = self.ask()
        self.refuses("Give the reason", approving.refuse, asked, by=self.zhao, reason=" ")
        approving.refuse(asked, by=self.zhao, reason="请只导出在外人员")
        self.assertEqual(self.told(self.li), ["Your list of 12 rows is not approved: 请只导出在外人员"])
        self.refuses("more than 10", self.write)
        self.refuses("decided on this list before you", approving.approve, asked, by=self.zhao)

    def test_who_decides(self):
        """At the county bureau, and nobody on an own list; the administrator sees no personal data."""
        asked = self.ask()
        for officer in (self.li, self.wang, self.leader, self.admin):
            self.refuses("may not", approving.approve, asked, by=officer, refusal=NotYours)
        own = "Nobody else at the county bureau can approve it: not the system administrator"
        self.refuses(own, self.ask, by=self.zhao)
        self.assertIn(own, approving.why_nobody(self.zhao))
        self.assertEqual(approving.why_nobody(self.li), "")
        second = cast.officer("qian", "county", cast.COUNTY)
        self.assertEqual(approving.why_nobody(self.zhao), "")
        mine = self.ask(by=self.zhao)
        self.refuses("You asked for this list yourself", approving.approve, mine, by=self.zhao)
        approving.approve(mine, by=second)
        self.assertEqual(self.write(by=self.zhao).rows, 12)
        with self.assertRaises(IntegrityError), transaction.atomic():
            ExportRequest.objects.filter(pk=asked.pk).update(state="approved", decided_by=self.li, decided_at=clock.now())

    def test_two_accounts_that_went_through_one_hand_are_one_person(self):
        qian = cast.officer("qian", "county", cast.COUNTY)
        asked = self.ask()
        accounts.reset_password(self.li, by=self.zhao)
        zhao = Officer.objects.get(pk=self.zhao.pk)
        self.refuses("Within 30 days one of you opened the other's account", approving.approve, asked, by=zhao)
        self.assertFalse(approving.may_decide(asked, zhao))
        self.assertEqual(approving.deciders(ExportRequest.objects.get()), [qian])
        with mock.patch.object(clock, "now", return_value=clock.now() + timedelta(days=31)):
            self.assertTrue(approving.may_decide(asked, Officer.objects.get(pk=self.zhao.pk)))
        approving.approve(asked, by=qian)

    def test_nor_by_way_of_a_third(self):
        asked = self.ask()
        accounts.reset_password(self.wang, by=self.zhao)
        accounts.reset_password(self.li, by=self.wang)
        self.assertFalse(approving.may_decide(asked, Officer.objects.get(pk=self.zhao.pk)))

    def test_whom_the_administrator_issued_are_two(self):
        asked = self.ask()
        accounts.reset_password(self.zhao, by=self.admin)
        self.assertTrue(approving.may_decide(asked, Officer.objects.get(pk=self.zhao.pk)))

    def test_who_has_two_villages_asks_for_both(self):
        Posting.objects.create(officer=self.li, place_code=cast.NEXT_DOOR, county_id=cast.COUNTY, from_on=date(2026, 1, 1))
        self.li = Officer.objects.get(pk=self.li.pk)
        asked = self.ask()
        self.assertEqual((asked.place_code, asked.rows), (cast.HOME[:9], 12))
        approving.approve(asked, by=self.zhao)
        self.assertEqual(self.write().rows, 12)

    def test_what_waits_for_the_worker_is_let_out_by_the_limit_and_the_place_of_then(self):
        CountySettings.objects.update(export_limit=500)
        with mock.patch.object(rosters, "MANY", 2), mock.patch.object(ordering, "_hand_over"):
            long, elsewhere = self.write(), self.write()
        CountySettings.objects.update(export_limit=10)
        ordering.write.func(long.pk, "en")
        CountySettings.objects.update(export_limit=500)
        Posting.objects.filter(officer=self.li).update(place_code=cast.NEXT_DOOR)
        ordering.write.func(elsewhere.pk, "en")
        failures = dict(Roster.objects.values_list("pk", "failure"))
        self.assertIn("12 rows: more than 10 leave only", failures[long.pk])
        self.assertIn("no longer known to your account", failures[elsewhere.pk])

    def test_an_approval_holds_for_three_days(self):
        approving.approve(self.ask(), by=self.zhao)
        decided = ExportRequest.objects.get().decided_at
        with mock.patch.object(clock, "now", return_value=decided + timedelta(days=3, seconds=1)):
            self.refuses("more than 10", self.write)
            self.assertTrue(ExportRequest.objects.get().is_over)
        with mock.patch.object(clock, "now", return_value=decided + timedelta(days=2, hours=23)):
            self.assertEqual(self.write().rows, 12)

    def test_who_is_posted_elsewhere_by_then_writes_nothing_under_it(self):
        asked = self.ask()
        approving.approve(asked, by=self.zhao)
        Posting.objects.filter(officer=self.li).update(place_code=cast.NEXT_DOOR)
        for person in self.people:
            type(person).objects.filter(pk=person.pk).update(village=cast.NEXT_DOOR)
        li, asked = Officer.objects.get(pk=self.li.pk), ExportRequest.objects.get()
        self.refuses("no longer known to your account", ordering.order_approved, asked, by=li)
        self.refuses("more than 10", self.write, by=li)
        self.assertEqual(Roster.objects.count(), 0)

    def test_a_list_that_grew_is_asked_for_again(self):
        approving.approve(self.ask(), by=self.zhao)
        for place in (1, 2):
            actions.register(by=self.li, village=cast.HOME, name="马新", id_number=id_number(order=f"20{place}"))
            if place == 1:
                approving.must_be_allowed(approving.of_roster(self.wanted()), 13, by=self.li, place=cast.HOME)
        self.refuses("has grown since it was approved, from 12 to 14 rows", self.write)

    def test_what_could_not_be_written_may_be_written_still(self):
        approving.approve(self.ask(), by=self.zhao)
        with mock.patch.object(rosters, "write", side_effect=OSError("no space")), self.assertRaises(OSError):
            self.write()
        self.assertEqual((Roster.objects.count(), ExportRequest.objects.get().state), (0, "approved"))
        self.assertEqual(self.write().rows, 12)

    def test_a_long_one_is_written_by_the_worker_and_a_failure_gives_it_back(self):
        approving.approve(self.ask(), by=self.zhao)
        with mock.patch.object(rosters, "MANY", 2), mock.patch.object(ordering, "_hand_over"):
            roster = self.write()
            self.assertEqual((roster.state, ExportRequest.objects.get().state), ("waiting", "written"))
            ordering.recover()
            self.assertEqual(ExportRequest.objects.get().state, "approved")
        with mock.patch.object(rosters, "MANY", 2):
            again = self.write()
        again.refresh_from_db()
        self.assertEqual((again.state, again.rows), ("ready", 12))

    def test_the_same_list_asked_for_twice_waits_once(self):
        self.assertEqual(self.ask(), self.ask())
        self.assertEqual(len(self.told(self.zhao)), 1)

    def test_a_register_of_brokers_follows_the_same_rule(self):
        CountySettings.objects.update(export_limit=1)
        for name in ("韩一", "韩二"):
            broker(name=name, village=cast.HOME)
        wanted = exporting.Wanted("brokers")
        self.refuses("2 rows: more than 1", exporting.export, wanted, by=self.li)
        approving.approve(exporting.ask(wanted, by=self.li, reason="年检"), by=self.zhao)
        exporting.export(wanted, by=self.li)
        self.assertEqual(AuditEvent.objects.latest("number").detail["approved_by"], "zhao")
        self.refuses("2 rows: more than 1", exporting.export, wanted, by=self.li)

    def test_the_command_says_how(self):
        def export(*options):
            call_command("export_roster", "workers", "list.csv", "--as", "li", *options)

        with self.assertRaisesMessage(CommandError, "--ask"):
            export()
        export("--ask", "--reason", "核对")
        asked = ExportRequest.objects.get()
        self.assertEqual((asked.rows, asked.asked_by, asked.reason), (12, self.li, "核对"))


class OnPages(Pages, TwelveNames):
    def open(self, officer, name, *args):
        self.sign_in(officer)
        return self.client.get(reverse(name, args=args))

    def send(self, officer, name, *args, **data):
        self.sign_in(officer)
        return self.client.post(reverse(name, args=args), data)

    def test_from_the_list_to_the_file(self):
        self.assertContains(self.open(self.li, "roster_new"), "Ask for approval")
        sent = {"column": "name", "file_type": "csv", "numbers": "masked", "reason": "", "ask": "1"}
        self.assertContains(self.send(self.li, "roster_new", **sent), "Say what the list is needed for")
        answer = self.send(self.li, "roster_new", **sent | {"reason": "报送"})
        asked = ExportRequest.objects.get()
        self.assertRedirects(answer, reverse("export_request", args=[asked.pk]))
        self.assertContains(self.open(self.zhao, "export_requests"), "Waiting for your word")
        self.shows(self.open(self.zhao, "export_request", asked.pk), "报送", "Approve the export")
        self.send(self.zhao, "export_approve", asked.pk)
        self.assertContains(self.open(self.li, "export_request", asked.pk), "Write the list")
        self.send(self.li, "export_write", asked.pk)
        self.assertEqual(Roster.objects.get().rows, 12)

    def test_nobody_else_sees_what_was_asked_for(self):
        asked = self.ask()
        for officer in (self.wang, self.sun):
            self.assertEqual(self.open(officer, "export_request", asked.pk).status_code, 404)
            self.hides(self.open(officer, "export_requests"), "向乡镇报送名单")
