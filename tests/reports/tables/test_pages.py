"""The pages of any table: what is asked is answered or refused in words, kept for next month, and written to a file."""

import csv
import json
from hashlib import sha256
from io import BytesIO, StringIO

from django.urls import reverse
from openpyxl import load_workbook

from laborreg.refusals import Refusal
from officers.models import AuditEvent
from reports.actions import tables as actions
from reports.models import MonthlyReturn, SavedTable
from reports.tables import asking, hiding, query
from reports.tables.counting import Cell, Question, cells
from reports.tables.showing import Answer, sums
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR
from tests.reports.month_pages import PageCase
from tests.reports.tables.many import ManyCase
from tests.reports.test_actions import OCTOBER
from villages.models import Township

STATION = HOME[:9]


class TableCase(PageCase, ManyCase):
    def spec(self, **more):
        return {"source": "month", "area": COUNTY, "month": "2026-10", "rows": ["township"], "columns": ["sex"]} | more

    def question(self, **more) -> Question:
        return asking.read(self.spec(**more))


class Asking(TableCase):
    def test_the_first_page_answers_what_is_asked_most(self):
        page = self.get(self.zhao, "tables")
        self.assertContains(page, "桥头镇")
        self.assertContains(page, "3 of 3 villages are in it")
        self.assertContains(page, "Registered and at work outside the own township")

    def test_what_was_chosen_stays_chosen_and_opens_to_names(self):
        page = self.get(self.li, "tables", when="2026-10", area=HOME, rows="sex", columns="region", **{"f.section": ["C", "E"]})
        answer = Answer(self.question(area=HOME, rows=["sex"], columns=["region"], filter={"section": ["C", "E"]}))
        self.assertEqual(page.context["answer"].grand.value, answer.grand.value)
        self.assertContains(page, 'name="f.section" value="C" checked')
        url = next(url for _value, url in page.context["foot"] if url)
        names = self.client.get(url)
        self.assertContains(names, 'data-sum="')
        self.assertContains(names, "人0")

    def test_what_no_list_knows_is_a_400_in_words(self):
        asked = [
            {"rows": "id_number"}, {"columns": "1"}, {"measure": "count(*)"}, {"f.sex": "x'--"}, {"f.password": "1"},
            {"area": "x"},
            {"when": "soon"}, {"sort": "name"}, {"order": "name"}, {"chart": "pie"}, {"cell": "[]", "rows": "’"},
        ]
        for more in asked:
            page = self.get(self.zhao, "tables", **more)
            self.assertContains(page, "Begin a new table", status_code=400)
        page = self.get(self.zhao, "tables", rows="id_number")
        self.assertContains(page, "How far away", status_code=400)
        self.assertNotContains(page, "age_5", status_code=400)
        for cell in ("[", '["x"]', '[1,2]', "{}"):
            self.assertEqual(self.get(self.zhao, "table_names", rows="sex", columns="age", cell=cell).status_code, 400, cell)

    def test_a_place_of_others_or_a_month_that_is_not_open_does_not_exist(self):
        self.assertEqual(self.get(self.li, "tables", area=FAR).status_code, 404)
        self.assertEqual(self.get(self.wang, "table_names", area=COUNTY).status_code, 404)
        page = self.get(self.zhao, "tables", when="2030-01")
        self.assertContains(page, "January 2030 is not open here", status_code=400)
        self.assertEqual(self.get(self.leader, "table_names", rows="sex").status_code, 404)

    def test_a_month_of_which_nothing_was_filed_says_so(self):
        MonthlyReturn.objects.filter(month=OCTOBER).update(state="draft", counted=None)
        page = self.get(self.zhao, "tables", when="2026-10")
        self.assertContains(page, "No village has filed this month yet")
        self.assertNotContains(page, "fewer conditions")

    def test_income_of_today_is_answered_with_what_there_is(self):
        page = self.get(self.zhao, "tables", when="today", measure="income")
        self.assertContains(page, "is counted for a month only")

    def test_its_queries_do_not_grow_with_the_county(self):
        few = self.queries(self.zhao, "tables", rows="township", columns="sex", chart="bars")
        for number in range(10):
            Township.objects.create(code=f"63012120{number}", county=self.county, name=f"新乡{number}")
        self.assertEqual(self.queries(self.zhao, "tables", rows="township", columns="sex", chart="bars"), few)
        # On PostgreSQL two more: the limit of time, and its savepoint.
        self.assertLessEqual(few, 27)

    def test_an_address_says_the_question_again(self):
        question = self.question(filter={"section": ["C"], "relieved": ["yes"]}, rows=["township", "age"])
        address = query.query(question, "number", "bars")
        page = self.get(self.zhao, "tables")
        page = self.client.get(reverse("tables") + address)
        self.assertEqual(page.context["asked"], query.Asked(question, "number", "bars"))


class Hiding(TableCase):
    def test_the_leader_sees_no_villages_and_no_names(self):
        page = self.get(self.leader, "tables", rows="village")
        self.assertContains(page, "for who may see people", status_code=400)
        page = self.get(self.leader, "tables", rows="township", columns="age")
        self.assertNotContains(page, reverse("table_names"))
        self.assertNotContains(page, "人0")

    def shown(self, **spec):
        """{codes with ALL: number} that the leader is shown, and the true ones."""
        question = self.question(**spec)
        block = hiding.block_of(question)
        true = dict.fromkeys(block.codes, Cell(0, 0)) | sums(cells(question, behind=True), [(0, 1), (0,), (1,), ()])
        told = {codes: block.cell(codes) for codes in true}
        return {codes: cell.sum for codes, (cell, mark) in told.items() if not mark}, true, told

    def test_small_numbers_are_hidden_and_none_follows_from_the_others(self):
        for by in ("pay", "province", "section", "region"):
            shown, true, told = self.shown(columns=[by])
            few = [codes for codes, cell in true.items() if 0 < cell.sum < 3]
            self.assertTrue(all(told[codes][1] for codes in few), by)
            for codes, number in shown.items():
                self.assertEqual(number, true[codes].sum)
                self.assertFalse(0 < number < 3, f"{by} {codes}")
            for axis in (0, 1):
                self.cannot_be_worked_out(shown, true, axis)

    def cannot_be_worked_out(self, shown, true, axis):
        """Nobody who takes the numbers of a line from its total finds the one that is missing."""
        lines = {}
        for codes in true:
            if codes[axis] is not None:
                lines.setdefault(codes[1 - axis], []).append(codes)
        for other, line in lines.items():
            total = (None, other) if axis == 0 else (other, None)
            hidden = [codes for codes in line if codes not in shown]
            if total in shown:
                self.assertNotEqual(len(hidden), 1, f"{other} {hidden}")

    def test_a_filter_adds_up_what_is_shown_without_it(self):
        every, _true, _told = self.shown(columns=["sex"])
        some, _true, _told = self.shown(columns=["sex"], filter={"sex": ["male", "female"]})
        for township in {codes[0] for codes in every}:
            parts = [every.get((township, code)) for code in ("male", "female")]
            if (township, None) in some:
                self.assertEqual(some[township, None], sum(parts))
            else:
                self.assertIn(None, parts)

    def test_money_is_hidden_where_few_earn_it(self):
        for measure in ("income", "mean_pay"):
            answer = Answer(self.question(columns=[], measure=measure), sees_people=False)
            self.assertEqual(len(answer.rows), 2)
            values = [row.cells[0].value for row in answer.rows]
            # Of two townships one that is hidden hides the other, or the county.
            self.assertNotEqual([*values, answer.grand.value].count("*"), 1)

    def test_the_marks_stand_in_the_file_too(self):
        self.sign_in(self.leader)
        spec = self.spec(columns=["province"])
        answer = self.client.post(reverse("table_export"), {"question": json.dumps(spec), "type": "csv"})
        self.assertIn("<3", answer.content.decode("utf-8-sig"))
        book = self.client.post(reverse("table_export"), {"question": json.dumps(spec), "type": "xlsx"})
        found = [cell.value for row in load_workbook(BytesIO(book.content)).active.iter_rows() for cell in row]
        self.assertIn("<3", found)
        village = self.client.post(reverse("table_export"), {"question": json.dumps(self.spec(rows=["village"]))})
        self.assertEqual(village.status_code, 400)


class Files(TableCase):
    def export(self, officer, kind, **spec):
        self.sign_in(officer)
        return self.client.post(reverse("table_export"), {"question": json.dumps(self.spec(**spec)), "type": kind})

    def test_the_workbook_adds_up_by_itself_and_says_what_it_means(self):
        content = self.export(self.zhao, "xlsx").content
        answer = Answer(self.question())
        sheet = load_workbook(BytesIO(content)).active
        cached = load_workbook(BytesIO(content), data_only=True).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        total = next(n for n, row in enumerate(rows) if row[0] == "Total")
        self.assertEqual(rows[total][1], f"=SUM(B{5}:B{total})")
        sums = [cell.value for cell in cached[total + 1]][1 : len(answer.foot) + 1]
        self.assertEqual(sums, [each.value for each in answer.foot])
        told = [row[0] for row in rows]
        for sentence in answer.definitions:
            self.assertIn(sentence, told)
        self.assertIn(f"Made by {self.zhao.name}", told[2])

    def test_the_text_opens_in_chinese_and_runs_no_formula(self):
        Township.objects.filter(pk=STATION).update(name="=1+1")
        answer = self.export(self.zhao, "csv", columns=["region"])
        self.assertTrue(answer.content.startswith(b"\xef\xbb\xbf"))
        cells_ = [cell for row in csv.reader(StringIO(answer.content.decode("utf-8-sig"))) for cell in row]
        self.assertIn("'=1+1", cells_)
        self.assertFalse([cell for cell in cells_ if cell.startswith("=")])
        sheet = load_workbook(BytesIO(self.export(self.zhao, "xlsx").content)).active
        self.assertIn(("=1+1", "s"), [(row[0].value, row[0].data_type) for row in sheet.iter_rows()])

    def test_an_export_leaves_a_trail(self):
        self.export(self.zhao, "csv")
        event = AuditEvent.objects.get(verb="exported a table")
        self.assertEqual((event.place_code, event.detail["rows"], event.detail["kind"]), (COUNTY, 2, "csv"))
        self.assertEqual(event.detail["question"], asking.spec_of(self.question()))

    def test_the_trail_knows_the_file(self):
        content = self.export(self.zhao, "xlsx").content
        event = AuditEvent.objects.get(verb="exported a table")
        self.assertEqual(event.detail["hash"], sha256(content).hexdigest())
        self.assertEqual(event.detail["bytes"], len(content))

    def test_its_name_says_what_it_is(self):
        told = self.export(self.zhao, "csv", measure="away.monitored", filter={"region": ["other_province"]})
        self.assertEqual(
            told["Content-Disposition"],
            'attachment; filename="away-monitored-by-township-sex-630121-2026-10-only-region.csv"',
        )

    def test_a_mean_is_not_summed(self):
        rows = list(csv.reader(StringIO(self.export(self.zhao, "csv", measure="mean_pay").content.decode("utf-8-sig"))))
        total = next(row for row in rows if row and row[0] == "All together")
        self.assertEqual(int(total[-1]), Answer(self.question(measure="mean_pay")).grand.value)
        self.assertNotIn("=SUM", str(self.export(self.zhao, "xlsx", measure="mean_pay").content))


class Saved(TableCase):
    def save(self, by, sharing="mine", name="去向", **spec):
        return actions.save_table(self.question(**spec), name=name, sharing=sharing, by=by)

    def seen(self, officer):
        return set(SavedTable.objects.visible_to(officer).values_list("name", flat=True))

    def test_who_sees_it(self):
        self.save(self.wang, "mine", "我的", area=STATION)
        self.save(self.wang, "office", "本所", area=STATION)
        self.save(self.zhao, "county", "全县")
        self.assertEqual(self.seen(self.wang), {"我的", "本所", "全县"})
        self.assertEqual(self.seen(self.wang2), {"全县"})
        self.assertEqual(self.seen(self.zhao), {"全县"})
        self.assertEqual(self.seen(self.leader), {"全县"})
        self.wang.postings.update(to_on="2026-11-01")
        del self.wang._posts
        self.assertEqual(self.seen(self.wang), set())

    def test_next_month_is_one_click_away_and_in_the_readers_own_place(self):
        table = self.save(self.zhao, "county", month="2026-09")
        page = self.get(self.zhao, "saved_table", table.pk)
        self.assertIn("when=2026-10", page.url)
        self.assertIn("when=2026-09", self.client.get(reverse("saved_table", args=[table.pk]), {"as": "saved"}).url)
        page = self.get(self.li, "saved_table", table.pk)
        self.assertIn(f"area={HOME}", page.url)
        self.assertIn("rows=village", page.url)
        self.assertEqual(self.client.get(page.url).status_code, 200)

    def test_a_filter_by_places_elsewhere_is_left_out_and_it_is_said(self):
        table = self.save(self.zhao, "county", filter={"township": [STATION, FAR[:9]], "sex": ["male"]})
        page = self.client.get(self.get(self.wang, "saved_table", table.pk).url)
        self.assertContains(page, "names places outside this area")
        self.assertEqual(dict(page.context["asked"].question.filters), {"township": (STATION,), "sex": ("male",)})
        page = self.get(self.wang, "tables", area=STATION, **{"f.township": FAR[:9]})
        self.assertEqual(page.context["asked"].question.filters, ())
        self.assertEqual(self.get(self.wang, "tables", area=STATION, **{"f.township": "x"}).status_code, 400)

    def test_only_its_owner_changes_it(self):
        table = self.save(self.zhao, "county")
        with self.assertRaisesMessage(Refusal, "Only Zhao"):
            actions.rename_table(table, name="别的", sharing="mine", by=self.wang)
        with self.assertRaisesMessage(Refusal, "Only Zhao"):
            actions.delete_table(table, by=self.wang)
        self.sign_in(self.zhao)
        self.client.post(reverse("table_rename", args=[table.pk]), {"name": "新名", "sharing": "mine"})
        table.refresh_from_db()
        self.assertEqual((table.name, table.sharing), ("新名", "mine"))
        self.assertEqual(self.get(self.wang, "saved_table", table.pk).status_code, 404)
        self.post(self.zhao, "table_delete", table.pk)
        self.assertFalse(SavedTable.objects.exists())
        verbs = AuditEvent.objects.filter(verb__endswith="a table").order_by("number").values_list("verb", flat=True)
        self.assertEqual(list(verbs), ["saved a table", "renamed a table", "deleted a table"])

    def test_what_cannot_be_kept_is_said(self):
        self.save(self.zhao)
        for name, sharing, words in (("去向", "mine", "of this name"), (" ", "mine", "Give the table"), ("x" * 61, "mine", "60"),
                                     ("新", "world", "who sees")):
            with self.assertRaisesMessage(Refusal, words):
                self.save(self.zhao, sharing, name)
        with self.assertRaisesMessage(Refusal, "may not"):
            self.save(self.li, "mine", "别处", area=FAR)

    def test_a_saved_question_is_held_against_the_lists_again(self):
        table = self.save(self.zhao)
        SavedTable.objects.filter(pk=table.pk).update(question={"area": COUNTY, "month": "2026-10", "rows": ["id_cipher"]})
        self.assertContains(self.get(self.zhao, "saved_table", table.pk), "id_cipher", status_code=400)

    def test_the_ready_made_are_there_for_everybody_and_each_is_answered(self):
        for officer in (self.zhao, self.wang, self.li, self.leader):
            page = self.get(officer, "saved_tables")
            self.assertEqual(len(page.context["ready"]), 5 if officer == self.leader else 15)
            for name, address in page.context["ready"]:
                answered = self.client.get(reverse("tables") + address)
                self.assertEqual(answered.status_code, 200, f"{officer} {name}")
                if officer in (self.wang, self.li):
                    self.assertNotIn("by township", name)


class Layout(TableCase):
    def test_every_township_stands_in_it_with_nobody_as_well(self):
        only = (("province", ("81",)), ("monitored", ("yes",)), ("sex", ("female",)))
        question = Question("month", COUNTY, OCTOBER, ("township",), ("age",), only)
        answer, met = Answer(question), Answer(question, listed="met")
        self.assertEqual({row.codes[0] for row in answer.rows}, {STATION, FAR[:9]} if met.rows else set())
        none = Question("month", COUNTY, OCTOBER, ("township",), ("sex",), (("named", ("unnamed",)),))
        answer, met = Answer(none), Answer(none, listed="met")
        self.assertEqual({row.codes[0]: row.total.value for row in answer.rows}, {STATION: answer.grand.value, FAR[:9]: 0})
        self.assertEqual([row.codes[0] for row in met.rows], [STATION])
        self.assertEqual([code for code, in answer.column_codes], ["male", "female", "unknown"])
        self.assertEqual(answer.grand.value, met.grand.value)
        rows = Answer(Question("month", COUNTY, OCTOBER, ("township", "village"), (), (("named", ("unnamed",)),))).row_codes
        self.assertEqual(rows, [(HOME[:9], HOME), (HOME[:9], NEXT_DOOR), (FAR[:9], FAR)])

    def test_who_filed_nothing_is_no_zero(self):
        MonthlyReturn.objects.filter(village_id=FAR, month=OCTOBER).update(state="draft", counted=None)
        answer = Answer(Question("month", COUNTY, OCTOBER, ("township",), ("sex",)))
        silent = next(row for row in answer.rows if row.codes[0] == FAR[:9])
        self.assertEqual({silent.total.value, *(cell.value for cell in silent.cells)}, {None})
        page = self.get(self.zhao, "tables", rows="township", columns="sex")
        self.assertContains(page, '<td class="num">–</td>')

    def test_the_title_says_whom_it_counts(self):
        only = (("monitored", ("yes",)), ("region", ("other_province",)), ("skill", ("unknown",)), ("relieved", ("no",)))
        title = Answer(Question("month", COUNTY, OCTOBER, ("township",), ("sex",), only[:2])).title
        self.assertEqual(
            title, "Household under monitoring, Another province: Away at the end of the month, by township, sex"
        )
        title = Answer(Question("month", COUNTY, OCTOBER, ("township",), (), only[2:], "away.monitored")).title
        self.assertIn("Skill grade Not known, Household lifted from poverty No: ", title)
        self.assertIn("Away at the end of the month (from households under monitoring), by township", title)
        page = self.get(self.zhao, "tables", rows="township", **{"f.monitored": "yes"})
        self.assertContains(page, "<title>Household under monitoring: Away")

    def test_the_largest_come_first_when_asked(self):
        question = Question("month", COUNTY, OCTOBER, ("township", "section"))
        answer = Answer(question, order="number")
        first = [row.codes[0] for row in answer.rows]
        sizes = [sum(row.cells[0].value for row in answer.rows if row.codes[0] == code) for code in dict.fromkeys(first)]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        inside = [row.cells[0].value for row in answer.rows if row.codes[0] == first[0]]
        self.assertEqual(inside, sorted(inside, reverse=True))
        self.assertEqual(answer.rows[1].labels[0], "")

    def test_headings_stand_over_their_columns(self):
        answer = Answer(Question("month", COUNTY, OCTOBER, ("township",), ("sex", "named")))
        outer, inner = answer.column_heads
        self.assertEqual(sum(head.span for head in outer), len(inner))
        self.assertEqual(len(inner), len(answer.column_codes))
        self.assertEqual(sum(row.total.value for row in answer.rows), answer.grand.value)
