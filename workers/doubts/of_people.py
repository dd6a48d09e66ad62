"""Rules over one person."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from workers import codes
from workers.doubts.rule import MISSING, SUSPECT, WRONG, Rule, rules

RULES: list[Rule] = []
rule = partial(rules, into=RULES)
of_person = {"page": "person_edit", "by": "person"}
WORKING_AGE, GROWN_UP = 16, 30
UNABLE = ("lost", "none")


@rule(1, MISSING, title=_("No ID number"), value=_("Why: %(reason)s"), mend=_("Ask for the ID card and enter its number."),
      field="id_number", **of_person)
def no_id(person):
    if person.id_index is None:
        return {"reason": person.no_id_reason}


@rule(28, MISSING, title=_("No birth date"), value=_("Neither ID number nor birth date is known"),
      mend=_("Enter the birth date: without it nobody counts as labor force."), field="birth_date", **of_person)
def no_birth_date(person):
    if person.birth_date is None:
        return {}


@rule(4, WRONG, title=_("The relation does not fit the sex"), value=_("%(relation)s, recorded as %(sex)s"),
      mend=_("Correct the relation to the head, or the sex."), page="household_head", by="household", field="")
def relation_and_sex(person):
    wrong = {"male": codes.FEMALE_RELATIONS, "female": codes.MALE_RELATIONS}.get(person.sex, ())
    if person.household and person.relation in wrong:
        return {"relation": person.relation, "sex": person.sex}


@rule(7, MISSING, title=_("No relation to the head"), value=_("A member of a household, of no relation to its head"),
      mend=_("Say how the person is related to the head of the household."), page="household_head", by="household",
      field="")
def no_relation(person):
    if person.household and not person.relation:
        return {"_household": person.household}


@rule(8, MISSING, title=_("No education"), value=_("Neither education nor school is known"),
      mend=_("Enter the education, or say that the person is at school."), field="education", **of_person)
def no_education(person):
    if not person.education and not person.is_student:
        return {}


@rule(13, WRONG, title=_("At work, but unable to work"), value=_("At work; labor ability: %(ability)s"),
      mend=_("Correct the labor ability, or record the homecoming."), field="ability", **of_person)
def works_without_ability(person):
    if person.work and person.ability in UNABLE:
        return {"ability": person.ability, "_trip": person.work.number}


@rule(13, SUSPECT, title=_("At work with weak labor ability"), value=_("At work; labor ability: %(ability)s"),
      mend=_("Correct the labor ability, or say that it is right."), field="ability", **of_person)
def works_though_weak(person):
    if person.work and person.ability == "weak":
        return {"ability": person.ability, "_trip": person.work.number}


@rule(15, SUSPECT, title=_("Under 16 with labor ability"), value=_("%(age)s years old; labor ability: %(ability)s"),
      mend=_("Correct the birth date or the labor ability."), field="ability", **of_person)
def able_under_age(person):
    if person.birth_date and person.age < WORKING_AGE and person.ability in ("ordinary", "skilled"):
        return {"age": person.age, "ability": person.ability, "_born": person.birth_date.isoformat()}


@rule(16, SUSPECT, title=_("At school and at work"), value=_("Recorded as at school and at work in %(place)s"),
      mend=_("Say that the person is no longer at school, or correct the departure."), field="is_student", **of_person)
def student_at_work(person):
    if person.is_student and person.work:
        return {"place": person.work.destination, "_trip": person.work.number}


@rule(16, SUSPECT, title=_("At school and wants to go out"), value=_("Recorded as at school and wanting to go out for work"),
      mend=_("Correct one of the two."), field="wants_to_go", **of_person)
def student_wants_to_go(person):
    if person.is_student and person.wants_to_go and not person.work:
        return {}


@rule(25, SUSPECT, title=_("At school at 30 and over"), value=_("Recorded as at school at %(age)s"),
      mend=_("Say that the person is no longer at school."), field="is_student", **of_person)
def old_student(person):
    if person.is_student and person.birth_date and person.age >= GROWN_UP:
        return {"age": person.age, "_born": person.birth_date.isoformat()}


@rule(29, MISSING, title=_("No phone"), value=_("Neither the person nor the household has a phone"),
      mend=_("Enter a number under which the person, or the family, is reached."), page="person_phone", by="person",
      field="number")
def no_phone(person):
    if not person.phones and not person.home_phone:
        return {}
