"""What the demo's brokers are paid for last year: claims at every stage, the story's station with its own to confirm."""

from datetime import date

from brokers.codes import BARRED
from reports.seed.months import on_day
from support import actions
from support.examples import TONGXIN
from support.models import Claim
from support.schemes import table

SIZES, LENGTHS = [(2, 9), (10, 29), (30, None)], [(90, 179), (180, None)]
AMOUNTS = {
    ((2, 9), (90, 179)): 20, ((10, 29), (90, 179)): 30, ((30, None), (90, 179)): 40,
    ((2, 9), (180, None)): 30, ((10, 29), (180, None)): 40, ((30, None), (180, None)): 50,
}


class Claims:
    """The steps of one year's claims, each on its day; `office` tells whose hand each is."""

    def __init__(self, county, office, story, year):
        self.county, self.office, self.story, self.year = county, office, story, year
        self.bureau = office.officers["zhao"]

    def settle(self):
        """Half of the townships are paid, the others stand on the way."""
        scheme = self._write()
        with self._on(2, 10):
            actions.draw_up(scheme, self.year, by=self.bureau)
        townships = sorted({claim.township_id for claim in self._payable()} - {self.story.township})
        half, later = townships[: len(townships) // 2], townships[len(townships) // 2 :]
        self._confirm(half, 2, 20)
        self._publish(half, (3, 1), (3, 10))
        self._pay(half)
        self._confirm(later, 10, 15)
        self._publish(later[::2], (10, 20), (10, 29))

    def _write(self):
        with self._on(1, 5):
            actions.write_scheme(by=self.bureau, county=self.county, bands=TONGXIN.bands, **TONGXIN.facts | {
                "name": "劳务经纪人稳岗补助（参照同心，金额待定）", "source": "参照宁夏同心县2025年办法", "year_from": self.year,
            })
            return actions.write_scheme(
                by=self.bureau, county=self.county, name="劳务经纪人带动就业补助", source="演示用，参照宁夏永宁县办法",
                year_from=self.year, pay_floor=2000, contract_needed=True, bands=table(SIZES, LENGTHS, AMOUNTS),
            )

    def _on(self, month, day):
        return on_day(date(self.year + 1, month, day))

    def _payable(self):
        """What goes on: not the claims of brokers who are barred by the demo's day."""
        return Claim.objects.filter(amount__gt=0).exclude(broker__state__in=BARRED)

    def _of(self, townships, state):
        return list(self._payable().filter(township__in=townships, state=state))

    def _confirm(self, townships, month, day):
        with self._on(month, day):
            for township in townships:
                actions.confirm(self._of([township], "drawn"), by=self.office.of(township))

    def _pay(self, townships):
        """A tiny demo has nobody to be paid there."""
        if claims := self._of(townships, "published"):
            with self._on(3, 12):
                actions.approve(claims, by=self.bureau)
            with self._on(3, 25):
                actions.mark_paid(self._of(townships, "approved"), by=self.bureau, on=date(self.year + 1, 3, 25))

    def _publish(self, townships, from_on, to_on):
        days = {"from_on": date(self.year + 1, *from_on), "to_on": date(self.year + 1, *to_on)}
        if claims := self._of(townships, "confirmed"):
            with on_day(days["from_on"]):
                actions.publish(claims, by=self.bureau, **days)
