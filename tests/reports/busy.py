"""A county of three villages and two months in which something of every kind happens."""

from datetime import date

from laborreg import clock
from reports import actions
from tests.cast import FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from workers.models import Registration, UnnamedGroup

TOWNSHIPS = {"630121100": [HOME, NEXT_DOOR], "630121101": [FAR]}


class Busy(PageCase):
    """September is locked, October filed."""

    def build(self):
        super().build()
        self.people()
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.late()
        self.file_all(OCTOBER)

    def people(self):
        for n in range(4):
            who = worker(f"王{n}", ability="skilled", wants_to_go=bool(n % 2))
            transfer(who, date(2026, 2 + n, 3), pay=4000 + n, channel="own", industry="E", form="own_business")
        home = worker("马家", NEXT_DOOR, sex="male")
        transfer(home, date(2026, 3, 1), date(2026, 9, 20), "6501", pay=5100, channel="broker", reason="family")
        transfer(worker("祁山", NEXT_DOOR), date(2026, 9, 2), destination="630121101", pay=3100, channel="agency")
        transfer(worker("李近", FAR), date(2026, 8, 1), destination="630121101", pay=2800, industry="A")
        transfer(worker("安外", FAR, birth_date=date(2002, 5, 1)), date(2026, 9, 9), destination="JPN", pay=9000)
        group = UnnamedGroup.objects.create(
            county=self.county, village_id=FAR, persons=5, started_on=date(2026, 6, 1), destination="44", pay=4400,
            industry="C", created_at=clock.now(),
        )
        Registration.objects.create(county=self.county, group=group, village_id=FAR)

        self.again = worker("又出", HOME)
        transfer(self.again, date(2026, 5, 4), date(2026, 9, 8), pay=4300, reason="season_over")

    def late(self):
        """Recorded after September was locked; and in October some leave, some for the second time, some come home."""
        transfer(self.again, date(2026, 10, 8), pay=4500)
        transfer(worker("晚登", NEXT_DOOR), date(2026, 9, 11), pay=3300, destination="63")
        transfer(worker("十月", FAR), date(2026, 10, 6), pay=5000)
        home = worker("回乡", HOME)
        transfer(home, date(2026, 4, 1), date(2026, 10, 12), pay=4100, plan="farming", reason="season_over")
