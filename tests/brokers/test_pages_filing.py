"""The pages of the filing: one broker's steps, lists for objection, complaints, and what strangers read of a certificate."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brokers import actions
from brokers.models import Complaint, Publication
from laborreg import clock
from tests.brokers.filing_desk import ALL, STATION, BrokerDesk
from tests.cast import FAR
from tests.workers.desk import TODAY, id_number


class OneFiling(BrokerDesk):
    def test_li_recommends_and_sees_what_comes_next(self):
        broker = self.at("registered")
        page = self.get(self.li, "broker_filing", broker.pk)
        self.assertContains(page, "Next: recommended by the village")
        self.assertContains(page, "630000********")
        self.assertNotContains(page, id_number("19800101", "011"))
        self.assertNotContains(page, "1980-01-01")
        self.post(self.li, "broker_step", broker.pk, "recommended", version=1, conditions=ALL)
        page = self.get(self.li, "broker_filing", broker.pk)
        self.assertContains(page, "Next: training")
        self.assertEqual([str(step["label"]) for step in page.context["line"]],
                         ["Recommended", "Training", "Publish", "Filing"])
        self.assertContains(page, "2026-11-04 · Li")

    def test_a_refusal_stands_on_the_page(self):
        broker = self.at("registered")
        page = self.post(self.li, "broker_step", broker.pk, "recommended", version=1, conditions=ALL[:2], status=200)
        self.assertContains(page, "Recommend only a broker of whom all of this is true")
        page = self.post(self.li, "broker_step", broker.pk, "recommended", version=1, status=200)
        self.assertContains(page, "Recommend only a broker of whom all of this is true")
        page = self.post(self.zhao, "broker_step", broker.pk, "filed", version=1, status=200)
        self.assertContains(page, "stands at “Registered”")
        self.assertEqual(self.now(broker).state, "registered")

    def test_what_is_missing_is_told_in_words(self):
        page = self.get(self.li, "broker_filing", self.register(order="").pk)
        self.assertContains(page, "Enter the ID number first")
        self.assertNotContains(page, "Recommend</button>")
        page = self.get(self.zhao, "broker_filing", self.at("published", "013").pk)
        self.assertContains(page, "The list is published until 2026-11-10")

    def test_zhao_files_suspends_and_revokes(self):
        broker = self.at("published")
        self.later(7)
        self.assertContains(self.get(self.wang, "broker_filing", broker.pk), "The county bureau files")
        self.post(self.zhao, "broker_step", broker.pk, "filed", version=broker.version)
        self.assertContains(self.get(self.zhao, "broker_filing", broker.pk), "63012120260001")
        page = self.post(self.zhao, "broker_step", broker.pk, "revoked", version=5, reason="", status=200)
        self.assertContains(page, "Give the reason")
        self.post(self.zhao, "broker_step", broker.pk, "revoked", version=5, reason="查实收费")
        self.assertContains(self.get(self.li, "broker_filing", broker.pk), "查实收费")

    def test_the_step_that_courses_take_and_steps_that_are_none(self):
        broker = self.at("recommended")
        for step in ("trained", "published", "anything"):
            self.post(self.zhao, "broker_step", broker.pk, step, version=2, status=404)

    def test_the_broker_of_elsewhere_does_not_exist(self):
        broker = self.at("registered")
        for page in ("broker_filing", "broker_reveal", "broker_edit", "certificate"):
            self.get(self.sun, page, broker.pk, status=404)
        self.post(self.sun, "broker_step", broker.pk, "recommended", version=1, conditions=ALL, status=404)

    def test_name_and_number_of_the_filed_are_shown_and_not_asked_of_the_village(self):
        broker = self.at("filed")
        page = self.get(self.li, "broker_edit", broker.pk)
        self.assertContains(page, "the county bureau changes them")
        self.assertContains(page, "A filed broker is stopped by the station or the county bureau")
        self.assertTrue(page.context["form"]["name"].field.disabled)
        facts = {"name": "别人", "kind": "full_time", "registered_on": "2026-10-28", "version": broker.version}
        self.post(self.li, "broker_edit", broker.pk, **facts)
        self.assertEqual((self.now(broker).name, self.now(broker).kind), ("冶得山", "full_time"))
        self.post(self.zhao, "broker_edit", broker.pk, **facts | {"version": broker.version + 1})
        self.assertContains(self.get(self.li, "broker_filing", broker.pk), "冶得山 → 别人")

    def test_the_village_reads_no_complaint(self):
        broker = self.at("filed")
        actions.record_complaint(broker, by=self.wang, kind="complaint", received_on=TODAY, said="说他收费")
        self.assertNotContains(self.get(self.li, "broker_filing", broker.pk), "说他收费")
        self.assertContains(self.get(self.wang, "broker_filing", broker.pk), "说他收费")
        self.get(self.li, "complaints", status=404)
        self.get(self.li, "publications", status=404)


class Lists(BrokerDesk):
    def test_wang_ticks_who_is_published(self):
        one, two = self.at("trained"), self.at("trained", "013")
        page = self.get(self.wang, "publication_new")
        self.assertEqual(page.context["ticked"], {str(one.pk), str(two.pk)})
        days = {"place": STATION, "from_on": "2026-11-04", "to_on": "2026-11-09"}
        page = self.post(self.wang, "publication_new", brokers=[one.pk], status=200, **days)
        self.assertContains(page, "for at least 7 days")
        self.assertEqual(page.context["ticked"], {str(one.pk)})
        page = self.post(self.wang, "publication_new", status=200, **days)
        self.assertContains(page, "Choose at least one broker")
        self.post(self.wang, "publication_new", brokers=[one.pk], **days | {"to_on": "2026-11-10"})
        self.assertEqual([self.now(broker).state for broker in (one, two)], ["published", "trained"])
        self.assertContains(self.get(self.wang, "publications"), "hangs out")

    def test_wang_withdraws_a_list_and_makes_another(self):
        broker = self.at("published")
        made = Publication.objects.get()
        page = self.post(self.wang, "publication_withdraw", made.pk, reason="", status=200)
        self.assertContains(page, "Give the reason")
        self.post(self.wang, "publication_withdraw", made.pk, reason="末日写错")
        page = self.get(self.wang, "publication", made.pk)
        self.assertContains(page, "Withdrawn on 2026-11-04: 末日写错")
        self.assertNotContains(page, "Withdraw the list</b>")
        self.later(2)
        self.publish(self.now(broker), from_on=TODAY)
        page = self.get(self.wang, "publications")
        self.assertEqual([row.waiting for row in page.context["page_obj"]], [1, 0])
        self.assertContains(page, "withdrawn")
        self.assertContains(self.get(self.li, "broker_filing", broker.pk), "2026-11-04 · recorded on 2026-11-06 · Wang")

    def test_the_paper_names_nobody_in_full(self):
        broker = self.at("published")
        made = Publication.objects.get()
        page = self.get(self.wang, "publication_paper", made.pk)
        self.assertContains(page, "马*")
        self.assertNotContains(page, broker.name)
        self.assertContains(page, "630000********")
        self.assertContains(page, "2026-11-04 to 2026-11-10 (7 days)")
        self.assertContains(page, "Labor station of 桥头镇")

    def test_zhao_files_all_without_objection(self):
        clean, objected = self.at("trained"), self.at("trained", "013")
        made = self.publish(clean, objected)
        actions.record_complaint(objected, by=self.wang, kind="objection", received_on=TODAY, said="收费")
        self.assertEqual(self.get(self.zhao, "brokers").context["to_file"], 0)
        self.later(7)
        for name in ("publications", "brokers"):
            self.assertContains(self.get(self.zhao, name), "The lists of 2 brokers are over; the county bureau files")
        self.assertNotContains(self.get(self.li, "brokers"), "the county bureau files")
        page = self.get(self.zhao, "publication", made.pk)
        self.assertContains(page, "In the way of 1 broker stands nothing")
        self.assertContains(page, "An objection is not settled yet")
        self.assertNotContains(self.get(self.wang, "publication", made.pk), "File all without objection")
        self.post(self.wang, "publication_file", made.pk, status=404)
        self.post(self.zhao, "publication_file", made.pk)
        self.assertEqual([self.now(broker).state for broker in (clean, objected)], ["filed", "published"])

    def test_the_list_of_another_station_does_not_exist(self):
        self.at("published")
        made = Publication.objects.get()
        self.wang.postings.update(place_code=FAR[:9])
        for page in ("publication", "publication_paper"):
            self.get(self.wang, page, made.pk, status=404)
        self.assertNotContains(self.get(self.wang, "publications"), "2026-11-10")

    def test_a_longer_list_asks_no_more_queries(self):
        first = self.at("published")
        made = Publication.objects.get()
        actions.record_complaint(first, by=self.wang, kind="objection", received_on=TODAY, said="收费")
        self.later(7)
        pages = [("publications",), ("publication", made.pk), ("publication_paper", made.pk), ("complaints",), ("brokers",)]
        before = [self.queries(*page) for page in pages]
        clock.pin(TODAY)
        for number in range(3):
            other = self.at("trained", f"0{number}3")
            made.steps.create(broker=other, step="published", on=TODAY, by=self.wang, at=clock.now())
            type(other).objects.filter(pk=other.pk).update(state="published")
            Complaint.objects.create(
                broker=other, kind="objection", received_on=TODAY, said="收费", by=self.wang, at=clock.now()
            )
        self.at("published", "033")
        self.later(7)
        self.assertEqual([self.queries(*page) for page in pages], before)
        self.assertEqual(before, [11, 14, 13, 9, 11])

    def queries(self, name, *args):
        self.sign_in(self.zhao)
        address = reverse(name, args=args)
        self.client.get(address)
        with CaptureQueriesContext(connection) as asked:
            self.assertEqual(self.client.get(address).status_code, 200)
        return len(asked)


class ComplaintPages(BrokerDesk):
    def test_from_the_record_to_the_answer(self):
        broker = self.at("published")
        self.post(self.wang, "complaint_new", broker.pk, kind="objection", received_on="2026-11-04", said="收费")
        row = Complaint.objects.get()
        self.assertContains(self.get(self.zhao, "complaints"), "收费")
        page = self.post(self.wang, "complaint", row.pk, outcome="upheld", answer="", settled_on="2026-11-04", status=200)
        self.assertContains(page, "Write what was found")
        self.post(self.wang, "complaint", row.pk, outcome="dismissed", answer="不属实", settled_on="2026-11-04")
        self.assertNotContains(self.get(self.zhao, "complaints"), "收费")
        self.assertContains(self.get(self.zhao, "complaints", view="settled"), "收费")
        self.assertContains(self.get(self.zhao, "complaint", row.pk), "不属实")

    def test_what_was_typed_stays(self):
        broker = self.at("filed")
        page = self.post(self.wang, "complaint_new", broker.pk, kind="objection", received_on="2026-11-04", said="收了钱",
                         status=200)
        self.assertContains(page, "not published for objection")
        self.assertContains(page, "收了钱")

    def test_of_elsewhere_nothing_is_read(self):
        broker = self.at("filed")
        row = actions.record_complaint(broker, by=self.wang, kind="complaint", received_on=TODAY, said="收费")
        self.wang.postings.update(place_code=FAR[:9])
        self.get(self.wang, "complaint", row.pk, status=404)
        self.get(self.wang, "complaint_new", broker.pk, status=404)
        self.assertNotContains(self.get(self.wang, "complaints"), "收费")


class Certificates(BrokerDesk):
    def check(self, broker):
        """As somebody reads it who scans the code: signed in nowhere."""
        self.client.logout()
        return self.client.get(reverse("certificate_check", args=[broker.certificate_word]))

    def test_printed_of_the_filed_only(self):
        broker, published = self.at("filed"), self.at("published", "013")
        for page in ("certificate", "certificate_card"):
            answer = self.get(self.wang, page, broker.pk)
            self.assertContains(answer, "63012120260001")
            self.assertContains(answer, '<svg')
            self.get(self.li, page, broker.pk, status=404)
            self.get(self.zhao, page, published.pk, status=404)
        actions.suspend_broker(broker, by=self.zhao, version=broker.version, reason="查")
        self.get(self.zhao, "certificate", broker.pk, status=404)

    def test_strangers_read_whether_it_holds_and_no_more(self):
        broker = self.at("filed", phone="13897123456")
        answer = self.check(broker)
        self.assertContains(answer, "This certificate is valid")
        for told in ("冶*山", 'class="is-ok"', "大通回族土族自治县", "2026-11-04"):
            self.assertContains(answer, told)
        for hidden in (broker.name, broker.certificate_number, "630000", "大煤洞", "桥头", "138"):
            self.assertNotContains(answer, hidden)
        self.assertEqual((answer["Cache-Control"], answer["X-Robots-Tag"]), ("no-store", "noindex"))
        self.assertContains(answer, '<meta name="robots" content="noindex">')

    def test_suspended_revoked_stopped(self):
        broker = self.at("filed")
        broker = actions.suspend_broker(broker, by=self.zhao, version=broker.version, reason="群众举报")
        self.later(1)
        self.assertContains(self.check(broker), "This certificate is suspended")
        self.assertContains(self.check(broker), 'class="is-warn"')
        self.assertNotContains(self.check(broker), "群众举报")
        broker = actions.revoke_broker(broker, by=self.zhao, version=broker.version, reason="属实")
        self.assertContains(self.check(broker), "This certificate is revoked")
        self.assertContains(self.check(broker), "2026-11-05")
        other = self.at("filed", "013")
        self.later(1)
        actions.stop_broker(other, by=self.wang, version=other.version, stopped_on=date(2026, 11, 5))
        self.assertContains(self.check(other), "This broker has stopped")

    def test_a_word_of_nobody(self):
        self.at("filed")
        for word in ("x", "A" * 22, "A" * 3000):
            answer = self.client.get(reverse("certificate_check", args=[word]))
            self.assertContains(answer, "No such certificate", status_code=404)
            self.assertEqual(answer["X-Robots-Tag"], "noindex")
