"""Registers as sheets: brokers, members, courses and payments, tried at the register and taken by its actions."""

from datetime import date

from openpyxl import load_workbook

from brokers import actions
from brokers.actions import associations
from brokers.models import Attendance, Broker, Course, FilingStep, Membership, Publication
from laborreg import clock, crypto
from officers.models import AuditEvent
from support import actions as pay
from support.models import Claim
from tests import cast
from tests.cast import FAR, HOME
from tests.support.desk import stay, yongning
from tests.workers.sheets.desk import SheetDesk, id_number
from villages.models import County, Village
from workers.sheets import marking, repairs, storing, undoing
from workers.sheets.committing import commit

WHO = ["村", "姓名", "身份证号"]
MA, HAN, YE = id_number("19790714", "003"), id_number("19800203", "004"), id_number("19750505", "005")
REGISTER = [*WHO, "联系电话", "专职/兼职", "从事行业", "银行账号", "登记日期"]
ACCOUNT = "6217000000000000004"


class Registers(SheetDesk):
    def committed(self, kind, headings, rows, **options):
        batch, staged = self.staged(kind, headings, rows, **options)
        return [row.verdict for row in staged], commit(batch, by=options.get("by") or self.zhao)

    def broker(self, name="马占海", number=MA, village=HOME, **facts) -> Broker:
        village = Village.objects.get(pk=village)
        return actions.register_broker(by=self.zhao, village=village, name=name, id_number=number, **facts)


class Brokers(Registers):
    def row(self, *changes):
        usual = ["大煤洞村", "马占海", MA, "13897123456", "兼职", "建筑", ACCOUNT, "2026-03-01"]
        return [*usual[: len(usual) - len(changes)], *changes]

    def test_a_new_broker_as_the_form_would_register(self):
        verdicts, counts = self.committed("brokers", REGISTER, [self.row()])
        self.assertEqual((verdicts, counts), (["new"], {"rows": 1, "new": 1}))
        broker = Broker.objects.get()
        self.assertEqual((broker.name, broker.village_id, broker.kind, broker.trades), ("马占海", HOME, "part_time", "建筑"))
        self.assertEqual((actions.id_number_of(broker), actions.account_of(broker)), (MA, ACCOUNT))
        self.assertEqual((broker.birth_date, broker.registered_on), (date(1979, 7, 14), date(2026, 3, 1)))
        verbs = AuditEvent.objects.order_by("number").values_list("verb", flat=True)
        self.assertEqual(list(verbs)[-2:], ["registered a broker", "imported a sheet"])

    def test_the_preview_writes_nothing(self):
        self.staged("brokers", REGISTER, [self.row()])
        self.assertEqual((Broker.objects.count(), Broker.history.count(), AuditEvent.objects.count()), (0, 0, 0))

    def test_the_same_sheet_again_changes_nothing(self):
        self.committed("brokers", REGISTER, [self.row()])
        _batch, (row,) = self.staged("brokers", REGISTER, [self.row()])
        self.assertEqual((row.verdict, row.changes), ("same", {}))
        self.assertEqual(Broker.objects.get().version, 1)

    def test_an_id_number_that_the_register_lacked(self):
        self.broker(number="", phone="13897123456", trades="建筑", account=ACCOUNT, registered_on=date(2026, 3, 1))
        batch, (row,) = self.staged("brokers", REGISTER, [self.row()])
        self.assertEqual((row.verdict, row.changes), ("changed", {"id_number": [None, "····"]}))
        commit(batch, by=self.zhao)
        self.assertEqual(actions.id_number_of(Broker.objects.get()), MA)

    def test_what_changes_is_shown_and_nothing_else_is_touched(self):
        broker = self.broker(phone="13997123456", trades="餐饮", policies="贴息贷款", registered_on=date(2026, 3, 1))
        verdicts, _counts = self.committed("brokers", REGISTER, [self.row()])
        self.assertEqual(verdicts, ["changed"])
        broker.refresh_from_db()
        self.assertEqual((broker.phone, broker.trades, broker.policies), ("13897123456", "建筑", "贴息贷款"))

    def test_old_and_new_stand_in_the_preview_but_no_account(self):
        self.broker(trades="餐饮", account="6217000000000000012", registered_on=date(2026, 3, 1), phone="13897123456")
        _batch, (row,) = self.staged("brokers", REGISTER, [self.row()])
        self.assertEqual(row.changes, {"trades": ["餐饮", "建筑"], "account": ["····", "····"]})

    def test_secrets_are_kept_enciphered(self):
        _batch, (row,) = self.staged("brokers", REGISTER, [self.row()])
        kept = str([row.cells, row.values, row.changes])
        self.assertNotIn(MA, kept)
        self.assertNotIn(ACCOUNT, kept)
        self.assertIn(crypto.index(MA), kept)

    def test_a_cell_that_is_wrong_is_told_with_its_way_out(self):
        row = ["大煤洞村", "马占海", "630000197907140000", "123", "也许", "建筑", "62170000", "去年"]
        _batch, (staged,) = self.staged("brokers", REGISTER, [row])
        self.assertEqual(staged.verdict, "wrong")
        told = {column for column, *_rest in staged.problems}
        self.assertEqual(told, {"id_number", "phone", "kind", "account", "registered_on"})

    def test_what_the_register_refuses_is_told_in_its_words(self):
        self.broker(name="韩梅花", village=FAR)
        _batch, (staged,) = self.staged("brokers", REGISTER, [self.row()], by=self.li, place=HOME)
        self.assertEqual((staged.verdict, staged.problem), ("wrong", "refused"))
        self.assertIn("a broker of another office", staged.problems[0][2])

    def test_a_row_without_a_name(self):
        nameless, unknown = self.row(), self.row()
        nameless[1], unknown[1:3] = "", ["", ""]
        _batch, rows = self.staged("brokers", REGISTER, [nameless, unknown])
        self.assertEqual([(row.verdict, row.problem) for row in rows], [("wrong", "name_missing")] * 2)

    def test_one_broker_in_two_rows(self):
        _batch, rows = self.staged("brokers", REGISTER, [self.row(), self.row("2026-04-01")])
        self.assertEqual([(row.verdict, row.problem) for row in rows], [("new", ""), ("wrong", "twin")])

    def test_a_village_s_sheet_touches_no_other_village(self):
        row = ["东门村", *self.row()[1:]]
        _batch, (staged,) = self.staged("brokers", REGISTER, [row], by=self.li, place=HOME)
        self.assertEqual(staged.problem, "outside_scope")

    def test_a_filing_of_earlier_comes_with_its_day_and_number(self):
        headings, row = [*REGISTER[:3], "认定日期", "证书编号"], ["大煤洞村", "马占海", MA, "2021-06-01", "大劳经〔2021〕7号"]
        self.committed("brokers", headings, [row])
        broker = Broker.objects.get()
        self.assertEqual((broker.state, broker.filed_on), ("filed", date(2021, 6, 1)))
        self.assertEqual((broker.certificate_number, broker.registered_on), ("大劳经〔2021〕7号", date(2021, 6, 1)))
        self.assertEqual([step.step for step in FilingStep.objects.all()], ["filed"])
        self.assertEqual(self.verdicts("brokers", headings, [row]), [("same", "")])

    def test_only_the_county_files(self):
        headings, row = [*REGISTER[:3], "认定日期", "证书编号"], ["大煤洞村", "马占海", MA, "2021-06-01", "7号"]
        _batch, (staged,) = self.staged("brokers", headings, [row], by=self.li, place=HOME)
        self.assertEqual(staged.problem, "refused")
        self.assertIn("file, suspend and revoke", staged.problems[0][2])

    def test_a_row_that_changed_meanwhile_is_left_out(self):
        broker = self.broker(trades="餐饮", registered_on=date(2026, 3, 1))
        batch, _rows = self.staged("brokers", REGISTER, [self.row()])
        actions.edit_broker(broker, by=self.zhao, version=1, trades="家政")
        self.assertEqual(commit(batch, by=self.zhao), {"moved": 1})
        self.assertEqual(Broker.objects.get().trades, "家政")
        self.assertEqual(batch.rows.get().problem, "moved_meanwhile")

    def test_mended_in_the_preview(self):
        batch, _rows = self.staged("brokers", REGISTER, [["大煤洞村", "马占海", MA, "13897123456", "也许", "建筑", "", ""]])
        repairs.mend_group(batch, "not_listed", "kind", "也许", "set:full_time", by=self.zhao)
        commit(batch, by=self.zhao)
        self.assertEqual(Broker.objects.get().kind, "full_time")

    def test_marked_for_the_office(self):
        batch, _rows = self.staged("brokers", REGISTER, [["大煤洞村", "马占海", MA, "123", "", "", "", ""]])
        path = storing.folder() / "marked.xlsx"
        marking.write(batch, path)
        self.assertIn("Phone", str(load_workbook(path).active["I2"].value))

    def test_it_is_corrected_entry_by_entry(self):
        batch, _rows = self.staged("brokers", REGISTER, [self.row()])
        commit(batch, by=self.zhao)
        self.refuses("entry by entry", undoing.undo, batch, by=self.zhao, reason="错")


class Members(Registers):
    HEADINGS = [*WHO, "入会日期", "协会职务", "退会日期"]

    def setUp(self):
        super().setUp()
        county = County.objects.get()
        associations.found_association(county, by=self.zhao, name="协会", founded_on=date(2026, 4, 28))
        self.ma = self.broker()

    def test_a_member_with_a_post(self):
        verdicts, counts = self.committed("members", self.HEADINGS, [["大煤洞村", "马占海", MA, "2026-05-01", "President", ""]])
        self.assertEqual((verdicts, counts["rows"]), (["new"], 1))
        membership = Membership.objects.get()
        self.assertEqual((membership.broker, membership.joined_on), (self.ma, date(2026, 5, 1)))
        self.assertEqual([post.kind for post in membership.posts.all()], ["president"])

    def test_the_same_again_and_leaving(self):
        row = ["大煤洞村", "马占海", MA, "2026-05-01", "", ""]
        self.committed("members", self.HEADINGS, [row])
        self.assertEqual(self.verdicts("members", self.HEADINGS, [row]), [("same", "")])
        verdicts, _counts = self.committed("members", self.HEADINGS, [[*row[:5], "2026-09-01"]])
        self.assertEqual(verdicts, ["changed"])
        self.assertEqual(Membership.objects.get().left_on, date(2026, 9, 1))

    def test_the_number_alone_tells_who_it_is(self):
        day = "2026-05-01"
        rows = [["大煤洞村", "", MA, day, "", ""], ["大煤洞村", "", HAN, day, "", ""], ["", "", "", day]]
        found = self.verdicts("members", self.HEADINGS, rows)
        self.assertEqual(found, [("new", ""), ("wrong", "refused"), ("wrong", "name_missing")])

    def test_two_rows_that_cannot_both_be_so(self):
        """Each could be taken alone; the second is left out and says why, the first is written."""
        self.broker("韩生", HAN, FAR)
        rows = [["大煤洞村", "马占海", MA, "2026-05-01", "President", ""], ["东门村", "韩生", HAN, "2026-05-01", "President", ""]]
        batch, staged = self.staged("members", self.HEADINGS, rows)
        self.assertEqual([row.verdict for row in staged], ["new", "new"])
        self.assertEqual(commit(batch, by=self.zhao), {"rows": 1, "new": 1, "moved": 1})
        self.assertIn("马占海", batch.rows.get(number=3).problems[0][2])
        self.assertEqual(Membership.objects.count(), 1)

    def test_nobody_of_whom_the_register_does_not_know(self):
        row = ["大煤洞村", "韩生", HAN, "2026-05-01", "", ""]
        _batch, (staged,) = self.staged("members", self.HEADINGS, [row])
        self.assertIn("no such broker", staged.problems[0][2])

    def test_a_day_before_the_founding(self):
        _batch, (staged,) = self.staged("members", self.HEADINGS, [["大煤洞村", "马占海", MA, "2020-05-01", "", ""]])
        self.assertEqual(staged.problem, "refused")


class Training(Registers):
    HEADINGS = ["培训班", "培训日期", "结束日期", "学时", *WHO, "是否合格", "证书编号", "有效期至"]

    def rows(self):
        course = ["2024年培训班", "2024-04-10", "2024-04-12", "24"]
        return [
            [*course, "大煤洞村", "马占海", MA, "是", "DT-7", "2027-04-12"], [*course, "东门村", "韩生", HAN, "否", "", ""],
        ]

    def test_a_course_with_its_list(self):
        ma, _han = self.broker(), self.broker("韩生", HAN, FAR)
        verdicts, counts = self.committed("courses", self.HEADINGS, self.rows())
        self.assertEqual((verdicts, counts), (["new", "new"], {"rows": 2, "new": 2}))
        course = Course.objects.get()
        self.assertEqual((course.place_code, course.hours, course.to_on), ("630121", 24, date(2024, 4, 12)))
        passed = Attendance.objects.get(broker=ma)
        self.assertEqual((passed.has_passed, passed.certificate_number, passed.expires_on), (True, "DT-7", date(2027, 4, 12)))
        self.assertEqual(Attendance.objects.filter(has_passed=False).count(), 1)
        self.assertEqual(self.verdicts("courses", self.HEADINGS, self.rows()), [("same", ""), ("same", "")])

    def test_a_number_given_twice(self):
        self.broker(), self.broker("韩生", HAN, FAR)
        first, second = self.rows()
        self.committed("courses", self.HEADINGS, [first])
        _batch, (staged,) = self.staged("courses", self.HEADINGS, [[*second[:7], "是", "DT-7", ""]])
        self.assertIn("DT-7", staged.problems[0][2])


class Payments(Registers):
    HEADINGS = ["奖补项目", "年度", *WHO, "金额", "发放日期"]

    def setUp(self):
        super().setUp()
        self.ma = self.broker(registered_on=date(2020, 1, 1))
        clock.pin(date(2024, 5, 1))
        actions.file_earlier(self.ma, by=self.zhao, version=1, filed_on=date(2024, 5, 1), certificate_number="7")
        clock.pin(date(2026, 11, 4))
        scheme = yongning(self.zhao)
        self.people = [cast.worker(name=f"马{chr(0x4E00 + number)}") for number in range(50)]
        for person in self.people:
            stay(person, self.ma)
        pay.draw_up(scheme, 2025, by=self.zhao)
        self.claim = Claim.objects.get()

    def approved(self):
        days = {"from_on": date(2026, 9, 1), "to_on": date(2026, 9, 8)}
        facts = {"confirmed_by": self.wang, "confirmed_at": clock.now(), "approved_by": self.zhao, "approved_at": clock.now()}
        published = Publication.objects.create(
            county_id="630121", place_code="630121", subject="claims", by=self.zhao, at=clock.now(), **days
        )
        Claim.objects.update(state="approved", publication=published, **facts)

    def test_what_the_bank_paid(self):
        self.approved()
        row = ["永宁办法", "2025", "大煤洞村", "马占海", MA, "1,000", "2026-11-04"]
        self.assertEqual(self.claim.amount, 50 * 20)
        verdicts, _counts = self.committed("payments", self.HEADINGS, [row])
        self.assertEqual(verdicts, ["changed"])
        self.claim.refresh_from_db()
        self.assertEqual((self.claim.state, self.claim.paid_on), ("paid", date(2026, 11, 4)))

    def test_another_amount_or_a_claim_that_is_not_approved(self):
        row = ["永宁办法", "2025", "大煤洞村", "马占海", MA, "1000", "2026-11-04"]
        for rows, words in (([row], "马占海"), ([[*row[:5], "999", row[6]]], "1000 yuan"),
                            ([[row[0], "NaN", *row[2:]]], "no claim"), ([[*row[:5], "Infinity", row[6]]], "1000 yuan"),
                            ([["别的", *row[1:]]], "no claim")):
            _batch, (staged,) = self.staged("payments", self.HEADINGS, rows)
            self.assertEqual(staged.problem, "refused")
            self.assertIn(words, staged.problems[0][2])


class WhoMayBring(Registers):
    def test_each_kind_takes_the_power_of_its_register(self):
        for kind, by, place in (("members", self.li, HOME), ("courses", self.li, HOME), ("payments", self.wang, HOME[:9])):
            batch = self.batch(kind, ["姓名"], [["马占海"]], by=by, place=place)
            with self.subTest(kind):
                self.refuses("may not", commit, batch, by=by)
