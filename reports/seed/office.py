"""Who works with the registry in the demo: officers and their posts, cooperation points."""

from datetime import UTC, date, datetime

from django.contrib.auth.hashers import make_password

from jobs.models import CooperationPoint
from officers import roles
from officers.models import Officer
from reports.seed import names, trades
from villages.models import Posting

PASSWORD = "demo-2026"
POSTED_ON = date(2024, 1, 1)
AT_THE_START = datetime(2024, 1, 1, 1, tzinfo=UTC)

# The cast: account, name, role, level of the post.
LI, WANG, ZHAO, QIAN, SUN, ADMIN = "li", "wang", "zhao", "qian", "sun", "admin"
CAST = {LI: "李秀兰", WANG: "王建国", ZHAO: "赵敏", QIAN: "钱玉梅", SUN: "孙国栋", ADMIN: "陈静"}

POINTS = [
    ("哈尔滨劳务协作点", "2301"), ("大连劳务协作点", "2102"), ("沈阳劳务协作点", "2101"),
    ("北京朝阳劳务协作点", "110105"), ("天津劳务协作点", "12"), ("青岛劳务协作点", "3702"),
    ("济南劳务协作点", "3701"), ("南京江宁劳务协作点", "320115"), ("无锡劳务协作点", "3202"),
    ("苏州劳务协作点", "3205"), ("昆山劳务协作点", "320583"), ("上海嘉定劳务协作点", "310114"),
    ("杭州劳务协作点", "3301"), ("义乌劳务协作点", "330782"), ("宁波劳务协作点", "3302"),
    ("合肥劳务协作点", "3401"), ("厦门劳务协作点", "3502"), ("晋江劳务协作点", "350582"),
    ("武汉劳务协作点", "4201"), ("广州劳务协作点", "4401"), ("佛山劳务协作点", "4406"),
    ("东莞劳务协作点", "441900"), ("深圳劳务协作点", "4403"), ("乌鲁木齐劳务协作点", "6501"),
    ("格尔木劳务协作点", "632801"),
]


class Office:
    """The officers by their account; for every village and station the two who work there."""

    def __init__(self, rng, numbers: names.Numbers, story):
        self.rng, self.numbers, self.story = rng, numbers, story
        self.officers: dict[str, Officer] = {}
        self.postings: list[Posting] = []
        self.password = make_password(PASSWORD)

    def open(self, county, townships, villages):
        self._bureau(county.code)
        for township in townships:
            self._station(township.code)
        for village in villages:
            self._village(village.code)
        # The second person at the bureau, who lets out the long lists of the first.
        self._appoint(QIAN, roles.COUNTY, county.code)
        Officer.objects.bulk_create(self.officers.values())
        for posting in self.postings:
            posting.officer_id = posting.officer.pk
        Posting.objects.bulk_create(self.postings)
        Posting.history.bulk_history_create(self.postings, default_date=AT_THE_START)
        self._tell_stations(townships)

    def of(self, code: str) -> Officer | None:
        """Who files for a village, or approves at a station."""
        return self.officers.get(self._first_account(code))

    def _first_account(self, code):
        if code == self.story.village:
            return LI
        if code == self.story.township:
            return WANG
        return ("v" if len(code) == 12 else "t") + code

    def _bureau(self, county):
        self._appoint(ZHAO, roles.COUNTY, county)
        self._appoint(SUN, roles.LEADER, county)
        self._appoint(ADMIN, roles.ADMIN, county)

    def _station(self, code):
        self._appoint(self._first_account(code), roles.TOWNSHIP, code)
        self._appoint(f"t{code}b", roles.TOWNSHIP, code)

    def _village(self, code):
        to_on = self.story.deserted_on if code == self.story.deserted else None
        self._appoint(self._first_account(code), roles.VILLAGE, code, to_on)
        if self.rng.random() < 0.45 and to_on is None:
            self._appoint(f"v{code}b", roles.VILLAGE, code)

    def _appoint(self, account, role, place, to_on=None):
        officer = Officer(
            username=account, name=CAST.get(account) or self._name(), role=role, phone=self.numbers.phone(),
            password=self.password, must_change_password=False,
        )
        self.officers[account] = officer
        self.postings.append(
            Posting(officer=officer, place_code=place, county_id=place[:6], from_on=POSTED_ON, to_on=to_on)
        )

    def _name(self) -> str:
        return invented_name(self.rng)[0]

    def _tell_stations(self, townships):
        for township in townships:
            head = self.of(township.code)
            township.head_name, township.station_phone = head.name, head.phone
            township.station_address = f"{township.name}便民服务中心"
        type(townships[0]).objects.bulk_update(townships, ["head_name", "station_phone", "station_address"])


def invented_name(rng) -> tuple[str, str]:
    """A name and the sex that it was drawn for."""
    group = rng.choices([names.HAN, names.HUI, names.TU], [6, 3, 1])[0]
    sex = rng.choices(["male", "female"], [2, 1])[0]
    return names.full_name(rng, group, sex, names.surname(rng, group)), sex


def sign_points(rng, numbers, county_code) -> list[CooperationPoint]:
    """The 25 cooperation points, from Heilongjiang to Guangdong; partners are invented."""
    partners = trades.TRADES["factory"].employers
    return CooperationPoint.objects.bulk_create([
        CooperationPoint(
            county_id=county_code, name=name, destination=code, partner=rng.choice(partners),
            contact=invented_name(rng)[0], phone=numbers.phone(), jobs_offered=rng.randint(4, 40) * 10,
            signed_on=date(rng.randint(2018, 2024), rng.randint(1, 12), rng.randint(1, 28)),
        )
        for name, code in POINTS
    ])
