"""Writing a brief: own words survive, what changed is said, what is issued stays as it was."""

import zipfile
from io import BytesIO

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn

from laborreg.refusals import Refusal
from officers.models import AuditEvent
from officers.roles import NotYours
from reports import actions, totals
from reports.briefs import drafting, facts, sentences, showing, word
from reports.models import Brief, BriefVersion
from tests.cast import COUNTY, worker
from tests.reports.briefs.desk import BriefCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER


class Drafting(BriefCase):
    def shown(self, key, now=None):
        return next(each for each in showing.of_draft(self.fresh(), now).paragraphs if each.key == key)

    def test_only_the_county_writes(self):
        for stranger in (self.li, self.wang, self.leader, self.admin):
            with self.assertRaises(NotYours):
                drafting.start(self.county, SEPTEMBER, by=stranger)

    def test_a_month_is_started_once(self):
        self.assertEqual(self.start().pk, self.start().pk)
        self.assertEqual(AuditEvent.objects.filter(verb="drafted a brief").count(), 1)

    def test_of_a_month_of_which_nothing_is_in_nothing_is_written(self):
        with self.assertRaisesMessage(Refusal, "nothing to write about"):
            drafting.start(self.county, OCTOBER.next, by=self.zhao)

    def test_own_words_survive_new_figures_and_stand_beside_them(self):
        self.start()
        self.write()
        self.next_door_goes()
        now = facts.gather(self.county, SEPTEMBER)
        before = self.shown("headline", now)
        self.assertEqual((before.text, before.is_edited, before.generated), ("二十人在外。", True, None))
        self.assertIn("24 people", before.fresh)
        self.assertIsNone(self.shown("completeness", now).fresh)
        drafting.generate(self.fresh(), by=self.zhao, version=self.fresh().version)
        after = self.shown("headline", now)
        self.assertEqual((after.text, after.fresh), ("二十人在外。", None))
        self.assertIn("24 people", after.generated)
        self.assertIn("桥头镇 (14)", self.shown("townships").text)

    def test_own_words_that_were_looked_at_are_kept_or_given_up(self):
        self.start()
        self.write()
        self.next_door_goes()
        drafting.generate(self.fresh(), by=self.zhao, version=self.fresh().version)
        self.step("headline", "keep")
        self.assertEqual((self.shown("headline").text, self.shown("headline").generated), ("二十人在外。", None))
        self.step("headline", "reset")
        self.assertIn("24 people", self.shown("headline").text)
        self.assertFalse(self.shown("headline").is_edited)

    def test_saved_as_it_was_generated_it_is_nobodys_own(self):
        self.start()
        self.write(text=self.shown("headline").text)
        self.assertFalse(self.shown("headline").is_edited)

    def test_paragraphs_are_moved_hidden_added_and_removed(self):
        brief = self.start()
        drafting.add(brief, title="下步工作", text="做好登记", by=self.zhao, version=1)
        for key, step in (("own-1", "up"), ("year", "up"), ("who", "hide"), ("headline", "down")):
            self.step(key, step)
        keys = [each["key"] for each in self.fresh().paragraphs]
        self.assertEqual((keys[0], keys[-2:]), ("year", ["own-1", "standing"]))
        self.assertNotIn("who", [each.key for each in showing.of_draft(self.fresh()).visible])
        self.step("own-1", "remove")
        self.assertIsNone(self.fresh().paragraph("own-1"))
        for key, step in (("headline", "remove"), ("headline", "explode"), ("own-1", "up")):
            with self.assertRaises(Refusal), transaction.atomic():
                self.step(key, step)

    def test_last_months_own_paragraphs_come_along_if_asked(self):
        brief = self.start()
        drafting.add(brief, title="下步工作", text="做好登记", by=self.zhao, version=1)
        self.write(key="headline", text="九月的话")
        self.step("who", "hide")
        october = self.start(OCTOBER, as_last_month=True)
        self.assertEqual(october.paragraph("own-1")["text"], "做好登记")
        self.assertEqual((october.paragraph("headline")["text"], october.paragraph("who")["hidden"]), ("", True))

    def test_of_two_who_write_the_second_is_told(self):
        brief = self.start()
        self.write()
        with self.assertRaises(drafting.Changed):
            drafting.write(brief, "year", text="慢了一步", by=self.zhao, version=1)
        page = self.post(self.zhao, "brief_paragraph", COUNTY, SEPTEMBER, "year", text="慢了一步", version=1)
        self.assertContains(page, "Somebody changed this brief after you opened it.")
        self.assertContains(page, "慢了一步")
        self.post(self.zhao, "brief_paragraph", COUNTY, SEPTEMBER, "year", text="慢了一步", version=page.context["version"])
        self.assertEqual(self.fresh().paragraph("year")["text"], "慢了一步")

    def test_bad_input_is_refused_in_words(self):
        self.start()
        for text, words in (("  ", "Write the paragraph, or hide it."), ("长" * 3_001, "has room for 3000 characters")):
            with self.assertRaisesMessage(Refusal, words), transaction.atomic():
                self.write(text=text)


class Issuing(BriefCase):
    def issue(self) -> BriefVersion:
        brief = self.fresh()
        return drafting.issue(brief, by=self.zhao, version=brief.version)

    def test_a_version_stays_as_it_was_issued(self):
        self.start()
        self.write(key="year", text="今年较好。")
        first = self.issue()
        said = [each.text for each in showing.of_version(first).visible]
        self.next_door_goes()
        drafting.generate(self.fresh(), by=self.zhao, version=self.fresh().version)
        second = self.issue()
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertEqual((first.seal_number, second.seal_number), (None, 2))
        again = BriefVersion.objects.get(pk=first.pk)
        self.assertEqual([each.text for each in showing.of_version(again).visible], said)
        self.assertEqual(again.facts["figures"]["away"][0], 20)
        self.assertEqual(second.facts["figures"]["away"][0], totals.totals(COUNTY, SEPTEMBER).figures["away"])
        event = AuditEvent.objects.filter(verb="issued a brief").last()
        self.assertEqual((event.detail["number"], event.detail["hash"]), (2, second.hash))

    def test_of_a_month_that_was_sealed_since_no_provisional_brief_is_issued(self):
        self.start()
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        with self.assertRaisesMessage(Refusal, "was sealed after the figures of this brief were taken"):
            self.issue()
        page = self.get(self.zhao, "brief_issue", COUNTY, SEPTEMBER)
        self.assertContains(page, "was sealed after the figures")
        self.assertNotContains(page, "The version is frozen")
        drafting.generate(self.fresh(), by=self.zhao, version=self.fresh().version)
        self.assertEqual(self.issue().seal_number, 1)

    def test_the_hash_is_of_all_that_it_says(self):
        self.start()
        issued = self.issue()
        again = BriefVersion.objects.get(pk=issued.pk)
        said = (again.area_code, again.month, again.number, again.known)
        self.assertEqual(drafting.digest(*said, again.paragraphs), again.hash)
        again.paragraphs[0]["texts"]["en"] += "!"
        self.assertNotEqual(drafting.digest(*said, again.paragraphs), again.hash)

    def test_both_languages_are_frozen(self):
        self.start()
        issued = self.issue()
        for paragraph in issued.paragraphs:
            self.assertEqual(paragraph["texts"], sentences.in_both(issued.known, paragraph["key"]))
        with override("zh-hans"):
            chinese = showing.of_version(issued).visible[0].text
        self.assertEqual(chinese, issued.paragraphs[0]["texts"]["zh-hans"])

    def test_with_everything_hidden_nothing_is_issued(self):
        self.start()
        Brief.objects.update(paragraphs=[each | {"hidden": True} for each in self.fresh().paragraphs])
        with self.assertRaisesMessage(Refusal, "nothing to issue"):
            self.issue()


class Word(BriefCase):
    """The file as python-docx reads it again."""

    def build(self):
        super().build()
        self.start()
        brief = self.fresh()
        self.issued = drafting.issue(brief, by=self.zhao, version=brief.version)
        self.sheet = showing.of_version(self.issued)

    def read(self) -> Document:
        return Document(BytesIO(word.document(self.sheet, self.issued)))

    def test_it_says_the_same_words_and_numbers(self):
        made = self.read()
        said = [paragraph.text for paragraph in made.paragraphs]
        for each in self.sheet.visible:
            self.assertIn(each.title, said)
            self.assertIn(each.text, said)
        trend, figures, places, townships = (
            [[cell.text for cell in row.cells] for row in table.rows] for table in made.tables
        )
        self.assertEqual(trend[-1][2], f"{self.issued.facts['figures']['away'][0]}")
        self.assertEqual(figures[1][1], "20")
        self.assertEqual(figures[-1][1], f"{totals.totals(COUNTY, SEPTEMBER).figures['income']:,}")
        self.assertEqual([row[2] for row in places[1:]], ["8", "6", "6"])
        self.assertEqual([row[2] for row in townships[1:]], ["10", "10"])

    def test_chinese_letters_have_their_fonts_and_pages_their_numbers(self):
        made = self.read()
        for style, font in (("Normal", "宋体"), ("Heading 1", "黑体"), ("Heading 2", "黑体")):
            fonts = made.styles[style].element.rPr.rFonts
            self.assertEqual((fonts.get(qn("w:eastAsia")), fonts.get(qn("w:eastAsiaTheme"))), (font, None))
        section = made.sections[0]
        self.assertEqual((round(section.page_width.mm), round(section.page_height.mm)), (210, 297))
        fields = [each.text.strip() for each in section.footer._element.iter(qn("w:instrText"))]
        self.assertEqual(fields, ["PAGE", "NUMPAGES"])
        self.assertIn(self.sheet.bureau, section.header.paragraphs[0].text)

    def test_signs_that_no_file_can_hold_are_not_kept(self):
        brief = self.fresh()
        drafting.add(brief, title="其\x01他", text="第一\x07行\r\n第二\x0b行\ufffe", by=self.zhao, version=brief.version)
        kept = self.fresh()
        self.assertEqual((kept.paragraphs[-1]["title"], kept.paragraphs[-1]["text"]), ("其他", "第一行\n第二\n行"))
        said = [each.text for each in Document(BytesIO(word.document(showing.of_draft(kept), None))).paragraphs]
        self.assertLess({"其他", "第一行"}, set(said))
        with self.assertRaisesMessage(Refusal, "Write the paragraph"):
            drafting.add(kept, title="空", text="\x01\x02", by=self.zhao, version=kept.version)

    def test_it_is_downloaded_and_written_down(self):
        self.sign_in(self.zhao)
        answer = self.client.post(reverse("brief_word", args=[COUNTY, SEPTEMBER]), {"number": "1"})
        self.assertEqual(answer["Content-Disposition"], f'attachment; filename="brief-{COUNTY}-2026-09-v1.docx"')
        self.assertIsNone(zipfile.ZipFile(BytesIO(answer.content)).testzip())
        self.assertEqual(AuditEvent.objects.last().verb, "exported a brief")


class Pages(BriefCase):
    def build(self):
        super().build()
        self.start()
        self.start(OCTOBER)

    def test_the_draft_says_what_has_changed_since(self):
        page = self.get(self.zhao, "brief", COUNTY, SEPTEMBER)
        self.assertNotContains(page, "Take the newest figures")
        self.next_door_goes()
        page = self.get(self.zhao, "brief", COUNTY, SEPTEMBER)
        self.assertIn("headline", [each.key for each in page.context["changed"]])
        self.assertContains(page, "Take the newest figures")
        self.assertContains(page, "24 people")
        page = self.post(self.zhao, "brief_generate", COUNTY, SEPTEMBER, version=1)
        self.assertEqual(page.context["changed"], [])

    def test_issued_from_its_page(self):
        page = self.get(self.zhao, "brief_issue", COUNTY, OCTOBER)
        self.assertContains(page, "The month is not sealed: 1 of 3 villages are in.")
        page = self.post(self.zhao, "brief_issue", COUNTY, OCTOBER, version=1)
        self.assertContains(page, "the brief is issued, version 1")
        self.assertContains(page, BriefVersion.objects.get().hash)
        paper = self.get(self.zhao, "brief_paper", COUNTY, OCTOBER, number="1")
        self.assertContains(paper, "2026, issue 10")
        self.assertContains(paper, "15 people")
        self.assertContains(self.get(self.zhao, "briefs"), "Version 1")

    def test_the_text_for_the_group_chat_is_the_brief(self):
        sheet = self.get(self.zhao, "brief", COUNTY, SEPTEMBER).context["sheet"]
        for each in sheet.visible:
            self.assertIn(f"{each.title}\n{each.text}", sheet.message())

    def test_before_it_is_issued_other_numbers_and_names_are_pointed_out(self):
        self.write(text="在外20人，增加99人，其中外出307等表现突出。")
        drafting.add(self.fresh(), title="下步工作", text="联系外出820", by=self.zhao, version=self.fresh().version)
        worker("马成龙")
        own = self.fresh().paragraphs[-1]["key"]
        drafting.write(self.fresh(), own, title="下步工作", text="马成龙带队，20人。", by=self.zhao, version=self.fresh().version)
        found = {each.key: each for each in self.get(self.zhao, "brief_issue", COUNTY, SEPTEMBER).context["edited"]}
        self.assertEqual(found["headline"].other, ["99", "307"])
        self.assertEqual((found[own].names, found[own].other), (["马成龙"], []))
        self.assertContains(self.get(self.zhao, "brief_issue", COUNTY, SEPTEMBER), "马成龙")

    def test_that_it_is_provisional_stands_in_the_heading_whatever_is_hidden(self):
        for key in sentences.TITLES:
            if key != "headline":
                self.step(key, "hide", OCTOBER)
        issued = drafting.issue(self.fresh(OCTOBER), by=self.zhao, version=self.fresh(OCTOBER).version)
        said = "Provisional: the month is not sealed, 1 of 3 villages are in"
        self.assertContains(self.get(self.zhao, "brief_paper", COUNTY, OCTOBER, number="1"), said)
        made = Document(BytesIO(word.document(showing.of_version(issued), issued)))
        self.assertIn(said, [each.text for each in made.paragraphs])

    def test_text_and_tables_of_an_incomplete_month_speak_of_the_same_villages(self):
        of = facts.gather(self.county, OCTOBER)
        before = {month: now for month, now, _year in of["trend"]}
        self.assertEqual(before[str(SEPTEMBER)], of["figures"]["away"][1])
        self.assertEqual((of["alike"], facts.gather(self.county, SEPTEMBER)["alike"]), (1, None))

    def test_the_leader_reads_what_was_issued_and_no_draft(self):
        self.assertContains(self.get(self.leader, "briefs"), "No brief is issued yet")
        drafting.issue(self.fresh(), by=self.zhao, version=1)
        self.assertContains(self.get(self.leader, "briefs"), "Version 1")
        page = self.get(self.leader, "brief_version", COUNTY, SEPTEMBER, 1)
        self.assertNotContains(page, "Open the draft")
        self.assertEqual(self.get(self.leader, "brief_paper", COUNTY, SEPTEMBER, number="1").status_code, 200)
        self.assertEqual(self.get(self.leader, "brief_paper", COUNTY, SEPTEMBER).status_code, 404)
        self.assertEqual(self.post(self.leader, "brief_word", COUNTY, SEPTEMBER).status_code, 404)
        self.assertEqual(self.get(self.wang, "briefs").status_code, 404)

    def test_what_is_not_there_is_not_found(self):
        self.assertEqual(self.get(self.zhao, "brief", COUNTY, OCTOBER.next).status_code, 404)
        self.assertEqual(self.get(self.zhao, "brief_version", COUNTY, OCTOBER, 1).status_code, 404)
        self.assertEqual(self.get(self.zhao, "brief_paper", COUNTY, OCTOBER, number="x").status_code, 404)
        self.assertEqual(self.get(self.zhao, "brief_paragraph", COUNTY, OCTOBER, "nonsense").status_code, 404)
        for stranger in (self.li, self.wang, self.leader, self.admin):
            self.assertEqual(self.get(stranger, "brief", COUNTY, SEPTEMBER).status_code, 404)

    def test_the_number_of_queries_is_known(self):
        asked = {
            name: self.queries(self.zhao, name, *args) for name, args in (
                ("briefs", []), ("brief", [COUNTY, SEPTEMBER]), ("brief_issue", [COUNTY, SEPTEMBER]),
                ("brief_paper", [COUNTY, SEPTEMBER]), ("brief_paragraph", [COUNTY, SEPTEMBER, "headline"]),
            )
        }
        self.assertEqual(asked, {"briefs": 10, "brief": 52, "brief_issue": 50, "brief_paper": 9, "brief_paragraph": 7})
