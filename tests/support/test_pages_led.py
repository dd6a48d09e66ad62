"""The names behind what brokers led: as many as the figure says, for whoever looks."""

from datetime import date

from django.urls import reverse

from tests import cast
from tests.cast import FAR, HOME
from tests.support.leading import Desk
from workers import led
from workers.models import Transfer

YEAR = {"from": "2026-01-01", "to": "2026-11-04"}


class Names(Desk):
    def names(self, who, figure="persons", broker=None, **more):
        url = reverse("broker_led", args=[broker.pk]) if broker else reverse("ranking_led")
        return self.get(who, url, figure=figure, **YEAR | more)

    def test_every_figure_opens_as_many_names_as_it_says(self):
        period = led.year(self.county, 2026, date(2026, 11, 4))
        for who in ("li", "wang", "zhao", "sun"):
            for broker in (self.ma, self.han, None):
                seen = Transfer.objects.visible_to(self.people[who])
                seen = seen.filter(broker=broker) if broker else seen
                counted = led.counts(seen, period, "")[""][""]
                for key in led.BY_KEY:
                    with self.subTest(f"{who} {broker} {key}"):
                        page = self.names(who, key, broker)
                        self.assertEqual(page.context["value"], counted[key])
                        rows = counted["pay_known" if key == "mean_pay" else key]
                        self.assertEqual(page.context["page_obj"].paginator.count, rows)
                        self.assertEqual(len(page.context["page_obj"].object_list), rows)

    def test_names_with_what_came_of_each(self):
        page = self.names("zhao", "person_times", self.ma)
        for text in ("双引路", "早回家", "又出去", "邻村人", "远村人", "2026-05-02", "still there", "5,000", "厂"):
            self.assertContains(page, text)
        self.assertNotContains(page, "远村客")
        days = {row.worker.name: row.days for row in page.context["page_obj"]}
        self.assertEqual(days["双引路"], 90)
        self.assertEqual(days["远村人"], 35)
        self.assertContains(page, reverse("person", args=[self.both.pk]))

    def test_only_people_of_the_own_places(self):
        self.assertNotContains(self.names("li", broker=self.ma), "邻村人")
        self.assertContains(self.names("wang", broker=self.ma), "邻村人")
        self.assertNotContains(self.names("wang", broker=self.ma), "远村人")
        self.assertContains(self.names("sun", broker=self.ma), "远村人")
        self.assertContains(self.names("sun", "home_in_a_month", self.ma), "Nobody stands behind this figure")

    def test_of_one_township_place_or_employer(self):
        for narrowed, expected in (
            ({"township": HOME[:9]}, 5), ({"township": FAR[:9]}, 2), ({"place": "33"}, 1), ({"place": "44"}, 5),
            ({"employer": "厂"}, 1), ({"employer": ""}, 6), ({"township": "630121999"}, 6),
        ):
            with self.subTest(narrowed):
                self.assertEqual(self.names("zhao", **narrowed).context["value"], expected)

    def test_what_is_no_figure_and_no_day(self):
        for said in ({"figure": "secret"}, {"from": "x"}, {"from": "2026-12-01", "to": "2026-01-01"}, {"to": "0001-01-01"},
                     {"from": "2027-01-01", "to": "2027-12-31"}):
            with self.subTest(said):
                self.assertEqual(self.names("zhao", **said).context["value"], 6)

    def test_nobody_without_people_and_no_broker_of_another_county(self):
        self.names_are_none("leader")
        self.names_are_none("admin")
        other = cast.County.objects.create(code="630123", name="湟源县")
        cast.Township.objects.create(code="630123100", county=other, name="城关镇")
        cast.Village.objects.create(code="630123100200", township_id="630123100", name="某村委会")
        stranger = self.broker("外县人", "630123100200")
        self.get("zhao", reverse("broker_led", args=[stranger.pk]), status=404)

    def names_are_none(self, who):
        self.get(who, reverse("broker_led", args=[self.ma.pk]), status=404)
        self.get(who, reverse("ranking_led"), status=404)

    def test_pages_of_a_long_list(self):
        for number in range(60):
            self.take(cast.worker(f"人{number}"), self.ma, date(2026, 4, 1))
        page = self.names("zhao", broker=self.ma, page="2")
        self.assertEqual((page.context["value"], len(page.context["page_obj"].object_list)), (65, 15))

    def test_a_longer_list_asks_no_more_queries(self):
        self.sign_in("zhao")
        url = reverse("ranking_led") + "?figure=person_times"
        self.client.get(url)
        short = self.queries(url)
        for number in range(10):
            self.take(cast.worker(f"人{number}"), self.broker(f"马{number}", HOME), date(2026, 4, 1))
        self.assertEqual(self.queries(url), short)
        self.assertEqual(short, 13)
