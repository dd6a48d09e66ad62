"""An import taken back, until somebody builds on it."""

from datetime import date
from unittest import mock

from django.db import OperationalError, connection, transaction
from django.test import skipUnlessDBFeature
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from laborreg import clock
from laborreg.months import Month
from officers.models import AuditEvent
from officers.roles import NotYours
from reports import actions as returns
from reports.imported import submitted_since
from reports.models import MonthlyReturn
from tests.cast import HOME
from tests.workers.sheets.desk import id_number
from tests.workers.sheets.test_committing import LEDGER, WHO, Committed
from workers import actions
from workers.models import Household, HouseholdStatus, Phone, Transfer, Worker
from workers.sheets.brought import BuiltOn
from workers.sheets.undoing import BUILDERS, undo

ANNA, BEN, CLARA = id_number(), id_number("19850101", "003"), id_number("19900505", "004")
HEADINGS = [*LEDGER, "户编号", "与户主关系", "户类型"]
FACTS = ["name", "ethnic_group", "household_id", "relation", "id_index", "id_cipher", "no_id_reason", "voided_at"]
TRIP = ["started_on", "ended_on", "reason", "pay", "pay_band", "destination", "voided_at"]


class Undone(Committed):
    def setUp(self):
        super().setUp()
        self.ben = actions.register(by=self.li, village=HOME, name="马一", id_number=BEN, phone="13897000001")
        self.trip = actions.record_departure(self.ben, by=self.li, started_on=date(2026, 3, 1), destination="4403", pay=4000)
        self.before = self.facts()
        rows = [
            [HOME, "马一", BEN, "13897000002", "2026-03-01", "2026-06-01", "广东省深圳市", 5000, "12", "户主", "脱贫户"],
            [HOME, "马秀兰", ANNA, "13897123456", "2026-03-01", "", "广东省深圳市", 5200, "12", "配偶", "脱贫户"],
            [HOME, "马一", BEN, "13897000002", "2026-06-01", "", "广东省深圳市", 6000, "12", "户主", "脱贫户"],
        ]
        self.first, self.counts = self.committed("ledger", HEADINGS, rows)
        self.anna = Worker.objects.get(name="马秀兰")

    def facts(self):
        return (
            list(Worker.objects.valid().values_list(*FACTS)), list(Transfer.objects.valid().values_list(*TRIP)),
            list(Phone.objects.filter(worker__voided_at__isnull=True).values_list("number", flat=True)),
            Household.objects.count(), HouseholdStatus.objects.count(),
        )

    def test_what_was_written(self):
        self.assertEqual(self.counts, {
            "rows": 3, "workers": 1, "changed_workers": 1, "departures": 2, "homecomings": 1, "phones": 2, "households": 1,
            "statuses": 1,
        })

    def test_everything_is_as_it_was(self):
        undo(self.first, by=self.zhao, reason="错发的表")
        self.assertEqual(self.facts(), self.before)
        self.anna.refresh_from_db()
        self.assertEqual((self.anna.void_reason, self.anna.household), ("错发的表", None))
        for row in (self.ben, self.trip):
            row.refresh_from_db()
            newest = row.history.latest("history_id")
            self.assertEqual((row.version, newest.version, newest.history_user), (3, 3, self.zhao))
        self.assertEqual((self.first.state, self.first.undone_by), ("undone", self.zhao))
        event = AuditEvent.objects.get(verb="undid a sheet")
        self.assertEqual((event.detail["reason"], event.detail["rows"]), ("错发的表", 3))
        self.refuses("Only a sheet", undo, self.first, by=self.zhao, reason="again")

    def test_the_same_file_can_come_again(self):
        undo(self.first, by=self.zhao, reason="错发的表")
        _batch, counts = self.committed("workers", WHO, [[HOME, "马秀兰", ANNA]])
        self.assertEqual(counts, {"rows": 1, "workers": 1})

    def test_a_reason_and_the_power(self):
        self.refuses("reason", undo, self.first, by=self.zhao, reason=" ")
        with self.assertRaises(NotYours):
            undo(self.first, by=self.li, reason="错发的表")

    def test_too_late(self):
        open_trip = self.ben.transfers.valid().get(ended_on__isnull=True)
        built = {
            "a person edited": lambda: actions.edit_worker(self.anna, by=self.li, version=1, note="x"),
            "a homecoming": lambda: actions.record_homecoming(self.anna, by=self.li, ended_on=date(2026, 9, 1)),
            "a trip corrected": lambda: actions.correct_transfer(open_trip, by=self.li, version=1, pay=1000),
            "a visit": lambda: actions.record_visit(
                self.anna, by=self.li, outcome="no_change"
            ),
            "the household": lambda: actions.edit_household(self.anna.household, by=self.li, version=1, address="村东"),
            "the flag ended": lambda: actions.end_status(HouseholdStatus.objects.get(), by=self.li, to_on=date(2026, 10, 1)),
            "a phone": lambda: actions.add_phone(self.anna, by=self.li, number="13897999999"),
            "a death": lambda: actions.record_death(self.anna, by=self.li, on=date(2026, 10, 1)),
            "a member more": lambda: actions.register(
                by=self.li, village=HOME, name="马三", id_number=CLARA, household=self.anna.household, relation="daughter"
            ),
        }
        for what, build in built.items():
            with self.subTest(what), transaction.atomic():
                build()
                self.refuses("Too late to undo", undo, self.first, by=self.zhao, reason="错发的表")
                self.first.refresh_from_db()
                self.assertEqual(self.first.state, "committed")
                transaction.set_rollback(True)

    def test_a_visit_to_somebody_known_who_left_by_the_sheet(self):
        self.committed("workers", WHO, [[HOME, "马三", CLARA]])
        clara = Worker.objects.get(name="马三")
        row = [HOME, "马三", CLARA, "2026-03-01", "", "广东省深圳市", ""]
        batch, _counts = self.committed("transfers", [*WHO, *LEDGER[4:]], [row])
        visit = actions.record_visit(clara, by=self.li, outcome="no_change")
        self.refuses("1 person (马三)", undo, batch, by=self.zhao, reason="错发的表")
        actions.take_back_visit(visit, by=self.li)
        undo(batch, by=self.zhao, reason="错发的表")

    def test_a_visit_of_before_does_not_count(self):
        visited = actions.record_visit(self.ben, by=self.li, outcome="no_change")
        batch, _counts = self.committed("workers", [*WHO, "手机"], [[HOME, "马一", BEN, "13897000009"]])
        self.assertEqual(visited.on, clock.today())
        undo(batch, by=self.zhao, reason="错发的表")

    @skipUnlessDBFeature("has_select_for_no_key_update")
    def test_what_is_looked_at_is_locked_before(self):
        with CaptureQueriesContext(connection) as queries:
            undo(self.first, by=self.zhao, reason="错发的表")
        asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
        for table in ("household", "worker", "transfer"):
            first = next(sql for sql in asked if f'FROM "workers_{table}"' in sql)
            self.assertRegex(first, "ORDER BY .* FOR (NO KEY )?UPDATE")

    def test_a_later_import_is_named_and_undone_first(self):
        headings = [*LEDGER, "户编号", "与户主关系", "民族"]
        rows = [
            [HOME, "马秀兰", ANNA, "13897123457", "2026-03-01", "2026-09-01", "广东省深圳市", 5200, "12", "配偶", "回"],
            [HOME, "马三", CLARA, "", "2026-03-01", "", "广东省深圳市", 5200, "12", "女儿", "回"],
        ]
        second, counts = self.committed("ledger", headings, rows)
        self.assertEqual((counts["workers"], counts["changed_workers"], counts["homecomings"]), (1, 1, 1))
        with self.assertRaises(BuiltOn) as refused:
            undo(self.first, by=self.zhao, reason="错发的表")
        self.assertEqual(refused.exception.batch, second)
        moment = localtime(second.committed_at).strftime("%Y-%m-%d %H:%M")
        for words in (second.file_name, self.zhao.name, moment, "Undo that one first"):
            self.assertIn(words, refused.exception.message)
        for batch in (second, self.first):
            undo(batch, by=self.zhao, reason="错发的表")
        self.assertEqual(self.facts(), self.before)

    def test_what_was_changed_and_changed_back_is_in_nobody_s_way(self):
        actions.edit_worker(self.anna, by=self.li, version=1, note="x")
        actions.edit_worker(self.anna, by=self.li, version=2, note="")
        undo(self.first, by=self.zhao, reason="错发的表")

    def test_while_others_write_it_is_told_to_come_again(self):
        with mock.patch("workers.sheets.brought.Brought.hold", side_effect=OperationalError("database is locked")):
            self.refuses("others were writing at the same moment", undo, self.first, by=self.zhao, reason="错发的表")
        self.first.refresh_from_db()
        self.assertEqual(self.first.state, "committed")

    def test_the_refusal_names_people(self):
        actions.edit_worker(self.anna, by=self.li, version=1, note="x")
        self.refuses("1 person (马秀兰)", undo, self.first, by=self.zhao, reason="错发的表")

    def test_a_return_that_counts_it(self):
        asked = []

        def submitted(villages, moment):
            asked.append((villages, moment))
            return "Too late to undo: a return."

        with mock.patch("workers.sheets.undoing.BUILDERS", [submitted]):
            self.refuses("a return", undo, self.first, by=self.zhao, reason="错发的表")
        self.assertEqual(asked, [({HOME}, self.first.committed_at)])
        self.assertIn("submitted_since", [each.__name__ for each in BUILDERS])
        self.assertEqual(submitted_since({HOME}, self.first.committed_at), "")


class Submitted(Committed):
    """A return that was submitted since counts what the sheet wrote, whatever that was."""

    def setUp(self):
        super().setUp()
        clock.pin(date(2026, 11, 2))
        returns.open_month(self.county, Month(2026, 10))
        self.ben = actions.register(by=self.li, village=HOME, name="马一", id_number=BEN)

    def submit(self):
        ret = MonthlyReturn.objects.get(village=HOME)
        returns.submit([ret], by=self.li, explanations=returns.AS_IN_THE_LEDGER)

    def is_refused_once_submitted(self, kind, headings, row):
        batch, counts = self.committed(kind, headings, [row])
        self.submit()
        self.refuses("has submitted a return since", undo, batch, by=self.zhao, reason="错发的表")
        return counts

    def test_departures_of_known_people(self):
        counts = self.is_refused_once_submitted(
            "transfers", [*WHO, *LEDGER[4:]], [HOME, "马一", BEN, "2026-03-01", "", "广东省深圳市", ""]
        )
        self.assertEqual(counts, {"rows": 1, "departures": 1})

    def test_homecomings(self):
        actions.record_departure(self.ben, by=self.li, started_on=date(2026, 3, 1), destination="4403")
        counts = self.is_refused_once_submitted(
            "transfers", [*WHO, *LEDGER[4:]], [HOME, "马一", BEN, "2026-03-01", "2026-09-01", "广东省深圳市", ""]
        )
        self.assertEqual(counts, {"rows": 1, "homecomings": 1})

    def test_phones(self):
        counts = self.is_refused_once_submitted("workers", [*WHO, "手机"], [HOME, "马一", BEN, "13897000002"])
        self.assertEqual(counts, {"rows": 1, "phones": 1})

    def test_flags(self):
        rows = [[HOME, "马一", BEN, "12", "户主"]]
        self.committed("workers", [*WHO, "户编号", "与户主关系"], rows)
        counts = self.is_refused_once_submitted(
            "workers", [*WHO, "户编号", "与户主关系", "户类型"], [*rows[0], "脱贫户"]
        )
        self.assertEqual(counts, {"rows": 1, "statuses": 1})
