"""From the preview to the ledger: what is written, what is not, and that nobody's work is lost."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from laborreg.months import Month
from officers.models import AuditEvent
from officers.roles import NotYours
from tests.cast import FAR, HOME, NEXT_DOOR
from tests.workers.sheets.desk import SheetDesk, id_number
from villages.models import Village
from workers import actions, counting
from workers.counting import Filed
from workers.models import Household, HouseholdStatus, Phone, Registration, Transfer, Worker
from workers.reading import histories, rules_of
from workers.sheets import repairs, staging
from workers.sheets.committing import begin, commit

WHO = ["村", "姓名", "身份证号"]
ANNA, BEN, CLARA = id_number(), id_number("19850101", "003"), id_number("19900505", "004")
LEDGER = [*WHO, "手机", "务工开始年月", "务工结束年月", "务工地点", "月工资"]
OUT = ["", "2026-03-01", "", "广东省深圳市", ""]
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
        row = ["大煤洞村", "马秀兰", ANNA, "13897123456", "回族", "初中", "有", "勤快"]
        _batch, counts = self.committed("workers", headings, [row])
        self.assertEqual(counts, {"rows": 1, "workers": 1, "phones": 1})
        by_sheet = Worker.objects.get()
        self.assertEqual((by_sheet.id_number, by_sheet.masked_id[:6], by_sheet.created_by), (ANNA, "630000", self.zhao))
        Worker.history.all().delete()
        by_hand = actions.register(
            by=self.sun, village=FAR, name="马秀兰", id_number=id_number("19880312", "004"), phone="13897123456",
            ethnic_group="03", education="70", wants_to_go=True, note="勤快",
        )
        differs = {"id", "village_id", "id_cipher", "id_index", "id_last4_index", "created_at", "created_by_id"}
        for one, other in ((by_sheet, by_hand), (by_sheet.registrations.get(), by_hand.registrations.get()),
                           (by_sheet.phones.get(), by_hand.phones.get())):
            other.refresh_from_db()
            for field in one._meta.concrete_fields:
                if field.attname not in differs | {"worker_id"}:
                    self.assertEqual(getattr(one, field.attname), getattr(other, field.attname), field.attname)

    def test_versions_name_the_officer(self):
        self.committed("ledger", LEDGER, [[HOME, "马秀兰", ANNA, *OUT]], by=self.li, place=HOME)
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
            ["大煤洞村", "马秀兰", ANNA, *OUT],
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


class Meanwhile(Committed):
    def ledger(self, *rows, **options):
        return self.staged("ledger", LEDGER, [["大煤洞村", *row] for row in rows], **options)[0]

    def test_a_worker_saved_meanwhile_is_left_out(self):
        worker = actions.register(by=self.li, village=HOME, name="马秀兰", id_number=ANNA)
        batch, _rows = self.staged("workers", [*WHO, "民族"], [[HOME, "马秀兰", ANNA, "藏族"], [HOME, "马一", BEN, "藏族"]])
        actions.edit_worker(worker, by=self.li, version=1, note="看过")
        self.assertEqual(commit(batch, by=self.zhao), {"rows": 1, "workers": 1, "moved": 1})
        worker.refresh_from_db()
        self.assertEqual((worker.ethnic_group, worker.note, worker.version), ("", "看过", 2))
        row = batch.rows.get(number=2)
        self.assertEqual((row.verdict, row.problem), ("doubt", "moved_meanwhile"))
        self.assertEqual(batch.counts["verdicts"], {"doubt": 1, "new": 1})
        total = sum(staging.fingerprint_of(each.number, each.verdict, each.values, each.changes) for each in batch.rows.all())
        self.assertEqual(batch.rows_hash, f"{total % staging.MODULUS:064x}")

    def test_all_or_nothing_stops_and_says_where(self):
        worker = actions.register(by=self.li, village=HOME, name="马秀兰", id_number=ANNA)
        batch, _rows = self.staged("workers", [*WHO, "民族"], [[HOME, "马秀兰", ANNA, "藏族"], [HOME, "马一", BEN, "藏族"]])
        actions.edit_worker(worker, by=self.li, version=1, note="看过")
        refused = self.refuses("1 row (2)", commit, batch, by=self.zhao, all_or_nothing=True)
        self.assertEqual(Worker.objects.count(), 1)
        batch.refresh_from_db()
        self.assertEqual((batch.state, batch.failure), ("staged", str(refused.message)))
        self.assertEqual(batch.rows.get(number=2).verdict, "doubt")
        self.assertEqual(commit(batch, by=self.zhao), {"rows": 1, "workers": 1})

    def test_all_or_nothing_takes_no_wrong_row(self):
        batch, _rows = self.staged("workers", WHO, [[HOME, "马秀兰", ANNA], [HOME, "马一", "1"], ["哪里", "马三", CLARA]])
        self.refuses("2 rows are wrong or in doubt (3, 4)", commit, batch, by=self.zhao, all_or_nothing=True)
        self.assertFalse(Worker.objects.exists())
        self.assertEqual(commit(batch, by=self.zhao), {"rows": 1, "workers": 1})

    def test_two_officers_with_the_same_people(self):
        rows = [[HOME, "马秀兰", ANNA, *OUT], [HOME, "马一", BEN, *OUT]]
        first, _rows = self.staged("ledger", LEDGER, rows, by=self.li, place=HOME)
        more = [*rows[1:], [HOME, "马三", CLARA, *OUT]]
        second, _rows = self.staged("ledger", LEDGER, more)
        commit(first, by=self.li)
        self.assertEqual(commit(second, by=self.zhao), {"rows": 1, "workers": 1, "departures": 1, "moved": 1})
        self.assertEqual((Worker.objects.count(), Transfer.objects.count()), (3, 3))
        self.assertEqual(second.rows.get(number=2).problem, "moved_meanwhile")

    def test_departures_that_two_bring(self):
        for name, number in (("马秀兰", ANNA), ("马一", BEN)):
            actions.register(by=self.li, village=HOME, name=name, id_number=number)
        rows = [["马秀兰", ANNA, "2026-03-01", "广东省深圳市"], ["马一", BEN, "2026-04-01", "广东省深圳市"]]
        headings = ["姓名", "身份证号", "务工开始年月", "务工地点"]
        first, _rows = self.staged("transfers", headings, rows)
        second, _rows = self.staged("transfers", headings, [["马秀兰", ANNA, "2026-02-10", "广东省深圳市"], rows[1]])
        commit(first, by=self.zhao)
        self.assertEqual(commit(second, by=self.zhao), {"moved": 2})
        self.assertEqual(Transfer.objects.count(), 2)

    def test_a_homecoming_entered_meanwhile(self):
        worker = actions.register(by=self.li, village=HOME, name="马秀兰", id_number=ANNA)
        actions.record_departure(worker, by=self.li, started_on=date(2026, 3, 1), destination="4403")
        batch, (row,) = self.staged("transfers", ["姓名", "身份证号", "返乡时间"], [["马秀兰", ANNA, "2026-10-01"]])
        self.assertEqual(row.values["trip"], "home")
        actions.record_homecoming(worker, by=self.li, ended_on=date(2026, 9, 1))
        self.assertEqual(commit(batch, by=self.zhao), {"moved": 1})
        self.assertEqual(Transfer.objects.get().ended_on, date(2026, 9, 1))

    def test_a_household_that_moved_meanwhile(self):
        self.committed("workers", [*WHO, "户编号", "与户主关系"], [[HOME, "马一", BEN, "12", "户主"]])
        household = Household.objects.get()
        headings = [*WHO, "户编号", "与户主关系", "户类型"]
        rows = [
            [HOME, "马秀兰", ANNA, "12", "配偶", ""], [HOME, "马一", BEN, "12", "户主", "脱贫户"],
            [HOME, "马三", CLARA, "", "", ""],
        ]
        batch, staged = self.staged("workers", headings, rows)
        self.assertEqual({row.values.get("household") for row in staged}, {household.pk, None})
        Household.objects.update(village=NEXT_DOOR)
        self.assertEqual(commit(batch, by=self.zhao), {"rows": 1, "workers": 1, "moved": 2})
        self.assertEqual((household.members.count(), HouseholdStatus.objects.count()), (1, 0))
        self.assertIn("not in this village any more", batch.rows.get(number=2).problems[0][2])

    def test_a_village_outside_the_place_of_the_sheet(self):
        batch = self.ledger(["马秀兰", ANNA, *OUT], by=self.li, place=HOME)
        row = batch.rows.get()
        row.values["village"] = NEXT_DOOR
        row.save()
        self.assertEqual(commit(batch, by=self.li), {"moved": 1})
        self.assertFalse(Worker.objects.exists())

    def test_the_second_of_two_clicks(self):
        batch = self.ledger(["马秀兰", ANNA, *OUT])
        begin(batch, by=self.zhao, all_or_nothing=False)
        self.refuses("already", begin, batch, by=self.zhao)
        commit(batch, by=self.zhao)
        self.refuses("already", commit, batch, by=self.zhao)
        self.assertEqual(Worker.objects.count(), 1)

    def test_the_database_has_the_last_word(self):
        batch = self.ledger(["马秀兰", ANNA, *OUT], ["马一", BEN, *OUT])
        before = rows_of_everything()
        row = batch.rows.get(number=3)
        row.values["ended_on"] = "2026-02-01"
        row.save()
        with self.assertLogs("laborreg", "WARNING") as logged:
            self.refuses("Nothing was written", commit, batch, by=self.zhao)
        self.assertEqual((rows_of_everything(), batch.state), (before, "staged"))
        self.assertIn("transfer_ends_after_it_starts", logged.output[0])
        self.assertNotIn("2026-02-01", logged.output[0])

    def test_only_by_whoever_may(self):
        batch = self.ledger(["马秀兰", ANNA, *OUT])
        for officer in (self.li, self.leader, self.admin):
            with self.assertRaises(NotYours):
                commit(batch, by=officer)


class KnownPeople(Committed):
    def setUp(self):
        super().setUp()
        facts = {"name": "马秀兰", "id_number": ANNA, "phone": "13897123456", "ethnic_group": "03"}
        self.anna = actions.register(by=self.li, village=HOME, **facts)
        actions.record_departure(self.anna, by=self.li, started_on=date(2026, 3, 1), destination="4403", pay=4000)

    def test_changes_and_nothing_else(self):
        headings = [*WHO, "民族", "手机", "文化程度"]
        _batch, counts = self.committed("workers", headings, [[HOME, "马秀兰", ANNA, "藏族", "13897000000", ""]])
        self.assertEqual(counts, {"rows": 1, "changed_workers": 1, "phones": 1})
        self.anna.refresh_from_db()
        self.assertEqual((self.anna.ethnic_group, self.anna.version, self.anna.phones.count()), ("04", 2, 2))
        version = Worker.history.first()
        self.assertEqual((version.ethnic_group, version.version), ("04", 2))
        self.assertEqual((version.history_type, version.history_user), ("~", self.zhao))

    def test_a_homecoming(self):
        rows = [["马秀兰", ANNA, "", "2026-10-01", "", "家庭原因", 4500]]
        headings = ["姓名", "身份证号", "务工开始年月", "返乡时间", "务工地点", "返乡原因", "月工资"]
        _batch, counts = self.committed("transfers", headings, rows)
        self.assertEqual(counts, {"rows": 1, "homecomings": 1})
        transfer = Transfer.objects.get()
        self.assertEqual((transfer.ended_on, transfer.reason), (date(2026, 10, 1), "family"))
        self.assertEqual((transfer.pay, transfer.version), (4500, 2))
        self.assertEqual(Transfer.history.first().history_user, self.zhao)

    def test_a_homecoming_and_the_next_departure(self):
        headings = ["姓名", "身份证号", "务工开始年月", "返乡时间", "务工地点"]
        rows = [["马秀兰", ANNA, "2026-03-01", "2026-06-01", "深圳"], ["马秀兰", ANNA, "2026-06-01", "", "广东"]]
        _batch, counts = self.committed("transfers", headings, rows)
        self.assertEqual(counts, {"rows": 2, "homecomings": 1, "departures": 1})

    def test_an_id_number_for_who_had_none(self):
        bare = actions.register(
            by=self.li, village=HOME, name="马一", no_id_reason="lost", birth_date=date(1985, 1, 1), sex="male"
        )
        batch, (row,) = self.staged("workers", WHO, [[HOME, "马一", BEN]])
        self.assertEqual(row.problem, "namesake")
        repairs.mend_rows(batch, batch.rows.all(), "take", problem="namesake", by=self.zhao)
        batch.refresh_from_db()
        self.assertEqual(commit(batch, by=self.zhao), {"rows": 1, "changed_workers": 1})
        bare.refresh_from_db()
        self.assertEqual((bare.id_number, bare.no_id_reason), (BEN, ""))


class Households(Committed):
    HEADINGS = [*WHO, "户编号", "与户主关系", "户类型", "认定日期"]

    def test_begun_with_flag(self):
        flag = ["脱贫户", "2020-11-01"]
        rows = [[HOME, "马秀兰", ANNA, "12", "配偶", *flag], [HOME, "马一", BEN, "12", "户主", *flag]]
        _batch, counts = self.committed("workers", self.HEADINGS, rows)
        self.assertEqual(counts, {"rows": 2, "workers": 2, "households": 1, "statuses": 1})
        household = Household.objects.get()
        self.assertEqual((household.number, household.members.count()), ("12", 2))
        self.assertEqual(household.statuses.get().from_on, date(2020, 11, 1))

    def test_a_household_waits_for_its_head(self):
        headings = [*WHO, "与户主关系"]
        rows = [[HOME, "马一", "1", "户主"], [HOME, "马秀兰", ANNA, "妻"]]
        self.committed("workers", headings, rows)
        self.assertFalse(Household.objects.exists())
        rows[0][2] = BEN
        self.committed("workers", headings, rows)
        self.assertEqual(Household.objects.get().members.count(), 2)
        self.assertEqual(sorted(Worker.objects.values_list("relation", flat=True)), ["head", "spouse"])

    def test_a_flag_for_a_known_household(self):
        head = actions.register(by=self.li, village=HOME, name="马一", id_number=BEN, new_household=True)
        rows = [[HOME, "马一", BEN, BEN, "户主", "脱贫户"], [HOME, "马秀兰", ANNA, BEN, "配偶", "脱贫户"]]
        self.committed("workers", [*WHO, "户主身份证号", "与户主关系", "户类型"], rows)
        self.assertEqual((head.household.statuses.get().kind, head.household.members.count()), ("relieved", 2))

    def test_who_died_gives_up_the_place_of_head(self):
        old = actions.register(by=self.li, village=HOME, name="马一", id_number=BEN, new_household=True)
        Household.objects.update(number="12")
        actions.record_death(old, by=self.li, on=date(2026, 5, 1))
        self.committed("workers", self.HEADINGS, [[HOME, "马秀兰", ANNA, "12", "户主", "", ""]])
        old.refresh_from_db()
        self.assertEqual((old.relation, Worker.objects.get(name="马秀兰").relation), ("", "head"))


class Told(Committed):
    def test_one_event(self):
        batch, counts = self.committed("workers", WHO, [[HOME, "马秀兰", ANNA], [HOME, "马一", BEN]], by=self.li, place=HOME)
        event = AuditEvent.objects.get(verb="imported a sheet")
        self.assertEqual((event.by, event.place_code, event.subject_id), (self.li, HOME, str(batch.pk)))
        told = {"kind": "workers", "file": batch.file_name, "hash": batch.sha256, "rows_hash": batch.rows_hash}
        self.assertEqual(event.detail, told | {"rows": 2, "workers": 2})
        self.assertEqual((batch.committed_by, batch.counts["written"]), (self.li, counts))

    def test_many_rows_with_bad_ones_among_them(self):
        rows = [[HOME, "马一", id_number(f"19{60 + n % 40}0{1 + n % 9}1{n % 10}", f"{n + 1:03d}")] for n in range(300)]
        bad = {5 + 8 * n for n in range(37)}
        for number in bad:
            rows[number - 2][2] = rows[number - 2][2][:-2]
        batch, counts = self.committed("workers", WHO, rows)
        self.assertEqual(counts, {"rows": 263, "workers": 263})
        self.assertEqual(set(batch.rows.filter(verdict="wrong").values_list("number", flat=True)), bad)

    def test_as_many_statements_for_ten_times_the_rows(self):
        asked = []
        for year, n in ((1970, 1), (1971, 2), (1972, 20)):
            rows = [[HOME, "马一", id_number(f"{year}0101", f"{m + 1:03d}")] for m in range(n)]
            batch, _rows = self.staged("workers", WHO, rows)
            with CaptureQueriesContext(connection) as queries:
                commit(batch, by=self.zhao)
            asked.append(len([each for each in queries.captured_queries if each["sql"].startswith("SELECT")]))
        self.assertEqual(asked[1], asked[2])


class Counted(Committed):
    def test_the_month_counts_imported_people_as_those_entered_by_hand(self):
        people = [
            ("马秀兰", ANNA, "2026-03-01", "", "广东省深圳市", "4403", 5200),
            ("马一", BEN, "2026-09-10", "2026-10-12", "广东省深圳市", "4403", 3000),
            ("马三", CLARA, "2026-10-03", "", "桥头镇", HOME[:9], 2500),
        ]
        rows = [[HOME, name, number, "", start, end, place, pay] for name, number, start, end, place, _code, pay in people]
        rows = [[*row, "家庭原因" if row[5] else ""] for row in rows]
        self.committed("ledger", [*LEDGER, "返乡原因"], rows, by=self.li, place=HOME)
        for name, number, start, end, _place, code, pay in people:
            # The same people, born the same days, in the village of the other township.
            twin = id_number(number[6:14], f"{int(number[14:17]) + 10:03d}")
            worker = actions.register(by=self.sun, village=FAR, name=name, id_number=twin)
            destination = FAR[:9] if len(code) == 9 else code
            actions.record_departure(
                worker, by=self.sun, started_on=date.fromisoformat(start), destination=destination, pay=pay,
            )
            if end:
                actions.record_homecoming(worker, by=self.sun, ended_on=date.fromisoformat(end), reason="family")
        by_sheet, by_hand = self.figures(HOME), self.figures(FAR)
        self.assertEqual(by_sheet, by_hand)
        self.assertEqual((by_sheet["away"], by_sheet["came_home"]), (1, 1))

    def figures(self, village):
        counts = counting.count(
            histories(village), [village], Month(2026, 10), rules_of=rules_of(self.county),
            filed={village: Filed(first_month=None)},
        )
        return counts[village].figures


class OneNameTwice(Committed):
    def test_the_township_tells_for_every_row(self):
        Village.objects.create(code=f"{FAR[:9]}299", township_id=FAR[:9], name="大煤洞村委会", files_from="2000-01")
        people = [("桥头镇", "马一", 1), ("桥头镇", "马二", 2), ("城关镇", "马三", 3), ("城关镇", "马四", 4)]
        rows = [[township, "大煤洞村", name, id_number("19800101", f"{n:03d}")] for township, name, n in people]
        self.committed("workers", ["乡镇", *WHO], rows)
        villages = Worker.objects.order_by("pk").values_list("village_id", flat=True)
        self.assertEqual(list(villages), [HOME, HOME, f"{FAR[:9]}299", f"{FAR[:9]}299"])
