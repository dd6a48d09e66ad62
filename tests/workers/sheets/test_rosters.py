"""Lists out: what they hold, in which form, for whom; and what is left behind of them."""

import csv
import hashlib
import io
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest import mock
from zipfile import ZipFile

from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from laborreg import clock
from laborreg.refusals import Refusal
from officers.models import AuditEvent, Message
from officers.roles import NotYours
from tests import cast
from tests.workers.desk import id_number
from tests.workers.pages import Pages
from tests.workers.sheets.desk import SheetDesk
from villages.models import Village
from workers import actions
from workers.listing import Query
from workers.models import Household, Registration, Roster
from workers.sheets import ordering, rosters, storing
from workers.sheets.roster_columns import BY_KIND, COLUMNS, NATIONAL, TRANSFERS, USUAL, WORKERS, template

NUMBER, HER_PHONE = id_number(), "13812345678"
NEW = reverse("roster_new")


def book(roster):
    """The sheet; the name of the file does not say of which kind it is."""
    with rosters.path_of(roster).open("rb") as file:
        return load_workbook(file).active


def table(roster) -> list[tuple]:
    """The rows of the file from the headings on."""
    sheet = book(roster)
    return list(sheet.iter_rows(min_row=4, values_only=True))


def titles(roster) -> str:
    sheet = book(roster)
    return " ".join(str(row[0]) for row in sheet.iter_rows(max_row=3, values_only=True))


class Ledger(SheetDesk):
    """Xiuying away with a household, Guilan at work near home, Yulan at home again, Sun's man elsewhere."""

    def setUp(self):
        super().setUp()
        self.xiuying = actions.register(
            by=self.li, village=cast.HOME, name="王秀英", id_number=NUMBER, phone=HER_PHONE, new_household=True,
            education="70", skills="电焊", wants_to_go=True,
        )
        Household.objects.update(number="0012")
        self.household = Household.objects.get()
        actions.set_status(self.household, by=self.li, kind="relieved", from_on=date(2020, 11, 1))
        actions.record_departure(
            self.xiuying, by=self.li, started_on=date(2026, 3, 1), destination="4403", pay=5200, industry="C",
            employer="=1+1", channel="own", contract="yes", contract_until=date(2026, 11, 20),
        )
        self.guilan = cast.worker("李桂兰", name_pinyin="liguilan", name_initials="lgl")
        cast.transfer(self.guilan, date(2026, 4, 1), destination=cast.HOME[:9], industry="E", pay=3000, pay_band="2000_3999",
                      month_only=True)
        self.yulan = cast.worker("马玉兰", name_pinyin="mayulan", name_initials="myl", note="+86")
        cast.transfer(self.yulan, date(2025, 1, 1), date(2025, 5, 1), destination="3307")
        cast.transfer(self.yulan, date(2026, 1, 1), date(2026, 5, 1), destination="4403")
        self.stranger = cast.worker("孙有才", village=cast.FAR, name_pinyin="sunyoucai")

    def wanted(self, kind="ledger", columns=("name",), by=None, full=False, reason="核对名单", file_type="xlsx", **asked):
        return rosters.Wanted(kind, Query(by or self.li, asked, clock.today()), list(columns), full, reason, file_type)

    def export(self, *args, by=None, **said):
        return ordering.order(self.wanted(*args, by=by, **said), by=by or self.li)

    def names(self, **asked):
        return [row[0] for row in table(self.export(**asked))[1:]]

    def cells(self, columns, **said):
        """Of Xiuying."""
        found = table(self.export(columns=["name", *columns], **said))
        return next(row for row in found if row[0] == "王秀英")[1:]


class WhatItHolds(Ledger):
    def test_every_filter_of_the_list(self):
        everybody = ["李桂兰", "马玉兰", "王秀英"]
        gone = cast.worker("陈得福", name_pinyin="chendefu")
        Registration.objects.filter(worker=gone).update(to_on=date(2026, 6, 1), left_how="died")
        for asked, names in (
            ({}, everybody), ({"view": "away"}, ["王秀英"]), ({"view": "local"}, ["李桂兰"]), ({"view": "home"}, ["马玉兰"]),
            ({"view": "no_id"}, ["李桂兰", "马玉兰"]), ({"view": "gone"}, ["陈得福"]), ({"view": "contract"}, ["王秀英"]),
            ({"q": "桂兰"}, ["李桂兰"]), ({"q": NUMBER}, ["王秀英"]), ({"q": NUMBER[-4:]}, ["王秀英"]),
            ({"region": "other_province"}, ["王秀英"]), ({"industry": "E"}, ["李桂兰"]), ({"sort": "pay"}, ["王秀英", "李桂兰"]),
            ({"sort": "oldest"}, ["王秀英", "李桂兰"]), ({"village": cast.FAR}, everybody), ({"q": "没有"}, []),
        ):
            with self.subTest(asked):
                self.assertEqual(self.names(**asked), names)

    def test_a_strangers_row_never(self):
        for kind in COLUMNS:
            for by, is_there in ((self.li, False), (self.sun, True), (self.zhao, True), (self.wang, False)):
                found = str(table(self.export(kind, ["name"], by=by)))
                self.assertEqual("孙有才" in found, is_there and kind != TRANSFERS, f"{kind} {by}")

    def test_the_county_narrows_to_a_township(self):
        self.assertEqual(self.names(by=self.zhao, village=cast.FAR[:9]), ["孙有才"])

    def test_columns_in_the_order_asked_with_typed_cells(self):
        columns = ["pay", "started_on", "id_number", "phone", "birth_date", "age", "status_from", "wants_to_go", "state"]
        found = self.cells(columns, full=True)
        self.assertEqual(found[:3], (5200, datetime(2026, 3, 1), NUMBER))
        self.assertEqual(found[3:], (HER_PHONE, datetime(1988, 3, 12), 38, datetime(2020, 11, 1), "Yes", "Away"))
        sheet = book(Roster.objects.first())
        formats = [cell.number_format for cell in next(row for row in sheet.iter_rows(min_row=5) if row[0].value == "王秀英")]
        self.assertEqual(formats[1:5], ["0", "yyyy-mm-dd", "@", "@"])

    def test_a_month_without_its_day_stays_a_month(self):
        rows = table(self.export(columns=["name", "started_on"], view="local"))
        self.assertEqual(rows[1], ("李桂兰", "2026-04"))

    def test_one_departure_a_person_or_all_of_them(self):
        self.assertEqual(len(table(self.export("ledger", ["name"]))) - 1, 3)
        rows = table(self.export("transfers", ["name", "destination", "ended_on"], q="玉兰"))[1:]
        self.assertEqual(rows, [
            ("马玉兰", "浙江省金华市", datetime(2025, 5, 1)), ("马玉兰", "广东省深圳市", datetime(2026, 5, 1)),
        ])

    def test_a_voided_departure_is_in_none(self):
        actions.void_transfer(self.xiuying.transfers.get(), by=self.li, reason="Entered twice")
        self.assertEqual(self.cells(["destination", "state"]), (None, "At home"))
        self.assertEqual(len(table(self.export("transfers", ["name"], q="秀英"))), 1)

    def test_the_national_order_is_uploaded_as_it_is(self):
        rows = list(book(self.export("transfers", NATIONAL, full=True, view="away")).iter_rows(values_only=True))
        self.assertEqual(rows[0][:3], ("ID number", "Left on", "Came home on"))
        self.assertEqual(rows[1:], [(NUMBER, datetime(2026, 3, 1), None, "广东省", "深圳市", None, 5200, HER_PHONE)])
        roster = self.export("transfers", NATIONAL, full=True, view="away", file_type="csv")
        self.assertTrue(rosters.path_of(roster).read_text(encoding="utf-8-sig").startswith("ID number,"))

    def test_the_ticked_rows_and_no_others(self):
        ticked = f"{self.guilan.pk},{self.xiuying.pk},{self.stranger.pk},x"
        self.assertEqual(self.names(ticked=ticked, view="away", q="没有"), ["李桂兰", "王秀英"])
        self.assertEqual(self.names(ticked=ticked, by=self.zhao, village=cast.FAR), ["孙有才"])
        for nobody in ("", "x", str(self.stranger.pk), "9" * 30):
            self.assertEqual(self.names(ticked=nobody), [])

    def test_as_many_as_the_page_said(self):
        for kind, asked, size in (
            ("ledger", {}, (3, 3)), ("workers", {"view": "away"}, (1, 1)), ("transfers", {}, (3, 4)),
            ("transfers", {"q": "玉兰"}, (1, 2)), ("ledger", {"ticked": f"{self.guilan.pk}"}, (1, 1)),
        ):
            self.assertEqual(self.wanted(kind, **asked).size, size)
            self.assertEqual(self.export(kind, **asked).rows, size[1])

    def test_a_place_in_the_own_county_is_named_with_it(self):
        self.assertEqual(table(self.export(columns=["name", "destination"], view="local"))[1][1], "大通回族土族自治县桥头镇")

    def test_a_household_that_moved_out_of_sight_tells_nothing(self):
        columns = ["household_number", "status", "head_id"]
        self.assertEqual(self.cells(columns, full=True), ("0012", "Lifted from poverty", NUMBER))
        Household.objects.update(village=cast.FAR)
        self.assertEqual(self.cells(columns, full=True), (None, None, None))

    def test_the_newest_phone(self):
        actions.add_phone(self.xiuying, by=self.li, number="13970000001", whose="family")
        self.assertEqual(self.cells(["phone", "phone_whose"], full=True), ("13970000001", "Family"))

    def test_nothing_to_list_is_a_file_with_headings(self):
        roster = self.export(columns=["name", "phone"], q="没有")
        self.assertEqual((roster.rows, table(roster)[0]), (0, ("Name", "Phone")))

    def test_every_column_of_every_kind_in_both_languages(self):
        for language in ("en", "zh-hans"):
            with translation.override(language):
                for kind, columns in COLUMNS.items():
                    roster = self.export(kind, [column.name for column in columns], full=True)
                    self.assertEqual(table(roster)[0], tuple(column.words for column in columns))

    def test_sheet_and_file_are_named_in_the_words_of_the_reader(self):
        for language, sheet, file in (
            ("en", "Workers and households", "Workers_and_households-大煤洞村-20261104-"),
            ("zh-hans", "务工人员和户", "务工人员和户-大煤洞村-20261104-"),
        ):
            with translation.override(language):
                roster = self.export("workers")
                self.assertEqual(book(roster).title, sheet)
                self.assertTrue(rosters.file_name(roster).startswith(file), rosters.file_name(roster))

    def test_as_many_statements_for_twenty_people_more(self):
        wanted = self.wanted("ledger", list(BY_KIND["ledger"]), full=True)
        before = self.asked(wanted)
        for number in range(20):
            person = actions.register(
                by=self.li, village=cast.HOME, name="刘五", id_number=id_number(order=f"1{number:02d}"), phone="13970000001",
                new_household=True,
            )
            cast.transfer(person, date(2026, 2, 1), destination=f"44{number % 9 + 1:02d}")
        self.assertEqual(self.asked(wanted), before)
        self.assertLessEqual(before, 4)

    def asked(self, wanted):
        with CaptureQueriesContext(connection) as queries:
            list(rosters.rows_of(wanted))
        return len(queries)


class Masked(Ledger):
    def test_by_default(self):
        columns = ["id_number", "head_id", "phone", "birth_date"]
        masked = f"630000********{NUMBER[-4:]}"
        self.assertEqual(self.cells(columns), (masked, masked, "138****5678", 38))

    def test_no_cell_of_any_column_holds_a_number_or_a_birth_date(self):
        for kind, columns in COLUMNS.items():
            roster = self.export(kind, [column.name for column in columns])
            found = str(table(roster))
            for secret in (NUMBER, HER_PHONE, "1988, 3, 12", "Birth date"):
                self.assertNotIn(secret, found)
            self.assertIn("numbers masked", titles(roster))

    def test_in_full_for_a_reason_only(self):
        for reason in ("", "  ", f"见 {NUMBER}"):
            with self.assertRaises(Refusal):
                self.export(columns=["id_number"], full=True, reason=reason)
        self.assertFalse(Roster.objects.exists())
        self.assertEqual(list(storing.folder().iterdir()), [])

    def test_in_full_by_the_right_only(self):
        with mock.patch.dict("officers.roles.MAY", {"village": {"see people", "export rosters"}}):
            self.refuses("in full", self.export, columns=["id_number"], full=True, refusal=NotYours)

    def test_who_may_see_nobody_exports_nobody(self):
        for officer in (self.leader, self.admin):
            with self.assertRaises(NotYours):
                self.export(by=officer)


class WhatIsLeft(Ledger):
    def test_every_export_is_in_the_trail(self):
        for full in (False, True):
            roster = self.export(columns=["name", "birth_date"], full=full, view="away", q=NUMBER)
            event = AuditEvent.objects.latest("number")
            self.assertEqual((event.verb, event.by, event.place_code), ("exported a roster", self.li, cast.HOME))
            detail = event.detail
            self.assertEqual(detail["hash"], hashlib.sha256(rosters.path_of(roster).read_bytes()).hexdigest())
            self.assertEqual((detail["rows"], detail["filter"]), (1, "view=away q=****"))
            self.assertEqual(detail["numbers"], "full" if full else "masked")
            self.assertEqual(detail["columns"], "name birth_date" if full else "name age")
            self.assertEqual(detail.get("reason"), "核对名单" if full else None)
            self.assertNotIn(NUMBER, f"{detail}{roster.narrowed}{titles(roster)}")

    def test_the_title_says_what_of_where_when_and_who(self):
        found = titles(self.export(view="away", industry="C"))
        for words in ("Workers with their departures", "大煤洞", "Away", "Manufacturing", "2026-11-04", "Li (li)"):
            self.assertIn(words, found)

    def test_of_ticked_rows_it_says_so(self):
        roster = self.export(ticked=f"{self.guilan.pk}")
        detail = AuditEvent.objects.latest("number").detail
        self.assertEqual((detail["rows"], detail["filter"]), (1, "ticked rows"))
        self.assertIn("Ticked rows", titles(roster))

    def test_an_office_keeps_its_columns_for_itself(self):
        self.export("workers", ["name", "sex"], by=self.zhao, village=cast.HOME[:9])
        self.export("workers", ["name", "note"], by=self.zhao, village=cast.HOME)
        self.assertEqual(rosters.last_columns(self.wang, "workers"), [])
        self.assertEqual(rosters.last_columns(self.li, "workers"), [])
        self.assertEqual(rosters.last_columns(self.zhao, "workers"), ["name", "note"])
        self.assertEqual(rosters.last_columns(cast.officer("second", "county", cast.COUNTY), "workers"), ["name", "note"])
        over_both = cast.officer("far", "village", cast.HOME, cast.FAR)
        self.export("workers", ["name"], by=over_both)
        self.assertEqual(rosters.last_columns(self.zhao, "workers"), ["name", "note"])

    def test_an_officer_of_several_posts_exports_all_of_them_under_their_names(self):
        for username, posts, over, people in (
            ("two", [cast.HOME, cast.NEXT_DOOR], cast.HOME[:9], 3), ("far", [cast.HOME, cast.FAR], cast.COUNTY, 4),
        ):
            by = cast.officer(username, "village", *posts)
            roster = self.export("workers", ["name", "sex"], by=by, full=True)
            detail = AuditEvent.objects.latest("number").detail
            self.assertEqual((roster.place_code, roster.rows, detail["posts"]), (over, people, " ".join(posts)))
            for post in posts:
                self.assertIn(Village.objects.get(code=post).label, titles(roster))
            self.assertIn(roster, rosters.own(by))
            self.assertEqual(rosters.last_columns(by, "workers"), ["name", "sex"])
            self.assertEqual(self.export("workers", ["name"], by=by, village=posts[1]).place_code, posts[1])
            self.assertNotIn(roster, rosters.own(self.zhao))

    def test_a_part_of_a_number_that_was_searched_for_is_hidden(self):
        for text in ("马 1389", "马138 9712", "王６３０１"):
            roster = self.export(q=text)
            told = f"{AuditEvent.objects.latest('number').detail}{roster.narrowed}{titles(roster)}"
            self.assertIn("****", told)
            self.assertNotIn(text, told)
        self.assertEqual(self.export(q="马123").narrowed, {"q": "马123"})

    def test_nothing_typed_becomes_a_formula(self):
        self.assertEqual(self.cells(["employer"]), ("=1+1",))
        # openpyxl takes such a text for a formula; the file itself says whether it is one.
        with ZipFile(rosters.path_of(Roster.objects.first())) as archive:
            self.assertNotIn(b"<f>", archive.read("xl/worksheets/sheet1.xml"))
        roster = self.export(columns=["name", "employer", "note"], file_type="csv")
        rows = list(csv.reader(io.StringIO(rosters.path_of(roster).read_text(encoding="utf-8-sig"))))
        self.assertIn(["王秀英", "'=1+1", ""], rows)
        self.assertIn(["马玉兰", "", "'+86"], rows)

    def test_a_file_is_kept_for_a_week_and_read_by_nobody_else(self):
        roster = self.export()
        path = rosters.path_of(roster)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual(rosters.throw_away(), 0)
        Roster.objects.update(made_at=clock.now() - timedelta(days=8))
        with self.assertRaises(Refusal):
            rosters.path_of(Roster.objects.get())
        self.assertEqual(rosters.throw_away(), 1)
        self.assertFalse(path.exists())
        roster.refresh_from_db()
        with self.assertRaises(Refusal):
            rosters.path_of(roster)

    def test_a_file_that_fails_leaves_nothing(self):
        with mock.patch("workers.sheets.rosters.write_rows", side_effect=OSError("disk full")), self.assertRaises(OSError):
            self.export()
        self.assertEqual((Roster.objects.count(), list(storing.folder().iterdir())), (0, []))
        self.assertNotIn("exported a roster", self.verbs())


class InTheBackground(Ledger):
    def setUp(self):
        super().setUp()
        many = mock.patch("workers.sheets.rosters.MANY", 2)
        many.start()
        self.addCleanup(many.stop)

    def test_a_long_list_is_written_by_the_worker(self):
        roster = self.export(columns=["name"])
        roster.refresh_from_db()
        self.assertEqual((roster.state, roster.rows, len(table(roster))), ("ready", 3, 4))
        self.assertEqual(str(Message.objects.get(officer=self.li)), "Your list is ready to download.")

    def test_it_says_why_it_could_not(self):
        with mock.patch("workers.sheets.rosters.write", side_effect=OSError), self.assertLogs("workers", "ERROR"):
            roster = self.export(columns=["name"])
        roster.refresh_from_db()
        self.assertEqual((roster.state, roster.stored_as, bool(roster.failure)), ("failed", "", True))

    def test_who_lost_the_village_meanwhile_gets_nothing(self):
        with mock.patch("workers.sheets.ordering._hand_over"):
            roster = self.export(columns=["name"])
        self.li.postings.update(to_on=date(2026, 11, 4))
        ordering.write.call(roster.pk, "en")
        roster.refresh_from_db()
        self.assertEqual((roster.state, roster.rows), ("failed", 3))
        self.assertEqual(list(storing.folder().iterdir()), [])

    def test_one_that_its_worker_left_can_be_asked_for_again(self):
        with mock.patch("workers.sheets.ordering._hand_over"):
            roster = self.export(columns=["name"])
        ordering.recover()
        roster.refresh_from_db()
        self.assertEqual(roster.state, "failed")

    def test_a_number_searched_for_never_waits(self):
        self.guilan.phones.create(number=HER_PHONE, last4=HER_PHONE[-4:], since_on=date(2026, 1, 1))
        roster = self.export(columns=["name"], q=HER_PHONE)
        self.assertEqual((roster.state, roster.rows), ("ready", 2))


class ThereAndBack(Ledger):
    """A roster in full, as the template has its columns, read in again: nothing is new, changed, or in doubt."""

    def again(self, kind, language):
        with translation.override(language):
            rows = table(self.export(kind, template(kind), full=True, by=self.wang))
            _batch, staged = self.staged(kind, list(rows[0]), rows[1:], by=self.wang, place=cast.HOME[:9])
        return [(row.verdict, row.changes, row.problems) for row in staged]

    def test_nothing_changes(self):
        for person, order in ((self.guilan, "702"), (self.yulan, "704")):
            actions.edit_worker(person, by=self.li, version=person.version, id_number=id_number(order=order))
        for language in ("en", "zh-hans"):
            for kind in (WORKERS, TRANSFERS, "ledger"):
                with self.subTest(f"{kind} {language}"):
                    found = self.again(kind, language)
                    self.assertEqual(found, [("same", {}, [])] * (4 if kind == TRANSFERS else 3))


class ThePage(Pages, Ledger):
    def post(self, address=NEW, **said):
        return self.client.post(address, {"column": ["name", "phone"], "file_type": "xlsx", "numbers": "masked"} | said)

    def test_the_list_leads_there_with_its_filters(self):
        answer = self.client.get(reverse("people"), {"view": "away", "industry": "C", "page": "1"})
        self.shows(answer, f"{NEW}?view=away&amp;industry=C")
        self.shows(self.client.get(NEW, {"view": "away", "industry": "C"}), "Away", "Manufacturing")

    def test_chosen_columns_in_their_order_as_a_file(self):
        answer = self.post(f"{NEW}?view=away", place_name="2", place_phone="1")
        roster = Roster.objects.get()
        self.assertRedirects(answer, reverse("roster", args=[roster.pk]))
        self.assertEqual((roster.columns, roster.rows, roster.is_full), (["phone", "name"], 1, False))
        self.shows(self.client.get(reverse("roster", args=[roster.pk])), "Phone · Name", "Download", roster.sha256[:16])
        answer = self.client.get(reverse("roster_file", args=[roster.pk]))
        self.assertIn("attachment", answer["Content-Disposition"])
        self.assertEqual(hashlib.sha256(b"".join(answer.streaming_content)).hexdigest(), roster.sha256)

    def test_the_office_finds_its_last_columns_again(self):
        self.post(place_name="2", place_phone="1")
        chosen = [choice.name for choice in self.client.get(NEW).context["choices"] if choice.is_chosen]
        self.assertEqual(chosen, ["phone", "name"])
        chosen = [choice.name for choice in self.client.get(NEW, {"preset": "national"}).context["choices"] if choice.is_chosen]
        self.assertEqual(chosen, NATIONAL)

    def test_before_it_says_how_many_and_which(self):
        self.shows(self.client.get(NEW, {"view": "away", "industry": "C"}), "1 person will be exported", "大煤洞村", "Away")
        self.shows(self.client.get(NEW, {"kind": "transfers"}), "3 people will be exported", "4 rows, one for each departure")
        self.hides(self.client.get(NEW), "one for each departure")

    def test_the_ticked_rows_of_the_list(self):
        page = self.client.get(reverse("people"), {"view": "away"})
        self.shows(page, f'name="ticked" value="{self.xiuying.pk}"', '<input type="hidden" name="view" value="away">')
        address = f"{NEW}?view=away&ticked={self.xiuying.pk}&ticked={self.yulan.pk}&ticked={self.stranger.pk}&ticked="
        page = self.client.get(address)
        self.shows(page, "2 people will be exported", "Ticked rows", f'{reverse("people")}?view=away"')
        self.hides(page, "3 people")
        self.assertEqual(self.post(address).status_code, 302)
        roster = Roster.objects.get()
        self.assertEqual([row[0] for row in table(roster)[1:]], ["马玉兰", "王秀英"])
        self.assertRedirects(self.client.get(f"{NEW}?view=away&ticked="), f"{reverse('people')}?view=away")

    def test_the_same_again(self):
        self.post(f"{NEW}?view=away&kind=transfers&village={cast.HOME}", place_name="2", place_phone="1", file_type="csv")
        self.post(column=["sex"])
        again = reverse("roster_again", args=[Roster.objects.get(file_type="csv").pk])
        self.shows(self.client.get(NEW), again, "Same again")
        page = self.client.get(again, follow=True)
        self.shows(page, "1 person will be exported", "Away")
        self.assertEqual(page.context["kind"], "transfers")
        self.assertEqual([choice.name for choice in page.context["choices"] if choice.is_chosen], ["phone", "name"])
        self.assertEqual(page.context["form"]["file_type"].value(), "csv")
        self.assertEqual(self.post(page.redirect_chain[-1][0]).status_code, 302)
        self.assertEqual(Roster.objects.first().narrowed, {"view": "away", "village": cast.HOME})

    def test_not_the_same_again_where_it_would_be_of_more_people(self):
        self.post(f"{NEW}?q={NUMBER}")
        again = reverse("roster_again", args=[Roster.objects.get().pk])
        self.assertContains(self.client.get(again), "Search for it again", status_code=409)
        Roster.objects.update(narrowed={"village": cast.FAR})
        self.assertContains(self.client.get(again), "no longer known to your account", status_code=409)

    def test_the_standard_columns_come_back(self):
        self.post(column=["sex"])
        self.shows(self.client.get(NEW), "Restore the standard columns")
        page = self.client.get(NEW, {"preset": "usual"})
        self.assertEqual([choice.name for choice in page.context["choices"] if choice.is_chosen], USUAL["ledger"])

    def test_in_full_asks_why(self):
        self.shows(self.post(numbers="full"), "Say what you need the numbers for")
        self.shows(self.post(numbers="full", reason=f"见 {NUMBER}"), "There is 1 thing to put right")
        self.assertFalse(Roster.objects.exists())
        self.assertEqual(self.post(numbers="full", reason="核对").status_code, 302)
        self.assertTrue(Roster.objects.get().is_full)

    def test_no_column_no_file(self):
        self.shows(self.post(column=[]), "Choose at least one column")
        self.shows(self.post(column=["id_cipher"]), "Choose at least one column")

    def test_nobody_else_finds_the_file(self):
        self.post()
        roster = Roster.objects.get()
        other = cast.officer("second", "village", cast.HOME)
        for officer in (other, self.wang, self.zhao, self.sun):
            self.sign_in(officer)
            for name in ("roster", "roster_file", "roster_again"):
                self.assertEqual(self.client.get(reverse(name, args=[roster.pk])).status_code, 404)
        self.sign_in(self.li)
        self.li.postings.update(to_on=date(2026, 11, 4))
        self.assertEqual(self.client.get(reverse("roster_file", args=[roster.pk])).status_code, 404)

    def test_leaders_and_administrators_export_nobody(self):
        for officer in (self.leader, self.admin):
            self.sign_in(officer)
            self.assertEqual(self.client.get(NEW).status_code, 404)

    def test_while_it_waits_the_page_counts(self):
        with mock.patch("workers.sheets.rosters.MANY", 2), mock.patch("workers.sheets.ordering._hand_over"):
            self.post()
        roster = Roster.objects.get()
        page = reverse("roster", args=[roster.pk])
        self.shows(self.client.get(page), "It waits for its turn")
        (storing.folder() / f"{roster.stored_as}.json").write_text("2")
        self.shows(self.client.get(page), "2 of 3 rows")
        self.assertEqual(self.client.get(reverse("roster_file", args=[roster.pk])).status_code, 404)


class TheCommand(Ledger):
    def call(self, *args, **options):
        out = io.StringIO()
        call_command("export_roster", *args, stdout=out, **options)
        return out.getvalue()

    def file(self, name="out.xlsx") -> Path:
        return storing.folder().parent / name

    def test_writes_the_file_and_the_trail(self):
        said = self.call("ledger", str(self.file()), officer="LI", columns="name,id_number", full=True, reason="核对")
        found = load_workbook(self.file()).active
        self.assertIn(NUMBER, [row[1] for row in found.iter_rows(values_only=True)])
        self.assertIn(hashlib.sha256(self.file().read_bytes()).hexdigest(), said)
        self.assertEqual(AuditEvent.objects.latest("number").detail["numbers"], "full")
        self.assertEqual(self.file().stat().st_mode & 0o777, 0o600)

    def test_of_an_area(self):
        self.call("workers", str(self.file("out.csv")), officer="zhao", area=cast.FAR[:9])
        found = self.file("out.csv").read_text(encoding="utf-8-sig")
        self.assertIn("孙有才", found)
        self.assertNotIn("王秀英", found)

    def test_what_is_refused(self):
        for args, options in (
            (("ledger", "out.xls"), {"officer": "li"}), (("ledger", "out.csv"), {"officer": "nobody"}),
            (("ledger", "out.csv"), {"officer": "leader"}), (("ledger", "out.csv"), {"officer": "li", "area": cast.FAR}),
            (("ledger", "out.csv"), {"officer": "li", "full": True}), (("ledger", "out.csv"), {"officer": "li", "columns": "x"}),
            (("workers", "out.csv"), {"officer": "li", "preset": "national"}),
        ):
            with self.subTest(args=args, **options), self.assertRaises(CommandError):
                self.call(args[0], str(self.file(args[1])), **options)
            self.assertFalse(self.file(args[1]).exists())
