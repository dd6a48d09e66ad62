"""Files the months of the demo through the same actions as the screens, each step on a plausible day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from laborreg import clock
from laborreg.months import Month
from reports import actions
from reports.models import SUBMITTED, MonthlyReturn

# Days after the month's last one.
OPENED, FILED, CHECKED, APPROVED, LOCKED, NOW = 1, 2, 3, 5, 8, 4
# Why many left or came home in a month.
WHY = {
    1: "春节临近,在外人员集中返乡。", 2: "春节前后返乡和外出集中。", 3: "节后集中外出,工地开工。",
    4: "工地陆续开工,外出增多。", 5: "进山采挖虫草,外出增多。", 6: "虫草季结束,集中返乡。",
    10: "工地收工,返乡增多。", 11: "工地收工,返乡增多。",
}
WHY_OF_CHECKS = {
    "something_came_late": "有人上月外出或返乡,本月才得知。", "income_per_head_jumps": "村小人少,个别人收入变化影响大。",
    "nobody_away_earns": "在外人员的收入还在了解。", "many_have_no_name": "随队外出,姓名正在补。",
    "more_away_than_labor_force": "外出人员中有超龄的。", "away_jumps": "人少,有人外出或返乡,比例就大。",
}
QUESTIONS = [
    ("away.relieved", "脱贫户外出人数比上月少,是否有人未登记?", "脱贫户人数与监测台账对不上,请核对后重报。"),
    ("pay_missing", "这几人的月收入请补上。", "收入缺得较多,请补齐。"),
    ("came_home", "返乡人数请与接待点登记核对。", "返乡人数与接待点登记不一致,请核对。"),
]
# In the last month: (the how manieth village, and every how many from there) in the story's township and in all others.
# Only the story's station has a door in the demo: what waited elsewhere, nobody could approve, and the county not lock.
WAITING = (0, 4), None
SENT_BACK = (1, 21), (7, 130)


@contextmanager
def on_day(day, times=None):
    """Everything inside happens on that day, at the times of day given or at the wall clock's."""
    clock.pin(day, times)
    try:
        yield
    finally:
        clock.pin(None)


def office_hours() -> Iterator[time]:
    """From half past eight, with time enough between two steps to have read what is approved."""
    at = datetime.combine(datetime.min, time(8, 30))
    while at.hour < 18:
        yield at.time()
        at += timedelta(seconds=20)


class Filing:
    """The steps of the county's months; `office` tells whose hand each is."""

    def __init__(self, county, office, story, counted):
        self.county, self.office, self.story, self.counted = county, office, story, counted
        self.zhao = office.officers["zhao"]

    def whole(self, month: Month):
        """Opened, submitted, approved and locked, by everybody."""
        self.open(month)
        self._submit(month, self._returns(month))
        with self._after(month, APPROVED):
            actions.approve(self._returns(month), by=self._station)
        with self._after(month, LOCKED):
            actions.lock(self.county, month, by=self.zhao)

    def half(self, month: Month, *, sends_back=True):
        """The month that the demo opens with: Li's return is a draft, and one village has nobody to file."""
        self.open(month)
        absent = {self.story.village, self.story.deserted}
        returns = [ret for ret in self._returns(month) if ret.village_id not in absent]
        waiting, back = self._chosen(returns, WAITING), self._chosen(returns, SENT_BACK if sends_back else ())
        self._submit(month, returns)
        with self._after(month, CHECKED):
            done = [ret for ret in self._returns(month, SUBMITTED) if ret.village_id not in waiting | back]
            actions.approve(done, by=self._station)
            self._send_back(month, back)

    def open(self, month: Month):
        with self._after(month, OPENED):
            actions.open_month(self.county, month, by=self.zhao)

    def _submit(self, month, returns):
        with self._after(month, FILED):
            actions.submit(returns, by=self._author, explanations=_why(month), counted=self.counted)

    def _chosen(self, returns, places) -> set[str]:
        codes = [ret.village_id for ret in returns]
        home = [code for code in codes if code.startswith(self.story.township)]
        elsewhere = [code for code in codes if not code.startswith(self.story.township)]
        chosen = [of[place[0] :: place[1]] for of, place in zip((home, elsewhere), places, strict=False) if place]
        return {code for some in chosen for code in some}

    def _send_back(self, month, codes):
        rows = [ret for ret in self._returns(month, SUBMITTED) if ret.village_id in codes]
        for ret, (figure, question, reason) in zip(rows, QUESTIONS, strict=False):
            actions.send_back(ret, by=self._station(ret), reason=reason, cells={figure: question})

    def _returns(self, month, state=None) -> list[MonthlyReturn]:
        """In the order of codes; all know the one county, so that its settings are asked once."""
        rows = MonthlyReturn.objects.filter(county=self.county, month=month).order_by("village_id")
        rows = list((rows.filter(state=state) if state else rows).select_related("village__township"))
        for ret in rows:
            ret.county = self.county
        return rows

    def _author(self, ret):
        return self.office.of(ret.village_id)

    def _station(self, ret):
        return self.office.of(ret.village_id[:9])

    def _after(self, month, days):
        return on_day(self.county.last_day(month) + timedelta(days=days), office_hours())


def _why(month) -> dict[str, str]:
    """What the officers say to each warning; jumps come with the seasons."""
    seasonal = {"away_jumps": WHY[month.number]} if month.number in WHY else {}
    return WHY_OF_CHECKS | seasonal
