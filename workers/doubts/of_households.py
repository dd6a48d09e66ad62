"""Rules over a household and its members."""

from collections import defaultdict
from functools import partial

from django.utils.translation import gettext_lazy as _

from laborreg.identity import mask_phone
from workers.doubts.rule import SUSPECT, WRONG, Rule, rules

RULES: list[Rule] = []
of_home = partial(rules, into=RULES, by="household", field="")
rule = partial(of_home, page="household_head")
HOME_DIGITS = 6


def _those(home, relation) -> list:
    return [member for member in home.members if member.relation == relation]


def _more_than_one(home, relation) -> dict | None:
    found = _those(home, relation)
    if len(found) > 1:
        return {"names": [member.name for member in found], "_people": [member.number for member in found]}


@rule(6, WRONG, title=_("Household without a head"), value=_("Registered there: %(names)s"), mend=_("Choose who is the head."))
def no_head(home):
    if not _those(home, "head"):
        return {"names": [member.name for member in home.members], "_people": [member.number for member in home.members]}


@rule(6, WRONG, title=_("Household with two heads"), value=_("Heads: %(names)s"), mend=_("Choose who is the head."))
def two_heads(home):
    return _more_than_one(home, "head")


@rule(6, WRONG, title=_("Household with two spouses"), value=_("Spouses: %(names)s"), mend=_("Correct the relation of one."))
def two_spouses(home):
    return _more_than_one(home, "spouse")


@rule(5, WRONG, title=_("Head and spouse of the same sex"), value=_("%(names)s: both %(sex)s"),
      mend=_("Correct the sex of one, or the relation."))
def couple_of_one_sex(home):
    for head in _those(home, "head"):
        for spouse in _those(home, "spouse"):
            if head.sex and head.sex == spouse.sex:
                both = [head, spouse]
                return {"names": [member.name for member in both], "sex": head.sex, "_people": [m.number for m in both]}


@of_home(22, SUSPECT, title=_("One phone in two counties"),
         value=_("%(names)s work in different counties and have the same own phone, %(phone)s"),
         mend=_("Ask each for the own number; add it at the person."), page="household")
def phone_in_two_counties(home):
    """Only phones that are said to be their own; a family's phone is shared."""
    holders = defaultdict(dict)
    for member in home.members:
        for number, whose in member.phones:
            if whose == "self" and member.work:
                holders[number][member.number] = member
    for number, members in sorted(holders.items()):
        work_in = {member.work.destination[:HOME_DIGITS] for member in members.values()}
        if len(work_in) > 1:
            return {
                "names": [member.name for member in members.values()], "phone": mask_phone(number), "_number": number,
                "_people": list(members), "_places": sorted(work_in),
            }
