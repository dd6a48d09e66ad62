"""From the preview to the ledger: what is written, what is not, and that nobody's work is lost."""

from datetime import date

from laborreg.refusals import Refusal
from officers.models import AuditEvent
from officers.roles import NotYours
from tests.cast import FAR, HOME
from tests.workers.sheets.desk import SheetDesk, id_number
from workers import actions
from workers.models import Household, HouseholdStatus, Phone, Registration, Transfer, Worker
from workers.sheets import staging
from workers.sheets.committing import begin, commit

WHO = ["村", "姓名", "身份证号"]
ANNA, BEN, CLARA = id_number(), id_number("19850101", "003"), id_number("19900505", "004")
LEDGER = [*WHO, "手机", "务工开始年月", "务工结束年月", "务工地点", "月工资"]
HISTORIES = (Worker, Registration, Household, Transfer)


def rows_of_everything():
    """How many rows and row versions the ledger has."""
    tables = [Worker, Registration, Household, HouseholdStatus, Phone, Transfer]
    return [model.objects.count() for model in tables] + [model.history.count() for model in HISTORIES]


class Committed(SheetDesk):
    def committed(self, kind, headings, rows, *, by=None, **options):
        batch, _rows = self.staged(kind, headings, rows, by=by, **options)
        return batch, commit(batch, by=by or self.zhao)


class NewPeople(Committed):
    def test_a_new_worker_as_the_form_would_register(self):
        headings = [*WHO, "手机", "民族", "文化程度", "就业创业意愿", "备注"]
        batch, counts = self.committed("workers", headings, [["大煤洞村", "马秀兰", ANNA, "13897123456", "回族", "初中", "有", "勤快"]])
        self.assertEqual(counts, {"rows": 1, "workers": 1, "phones": 1})
        by_sheet = Worker.objects.get()
        self.assertEqual((by_sheet.id_number, by_sheet.masked_id[:6], by_sheet.created_by), (ANNA, "630000", self.zhao))
        Worker.history.all().delete()
        by_hand = actions.register(
            by=self.sun, village=FAR, name="马秀兰", id_number=id_number("19880312", "004"), phone="13897123456", ethnic_group="03",
            education="70", wants_to_go=True, note="勤快",
        )
        differs = {"id", "village_id", "id_cipher", "id_index", "id_last4_index", "created_at", "created_by_id"}
        for one, other in ((by_sheet, by_hand), (by_sheet.registrations.get(), by_hand.registrations.get()),
                           (by_sheet.phones.get(), by_hand.phones.get())):
            other.refresh_from_db()
            for field in one._meta.concrete_fields:
                if field.attname not in differs | {"worker_id"}:
                    self.assertEqual(getattr(one, field.attname), getattr(other, field.attname), field.attname)

    def test_versions_name_the_officer(self):
        self.committed("ledger", LEDGER, [["大煤洞村", "马秀兰", ANNA, "", "2026-03-01", "", "广东省深圳市", 5200]], by=self.li, place=HOME)
        for model in (Worker, Registration, Transfer):
            version = model.history.get()
            self.assertEqual((version.history_type, version.history_user), ("+", self.li))

    def test_what_is_added_afterwards_gets_a_number_of_its_own(self):
        self.committed("workers", WHO, [["大煤洞村", "马秀兰", ANNA]])
        actions.register(by=self.li, village=HOME, name="马一", id_number=BEN)
        self.committed("workers", WHO, [["大煤洞村", "马三", CLARA]])
        self.assertEqual(Worker.objects.count(), 3)

    def test_departures(self):
        rows = [
            ["大煤洞村", "马秀兰", ANNA, "", "2026-03-01", "", "广东省深圳市", 5200],
            ["大煤洞村", "马一", BEN, "", "2026年2月", "2026-06-01", "广东省深圳市", ""],
        ]
        _batch, counts = self.committed("ledger", LEDGER, rows)
        self.assertEqual(counts, {"rows": 2, "workers": 2, "departures": 2})
        first, second = Transfer.objects.order_by("pk")
        self.assertEqual((first.worker.name, first.village_id, first.pay, first.pay_band), ("马秀兰", HOME, 5200, "4000_5999"))
        self.assertEqual((second.started_on, second.month_only, second.ended_on), (date(2026, 2, 1), True, date(2026, 6, 1)))

    def test_two_departures_of_one_new_person(self):
        rows = [
            ["大煤洞村", "马秀兰", ANNA, "", "2025-03-01", "2025-06-01", "广东省深圳市", ""],
            ["大煤洞村", "马秀兰", ANNA, "", "2026-03-01", "", "广东省深圳市", ""],
        ]
        self.committed("ledger", LEDGER, rows)
        self.assertEqual(Worker.objects.get().transfers.count(), 2)

    def test_the_same_file_twice_changes_nothing(self):
        headings = [*LEDGER, "户编号", "与户主关系", "户类型"]
        rows = [
            ["大煤洞村", "马秀兰", ANNA, "13897123456", "2026-03-01", "", "广东省深圳市", 5200, "12", "配偶", "脱贫户"],
            ["大煤洞村", "马一", BEN, "13897000000", "2026-02", "2026-06-01", "广东省深圳市", "", "12", "户主", "脱贫户"],
        ]
        self.committed("ledger", headings, rows)
        before = rows_of_everything()
        versions = list(Worker.objects.values_list("version", flat=True))
        batch, counts = self.committed("ledger", headings, rows)
        self.assertEqual((counts, batch.counts["verdicts"]), ({}, {"same": 2}))
        self.assertEqual(rows_of_everything(), before)
        self.assertEqual(list(Worker.objects.values_list("version", flat=True)), versions)
