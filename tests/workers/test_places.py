"""Destinations as pages name them."""

from datetime import date

from django.utils import translation

from tests import cast
from tests.workers.desk import Desk
from workers import places


class Places(Desk):
    def setUp(self):
        super().setUp()
        places.forget()
        self.addCleanup(places.forget)

    def test_in_both_languages(self):
        self.assertEqual(places.label("4403"), "Guangdong Shenzhen 广东 深圳")
        with translation.override("zh-hans"):
            self.assertEqual(places.label("4403"), "广东 深圳")
            self.assertEqual(places.label("630121101"), "城关镇")

    def test_a_list_asks_for_each_township_once(self):
        with self.assertNumQueries(1):
            for _row in range(20):
                places.label("630121101")
        with self.assertNumQueries(0):
            for _row in range(20):
                places.label("4403")

    def test_a_township_that_comes_later_is_found(self):
        places.label("630121102")
        self.county.townships.create(code="630121102", name="塔尔镇")
        self.assertEqual(places.label("630121102"), "塔尔镇")

    def test_where_a_village_usually_goes(self):
        for number, place in enumerate(["3205", "4403", "4403", "65"]):
            cast.transfer(cast.worker(f"马{'一二三四'[number]}"), date(2026, 3, 1), destination=place)
        cast.transfer(cast.worker("马五"), date(2020, 3, 1), date(2020, 9, 1), destination="11")
        cast.transfer(cast.worker("孙一", village=cast.FAR), date(2026, 3, 1), destination="12")
        self.assertEqual(places.usual(cast.HOME), ["4403", "3205", "65"])
        self.assertEqual(places.usual(cast.HOME, limit=1), ["4403"])
