"""From a file to staged rows: what is new, changed, the same, in doubt or wrong."""

from datetime import date

from brokers.models import Broker
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR
from tests.workers.sheets.desk import SheetDesk, id_number
from villages.models import Lineage, Township
from workers.actions import record_departure, register
from workers.models import StagedRow, Worker
from workers.sheets import staging

WHO = ["村", "姓名", "身份证号"]
ANNA, BEN, CLARA = id_number(), id_number("19850101", "003"), id_number("19900505", "004")


class People(SheetDesk):
    def test_somebody_new(self):
        batch, (row,) = self.staged("workers", [*WHO, "民族", "手机"], [["大煤洞村", "马秀兰", ANNA, "回族", "13897123456"]])
        self.assertEqual((row.verdict, row.problems), ("new", []))
        values = row.values
        self.assertEqual((values["village"], values["sex"], values["birth_date"]), (HOME, "female", "1988-03-12"))
        self.assertEqual((values["person"], values["ethnic_group"], values["phone"]), ("new", "03", "13897123456"))
        self.assertEqual(batch.counts["verdicts"], {"new": 1})

    def test_the_id_number_stands_nowhere_in_clear(self):
        self.staged("workers", [*WHO, "户主证件号码"], [["大煤洞村", "马秀兰", f" {ANNA} ", ANNA], ["大煤洞村", "马秀英",
            ANNA[:-1], BEN]])
        told = " ".join(str(row) for row in StagedRow.objects.values())
        for number in (ANNA, BEN, ANNA[:-1]):
            self.assertNotIn(number, told)
        self.assertIn("630000********0027", told)

    def test_the_same_person_again(self):
        worker = register(by=self.li, village=HOME, name="马秀兰", id_number=ANNA, phone="13897123456", ethnic_group="03")
        headings = [*WHO, "民族", "手机"]
        again = [["大煤洞村委会", "马秀兰", ANNA, "回", "13897123456"], [HOME, "马秀兰", BEN, "汉族", ""]]
        _batch, (same, new) = self.staged("workers", headings, again)
        self.assertEqual((same.verdict, same.worker_number, same.worker_version), ("same", worker.pk, 1))
        self.assertEqual(new.verdict, "new")
        _batch, (changed,) = self.staged("workers", headings, [[HOME, "马秀兰", ANNA, "汉族", "13897000000"]])
        self.assertEqual(changed.changes, {"ethnic_group": ["03", "01"], "phone": ["138****3456", "13897000000"]})
        self.assertNotIn("13897123456", str(StagedRow.objects.values().latest("pk")))

    def test_an_empty_cell_erases_nothing(self):
        register(by=self.li, village=HOME, name="马秀兰", id_number=ANNA, phone="13897123456", ethnic_group="03")
        self.assertEqual(self.verdicts("workers", [*WHO, "民族", "手机"], [["", "马秀兰", ANNA, None, ""]]), [("same", "")])

    def test_held_elsewhere_is_told_without_name_or_village(self):
        register(by=self.sun, village=FAR, name="冶成花", id_number=ANNA)
        _batch, (row,) = self.staged("workers", WHO, [["大煤洞村", "马秀兰", ANNA]], by=self.li, place=HOME)
        self.assertEqual((row.verdict, row.problem), ("wrong", "registered_elsewhere"))
        told = str(StagedRow.objects.values().get())
        self.assertNotIn("冶成花", told)
        self.assertNotIn(FAR, told)

    def test_a_village_of_another_office(self):
        rows = [["东门村", "马秀兰", ANNA], ["大煤洞村", "马秀英", BEN], ["没有这个村", "马秀花", CLARA]]
        expected = [("wrong", "outside_scope"), ("new", ""), ("wrong", "unknown_village")]
        self.assertEqual(self.verdicts("workers", WHO, rows, by=self.li, place=HOME), expected)
        self.assertEqual(self.verdicts("workers", WHO, rows), [("new", ""), ("new", ""), ("wrong", "unknown_village")])

    def test_a_village_that_was_merged_into_one_of_another_office(self):
        Lineage.objects.create(old_id=HOME, new_id=FAR, kind="merge", from_on=date(2026, 1, 1))
        headings = ["乡镇", *WHO]
        for rows in ([["", "大煤洞村", "马秀兰", ANNA]], [["", HOME, "马秀兰", ANNA]], [["", "", "马秀兰", ANNA]],
                     [[Township.objects.get(code=HOME[:9]).name, "大煤洞村", "马秀兰", ANNA]]):
            _batch, (row,) = self.staged("workers", headings, rows, by=self.li, place=HOME)
            self.assertEqual((row.verdict, row.problem), ("wrong", "outside_scope" if rows[0][1] else "village_missing"))
            self.assertNotIn("village", row.values)
        _batch, (row,) = self.staged("workers", WHO, [["大煤洞村", "马秀兰", ANNA]])
        self.assertEqual((row.verdict, row.values["village"]), ("new", FAR))

    def test_a_sheet_of_one_village_needs_no_village(self):
        self.assertEqual(self.verdicts("workers", WHO[1:], [["马秀兰", ANNA]], by=self.li, place=HOME), [("new", "")])
        self.assertEqual(self.verdicts("workers", WHO[1:], [["马秀兰", ANNA]]), [("wrong", "village_missing")])

    def test_another_village_of_the_own_office(self):
        register(by=self.li, village=HOME, name="马秀兰", id_number=ANNA)
        self.assertEqual(self.verdicts("workers", WHO, [["元树尔村", "马秀兰", ANNA]]), [("doubt", "held_by_village")])

    def test_another_name(self):
        register(by=self.li, village=HOME, name="马秀兰", id_number=ANNA)
        self.assertEqual(self.verdicts("workers", WHO, [["大煤洞村", "马秀英", ANNA]]), [("doubt", "other_name")])

    def test_a_namesake(self):
        register(by=self.li, village=HOME, name="马秀兰", no_id_reason="lost", birth_date=date(1988, 3, 12), sex="female")
        rows = [["大煤洞村", "马秀兰", ANNA], ["元树尔村", "马秀兰", BEN], ["大煤洞村", "马秀兰", CLARA]]
        self.assertEqual(self.verdicts("workers", WHO, rows), [("doubt", "namesake"), ("new", ""), ("new", "")])

    def test_without_an_id_number(self):
        headings = [*WHO, "无证件原因", "出生日期"]
        rows = [["大煤洞村", "马秀兰", "", "丢失", "1988-03-12"], ["大煤洞村", "马秀英", "", "", "1988-03-12"]]
        self.assertEqual(self.verdicts("workers", headings, rows), [("new", ""), ("wrong", "id_missing")])
        register(by=self.li, village=HOME, name="马秀兰", no_id_reason="lost", birth_date=date(1988, 3, 12), sex="female")
        self.assertEqual(self.verdicts("workers", headings, rows[:1]), [("same", "")])

    def test_twins_of_an_id(self):
        rows = [["大煤洞村", "马秀兰", ANNA], ["大煤洞村", "马秀英", ANNA]]
        _batch, (first, second) = self.staged("workers", WHO, rows)
        self.assertEqual((first.verdict, second.problem), ("new", "twin"))
        self.assertIn("2", second.problems[0][2])

    def test_under_16(self):
        young = id_number("20150101")
        self.assertEqual(self.verdicts("workers", WHO, [["大煤洞村", "马小", young]]), [("wrong", "too_young")])

    def test_sex_and_birth_date_must_agree_with_the_id(self):
        rows = [["大煤洞村", "马秀兰", ANNA, "男", ""], ["大煤洞村", "马一", BEN, "男", "1985.01"], ["大煤洞村", "马二", CLARA,
        "", "1990-05-06"]]
        self.assertEqual(self.verdicts("workers", [*WHO, "性别", "出生年月"], rows), [
            ("wrong", "id_differs"), ("new", ""), ("wrong", "id_differs"),
        ])

    def test_a_sum_is_one_in_whatever_column_it_says_so(self):
        rows = [["1", "大煤洞村", "马秀兰", ANNA], ["合计", "", "14人", ""], ["填表人：", "", "马一", "审核人："]]
        found = self.verdicts("workers", ["序号", *WHO], rows)
        self.assertEqual(found, [("new", ""), ("skipped", "no_person"), ("skipped", "no_person")])

    def test_nobody_is_lost_to_a_note_that_speaks_of_sums(self):
        wrong = ANNA[:-1] + ("1" if ANNA[-1] != "1" else "2")
        notes = ["合计打工三年", "填表人代填", "合计"]
        rows = [["大煤洞村", name, wrong, note] for name, note in zip(("马秀兰", "马一", "马二"), notes, strict=True)]
        found = self.verdicts("workers", [*WHO, "备注"], rows)
        self.assertEqual(found, [("wrong", "bad_id")] * 3)

    def test_sums_notes_and_repeated_headings_are_left_out(self):
        rows = [["大煤洞村", "马秀兰", ANNA], ["合计", "", ""], WHO, ["填表说明：……", "", ""]]
        self.assertEqual([verdict for verdict, _problem in self.verdicts("workers", WHO, rows)], ["new", "skipped", "skipped",
            "skipped"])


class Brokers(SheetDesk):
    HEADINGS = [*WHO, "务工开始年月", "务工地点", "劳务经纪人"]

    def build(self):
        super().build()
        facts = {"county_id": COUNTY, "village_id": HOME, "registered_on": date(2020, 1, 1)}
        self.barred = Broker.objects.create(
            name="马贵", state="revoked", filed_on=date(2026, 1, 1), certificate_number="1", certificate_word="w", **facts
        )
        self.stays = Broker.objects.create(name="韩成", **facts)
        self.merged = Broker.objects.create(name="韩成成", merged_into=self.stays, **facts)
        self.anna = register(by=self.li, village=HOME, name="马秀兰", id_number=ANNA)

    def row(self, broker, day="2026-03-05"):
        [row] = self.staged("transfers", self.HEADINGS, [["大煤洞村", "马秀兰", ANNA, day, "广东省深圳市", broker]])[1]
        return row

    def test_who_is_barred_is_named_for_nothing_new(self):
        row = self.row("马贵")
        self.assertEqual((row.verdict, row.problem), ("wrong", "broker_barred"))
        self.assertIn("马贵 is suspended or revoked as a labor broker", str(row.problems))

    def test_what_is_recorded_keeps_its_name(self):
        Broker.objects.filter(pk=self.barred.pk).update(
            state="registered", filed_on=None, certificate_number="", certificate_word=None
        )
        record_departure(self.anna, by=self.li, started_on=date(2026, 3, 5), destination="4403", broker=self.barred)
        Broker.objects.filter(pk=self.barred.pk).update(
            state="suspended", filed_on=date(2026, 1, 1), certificate_number="1", certificate_word="w"
        )
        self.assertEqual(self.row("马贵").verdict, "same")

    def test_an_entry_that_was_merged_names_the_one_that_stays(self):
        self.assertEqual(self.row("韩成成").values["broker"], self.stays.pk)
        self.assertEqual(self.row("韩成").verdict, "new")


class Households(SheetDesk):
    HEADINGS = [*WHO, "户编号", "与户主关系", "户类型"]

    def test_by_number(self):
        rows = [["大煤洞村", "马一", BEN, "12", "户主", "脱贫户"], ["大煤洞村", "马秀兰", ANNA, 12, "配偶", "脱贫户"]]
        _batch, staged = self.staged("workers", self.HEADINGS, rows)
        self.assertEqual({row.values["household_key"] for row in staged}, {f"n:{HOME}:12"})
        self.assertEqual({row.verdict for row in staged}, {"new"})

    def test_two_heads_two_spouses(self):
        other = id_number("19770707", "001")
        rows = [
            ["大煤洞村", "马一", BEN, "12", "户主", ""], ["大煤洞村", "马二", other, "12", "户主", ""],
            ["大煤洞村", "马秀兰", ANNA, "12", "配偶", ""], ["大煤洞村", "马三", CLARA, "12", "配偶", ""],
        ]
        self.assertEqual([problem for _verdict, problem in self.verdicts("workers", self.HEADINGS, rows)], [
            "", "two_heads", "", "two_spouses",
        ])

    def test_the_rows_after_a_head(self):
        headings = [*WHO, "与户主关系"]
        rows = [["大煤洞村", "马一", BEN, "户主"], ["大煤洞村", "马秀兰", ANNA, "妻"], ["元树尔村", "马三", CLARA, "之女"]]
        _batch, (head, wife, other) = self.staged("workers", headings, rows)
        self.assertEqual((head.values["household_key"], wife.values["household_key"]), ("r:2", "r:2"))
        self.assertNotIn("household_key", other.values)
        self.assertEqual(other.problem, "relation_not_kept")

    def test_by_the_heads_id(self):
        rows = [["大煤洞村", "马一", BEN, BEN, ""], ["大煤洞村", "马秀兰", ANNA, BEN, "妻子"]]
        _batch, staged = self.staged("workers", [*WHO, "户主证件号码", "与户主关系"], rows)
        self.assertEqual([row.values["relation"] for row in staged], ["head", "spouse"])
        self.assertEqual(len({row.values["household_key"] for row in staged}), 1)

    def test_a_household_of_the_ledger(self):
        head = register(by=self.li, village=HOME, name="马一", id_number=BEN, new_household=True)
        rows = [["大煤洞村", "马一", BEN, BEN, "户主"], ["大煤洞村", "马秀兰", ANNA, BEN, "配偶"], ["大煤洞村", "马三", CLARA,
        BEN, "户主"]]
        _batch, (same, new, second) = self.staged("workers", [*WHO, "户主证件号码", "与户主关系"], rows)
        self.assertEqual((same.verdict, new.values["household"], second.problem), ("same", head.household_id, "second_head"))

    def test_a_relation_that_no_man_has(self):
        self.assertEqual(self.verdicts("workers", [*WHO, "户编号", "与户主关系"], [["大煤洞村", "马一", BEN, "1", "之女"]]), [
            ("wrong", "relation_and_sex"),
        ])


class Trips(SheetDesk):
    HEADINGS = ["身份证号", "姓名", "务工开始年月", "务工结束年月", "务工地点", "月工资"]

    def setUp(self):
        super().setUp()
        self.anna = register(by=self.li, village=HOME, name="马秀兰", id_number=ANNA)

    def leave(self, day=date(2026, 3, 1), **facts):
        return record_departure(self.anna, by=self.li, started_on=day, destination="3205", **facts)

    def one(self, *cells):
        return self.staged("transfers", self.HEADINGS, [[ANNA, "马秀兰", *cells]])[1][0]

    def test_a_departure(self):
        row = self.one("2026-03", "", "江苏省苏州市", "4500")
        self.assertEqual((row.verdict, row.values["trip"], row.problems), ("new", "new", []))
        values = row.values
        self.assertEqual((values["started_on"], values["month_only"], values["destination"]), ("2026-03-01", True, "3205"))
        self.assertEqual((values["pay"], values["pay_band"]), (4500, "4000_5999"))

    def test_the_same_again(self):
        self.leave(pay=4500)
        row = self.one("2026-03-01", "", "江苏苏州", "4500")
        self.assertEqual((row.verdict, row.values["trip"], row.changes), ("same", "same", {}))

    def test_a_homecoming(self):
        trip = self.leave()
        row = self.one("2026-03-01", "2026-09-01", "苏州", "")
        self.assertEqual((row.verdict, row.values["trip"], row.values["transfer"]), ("changed", "home", trip.pk))
        self.assertEqual(row.changes, {"ended_on": [None, "2026-09-01"]})
        self.assertEqual(self.one("", "2026-09-01", "", "").values["trip"], "home")

    def test_changed_facts(self):
        self.leave(pay=4500)
        row = self.one("2026-03-01", "", "江苏省苏州市昆山市", "5000")
        self.assertEqual(row.changes, {"destination": ["3205", "320583"], "pay": [4500, 5000]})

    def test_an_overlap_names_the_other_days(self):
        self.leave()
        row = self.one("2026-06-01", "", "广东深圳", "")
        self.assertEqual((row.verdict, row.problem), ("wrong", "overlap"))
        self.assertIn("2026-03-01", row.problems[0][2])

    def test_a_homecoming_and_the_next_departure_in_one_file(self):
        self.leave()
        rows = [[ANNA, "马秀兰", "2026-03-01", "2026-06-01", "苏州", ""], [ANNA, "马秀兰", "2026-06-01", "", "广东深圳", ""]]
        self.assertEqual(self.verdicts("transfers", self.HEADINGS, rows), [("changed", ""), ("new", "")])

    def test_two_rows_that_overlap(self):
        rows = [[ANNA, "马秀兰", "2026-03-01", "", "苏州", ""], [ANNA, "马秀兰", "2026-06-01", "", "广东深圳", ""]]
        self.assertEqual(self.verdicts("transfers", self.HEADINGS, rows), [("new", ""), ("wrong", "overlap_in_file")])

    def test_what_cannot_be(self):
        for cells, problem in (
            (["2027-03-01", "", "苏州", ""], "day_to_come"), (["2026-03-01", "2026-02-01", "苏州", ""], "days_in_disorder"),
            (["1980-03-01", "", "苏州", ""], "before_birth"), (["", "2026-03-01", "", ""], "not_out"),
            (["", "", "苏州", ""], "start_missing"), (["2026-03-01", "", "", ""], "place_missing"),
            (["2026-03-01", "2026-09", "苏州", ""], "month_without_day"), (["2026-03-01", "", "省外", ""], "vague_place"),
            (["2026-03-01", "", "东管", ""], "unknown_place"), (["2026-03-01", "", "西宁市", ""], "vague_place"),
            (["2026-03-01", "", "大通县", ""], "vague_place"),
        ):
            with self.subTest(cells):
                self.assertEqual(self.one(*cells).problem, problem)

    def test_places(self):
        for text, code in (
            ("江苏省苏州市", "3205"), ("3205", "3205"), ("苏州", "3205"), ("江苏昆山", "320583"), ("广东省东莞市", "4419"),
                ("外省", None),
            ("新疆", "65"), ("西宁市城东区", "630102"), ("城东区", "630102"), ("大通县桥头镇", "630121100"), ("桥头镇",
                "630121100"),
            ("本乡镇", "630121100"), ("北京市朝阳区", "110105"), ("韩国", "KOR"), ("中国 广东 深圳", "4403"), ("海南省", "46"),
                ("海南", None),
            ("浙江省-义乌市", "330782"), ("青海省海西州格尔木市", "632801"), ("江苏省苏州市工业园区某路", "3205"),
        ):
            with self.subTest(text):
                self.assertEqual(self.one("2026-03-01", "", text, "").values.get("destination"), code)

    def test_province_city_and_county_in_columns_of_their_own(self):
        headings = ["身份证号", "务工开始年月", "务工所在省", "务工所在市", "务工所在县"]
        _batch, (row,) = self.staged("transfers", headings, [[ANNA, "2026-03-01", "江苏省", "苏州市", "昆山市"]])
        self.assertEqual((row.verdict, row.values["destination"]), ("new", "320583"))

    def test_nobody_known(self):
        row = self.staged("transfers", self.HEADINGS, [[BEN, "马一", "2026-03-01", "", "苏州", ""]])[1][0]
        self.assertEqual(row.problem, "unknown_person")

    def test_by_name_alone(self):
        headings = ["村", "姓名", "务工开始年月", "务工地点"]
        rows = [["大煤洞村", "马秀兰", "2026-03-01", "苏州"], ["大煤洞村", "马一", "2026-03-01", "苏州"]]
        self.assertEqual(self.verdicts("transfers", headings, rows), [("doubt", "by_name_only"), ("wrong", "unknown_person")])


class Ledger(SheetDesk):
    HEADINGS = [*WHO, "民族", "务工开始年月", "务工地点", "就业渠道", "年收入(万元)"]

    def test_a_worker_with_a_departure(self):
        rows = [["大煤洞村", "马秀兰", ANNA, "回", "2026-03-01", "苏州", "亲戚", "6.5"], ["大煤洞村", "马一", BEN, "回", "",
        "", "", ""]]
        batch, (away, home) = self.staged("ledger", self.HEADINGS, rows)
        self.assertEqual((away.values["person"], away.values["trip"], away.values["pay"]), ("new", "new", 5417))
        self.assertEqual((home.values["person"], home.values.get("trip")), ("new", None))
        self.assertEqual((batch.counts["persons"], batch.counts["trips"]), ({"new": 2}, {"new": 1}))

    def test_a_child_at_work(self):
        young = id_number("20110601")
        self.assertEqual(self.verdicts("ledger", self.HEADINGS, [["大煤洞村", "马小", young, "", "2026-03-01", "苏州", "",
            ""]]), [("new", "")])

    def test_progress_and_a_hash_that_the_rows_bear_out(self):
        rows = [["大煤洞村", "马秀兰", ANNA, "回", "2026-03-01", "苏州", "亲戚", "6.5"], ["大煤洞村", "马一", BEN, "回族", "",
        "", "其它", "x"]]
        batch, staged = self.staged("ledger", self.HEADINGS, rows)
        batch.refresh_from_db()
        self.assertEqual((batch.state, batch.rows_done, batch.rows_in_all), ("staged", 2, 2))
        total = sum(staging.fingerprint_of(row.number, row.verdict, row.values, row.changes) for row in staged)
        self.assertEqual(batch.rows_hash, f"{total % staging.MODULUS:064x}")

    def test_nothing_is_written_to_the_ledger(self):
        self.staged("ledger", self.HEADINGS, [["大煤洞村", "马秀兰", ANNA, "回", "2026-03-01", "苏州", "亲戚", "6.5"]])
        self.assertFalse(Worker.objects.exists())

    def test_next_door_is_of_the_township(self):
        rows = [[NEXT_DOOR, "马秀兰", ANNA, "", "", "", "", ""]]
        self.assertEqual(self.verdicts("ledger", self.HEADINGS, rows, by=self.wang, place="630121100"), [("new", "")])
