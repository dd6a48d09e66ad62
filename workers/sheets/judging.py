"""What becomes of a row: compared with what the ledger knows and with the other rows of its file.

One function for the first staging and for every repair: `judge`. Nothing here asks the database.
"""

from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.identity import mask_phone
from workers.actions.checks import WORKING_AGE
from workers.sheets import households, trips
from workers.sheets.columns import LEDGER, TRANSFERS, WORKERS
from workers.sheets.known import COMPARED
from workers.sheets.problems import AS_NEW, KEEP, TAKE
from workers.sheets.rows import facts_of_id, hidden

_PERSONAL = [name for name in COMPARED if name not in ("name", "relation")]


class FileSoFar:
    """What the rows before say, of people and households that the rows after may name again."""

    def __init__(self, kind, *, follows_heads=False):
        self.kind = kind
        self.today = clock.today().isoformat()
        self.follows_heads = follows_heads
        self.holders: dict = {}
        self.places: dict = {}
        self.spans: dict = {}
        # Of transfers of the ledger that a row ends: the day and the row.
        self.ends: dict[int, str] = {}
        self.ended_by: dict[int, int] = {}
        # Rows that were refused, as a transfer stood in the way until a day, or as nobody was out: a later row may mend that.
        self.barred: dict[int, tuple] = {}
        self.at_home: dict[int, object] = {}
        # The household that was begun by the newest row of a head: its key or number, and its village.
        self.running: tuple | None = None

    def know(self, staged):
        """A row that was staged before and stands."""
        values, number = staged.values, staged.number
        key = staged.worker_number or values.get("id_index") or (values.get("village"), values.get("name"),
            values.get("birth_date"))
        self.holders.setdefault(key, number)
        household = values.get("household") or values.get("household_key")
        if household and values.get("relation") in ("head", "spouse"):
            self.places.setdefault((household, values["relation"]), (number, key))
        if "trip" in values and "started_on" in values:
            span = number, values["started_on"], values.get("ended_on"), values.get("transfer")
            self.spans.setdefault(key, []).append(span)
        if values.get("trip") == "home" and staged.verdict != "doubt":
            self.ends[values["transfer"]], self.ended_by[values["transfer"]] = values["ended_on"], number

    def settled(self) -> list[int]:
        """Rows that are worth a second look, now that the whole file is known."""
        found = {number for number, (trip, until) in self.barred.items() if self.ends.get(trip, until) != until}
        return sorted(found | {number for number, key in self.at_home.items() if self.leaves_in(key)})

    def leaves_in(self, key) -> int | None:
        """The row that tells of a departure from which the person is not back."""
        return next((number for number, _start, end, trip in self.spans.get(key, ()) if end is None and trip is None), None)


def set_aside(row) -> bool:
    """Whether the row is of nobody, or not wanted: then that is all to be said of it."""
    why = next((code for code in ("left_out", "no_person") if code in row.decided), None)
    if why:
        row.problems = [["", why, "", ""]]
        row.weigh("skipped")
    return why is not None


def judge(row, known, file):
    """Fill in the row's verdict, its changes, and everything that is to be said of it."""
    said = row.said
    if set_aside(row):
        return
    if file.follows_heads:
        households.follow_head(row, file)
    person = _who(row, known, file.kind)
    _settle_village(row, person)
    if not row.is_wrong:
        row.person = person
        if person is None:
            _judge_newcomer(row, file)
        elif file.kind != TRANSFERS:
            _compare(row, person)
        else:
            row.says["person"] = "same"
        if file.kind != TRANSFERS:
            compare_phone(row, person, known)
            households.judge(row, person, known, file)
        if file.kind != WORKERS:
            trips.judge(row, person, known, file)
        _must_be_registered(row, person, known)
        _look_around(row, file)
        if person is None and "trip" not in row.says:
            _must_be_of_age(row, file)
    row.weigh(_outcome(row))
    said.update(row.says)


def _outcome(row) -> str:
    says = row.says
    if says.get("person") == "new" or says.get("trip") == "new":
        return "new"
    return "changed" if row.changes or says.get("trip") in ("home", "changed") else "same"


# Who is meant.


def _who(row, known, kind):
    """The person of the ledger that the row is about; None for somebody new, with a problem where that cannot be."""
    _read_id_facts(row)
    index = row.said.get("id_index")
    if index is None:
        return None if row.is_wrong else _by_name(row, known, kind)
    person = known.people.get(index)
    if person is not None:
        return _under_this_name(row, person)
    if index in known.held:
        row.say("id_number", "registered_elsewhere", _(
            "This ID number is already registered in another place of the county; it cannot be registered twice. "
            "If the person moved to your village, ask for the move."
        ))
        return None
    if kind == TRANSFERS:
        row.say("id_number", "unknown_person", _("Nobody of your office has this ID number."))
        return None
    if row.id_number.endswith("000"):
        row.say("id_number", "id_ends_in_zeros",
            _("This ID number ends in 000. A spreadsheet may have cut it; compare it with the card."))
    return _namesake(row, known)


def _read_id_facts(row):
    """Sex and birth date follow from the ID number; what the row says otherwise is refused, not dropped."""
    if not row.id_number:
        return
    said = row.said
    sex, born_on = facts_of_id(row.id_number)
    typed = said.get("sex", sex), said.get("birth_date", born_on)
    if typed != (sex, born_on) and not (typed[0] == sex and len(typed[1]) == 7 and born_on.startswith(typed[1])):
        column = "sex" if typed[0] != sex else "birth_date"
        row.say(column, "id_differs", _("Sex or birth date differ from what the ID number says. Check the ID number."))
    if typed[1] != born_on:
        row.said["birth_date"] = born_on
    said["sex"], said["birth_date"] = sex, born_on


def _under_this_name(row, person):
    name = row.said.get("name")
    if name and name != person.name:
        row.say("name", "other_name", _("The ledger has this ID number under the name %(name)s.") % {"name": person.name})
        if row.decided.get("other_name") == KEEP:
            row.said["name"] = person.name
    return person


def _by_name(row, known, kind):
    """Without an ID number: by name and birth date in the village; by name alone only as the officer says."""
    said = row.said
    found = known.namesakes.get((said.get("village"), said.get("name")), [])
    born_on = said.get("birth_date")
    exact = [each for each in found if each.birth_date == born_on and (each.id_index is None or (kind == TRANSFERS and born_on))]
    if len(exact) == 1 and not (kind == TRANSFERS and born_on is None):
        return exact[0]
    if kind == TRANSFERS:
        return _one_by_name(row, known, found)
    return _namesake(row, known)


def _one_by_name(row, known, found):
    """Of a sheet of departures without ID numbers."""
    phone = row.said.get("phone")
    reached = [each for each in found if phone and phone in known.phones.get(each.pk, ())]
    if len(reached) == 1:
        return reached[0]
    if len(found) == 1 and _may_be(row, found[0]):
        row.say("name", "by_name_only", _("%(name)s is found by name alone.") % {"name": found[0].name})
        return found[0]
    words = _("Several people of the village have this name.") if found else _("Nobody of the village has this name.")
    row.say("name", "unknown_person", words)
    return None


def _may_be(row, person) -> bool:
    born_on = row.said.get("birth_date")
    return not born_on or not person.birth_date or person.birth_date.startswith(born_on)


def _namesake(row, known):
    """Somebody of the village who may be meant: the officer says whether it is."""
    said = row.said
    found = known.namesakes.get((said.get("village"), said.get("name")))
    if not found:
        return None
    alike = [each for each in found if _is_alike(row, each, known)]
    if not alike:
        return None
    if row.decided.get("namesake") == TAKE:
        return _taken(row, alike)
    row.say("name", "namesake",
        _("%(name)s may be in the ledger already, with the same birth date or phone.") % {"name": said["name"]})
    return None


def _is_alike(row, person, known) -> bool:
    said = row.said
    born_on, phone = said.get("birth_date"), said.get("phone")
    if born_on and person.birth_date == born_on:
        return True
    if phone and phone in known.phones.get(person.pk, ()):
        return True
    # Without an ID number on either side, a name is all there is.
    return "id_index" not in said and (not born_on or not person.birth_date)


def _taken(row, alike):
    """The one that has no ID number yet, or the only one."""
    bare = [each for each in alike if each.id_index is None] or alike
    if len(bare) != 1 or ("id_index" in row.said and bare[0].id_index):
        row.decided = {**row.decided}
        row.decided.pop("namesake")
        row.say("name", "namesake", _("Several may be meant. Enter the ID number."))
        return None
    if "id_index" in row.said:
        row.changes["id_number"] = ["", hidden(row.id_number)]
    return bare[0]


def _settle_village(row, person):
    said = row.said
    if person is None:
        if "village" not in said and not row.is_wrong:
            row.say("village", "village_missing", _("Write in which village the person is registered."))
        return
    if said.setdefault("village", person.village) != person.village:
        row.say("village", "held_by_village",
            _("The ledger has %(name)s in another village of your office.") % {"name": person.name})
        row.said["village"] = person.village


def _must_be_registered(row, person, known):
    """Who died or left the county is changed no more, and a newcomer is registered for ever."""
    if person is None or not (row.changes or row.says.get("trip") in ("new", "home", "changed")):
        return
    stays = known.stays.get(person.pk)
    if not stays or any(to_on is None for _from_on, to_on, _how in stays):
        return
    how = max(stays, key=lambda stay: stay[1])[2]
    if "trip" in row.says and not any(name in row.changes for name in _PERSONAL) and how == "died":
        return
    words = {"died": _("The ledger says that this person died."),
        "left_county": _("The ledger says that this person left the county.")}
    if how in words:
        row.say("", how, words[how])


# Somebody new.


def _judge_newcomer(row, file):
    said = row.said
    row.says["person"] = "new"
    if not said.get("name"):
        row.say("name", "name_missing", _("Enter the name."))
    if "id_index" not in said and not said.get("no_id_reason"):
        row.say("id_number", "id_missing", _("Enter the ID number, or say why it is missing."))
    born_on = said.get("birth_date")
    if born_on and len(born_on) == 7:
        row.say("birth_date", "birth_day_missing", _("Enter the whole birth date: 1988-03-12."))
    elif born_on and not "1900" < born_on <= file.today:
        row.say("birth_date", "bad_birth", _("This birth date cannot be right. Check the year."))


def _must_be_of_age(row, file):
    born_on = row.said.get("birth_date")
    if row.says.get("person") == "new" and born_on and born_on > _of_age(file.today):
        row.say("birth_date", "too_young", _("Only people of 16 and over, or at work, are registered."))


@lru_cache(maxsize=10)
def _of_age(today: str) -> str:
    """Who was born later is under 16."""
    day = date.fromisoformat(today)
    return f"{day.year - WORKING_AGE}{today[4:]}"


# Somebody known.


def _compare(row, person):
    """What the row says otherwise; an empty cell says nothing."""
    said, changes = row.said, row.changes
    if "name" in said and said["name"] != person.name:
        changes["name"] = [person.name, said["name"]]
    for name in _PERSONAL:
        value = said.get(name)
        if value is not None and value != "" and value != getattr(person, name):
            _change(row, name, getattr(person, name), value)
    row.says["person"] = "changed" if changes else "same"


def _change(row, name, old, new):
    if name == "birth_date" and len(new) == 7:
        if old and not old.startswith(new):
            row.say("birth_date", "birth_day_missing", _("Enter the whole birth date: 1988-03-12."))
        row.said.pop("birth_date")
        return
    row.changes[name] = [old, new]


def compare_phone(row, person, known):
    """A number more under which somebody is reached; the newest so far is kept masked, as what was."""
    phone = row.said.get("phone")
    if person is None or not phone:
        return
    numbers = known.phones.get(person.pk, [])
    if phone not in numbers:
        row.changes["phone"] = [mask_phone(numbers[-1]) if numbers else "", phone]
        row.says["person"] = "changed"


# The other rows of the file.


def _look_around(row, file):
    """The same person in another row: allowed only where each row brings another transfer."""
    key = row.key
    first = file.holders.setdefault(key, row.number)
    if first == row.number or (file.kind == LEDGER and "trip" in row.says) or file.kind == TRANSFERS:
        return
    words = {"row": first}
    if "id_index" in row.said or row.person is not None:
        row.say("id_number", "twin", _("The same person stands in row %(row)s.") % words)
    elif row.decided.get("namesake_in_file") != AS_NEW:
        row.say("name", "namesake_in_file", _("Row %(row)s has the same name and birth date.") % words)
