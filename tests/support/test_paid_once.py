"""The promise of the room: whatever is recorded and drawn up in whatever order, nobody is paid for twice in a year."""

from datetime import date, timedelta
from threading import Barrier, Thread
from unittest import skipIf

from django.db import connection
from django.db.models import Count, Sum
from django.test import TransactionTestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as ExampleCase

from laborreg import clock
from laborreg.refusals import Refusal
from support import actions
from support.models import Claim, ClaimLine, Scheme
from tests import cast
from tests.cast import COUNTY, FAR, HOME
from tests.support.desk import PayCase, broker, led, small, stay, yongning
from workers.models import Transfer, Worker

LIGHT = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
WORKERS, JANUARY = 4, date(2025, 1, 1)

# Worker → stays one after the other: (days before it, days, which broker, pay, contract)
histories = st.lists(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from([30, 89, 90, 95, 179, 180]), st.integers(0, 2),
                  st.sampled_from([None, 1999, 2000]), st.sampled_from(["yes", "yes", "no"])),
        max_size=3,
    ),
    min_size=WORKERS, max_size=WORKERS,
)
acts = st.lists(
    st.tuples(
        st.sampled_from(["county", "station", "broker", "confirm", "correct", "drop"]), st.integers(0, 1), st.integers(0, 2),
    ),
    min_size=1, max_size=7,
)


class PaidOnce(ExampleCase, PayCase):
    """Each example is undone before the next."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.third = broker("沈广福", FAR)
        cls.brokers = [cls.broker, cls.other, cls.third]
        cls.schemes = [small(cls.scheme), small(yongning(cls.zhao, name="第二", pay_floor=None), 2)]
        cls.workers = [cast.worker(f"工{n}") for n in range(WORKERS)]

    def record(self, histories):
        """[(worker, broker, started_on, ended_on, pay, contract)]"""
        for worker, stays in zip(self.workers, histories, strict=True):
            since = JANUARY
            for before, days, leader, pay, contract in stays:
                since += timedelta(before)
                stay(worker, self.brokers[leader], days, since, pay=pay, contract=contract)
                since += timedelta(days)

    @LIGHT
    @given(histories, acts)
    def test_in_whatever_order(self, histories, acts):
        self.record(histories)
        for what, scheme, leader in acts:
            self.act(what, self.schemes[scheme], self.brokers[leader])
            self.look()

    def act(self, what, scheme, leader):
        drawing = {"county": {}, "station": {"place": leader.village_id[:9]}, "broker": {"broker": leader}}
        station = self.wang if leader.village_id == HOME else self.fang
        try:
            if what in drawing:
                actions.draw_up(scheme, 2025, by=self.zhao if what == "county" else station, **drawing[what])
            elif what == "confirm":
                actions.confirm(Claim.objects.filter(broker=leader, scheme=scheme), by=station)
            elif what == "drop":
                actions.drop_drawn(scheme, 2025, by=self.zhao)
            else:
                longer = Transfer.objects.filter(broker=leader).order_by("-started_on").first()
                if longer:
                    Transfer.objects.filter(pk=longer.pk).update(pay=5000, contract="yes", version=longer.version + 1)
        except Refusal as refusal:
            # One after the other the rules alone keep the promise; the database has nothing to refuse.
            self.assertNotIn("at the same moment", str(refusal))

    def look(self):
        counts = ClaimLine.objects.filter(verdict="counts")
        twice = counts.values("worker").annotate(n=Count("pk")).filter(n__gt=1)
        self.assertEqual(list(twice), [])
        for claim in Claim.objects.all():
            lines = claim.lines.filter(verdict="counts")
            told = lines.aggregate(n=Count("pk"), yuan=Sum("amount"))
            self.assertEqual((claim.persons, claim.amount), (told["n"], told["yuan"] or 0))
            transfers = claim.lines.values_list("transfer", flat=True)
            self.assertEqual(len(transfers), len(set(transfers)))

    @LIGHT
    @given(histories)
    def test_as_one_would_count_by_hand(self, histories):
        self.record(histories)
        actions.draw_up(self.schemes[0], 2025, by=self.zhao)
        lines = ClaimLine.objects.values_list("transfer", "claim__broker", "days", "verdict")
        self.assertEqual(sorted(lines), sorted(self.by_hand()))

    def by_hand(self):
        """Yongning's rules, one stay after the other."""
        best, judged = {}, []
        for each in Transfer.objects.filter(started_on__lt="2026-01-01").order_by("worker", "started_on"):
            days = (min(each.ended_on, date(2026, 1, 1)) - each.started_on).days
            verdict = (
                "too_short" if days < 90 else "no_pay" if each.pay is None else "low_pay" if each.pay < 2000
                else "no_contract" if each.contract != "yes" else "counts"
            )
            judged.append([each.pk, each.broker_id, days, verdict])
            if verdict == "counts":
                before = best.get(each.worker_id)
                if before and days > before[2]:
                    before[3] = "twice"
                elif before:
                    judged[-1][3] = "twice"
                if judged[-1][3] == "counts":
                    best[each.worker_id] = judged[-1]
        return [tuple(row) for row in judged]


@skipIf(connection.vendor == "sqlite", "SQLite lets one writer in at a time")
class AtTheSameMoment(TransactionTestCase):
    def setUp(self):
        clock.pin(date(2026, 11, 4))
        self.addCleanup(clock.pin, None)
        cast.county()
        self.zhao, self.zhou = cast.officer("zhao", "county", COUNTY), cast.officer("zhou", "county", COUNTY)
        self.wang = cast.officer("wang", "township", HOME[:9])
        self.leader = broker()
        led(self.leader, 30)
        self.first, self.second = small(yongning(self.zhao)), small(yongning(self.zhao, name="第二"))

    def both(self, *works) -> list[str]:
        """What each says when all begin at once: "done", or why not."""
        barrier, outcomes = Barrier(len(works)), []

        def run(work):
            barrier.wait()
            try:
                work()
                outcomes.append("done")
            except Refusal as refusal:
                outcomes.append(str(refusal))
            finally:
                connection.close()

        threads = [Thread(target=run, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def test_two_schemes_pay_nobody_twice(self):
        outcomes = self.both(*[
            lambda scheme=scheme: actions.draw_up(scheme, 2025, by=self.zhao) for scheme in (self.first, self.second)
        ])
        self.assertIn("done", outcomes)
        self.assertLessEqual({outcome for outcome in outcomes if outcome != "done"}, {
            "Claims of another scheme were drawn up at the same moment for the same workers. Nothing was kept; draw up again.",
        })
        self.assertEqual(ClaimLine.objects.filter(verdict="counts").count(), Worker.objects.count())

    def test_one_scheme_is_drawn_up_once(self):
        outcomes = self.both(*[lambda: actions.draw_up(self.first, 2025, by=self.zhao)] * 2)
        self.assertEqual(outcomes, ["done", "done"])
        self.assertEqual((Claim.objects.count(), ClaimLine.objects.count()), (1, 30))

    def test_of_two_who_approve_one_does(self):
        actions.draw_up(self.first, 2025, by=self.zhao)
        actions.confirm(Claim.objects.all(), by=self.wang)
        actions.publish(Claim.objects.all(), by=self.zhao, from_on="2026-11-04", to_on="2026-11-10")
        clock.pin(date(2026, 11, 11))
        claims = list(Claim.objects.all())
        outcomes = self.both(*[lambda by=by: actions.approve(claims, by=by) for by in (self.zhao, self.zhou)])
        self.assertEqual(sorted(outcome == "done" for outcome in outcomes), [False, True])
        self.assertEqual(Scheme.objects.get(pk=self.first.pk).claims.get().state, "approved")
