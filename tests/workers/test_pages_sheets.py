"""The pages that bring a sheet in: the file, its columns, the preview, all that were brought."""

import io
import os
import stat
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from brokers.models import Broker
from laborreg import clock
from officers.models import AuditEvent, Message
from tests import cast
from tests.workers.desk import id_number
from tests.workers.sheet_desk import HEADINGS, SheetPages, text_file, xlsx
from workers.models import Batch, Matching, StagedRow, Worker
from workers.sheets import columns

GOOD = ["祁海英", id_number(order="021"), "土族", "广东省深圳市", "2026-03-05", "13897120001"]
BAD = ["马成龙", id_number(order="013")[:-1] + "9", "土族", "东管", "46082", "1389712"]


class Upload(SheetPages):
    def test_a_file_is_kept_under_a_name_that_tells_nothing_and_leads_to_its_columns(self):
        page = self.upload(xlsx([HEADINGS, GOOD]))
        batch = Batch.objects.get()
        self.assertEqual(page.redirect_chain[-1][0], f"/people/sheets/{batch.pk}/columns/")
        self.assertEqual((batch.file_name, batch.place_code, batch.uploaded_by), ("名册.xlsx", cast.HOME, self.li))
        kept = sorted((self.data / "sheets").iterdir())
        self.assertEqual([file.name for file in kept], [batch.stored_as, f"{batch.stored_as}.json"])
        self.assertNotIn("名册", batch.stored_as)
        self.assertEqual({stat.S_IMODE(os.stat(file).st_mode) for file in kept}, {0o600})
        self.assertEqual(self.verbs()[-1], "uploaded a sheet")

    def test_what_cannot_be_read_is_refused_in_words_and_not_kept(self):
        page = self.upload(SimpleUploadedFile("名册.xlsx", b"%PDF-1.4 no sheet"))
        self.shows(page, "This is not a spreadsheet")
        self.assertEqual((Batch.objects.count(), list((self.data / "sheets").iterdir())), (0, []))

    def test_without_a_file_the_page_asks_for_it(self):
        self.shows(self.client.post("/people/sheets/new/", {"kind": "ledger", "place": cast.HOME}), "Choose a file.")

    def test_the_same_file_again_leads_to_where_it_stands(self):
        first = self.upload(text_file([HEADINGS, GOOD])).redirect_chain[-1][0]
        page = self.upload(text_file([HEADINGS, GOOD]))
        self.assertEqual(page.redirect_chain[-1][0], first)
        self.shows(page, "This very file is here already")
        self.assertEqual(Batch.objects.count(), 1)
        self.assertEqual(len(list((self.data / "sheets").iterdir())), 2)

    def test_a_place_of_somebody_else_is_no_choice(self):
        self.upload(text_file([HEADINGS, GOOD]), place=cast.FAR)
        self.assertEqual(Batch.objects.count(), 0)

    def test_a_larger_file_is_let_go_while_it_arrives(self):
        with mock.patch("laborreg.uploads.LARGEST_FILE", 1_000):
            page = self.upload(text_file([HEADINGS, GOOD] * 500))
        self.shows(page, "larger than 40 MB")
        self.assertEqual(Batch.objects.count(), 0)


    def test_the_empty_workbook_filled_in_needs_no_matching(self):
        for kind in ("workers", "transfers", "ledger", "groups"):
            content = b"".join(self.client.get(f"/people/sheets/template/{kind}/").streaming_content)
            page = self.upload(SimpleUploadedFile("表.xlsx", content), kind)
            shown = page.context["shown"]
            self.assertEqual([match.name for match in shown.matches], [column.name for column in columns.COLUMNS[kind]])
            self.assertEqual(shown.missing, [])
        self.assertEqual(self.client.get("/people/sheets/template/else/").status_code, 404)


class Columns(SheetPages):
    def test_proposed_with_samples_masked(self):
        page = self.upload(xlsx([HEADINGS, GOOD], before=[["2026年务工人员名册"]], hidden=["底表"]))
        self.shows(page, "630000********", "2026年务工人员名册", "底表 (hidden)")
        self.hides(page, GOOD[1])
        names = [match.name for match in page.context["shown"].matches]
        self.assertEqual(names, ["name", "id_number", "ethnic_group", "destination", "started_on", "phone"])
        self.assertEqual(page.context["shown"].header.last_row, 2)

    def test_another_row_of_headings_can_be_chosen(self):
        self.upload(xlsx([HEADINGS, GOOD]))
        page = self.client.get(f"/people/sheets/{Batch.objects.get().pk}/columns/", {"header": "2"})
        self.assertEqual(page.context["shown"].header.headings[0], GOOD[0])

    def test_what_is_missing_is_told_and_stops(self):
        page = self.upload(xlsx([["民族", "务工地点", "外出时间"], GOOD[2:5]]))
        self.shows(page, "Still missing: Name")
        address = page.redirect_chain[-1][0]
        page = self.client.post(address, {"matched": "1", "c0": "ethnic_group", "c1": "ethnic_group"})
        self.shows(page, "Two columns of the file cannot both be Ethnic group")
        self.assertEqual(Batch.objects.get().state, "uploaded")

    def test_the_choice_is_kept_for_the_next_file_of_this_shape(self):
        self.staged([HEADINGS, GOOD])
        self.assertEqual(Matching.objects.get().place_code, cast.HOME)
        page = self.upload(xlsx([HEADINGS, BAD]))
        self.shows(page, "as your office confirmed them")


class Preview(SheetPages):
    def test_what_is_right_and_what_is_wrong_and_nothing_is_written(self):
        batch = self.staged([HEADINGS, GOOD, BAD])
        self.assertEqual((batch.state, batch.counts["verdicts"]), ("staged", {"new": 1, "wrong": 1}))
        page = self.client.get(f"/people/sheets/{batch.pk}/")
        self.shows(page, "Nothing was written to the ledger yet.", "马成龙", "东管", "Row 3")
        self.shows(self.client.get(f"/people/sheets/{batch.pk}/?show=new"), "祁海英", "630000********")
        self.assertEqual(Worker.objects.count(), 0)
        self.assertIn("was read", str(Message.objects.get(officer=self.li)))

    def test_a_group_shows_its_rows_only(self):
        other = [*GOOD[:2], *GOOD[2:3], "西管", *GOOD[4:]]
        batch = self.staged([HEADINGS, [*GOOD[:3], "东管", *GOOD[4:]], other])
        page = self.client.get(f"/people/sheets/{batch.pk}/")
        group = next(group for group in page.context["preview"].groups if group["text"] == "东管")
        page = self.client.get(group["url"])
        self.assertEqual([row.number for row in page.context["preview"].page_obj.object_list], [2])

    def test_a_row_counts_at_each_of_its_faults_and_the_page_says_so(self):
        more = "the numbers add up to more"
        batch = self.staged([HEADINGS, BAD, [*GOOD[:3], "东管", *GOOD[4:]]])
        page = self.client.get(f"/people/sheets/{batch.pk}/")
        self.shows(page, "2 rows are wrong or in doubt.", more)
        groups = page.context["preview"].groups
        self.assertEqual({group["code"]: group["rows"] for group in groups}, {"bad_id": 1, "unknown_place": 2, "bad_phone": 1})
        for group in groups:
            shown = self.client.get(group["url"]).context["preview"].page_obj.object_list
            self.assertEqual(len(shown), group["rows"], group["code"])
        batch = self.staged([HEADINGS, [*GOOD[:3], "东管", *GOOD[4:]]])
        page = self.client.get(f"/people/sheets/{batch.pk}/")
        self.shows(page, "1 row is wrong or in doubt.")
        self.hides(page, more)

    def test_one_click_mends_all_rows_of_a_group(self):
        rows = [["马成", id_number(order=f"{n:03}"), "土族", "深训", "2026-03-05", ""] for n in range(1, 9, 2)]
        batch = self.staged([HEADINGS, *rows])
        page = self.client.get(f"/people/sheets/{batch.pk}/")
        [group] = page.context["preview"].groups
        self.assertEqual((group["code"], group["rows"]), ("unknown_place", 4))
        page = self.client.get(group["url"])
        offer = next(offer for offer in page.context["preview"].repairs if offer.key == "set:4403")
        self.shows(page, offer.label)
        data = {"problem": group["code"], "column": group["column"], "text": group["text"], "repair": offer.key}
        page = self.client.post(f"/people/sheets/{batch.pk}/mend/", data, follow=True)
        self.shows(page, "4 rows were checked again.")
        batch.refresh_from_db()
        self.assertEqual(batch.counts["verdicts"], {"new": 4})
        came_from = {"referer": "http://testserver/people/sheets/"}
        page = self.client.post(f"/people/sheets/{batch.pk}/mend/", data, follow=True, headers=came_from)
        self.shows(page, "Nothing is left to mend here.")

    def test_a_group_is_written_anew(self):
        batch = self.staged([HEADINGS, [*GOOD[:3], "东管", *GOOD[4:]]])
        data = {"problem": "unknown_place", "column": "destination", "text": "东管", "typed": "广东东莞"}
        self.client.post(f"/people/sheets/{batch.pk}/mend/", data)
        self.assertEqual(StagedRow.objects.get().verdict, "new")

    def test_no_id_number_is_asked_for_where_the_sheet_has_no_column_for_it(self):
        batch = self.staged([["姓名", "民族", "联系电话"], ["祁海英", "土族", "13897120001"]], "workers")
        address = f"/people/sheets/{batch.pk}/?show=wrong&problem=id_missing&column=id_number&text="
        page = self.client.get(address)
        self.shows(page, "Leave these rows out")
        self.hides(page, "written anew")

    def test_a_cell_is_written_anew_and_the_number_stays_hidden(self):
        batch = self.staged([HEADINGS, BAD])
        page = self.client.get(f"/people/sheets/{batch.pk}/rows/2/")
        typed = {f"cell-{cell['name']}": cell["text"] for cell in page.context["row"].cells}
        typed |= {"cell-destination": "广东东莞", "cell-id_number": id_number(order="013"), "cell-phone": ""}
        page = self.client.post(f"/people/sheets/{batch.pk}/rows/2/", typed, follow=True)
        self.shows(page, "The row was checked again.")
        self.hides(page, id_number(order="013"))
        self.assertEqual(StagedRow.objects.get().verdict, "new")

    def test_a_row_is_left_out_and_taken_again(self):
        batch = self.staged([HEADINGS, GOOD])
        for repair, verdict in (("skip", "skipped"), ("back", "new")):
            self.client.post(f"/people/sheets/{batch.pk}/rows/2/mend/", {"repair": repair})
            self.assertEqual(StagedRow.objects.get().verdict, verdict)

    def test_a_coded_cell_is_chosen_from_its_list(self):
        rows = [[*HEADINGS, "村", "文化程度", "劳务经纪人"], [*GOOD[:2], "火星族", "东管", *GOOD[4:], "大煤洞村", "小学毕业", ""]]
        Broker.objects.create(county_id=cast.COUNTY, village_id=cast.HOME, name="韩成", registered_on=clock.today())
        batch = self.staged(rows)
        cells = {cell["name"]: cell for cell in self.client.get(f"/people/sheets/{batch.pk}/rows/2/").context["row"].cells}
        self.assertIn(("土族", "土族"), cells["ethnic_group"]["choices"])
        self.assertIn(("火星族", "火星族"), cells["ethnic_group"]["choices"])
        self.assertEqual(cells["village"]["choices"], [("大煤洞村", "大煤洞村")])
        self.assertEqual(cells["education"]["choices"][0], ("小学毕业", "小学毕业"))
        self.assertEqual(cells["broker"]["choices"], [("韩成", "韩成")])
        self.assertIn("4419", [code for code, _label in cells["destination"]["choices"]])
        self.assertEqual((cells["name"]["choices"], cells["phone"]["choices"]), ([], []))
        said = {f"cell-{name}": cell["text"] for name, cell in cells.items()}
        said |= {"cell-ethnic_group": "土族", "cell-broker": "韩成", "cell-destination": "4419"}
        self.client.post(f"/people/sheets/{batch.pk}/rows/2/", said)
        row = StagedRow.objects.get()
        self.assertEqual((row.verdict, row.values["village"], row.values["destination"]), ("new", cast.HOME, "4419"))
        self.assertEqual(row.values["broker"], Broker.objects.get().pk)

    def test_a_row_by_its_columns(self):
        batch = self.staged([HEADINGS, BAD])
        self.shows(self.client.get(f"/people/sheets/{batch.pk}/rows/2/"), "东管", "Destination")
        self.assertEqual(self.client.get(f"/people/sheets/{batch.pk}/rows/9/").status_code, 404)

    def test_given_up_the_rows_go_and_the_file_can_be_read_again(self):
        batch = self.staged([HEADINGS, GOOD])
        page = self.client.post(f"/people/sheets/{batch.pk}/cancel/", follow=True)
        self.shows(page, "Nothing of it is in the ledger")
        self.assertEqual(StagedRow.objects.count(), 0)
        page = self.client.post(f"/people/sheets/{batch.pk}/again/", follow=True)
        self.assertEqual(page.redirect_chain[-1][0], f"/people/sheets/{Batch.objects.latest('pk').pk}/columns/")

    def test_while_it_is_read_the_page_asks_by_itself(self):
        batch = self.staged([HEADINGS, GOOD])
        Batch.objects.update(state="staging", rows_done=3, rows_in_all=10)
        page = self.client.get(f"/people/sheets/{batch.pk}/")
        self.shows(page, "3 of 10 rows", '<noscript><meta http-equiv="refresh"')
        Batch.objects.update(state="staged")
        page = self.client.get(f"/people/sheets/{batch.pk}/", headers={"HX-Request": "true"})
        self.assertEqual(page["HX-Refresh"], "true")

    def test_the_list_tells_who_when_and_how_much(self):
        batch = self.staged([HEADINGS, GOOD, BAD])
        self.shows(self.client.get("/people/sheets/"), "名册.xlsx", batch.sha256[:8], "Li", "New <b>1</b>")
        self.sign_in(self.sun)
        self.hides(self.client.get("/people/sheets/"), "名册.xlsx")
        self.assertEqual(self.client.get(f"/people/sheets/{batch.pk}/").status_code, 404)


    def test_large_figures_have_their_separators(self):
        batch = self.staged([HEADINGS, GOOD, BAD])
        batch.counts |= {
            "verdicts": {"new": 12_345, "wrong": 1_234}, "groups": [["unknown_place", "destination", "东管", 1_234]],
            "normalized": {"name": 2_345},
        }
        batch.save()
        self.shows(self.client.get("/people/sheets/"), "12,345", "1,234")
        group = f"/people/sheets/{batch.pk}/?show=wrong&problem=unknown_place&column=destination&text=东管"
        said = "1,234 rows are wrong", "Go on with 12,345 rows", "Check these 1,234 rows", "2,345 rows, such"
        self.shows(self.client.get(group), *said)
        self.shows(self.client.get(f"/people/sheets/{batch.pk}/take/"), "1,234 rows are wrong")

    def test_the_button_of_one_row_speaks_of_no_number(self):
        batch = self.staged([HEADINGS, [*GOOD[:2], "火星族", *GOOD[3:]]])
        page = self.client.get(f"/people/sheets/{batch.pk}/rows/2/", headers={"accept-language": "zh-hans"})
        self.hides(page, "%(n)s")
        self.shows(page, "重新核对")


class Taking(SheetPages):
    def take(self, batch, **data):
        return self.client.post(f"/people/sheets/{batch.pk}/take/", data, follow=True)

    def test_what_will_be_written_and_what_not_then_it_is(self):
        batch = self.staged([HEADINGS, GOOD, BAD])
        page = self.client.get(f"/people/sheets/{batch.pk}/")
        self.shows(page, "Go on with 1 row", f"/people/sheets/{batch.pk}/take/")
        page = self.client.get(f"/people/sheets/{batch.pk}/take/")
        self.shows(page, "New people", "1 row is wrong or in doubt.")
        self.assertEqual(page.context["preview"].writes, [("New people", 1), ("Departures", 1)])
        page = self.take(batch, which="good")
        self.shows(page, "Written to the ledger", "New people", "Written by", "Undo the import")
        self.assertEqual(list(Worker.objects.values_list("name", flat=True)), ["祁海英"])
        self.assertIn("is in the ledger", str(Message.objects.filter(officer=self.li).first()))

    def test_the_people_that_it_wrote_are_a_list(self):
        cast.worker("马成")
        batch = self.staged([HEADINGS, GOOD, BAD])
        self.hides(self.client.get(f"/people/?sheet={batch.pk}"), "Narrowed to")
        link = f"/people/?sheet={batch.pk}"
        self.shows(self.take(batch), f'href="{link}"')
        page = self.client.get(link)
        self.assertEqual([person.name for person in page.context["page_obj"].object_list], ["祁海英"])
        self.shows(page, "Narrowed to", "名册.xlsx", f'name="sheet" value="{batch.pk}"')
        self.assertEqual(page.context["query"].asked, {"sheet": str(batch.pk)})
        Batch.objects.update(state="undone")
        self.hides(self.client.get(link), "Narrowed to")
        Batch.objects.update(state="committed")
        self.sign_in(self.sun)
        self.hides(self.client.get(link), "Narrowed to", "祁海英")

    def test_all_or_nothing_is_offered_where_it_can_succeed(self):
        batch = self.staged([HEADINGS, GOOD])
        self.shows(self.client.get(f"/people/sheets/{batch.pk}/take/"), 'value="all"', "Write none of the rows")
        self.shows(self.take(batch, which="all"), "Written to the ledger")

    def test_all_or_nothing_stops_and_says_which(self):
        batch = self.staged([HEADINGS, GOOD, BAD])
        self.hides(self.client.get(f"/people/sheets/{batch.pk}/take/"), 'value="all"')
        page = self.take(batch, which="all")
        self.shows(page, "Nothing was written: 1 row is wrong or in doubt (3)")
        self.assertEqual(Worker.objects.count(), 0)

    def test_the_file_comes_back_with_its_faults_marked(self):
        batch = self.staged([HEADINGS, GOOD, BAD])
        page = self.client.post(f"/people/sheets/{batch.pk}/marked/")
        sheet = load_workbook(io.BytesIO(b"".join(page.streaming_content))).active
        self.assertIn("东管", str(sheet.cell(3, 7).value))
        event = AuditEvent.objects.latest("number")
        self.assertEqual((event.verb, event.detail["rows"]), ("fetched a marked sheet", 2))

    def test_nobody_else_gets_the_file_with_its_numbers(self):
        batch = self.staged([HEADINGS, GOOD, BAD])
        for officer in (self.wang, self.zhao):
            self.sign_in(officer)
            self.hides(self.client.get(f"/people/sheets/{batch.pk}/"), "faults marked")
            page = self.client.post(f"/people/sheets/{batch.pk}/marked/")
            self.assertContains(page, "goes back only to who brought it", status_code=page.status_code)
        self.client.post(f"/people/sheets/{batch.pk}/cancel/")
        self.client.post(f"/people/sheets/{batch.pk}/again/")
        again = Batch.objects.latest("pk")
        self.assertNotEqual(again, batch)
        page = self.client.post(f"/people/sheets/{again.pk}/marked/")
        self.assertContains(page, "goes back only to who brought it", status_code=page.status_code)
        self.assertNotIn("fetched a marked sheet", self.verbs())

    def test_undone_with_a_reason(self):
        batch = self.staged([HEADINGS, GOOD])
        self.take(batch)
        address = f"/people/sheets/{batch.pk}/undo/"
        self.shows(self.client.post(address, {"reason": ""}), "Say why")
        page = self.client.post(address, {"reason": "错的名册"}, follow=True)
        self.shows(page, "Undone", "Read the file again")
        self.assertEqual(Worker.objects.valid().count(), 0)

    def test_nothing_to_write_leads_back(self):
        batch = self.staged([HEADINGS, BAD])
        page = self.take(batch)
        self.assertEqual(page.redirect_chain[-1][0], f"/people/sheets/{batch.pk}/")
        self.shows(page, "There is nothing to be written")
