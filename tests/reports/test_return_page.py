"""One return on one page: submitting, approving, sending back and answering, without JavaScript."""

import gzip
from datetime import date

from django.conf import settings

from laborreg import clock
from officers.models import AuditEvent
from reports import actions
from reports.layout import CARDS, rows
from reports.models import CellMessage, ReturnVersion
from reports.views.desk import WORDS
from tests.cast import FAR, NEXT_DOOR, transfer, worker
from tests.reports.pages import Pages, busy_village
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from workers.ledger import KEYS

REASON = {"reason": "两人没有地址"}


class ReturnPages(Pages):
    def build(self):
        super().build()
        self.submit(SEPTEMBER)

    def setUp(self):
        super().setUp()
        self.sign_in(self.li)

    def leave(self, name="马成龙", **facts):
        who = worker(name)
        transfer(who, date(2026, 10, 5), **{"pay": 4500} | facts)
        return who


class Reading(ReturnPages):
    def test_every_figure_stands_on_the_page_once(self):
        shown = [row.key for card in CARDS for row in rows(card) if row.key]
        self.assertEqual(sorted(shown), sorted(KEYS))

    def test_a_draft_says_what_the_ledger_says_now_and_opens_the_names(self):
        self.leave()
        page = self.get()
        self.assertContains(page, "From the ledger, now")
        self.assertContains(page, self.at("cell", "away"))
        self.assertEqual([term["value"] for term in page.context["desk"].terms], ["0", "1", "0", "1"])

    def test_moved_and_late_join_the_equation_when_they_are_not_0(self):
        transfer(worker("补报"), date(2026, 9, 4), pay=3100)
        terms = self.get().context["desk"].terms
        self.assertEqual([(term["sign"], term["value"]) for term in terms],
                         [("", "0"), ("+", "0"), ("−", "0"), ("+", "1"), ("=", "1")])

    def test_last_month_and_a_year_before_stand_beside(self):
        busy_village()
        clock.pin(date(2026, 10, 2))
        actions.send_back(self.ret(SEPTEMBER), by=self.wang, reason="x")
        self.submit(SEPTEMBER)
        card = next(card for card in self.get().context["desk"].cards if card["name"] == "movement")
        away = next(row for row, _url in card["rows"] if row.key == "away")
        self.assertEqual((away.value, away.before, away.a_year_before), (9, 11, None))

    def test_what_was_filed_stays_and_what_is_known_now_is_told_beside(self):
        self.leave()
        self.submit(OCTOBER)
        self.leave("后来")
        page = self.get()
        self.assertContains(page, "As filed in version 1")
        self.assertEqual(page.context["desk"].figures["away"], 1)
        self.assertContains(page, "The ledger says otherwise by now")
        now = self.client.get(self.at() + "?as=now")
        self.assertEqual(now.context["desk"].figures["away"], 2)
        self.assertContains(now, "?as=now")

    def test_the_month_that_runs_can_be_looked_at_before_it_is_opened(self):
        page = self.get(month=OCTOBER.next)
        self.assertContains(page, "Month not over")
        self.assertNotContains(page, "submit-form")
        self.get(month=OCTOBER.plus(2), status=404)
        self.assertEqual(self.post("return_submit", month=OCTOBER.next).status_code, 404)

    def test_strangers_find_nothing(self):
        for stranger in (self.sun, self.leader, self.admin, self.wang2, self.second):
            self.sign_in(stranger)
            self.get(status=404)
            for step in ("return_submit", "return_approve", "return_send_back"):
                self.assertEqual(self.client.post(self.at(step)).status_code, 404)
        self.sign_in(self.li)
        self.get(village=FAR, status=404)
        self.get(village="99", status=404)

    def test_queries_do_not_grow_with_the_village(self):
        self.leave()
        few = self.queries(self.at())
        for number in range(40):
            self.leave(f"多{number}")
        self.assertEqual(self.queries(self.at()), few)
        self.assertLessEqual(few, 29)
        self.submit(OCTOBER)
        self.assertLessEqual(self.queries(self.at()), 29)

    def test_the_first_load_stays_below_60_kb(self):
        busy_village()
        files = [settings.BASE_DIR / "static" / name for name in ("app.css", "app.js", "favicon.svg")]
        shell = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)
        for address in ("/", "/returns/", self.at(), self.at("cell", "away")):
            page = len(gzip.compress(self.client.get(address).content, 9))
            self.assertLess(shell + page, 60 * 1024, address)

    def test_the_page_speaks_both_languages(self):
        self.client.cookies["django_language"] = "zh-hans"
        self.assertContains(self.get(), 'lang="zh-Hans"')
        self.assertContains(self.get(), "2026年10月")


class Submitting(ReturnPages):
    def test_submitting_says_how_many_are_away_and_on_last_month(self):
        self.leave()
        page = self.submit_typed(seen=self.get().context["desk"].fingerprint)
        self.assertContains(page, "October 2026 is submitted: 1 person away, +1 on last month.")
        self.assertEqual(self.state(), "submitted")
        self.assertContains(page, "As filed in version 1")

    def test_nothing_to_report_is_said_by_the_button(self):
        page = self.get()
        self.assertContains(page, "Submit: nothing changed")
        self.assertContains(self.submit_typed(), "say that there is nothing to report")
        self.assertEqual(self.state(), "draft")
        self.submit_typed(is_nil="1")
        self.assertTrue(ReturnVersion.objects.get(month=OCTOBER).is_nil)

    def test_a_warning_is_explained_and_what_was_typed_stays(self):
        self.leave(pay=None)
        transfer(worker("补报"), date(2026, 9, 4))
        page = self.submit_typed(explain_nobody_away_earns="下月补报收入")
        self.assertContains(page, "Explain it in one line")
        self.assertContains(page, "下月补报收入")
        self.assertEqual(self.state(), "draft")
        self.submit_typed(explain_nobody_away_earns="下月补报收入", explain_something_came_late="补录")
        version = ReturnVersion.objects.get(month=OCTOBER)
        self.assertEqual(version.explanations,
                         {"nobody_away_earns": "下月补报收入", "something_came_late": "补录"})
        self.assertContains(self.get(), "Explained: 下月补报收入")

    def test_figures_that_changed_since_the_page_was_shown_are_looked_at_again(self):
        self.leave()
        seen = self.get().context["desk"].fingerprint
        self.leave("后来")
        self.assertContains(self.submit_typed(seen=seen), "The ledger changed since you looked")
        self.assertEqual(self.state(), "draft")
        self.submit_typed(seen=self.get().context["desk"].fingerprint)
        self.assertEqual(self.state(), "submitted")

    def test_the_second_click_is_told_what_happened(self):
        self.submit_typed(is_nil="1")
        page = self.submit_typed(is_nil="1")
        self.assertContains(page, "changed meanwhile; it is now: Submitted")
        self.assertEqual(ReturnVersion.objects.filter(month=OCTOBER).count(), 1)

    def test_after_the_closing_day_the_page_says_who_can(self):
        clock.pin(date(2026, 11, 6))
        page = self.get()
        self.assertContains(page, "now only the station can submit it")
        self.assertNotContains(page, "submit-form")
        self.assertContains(self.submit_typed(is_nil="1"), "now only the station can submit it")
        self.assertEqual(self.state(), "draft")

    def test_the_station_files_for_a_village_with_its_reason(self):
        self.sign_in(self.wang)
        self.assertContains(self.get(), "has an officer, who can submit until")
        clock.pin(date(2026, 11, 6))
        self.assertContains(self.submit_typed(is_nil="1"), "Say why the station submits for the village")
        page = self.submit_typed(is_nil="1", filed_for_reason="信息员生病")
        self.assertContains(page, "信息员生病")
        self.assertContains(page, "You submitted the return")
        self.assertContains(self.post("return_approve", version=1), "somebody else must approve it")
        self.assertEqual(self.state(), "submitted")

    def test_opening_the_address_of_the_step_leads_to_the_return(self):
        self.assertRedirects(self.client.get(self.at("return_submit")), self.at())


class Reviewing(ReturnPages):
    def build(self):
        super().build()
        self.leave()
        self.submit(OCTOBER)
        self.submit(SEPTEMBER, NEXT_DOOR, self.second)
        self.submit(OCTOBER, NEXT_DOOR, self.second)
        actions.approve([self.ret(SEPTEMBER), self.ret(SEPTEMBER, NEXT_DOOR)], by=self.wang)

    def setUp(self):
        super().setUp()
        self.sign_in(self.wang)

    def test_the_station_approves_and_goes_on_to_the_next(self):
        self.assertContains(self.get(), "元树尔村")
        page = self.post("return_approve", version=1)
        self.assertEqual(self.state(), "approved")
        self.assertRedirects(page, self.at(village=NEXT_DOOR))
        self.assertContains(page, "大煤洞村, October 2026 is approved. Still waiting: 1.")
        page = self.post("return_approve", village=NEXT_DOOR, version=1)
        self.assertContains(page, "No other is waiting")

    def test_a_version_that_came_in_meanwhile_is_not_approved_unseen(self):
        self.assertContains(self.post("return_approve", version=2), "look at its newest version")
        self.assertEqual(self.state(), "submitted")
        self.post("return_approve", version=1)
        self.assertContains(self.post("return_approve", version=1), "changed meanwhile; it is now: Approved")

    def test_the_village_neither_approves_nor_sends_back(self):
        self.sign_in(self.li)
        self.assertNotContains(self.get(), "send-back")
        for step in ("return_approve", "return_send_back"):
            self.assertEqual(self.post(step, version=1, **REASON).status_code, 404)
        self.assertEqual(self.state(), "submitted")

    def test_sending_back_needs_a_reason_and_whole_questions(self):
        page = self.post("return_send_back", version=1, question_1="马成龙还在吗?", figure_2="left")
        for words in ("Say why the return is sent back", "Choose the figure", "Write the question", "马成龙还在吗?"):
            self.assertContains(page, words)
        self.assertEqual(self.state(), "submitted")

    def test_sent_back_asked_answered_and_submitted_again(self):
        self.post("return_send_back", version=1, figure_1="away", question_1="马成龙还在吗?", **REASON)
        self.assertEqual(self.state(), "sent_back")
        self.sign_in(self.li)
        page = self.get()
        for words in ("两人没有地址", "马成龙还在吗?", "Check and submit", "Version 1"):
            self.assertContains(page, words)
        self.assertContains(self.submit_typed(), "is not answered yet")
        question = CellMessage.objects.get()
        self.assertContains(self.post("return_answer", question.pk), "Write an answer")
        self.assertContains(self.post("return_answer", question.pk, **{f"q{question.pk}-text": "在"}), "is kept")
        self.leave("第二人")
        self.assertTrue(any(row.has_changed for card in self.get().context["desk"].cards for row, _url in card["rows"]))
        self.submit_typed()
        self.assertEqual(self.ret(OCTOBER).newest.number, 2)
        self.sign_in(self.wang)
        page = self.get()
        self.assertContains(page, "在")
        self.assertContains(page, "?version=1")
        self.assertContains(self.client.get(self.at() + "?version=1"), "Version 1 as it was filed")

    def test_the_station_answers_where_it_files_for_the_village(self):
        self.post("return_send_back", version=1, figure_1="away", question_1="?", **REASON)
        clock.pin(date(2026, 11, 6))
        question = CellMessage.objects.get()
        self.post("return_answer", question.pk, **{f"q{question.pk}-text": "在"})
        self.submit_typed(filed_for_reason="信息员生病")
        self.assertEqual(self.state(), "submitted")

    def test_questions_of_another_return_are_not_found(self):
        self.post("return_send_back", version=1, figure_1="away", question_1="?", **REASON)
        question = CellMessage.objects.get()
        self.sign_in(self.second)
        self.assertEqual(self.post("return_answer", question.pk, village=NEXT_DOOR).status_code, 404)

    def test_the_county_sends_back_what_is_approved(self):
        self.post("return_approve", version=1)
        self.assertNotContains(self.get(), "send-back")
        self.sign_in(self.zhao)
        self.post("return_send_back", version=1, **REASON)
        self.assertEqual(self.state(), "sent_back")

    def test_every_step_of_the_trail_has_its_words(self):
        self.post("return_approve", version=1)
        verbs = set(AuditEvent.objects.filter(subject_kind="monthlyreturn").values_list("verb", flat=True))
        self.assertLessEqual(verbs, set(WORDS))
        self.assertContains(self.get(), "approved it")

    def test_queries_of_a_review_do_not_grow_with_the_queue(self):
        self.assertLessEqual(self.queries(self.at()), 33)


class Lists(ReturnPages):
    def test_the_village_sees_its_months(self):
        self.submit(OCTOBER)
        page = self.client.get("/returns/")
        self.assertContains(page, "October 2026")
        self.assertContains(page, "September 2026")
        self.assertContains(page, "Submitted")
        self.assertContains(page, "nothing changed")

    def test_station_and_county_see_the_villages_of_a_month(self):
        self.sign_in(self.wang)
        page = self.client.get("/returns/")
        self.assertContains(page, "大煤洞村")
        self.assertNotContains(page, "东门村")
        self.sign_in(self.zhao)
        self.assertContains(self.client.get("/returns/?month=2026-09"), "东门村")
        page = self.client.get("/returns/?month=2026-09&township=630121100")
        self.assertNotContains(page, "东门村")

    def test_neither_leader_nor_administrator(self):
        for who in (self.leader, self.admin):
            self.sign_in(who)
            self.assertEqual(self.client.get("/returns/").status_code, 404)

    def test_queries_are_the_same_for_one_month_and_for_many(self):
        few = self.queries("/returns/")
        self.submit(OCTOBER)
        self.assertEqual(self.queries("/returns/"), few)
        self.assertLessEqual(few, 9)
        self.sign_in(self.zhao)
        few = self.queries("/returns/?month=2026-09")
        self.submit(SEPTEMBER, FAR, self.sun)
        self.assertEqual(self.queries("/returns/?month=2026-09"), few)
        self.assertLessEqual(few, 14)
