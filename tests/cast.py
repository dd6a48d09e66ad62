"""The cast of the tests: Li enters, Wang approves, Zhao totals, Sun must see nothing. All invented."""

import re
from datetime import date

from officers.models import Officer
from villages.models import County, CountySettings, Posting, Township, Village
from workers.models import Registration, Transfer, Worker

COUNTY = "630121"
HOME = "630121100200"
NEXT_DOOR = "630121100201"
FAR = "630121101200"
# Eighteen digits beside a hexadecimal letter stand in a digest, which holds as many in a row now and then.
ID_NUMBER = re.compile(r"(?<![0-9a-f])[0-9]{17}[0-9Xx](?![0-9a-f])")


def county(**rules) -> County:
    """Datong with two townships and three villages that file."""
    datong = County.objects.create(code=COUNTY, name="大通回族土族自治县", name_latin="Datong Hui and Tu Autonomous County")
    CountySettings.objects.create(county=datong, **rules)
    for code, name in (("630121100", "桥头镇"), ("630121101", "城关镇")):
        Township.objects.create(code=code, county=datong, name=name)
    for code, name in ((HOME, "大煤洞村委会"), (NEXT_DOOR, "元树尔村委会"), (FAR, "东门村委会")):
        Village.objects.create(code=code, township_id=code[:9], name=name, files_from="2000-01")
    return datong


def officer(username: str, role: str, *posts: str) -> Officer:
    found = Officer.objects.create(username=username, name=username.title(), role=role, must_change_password=False)
    found.set_password("Right-2026")
    found.save()
    for code in posts:
        Posting.objects.create(officer=found, place_code=code, county_id=code[:6], from_on=date(2020, 1, 1))
    return found


def cast() -> dict[str, Officer]:
    return {
        "li": officer("li", "village", HOME),
        "wang": officer("wang", "township", "630121100"),
        "zhao": officer("zhao", "county", COUNTY),
        "sun": officer("sun", "village", FAR),
        "leader": officer("leader", "leader", COUNTY),
        "admin": officer("admin", "admin", COUNTY),
    }


def worker(name="王秀英", village=HOME, **facts) -> Worker:
    """A registered worker, put straight into the tables; no ID number unless given through the actions."""
    from laborreg import clock

    facts = {"sex": "female", "birth_date": date(1988, 3, 12)} | facts
    found = Worker.objects.create(
        county_id=village[:6], village_id=village, name=name, no_id_reason="not_at_hand", created_at=clock.now(), **facts
    )
    Registration.objects.create(county_id=village[:6], worker=found, village_id=village)
    return found


def transfer(who: Worker, started_on: date, ended_on=None, destination="4403", **facts) -> Transfer:
    from laborreg import clock

    return Transfer.objects.create(
        county_id=who.county_id, worker=who, village_id=who.village_id, started_on=started_on, ended_on=ended_on,
        destination=destination, created_at=clock.now(), **facts
    )
