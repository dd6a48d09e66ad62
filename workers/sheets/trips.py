"""Departures and homecomings of a sheet, against what the ledger knows of the same person."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from workers import places
from workers.actions.checks import WORKING_AGE
from workers.regions import region_of
from workers.sheets.cleaning import band_of
from workers.sheets.known import TRIP_FACTS
from workers.sheets.places import OWN_TOWNSHIP

_MAIN = ("started_on", "ended_on", "destination")
_TELLING = ("employer", "pay", "pay_band")
_BEARERS = ("broker", "point", "agency")
_WHY = ("reason", "plan")


def judge(row, person, known, file):
    """Which transfer the row tells of, and what it changes: `trip`, `transfer`, and the changes."""
    said = row.said
    if not any(name in said for name in _MAIN) and not (file.kind == "transfers" or any(name in said for name in _TELLING)):
        return
    _settle(row)
    told = known.trips.get(person.pk, []) if person is not None else []
    if "started_on" in said:
        alike = [trip for trip in told if _starts_alike(said, trip)]
        match = alike[0] if len(alike) == 1 else _likest(said, alike)
    else:
        match = _open_one(row, told, file)
        if match is None:
            return
    if match is None:
        _begin(row, person, told, known, file)
    else:
        _compare(row, match)
    if not row.is_wrong:
        _must_hold(row, person, match, known, file.today)
    if not row.is_wrong:
        _must_not_overlap(row, match, told, file)


def _settle(row):
    """What follows from the cells: the month alone, the own township, the band, the channel of whoever is named."""
    said = row.said
    start = said.get("started_on")
    if start and len(start) == 7:
        row.said["started_on"] = f"{start}-01"
        said["month_only"] = True
    if said.get("destination") == OWN_TOWNSHIP:
        row.said["destination"] = said["village"][:9]
    if "yearly_pay" in said:
        said.setdefault("pay", said.pop("yearly_pay"))
    if said.get("pay"):
        row.said["pay_band"] = band_of(said["pay"])
    if "channel" not in said:
        named = [name for name in _BEARERS if said.get(name)]
        if named:
            said["channel"] = named[0]


# The transfer that is meant.


def _starts_alike(said, trip) -> bool:
    start = said["started_on"]
    if said.get("month_only") or trip.month_only:
        return start[:7] == trip.started_on[:7]
    return start == trip.started_on


def _likest(said, alike):
    """Of several that began in the month the one to the same place, until the same day."""
    def likeness(trip):
        return (said.get("destination") == trip.destination) + (said.get("ended_on") == trip.ended_on)

    return max(alike, key=likeness, default=None)


def _open_one(row, told, file):
    """The transfer of a row that names no first day: the open one; or the one that ended on the day it names."""
    said = row.said
    ended = said.get("ended_on")
    is_open = next((trip for trip in told if trip.ended_on is None), None)
    if is_open is not None and (ended or _is_within(said.get("destination", ""), is_open.destination)):
        return is_open
    if ended:
        match = next((trip for trip in told if trip.ended_on == ended), None)
        if match is None:
            row.say("ended_on", "not_out", _nobody_is_out(row, file))
        return match
    row.say("started_on", "start_missing", _("Enter the day or the month of leaving."))
    return None


def _nobody_is_out(row, file) -> str:
    file.at_home[row.number] = row.key
    if departure := file.leaves_in(row.key):
        return _("Row %(row)s tells of the departure: write the day of the homecoming there.") % {"row": departure}
    return _("Nobody is out for work here: no departure is recorded.")


def _is_within(said, known) -> bool:
    """The same place, named as exactly or less."""
    return known.startswith(said)


def _begin(row, person, told, known, file):
    if "destination" not in row.said:
        row.say("destination", "place_missing", _("Enter where the work is."))
    row.says["trip"] = "new"


def _compare(row, trip):
    said, changes = row.said, row.changes
    facts = {}
    if "started_on" in said and said["started_on"] != trip.started_on and not said.get("month_only"):
        facts |= {"started_on": said["started_on"], "month_only": False}
    if "ended_on" in said:
        facts["ended_on"] = said["ended_on"]
    if "destination" in said and not _is_within(said["destination"], trip.destination):
        facts["destination"] = said["destination"]
    facts |= {name: said[name] for name in TRIP_FACTS if said.get(name) not in (None, "")}
    if "pay" in facts and facts["pay"] == trip.pay:
        # The band follows from the pay, whether the ledger wrote it down or not.
        facts.pop("pay_band", None)
    if "channel" in facts and facts["channel"] != trip.channel:
        facts |= {name: "" if name == "agency" else None for name in _BEARERS if name != facts["channel"] and name not in facts}
    if trip.ended_on is None and "ended_on" not in said:
        _hold_back(row, facts)
    for name, value in facts.items():
        if value != getattr(trip, name):
            changes[name] = [getattr(trip, name), value]
    ours = [name for name in facts if name in changes]
    came_home = changes.get("ended_on", [""])[0] is None
    row.says |= {
        "trip": "home" if came_home else "changed" if ours else "same", "transfer": trip.pk, "transfer_version": trip.version,
    }


def _hold_back(row, facts):
    if any(facts.get(name) for name in _WHY):
        row.say("ended_on", "end_missing", _("Give the day of the homecoming with its reason."))


# What must hold of it: the rules of the actions, on plain values.


def _must_hold(row, person, match, known, today):
    said = row.said
    start = said.get("started_on") or match.started_on
    end = said.get("ended_on", match.ended_on if match is not None else None)
    _days_in_order(row, start, end, today)
    if match is None and end is None and any(said.get(name) for name in _WHY):
        row.say("ended_on", "end_missing", _("Give the day of the homecoming with its reason."))
    born_on = said.get("birth_date") or (person.birth_date if person is not None else None)
    if born_on and start <= born_on:
        row.say("started_on", "before_birth", _("The person was not born yet on %(day)s.") % {"day": start})
    if person is not None and row.says["trip"] != "same":
        _registered(row, person, known, start, end)
    _one_bearer_that_fits(row, match, known, start)
    _public_post_near_home(row, match, start, born_on)
    _plans_after_leaving(row, start)


def _days_in_order(row, start, end, today):
    for column, day in (("started_on", start), ("ended_on", end)):
        if day and day > today:
            row.say(column, "day_to_come", _("%(day)s lies in the future.") % {"day": day})
    if end and end <= start:
        row.say("ended_on", "days_in_disorder", _("The homecoming is not after the day of leaving, %(day)s.") % {"day": start})


def _registered(row, person, known, start, end):
    stays = known.stays.get(person.pk)
    if not stays:
        return
    days = [start] if not end else [start, _day_before(end)]
    for day in days:
        if not any(_holds(stay, day) for stay in stays):
            words = {"name": person.name, "day": day}
            row.say("started_on", "not_registered", _("%(name)s was not registered in the county on %(day)s.") % words)
            return


def _holds(stay, day) -> bool:
    from_on, to_on, _how = stay
    return (from_on is None or from_on <= day) and (to_on is None or to_on > day)


def _day_before(day) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _one_bearer_that_fits(row, match, known, start):
    said = row.said
    channel = said.get("channel") or (match.channel if match is not None else "")
    named = [name for name in _BEARERS if said.get(name)]
    if named and named != [channel]:
        row.say(named[0], "bearer_misfit", _(
            "Name a labor broker, a cooperation point or an agency only where the job was found that way."
        ))
    for name in named:
        stopped = known.stopped.get((name, said[name]))
        if stopped and stopped.isoformat() <= start:
            row.say(name, "bearer_stopped", _("%(name)s stopped on %(day)s, before this person left.") % {
                "name": row.text(name), "day": stopped.isoformat(),
            })
    broker = said.get("broker")
    # What is recorded of an older transfer stays.
    if broker in known.barred and (match is None or match.broker != broker):
        row.say("broker", "broker_barred", _(
            "%(name)s is suspended or revoked as a labor broker and takes nobody on."
        ) % {"name": row.text("broker")})


def _public_post_near_home(row, match, start, born_on):
    said = row.said
    form = said.get("form") or (match.form if match is not None else "")
    if form != "public_post" or row.says["trip"] == "same":
        return
    destination = said.get("destination") or (match.destination if match is not None else "")
    if destination and region_of(said["village"], destination) in ("other_province", "abroad"):
        row.say("form", "public_post", _("A public-welfare post is never outside the own province."))
    if born_on and len(born_on) == 10 and f"{int(born_on[:4]) + WORKING_AGE}{born_on[4:]}" > start:
        row.say("form", "public_post", _("A public-welfare post is not for anybody under 16."))


def _plans_after_leaving(row, start):
    said = row.said
    if said.get("contract_until", start) < start:
        row.say("contract_until", "days_in_disorder", _("The contract cannot end before the person left."))
    if said.get("planned_home", start[:7]) < start[:7]:
        row.say("planned_home", "days_in_disorder", _("The person cannot plan to come home before leaving."))


# Overlaps: with what the ledger holds, and with other rows of the file.


def _must_not_overlap(row, match, told, file):
    said, says = row.said, row.says
    start = said.get("started_on") or match.started_on
    if match is not None and said.get("month_only"):
        start = match.started_on
    end = said.get("ended_on") or (match.ended_on if match is not None else None)
    for trip in told:
        if trip is match or not _share_a_day(start, end, trip.started_on, trip.ended_on):
            continue
        ended = file.ends.get(trip.pk, trip.ended_on)
        if _share_a_day(start, end, trip.started_on, ended):
            file.barred[row.number] = trip.pk, ended
            row.say("started_on", "overlap", _in_the_way(trip.started_on, ended, trip.destination))
            return
        if file.ended_by[trip.pk] > row.number:
            said["after"] = file.ended_by[trip.pk]
    spans = file.spans.setdefault(row.key, [])
    for number, other_start, other_end, transfer in spans:
        same = transfer is not None and transfer == says.get("transfer")
        if number != row.number and (same or _share_a_day(start, end, other_start, other_end)):
            row.say("started_on", "overlap_in_file", _("Row %(row)s tells of the same days.") % {"row": number})
            return
    spans.append((row.number, start, end, says.get("transfer")))
    if says["trip"] == "home" and not row.is_in_doubt:
        file.ends[says["transfer"]], file.ended_by[says["transfer"]] = end, row.number


def _share_a_day(start, end, other_start, other_end) -> bool:
    return (other_end is None or other_end > start) and (end is None or other_start < end)


def _in_the_way(start, end, destination) -> str:
    words = {"started": start, "ended": end, "place": _label(destination)}
    if end:
        return _("Out from %(started)s to %(ended)s (%(place)s). The days of two transfers must not overlap.") % words
    return _("Out since %(started)s (%(place)s). Enter the homecoming first.") % words


def _label(destination) -> str:
    return places.label(destination)
