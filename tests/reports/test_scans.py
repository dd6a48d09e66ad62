"""The signed and stamped paper: by what it holds, to whom it belongs, and who fetched it."""

from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from laborreg import clock
from laborreg.refusals import Refusal
from officers.models import AuditEvent
from officers.roles import NotYours
from reports import scans
from reports.models import Scan
from tests.cast import COUNTY, HOME
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import SEPTEMBER
from villages.models import County, Township

STATION = HOME[:9]
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0 picture \xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR picture \0\0\0\0IEND\xae\x42\x60\x82"


def file(content=PDF, name="扫描.pdf"):
    return SimpleUploadedFile(name, content)


class Kinds(PageCase):
    def test_by_what_it_holds(self):
        for content, kind in ((PDF, "pdf"), (JPEG, "jpeg"), (PNG, "png"), (PDF + b"\r\n" * 20, "pdf")):
            self.assertEqual(scans.kind_of(content), kind)

    def test_what_is_none(self):
        for content in (
            b"", b"<html><script>alert(1)</script>", PDF[:-7], b"x" + PDF, JPEG[:-2], PNG[:-4], b"PK\3\4 word",
            b"GIF89a", b"%PDF-1.7 %%EOF" + b"x" * 5000,
        ):
            self.assertEqual(scans.kind_of(content), "")


class ScanCase(PageCase):
    def build(self):
        super().build()
        self.station = Township.objects.get(pk=STATION)

    def attach(self, content=PDF, by=None, area=None):
        return scans.attach(area or self.station, SEPTEMBER, by=by or self.wang, file=file(content))


class Attaching(ScanCase):
    def test_kept_with_its_hash_and_in_the_trail(self):
        scan = self.attach()
        self.assertEqual((scan.kind, scan.size, scan.area_code, bytes(scan.content)), ("pdf", len(PDF), STATION, PDF))
        event = AuditEvent.objects.get(verb="attached a scan")
        self.assertEqual((event.place_code, event.detail["hash"]), (STATION, scan.sha256))

    def test_an_earlier_one_stays_listed(self):
        self.attach()
        self.attach(JPEG)
        self.assertEqual([scan.kind for scan in scans.of(STATION, SEPTEMBER)], ["jpeg", "pdf"])
        with self.assertRaisesMessage(Refusal, "attached already"):
            self.attach(JPEG)

    def test_what_is_refused(self):
        for content, words in ((b"<html>", "This is no PDF or picture"), (b"", "Choose a file")):
            with self.assertRaisesMessage(Refusal, words):
                self.attach(content)
        with mock.patch.object(Scan, "MOST_BYTES", 10), self.assertRaisesMessage(Refusal, "larger than 10 MB"):
            self.attach()
        with self.assertRaisesMessage(Refusal, "is not opened"):
            scans.attach(self.station, SEPTEMBER.previous, by=self.wang, file=file())

    def test_who_may(self):
        county = County.objects.get()
        for officer, area in (
            (self.li, self.station), (self.wang2, self.station), (self.zhao, self.station), (self.wang, county),
            (self.leader, county), (self.admin, county),
        ):
            with self.assertRaises(NotYours):
                self.attach(by=officer, area=area)
        self.attach(by=self.zhao, area=county)

    def test_the_database_keeps_the_limit(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            Scan.objects.create(county=self.county, area_code=STATION, month=SEPTEMBER, kind="pdf", content=b"x",
                                size=Scan.MOST_BYTES + 1, sha256="0", by=self.wang, at=clock.now())


class Pages(ScanCase):
    def test_attached_listed_and_fetched(self):
        page = self.post(self.wang, "scans", STATION, SEPTEMBER, file=file())
        self.assertContains(page, "The paper is attached.")
        self.assertContains(page, "Current")
        scan = Scan.objects.get()
        for officer in (self.wang, self.zhao):
            answer = self.post(officer, "scan", scan.pk)
            self.assertEqual((answer.content, answer["Content-Type"]), (PDF, "application/pdf"))
            self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
            self.assertTrue(answer["Content-Disposition"].startswith("attachment;"))
        self.assertEqual(AuditEvent.objects.filter(verb="fetched a scan").count(), 2)

    def test_a_refusal_stands_in_place(self):
        page = self.post(self.wang, "scans", STATION, SEPTEMBER, file=file(b"<html>", "scan.pdf"))
        self.assertContains(page, "This is no PDF or picture")
        self.assertContains(self.post(self.wang, "scans", STATION, SEPTEMBER), "Choose a file")

    def test_the_station_s_papers_are_nobody_else_s(self):
        scan = self.attach()
        for officer in (self.li, self.wang2, self.sun, self.leader, self.admin):
            self.assertEqual(self.post(officer, "scan", scan.pk).status_code, 404)
            self.assertEqual(self.get(officer, "scans", STATION, SEPTEMBER).status_code, 404)
        of_county = self.attach(by=self.zhao, area=County.objects.get())
        self.assertEqual(self.post(self.wang, "scan", of_county.pk).status_code, 404)
        self.assertEqual(self.get(self.zhao, "scans", COUNTY, SEPTEMBER).status_code, 200)
        self.assertNotContains(self.get(self.zhao, "scans", STATION, SEPTEMBER), 'type="file"')

    def test_the_list_does_not_load_what_the_papers_hold(self):
        self.attach()
        few = self.queries(self.wang, "scans", STATION, SEPTEMBER)
        self.attach(JPEG)
        self.assertEqual(self.queries(self.wang, "scans", STATION, SEPTEMBER), few)
