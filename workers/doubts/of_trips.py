"""Rules over one transfer of a person."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from workers.doubts.of_people import WORKING_AGE
from workers.doubts.rule import MISSING, SUSPECT, WRONG, Rule, rules

RULES: list[Rule] = []
rule = partial(rules, into=RULES, page="transfer_edit", by="transfer")
LEAST_PAY, MOST_PAY = 100, 30_000
# Hong Kong, Macao and Taiwan are named by two digits, as countries are by letters.
WHOLE_PLACES = ("71", "81", "82")
# Who works on the own account has no employer.
WITHOUT_EMPLOYER = ("own_business", "flexible")


@rule(15, WRONG, title=_("At work before 16"), value=_("%(age)s years old on the day of leaving, %(day)s"),
      mend=_("Correct the day of leaving, or the birth date."), field="started_on")
def work_under_age(person, trip):
    if person.birth_date and (age := person.age_on(trip.started_on)) < WORKING_AGE:
        return {"age": age, "day": trip.started_on.isoformat(), "_born": person.birth_date.isoformat()}


@rule(17, MISSING, title=_("Place of work without its county"), value=_("Only “%(place)s” is known"),
      mend=_("Enter the county or district."), field="destination_prefecture")
def rough_place(person, trip):
    code = trip.destination
    if trip.is_open and code.isdigit() and len(code) < 6 and not code.startswith(WHOLE_PLACES):
        return {"place": code}


@rule(18, SUSPECT, title=_("Unusual monthly pay"), value=_("%(pay)s yuan a month"),
      mend=_("Check the number of zeros, and whether it is a month's pay."), field="pay")
def odd_pay(person, trip):
    if trip.pay is not None and not LEAST_PAY <= trip.pay <= MOST_PAY:
        return {"pay": trip.pay}


@rule(19, MISSING, title=_("At work without pay"), value=_("At work in %(place)s; no exact monthly pay"),
      mend=_("Ask for the monthly pay: without it no income counts."), field="pay")
def no_pay(person, trip):
    if trip.is_open and trip.pay is None:
        return {"place": trip.destination}


@rule(11, MISSING, title=_("Work of this year without pay"), value=_("%(since)s – %(until)s in %(place)s; no exact monthly pay"),
      mend=_("Ask for the monthly pay: without it no income counts."), field="pay")
def no_pay_before(person, trip):
    if not trip.is_open and trip.pay is None:
        days = {"since": trip.started_on.isoformat(), "until": trip.ended_on.isoformat()}
        return {"place": trip.destination} | days


@rule(19, MISSING, title=_("At work without an employer"), value=_("At work in %(place)s; no employer is named"),
      mend=_("Enter the employer, or say that it is an own business or flexible work."), field="employer")
def no_employer(person, trip):
    if trip.is_open and not trip.employer and trip.form not in WITHOUT_EMPLOYER:
        return {"place": trip.destination}


@rule(19, MISSING, title=_("At work without an industry"), value=_("At work in %(place)s; no industry is named"),
      mend=_("Choose the industry."), field="common_industry")
def no_industry(person, trip):
    if trip.is_open and not trip.industry:
        return {"place": trip.destination}


@rule(19, MISSING, title=_("At work, channel unknown"), value=_("At work in %(place)s; how the job was found is not known"),
      mend=_("Say how the job was found."), field="channel")
def no_channel(person, trip):
    if trip.is_open and not trip.channel:
        return {"place": trip.destination}


@rule(20, SUSPECT, title=_("Still away after the month planned for coming home"), value=_("Planned to come home in %(month)s"),
      mend=_("Ask whether the person is home: record the homecoming, or say that it is right."),
      page="homecoming", by="person", field="ended_on")
def plan_is_over(person, trip):
    if trip.is_open and trip.planned_home and trip.planned_home.last_day() < person.day:
        return {"month": str(trip.planned_home)}


@rule(20, SUSPECT, title=_("Still at work after the contract"), value=_("Contract until %(day)s"),
      mend=_("Ask whether the contract was renewed: correct its day, or record the homecoming."), field="contract_until")
def contract_is_over(person, trip):
    if trip.is_open and trip.contract_until and trip.contract_until < person.day:
        return {"day": trip.contract_until.isoformat()}
