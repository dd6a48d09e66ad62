"""Pay list, list of a course, ranking: longer than one person may take they leave with a second person's word, once."""

import re
from html import unescape
from io import BytesIO

from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from brokers.models import Broker
from laborreg import clock, crypto
from officers.models import AuditEvent, Message, Officer
from support.actions import training as actions
from support.models import Claim
from tests import cast
from tests.support.leading import Desk
from tests.support.test_actions_claims import ClaimCase
from tests.support.test_training import Training
from villages.models import CountySettings
from workers.models import ExportRequest

ALONE = "leave only when a second person"
FIELDS = re.compile(r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)">')


class SecondPerson:
    """Two officers at the county bureau, in a county where nobody takes a row alone."""

    def browser(self, name):
        self.client.force_login(Officer.objects.get(username=name))
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()
        return self.client

    def sent(self, name, url, fields, *texts):
        """The answer to the form of an officer, which tells these texts."""
        answer = self.browser(name).post(url, fields)
        for text in texts:
            self.assertContains(answer, text)
        return answer

    def taken(self, asker, url, fields) -> list[tuple]:
        """The rows of the file, after it was asked for, approved by Qian and written from the page of the request."""
        CountySettings.objects.update(export_limit=0)
        qian = cast.officer("qian", "county", cast.COUNTY)
        again = self.fields(self.sent(asker, url, fields, ALONE)) | {"ask": "1"}
        self.sent(asker, url, again | {"reason": " "}, "Enter a reason")
        self.sent(asker, url, again | {"reason": "报送材料"})
        asked = ExportRequest.objects.get()
        address = reverse("export_request", args=[asked.pk])
        self.assertNotContains(self.browser(asker).get(address), "Write the list")
        self.assertIn("asks to export", str(Message.objects.filter(officer=qian).get()))
        self.assertContains(self.browser("qian").get(address), asked.narrowed["what"])
        self.client.post(reverse("export_approve", args=[asked.pk]))
        page = self.browser(asker).get(address)
        self.assertContains(page, f'action="{url.partition("?")[0]}"')
        answer = self.sent(asker, url, self.fields(page))
        event = AuditEvent.objects.latest("number")
        self.assertEqual((event.detail["request"], event.detail["approved_by"]), (asked.pk, "qian"))
        self.assertEqual(ExportRequest.objects.get().state, "written")
        self.sent(asker, url, self.fields(page), ALONE)
        return list(load_workbook(BytesIO(answer.content)).active.values)

    def fields(self, page) -> dict:
        """What the page of the list, or of the request, sends."""
        found: dict[str, list] = {}
        for name, value in FIELDS.findall(page.content.decode()):
            found.setdefault(name, []).append(unescape(value))
        return found


class PayLists(SecondPerson, ClaimCase):
    def ticked(self, claims) -> dict:
        return {"chosen": [f"{claim.pk}:{claim.version}" for claim in claims], "reason": "发放补助"}

    def test_a_pay_list_waits_for_a_second_person(self):
        cipher, version = crypto.encipher("6228480001234567890")
        Broker.objects.filter(pk=self.broker.pk).update(bank="农行", account_cipher=cipher, account_key_version=version)
        rows = self.taken("zhao", f"{reverse('pay_list')}?state=approved", self.ticked(self.approved()))
        self.assertEqual([row[6] or "" for row in rows[2:]], ["6228480001234567890", "", ""])
        self.assertEqual(AuditEvent.objects.latest("number").detail["reason"], "报送材料")

    def test_other_claims_are_another_list_and_changed_ones_are_told(self):
        url, claims = reverse("pay_list"), self.approved()
        CountySettings.objects.update(export_limit=0)
        qian = cast.officer("qian", "county", cast.COUNTY)
        self.sent("zhao", url, self.ticked(claims[:1]) | {"ask": "1"})
        ExportRequest.objects.update(state="approved", decided_by=qian, decided_at=clock.now())
        self.sent("zhao", url, self.ticked(claims), ALONE)
        Claim.objects.filter(pk=claims[0].pk).update(version=claims[0].version + 1)
        self.sent("zhao", url, self.ticked(claims[:1]), "Somebody changed one of these claims")

    def test_the_trail_tells_the_reason_that_was_approved_for_that_place(self):
        url, ticked = reverse("pay_list"), self.ticked(self.approved())
        CountySettings.objects.update(export_limit=0)
        qian = cast.officer("qian", "county", cast.COUNTY)
        self.sent("zhao", url, ticked | {"ask": "1", "reason": "报送银行"})
        decided = {"state": "approved", "decided_by": qian, "decided_at": clock.now()}
        ExportRequest.objects.update(**decided, place_code=cast.HOME[:9])
        self.sent("zhao", url, ticked, ALONE)
        ExportRequest.objects.update(place_code=cast.COUNTY)
        self.sent("zhao", url, ticked | {"reason": "别的用途"})
        detail = AuditEvent.objects.latest("number").detail
        self.assertEqual((detail["approved_by"], detail["reason"]), ("qian", "报送银行"))

    def test_a_list_that_one_may_take_alone_is_not_asked_for(self):
        self.sent("zhao", reverse("pay_list"), self.ticked(self.approved()) | {"ask": "1"})
        self.assertEqual(ExportRequest.objects.count(), 0)
        self.assertEqual(AuditEvent.objects.latest("number").verb, "listed accounts")

    def test_claims_of_two_years_are_two_lists(self):
        claims = self.approved()
        Claim.objects.filter(pk=claims[0].pk).update(year=claims[0].year - 1)
        self.sent("zhao", reverse("pay_list"), self.ticked(claims), "A list holds claims of one scheme and year")

    def test_alone_at_the_bureau_nobody_can_be_asked(self):
        ticked = self.ticked(self.approved())
        CountySettings.objects.update(export_limit=0)
        Officer.objects.filter(role="county").exclude(username="zhao").update(is_active=False)
        answer = self.sent("zhao", reverse("pay_list"), ticked, "Have a second account of the county bureau opened")
        self.assertNotContains(answer, 'name="ask"')


class Courses(SecondPerson, Training):
    def test_the_list_of_a_course_waits_for_a_second_person(self):
        actions.add_to_training(self.course, [self.ma, self.next_door], by=self.wang)
        rows = self.taken("wang", reverse("training_export", args=[self.course.pk]), {})
        self.assertEqual([row[1] for row in rows[3:]], ["马成龙", "祁海英"])


class Rankings(SecondPerson, Desk):
    def test_a_ranking_waits_for_a_second_person(self):
        rows = self.taken("zhao", reverse("ranking_export"), {"year": "2026", "month": "3", "sort": "persons", "township": ""})
        self.assertEqual([row[0] for row in rows[3:]], ["马占海", "韩梅花"])
        self.assertIn("2026-03", ExportRequest.objects.get().narrowed["what"])
