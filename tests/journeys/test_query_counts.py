"""What the main pages ask the database, to the query; as often in a county of three villages as in one of twelve."""

from datetime import date

from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from laborreg import clock
from reports import actions
from reports.models import MonthlyReturn
from tests import cast
from tests.cast import COUNTY, HOME
from tests.journeys import county
from tests.journeys.county import OCTOBER, STATION, person
from tests.matrix.world import list_file
from villages.models import Township, Village
from workers import drafts
from workers.sheets import batches

# Every page is opened by the officer whose work it is. Totals, the queue and the board have their own tests too.
ASKED = {
    ("li", "village home"): 35,
    ("li", "people"): 13,
    ("li", "person"): 18,
    ("li", "departure, who"): 11,
    ("li", "departure, where to"): 14,
    ("li", "visit round"): 14,
    ("li", "visit list"): 14,
    ("li", "return"): 29,
    ("li", "names behind a figure"): 12,
    ("li", "sheets"): 8,
    ("li", "columns of a sheet"): 8,
    ("li", "preview of a sheet"): 9,
    ("wang", "people"): 13,
    ("wang", "export"): 15,
    ("wang", "visits by village"): 10,
    ("wang", "queue"): 31,
    ("wang", "not filed"): 28,
    ("wang", "totals of the township"): 38,
    ("zhao", "people"): 11,
    ("zhao", "export"): 15,
    ("zhao", "visits by township"): 10,
    ("zhao", "people not asked"): 10,
    ("zhao", "queue"): 30,
    ("zhao", "returns"): 14,
    ("zhao", "board"): 26,
    ("zhao", "lock"): 14,
    ("zhao", "totals of the county"): 49,
    ("zhao", "a figure by townships"): 31,
    ("zhao", "accounts"): 13,
    ("zhao", "places"): 9,
    ("zhao", "settings"): 15,
    ("zhao", "more time"): 13,
    ("zhao", "earlier totals"): 11,
    ("zhao", "signed papers"): 10,
    ("zhao", "figures of the county"): 29,
    ("zhao", "who they are"): 31,
    ("zhao", "flows"): 22,
    ("zhao", "homecomings"): 21,
    ("zhao", "years"): 19,
    ("zhao", "names of the analysis"): 18,
    ("zhao", "any table"): 24,
    ("zhao", "targets"): 52,
    ("zhao", "assessment"): 39,
    ("zhao", "wall"): 36,
    ("zhao", "falls"): 19,
    ("zhao", "reminders"): 15,
    ("zhao", "blanks"): 10,
    ("zhao", "briefs"): 10,
    ("wang", "report to the county"): 23,
    ("li", "my settings"): 9,
    ("zhao", "audit trail"): 13,
    ("zhao", "unusual"): 8,
    ("zhao", "trail of a person"): 14,
    ("zhao", "people to be erased"): 10,
    ("zhao", "lists asked for"): 8,
    ("zhao", "health"): 9,
    ("leader", "totals of the county"): 55,
}


# Questions with a limit of time: PostgreSQL is told it in a savepoint, three statements more each.
LIMITED = {"any table": 1, "flows": 2, "names of the analysis": 2, "who they are": 3}


def known() -> dict:
    more = 3 if connection.vendor == "postgresql" else 0
    return {(name, page): n + more * LIMITED.get(page, 0) for (name, page), n in ASKED.items()}


class Queries(TestCase):
    maxDiff = None

    def setUp(self):
        self.officers = county.build()
        self.addCleanup(clock.pin, None)
        self.county = self.officers["zhao"].place
        actions.open_month(self.county, OCTOBER)
        self.submit(HOME, cast.FAR)
        self.sheet, self.staged = self.sheets()
        self.addresses = self.known_addresses()
        self.browsers = {name: self.browser(name) for name, _page in ASKED}

    def known_addresses(self) -> dict[str, str]:
        return {
            "village home": "/", "people": "/people/", "person": reverse("person", args=[person("马成龙").pk]),
            "export": reverse("roster_new") + "?view=away",
            "departure, who": reverse("departure_new"),
            "departure, where to": reverse("departure_step", args=[self.draft().pk, 2]),
            "visit round": reverse("visit_round"), "visit list": reverse("visit_print"),
            "visits by village": reverse("visit_quality"), "visits by township": reverse("visit_quality"),
            "people not asked": reverse("visit_people") + "?which=stale",
            "return": reverse("return", args=[HOME, OCTOBER]),
            "sheets": reverse("sheets"), "columns of a sheet": reverse("sheet_columns", args=[self.sheet.pk]),
            "preview of a sheet": reverse("sheet", args=[self.staged.pk]),
            "names behind a figure": reverse("cell", args=[HOME, OCTOBER, "away"]),
            "queue": reverse("queue", args=[OCTOBER]), "not filed": reverse("queue", args=[OCTOBER]) + "?tab=missing",
            "returns": "/returns/", "board": reverse("board", args=[OCTOBER]), "lock": reverse("lock", args=[OCTOBER]),
            "totals of the township": reverse("totals", args=[STATION, OCTOBER]),
            "totals of the county": reverse("totals", args=[COUNTY, OCTOBER]),
            "a figure by townships": reverse("drill", args=[COUNTY, OCTOBER, "away"]),
            "accounts": "/accounts/", "places": "/places/", "settings": "/settings/",
            "more time": reverse("extend", args=[OCTOBER]), "earlier totals": reverse("earlier", args=[COUNTY]),
            "signed papers": reverse("scans", args=[COUNTY, OCTOBER]),
            "figures of the county": reverse("figures", args=[COUNTY, OCTOBER]),
            "who they are": reverse("structure", args=[COUNTY, OCTOBER]),
            "flows": reverse("flows", args=[COUNTY, OCTOBER]),
            "homecomings": reverse("homecomings", args=[COUNTY, OCTOBER]),
            "years": reverse("years", args=[COUNTY, OCTOBER]),
            "names of the analysis": reverse("analysis_names", args=[COUNTY, OCTOBER]) + "?of=away",
            "away on a day": reverse("away_on", args=[COUNTY, "2026-10-04"]),
            "any table": reverse("tables"),
            "targets": reverse("targets", args=[COUNTY, 2026]),
            "assessment": reverse("assessment", args=[COUNTY, 2026]),
            "wall": reverse("wall"),
            "falls": reverse("alarms", args=[OCTOBER]),
            "reminders": reverse("reminders", args=[OCTOBER]),
            "blanks": reverse("blanks"),
            "briefs": reverse("briefs"),
            "my settings": reverse("me"), "audit trail": reverse("audit"), "unusual": reverse("unusual"),
            "trail of a person": reverse("person_trail", args=[person("马成龙").pk]),
            "people to be erased": reverse("people_due"), "lists asked for": reverse("export_requests"),
            "health": reverse("health"),
            "report to the county": reverse("report_up", args=[OCTOBER, STATION]),
        }

    def sheets(self):
        """One file that waits for its columns, one that was read."""
        li, headings = self.officers["li"], ["姓名", "身份证号", "务工地点", "外出时间"]
        waits, staged = (batches.upload(by=li, place=HOME, kind="ledger", file=list_file(name)) for name in ("甲乙", "丙丁"))
        columns = dict(enumerate(["name", "id_number", "destination", "started_on"]))
        batches.read(staged, by=li, sheet="", header_row=1, headings=headings, matched=columns)
        return waits, staged

    def draft(self):
        answers = {"village": HOME, "worker": person("留守祁").pk, "group": None, "person": {}, "place": {}, "work": {}}
        return drafts.start(self.officers["li"], "departure", answers)

    def browser(self, name) -> Client:
        client = Client()
        client.force_login(self.officers[name])
        session = client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()
        return client

    def asked(self) -> dict:
        return {(name, page): self.queries(self.browsers[name], self.addresses[page]) for name, page in ASKED}

    def queries(self, client, address) -> int:
        """Of the second time: some things are asked once a process."""
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            self.assertEqual(client.get(address).status_code, 200, address)
        return len(asked)

    def submit(self, *villages):
        returns = MonthlyReturn.objects.select_related("county", "village", "newest")
        by = self.officers["admin"].__class__.objects.get
        actions.submit(
            list(returns.filter(month=OCTOBER, village__in=villages)), explanations=actions.AS_IN_THE_LEDGER,
            by=lambda ret: by(postings__place_code=ret.village_id),
        )

    def more_villages(self):
        """Nine more in the two townships and a third, each with an officer, somebody away, and a return or none."""
        Township.objects.create(code="630121102", county=self.county, name="塔尔镇")
        new = [f"{township}{number}" for township in (STATION, cast.FAR[:9], "630121102") for number in (300, 301, 302)]
        for number, code in enumerate(new):
            name = f"新{county.letters(number)}"
            Village.objects.create(code=code, township_id=code[:9], name=f"{name}村委会", files_from="2026-10")
            cast.officer(f"keeper{number}", "village", code)
            county.leave(f"{name}甲", code, "3307")
        clock.pin(date(2026, 11, 2))
        actions.open_month(self.county, OCTOBER)
        self.submit(*new[::2])

    def test_as_many_as_the_table_says_however_many_villages_there_are(self):
        self.assertEqual(self.asked(), known())
        self.more_villages()
        self.assertEqual(self.asked(), known())
