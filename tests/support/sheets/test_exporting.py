"""A register written out: masked unless there is a reason, and unchanged when it is brought back."""

import csv
import io
from datetime import date

from django.urls import reverse
from openpyxl import load_workbook

from brokers import actions
from brokers.actions import associations, courses
from brokers.models import Broker
from laborreg.refusals import Refusal
from officers.models import AuditEvent, Officer
from officers.roles import NotYours
from support.sheets.columns import COLUMNS
from support.sheets.exporting import Wanted, export
from tests.cast import FAR, HOME
from tests.support.sheets.test_registers import ACCOUNT, HAN, MA, Registers
from tests.workers.pages import Pages
from villages.models import County, Village


class Exported(Registers):
    def setUp(self):
        super().setUp()
        associations.found_association(County.objects.get(), by=self.zhao, name="协会", founded_on=date(2026, 4, 28))
        self.ma = self.broker(phone="13897123456", account=ACCOUNT, trades="建筑", is_relieved=False, bank="农信")
        self.han = self.broker("韩生", HAN, FAR, registered_on=date(2020, 5, 1))
        [self.member] = associations.join([self.ma], by=self.zhao, joined_on=date(2026, 5, 1))
        associations.give_post(self.member, "president", by=self.zhao, from_on=date(2026, 5, 1))
        course = courses.start_course(
            by=self.zhao, place_code="630121", name="培训班", hours="24", from_on="2026-06-01", to_on="2026-06-03",
        )
        courses.add_result(course, self.ma, courses.Result(True, True, "DT-7", date(2029, 6, 3)), by=self.zhao)

    def rows(self, kind, by=None, **how):
        content, _name = export(Wanted(kind, **how), by=by or self.zhao)
        return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).active.iter_rows()]

    def test_masked_by_default(self):
        found = str(self.rows("brokers"))
        for number in (MA, HAN, ACCOUNT, "13897123456"):
            self.assertNotIn(number, found)
        for shown in (f"{MA[:6]}********{MA[-4:]}", "138****3456", "**** 0004", "大煤洞村委会", "建筑"):
            self.assertIn(shown, found)

    def test_in_full_with_a_reason_which_is_kept(self):
        with self.assertRaisesMessage(Refusal, "Say what"):
            export(Wanted("brokers", is_full=True), by=self.zhao)
        self.assertIn(MA, str(self.rows("brokers", is_full=True, reason="银行核对")))
        event = AuditEvent.objects.latest("number")
        told = {name: event.detail[name] for name in ("kind", "rows", "numbers", "reason")}
        self.assertEqual((event.verb, told), (
            "exported a register", {"kind": "brokers", "rows": 2, "numbers": "full", "reason": "银行核对"},
        ))
        self.assertEqual(len(event.detail["hash"]), 64)

    def test_where_an_entry_stands(self):
        actions.stop_broker(self.han, by=self.zhao, version=1, stopped_on=date(2026, 10, 1))
        heads, *rows = self.rows("brokers")
        self.assertEqual(heads[-2:], ["Filing", "Stopped on"])
        self.assertEqual([row[-2:] for row in rows], [["Registered", None], ["Registered", "2026-10-01"]])

    def test_only_of_the_own_places(self):
        self.assertEqual([row[2] for row in self.rows("brokers", by=self.li)[1:]], ["马占海"])
        with self.assertRaises(NotYours):
            export(Wanted("brokers"), by=Officer.objects.get(username="leader"))

    def test_days_and_numbers_keep_their_kind(self):
        [heads, row] = self.rows("courses")
        told = dict(zip(heads, row, strict=True))
        self.assertEqual(told["Hours"], 24)
        self.assertEqual([told[day].date() for day in ("First day", "Holds until")], [date(2026, 6, 1), date(2029, 6, 3)])

    def test_brought_back_in_full_they_change_nothing(self):
        for kind, rows in (("brokers", 2), ("members", 1), ("courses", 1)):
            with self.subTest(kind):
                heads, *found = self.rows(kind, is_full=True, reason="来回")
                self.assertEqual(heads[: len(COLUMNS[kind])], [str(column.heading) for column in COLUMNS[kind]])
                self.assertEqual(len(found), rows)
                self.assertEqual(self.verdicts(kind, heads, found), [("same", "")] * rows)

    def test_text_that_begins_like_a_formula_stays_text(self):
        actions.edit_broker(self.ma, by=self.zhao, version=1, trades="=1+1")
        self.assertIn("=1+1", str(self.rows("brokers")))
        content, _name = export(Wanted("brokers", file_type="csv"), by=self.zhao)
        self.assertIn("'=1+1", content.decode("utf-8-sig"))
        self.assertEqual(len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))), 3)


class Page(Pages):
    def test_the_file_from_the_page(self):
        actions.register_broker(by=self.li, village=Village.objects.get(pk=HOME), name="马占海")
        self.sign_in(self.li)
        url = reverse("register_export", args=["brokers"])
        self.shows(self.client.get(url), "Export: Labor brokers", "1 row, of your places")
        answer = self.client.post(url, {"file_type": "xlsx", "numbers": "masked"})
        self.assertEqual(answer.headers["Content-Disposition"], 'attachment; filename="Labor brokers.xlsx"')
        self.assertIn("马占海", str([cell.value for cell in load_workbook(io.BytesIO(b"".join(answer))).active[2]]))
        self.shows(self.client.post(url, {"file_type": "xlsx", "numbers": "full"}), "Say what you need the numbers for")

    def test_no_other_kind(self):
        self.sign_in(self.li)
        self.assertEqual(self.client.get(reverse("register_export", args=["workers"])).status_code, 404)
        self.assertEqual(Broker.objects.count(), 0)
