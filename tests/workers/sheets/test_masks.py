"""A list that cannot be read for one reason is answered with one sentence, not with an error in each row."""

from tests.workers.sheet_desk import SheetPages, text_file, xlsx
from workers.models import Batch
from workers.sheets import masks
from workers.sheets.matching import Match

HEADINGS = ["姓名", "身份证号", "联系电话", "务工地点", "外出时间"]
MASKED = ["王秀英", "630000********0020", "138****5678", "深圳市", "2026-03-01"]


def match(name, place) -> Match:
    return Match(place, "", [], name, 0)


class Masks(SheetPages):
    def read(self, *rows, **typed):
        """The file is sent and read as it was proposed, but for what is typed."""
        page = self.upload(xlsx([HEADINGS, *rows]))
        shown = page.context["shown"]
        data = {f"c{each.place}": each.name for each in shown.matches} | {"sheet": "Sheet", "header": "1", "matched": "1"}
        return page, self.client.post(page.redirect_chain[-1][0], data | typed, follow=True)

    def test_a_masked_list_is_told_from_its_first_rows(self):
        matches = [match("id_number", 0), match("phone", 1), match("name", 2)]
        for rows, found in (
            ([], []), ([["", "", "*"]], []), ([["630000********0020", "13812345678"]], ["id_number"]),
            ([["630000＊＊＊＊＊＊＊＊0020"], ["", "138****5678"]], ["id_number", "phone"]),
            ([["630000********0020"], ["630000198803120020"]], []),
        ):
            self.assertEqual(masks.masked(matches, rows), found)

    def test_it_stops_before_it_is_read(self):
        page, answer = self.read(MASKED, MASKED)
        self.shows(page, "This is a masked export", "ID number, Phone")
        self.shows(answer, "Not read yet", "Export the list with the numbers in full")
        self.assertEqual(Batch.objects.get().state, "uploaded")

    def test_columns_that_are_not_needed_are_left_out(self):
        _page, answer = self.read(["王秀英", "630000198803120020", "138****5678", "深圳市", "2026-03-01"])
        self.shows(answer, "hidden in Phone")
        _page, answer = self.read(["王秀英", "630000198803120028", "138****5678", "深圳市", "2026-03-01"], c2="")
        self.hides(answer, "masked export")

    def test_headings_without_a_row_below_them(self):
        for file in (text_file([["姓名", "身份证号"]]), xlsx([["姓名", "民族"]])):
            page = self.upload(file)
            self.shows(page, "There is no row below the headings")
            self.hides(page, "Still missing")
            answer = self.client.post(page.redirect_chain[-1][0], {"matched": "1", "c0": "name"})
            self.shows(answer, "There is no row below the headings")
