"""A sheet of what the ledger holds changes nothing, whoever entered it: by the ordinary actions or invented by the thousand."""

from datetime import date
from unittest import mock

from laborreg import clock
from officers import demo
from officers.models import Officer
from reports.seed.county import seed_county
from tests.cast import HOME
from tests.reports.test_landing import SIZE
from tests.workers.sheets.desk import SheetDesk, id_number
from workers.actions import households, record_departure, record_homecoming, register
from workers.models import Phone, Transfer, Worker
from workers.sheets import columns
from workers.sheets.places import broker_in_words

PERSON = ["village", "name", "id_number", "no_id_reason", "sex", "birth_date", "ethnic_group", "education", "ability",
    "is_student",
          "wants_to_go", "skills", "skill_grade", "group_name", "note", "relation"]
TRIP = ["started_on", "ended_on", "destination", "channel", "broker", "agency", "form", "employer", "industry", "job", "pay",
    "pay_band",
        "contract", "contract_until", "insurance", "planned_home", "reason", "plan", "source"]
HEADINGS = [str(columns.BY_NAME["ledger"][name].synonyms[0]) for name in PERSON + TRIP]


def written(name, value):
    """As a person writes it: words for codes, a day as a day."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    choices = dict(columns.BY_NAME["ledger"][name].choices)
    return str(choices[value]) if value in choices else str(value) if not isinstance(value, (date, int)) else value


def named(broker) -> str:
    return broker_in_words(broker.name, broker.village.name)


def line(worker, transfer=None):
    person = {name: getattr(worker, name, None) for name in PERSON} | {"village": worker.village_id}
    cells = [written(name, person[name]) for name in PERSON]
    if transfer is None:
        return cells + [None] * len(TRIP)
    trip = {name: getattr(transfer, name) for name in TRIP} | {"broker": transfer.broker and named(transfer.broker)}
    if transfer.month_only:
        trip["started_on"] = transfer.started_on.strftime("%Y-%m")
    return cells + [written(name, trip[name]) for name in TRIP]


def lines(workers):
    for worker in workers:
        trips = list(Transfer.objects.valid().filter(worker=worker).select_related("broker__village"))
        yield from [line(worker, trip) for trip in trips] or [line(worker)]


class Entered(SheetDesk):
    def test_all_the_same(self):
        head = register(
            by=self.li, village=HOME, name="马一", id_number=id_number(order="003"), phone="13897123456", new_household=True,
                ethnic_group="03",
            education="70", ability="skilled", skills="电焊", is_student=False, wants_to_go=True,
        )
        wife = register(
            by=self.li, village=HOME, name="马秀兰", id_number=id_number(), household=head.household, relation="spouse",
                group_name="三社",
        )
        register(by=self.li, village=HOME, name="马三", no_id_reason="lost", birth_date=date(1990, 5, 5), sex="male")
        households.set_status(head.household, by=self.li, kind="relieved", from_on=date(2020, 1, 1))
        record_departure(
            head, by=self.li, started_on=date(2026, 3, 1), month_only=True, destination="320583", channel="relatives",
                form="employed", pay=4500,
            industry="C", job="manufacturing", contract="yes", employer="某电子厂",
        )
        record_departure(wife, by=self.li, started_on=date(2026, 3, 5), destination="township")
        record_homecoming(wife, by=self.li, ended_on=date(2026, 6, 1), reason="family", plan="farming")
        rows = list(lines(Worker.objects.order_by("pk")))
        _batch, staged = self.staged("ledger", HEADINGS, rows)
        self.assertEqual([(row.verdict, row.problems, row.changes) for row in staged], [("same", [], {})] * 3)

    def test_with_phone_household_and_status(self):
        head = register(by=self.li, village=HOME, name="马一", id_number=id_number(order="003"), phone="13897123456")
        households.start_household(by=self.li, village=HOME, head=head, number="0012")
        households.set_status(head.household or Worker.objects.get().household, by=self.li, kind="relieved", from_on=date(2020,
            1, 1))
        headings = ["村", "姓名", "身份证号", "户编号", "与户主关系", "户类型", "联系电话"]
        rows = [["大煤洞村", "马一", id_number(order="003"), "0012", "户主", "脱贫户", "138-9712-3456"]]
        self.assertEqual(self.verdicts("workers", headings, rows), [("same", "")])
        self.assertEqual(Phone.objects.count(), 1)


class Seeded(SheetDesk):
    @classmethod
    def setUpTestData(cls):
        with mock.patch.multiple("reports.seed.county", DEATHS=120, LEAVINGS=80, MOVES=80):
            seed_county(SIZE)
        cls.zhao = Officer.objects.filter(role="county").first()

    def setUp(self):
        today = clock.today()
        super().setUp()
        clock.pin(today)

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        clock.pin(None)
        demo._known.clear()

    def test_all_the_same(self):
        people = Worker.objects.valid().filter(id_index__isnull=False).order_by("village_id", "pk")
        rows = list(lines(people))
        self.assertGreater(len(rows), 900)
        _batch, staged = self.staged("ledger", HEADINGS, rows)
        found = [(row.verdict, row.problems, row.changes) for row in staged if row.verdict != "same"]
        self.assertEqual(found, [])
