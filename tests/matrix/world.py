"""Two counties on 2026-11-04 with everything that a page can be about, so that each row has an owner and a stranger.

Every village holds the same: people away and at home, a household, an unnamed group, a broker, two months of returns.
Names of people occur in one village only, so that one found on a page tells whose page it is.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from io import BytesIO

from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from laborreg import clock
from laborreg.months import Month
from officers import messages
from officers.models import AuditEvent, Officer, Unusual
from officers.roles import ADMIN, LEADER, TOWNSHIP, VILLAGE
from reports import actions as month
from reports import checking, extending, scans
from reports.actions import tables as month_tables
from reports.blanks import keeping
from reports.briefs import drafting
from reports.models import Blank, CellMessage, MonthlyReturn, SavedTable
from reports.tables import asking
from tests import cast
from tests.workers.desk import id_number
from villages.models import County, CountySettings, Posting, Township, Village
from workers import actions, drafts
from workers.actions.distinct import tell_apart
from workers.listing import Query
from workers.models import Batch, Doubt, Draft, ExportRequest, Roster, Worker
from workers.sheets import approving, batches, ordering, rosters, storing

TODAY = date(2026, 11, 4)
# Of every second factor that is set up here.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
STATION = cast.HOME[:9]
ABROAD_COUNTY, ABROAD_STATION, ABROAD = "630123", "630123100", "630123100200"
# Somebody of another village whose number an officer of the home village holds in hand.
BRIDE = "邓新娘", id_number("19990909", "008")
QUIET, ABROAD_QUIET = "630121101201", "630123100201"

# (village, names of its people, born, the middle of their mobile numbers)
PEOPLE = {
    cast.HOME: (["安清莲", "安清河", "安清泉"], "19880312", "1011"),
    cast.NEXT_DOOR: (["贾旺生", "贾旺财", "贾旺福"], "19850523", "2022"),
    cast.FAR: (["覃远香", "覃远贵", "覃远山"], "19790714", "3033"),
    ABROAD: (["仇湟芳", "仇湟军", "仇湟海"], "19920905", "4044"),
}
KEEPERS = {cast.HOME: "li", cast.NEXT_DOOR: "second", cast.FAR: "sun", ABROAD: "ma"}
STATIONS = {"630121100": "wang", "630121101": "wang2", ABROAD_STATION: "luo"}
BUREAUS = {cast.COUNTY: "zhao", ABROAD_COUNTY: "tie"}
NEW_PERSON = {
    "name": "罗新来", "consent": "in_person", "no_id_reason": "lost", "sex": "male", "birth_date": "1990-01-02",
}
SHENZHEN = {"destination": "4403", "left_month": "2026-10", "channel": "relatives"}
FACTORY = {"common_industry": "C", "pay": "5200"}


@dataclass
class Place:
    """A village with the rows that stand in it, and the areas above."""

    village: str
    people: list[Worker] = field(default_factory=list)
    id_numbers: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)

    @property
    def township(self):
        return self.village[:9]

    @property
    def county(self):
        return self.village[:6]

    def area_of(self, role) -> str:
        """The area of this place at which the role is posted."""
        return {VILLAGE: self.village, TOWNSHIP: self.township}.get(role, self.county)

    @property
    def secrets(self) -> list[str]:
        """What nobody from elsewhere may read: names, numbers, and words that were typed here only."""
        typed = [self.household.number, self.transfer.employer, self.group.note]
        return [person.name for person in self.people] + self.id_numbers + self.phones + typed


@dataclass
class World:
    places: dict[str, Place]
    officers: dict[str, Officer]
    drafts: dict[str, Draft]
    done_drafts: dict[str, Draft]
    rosters: dict[str, Roster]
    # A list that each asked for and that waits, and one that was approved.
    exports: dict[str, ExportRequest]
    approved: dict[str, ExportRequest]
    tables: dict[str, SavedTable]

    @property
    def home(self) -> Place:
        return self.places[cast.HOME]

    def foreign_to(self, role) -> list[Place]:
        """The places that the cast's officer of a role, all at home, must not see; the nearest first."""
        return [place for place in self.places.values() if not place.village.startswith(self.home.area_of(role))]

    def hidden_from(self, officer) -> list[str]:
        """What must not stand on any page of the officer, who is posted at home."""
        sees_people = officer.role not in (LEADER, ADMIN)
        hidden = self.foreign_to(officer.role) if sees_people else self.places.values()
        return [secret for place in hidden for secret in place.secrets]


def build() -> World:
    clock.pin(TODAY)
    _counties()
    officers = _officers()
    places = {village: _people(Place(village), officers[KEEPERS[village]]) for village in PEOPLE}
    for county in County.objects.all():
        _months(county, officers)
        _brief(county, officers[BUREAUS[county.code]])
        _unusual(county, officers[BUREAUS[county.code]])
    for place in places.values():
        _rows(place, officers)
    actions.register(by=officers["sun"], village=cast.FAR, name=BRIDE[0], id_number=BRIDE[1])
    for officer in officers.values():
        _signed_in_elsewhere(officer)
    messages.send(officers.values(), "%(month)s", values={"month": "2026-10"}, url="/")
    entering = [officer for officer in officers.values() if officer.may("enter records") and officer.posts]
    return World(
        places, officers, {who.username: _draft(places, who) for who in entering},
        {who.username: _done(places, who) for who in entering}, {who.username: _roster(who) for who in entering},
        *_exports(entering),
        {who.username: _table(who) for who in officers.values() if who.may("see totals") and who.posts},
    )


def _signed_in_elsewhere(officer):
    store = SessionStore()
    store.create()
    officer.sessions.create(session_id=store.session_key, address="10.0.0.9")


def _counties():
    cast.county()
    other = County.objects.create(code=ABROAD_COUNTY, name="湟源县", name_latin="Huangyuan County")
    CountySettings.objects.create(county=other)
    Township.objects.create(code=ABROAD_STATION, county=other, name="城关镇")
    Village.objects.create(code=ABROAD, township_id=ABROAD_STATION, name="万丰村委会", files_from="2000-01")
    # Villages that nobody keeps and that file nothing: where people of the others are asked to move.
    Village.objects.create(code=QUIET, township_id=QUIET[:9], name="西门村委会")
    Village.objects.create(code=ABROAD_QUIET, township_id=ABROAD_STATION, name="上庄村委会")
    Township.objects.update(station_phone="0971-2722222", head_name="站长")


def _officers() -> dict[str, Officer]:
    """The cast, the colleagues of other places, one without any posting; all with an office phone."""
    officers = cast.cast()
    for posts, role in ((KEEPERS, "village"), (STATIONS, "township"), (BUREAUS, "county")):
        for post, name in posts.items():
            officers[name] = officers.get(name) or cast.officer(name, role, post)
    officers["nowhere"] = cast.officer("nowhere", "village")
    for number, officer in enumerate(officers.values()):
        officer.phone = f"1590000{number:04}"
        officer.save(update_fields=["phone"])
    return officers


def _people(place, by) -> Place:
    """One away with an ID number and a phone, one come home, one who stayed; the first two keep a household."""
    names, born, middle = PEOPLE[place.village]
    household = None
    for number, name in enumerate(names):
        id_card, phone = id_number(born, f"{number:03}"), f"139{middle}{number:04}"
        person = actions.register(
            by=by, village=place.village, name=name, id_number=id_card, phone=phone, consent="in_person",
            new_household=number == 0, household=household if number == 1 else None,
            relation="sibling" if number == 1 else "",
        )
        household = household or person.household
        place.people.append(person)
        place.id_numbers.append(id_card)
        place.phones.append(phone)
    place.household = household
    type(household).objects.filter(pk=household.pk).update(number=f"H-{middle}")
    household.number = f"H-{middle}"
    return _journeys(place, by)


def _journeys(place, by) -> Place:
    away, back, _stayed = place.people
    work = {"industry": "C", "employer": f"厂{PEOPLE[place.village][2]}", "pay": 5200, "channel": "relatives"}
    place.transfer = actions.record_departure(away, by=by, started_on=date(2026, 9, 3), destination="4403", **work)
    place.ended = actions.record_departure(back, by=by, started_on=date(2026, 3, 1), destination="3307", **work)
    actions.record_homecoming(back, by=by, ended_on=date(2026, 9, 20), reason="family")
    place.visit = actions.record_visit(away, by=by, outcome="no_answer")
    return place


def scan_file(words="signed") -> SimpleUploadedFile:
    """A signed paper as a scanner sends it."""
    return SimpleUploadedFile("扫描.pdf", b"%PDF-1.4\n" + words.encode() + b"\n%%EOF\n")


def list_file(name="罗新来") -> SimpleUploadedFile:
    """A sheet of departures as an office keeps it, one to a place that is none."""
    rows = f"姓名,身份证号,务工地点,外出时间\n{name},{id_number('19910102', '003')},广东省深圳市,2026-03-05\n"
    rows += f"{name},{id_number('19910103', '005')},东管,2026-03-05\n"
    return SimpleUploadedFile("名册.csv", rows.encode())


def _sheets(place, by):
    """One file that waits for its columns, one that was read, one that was given up."""
    columns = {"sheet": "", "header_row": 1, "headings": ["姓名", "身份证号", "务工地点", "外出时间"]}
    columns["matched"] = dict(enumerate(["name", "id_number", "destination", "started_on"]))
    file = list_file(PEOPLE[place.village][0][0])
    place.batch = batches.upload(by=by, place=place.village, kind="ledger", file=file)
    place.staged, place.canceled = _copy(place.batch, "1" * 64), _copy(place.batch, "2" * 64)
    batches.read(place.staged, by=by, **columns)
    batches.cancel(place.canceled, by=by)


def _copy(batch, sha256) -> Batch:
    facts = {field.attname: getattr(batch, field.attname) for field in Batch._meta.concrete_fields if not field.primary_key}
    return Batch.objects.create(**facts | {"sha256": sha256, "stored_as": storing.again(batch.stored_as)})


def _rows(place, officers):
    """What does not enter the months that are filed."""
    keeper, station = officers[KEEPERS[place.village]], officers[STATIONS[place.township]]
    place.group = actions.record_group(
        by=keeper, village=place.village, persons=4, started_on=date(2026, 11, 1), destination="3301",
        note=f"组{PEOPLE[place.village][2]}",
    )
    place.scan = scans.attach(
        Township.objects.get(pk=place.township), OCTOBER, by=station, file=scan_file(place.village)
    )
    place.spot_check = checking.draw(
        County.objects.get(pk=place.county), SEPTEMBER, by=station, area_code=place.village, figure="away", wanted=1,
        note=f"查{PEOPLE[place.village][2]}",
    )
    _at_home(place, keeper)
    _sheets(place, keeper)
    place.broker = _broker(place, keeper)
    bureau = officers[BUREAUS[place.county]]
    _filing(place, keeper, station, bureau)
    _association(place, bureau, station)
    place.scheme, place.claim = _pay(place, bureau)
    place.claims_list = _claims_list(place, bureau)
    place.point = _point(place, station)
    _trained(place, station)
    place.blank = _blank(place, bureau)
    place.keeper, place.station = keeper, station


def _at_home(place, by):
    """A second household with the same poverty flag, the first person once more, and a move that is asked for."""
    first, _second, third = place.people
    place.other_household = actions.start_household(by=by, village=place.village, head=third)
    for household in (place.other_household, place.household):
        place.status = actions.set_status(household, by=by, kind="monitored_unstable", from_on=date(2026, 11, 1))
    place.twin = actions.register(
        by=by, village=place.village, name=first.name, no_id_reason="lost", sex=first.sex,
        birth_date=first.birth_date, consent="in_person",
    )
    place.distinct = tell_apart(_second, third, by=by, reason=f"两人{PEOPLE[place.village][2]}")
    to_village = ABROAD_QUIET if place.village == ABROAD else QUIET
    place.doubt = Doubt.objects.filter(worker=place.twin).first()
    place.move = actions.ask_to_let_go(third, by=by, to_village=to_village, on=date(2026, 11, 1), reason="marriage")


def _broker(place, by):
    from brokers import actions as brokers

    *_names, middle = PEOPLE[place.village]
    village = Village.objects.get(pk=place.village)
    number, phone = id_number("19700101", middle[:3]), f"137{middle}0000"
    place.id_numbers.append(number)
    place.phones.append(phone)
    return brokers.register_broker(by=by, village=village, name="马得海", id_number=number, phone=phone)


def _filing(place, keeper, station, bureau):
    """A second broker, filed and complained about, and the first one entered once more, without a number."""
    from brokers import actions as brokers
    from brokers.actions import courses
    from brokers.actions.courses import Result

    *_names, middle = PEOPLE[place.village]
    number = id_number("19710203", middle[:3])
    place.id_numbers.append(number)
    village, facts = Village.objects.get(pk=place.village), {"name": "马得山", "id_number": number}
    clock.pin(date(2026, 10, 20))
    broker = brokers.register_broker(by=keeper, village=village, **facts)
    conditions = ["healthy", "honest", "digital", "organizes"]
    broker = brokers.recommend_broker(broker, by=keeper, version=1, conditions=conditions)
    course = courses.start_course(
        by=bureau, place_code=place.county, name=f"备案{place.village[6:]}", hours="24", from_on="2026-10-18", to_on="2026-10-20",
    )
    courses.add_result(course, broker, Result(has_passed=True), by=bureau)
    place.publication = brokers.publish_brokers(
        [broker], by=station, place=place.township, from_on=date(2026, 10, 20), to_on=date(2026, 10, 26)
    )
    clock.pin(TODAY)
    place.filed = brokers.file_broker(broker, by=bureau, version=4)
    place.complaint = brokers.record_complaint(
        place.filed, by=station, kind="complaint", received_on=TODAY, said=f"话{middle}"
    )
    place.broker_twin = brokers.register_broker(by=keeper, village=village, name="马得海")


def _association(place, bureau, station):
    """A member with a post, a broker who is none, one at a course that is over and one who could go there."""
    from brokers.actions import associations, courses
    from brokers.models import Association, Broker

    county = County.objects.get(pk=place.county)
    if not Association.objects.filter(pk=place.county).exists():
        associations.found_association(county, by=bureau, name=f"{county.name}劳务经纪人协会", founded_on="2026-04-28")
    facts = {"county": county, "village_id": place.village, "registered_on": date(2026, 5, 1)}
    place.other_broker = Broker.objects.create(name="李得山", **facts)
    [place.membership] = associations.join([place.broker], by=station, joined_on="2026-05-01")
    place.post = associations.give_post(place.membership, "council", by=bureau, from_on="2026-05-02")
    place.course = courses.start_course(
        by=station, place_code=place.township, name=f"培训{place.village[6:]}", hours="24", from_on="2026-06-01",
        to_on="2026-06-03",
    )
    [place.attendance] = courses.add_to_course(place.course, [place.broker], by=station)


def _pay(place, by):
    """The county's scheme, and a claim of the place's broker for last year with who came home, drawn up."""
    from brokers.models import Broker
    from support import actions as pay
    from support.examples import YONGNING
    from support.models import Claim, ClaimLine, Scheme

    Broker.objects.filter(pk=place.filed.pk).update(filed_on=date(2024, 5, 1))
    county = County.objects.get(pk=place.county)
    scheme = Scheme.objects.filter(county=county).first()
    scheme = scheme or pay.write_scheme(by=by, county=county, bands=YONGNING.bands, **YONGNING.facts | {"name": "劳务经纪人补助"})
    claim = Claim.objects.create(
        county=county, scheme=scheme, year=2025, broker=place.filed, township_id=place.township, persons=1, amount=20,
        drawn_by=by, drawn_at=clock.now(),
    )
    who, led = place.people[1], place.ended
    ClaimLine.objects.create(
        claim=claim, county=county, year=2025, worker=who, transfer=led, transfer_version=led.version, village_id=place.village,
        name=who.name, employer=led.employer, started_on=date(2025, 3, 1), ended_on=date(2025, 9, 20), days=203, pay=5200,
        verdict="counts", amount=20,
    )
    return scheme, claim


def _trained(place, by):
    """A course of the station that is over, with one of the village on its list."""
    from support.actions import training

    place.training = training.start_training(
        by=by, place_code=place.township, kind="skills", subject=f"技能{place.village[6:]}", hours="40",
        begins_on="2026-06-01", ends_on="2026-06-05",
    )
    [place.trained] = training.add_to_training(place.training, [place.people[1]], by=by)


def _claims_list(place, by):
    """A list of claims that hung out in October, one a county."""
    from brokers.models import Publication

    days = {"from_on": date(2026, 10, 1), "to_on": date(2026, 10, 10), "subject": "claims", "place_code": place.county}
    said = {"by": by, "at": clock.now()}
    return Publication.objects.get_or_create(county_id=place.county, **days, defaults=said)[0]


def _blank(place, by) -> Blank:
    """One a county, with a key written in it and another cell bound by clicking."""
    county = County.objects.get(pk=place.county)
    if found := county.blanks.first():
        return found
    made = keeping.upload(county, by=by, name="省厅报表", file=blank_file())
    keeping.bind(made.newest, by=by, sheet="Sheet", cell="B2", key="left")
    return made


def blank_file(words="在外") -> SimpleUploadedFile:
    """An empty workbook as the province sends it."""
    return SimpleUploadedFile("空白.xlsx", _blank_content(words))


@cache
def _blank_content(words) -> bytes:
    """Made once: a workbook holds the moment it was saved at, and the same form is sent twice."""
    book, content = Workbook(), BytesIO()
    book.active["A1"], book.active["A2"], book.active["B1"] = words, "县", "{{away}}"
    book.save(content)
    return content.getvalue()


def _point(place, by):
    from jobs import actions as points

    return points.register_point(by=by, name=f"协作点{place.village[6:]}", destination="4403", contact="李主任")


def _months(county, officers):
    """September is approved everywhere. October: sent back at home with a question, else submitted."""
    for each in (SEPTEMBER, OCTOBER):
        month.open_month(county, each)
        clock.pin(each.next.last_day().replace(day=2))
        returns = MonthlyReturn.objects.filter(county=county, month=each)
        month.submit(returns.all(), by=lambda ret: officers[KEEPERS[ret.village_id]], explanations=month.AS_IN_THE_LEDGER)
        if each == SEPTEMBER:
            month.approve(returns.all(), by=lambda ret: officers[STATIONS[ret.village_id[:9]]])
    clock.pin(TODAY)
    if county.code == cast.COUNTY:
        ret = MonthlyReturn.objects.get(village=cast.HOME, month=OCTOBER)
        month.send_back(ret, by=officers["wang"], reason="请再看", cells={"away": "还在外吗"})
    extending.extend(
        county, OCTOBER, by=officers[BUREAUS[county.code]], area_code=county.code, reason="大雪",
        due_on=date(2026, 11, 5), closes_on=date(2026, 11, 9),
    )


def _brief(county, by):
    """September's, with a paragraph of the county's own, issued once; of October there is none."""
    brief = drafting.start(county, SEPTEMBER, by=by)
    drafting.add(brief, title="下步工作", text="做好返乡登记", by=by, version=brief.version)
    drafting.issue(brief, by=by, version=brief.version + 1)


def _unusual(county, by):
    """Found about the bureau's own colleagues of the village, so that the bureau may look at it."""
    first = AuditEvent.objects.filter(county_code=county.code).exclude(by=by).earliest("number")
    Unusual.objects.create(
        county_code=county.code, pattern="night", day=TODAY, officer=first.by, key="1", numbers=[first.number], counted=1
    )


def question_at(village) -> CellMessage | None:
    return CellMessage.objects.filter(ret__village=village).first()


def _draft(places, officer) -> Draft:
    """Everything is answered; it waits for the last button."""
    place = _place_of(places, officer)
    answers = {"village": place.village, "worker": None, "group": None, "person": NEW_PERSON | {"household": ""},
               "place": SHENZHEN, "work": FACTORY}
    return drafts.start(officer, "departure", answers)


def _done(places, officer) -> Draft:
    draft = _draft(places, officer)
    Draft.objects.filter(pk=draft.pk).update(became=str(_place_of(places, officer).transfer.pk))
    return draft


def _roster(officer) -> Roster:
    """The names of everybody whom the officer sees, as a file."""
    return ordering.at_once(rosters.Wanted("workers", Query(officer, {}, TODAY), ["name"], file_type="csv"), by=officer)


def _exports(entering) -> tuple[dict, dict]:
    """Of a registry in which nobody may export more than a row alone; then it is as everywhere."""
    CountySettings.objects.update(export_limit=1)
    second = {county: cast.officer(f"second{county}", "county", county) for county in BUREAUS}
    waiting = {who.username: _asked(who, "csv") for who in entering}
    approved = {who.username: _asked(who, "xlsx") for who in entering}
    for each in approved.values():
        approving.approve(each, by=second[each.county_id])
    Officer.objects.filter(pk__in=[each.pk for each in second.values()]).update(is_active=False)
    CountySettings.objects.update(export_limit=500)
    return waiting, approved


def _asked(officer, file_type) -> ExportRequest:
    wanted = rosters.Wanted("workers", Query(officer, {}, TODAY), ["name"], file_type=file_type)
    return ordering.ask(wanted, by=officer, reason="核对")


def question_of(officer) -> dict:
    """A table of the officer's own place, as it is saved."""
    return {"source": "month", "area": officer.posts[0], "month": str(OCTOBER), "rows": ["sex"], "measure": "away"}


def _table(officer) -> SavedTable:
    """One that its owner alone sees."""
    return month_tables.save_table(asking.read(question_of(officer)), name="外出人员表", sharing="mine", by=officer)


def _place_of(places, officer) -> Place:
    [post] = officer.posts
    return next(place for place in places.values() if place.village.startswith(post))


def posting_of(officer) -> Posting:
    return officer.postings.get()
