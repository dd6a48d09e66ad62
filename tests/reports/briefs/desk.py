"""A county in which enough people are away that a brief may say how many, and the bureau's desk."""

from datetime import date

from reports import actions
from reports.briefs import drafting
from reports.models import Brief
from tests.cast import COUNTY, FAR, HOME, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER

PLACES = ["4403", "4403", "4403", "4403", "3301", "3301", "3301", "632801", "632801", "632801"]


def send(village, started_on, many=10, **more):
    """Alternating sexes, sectors and channels, so that no part is of one or two."""
    for n, destination in enumerate(PLACES[:many]):
        who = worker(f"外出{started_on.month}{village[-1]}{n}", village, sex="male" if n % 2 else "female")
        facts = {"pay": 4_000 + n, "industry": "CE"[n % 2], "channel": ["broker", "own"][n % 2]} | more
        transfer(who, started_on, destination=destination, **facts)


class BriefCase(PageCase):
    """September is filed by all: 20 away; in October 5 more left from home, and only home is in."""

    def build(self):
        super().build()
        send(HOME, date(2026, 3, 2))
        send(FAR, date(2026, 8, 2))
        send(HOME, date(2026, 10, 3), many=5)
        self.file_all(SEPTEMBER)
        self.submit(OCTOBER, HOME, self.li)

    def start(self, month=SEPTEMBER, **more) -> Brief:
        return drafting.start(self.county, month, by=self.zhao, **more)

    def fresh(self, month=SEPTEMBER) -> Brief:
        return Brief.objects.select_related("county").get(area_code=COUNTY, month=month)

    def write(self, key="headline", text="二十人在外。", month=SEPTEMBER):
        brief = self.fresh(month)
        drafting.write(brief, key, text=text, by=self.zhao, version=brief.version)

    def step(self, key, step, month=SEPTEMBER):
        brief = self.fresh(month)
        drafting.arrange(brief, key, step, by=self.zhao, version=brief.version)

    def next_door_goes(self):
        """A return that is opened again and filed with more people away."""
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        actions.reopen([self.ret(SEPTEMBER, HOME)], by=self.zhao, reason="有人漏报")
        send(HOME, date(2026, 9, 5), many=4)
        self.submit(SEPTEMBER, HOME, self.li)
        actions.approve([self.ret(SEPTEMBER, HOME)], by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)


