"""What is offered for a place that was mistyped: the place that was meant, first."""

from tests.workers.sheets.desk import COUNTY, SheetDesk
from workers.sheets.likeness import alike, bare
from workers.sheets.places import Places

SLIPS = [
    # The wrong character of the same sound, in every way that a place is written.
    ("广东省东管市", "4419"), ("东管", "4419"), ("广东东管", "4419"), ("江苏苏洲", "3205"), ("苏洲市", "3205"),
    ("浙江杭洲", "3301"), ("福建省夏门市", "3502"), ("甘肃兰洲", "6201"), ("新疆乌鲁木其", "6501"), ("内蒙古鄂尔多思", "1506"),
    # Without the province, the kind of place wrong, below a prefecture.
    ("义务", "330782"), ("江苏省张家岗市", "320582"), ("西宁市城忠区", "630103"), ("西宁市城东县", "630102"),
    ("海西洲格尔木", "632801"), ("青海门园县", "632221"), ("上海浦东心区", "310115"), ("北京朝杨区", "110105"),
    # As it is spoken, and another character altogether.
    ("西藏拉沙", "5401"), ("宁夏银穿", "6401"), ("深训", "4403"), ("广东深训", "4403"),
]


class Slips(SheetDesk):
    def setUp(self):
        super().setUp()
        self.places = Places(COUNTY, COUNTY)

    def test_what_was_meant_comes_first_and_can_be_read(self):
        for typed, meant in SLIPS:
            with self.subTest(typed):
                codes = [code for code, _label in self.places.like(typed)]
                self.assertEqual(codes[0], meant, codes)
                self.assertLessEqual(len(codes), 3)
                self.assertEqual(self.places.read_destination(meant).value, meant)

    def test_the_own_county_is_never_offered(self):
        for typed in ("大同县", "青海省大通县", "西宁大通"):
            self.assertNotIn(COUNTY, [code for code, _label in self.places.like(typed)])

    def test_what_is_like_nothing_gets_no_offer(self):
        for typed in ("", "x", "?", "123", "啊啊啊"):
            self.assertEqual(self.places.like(typed), [], typed)

    def test_no_place_is_offered_twice(self):
        for typed, _meant in SLIPS:
            labels = [label for _code, label in self.places.like(typed)]
            self.assertEqual(len(labels), len(set(labels)))

    def test_likeness(self):
        self.assertEqual(alike("东莞", "东莞"), 1)
        self.assertGreater(alike("东管", "东莞"), alike("东光", "东莞"))
        self.assertEqual(alike("苏州", "广州"), 0.5)
        self.assertEqual([bare(name) for name in ("东莞市", "城中区", "海西州", "苏州")], ["东莞", "城中", "海西", "苏州"])
