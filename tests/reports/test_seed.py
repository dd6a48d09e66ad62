import random
from datetime import date, timedelta
from io import StringIO
from itertools import pairwise

from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q
from django.test import TestCase
from django.utils import timezone

from brokers import codes
from brokers.models import Broker, Membership, Publication
from laborreg import clock, identity
from laborreg.months import Month
from officers import audit, demo, patterns, watch
from officers.models import AuditEvent, Demo, Officer
from reports import checks, filing, totals
from reports.models import Extension, MonthlyReturn, ReturnVersion, Scan, Seal, TownshipReport
from reports.seed import people as settling
from reports.seed.county import Size, seed_county
from reports.seed.story import Story
from support.models import Claim, ClaimLine
from tests import cast
from villages.models import County, Posting
from workers import ledger, standing, visits
from workers.models import Household, MoveRequest, Phone, Registration, Transfer, UnnamedGroup, Verification, Worker
from workers.reading import rules_of

STORY = Story(workers=130, away=44, labor_force=100)
TINY = Size(workers=240, months=3, villages=14, story=STORY)
LAST = TINY.until


class DemonstrationTest(TestCase):
    """A tiny demo, made once for all its tests."""

    @classmethod
    def setUpTestData(cls):
        cls.said = []
        seed_county(TINY, cls.said.append)
        cls.county = County.objects.get()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        clock.pin(None)
        demo._known.clear()

    def test_the_demo_says_its_day_and_its_progress(self):
        self.assertEqual(Demo.objects.get().today, date(2026, 11, 4))
        self.assertEqual(clock.today(), date(2026, 11, 4))
        self.assertEqual(len([line for line in self.said if "returns filed" in line]), TINY.months)

    def test_months_are_filed_in_office_hours_and_approved_by_somebody_who_reads(self):
        for verb in ("submitted", "approved", "locked"):
            hours = {timezone.localtime(event.at).hour for event in AuditEvent.objects.filter(verb=verb)}
            self.assertTrue(hours and hours <= set(range(8, 18)), (verb, hours))
        moments = AuditEvent.objects.filter(verb="approved").order_by("at").values_list("at", flat=True)
        self.assertGreater(min(later - earlier for earlier, later in pairwise(moments)), patterns.SECONDS_APART)
        for day in {timezone.localtime(at).date() for at in moments}:
            self.assertEqual(watch.look(day), [])

    def test_every_identity_and_partition_holds_in_every_return(self):
        for version in ReturnVersion.objects.all():
            case = checks.Case(version.figures, [], rules_of(self.county)(version.month), is_nil=version.is_nil)
            found = [finding for finding in checks.findings(case) if finding.severity == checks.BLOCK]
            self.assertEqual(found, [], f"{version.village_id} {version.month}")

    def test_the_shares_of_lines_and_events_make_every_figure(self):
        for version in ReturnVersion.objects.filter(month=LAST.previous):
            rows = [*version.filedlines.all(), *version.filedevents.all()]
            for key in set(ledger.KEYS) - {"opening"}:
                self.assertEqual(sum(row.shares.get(key, 0) for row in rows), version.figures[key], key)

    def test_months_before_the_last_are_locked_and_sealed(self):
        before = MonthlyReturn.objects.filter(month__lt=LAST)
        self.assertEqual(set(before.values_list("state", flat=True)), {"locked"})
        self.assertEqual(Seal.objects.count(), TINY.months - 1)
        self.assertTrue(totals.totals("630121", LAST.previous).sealed)

    def test_the_last_month_is_in_mid_flight(self):
        states = dict(MonthlyReturn.objects.filter(month=LAST).values_list("village_id", "state"))
        self.assertEqual([states[STORY.village], states[STORY.deserted]], ["draft", "draft"])
        self.assertLessEqual({"approved", "submitted", "sent_back"}, set(states.values()))
        self.assertEqual(list(states.values()).count("draft"), 2)

    def test_nobody_approved_what_the_same_officer_submitted_and_the_trail_is_whole(self):
        approved = ReturnVersion.objects.filter(approved_by__isnull=False).select_related("approved_by", "submitted_by")
        self.assertEqual({v.approved_by.role for v in approved}, {"township"})
        self.assertEqual({v.submitted_by.role for v in approved}, {"village"})
        self.assertIsNone(audit.first_fault("630121"))

    def test_ids_are_valid_and_of_an_area_that_issues_none(self):
        for worker in Worker.objects.exclude(id_index=None):
            number, _doubt = identity.clean_id_number(worker.id_number)
            self.assertTrue(number.startswith("630000"))
            self.assertEqual(identity.id_facts(number), (worker.sex, worker.birth_date))

    def test_names_and_phones_are_as_the_forms_would_leave_them(self):
        for name in Worker.objects.values_list("name", flat=True):
            self.assertEqual(identity.clean_name(name), name)
        for number in Phone.objects.values_list("number", flat=True):
            self.assertEqual(identity.clean_phone(number), number)

    def test_every_row_has_its_version(self):
        for model in (Worker, Household, Registration, Transfer, UnnamedGroup, Posting):
            self.assertEqual(model.history.filter(history_type="+").count(), model.objects.count(), model)
        ended = Transfer.objects.filter(version=2).first()
        self.assertEqual([row.ended_on for row in ended.history.order_by("history_id")], [None, ended.ended_on])

    def test_new_rows_get_numbers_of_their_own(self):
        made = cast.worker(village=STORY.village)
        self.assertEqual(made.pk, Worker.objects.order_by("-pk").first().pk)

    def test_what_was_recorded_was_known_by_then(self):
        in_time = Q(created_at__date__range=(date(2026, 8, 1), date(2026, 10, 31)))
        self.assertFalse(Transfer.objects.exclude(in_time).exists())
        self.assertFalse(Transfer.objects.filter(started_on__gt=date(2026, 10, 31)).exists())

    def count(self):
        return filing.count_villages(self.county, LAST, [STORY.village])[STORY.village]

    def test_li_finds_the_numbers_of_the_story(self):
        figures = self.count().figures
        found = [figures[key] for key in ("opening", "left", "came_home", "moved", "late", "away", "labor_force")]
        self.assertEqual(found, [39, 9, 4, 0, 0, 44, 100])

    def test_one_more_departure_is_one_more_away(self):
        person = next(line.key[1] for line in self.count().lines if line.state == "home")
        cast.transfer(Worker.objects.get(pk=person), date(2026, 10, 28))
        self.assertEqual(self.count().figures["away"], STORY.away + 1)

    def test_li_has_three_tasks(self):
        people = Worker.objects.filter(village=STORY.village)
        self.assertEqual(MonthlyReturn.objects.get(village=STORY.village, month=LAST).state, "draft")
        self.assertEqual([w.no_id_reason for w in people.filter(id_index=None)], ["not_at_hand"])
        self.assertEqual([g.persons for g in UnnamedGroup.objects.filter(village=STORY.village)], [3])
        ending = Transfer.objects.filter(
            village=STORY.village, ended_on=None, contract_until__lt=date(2027, 2, 28)
        )
        self.assertFalse(ending.exists())
        self.assertFalse(visits.stale(Transfer.objects.filter(village=STORY.village), date(2026, 11, 4), 90).exists())

    def test_the_desks_are_not_empty_and_the_story_s_village_has_nothing_of_it(self):
        told = {STORY.village, STORY.deserted}
        self.assertEqual([scan.kind for scan in Scan.objects.all()], ["pdf"] * TownshipReport.objects.count())
        self.assertTrue(TownshipReport.objects.exclude(township=STORY.township).exists())
        self.assertFalse(Extension.objects.filter(area_code__startswith=STORY.township).exists())
        for asked in MoveRequest.objects.all():
            self.assertEqual({asked.from_village_id, asked.to_village_id} & told, set())

    def test_the_brokers_are_as_many_as_the_articles_say_in_proportion(self):
        """1,714 in the county: 600 trained ever, 240 in the association."""
        brokers = Broker.objects.valid()
        trained = brokers.filter(attendances__has_passed=True).distinct()
        self.assertEqual(brokers.count(), TINY.brokers)
        self.assertEqual(trained.count(), round(TINY.brokers * 600 / 1_714))
        self.assertEqual(Membership.objects.filter(left_on=None).count(), round(TINY.brokers * 240 / 1_714))

    def test_every_stage_of_a_filing_can_be_seen(self):
        states = set(Broker.objects.values_list("state", flat=True))
        self.assertEqual(states, {state for state, _label in codes.STATES})
        for broker in Broker.objects.filter(state="filed"):
            steps = [step.step for step in broker.steps.all()]
            self.assertEqual(steps, ["recommended", "trained", "published", "filed"])
            self.assertGreater(broker.filed_on, broker.steps.get(step="published").publication.to_on)

    def test_lists_hang_out_and_one_is_over(self):
        newest = Publication.objects.order_by("-from_on")[:2]
        self.assertEqual([each.to_on >= date(2026, 11, 4) for each in newest], [True, False])

    def test_li_has_a_broker_to_recommend(self):
        own = Broker.objects.filter(village=STORY.village)
        self.assertEqual(set(own.values_list("state", flat=True)), {"registered"})
        self.assertFalse(own.filter(id_index=None).exists())

    def test_claims_are_drawn_up_and_nobody_is_paid_for_twice(self):
        self.assertEqual(set(Claim.objects.values_list("year", flat=True)), {2025})
        counted = ClaimLine.objects.filter(verdict="counts")
        self.assertTrue(counted.exists())
        self.assertEqual(counted.values("worker").distinct().count(), counted.count())

    def test_brokers_lead_people_of_their_own_township(self):
        led = Transfer.objects.filter(broker__isnull=False)
        for transfer in led.select_related("broker"):
            self.assertEqual(transfer.village_id[:9], transfer.broker.village_id[:9])
        self.assertGreater(led.values("broker").distinct().count(), 3)

    def test_most_of_those_away_were_asked_within_three_months(self):
        today = date(2026, 11, 4)
        away = visits.with_heard(standing.away_transfers(Transfer.objects.all(), today))
        asked = away.filter(asked_on__gte=today - timedelta(days=90)).count()
        self.assertGreater(asked, away.count() / 2)
        self.assertTrue(visits.stale(Transfer.objects.all(), today, 90).exists())
        made = Verification.objects.all()
        self.assertFalse(made.filter(worker__village=STORY.deserted, on__gte=STORY.deserted_on).exists())
        self.assertFalse(made.filter(on__gt=today).exists())
        self.assertLessEqual({"no_change", "no_answer", "wrong_number"}, set(made.values_list("outcome", flat=True)))

    def test_the_deserted_village_has_nobody_posted(self):
        self.assertFalse(Posting.objects.on(date(2026, 11, 4)).filter(place_code=STORY.deserted).exists())

    def test_the_cast_is_posted_where_the_story_needs_them(self):
        posts = {name: Officer.objects.get(username=name).posts for name in ("li", "wang", "zhao", "sun", "admin")}
        self.assertEqual(posts["li"], [STORY.village])
        self.assertEqual(posts["wang"], [STORY.township])
        self.assertEqual([posts["zhao"], posts["sun"], posts["admin"]], [["630121"]] * 3)


class TwiceTheSameTest(TestCase):
    def tearDown(self):
        clock.pin(None)
        demo._known.clear()

    def test_the_same_seed_makes_the_same_people_and_figures(self):
        sizes = {"workers": 90, "months": 2, "villages": 6, "story": Story(workers=70, away=26, labor_force=54)}
        self.assertEqual(self.made(Size(**sizes)), self.made(Size(**sizes)))

    def made(self, size):
        """What a seed makes, and then unmakes."""
        with transaction.atomic():
            seed_county(size)
            found = (
                list(Worker.objects.order_by("pk").values_list("name", "birth_date", "village", "id_index")),
                list(Transfer.objects.order_by("pk").values_list("worker", "started_on", "ended_on", "destination")),
                list(Verification.objects.order_by("pk").values_list("worker", "on", "outcome", "next_call_on")),
                totals.totals("630121", LAST).figures,
            )
            transaction.set_rollback(True)
        return found


class RefusalTest(TestCase):
    def refused(self, *args):
        with self.assertRaises(CommandError) as caught:
            call_command("seed", "small", *args, stderr=StringIO())
        return str(caught.exception)

    def test_a_database_with_an_officer_is_left_alone(self):
        cast.county()
        cast.officer("li", "village", cast.HOME)
        self.assertIn("no demo that was finished", self.refused())
        self.assertFalse(Demo.objects.exists())

    def test_a_database_with_a_worker_is_left_alone(self):
        cast.county()
        cast.worker()
        self.assertIn("no demo that was finished", self.refused())

    def test_a_month_that_is_none_or_too_far_is_refused(self):
        self.assertIn("2026-13", self.refused("--until", "2026-13"))
        self.assertIn("lunar calendar", self.refused("--until", "2099-01"))

    def test_production_makes_no_demo(self):
        with self.settings(PRODUCTION=True):
            self.assertIn("production", self.refused())

    def test_a_second_time_says_so(self):
        Demo.objects.create(today=date(2026, 11, 4))
        said = StringIO()
        call_command("seed", "small", stderr=said)
        self.assertIn("there already", said.getvalue())
        self.assertFalse(Worker.objects.exists())


class SettlingTest(TestCase):
    def test_children_carry_the_fathers_name(self):
        settler = settling.Settler(random.Random(1), "630121", Month(2026, 8), LAST, oldest=75)
        for home in settler.settle("630121100205", 300):
            head = home.persons[0].worker
            if head.relation == "head" and head.sex == "male" and head.ethnic_group == "03":
                children = [p.worker for p in home.persons if p.worker.relation in ("son", "daughter")]
                self.assertTrue(all(child.name[0] == head.name[0] for child in children))

    def test_nobody_is_registered_before_sixteen(self):
        settler = settling.Settler(random.Random(2), "630121", Month(2024, 10), LAST, oldest=75)
        for home in settler.settle("630121100205", 300):
            for person in home.persons:
                self.assertGreaterEqual(person.age_on(person.known.last_day()), 16)
