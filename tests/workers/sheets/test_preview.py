"""What the preview says of changes: names, not numbers of rows, and each under a heading."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from brokers.models import Broker
from jobs.models import CooperationPoint
from tests import cast
from tests.workers.sheets.desk import COUNTY, HOME, SheetDesk
from workers.models import Household, StagedRow
from workers.sheets import repairs
from workers.views.sheets.preview import Preview, Shown

DAY = date(2026, 1, 1)


class Changes(SheetDesk):
    def setUp(self):
        super().setUp()
        broker = {"county_id": COUNTY, "village_id": HOME, "registered_on": DAY}
        self.brokers = [Broker.objects.create(name=name, **broker).pk for name in ("韩成", "马贵")]
        self.point = CooperationPoint.objects.create(county_id=COUNTY, name="深圳协作点", destination="4403").pk
        self.numbered = Household.objects.create(county_id=COUNTY, village_id=HOME, number="0012").pk
        self.headed = Household.objects.create(county_id=COUNTY, village_id=HOME).pk
        cast.worker("王秀英", household_id=self.headed, relation="head")

    def told(self, *changes):
        """The changes of rows on one page, and the number of queries that telling them took."""
        batch = self.batch("ledger", ["姓名"], [["马一"]])
        batch.counts = {"verdicts": {"changed": len(changes)}}
        StagedRow.objects.bulk_create(
            StagedRow(batch=batch, number=number, cells=["马一"], verdict="changed", changes=each)
            for number, each in enumerate(changes, start=2)
        )
        with CaptureQueriesContext(connection) as asked:
            found = [row.changes for row in Preview(batch, {}).page_obj.object_list]
        return found, len(asked)

    def test_names_under_headings(self):
        (found,), _queries = self.told({
            "broker": [self.brokers[0], self.brokers[1]], "point": [None, self.point],
            "household": [self.numbered, self.headed], "month_only": [True, False],
        })
        self.assertEqual([each[1:] for each in found], [("0012", "王秀英"), ("Yes", "No"), ("韩成", "马贵"), ("–", "深圳协作点")])
        self.assertTrue(all(heading for heading, _old, _new in found))

    def test_a_household_to_be_begun(self):
        (found,), _queries = self.told({"household": [None, None]})
        self.assertEqual(found, [("Household", "–", "A new household")])

    def test_as_many_queries_for_a_page_as_for_a_row(self):
        every = {
            "broker": [None, self.brokers[0]], "point": [None, self.point], "household": [self.numbered, self.headed],
        }
        self.assertEqual(self.told(every)[1], self.told(every, every | {"broker": self.brokers}, every)[1])


class Words(SheetDesk):
    def setUp(self):
        super().setUp()
        self.zhao.language = "zh-hans"
        self.zhao.save()
        rows = [["大煤洞村", "马一", "630121198803120020", "630121", "广东省东管市"]]
        self.read, [self.row] = self.staged("ledger", ["村", "姓名", "身份证号", "户编号", "务工地点"], rows)

    def told(self, language):
        with translation.override(language):
            shown = Shown(self.row, Preview(self.read, {}))
            return [str(each["words"]) for each in shown.tells], [repair.label for repair in shown.repairs]

    def test_of_who_brought_the_file_or_plain_ones_in_the_reader_s_language(self):
        self.assertIn("“广东省东管市”不是已知的地点。", self.told("zh-hans")[0])
        self.assertIn("The destination is unknown", self.told("en")[0])

    def test_one_row_is_left_out(self):
        self.assertIn("Leave this row out", self.told("en")[1])

    def test_places_that_were_put_in_by_code_have_their_names(self):
        repairs.mend_cell(self.read, 2, "destination", "4419", by=self.zhao)
        repairs.mend_cell(self.read, 2, "village", HOME, by=self.zhao)
        row = self.read.rows.get()
        self.assertEqual(Shown(row, Preview(self.read, {})).brief, "大煤洞村 · Guangdong Dongguan 广东 东莞")
