"""The household that a row names: by its number, by the head's ID number, or by the head's row above."""

from django.utils.translation import gettext as _

from workers import codes
from workers.sheets.problems import TAKE

_WRONG_SEX = {"male": codes.FEMALE_RELATIONS, "female": codes.MALE_RELATIONS}


def judge(row, person, known, file):
    """Of which household the row is, and what it changes of it: head, spouse, poverty flag."""
    said = row.said
    key, number = _household_of(row, person, known, file)
    relation = said.get("relation")
    if relation in _WRONG_SEX.get(said.get("sex") or (person.sex if person else ""), ()):
        row.say("relation", "relation_and_sex", _("The relation to the head does not fit the sex."))
    if key is None and number is None:
        _without_household(row, person)
    elif person is not None and person.household and number != person.household:
        number = _other_household(row, person, number)
    if number is not None:
        row.says["household"] = number
    elif key is not None:
        row.says["household_key"] = key
    if person is not None:
        _compare_household(row, person, number, key)
    _only_one(row, person, known, file, number or key)
    _judge_status(row, known, number, key)


def _household_of(row, person, known, file) -> tuple[str | None, int | None]:
    """Key in the file and number in the ledger: by household number, by the head's ID number, by the head's row above."""
    said = row.said
    village = said["village"]
    if number := said.get("household_number"):
        return f"n:{village}:{number}", known.households.get((village, number))
    if index := said.get("head_id_index"):
        head = known.people.get(index)
        if index == said.get("id_index"):
            said.setdefault("relation", "head")
        return f"h:{index}", head.household if head is not None and head.village == village else None
    if not file.follows_heads or "relation" not in said:
        return None, person.household if person is not None and "relation" in said else None
    if said["relation"] == "head" and person is not None:
        file.running = f"r:{row.number}", person.household, village
    if file.running is None or file.running[2] != village:
        return None, person.household if person is not None else None
    return file.running[:2]


def follow_head(row, file):
    """The row of a head begins a household, also where something else is wrong with it; what nobody can read begins none."""
    relation = row.said.get("relation")
    if relation == "head":
        file.running = f"r:{row.number}", None, row.said.get("village")
    elif relation is None and row.text("relation"):
        file.running = None


def _without_household(row, person):
    said = row.said
    if "relation" in said:
        row.say("relation", "relation_not_kept", _("The relation is not kept: no household is named."))
        del said["relation"]


def _other_household(row, person, number):
    answer = row.decided.get("other_household")
    if answer == TAKE:
        return number
    row.say("household_number", "other_household", _("The ledger has %(name)s in another household.") % {"name": person.name})
    row.said.pop("relation", None)
    return person.household


def _compare_household(row, person, number, key):
    said, changes = row.said, row.changes
    if (number or key) and number != person.household:
        changes["household"] = [person.household, number]
    relation = said.get("relation")
    if relation and relation != person.relation:
        changes["relation"] = [person.relation, relation]
    if changes:
        row.says["person"] = "changed"


def _only_one(row, person, known, file, household):
    """One head and one spouse in a household, in the ledger and in the file."""
    relation = row.said.get("relation")
    if household is None or relation not in ("head", "spouse"):
        return
    there = known.places.get(household, {}).get(relation)
    words = {"name": there[1] if there else ""}
    if there and (person is None or there[0] != person.pk):
        sentence = {
            "head": _("This household has a head already: %(name)s."),
            "spouse": _("The head of this household has a spouse already: %(name)s."),
        }[relation]
        row.say("relation", f"second_{relation}", sentence % words)
    first = file.places.setdefault((household, relation), (row.number, row.key))
    if first[0] != row.number and first[1] != row.key:
        sentence = {"head": _("Row %(row)s is the head of this household, too."),
                    "spouse": _("Row %(row)s is a spouse of the same head, too.")}[relation]
        row.say("relation", f"two_{relation}s", sentence % {"row": first[0]})


def _judge_status(row, known, number, key):
    said = row.said
    kind = said.get("status")
    if not kind:
        said.pop("status", None)
        said.pop("status_from", None)
    elif number is None and key is None:
        row.say("status", "status_not_kept", _("The poverty status is not kept: no household is named."))
        said.pop("status")
    elif number is not None:
        _compare_status(row, known.statuses.get(number, ()), kind)


def _compare_status(row, flags, kind):
    if kind in flags:
        return
    rivals = [flag for flag in flags if flag in codes.MONITORED and kind in codes.MONITORED]
    if rivals:
        row.say("status", "other_status", _("The household has another poverty status; it is ended on the household's page."))
        row.said.pop("status")
        return
    row.changes["status"] = ["", kind]
    if row.says.get("person") == "same":
        row.says["person"] = "changed"
