"""Blanks kept: uploaded, bound by clicking, taken over by a new version, filled with a trail, retired."""

from hashlib import sha256

from django.urls import reverse

from laborreg.refusals import Refusal
from laborreg.sheets.faults import NotTaken
from officers.models import AuditEvent
from officers.roles import NotYours
from reports import totals
from reports.blanks import keeping
from reports.blanks.bindings import NotFit
from reports.models import Blank, FilledBlank
from tests.cast import COUNTY
from tests.reports.blanks.desk import BlankCase, book, file, of_charts_alone, opened
from tests.reports.test_actions import SEPTEMBER

PLAIN = {"B1": "在外", "C1": "返乡", "A2": "全县"}


class Keeping(BlankCase):
    def build(self):
        super().build()
        self.blank = self.upload(book(PLAIN))

    def bind(self, cell, key, **more):
        return keeping.bind(self.blank.newest, by=self.zhao, sheet="表", cell=cell, key=key, **more)

    def test_bound_by_clicking_and_filled_with_its_hash_in_the_trail(self):
        self.bind("B2", "away")
        self.bind("C2", "came_home@this_year")
        content, row, _done = keeping.filled(self.blank, self.county, SEPTEMBER, by=self.zhao)
        figures = totals.totals(COUNTY, SEPTEMBER).figures
        sheet = opened(content).active
        self.assertEqual([sheet["B2"].value, sheet["C2"].value], [figures["away"], figures["came_home"]])
        self.assertEqual((row.source, row.received, row.expected), ("provisional", 3, 3))
        self.assertEqual(row.sha256, sha256(content).hexdigest())
        event = AuditEvent.objects.get(verb="filled a blank")
        self.assertEqual((event.detail["hash"], event.detail["month"], event.by), (row.sha256, "2026-09", self.zhao))
        self.assertEqual(AuditEvent.objects.filter(verb="bound a cell").count(), 2)

    def test_a_row_is_repeated_by_clicking(self):
        self.bind("A2", "part.name", repeats="township")
        self.bind("B2", "away")
        content, _row, _done = keeping.filled(self.blank, self.county, SEPTEMBER, by=self.zhao)
        self.assertEqual([opened(content).active[f"A{row}"].value for row in (2, 3)], ["桥头镇", "城关镇"])
        with self.assertRaisesMessage(Refusal, "more than one mark"):
            self.bind("A4", "part.name", repeats="village")

    def test_a_cell_is_freed_and_bound_anew(self):
        self.bind("B2", "away")
        self.bind("B2", "left")
        self.assertEqual(keeping.clicked(self.blank.newest), [("表", "B2", "left", "")])
        keeping.unbind(self.blank.newest, by=self.zhao, sheet="表", cell="B2")
        with self.assertRaisesMessage(Refusal, "not bound by clicking"):
            keeping.unbind(self.blank.newest, by=self.zhao, sheet="表", cell="B2")
        with self.assertRaisesMessage(Refusal, "Nothing in this workbook is bound"):
            keeping.filled(self.blank, self.county, SEPTEMBER, by=self.zhao)
        self.assertFalse(FilledBlank.objects.exists())

    def test_what_is_refused_binds_nothing(self):
        for cell, key, sentence in (
            ("B2", "awai", "Did you mean"), ("ZZZZ9", "away", "no such cell"), ("B2", "", "Choose a figure"),
            ("B2", "part.name", "repeated row"),
        ):
            with self.assertRaisesMessage(Refusal, sentence):
                self.bind(cell, key)
        self.assertEqual(keeping.clicked(self.blank.newest), [])

    def test_a_new_version_takes_over_what_fits_and_names_the_rest(self):
        self.bind("B2", "away")
        self.bind("C2", "came_home")
        keeping.upload_version(self.blank, by=self.zhao, file=file(book(PLAIN | {"C1": "务工收入", "D1": "备注"})))
        newest = self.blank.newest
        self.assertEqual((newest.number, keeping.clicked(newest)), (2, [("表", "B2", "away", "")]))
        self.assertEqual([lost[:3] for lost in newest.lost], [["表", "C2", "came_home"]])
        with self.assertRaisesMessage(Refusal, "newest version already"):
            keeping.upload_version(self.blank, by=self.zhao, file=file(bytes(newest.content)))
        with self.assertRaisesMessage(Refusal, "newer version"):
            keeping.bind(self.blank.versions.last(), by=self.zhao, sheet="表", cell="D2", key="left")

    def test_a_file_with_faults_is_not_kept(self):
        with self.assertRaises(NotFit):
            self.upload(book({"A1": "{{awai}}"}), name="别的")
        with self.assertRaises(NotTaken):
            self.upload(b"%PDF-1.4", name="别的")
        with self.assertRaisesMessage(Refusal, "of this name"):
            self.upload(book(PLAIN))
        self.assertEqual(Blank.objects.count(), 1)

    def test_retired_and_brought_back(self):
        keeping.retire(self.blank, by=self.zhao)
        self.blank.refresh_from_db()
        with self.assertRaisesMessage(Refusal, "retired"):
            keeping.filled(self.blank, self.county, SEPTEMBER, by=self.zhao)
        keeping.bring_back(self.blank, by=self.zhao)
        self.assertIsNone(Blank.objects.get().retired_at)

    def test_only_the_bureau(self):
        with self.assertRaises(NotYours):
            keeping.upload(self.county, by=self.wang, name="x", file=file(book(PLAIN)))
        with self.assertRaises(NotYours):
            keeping.bind(self.blank.newest, by=self.leader, sheet="表", cell="B2", key="away")

    def test_the_pages_click_bind_look_and_fill_without_script(self):
        address = reverse("blank_cells", args=[self.blank.pk])
        self.sign_in(self.zhao)
        self.assertContains(self.client.get(address), "cell=B2#cell")
        chosen = self.client.get(address, {"cell": "B2", "q": "away end month"})
        self.assertContains(chosen, 'value="away"')
        self.assertContains(chosen, "全县 · 在外")
        self.assertContains(self.client.post(address, {"cell": "B2", "key": "away"}, follow=True), "B2 is bound")
        away = totals.totals(COUNTY, SEPTEMBER).figures["away"]
        preview = self.get(self.zhao, "blank_preview", self.blank.pk, month="2026-09")
        self.assertContains(preview, f">{away}</td>")
        self.assertFalse(FilledBlank.objects.exists())
        answer = self.client.post(reverse("blank_fill", args=[self.blank.pk]), {"area": COUNTY, "month": "2026-09"})
        self.assertIn("attachment", answer["Content-Disposition"])
        self.assertEqual(opened(answer.content).active["B2"].value, away)
        self.assertContains(self.get(self.zhao, "blank", self.blank.pk), FilledBlank.objects.get().sha256[:12])

    def test_an_upload_with_faults_names_each_on_the_page(self):
        self.sign_in(self.zhao)
        wrong = file(book({"B7": "{{awai}}", "C7": "{{lefd}}"}))
        answer = self.client.post(reverse("blank_new"), {"name": "表二", "file": wrong})
        self.assertContains(answer, "B7", status_code=422)
        self.assertContains(answer, "{{left}}", status_code=422)

    def test_a_workbook_of_charts_alone_is_refused(self):
        with self.assertRaises(NotTaken) as refused:
            self.upload(of_charts_alone(), name="图")
        self.assertEqual(refused.exception.code, "no_sheet")

    def test_queries(self):
        self.bind("B2", "away")
        few = self.queries(self.zhao, "blanks")
        for name in ("二", "三"):
            self.upload(book(PLAIN), name=name)
        self.assertEqual(self.queries(self.zhao, "blanks"), few)
