"""Every figure opens the names behind it, and their sum is the figure."""

import re
from datetime import date

from reports.models import MonthlyReturn
from tests.cast import FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.pages import Pages, busy_village
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from workers.ledger import KEYS
from workers.models import Registration, Worker


def told(response) -> tuple[int, int, int]:
    """The figure in the heading, the sum of the rows, and the sum at the foot."""
    text = response.content.decode()
    figure = re.search(r'class="figure-head">([^<]+)<', text).group(1).replace(",", "").replace("−", "-")
    shares = [int(share) for share in re.findall(r'data-share="(-?\d+)"', text)]
    foot = re.search(r'data-sum="(-?\d+)"', text)
    return int(figure), sum(shares), int(foot.group(1)) if foot else 0


class Cells(Pages):
    def build(self):
        super().build()
        busy_village()

    def setUp(self):
        super().setUp()
        self.sign_in(self.li)

    def file_september(self):
        """With somebody whose departure of September is recorded after it was filed."""
        self.submit(SEPTEMBER)
        transfer(worker("补报"), date(2026, 9, 4), pay=3100)

    def check_every_figure(self, month=OCTOBER):
        ret = MonthlyReturn.objects.select_related("newest").get(village=HOME, month=month)
        found = {}
        for key in KEYS:
            figure, rows, foot = told(self.get("cell", key, month=month))
            self.assertEqual((figure, rows, foot), (figure, figure, figure), key)
            if ret.newest:
                self.assertEqual(figure, ret.newest.figures[key], key)
            found[key] = figure
        return found

    def test_every_figure_of_the_ledger_is_the_sum_of_its_names(self):
        self.file_september()
        found = self.check_every_figure()
        told_of = ("away.abroad", "unnamed", "late", "late.income", "home.farming", "left_again", "households", "willing")
        for key in told_of:
            self.assertTrue(found[key], key)

    def test_every_figure_of_a_version_is_the_sum_of_its_names(self):
        self.file_september()
        self.submit(OCTOBER)
        transfer(worker("后来"), date(2026, 10, 4))
        self.check_every_figure()

    def test_the_beginning_opens_last_months_version_or_the_ledger_where_there_is_none(self):
        self.assertContains(self.get("cell", "opening"), "as known now")
        self.submit(SEPTEMBER)
        self.assertContains(self.get("cell", "opening"), "version 1 of September 2026")

    def test_names_lead_to_people_and_groups_say_how_many(self):
        page = self.get("cell", "away")
        self.assertContains(page, f"/people/{Worker.objects.get(name='外出0').pk}/")
        self.assertContains(page, "3 persons not yet named")
        self.assertContains(self.get("cell", "households"), "外出1")

    def test_a_former_member_is_named_without_a_link(self):
        self.submit(SEPTEMBER)
        self.submit(OCTOBER)
        moved = Worker.objects.get(name="外出0")
        Registration.objects.filter(worker=moved).update(to_on=date(2026, 11, 2), left_how="moved")
        moved.village_id = FAR
        moved.save()
        page = self.get("cell", "away")
        self.assertContains(page, "外出0")
        self.assertNotContains(page, f"/people/{moved.pk}/")
        self.assertNotContains(self.get("cell", "households"), f"/people/{moved.pk}/")

    def test_as_known_now_stands_beside_what_was_filed(self):
        self.submit(SEPTEMBER)
        self.submit(OCTOBER)
        transfer(worker("后来"), date(2026, 10, 4))
        address = self.at("cell", "away")
        self.assertNotContains(self.client.get(address), "后来")
        self.assertContains(self.client.get(address + "?as=now"), "后来")
        self.assertNotContains(self.client.get(address + "?version=1"), "后来")
        for wrong in ("7", "x", "-1", "²"):
            self.assertEqual(self.client.get(address + f"?version={wrong}").status_code, 404)

    def test_who_may_not_see_people_opens_nothing(self):
        for stranger in (self.leader, self.admin, self.sun, self.wang2):
            self.sign_in(stranger)
            self.get("cell", "away", status=404)
        self.sign_in(self.wang)
        self.get("cell", "away")

    def test_unknown_figures_months_and_villages_are_404(self):
        self.get("cell", "nothing", status=404)
        self.get("cell", "away", month=OCTOBER.plus(3), status=404)
        self.get("cell", "away", village=NEXT_DOOR, status=404)

    def test_as_many_queries_for_two_people_as_for_fifty(self):
        few = self.queries(self.at("cell", "away"))
        for number in range(48):
            transfer(worker(f"多{number}"), date(2026, 5, 1), destination="4403")
        self.assertEqual(self.queries(self.at("cell", "away")), few)
        self.assertLessEqual(few, 22)

    def test_a_long_list_has_pages_and_one_sum(self):
        for number in range(120):
            transfer(worker(f"多{number}"), date(2026, 5, 1), destination="4403")
        figure, rows, foot = told(self.get("cell", "away"))
        self.assertEqual((rows, foot), (100, figure))
