"""What the tests of the month's pages share: a small world, the cast at its desks, and a browser without JavaScript."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from laborreg import clock
from reports.models import MonthlyReturn
from tests.cast import HOME, transfer, worker
from tests.reports.test_actions import OCTOBER, MonthCase
from workers.models import Household, Registration, UnnamedGroup

# The own county, prefecture and province, another province, abroad.
PLACES = ["630121101", "630102", "632801", "4403", "JPN"]


class Pages(MonthCase):
    """On 2 November: September is filed by all and October waits, unless a test says otherwise."""

    def sign_in(self, officer):
        self.client.logout()
        self.client.force_login(officer)
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()

    def at(self, name="return", *more, month=OCTOBER, village=HOME):
        return reverse(name, args=[village, month, *more])

    def get(self, name="return", *more, status=200, **where):
        response = self.client.get(self.at(name, *more, **where))
        self.assertEqual(response.status_code, status)
        return response

    def post(self, name, *more, month=OCTOBER, village=HOME, **typed):
        return self.client.post(self.at(name, *more, month=month, village=village), typed, follow=True)

    def submit_typed(self, **typed):
        """What the page's form sends, with the lines that are typed."""
        return self.post("return_submit", **{f"submit-{name}": text for name, text in typed.items()})

    def state(self, month=OCTOBER, village=HOME) -> str:
        return MonthlyReturn.objects.get(village=village, month=month).state

    def queries(self, address) -> int:
        """Of a page that was looked at before: what a process asks only once is not counted."""
        self.client.get(address)
        with CaptureQueriesContext(connection) as count:
            self.assertEqual(self.client.get(address).status_code, 200)
        return len(count)


def busy_village(village=HOME):
    """People in every state that a figure asks for: each region, sex, channel, reasons, a group, late entries."""
    people = []
    for number, code in enumerate(PLACES):
        who = worker(f"外出{number}", village, sex="male" if number % 2 else "female")
        transfer(who, date(2026, 5, 3 + number), destination=code, pay=4000 + number, industry="ACEFO"[number],
                 channel=["broker", "own", "government", "relatives", ""][number])
        people.append(who)
    household = Household.objects.create(county_id=village[:6], village_id=village)
    for who, relation in zip(people[:2], ("head", "spouse"), strict=True):
        who.household, who.relation = household, relation
        who.save()
    came_home(village)
    unnamed(village)
    return people


def came_home(village):
    for number, (reason, plan) in enumerate((("festival", "farming"), ("illness", "seeking"), ("", ""))):
        who = worker(f"返乡{number}", village)
        transfer(who, date(2026, 4, 1), date(2026, 10, 8 + number), reason=reason, plan=plan, pay=5000)
    again = worker("又外出", village)
    transfer(again, date(2026, 3, 1), date(2026, 9, 20), pay=5000, plan="seeking")
    transfer(again, date(2026, 10, 12), pay=5000)
    near = worker("本地务工", village, birth_date=None)
    transfer(near, date(2026, 6, 1), destination=village[:9])
    worker("想外出", village, wants_to_go=True)


def unnamed(village, persons=3) -> UnnamedGroup:
    group = UnnamedGroup.objects.create(
        county_id=village[:6], village_id=village, persons=persons, started_on=date(2026, 8, 17), destination="632801",
        created_at=clock.now(), pay=5800,
    )
    Registration.objects.create(county_id=village[:6], group=group, village_id=village)
    return group
