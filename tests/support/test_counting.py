"""Who counts and why not, rule by rule, and a claim worked out by hand."""

from datetime import date

from laborreg import clock
from support import actions
from support.counting import Counting, Part
from support.models import Claim, ClaimLine
from tests import cast
from tests.cast import FAR, NEXT_DOOR
from tests.support.desk import PayCase, broker, led, small, stay, yongning
from workers.models import Transfer, Worker


class Rules(PayCase):
    """Yongning's rules, paid from the first worker on."""

    def setUp(self):
        super().setUp()
        self.scheme = small(self.scheme)

    def verdicts(self, scheme=None) -> dict[str, str]:
        """Name → verdict, once drawn up; the counting that stores nothing must come to the same."""
        scheme = scheme or self.scheme
        counted = Counting(scheme, 2025).counts()
        actions.draw_up(scheme, 2025, by=self.zhao)
        claims = Claim.objects.filter(scheme=scheme)
        stored = {claim.broker_id: (claim.persons, claim.amount, claim.lines.count()) for claim in claims}
        self.assertEqual({pk: (c.persons, c.amount, c.stays) for pk, c in counted.items()}, stored)
        return dict(ClaimLine.objects.filter(claim__scheme=scheme).values_list("name", "verdict"))

    def one(self, name="王秀英", days=120, **facts):
        who = cast.worker(name)
        return who, stay(who, self.broker, days, **facts)

    def test_each_rule_in_its_order(self):
        for name, facts in {
            "算": {}, "短": {"days": 89, "pay": None, "contract": ""}, "刚好": {"days": 90},
            "无薪": {"pay": None, "contract": ""},
            "低薪": {"pay": 1999, "contract": ""}, "够薪": {"pay": 2000}, "无合同": {"contract": "no"}, "不知": {"contract": ""},
            "大约": {"pay": None, "pay_band": "4001_6000"},
        }.items():
            self.one(name, **facts)
        self.assertEqual(self.verdicts(), {
            "算": "counts", "短": "too_short", "刚好": "counts", "无薪": "no_pay", "低薪": "low_pay", "够薪": "counts",
            "无合同": "no_contract", "不知": "no_contract", "大约": "no_pay",
        })

    def test_who_was_entered_twice_is_paid_for_once(self):
        """The claim of one scheme knows the entry that went, the next scheme the one that stayed."""
        went, led_once = self.one("王秀英")
        self.assertEqual(self.verdicts(), {"王秀英": "counts"})
        stayed = cast.worker("王秀英")
        Worker.objects.filter(pk=went.pk).update(merged_into=stayed)
        Transfer.objects.filter(pk=led_once.pk).update(worker=stayed)
        other = small(yongning(self.zhao, name="另一办法"))
        actions.draw_up(other, 2025, by=self.zhao)
        found = ClaimLine.objects.filter(claim__scheme=other).values_list("worker", "verdict", "amount")
        self.assertEqual(list(found), [(stayed.pk, "elsewhere", 0)])

    def test_the_last_step_before_the_year_s_end_tells_whether_the_certificate_held(self):
        self.one("王秀英")
        days = [("revoked", 2022), ("restored", 2023), ("revoked", 2026)]
        for step, year in days:
            self.broker.steps.create(step=step, on=date(year, 5, 1), reason="投诉", by=self.zhao, at=clock.now())
        self.assertEqual(self.verdicts(), {"王秀英": "counts"})
        self.broker.steps.filter(step="restored").delete()
        self.assertEqual(self.verdicts(), {})

    def test_what_a_scheme_does_not_ask_speaks_against_nobody(self):
        free = small(yongning(self.zhao, name="宽", pay_floor=None, contract_needed=False))
        self.one("无薪", pay=None, contract="")
        self.assertEqual(self.verdicts(free), {"无薪": "counts"})

    def test_earned_in_the_year_is_rounded_as_income_is(self):
        """90 days at 3,333 yuan are 9,999, at 3,334 yuan 10,002. Half a yuan rounds up."""
        scheme = small(yongning(self.zhao, name="同心", pay_floor=None, earned_floor=10_000))
        self.one("差一元", days=90, pay=3333)
        self.one("够", days=90, pay=3334)
        self.one("不知", days=90, pay=None)
        self.assertEqual(self.verdicts(scheme), {"差一元": "low_earned", "够": "counts", "不知": "no_pay"})
        self.assertEqual(actions.drop_drawn(scheme, 2025, by=self.zhao), 1)
        half = small(yongning(self.zhao, name="半元", pay_floor=None, earned_floor=305))
        self.one("三零四元半", days=105, pay=87)
        self.one("三零四元二", days=117, pay=78)
        found = self.verdicts(half)
        self.assertEqual((found["三零四元半"], found["三零四元二"]), ("counts", "low_earned"))

    def test_insurance_where_it_is_needed(self):
        scheme = small(yongning(self.zhao, name="社保", insurance_needed=True))
        self.one("有", insurance="yes")
        self.one("没有", insurance="no")
        self.assertEqual(self.verdicts(scheme), {"有": "counts", "没有": "no_insurance"})

    def test_days_are_those_within_the_year(self):
        self.one("去年起", days=None, since=date(2024, 11, 1))
        self.one("年底止", since=date(2024, 10, 1), days=92)  # until 1 January: no day of 2025
        self.one("跨年", since=date(2025, 10, 4), days=300)  # 89 days of 2025
        self.one("整年", since=date(2025, 1, 1), days=365)
        self.one("明年", since=date(2026, 1, 1))
        self.assertEqual(self.verdicts(), {"去年起": "counts", "跨年": "too_short", "整年": "counts"})
        days = dict(ClaimLine.objects.values_list("name", "days"))
        self.assertEqual(days, {"去年起": 365, "跨年": 89, "整年": 365})

    def test_a_leap_year_has_366_days(self):
        self.one("全年", days=None, since=date(2023, 1, 1))
        actions.draw_up(self.scheme, 2024, by=self.zhao)
        self.assertEqual(ClaimLine.objects.get().days, 366)

    def test_stays_are_not_added_up(self):
        who, _first = self.one("两次", days=60)
        stay(who, self.broker, 60, since=date(2025, 4, 1))
        self.assertEqual(self.verdicts(), {"两次": "too_short"})

    def test_of_several_stays_the_longest_counts_then_the_earliest(self):
        who, _short = self.one("三次", days=90)
        long = stay(who, self.other, 100, since=date(2025, 5, 1))
        stay(who, self.broker, 100, since=date(2025, 9, 1))
        self.verdicts()
        counted = ClaimLine.objects.get(verdict="counts")
        self.assertEqual((counted.transfer, counted.claim.broker), (long, self.other))
        self.assertEqual(ClaimLine.objects.filter(verdict="twice", claim__broker=self.broker).count(), 2)

    def test_a_longer_stay_that_breaks_a_rule_takes_nothing_away(self):
        who, _good = self.one("换东家", days=90)
        stay(who, self.other, 150, since=date(2025, 5, 1), contract="no")
        self.verdicts()
        self.assertEqual(ClaimLine.objects.get(verdict="counts").claim.broker, self.broker)
        self.assertEqual(ClaimLine.objects.get(claim__broker=self.other).verdict, "no_contract")

    def test_what_is_no_candidate_has_no_line(self):
        voided = self.one("作废")[1]
        Transfer.objects.filter(pk=voided.pk).update(voided_at="2026-01-01T00:00Z", void_reason="错")
        gone = self.one("作废人")[0]
        Worker.objects.filter(pk=gone.pk).update(voided_at="2026-01-01T00:00Z", void_reason="错")
        merged = self.one("并入")[0]
        Worker.objects.filter(pk=merged.pk).update(merged_into=cast.worker("原"))
        cast.transfer(cast.worker("自己"), date(2025, 1, 1), channel="own")
        cast.transfer(cast.worker("没写谁"), date(2025, 1, 1), channel="broker")
        self.assertEqual(self.verdicts(), {})
        self.assertFalse(Claim.objects.exists())

    def test_only_brokers_filed_by_the_last_day_of_the_year(self):
        leaders = {
            "未备案": broker("甲", filed_on=None), "次年备案": broker("乙", filed_on=date(2026, 1, 1)),
            "年底备案": broker("丙", filed_on=date(2025, 12, 31)), "当年撤销": broker("丁"), "次年撤销": broker("戊"),
            "暂停": broker("己", state="suspended"),
        }
        for name, on in (("当年撤销", "2025-12-31"), ("次年撤销", "2026-01-01")):
            leaders[name].steps.create(step="revoked", on=on, reason="违规", by=self.zhao, at="2026-01-01T00:00Z")
            type(leaders[name]).objects.filter(pk=leaders[name].pk).update(state="revoked")
        for name, leader in leaders.items():
            stay(cast.worker(name), leader)
        self.assertEqual(set(self.verdicts()), {"年底备案", "次年撤销", "暂停"})
        actions.drop_drawn(self.scheme, 2025, by=self.zhao)
        everybody = small(yongning(self.zhao, name="不论备案", filed_only=False))
        self.assertEqual(set(self.verdicts(everybody)), set(leaders))

    def test_of_a_merged_broker_the_other_entry_is_paid(self):
        twin = broker("马占海二", merged_into=self.broker)
        self.one("一")
        stay(cast.worker("二"), twin)
        self.verdicts()
        self.assertEqual((Claim.objects.get().broker, Claim.objects.get().persons), (self.broker, 2))

    def test_counted_in_another_scheme_is_elsewhere(self):
        self.one("已算")
        self.assertEqual(self.verdicts(), {"已算": "counts"})
        second = small(yongning(self.zhao, name="第二"))
        self.assertEqual(self.verdicts(second), {"已算": "elsewhere"})
        # Counted again, the first stays as it was.
        self.assertEqual(self.verdicts(), {"已算": "counts"})


class Amounts(PayCase):
    def test_a_claim_by_hand(self):
        """63 count, so the size is 50–100: 40 of 90–179 days × 20 yuan + 23 of 180 and more × 30 = 800 + 690 = 1,490."""
        led(self.broker, 39, 90)
        led(self.broker, 1, 179, prefix="边")
        led(self.broker, 23, 180, prefix="长")
        led(self.broker, 5, 89, prefix="短")
        count = Counting(self.scheme, 2025).counts()[self.broker.pk]
        self.assertEqual(count.parts, [Part(90, 40, 20), Part(180, 23, 30)])
        self.assertEqual((count.persons, count.amount, count.stays), (63, 1490, 68))
        actions.draw_up(self.scheme, 2025, by=self.zhao)
        claim = Claim.objects.get()
        self.assertEqual((claim.persons, claim.amount), (63, 1490))
        self.assertEqual(claim.lines.filter(verdict="counts", amount=20).count(), 40)
        self.assertEqual(claim.lines.filter(verdict="counts", amount=30).count(), 23)

    def test_the_size_moves_every_amount(self):
        led(self.broker, 100)
        self.assertEqual(Counting(self.scheme, 2025).counts()[self.broker.pk].amount, 2000)
        led(self.broker, 1, prefix="加")
        self.assertEqual(Counting(self.scheme, 2025).counts()[self.broker.pk].amount, 101 * 30)

    def test_fewer_than_fifty_are_told_and_not_paid(self):
        led(self.broker, 49)
        actions.draw_up(self.scheme, 2025, by=self.zhao)
        claim = Claim.objects.get()
        self.assertEqual((claim.persons, claim.amount), (49, 0))
        led(self.broker, 1, prefix="加")
        actions.draw_up(self.scheme, 2025, by=self.zhao)
        claim.refresh_from_db()
        self.assertEqual((claim.persons, claim.amount), (50, 1000))

    def test_what_a_line_keeps(self):
        [transfer] = led(self.broker, 1, village=NEXT_DOOR)
        actions.draw_up(self.scheme, 2025, by=self.zhao)
        line, who = ClaimLine.objects.get(), transfer.worker
        self.assertEqual(
            (line.worker, line.transfer, line.transfer_version, line.village_id, line.name, line.employer, line.started_on,
             line.ended_on, line.days, line.pay, line.county_id, line.year),
            (who, transfer, 1, NEXT_DOOR, who.name, "某厂", date(2025, 1, 1), date(2025, 5, 1), 120, 4000, "630121", 2025),
        )


class Parts(PayCase):
    """Counting some brokers comes to what counting all comes to."""

    def test_a_place_and_a_broker(self):
        scheme = small(self.scheme)
        led(self.broker, 3)
        led(self.other, 2, 200, village=FAR, prefix="远")
        both = cast.worker("两边")
        stay(both, self.broker, 90)
        stay(both, self.other, 150, since=date(2025, 6, 1))
        whole = Counting(scheme, 2025).counts()
        for asked in ({"place": "630121100"}, {"brokers": [self.broker.pk]}, {"place": self.broker.village_id}):
            with self.subTest(str(asked)):
                self.assertEqual(Counting(scheme, 2025, **asked).counts(), {self.broker.pk: whole[self.broker.pk]})
        self.assertEqual(Counting(scheme, 2025, brokers=[]).counts(), {})
        self.assertEqual(whole[self.other.pk].persons, 3)
