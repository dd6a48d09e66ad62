"""The county of the journeys: on 2 November 2026 September is locked, and October waits to be opened."""

from datetime import date

from laborreg import clock
from laborreg.months import Month
from reports import actions
from reports.models import MonthlyReturn
from tests import cast
from villages import divisions
from villages.models import Division, Township
from workers.models import Worker

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
TODAY = date(2026, 11, 2)
STATION = cast.HOME[:9]
LI_PHONE, NEXT_DOOR_PHONE, STATION_PHONE = "13900001111", "13900002222", "0971-2722222"
# Those away in September, none of whom has told what is earned.
AWAY = {
    cast.HOME: ["祁海英", "马成龙", "李桂兰", "韩有福"],
    cast.NEXT_DOOR: ["冶玉梅", "张生财", "赵永红"],
    cast.FAR: ["孙有才", "孙有德", "孙有福"],
}


def build(pay=None) -> dict:
    """The cast by name, with a second village officer and a second station; `pay` of those away."""
    clock.pin(TODAY)
    county = cast.county()
    Division.objects.exists() or divisions.fill(Division)
    officers = cast.cast() | {
        "second": cast.officer("second", "village", cast.NEXT_DOOR),
        "wang2": cast.officer("wang2", "township", cast.FAR[:9]),
    }
    _phones(officers)
    for village, names in AWAY.items():
        for number, name in enumerate(names):
            born = date(1980 + number, 5, 6)
            person = cast.worker(name, village, sex="female" if number % 2 else "male", birth_date=born)
            cast.transfer(person, date(2026, 3, 2 + number), channel="own", industry="F", pay=pay)
        cast.worker(f"留守{names[0][0]}", village)
    _file_september(county, officers)
    return officers


def _phones(officers):
    for name, number in (("li", LI_PHONE), ("second", NEXT_DOOR_PHONE)):
        officers[name].phone = number
        officers[name].save(update_fields=["phone"])
    Township.objects.filter(pk=STATION).update(station_phone=STATION_PHONE, head_name="站长")


def _file_september(county, officers):
    keepers = {cast.HOME: "li", cast.NEXT_DOOR: "second", cast.FAR: "sun"}
    actions.open_month(county, SEPTEMBER)
    clock.pin(date(2026, 10, 2))
    returns = list(MonthlyReturn.objects.select_related("county", "village", "newest").filter(month=SEPTEMBER))
    actions.submit(returns, by=lambda ret: officers[keepers[ret.village_id]], explanations=actions.AS_IN_THE_LEDGER)
    returns = list(MonthlyReturn.objects.select_related("county", "village", "newest").filter(month=SEPTEMBER))
    stations = {STATION: "wang", cast.FAR[:9]: "wang2"}
    actions.approve(returns, by=lambda ret: officers[stations[ret.village_id[:9]]])
    actions.lock(county, SEPTEMBER, by=officers["zhao"])
    clock.pin(TODAY)


def leave(name, village, destination) -> Worker:
    """One more who is away since August."""
    found = cast.worker(name, village, sex="male")
    cast.transfer(found, date(2026, 8, 3), destination=destination, channel="own", industry="C", pay=5200)
    return found


def letters(number) -> str:
    """Numbers as names have them: without digits."""
    return "".join("零一二三四五六七八九"[int(digit)] for digit in str(number))


def person(name) -> Worker:
    return Worker.objects.get(name=name)
