"""Sheets of counts: so many of a village are out, nobody is named yet; each good row becomes an unnamed group."""

from datetime import date
from unittest import mock

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from laborreg import bulk, clock
from laborreg.months import Month
from officers.models import AuditEvent
from reports import actions as returns
from reports.models import MonthlyReturn
from tests import cast
from tests.cast import FAR, HOME, NEXT_DOOR
from tests.workers.sheets.test_committing import Committed
from villages.models import Lineage, Village
from workers import actions, counting
from workers.counting import Filed
from workers.models import Registration, StagedRow, UnnamedGroup, Worker
from workers.reading import histories, rules_of
from workers.sheets import columns, marking, matching, repairs, staging, storing
from workers.sheets.committing import commit
from workers.sheets.counts.judging import FACTS
from workers.sheets.undoing import undo

HEADINGS = ["村", "外出人数", "外出时间", "务工地点", "性别"]
SHENZHEN = ["2026-03-01", "广东省深圳市", ""]
FULL = [
    "乡镇", "村", "人数", "外出时间", "返乡时间", "省", "市", "性别", "年龄段", "行业", "就业渠道", "就业形式", "户类型",
    "月工资", "返乡原因", "备注",
]
EVERYTHING = [
    "桥头镇", "大煤洞村", "15人", "2026年3月", "2026-10-08", "广东", "深圳", "男", "26-40岁", "建筑", "政府组织", "企业",
    "脱贫户", "5,200", "完工", "老板包车",
]


class Counts(Committed):
    def counts(self, *rows, headings=HEADINGS, **options):
        """Verdict and weightiest problem of each row."""
        return self.verdicts("groups", headings, [list(row) for row in rows], **options)

    def brought(self, *rows, headings=HEADINGS, **options):
        return self.committed("groups", headings, [list(row) for row in rows], **options)

    def record(self, persons=12, village=HOME, **facts):
        facts = {"started_on": date(2026, 3, 1), "destination": "4403"} | facts
        return actions.record_group(by=self.zhao, village=village, persons=persons, **facts)


class Asked(Counts):
    def test_another_group_of_the_file_may_still_be_one_of_the_ledger(self):
        self.record(12)
        batch, _rows = self.staged("groups", HEADINGS, [["大煤洞村", 15, *SHENZHEN]] * 2)
        repairs.mend_rows(batch, batch.rows.filter(number=3), "new", problem="twin_counts", by=self.zhao)
        row = batch.rows.get(number=3)
        self.assertEqual((row.verdict, row.problem), ("doubt", "alike_group"))

    def test_in_an_office_of_one_village_a_note_in_front_makes_no_row_nobody_s(self):
        rows = [["说明：含学生", 5, "2026-03-01", "深圳"], ["合计", 5, "", ""]]
        headings = ["备注", "人数", "外出时间", "务工地点"]
        found = self.verdicts("groups", headings, rows, by=self.li, place=HOME)
        self.assertEqual(found, [("new", ""), ("skipped", "no_person")])


class Read(Counts):
    def test_every_column(self):
        _batch, (staged,) = self.staged("groups", FULL, [EVERYTHING])
        self.assertEqual((staged.verdict, staged.problems), ("new", []))
        self.assertEqual(staged.values, {
            "village": HOME, "persons": 15, "started_on": "2026-03-01", "ended_on": "2026-10-08", "destination": "4403",
            "sex": "male", "age_band": "26_40", "industry": "E", "channel": "government", "form": "employed",
            "status": "relieved", "pay": 5200, "reason": "season_over", "note": "老板包车",
        })
        self.assertIn(["persons", "15人", "15"], staged.normalized)

    def test_what_is_of_both_sexes_or_of_no_flag_says_nothing(self):
        row = ["桥头镇", "大煤洞村", 3, "2026-03-01", "", "", "本乡镇", "男女都有", "", "", "", "", "一般户", "", "", ""]
        _batch, (staged,) = self.staged("groups", [*FULL[:6], "务工地点", *FULL[7:]], [row])
        said = {"village": HOME, "persons": 3, "started_on": "2026-03-01", "destination": HOME[:9]}
        self.assertEqual((staged.verdict, staged.values), ("new", said))

    def test_columns_known_by_their_headings(self):
        for heading, name in (("务工人员数", "persons"), ("转移就业人数", "persons"), ("年龄结构", "age_band"),
                              ("人均月收入", "pay"), ("务工去向", "destination"), ("外出年月", "started_on")):
            self.assertEqual(matching.propose([heading], [], "groups")[0].name, name, heading)

    def test_columns_without_which_no_row_can_be_taken(self):
        def missing(names, one_village=False):
            return columns.missing("groups", names, one_village=one_village)

        self.assertEqual(missing([]), ["Village", "Persons", "Left on", "Destination"])
        self.assertEqual(missing(["persons", "started_on", "province"], one_village=True), [])
        self.assertEqual(missing(["village", "persons", "started_on", "ended_on"]), ["Destination"])

    def test_sums_headings_and_villages_without_anybody_are_left_out(self):
        rows = [
            ["大煤洞村", 5, *SHENZHEN], ["村", "外出人数", "外出时间", "务工地点", "性别"], ["元树尔村", 0, "", "", ""],
            ["东门村", "-", "", "", ""], ["小计", 5, "", "", ""], ["合计", 5, *SHENZHEN], ["填表人：马一", "", "", "", ""],
        ]
        self.assertEqual(self.counts(*rows), [("new", "")] + [("skipped", "no_person")] * 6)

    def test_cells_that_cannot_be_right(self):
        for problem, row in (
            ("bad_persons", [HOME, "若干", *SHENZHEN]), ("bad_persons", [HOME, "12人次", *SHENZHEN]),
            ("bad_persons", [HOME, "12.5", *SHENZHEN]), ("bad_persons", [HOME, 10_000, *SHENZHEN]),
            ("persons_missing", [HOME, "", *SHENZHEN]), ("village_missing", ["", 5, *SHENZHEN]),
            ("start_missing", [HOME, 5, "", "深圳", ""]), ("place_missing", [HOME, 5, "2026-03", "", ""]),
            ("day_to_come", [HOME, 5, "2026-12-01", "深圳", ""]), ("vague_place", [HOME, 5, "2026-03", "省外", ""]),
            ("not_listed", [HOME, 5, "2026-03", "深圳", "火星"]), ("unknown_village", ["哪里村", 5, *SHENZHEN]),
        ):
            with self.subTest(problem, row=row):
                self.assertEqual(self.counts(row), [("wrong", problem)])

    def test_cells_that_do_not_go_together(self):
        headings = [*HEADINGS[:4], "返乡时间", "返乡原因", "就业形式"]
        for problem, rest in (
            ("days_in_disorder", ["2026-03-01", "", ""]), ("day_to_come", ["2026-12-01", "", ""]),
            ("month_without_day", ["2026-10", "", ""]), ("end_missing", ["", "过节", ""]),
            ("public_post", ["", "", "公益性岗位"]),
        ):
            with self.subTest(problem):
                self.assertEqual(self.counts([HOME, 5, *SHENZHEN[:2], *rest], headings=headings), [("wrong", problem)])

    def test_a_group_of_the_village_stands_in_the_note(self):
        rows = [["大煤洞村三社", 5, *SHENZHEN], ["大煤洞村四社", 5, *SHENZHEN]]
        _batch, staged = self.staged("groups", HEADINGS, rows)
        self.assertEqual([(row.verdict, row.values["village"], row.values["note"]) for row in staged],
            [("new", HOME, "三社"), ("new", HOME, "四社")])
        self.assertIn(["note", "", "三社"], staged[0].normalized)
        _batch, (staged,) = self.staged("groups", [*HEADINGS, "备注"], [["大煤洞村三社", 5, *SHENZHEN, "老板包车"]])
        self.assertEqual((staged.verdict, staged.values["note"]), ("new", "老板包车"))

    def test_a_range_of_pay_is_left_empty_or_made_one_sum(self):
        batch, (staged,) = self.staged("groups", [*HEADINGS, "月工资"], [["大煤洞村", 5, *SHENZHEN, "4000-5000"]])
        self.assertEqual((staged.verdict, staged.problem), ("wrong", "bad_pay"))
        repairs.mend_group(batch, "bad_pay", "pay", "4000-5000", "empty", by=self.zhao)
        self.assertEqual(batch.rows.get().verdict, "new")

    def test_another_village_stays_out_of_reach(self):
        rows = [HOME, 5, *SHENZHEN], [NEXT_DOOR, 5, *SHENZHEN]
        self.assertEqual(self.counts(*rows, by=self.li, place=HOME), [("new", ""), ("wrong", "outside_scope")])

    def test_an_office_of_one_village_needs_no_column_for_it(self):
        batch, (staged,) = self.staged("groups", HEADINGS[1:], [[5, *SHENZHEN]], by=self.li, place=HOME)
        self.assertEqual((staged.verdict, staged.values["village"]), ("new", HOME))
        self.assertEqual(columns.leading("groups", batch.columns.values()), ("destination", "persons"))


class Known(Counts):
    def test_equal_to_a_group_of_the_ledger_is_the_same(self):
        group = self.record(sex="male", pay=4000)
        _batch, (staged,) = self.staged("groups", [*HEADINGS, "月工资"], [[HOME, 12, *SHENZHEN[:2], "男", 4000]])
        self.assertEqual((staged.verdict, staged.values["group"]), ("same", group.pk))

    def test_alike_but_for_the_number_is_in_doubt(self):
        self.record()
        batch, (staged,) = self.staged("groups", HEADINGS, [[HOME, 15, *SHENZHEN]])
        self.assertEqual((staged.verdict, staged.problem), ("doubt", "alike_group"))
        self.assertIn("12 persons", staged.problems[0][2])
        keys = [offer.key for offer in repairs.offered(batch, "alike_group", "persons", "")]
        self.assertEqual(keys, ["new", "skip"])
        repairs.mend_group(batch, "alike_group", "persons", "", "new", by=self.zhao)
        self.assertEqual(commit(batch, by=self.zhao), {"rows": 1, "groups": 1, "persons": 15})

    def test_the_planner_is_told_of_many(self):
        batch, _rows = self.staged("groups", HEADINGS, [[HOME, 15, *SHENZHEN]])
        with mock.patch.object(storing, "MANY", 1), mock.patch.object(bulk, "tell_planner") as told:
            commit(batch, by=self.zhao)
        self.assertEqual([*told.call_args.args[0]], [UnnamedGroup, Registration])
        bulk.tell_planner([UnnamedGroup, Registration])

    def test_less_or_more_known_than_in_the_ledger_may_be_the_same_persons(self):
        self.record(sex="male")
        ended = [HOME, 12, *SHENZHEN[:2], "男", "2026-10-01"]
        rows = [HOME, 12, *SHENZHEN], [HOME, 5, *SHENZHEN[:2], "女"]
        self.assertEqual(self.counts(*rows), [("doubt", "alike_group"), ("new", "")])
        self.assertEqual(self.counts(ended, headings=[*HEADINGS, "返乡时间"]), [("doubt", "alike_group")])

    def test_other_days_places_and_villages_are_other_groups(self):
        self.record()
        rows = [HOME, 12, "2026-04-01", "深圳", ""], [HOME, 12, "2026-03-01", "东莞", ""], [NEXT_DOOR, 12, *SHENZHEN]
        self.assertEqual(self.counts(*rows), [("new", "")] * 3)

    def test_a_voided_group_is_none(self):
        actions.void_group(self.record(), by=self.li, reason="错")
        self.assertEqual(self.counts([HOME, 12, *SHENZHEN]), [("new", "")])

    def test_a_second_equal_row_is_in_doubt(self):
        batch, rows = self.staged("groups", HEADINGS, [[HOME, 12, *SHENZHEN]] * 2)
        self.assertEqual([(row.verdict, row.problem) for row in rows], [("new", ""), ("doubt", "twin_counts")])
        self.assertIn("Row 2", rows[1].problems[0][2])
        repairs.mend_group(batch, "twin_counts", "persons", "", "new", by=self.zhao)
        self.assertEqual(commit(batch, by=self.zhao), {"rows": 2, "groups": 2, "persons": 24})
        self.assertEqual(self.counts(*[[HOME, 12, *SHENZHEN]] * 3), [("same", "")] * 2 + [("doubt", "twin_counts")])

    def test_a_twin_is_free_once_the_other_is_mended(self):
        batch, _rows = self.staged("groups", HEADINGS, [[HOME, 12, *SHENZHEN]] * 2)
        repairs.mend_cell(batch, 2, "persons", "7", by=self.zhao)
        self.assertEqual([row.verdict for row in batch.rows.order_by("number")], ["new", "new"])
        repairs.mend_cell(batch, 3, "persons", "7", by=self.zhao)
        self.assertEqual(batch.rows.get(number=3).problem, "twin_counts")
        total = sum(staging.fingerprint_of(each.number, each.verdict, each.values, each.changes) for each in batch.rows.all())
        batch.refresh_from_db()
        self.assertEqual(batch.rows_hash, f"{total % staging.MODULUS:064x}")

    def test_an_answer_holds_for_what_was_asked_only(self):
        self.record()
        self.record(destination="4419")
        batch, _rows = self.staged("groups", HEADINGS, [[HOME, 15, *SHENZHEN]])
        repairs.mend_cell(batch, 2, "sex", "男", by=self.zhao)
        repairs.mend_group(batch, "alike_group", "persons", "15", "new", by=self.zhao)
        self.assertEqual(batch.rows.get().verdict, "new")
        repairs.mend_cell(batch, 2, "destination", "东莞", by=self.zhao)
        self.assertEqual(batch.rows.get().problem, "alike_group")


class Written(Counts):
    def test_a_group_as_the_form_would_record_it(self):
        _batch, counts = self.brought(EVERYTHING, headings=FULL)
        self.assertEqual(counts, {"rows": 1, "groups": 1, "persons": 15})
        by_sheet = UnnamedGroup.objects.get()
        facts = {name: getattr(by_sheet, name) for name in FACTS}
        by_hand = actions.record_group(by=self.zhao, village=FAR, persons=15, **facts)
        differs = {"id", "village_id", "created_at", "group_id"}
        for one, other in ((by_sheet, by_hand), (by_sheet.registrations.get(), by_hand.registrations.get()),
                           (by_sheet.history.get(), by_hand.history.get())):
            for field in one._meta.concrete_fields:
                if field.attname not in differs | {"history_id", "history_date"}:
                    self.assertEqual(getattr(one, field.attname), getattr(other, field.attname), field.attname)
        self.assertEqual(Registration.history.filter(group=by_sheet).get().history_user, self.zhao)

    def test_one_event_and_where_each_row_went(self):
        batch, _counts = self.brought([HOME, 12, *SHENZHEN], [HOME, 8, "2026-04", "西宁市城中区", ""], by=self.li, place=HOME)
        event = AuditEvent.objects.get(verb="imported a sheet")
        told = event.by, event.place_code, event.detail["kind"], event.detail["persons"]
        self.assertEqual(told, (self.li, HOME, "groups", 20))
        groups = list(UnnamedGroup.objects.order_by("pk").values_list("pk", flat=True))
        self.assertEqual([row.written for row in batch.rows.order_by("number")], [{"group": group} for group in groups])

    def test_the_same_file_twice_changes_nothing(self):
        rows = [HOME, 12, *SHENZHEN], [HOME, 12, *SHENZHEN[:2], "男"], [NEXT_DOOR, 12, *SHENZHEN], [HOME, 7, *SHENZHEN]
        self.brought(*rows)
        batch, counts = self.brought(*rows)
        self.assertEqual((counts, batch.counts["verdicts"]), ({}, {"same": 4}))
        self.assertEqual((UnnamedGroup.objects.count(), UnnamedGroup.history.count()), (4, 4))

    def test_the_same_file_after_a_group_came_home_in_part(self):
        self.brought([HOME, 12, *SHENZHEN])
        group = UnnamedGroup.objects.get()
        actions.end_group(group, by=self.li, version=1, ended_on=date(2026, 9, 1), persons=4)
        self.assertEqual(self.counts([HOME, 12, *SHENZHEN]), [("doubt", "alike_group")])

    def test_good_rows_or_all_or_nothing(self):
        batch, _rows = self.staged("groups", HEADINGS, [[HOME, 12, *SHENZHEN], [HOME, "若干", *SHENZHEN]])
        self.refuses("1 row is wrong or in doubt (3)", commit, batch, by=self.zhao, all_or_nothing=True)
        self.assertFalse(UnnamedGroup.objects.exists())
        self.assertEqual(commit(batch, by=self.zhao)["rows"], 1)

    def test_the_faults_are_marked(self):
        batch, _rows = self.staged("groups", HEADINGS, [[HOME, "若干", *SHENZHEN]])
        with mock.patch("laborreg.sheets.marking.mark") as mark:
            marking.write(batch, "x.xlsx")
        self.assertIn("Persons: “若干” is not a number of persons", mark.call_args.args[4][2])

    def test_the_month_counts_the_persons(self):
        headings = [*HEADINGS, "返乡时间", "月工资", "就业渠道"]
        self.brought(
            [HOME, 12, "2026-10-05", "广东省深圳市", "男", "", 3000, "政府组织"],
            [HOME, 5, "2026-03", "江苏省苏州市", "", "2026-10-20", "", ""],
            [HOME, 3, "2026-03", "本乡镇", "", "", "", ""], headings=headings,
        )
        counts = counting.count(
            histories(HOME), [HOME], Month(2026, 10), rules_of=rules_of(self.county), filed={HOME: Filed(first_month=None)},
        )
        figures = counts[HOME].figures
        told = {name: figures[name] for name in (
            "away", "unnamed", "left", "came_home", "local", "away.male", "away.organized", "labor_force", "income_month",
        )}
        self.assertEqual(told, {
            "away": 12, "unnamed": 12, "left": 12, "came_home": 5, "local": 3, "away.male": 12, "away.organized": 12,
            "labor_force": 0, "income_month": 12 * ((2 * 3000 * 27 + 30) // 60),
        })


class Meanwhile(Counts):
    def left_out(self, words, batch, counts=None):
        self.assertEqual(commit(batch, by=batch.uploaded_by), counts or {"moved": 1})
        row = batch.rows.get(problem="moved_meanwhile")
        self.assertEqual(row.verdict, "doubt")
        self.assertIn(words, row.problems[0][2])

    def test_two_officers_with_the_same_counts(self):
        first, _rows = self.staged("groups", HEADINGS, [[HOME, 12, *SHENZHEN]], by=self.li, place=HOME)
        second, _rows = self.staged("groups", HEADINGS, [[HOME, 12, *SHENZHEN], [NEXT_DOOR, 3, *SHENZHEN]])
        commit(first, by=self.li)
        self.left_out("Somebody recorded a group", second, {"rows": 1, "groups": 1, "persons": 3, "moved": 1})
        self.assertEqual(UnnamedGroup.objects.count(), 2)

    def test_what_the_officer_saw_holds_up_nothing(self):
        self.record()
        batch, _rows = self.staged("groups", HEADINGS, [[HOME, 15, *SHENZHEN]])
        repairs.mend_group(batch, "alike_group", "persons", "15", "new", by=self.zhao)
        self.record(9)
        self.left_out("Somebody recorded a group", batch)

    def test_a_village_that_ended(self):
        batch, _rows = self.staged("groups", HEADINGS, [[HOME, 12, *SHENZHEN]])
        Lineage.objects.create(
            old_id=HOME, new_id=NEXT_DOOR, kind=Lineage.MERGE, from_on=date(2026, 11, 1), by=self.zhao, at=clock.now(),
        )
        self.left_out("became part of another", batch)

    def test_the_villages_are_locked_before_their_groups_are_looked_at(self):
        batch, _rows = self.staged("groups", HEADINGS, [[NEXT_DOOR, 3, *SHENZHEN], [HOME, 12, *SHENZHEN]])
        with CaptureQueriesContext(connection) as queries:
            commit(batch, by=self.zhao)
        asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
        villages = next(n for n, sql in enumerate(asked) if 'FROM "villages_village"' in sql and HOME in sql and NEXT_DOOR in sql)
        self.assertLess(villages, next(n for n, sql in enumerate(asked) if 'FROM "workers_unnamedgroup"' in sql))
        locks = " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
        self.assertRegex(asked[villages], f"ORDER BY [^ ]+ ASC{locks}$")

    def test_a_village_outside_the_place_of_the_sheet(self):
        batch, (row,) = self.staged("groups", HEADINGS, [[HOME, 12, *SHENZHEN]], by=self.li, place=HOME)
        StagedRow.objects.update(values=row.values | {"village": NEXT_DOOR})
        self.left_out("not one of the place", batch)


class Undone(Counts):
    def setUp(self):
        super().setUp()
        self.batch_brought, self.written = self.brought([HOME, 12, *SHENZHEN], [NEXT_DOOR, 8, *SHENZHEN])
        self.group = UnnamedGroup.objects.get(village=HOME)

    def undo(self):
        return undo(self.batch_brought, by=self.zhao, reason="错发的表")

    def test_the_groups_count_no_more(self):
        self.assertEqual(self.undo(), self.written)
        self.group.refresh_from_db()
        self.assertEqual((self.group.void_reason, self.group.version), ("错发的表", 2))
        newest = self.group.history.latest("history_id")
        self.assertEqual((newest.version, newest.history_user), (2, self.zhao))
        self.assertEqual((self.batch_brought.state, histories(HOME)), ("undone", []))
        self.assertEqual(AuditEvent.objects.get(verb="undid a sheet").detail["groups"], 2)
        self.assertEqual(self.counts([HOME, 12, *SHENZHEN]), [("new", "")])

    def test_too_late(self):
        anna = cast.worker()
        built = {
            "ended": lambda: actions.end_group(self.group, by=self.li, version=1, ended_on=date(2026, 9, 1)),
            "ended in part": lambda: actions.end_group(
                self.group, by=self.li, version=1, ended_on=date(2026, 9, 1), persons=4),
            "changed": lambda: actions.correct_group(self.group, by=self.li, version=1, persons=13),
            "voided": lambda: actions.void_group(self.group, by=self.li, reason="错"),
            "named": lambda: actions.record_departure(
                anna, by=self.li, started_on=date(2026, 3, 1), destination="4403", group=self.group),
        }
        for what, build in built.items():
            with self.subTest(what), transaction.atomic():
                build()
                self.refuses(f"1 group ({self.group.village.label})", self.undo)
                transaction.set_rollback(True)
        self.undo()

    def test_a_return_that_was_submitted_since_counts_them(self):
        clock.pin(date(2026, 11, 2))
        returns.open_month(self.county, Month(2026, 10))
        batch, _counts = self.brought([HOME, 30, "2026-05", "苏州", ""])
        returns.submit([MonthlyReturn.objects.get(village=HOME)], by=self.li, explanations=returns.AS_IN_THE_LEDGER)
        self.refuses("has submitted a return since", undo, batch, by=self.zhao, reason="错发的表")
        self.assertEqual(batch.rows.get().written["group"], UnnamedGroup.objects.get(persons=30).pk)


class Many(Counts):
    def test_as_many_questions_for_ten_times_the_rows(self):
        asked = []
        for year, n in ((2023, 1), (2024, 2), (2025, 20)):
            rows = [[HOME, m + 1, f"{year}-{1 + m % 12:02}-{1 + m:02}", "深圳", ""] for m in range(n)]
            with CaptureQueriesContext(connection) as queries:
                self.brought(*rows)
            asked.append(len([each for each in queries.captured_queries if each["sql"].startswith("SELECT")]))
        self.assertEqual(asked[1], asked[2])
        self.assertFalse(Worker.objects.exists())
        self.assertEqual(Village.objects.count(), 3)
