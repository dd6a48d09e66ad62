"""Every address of the product by its name: which row it is about, and what a form sends there at the least."""

import json
from base64 import b32decode
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver
from django_otp.oath import TOTP

from brokers.models import Association, Attendance, Broker, Course, Membership, Post, Publication
from jobs.models import CooperationPoint
from laborreg.months import Month
from officers.models import Authenticator, Officer, Unusual
from reports import actions, reporting
from reports.assessment import DEFAULTS
from reports.models import (
    AssessmentWeights,
    Blank,
    BlankVersion,
    Brief,
    BriefVersion,
    CellMessage,
    CountyMonth,
    DropCase,
    EarlierTotal,
    Extension,
    MonthlyReturn,
    Reminder,
    ReturnVersion,
    SavedTable,
    Scan,
    Seal,
    SpotCheck,
    Target,
    TownshipReport,
)
from support.models import Claim, ClaimLine, Scheme, TrainedWorker, TrainingCourse
from tests import cast
from tests.matrix.world import (
    BRIDE,
    FACTORY,
    NEW_PERSON,
    NOVEMBER,
    OCTOBER,
    SECRET,
    SEPTEMBER,
    blank_file,
    list_file,
    posting_of,
    question_at,
    question_of,
    scan_file,
)
from villages.models import County, CountySettings, Lineage, Posting, Township, Village
from workers import papers
from workers.models import (
    Batch,
    DistinctPair,
    Household,
    HouseholdStatus,
    MoveRequest,
    Phone,
    Registration,
    Roster,
    Transfer,
    UnnamedGroup,
    Verification,
    Worker,
)
from workers.sheets import batches

# Whose row an address is about: nobody's, a place's, a county's, or one officer's own.
NOBODY, PLACE, COUNTY, OFFICER = "nobody", "place", "county", "officer"


@dataclass(frozen=True)
class Address:
    """`args(world, place, officer)` names the row; `post(world, place, officer)` is a form that is in order.

    `by`: the officer of the cast who sends it. `makes`: what one sending makes, and two do not make twice.
    `asks`: fields that the form also asks and `post` leaves out.
    """

    args: Callable | None = None
    whose: str = NOBODY
    post: Callable | None = None
    by: str = "li"
    place: str = cast.HOME
    makes: type | None = None
    # Roles that hold the power and still find nothing there, even at home.
    nothing_for: tuple[str, ...] = ()
    prepare: Callable | None = None
    asks: tuple[str, ...] = ()


def place(args, **more) -> Address:
    return Address(args, PLACE, **more)


def of(name):
    """The row of a place that stands under this name."""
    return lambda world, at, officer: [getattr(at, name).pk]


def in_county(name):
    """The row of a place's county that stands under this name."""
    return lambda world, at, officer: [getattr(at, name).pk]


def person(number=0):
    return lambda world, at, officer: [at.people[number].pk]


def sent(**data):
    return lambda world, at, officer: data


def in_month(month, *more):
    return lambda world, at, officer: [at.village, month, *more]


def area(month, *more):
    return lambda world, at, officer: [at.area_of(officer.role), month, *more]


def draft(*more):
    return lambda world, at, officer: [_own(world.drafts, at, officer).pk, *more]


def done_draft(*more):
    return lambda world, at, officer: [_own(world.done_drafts, at, officer).pk, *more]


def roster(world, at, officer):
    return [_own(world.rosters, at, officer).pk]


def export_of(kind):
    return lambda world, at, officer: [_own(getattr(world, kind), at, officer).pk]


def export_to_decide(world, at, officer):
    """Of the village's keeper: nobody decides on an own one."""
    return [world.exports[at.keeper.username].pk]


def voided(world):
    """Entered by mistake, in every village, so that each may be erased by its own bureau."""
    for at in world.places.values():
        Worker.objects.filter(pk=at.people[2].pk).update(voided_at="2026-11-03T00:00Z", void_reason="登记错误")


def table(world, at, officer):
    return [_own(world.tables, at, officer).pk]


def table_asked(**more):
    return lambda world, at, officer: {"question": json.dumps(question_of(officer))} | more


def _own(drafts, at, officer):
    """The officer's own at home; elsewhere that of the village's keeper."""
    return drafts.get(officer.username, drafts["li"]) if at.village == cast.HOME else drafts[at.keeper.username]


def account(world, at, officer):
    return [_account(at, officer).pk]


def _account(at, officer) -> Officer:
    """Of the level below: for the administrator a station's, else a village's."""
    return at.station if officer.role == "admin" else at.keeper


def posting(world, at, officer):
    return [posting_of(_account(at, officer)).pk]


def unusual(world, at, officer):
    return [Unusual.objects.get(county_code=at.village[:6]).pk]


def message(world, at, officer):
    owner = officer if at.village == cast.HOME else at.keeper
    return [owner.messages.first().pk]


def code_now(ahead=0) -> str:
    """What a phone with the secret shows now, or so many half minutes later."""
    return f"{TOTP(b32decode(SECRET), drift=ahead).token():06}"


def second_factor_sent(world, at, officer):
    return {"password": "Right-2026", "token": code_now()}


def factor_on(world):
    Authenticator.of(world.officers["li"], SECRET).save()


def factor_proved(world, at, officer):
    return {"password": "Right-2026", "token": code_now()}


def session(world, at, officer):
    """One that the officer has open elsewhere."""
    owner = officer if at.village == cast.HOME else at.keeper
    return [owner.sessions.first().pk]


def question(world, at, officer):
    """Only the home village was asked; elsewhere its question is asked for under another return."""
    return [at.village, OCTOBER, question_at(cast.HOME).pk]


def answered(world):
    CellMessage.objects.update(answered_at="2026-11-03T00:00Z", answered_by=world.officers["li"], answer="在")


def september(at):
    return MonthlyReturn.objects.get(village=at.village, month=SEPTEMBER)


def locked(world):
    """September is locked; what is missing of it is named."""
    waiting = MonthlyReturn.objects.filter(county=cast.COUNTY, month=SEPTEMBER).exclude(state="approved")
    missing = dict.fromkeys(waiting.values_list("village_id", flat=True), "无人")
    actions.lock(County.objects.get(pk=cast.COUNTY), SEPTEMBER, by=world.officers["zhao"], missing=missing)


def reopened(world):
    locked(world)
    actions.reopen([september(world.places[cast.HOME])], by=world.officers["zhao"], reason="有人漏报")


def version(world, at, officer):
    return {"version": MonthlyReturn.objects.get(village=at.village, month=OCTOBER).newest.number}


def chosen(world, at, officer):
    ret = MonthlyReturn.objects.get(village=at.village, month=OCTOBER)
    return {"chosen": f"{ret.pk}:{ret.newest.number}"}


def send_back(world, at, officer):
    return version(world, at, officer) | {"reason": "请再看", "figure_1": "away", "question_1": "还在外吗"}


def taken(world):
    """Undoing needs a sheet that is in the ledger."""
    batches.take(world.home.staged, by=world.officers["li"], all_or_nothing=False)


def stop(name):
    return lambda world, at, officer: {"stopped_on": "2026-11-04", "version": getattr(at, name).version}


def stopped(name):
    """Resuming needs one that has stopped."""

    def prepare(world):
        for at in world.places.values():
            row = getattr(at, name)
            type(row).objects.filter(pk=row.pk).update(stopped_on="2026-11-04")

    return prepare


def trained(world):
    """A list needs somebody who was trained."""
    Broker.objects.filter(pk=world.home.broker.pk).update(state="trained")
    Attendance.objects.filter(pk=world.home.attendance.pk).update(was_there=True, has_passed=True)


def published(world):
    """Filing a list needs somebody of it who is not filed yet."""
    Broker.objects.filter(pk=world.home.filed.pk).update(
        state="published", filed_on=None, certificate_number="", certificate_word=None
    )


def claims_in(state):
    """Every claim gone on to a state, as its steps would bring it there; a list hung out in October."""

    def prepare(world):
        for at in world.places.values():
            by = world.officers["zhao"]
            changes = {"state": state, "confirmed_by": by, "confirmed_at": "2026-10-01T00:00Z"}
            if state in ("published", "approved"):
                changes["publication"] = at.claims_list
            if state == "approved":
                changes |= {"approved_by": by, "approved_at": "2026-11-01T00:00Z"}
            Claim.objects.filter(pk=at.claim.pk).update(**changes)

    return prepare


def no_claims(world):
    """A scheme is changed while no claim stands on it."""
    ClaimLine.objects.all().delete()
    Claim.objects.all().delete()


def amounts(world, at, officer):
    return {"version": at.scheme.version} | {f"band_{band.pk}": "25" for band in at.scheme.bands.all()}


def chosen_claim(**more):
    return lambda world, at, officer: {"chosen": f"{at.claim.pk}:{at.claim.version}"} | more


def of_claims(world, at, officer):
    return {"of": f"{at.scheme.pk}-2025"}


def gone(world):
    Registration.objects.filter(worker=world.home.people[2]).update(to_on="2026-11-01", left_how="left_county")


def silent(world):
    """A village that files no more can be asked to file again."""
    Village.objects.update(files_to="2026-10")


def planned(world):
    """A change of the settings that can be withdrawn."""
    CountySettings.objects.create(county_id=cast.COUNTY, from_month="2026-12", due_days=2)


def at_own_level(world, at, officer):
    return [at.area_of(officer.role)]


def set_aside(world):
    """A doubt is taken up again where somebody said that it is right."""
    from workers.actions import set_aside

    for at in world.places.values():
        set_aside(at.doubt, by=at.keeper, reason="属实")


def report(world, at, officer):
    township = Township.objects.get(pk=at.township)
    return {"head_name": "站长", "seen": reporting.fingerprint(township, SEPTEMBER)}


def brief(*more, **about) -> Address:
    """Of the county of a place, in September."""
    return Address(lambda w, at, o: [at.county, SEPTEMBER, *more], COUNTY, **about)


def of_brief(**typed):
    return lambda w, at, o: {"version": Brief.objects.get(area_code=at.county, month=SEPTEMBER).version} | typed


def first_password(world):
    Officer.objects.filter(username="li").update(must_change_password=True)


def disabled(world):
    Officer.objects.filter(username="li").update(is_active=False)


def correction(world, at, officer):
    place = {"destination": "4401", "channel": "own", "started_on": "2026-09-03"}
    return FACTORY | place | {"version": at.transfer.version}


def edited(world, at, officer):
    who = at.people[0]
    return {"version": who.version, "name": who.name, "education": "70", "note": "新"}


def newest(row):
    """The version that a form is opened with, and today's day."""
    return {"version": type(row).objects.get(pk=row.pk).version, "on": "2026-11-01"}


def related(at, *relations):
    return {f"relation_{who.pk}": relation for who, relation in zip(at.people, relations, strict=False)}


def joining(world, at, officer):
    return newest(at.household) | related(at, "", "", "niece") | {"other": at.other_household.pk}


def both(world, at, officer):
    one, two = newest(at.people[0]), newest(at.twin)
    return {"stays": "one", "version_one": one["version"], "version_two": two["version"]}


def branch(world, at, officer):
    """The branch of the place's township, of which a village officer sees the village's part."""
    return [at.village if officer.role == "village" else at.township]


def unfounded(world):
    """Only a county without an association founds one."""
    for model in (Post, Membership, Association):
        model.objects.all().delete()


def results(world, at, officer):
    return {"version": at.course.version, "years": "3", "passed": at.attendance.pk}


def outcomes(world, at, officer):
    return {"version": at.training.version, f"result-{at.trained.pk}": "passed", f"number-{at.trained.pk}": "T1"}


def goals(world, at, officer):
    return {"seen": "0", "letter": "1号", f"{at.village}_transfers": "12"}


def weights(world, at, officer):
    return {"version": "0"} | dict(DEFAULTS)
FALL = {"cause": "停工", "doing": "另找岗位", "who": "站长", "until_on": "2026-12-01", "version": "0"}


def alarmed(world, at, officer):
    return [SEPTEMBER, at.village]


def fell(world):
    """As if fifty had been away before; the alarm compares September with August."""
    CountySettings.objects.update(drop_persons=3)
    august, ret = Month(2026, 8), september(world.home)
    counted = ret.counted
    ret = MonthlyReturn.objects.create(county=ret.county, village=ret.village, month=august)
    counted.pk, counted.ret, counted.month, counted.away = None, ret, august, 50
    counted.save()
    MonthlyReturn.objects.filter(pk=ret.pk).update(state="approved", counted=counted, newest=counted)


def taken_up(world):
    fell(world)
    at = world.home
    facts = {name: text for name, text in FALL.items() if name not in ("version", "until_on")}
    DropCase.objects.create(
        county_id=at.county, area_code=at.village, month=SEPTEMBER, until_on="2026-12-01", **facts,
        taken_up_by=world.officers["wang"], taken_up_at="2026-11-04T00:00Z",
    )


def spot_checked(world):
    """Everybody of the place's draw was asked."""
    for at in world.places.values():
        at.spot_check.people.update(
            outcome="as_filed", answered_by="self", asked_on="2026-11-04", recounted=1,
            entered_by=world.officers["zhao"], entered_at="2026-11-04T00:00Z",
        )


def spot_check_finished(world):
    spot_checked(world)
    SpotCheck.objects.update(finished_by=world.officers["zhao"], finished_at="2026-11-04T00:00Z")


ASKED = {"who": "alone", "on": "2026-11-01", "reason": "marriage"}
BROKER = {"name": "韩新", "phone": "13500000001", "kind": "part_time", "registered_on": "2026-11-01"}
TRAINING = {"kind": "skills", "subject": "新技能", "hours": "24", "begins_on": "2026-11-02", "ends_on": "2026-11-03"}
COURSE = {"name": "新班", "hours": "24", "from_on": "2026-11-02", "to_on": "2026-11-03"}
POINT = {"name": "新点", "destination": "4403", "contact": "张主任"}
WRONG = {"reason": "登记错误"}
SCHEME = {
    "name": "新办法", "source": "2027年第3号文件", "year_from": "2025", "filed_only": "on", "sizes": "50–100\n101–",
    "lengths": "90–179\n180–",
}
NEW_ACCOUNT = {"role": "village", "village": cast.NEXT_DOOR, "name": "陈新", "username": "chenxin"}

ADDRESSES = {
    # Officers: signing in, own settings, messages, doors.
    "set_language": Address(post=sent(language="en", next="/")),
    "sign_in": Address(post=sent(username="li", password="Right-2026")),
    "sign_in_code": Address(post=sent(token="123456")),
    "sign_out": Address(post=sent()),
    "first_password": Address(
        post=sent(new_password="Neu-2026-lang", repeated="Neu-2026-lang", accepted="on", large_text="0"),
        prepare=first_password,
    ),
    "me": Address(post=sent(name="Li", phone="13900000000", language="en", large_text="1")),
    "change_password": Address(
        post=sent(old_password="Right-2026", new_password="Neu-2026-lang", repeated="Neu-2026-lang"),
    ),
    "text_size": Address(post=sent(large_text="1")),
    "second_factor": Address(post=second_factor_sent),
    "second_factor_codes": Address(post=factor_proved, prepare=factor_on),
    "second_factor_off": Address(post=factor_proved, prepare=factor_on),
    "sessions_end": Address(post=sent()),
    "session_end": Address(session, OFFICER, post=sent()),
    "messages": Address(),
    "message_open": Address(message, OFFICER, post=sent()),
    "messages_read": Address(post=sent()),
    "doors": Address(),
    "demo_sign_in": Address(post=sent(username="li")),
    "healthz": Address(),
    "health": Address(),
    # Accounts, trail, places.
    "accounts": Address(),
    "account_new": Address(post=sent(**NEW_ACCOUNT), by="wang", makes=Officer),
    "account": place(account),
    "account_reset": place(account, post=sent(), by="wang"),
    "account_slip": place(account),
    "account_second_factor": place(account, post=sent(), by="wang", prepare=factor_on),
    "account_sessions": place(account, post=sent(), by="wang"),
    "account_disable": place(account, post=sent(), by="wang"),
    "account_enable": place(account, post=sent(), by="wang", prepare=disabled),
    "posting_add": place(account, post=sent(place=cast.NEXT_DOOR), by="wang", makes=Posting),
    "posting_end": place(posting, post=sent(successor=""), by="wang"),
    "audit": Address(),
    "audit_export": Address(post=sent(), by="zhao"),
    "unusual": Address(),
    "unusual_one": place(unusual, post=sent(note="问过了"), by="zhao"),
    "places": Address(),
    "place_township": place(
        lambda world, at, officer: [at.township], by="zhao",
        post=sent(station_phone="0971-2722223", head_name="李站长", station_address="街", is_reception_point="on"),
    ),
    "place_village": place(lambda world, at, officer: [at.village]),
    "village_change": place(
        lambda world, at, officer: [at.village, "rename"], by="zhao",
        post=sent(name="新名村委会", from_month="2026-11", reason="改名", confirmed="1"), makes=Lineage,
    ),
    "filing_start": place(
        lambda world, at, officer: [at.village], post=sent(**{"start-month": "2026-11"}), by="zhao", prepare=silent,
    ),
    "filing_stop": place(
        lambda world, at, officer: [at.village], post=sent(**{"stop-month": "2026-12"}), by="zhao",
    ),
    # Brokers and points. A point is the county's.
    "brokers": Address(),
    "broker_new": Address(post=sent(village=cast.HOME, **BROKER), makes=Broker),
    "broker_edit": place(of("broker"), post=lambda w, at, o: BROKER | {"version": at.broker.version}),
    "broker_stop": place(of("broker"), post=stop("broker")),
    "broker_resume": place(of("broker"), post=sent(), prepare=stopped("broker")),
    "register_export": Address(lambda w, at, o: ["brokers"]),
    "broker_reveal": place(of("broker"), post=sent(what="phone", reason="核对")),
    "broker_filing": place(of("broker")),
    "broker_step": place(
        lambda w, at, o: [at.broker.pk, "recommended"], asks=("reason",),
        post=lambda w, at, o: {"version": at.broker.version, "conditions": ["healthy", "honest", "digital", "organizes"]},
    ),
    "certificate": place(of("filed")),
    "certificate_card": place(of("filed")),
    "certificate_check": Address(lambda w, at, o: [at.filed.certificate_word]),
    "complaints": Address(),
    "complaint_new": place(
        of("broker"), by="wang", post=sent(kind="complaint", received_on="2026-11-04", said="收费"),
    ),
    "complaint": place(of("complaint"), by="wang", post=sent(outcome="settled", answer="已退", settled_on="2026-11-04")),
    "publications": Address(),
    "publication_new": Address(
        post=lambda w, at, o: {
            "brokers": at.broker.pk, "place": at.township, "from_on": "2026-11-04", "to_on": "2026-11-12",
        },
        by="wang", makes=Publication, prepare=trained,
    ),
    "publication": place(of("publication")),
    "publication_paper": place(of("publication")),
    "publication_withdraw": place(
        of("publication"), post=sent(reason="末日写错"), by="wang", prepare=published, asks=("reason",),
    ),
    "publication_file": place(of("publication"), post=sent(), by="zhao", prepare=published),
    "broker_twins": place(of("broker")),
    "broker_twin": place(
        lambda w, at, o: [at.broker.pk, at.broker_twin.pk],
        post=lambda w, at, o: {
            "stays": "one", "version_one": at.broker.version, "version_two": at.broker_twin.version,
        },
    ),
    "association": Address(),
    "association_edit": Address(
        post=sent(name="协会", founded_on="2026-04-28"), by="zhao", prepare=unfounded, nothing_for=("township",),
    ),
    "association_people": Address(),
    "branch": place(branch),
    "branch_join": place(
        branch, post=lambda w, at, o: {"broker": at.other_broker.pk, "joined_on": "2026-11-01"}, by="wang", makes=Membership,
    ),
    "branch_head": place(
        branch, post=lambda w, at, o: {"member": at.membership.pk, "from_on": "2026-11-01"}, by="wang", makes=Post,
    ),
    "branch_paper": place(branch),
    "membership": place(of("broker")),
    "membership_join": place(of("other_broker"), post=sent(joined_on="2026-11-01"), by="wang", makes=Membership),
    "membership_leave": place(of("broker"), post=sent(left_on="2026-11-01"), by="wang"),
    "post_give": place(of("broker"), post=sent(kind="branch_head", from_on="2026-11-01"), by="wang", makes=Post),
    "post_end": place(of("post"), post=sent(to_on="2026-11-01"), by="zhao"),
    # A township's courses are seen by each of its villages.
    "courses": Address(),
    "course_new": Address(post=sent(place_code="630121100", **COURSE), by="wang", makes=Course),
    "course": Address(of("course"), COUNTY),
    "course_edit": Address(of("course"), COUNTY, lambda w, at, o: COURSE | {"version": at.course.version}, "wang"),
    "course_people": Address(
        of("course"), COUNTY, lambda w, at, o: {"broker": at.other_broker.pk}, "wang", makes=Attendance,
    ),
    "course_remove": Address(of("course"), COUNTY, lambda w, at, o: {"attendance": at.attendance.pk}, "wang"),
    "course_results": Address(of("course"), COUNTY, results, "wang"),
    "course_paper": Address(of("course"), COUNTY),
    "training": Address(),
    # Name, township and standing are seen by the whole county.
    "broker": Address(of("broker"), COUNTY),
    "broker_led": Address(of("broker"), COUNTY),
    "ranking": Address(),
    "ranking_led": Address(),
    "ranking_export": Address(post=sent(year="2026", month="10", sort="stayed_3", township=""), by="wang"),
    "points": Address(),
    "point_new": Address(post=sent(**POINT), by="wang", makes=CooperationPoint),
    "point_edit": Address(of("point"), COUNTY, lambda w, at, o: POINT | {"version": at.point.version}, "wang"),
    "point_stop": Address(of("point"), COUNTY, stop("point"), "wang"),
    "point_resume": Address(of("point"), COUNTY, sent(), "wang", prepare=stopped("point")),
    # Pay of brokers. A scheme is the county's, a claim its broker's place's.
    "schemes": Address(),
    "scheme_new": Address(post=sent(**SCHEME), by="zhao", makes=Scheme),
    "scheme": Address(of("scheme"), COUNTY),
    "scheme_edit": Address(
        of("scheme"), COUNTY, lambda w, at, o: SCHEME | {"version": at.scheme.version}, "zhao", prepare=no_claims,
    ),
    "scheme_amounts": Address(of("scheme"), COUNTY, amounts, "zhao", prepare=no_claims),
    "scheme_copy": Address(of("scheme"), COUNTY, sent(year_from="2027"), "zhao", makes=Scheme),
    "scheme_delete": Address(of("scheme"), COUNTY, sent(), "zhao", prepare=no_claims),
    "claims": Address(),
    "claim_sums": Address(),
    "claims_draw": Address(post=of_claims, by="wang"),
    "claims_drop": Address(post=of_claims, by="zhao"),
    "claims_confirm": Address(post=chosen_claim(), by="wang"),
    "claims_publish": Address(
        post=chosen_claim(from_on="2026-11-04", to_on="2026-11-20"), by="zhao", prepare=claims_in("confirmed"),
        makes=Publication,
    ),
    "claims_approve": Address(post=chosen_claim(), by="zhao", prepare=claims_in("published")),
    "claims_paid": Address(post=chosen_claim(on="2026-11-03"), by="zhao", prepare=claims_in("approved")),
    "pay_list": Address(post=chosen_claim(reason="发放补助"), by="zhao", prepare=claims_in("approved")),
    "cross_check": Address(),
    "claims_paper": Address(lambda w, at, o: [at.claims_list.pk], COUNTY),
    "claim": place(of("claim")),
    "claim_send_back": place(of("claim"), post=sent(**WRONG), by="zhao", prepare=claims_in("confirmed")),
    "claim_again": place(of("claim"), post=sent(), by="wang"),
    # Training of workers: a township's courses are seen by each of its villages.
    "trainings": Address(),
    "training_new": Address(post=sent(place_code="630121100", **TRAINING), by="wang", makes=TrainingCourse),
    "training_course": Address(of("training"), COUNTY),
    "training_edit": Address(of("training"), COUNTY, lambda w, at, o: TRAINING | {"version": at.training.version}, "wang"),
    "training_people": Address(
        of("training"), COUNTY, lambda w, at, o: {"worker": at.people[0].pk}, "wang", makes=TrainedWorker,
    ),
    "training_results": Address(of("training"), COUNTY, outcomes, "wang"),
    "training_remove": Address(of("training"), COUNTY, lambda w, at, o: WRONG | {"trained": at.trained.pk}, "wang"),
    "training_void": Address(of("training"), COUNTY, sent(**WRONG), "wang"),
    "training_paper": Address(of("training"), COUNTY),
    "training_export": Address(of("training"), COUNTY, sent(), "wang"),
    "trained_people": place(area(OCTOBER)),
    # What the figures are trusted by.
    "alarms_home": Address(),
    "alarms": Address(lambda w, at, o: [OCTOBER]),
    "alarm": place(alarmed, by="wang", post=sent(**FALL), makes=DropCase, prepare=fell),
    "alarm_close": place(alarmed, by="wang", post=sent(version="1", outcome="已外出"), prepare=taken_up),
    "spot_checks": Address(),
    "spot_check_new": Address(
        post=lambda w, at, o: {"area_code": at.village, "month": "2026-09", "figure": "transferred", "wanted": "3", "note": "x"},
        by="zhao", makes=SpotCheck, asks=("spread",),
    ),
    "spot_check": place(
        of("spot_check"), by="zhao", post=sent(outcome_1="as_filed", answered_by_1="self", asked_on="2026-11-04"),
    ),
    "spot_check_finish": place(of("spot_check"), post=sent(), by="zhao", prepare=spot_checked),
    "spot_check_again": place(of("spot_check"), post=sent(**WRONG), by="zhao", prepare=spot_check_finished),
    "spot_check_paper": place(of("spot_check")),
    "spot_check_phones": place(of("spot_check"), post=sent(**WRONG), by="wang"),
    # The ledger.
    "people": Address(),
    "roster_new": Address(post=sent(column="name", file_type="csv", numbers="full", reason="核对")),
    "roster": Address(roster, OFFICER),
    "roster_file": Address(roster, OFFICER),
    "roster_again": Address(roster, OFFICER),
    "export_requests": Address(),
    "export_request": Address(export_of("exports"), OFFICER),
    "export_approve": Address(export_to_decide, OFFICER, post=sent(), by="zhao"),
    "export_refuse": Address(export_to_decide, OFFICER, post=sent(**WRONG), by="zhao"),
    "export_write": Address(export_of("approved"), OFFICER, post=sent(), makes=Roster),
    "departure_new": Address(post=sent(**NEW_PERSON), asks=("village",)),
    "departure_step": Address(draft(4), OFFICER, post=sent(), makes=Transfer, asks=("village",)),
    "departure_done": Address(done_draft(), OFFICER),
    "departure_drop": Address(draft(), OFFICER, post=sent()),
    "homecoming_pick": Address(),
    "ledger_paper": Address(),
    "blank_paper": Address(),
    "sheet_check": place(lambda w, at, o: [papers.of_list("ledger", Village.objects.get(pk=at.village)).word]),
    "sheets": Address(),
    "sheet_new": Address(post=lambda w, at, o: {"kind": "ledger", "place": at.village, "file": list_file()}, makes=Batch),
    "sheet_template": Address(lambda w, at, o: ["ledger"]),
    "sheet": place(of("staged")),
    "sheet_columns": place(of("batch"), post=sent(matched="1", c0="name", c1="id_number", c2="destination", c3="started_on")),
    "sheet_cancel": place(of("staged"), post=sent()),
    "sheet_again": place(of("canceled"), post=sent(), makes=Batch),
    "sheet_row": place(lambda w, at, o: [at.staged.pk, 2], post=sent(**{"cell-name": "罗新来"})),
    "sheet_row_mend": place(lambda w, at, o: [at.staged.pk, 2], post=sent(repair="skip")),
    "sheet_marked": place(of("staged"), post=sent()),
    "sheet_take": place(of("staged"), post=sent(which="good")),
    "sheet_undo": place(of("staged"), post=sent(**WRONG), prepare=taken),
    "sheet_mend": place(of("staged"), post=sent(problem="unknown_place", column="destination", repair="skip")),
    "person_new": Address(post=sent(**NEW_PERSON), makes=Worker, asks=("village",)),
    "person": place(person()),
    "person_edit": place(person(), post=edited),
    "person_phone": place(person(), post=sent(number="13600000001", whose="self"), makes=Phone),
    "person_trail": place(person(), nothing_for=("admin",)),
    "person_reveal": place(person(), post=sent(what="id", reason="核对")),
    "person_closing": place(person(), post=sent(how="died", on="2026-11-01")),
    "person_household": place(person(1), post=sent(household="own"), makes=Household),
    "person_ask": place(
        person(1), post=sent(to_village=cast.FAR, **ASKED), makes=MoveRequest, nothing_for=("county",),
    ),
    "moves": Address(),
    "move_ask": Address(
        post=sent(village=cast.HOME, name=BRIDE[0], id_number=BRIDE[1], **ASKED), makes=MoveRequest,
    ),
    "move": place(of("move")),
    "move_confirm": place(of("move"), post=sent(), by="zhao"),
    "move_refuse": place(of("move"), post=sent(**WRONG), by="zhao"),
    "move_withdraw": place(of("move"), post=sent()),
    "duplicates": Address(),
    "duplicate_apart": Address(
        post=lambda w, at, o: {"one": at.people[0].pk, "other": at.twin.pk, "reason": "堂姐妹"}, makes=DistinctPair,
    ),
    "duplicate_again": place(of("distinct"), post=sent()),
    "twins": place(person()),
    "twin": place(lambda w, at, o: [at.people[0].pk, at.twin.pk], post=both),
    "person_move": place(
        person(1), post=sent(to_village=cast.NEXT_DOOR, on="2026-11-01"), by="wang", makes=Registration,
        nothing_for=("village",),
    ),
    "person_told": place(person(1), post=sent(how="orally", told_on="2026-11-03")),
    "person_copy": place(person(), post=sent(reason="本人申请", file_type="json"), by="wang"),
    "person_erase": place(person(2), post=sent(**WRONG), by="zhao", prepare=voided),
    "people_due": Address(by="zhao"),
    "person_back": place(person(2), post=sent(**WRONG), prepare=gone),
    "person_void": place(person(), post=sent(**WRONG)),
    "already_out": place(person()),
    "homecoming": place(person(), post=sent(ended_on="2026-11-01", reason="family")),
    "change_job": place(
        person(), post=sent(on="2026-11-01", destination="4401", channel="own", **FACTORY), makes=Transfer,
    ),
    "transfer_edit": place(of("transfer"), post=correction),
    "transfer_void": place(of("transfer"), post=sent(**WRONG)),
    "homecoming_done": place(of("ended")),
    "visit_round": Address(),
    "visit": place(
        person(), makes=Verification,
        post=lambda w, at, o: {"outcome": "no_change", "how": "phone", "answered_by": "self", "newest": at.visit.pk},
    ),
    "visit_call": place(person(), post=lambda w, at, o: {"phone": at.people[0].phones.get().pk}),
    "visit_home": place(
        person(1), post=sent(plan="farming", needs="job", how="phone", answered_by="self", next_call_on="2026-11-20"),
        makes=Verification,
    ),
    "visit_undo": place(of("visit"), post=sent()),
    "visit_print": Address(),
    "visit_quality": Address(),
    "visit_people": Address(),
    "quality_home": Address(),
    "quality": place(at_own_level),
    "doubts": place(at_own_level),
    "doubt_right": place(of("doubt"), post=sent(reason="属实")),
    "doubt_again": place(of("doubt"), post=sent(), prepare=set_aside),
    "household": place(of("household"), post=sent(kind="relieved", from_on="2026-01-01"), makes=HouseholdStatus),
    "household_edit": place(of("household"), post=lambda w, at, o: newest(at.household) | {"number": "12"}),
    "household_add": place(of("household")),
    "household_head": place(of("household"), post=lambda w, at, o: newest(at.household) | related(at, "sibling", "head")),
    "household_split": place(
        of("household"), post=lambda w, at, o: newest(at.household) | related(at, "", "head"), makes=Household,
    ),
    "household_merge": place(of("household"), post=joining),
    "status_end": place(lambda w, at, o: [at.household.pk, at.status.pk], post=sent(to_on="2026-11-03")),
    "groups": Address(),
    "group_new": Address(
        post=sent(persons="3", destination="4403", left_month="2026-10"), makes=UnnamedGroup,
        asks=("village", "status"),
    ),
    "group_end": place(
        of("group"), post=lambda w, at, o: {"version": at.group.version, "persons": 4, "ended_on": "2026-11-03"},
    ),
    "group_void": place(of("group"), post=sent(**WRONG)),
    # The month.
    "home": Address(),
    "returns": Address(),
    "return": place(in_month(SEPTEMBER)),
    "return_submit": place(
        in_month(OCTOBER), prepare=answered, makes=ReturnVersion,
        post=sent(**{"submit-is_nil": "1"}),
    ),
    "return_approve": place(in_month(OCTOBER), post=version, by="wang", place=cast.NEXT_DOOR),
    "return_send_back": place(
        in_month(OCTOBER), post=send_back, by="wang", place=cast.NEXT_DOOR, makes=CellMessage,
    ),
    "return_reopen": place(in_month(SEPTEMBER), post=sent(reason="有人漏报"), by="zhao", prepare=locked),
    "return_close": place(in_month(SEPTEMBER), post=sent(), by="zhao", prepare=reopened),
    "return_answer": place(question, post=lambda w, at, o: {f"q{question_at(cast.HOME).pk}-text": "在"}),
    "cell": place(in_month(SEPTEMBER, "away")),
    "totals_home": Address(),
    "tables": Address(),
    "table_names": Address(),
    "table_export": Address(post=table_asked(type="csv"), asks=("question", "type", "order")),
    "saved_tables": Address(),
    "table_save": Address(post=table_asked(name="新表", sharing="mine"), makes=SavedTable),
    "saved_table": Address(table, OFFICER),
    "table_rename": Address(table, OFFICER, post=sent(name="改名表", sharing="county")),
    "table_delete": Address(table, OFFICER, post=sent()),
    "earlier": Address(
        lambda w, at, o: [at.county], COUNTY, sent(text="month\tarea\taway\n2025-09\t630121\t5", confirmed="1"), "zhao",
        makes=EarlierTotal,
    ),
    "remind": Address(lambda w, at, o: [OCTOBER], post=sent(), by="wang", makes=Reminder, asks=("township",)),
    "report_up": place(
        lambda w, at, o: [SEPTEMBER, at.township], post=report, by="wang", makes=TownshipReport,
    ),
    "scans": place(
        area(SEPTEMBER), post=lambda w, at, o: {"file": scan_file()}, by="wang", makes=Scan,
    ),
    "blanks": Address(),
    "blank_new": Address(post=lambda w, at, o: {"name": "另一张表", "file": blank_file("另一张")}, by="zhao", makes=Blank),
    "blank_keys": Address(),
    "blank": Address(in_county("blank"), COUNTY),
    "blank_cells": Address(
        in_county("blank"), COUNTY, sent(sheet="0", cell="B3", key="came_home"), "zhao", asks=("repeats", "written"),
    ),
    "blank_preview": Address(in_county("blank"), COUNTY),
    "blank_fill": Address(
        in_county("blank"), COUNTY, lambda w, at, o: {"area": at.county, "month": str(SEPTEMBER)}, "zhao",
    ),
    "blank_version": Address(
        in_county("blank"), COUNTY, lambda w, at, o: {"file": blank_file("新版")}, "zhao", makes=BlankVersion,
    ),
    "blank_describe": Address(in_county("blank"), COUNTY, sent(name="报表", note="留空"), "zhao"),
    "blank_retire": Address(in_county("blank"), COUNTY, sent(), "zhao", asks=("back",)),
    "blank_file": Address(lambda w, at, o: [at.blank.newest.pk], COUNTY, sent(), "zhao"),
    "scan": place(of("scan"), post=sent(), by="wang"),
    "settings": Address(post=sent(from_month="2026-12", due_days="2", confirmed="1"), by="zhao"),
    "settings_withdraw": Address(post=sent(month="2026-12"), by="zhao", prepare=planned),
    "extend": Address(
        lambda w, at, o: [OCTOBER], by="zhao", makes=Extension,
        post=sent(area_code=cast.HOME, due_on="2026-11-08", closes_on="2026-11-12", reason="停电"),
    ),
    "extension_withdraw": Address(
        lambda w, at, o: [Extension.objects.get(county_id=at.county).pk], COUNTY, sent(), "zhao",
    ),
    "totals": place(area(SEPTEMBER)),
    "figures": place(area(SEPTEMBER)),
    "profile": place(lambda w, at, o: [at.township, SEPTEMBER], nothing_for=("village",)),
    "wall": Address(nothing_for=("village", "township")),
    "reminders": Address(lambda w, at, o: [OCTOBER]),
    "targets_home": Address(),
    "targets": place(area(2026)),
    "targets_set": place(area(2026), post=goals, by="wang", makes=Target),
    "assessment": place(area(2026), nothing_for=("village",)),
    "assessment_behind": place(lambda w, at, o: [at.township, 2026, "late"], nothing_for=("village",)),
    "assessment_weights": place(
        lambda w, at, o: [at.county, 2026], post=weights, by="zhao", makes=AssessmentWeights, nothing_for=("admin",),
    ),
    "assessment_paper": place(lambda w, at, o: [at.county, 2026], nothing_for=("village", "township")),
    "assessment_export": place(lambda w, at, o: [at.county, 2026], post=sent(month="2026-09"), by="zhao"),
    "drill": place(area(SEPTEMBER, "away"), nothing_for=("village",)),
    "analysis_home": Address(),
    "structure": place(area(SEPTEMBER)),
    "flows": place(area(SEPTEMBER)),
    "homecomings": place(area(SEPTEMBER)),
    "years": place(area(SEPTEMBER)),
    "analysis_names": place(area(SEPTEMBER)),
    "away_on": place(lambda w, at, o: [at.area_of(o.role), "2026-09-20"]),
    "proof": place(area(SEPTEMBER)),
    "return_paper": place(in_month(SEPTEMBER)),
    "total_paper": place(area(SEPTEMBER), nothing_for=("village",)),
    "paper_check": Address(lambda w, at, o: ["no-word-of-ours"]),
    "known_now": place(area(SEPTEMBER)),
    "known_now_names": place(area(SEPTEMBER, "away")),
    "revisions": place(area(SEPTEMBER)),
    "workbook": place(lambda w, at, o: [at.county, SEPTEMBER], post=sent(), by="zhao"),
    "briefs": Address(),
    "brief_start": Address(post=sent(month=str(OCTOBER)), by="zhao", makes=Brief, asks=("as_last_month",)),
    "brief": brief(),
    "brief_paragraph": brief("headline", post=of_brief(text="有话要说"), by="zhao", asks=("title",)),
    "brief_add": brief(post=of_brief(title="说明", text="有话要说"), by="zhao"),
    "brief_arrange": brief("headline", post=of_brief(step="down"), by="zhao"),
    "brief_generate": brief(post=of_brief(), by="zhao"),
    "brief_issue": brief(post=of_brief(), by="zhao", makes=BriefVersion),
    "brief_version": brief(1),
    # Without a number it is the draft, which no reader opens.
    "brief_paper": brief(nothing_for=("leader",)),
    "brief_word": brief(post=sent(), by="zhao", asks=("number",)),
    "queue_home": Address(),
    "queue": Address(lambda w, at, o: [OCTOBER]),
    "queue_differences": Address(lambda w, at, o: [OCTOBER]),
    "queue_approve": Address(lambda w, at, o: [OCTOBER], post=chosen, by="wang", place=cast.NEXT_DOOR),
    "board_home": Address(),
    "open_month": Address(post=sent(month=str(NOVEMBER)), by="zhao", makes=CountyMonth),
    "board": Address(lambda w, at, o: [SEPTEMBER]),
    "month_reopen": Address(
        lambda w, at, o: [SEPTEMBER], post=lambda w, at, o: {"chosen": september(at).pk, "reason": "有人漏报"},
        by="zhao", prepare=locked,
    ),
    "lock": Address(lambda w, at, o: [SEPTEMBER], post=sent(), by="zhao", makes=Seal, asks=("township",)),
}

# What nobody's form may change, whatever it sends.
NOBODYS_NUMBER = 987654321
EXTRAS = {
    "village": cast.FAR, "village_id": cast.FAR, "county": "630123", "county_id": "630123", "township": "630121101",
    "place_code": cast.FAR, "state": "locked", "status": "relieved", "approved_at": "2026-11-04",
    "voided_at": "2026-11-04", "void_reason": "x", "seen_at": "2026-11-04", "files_from": "2026-01",
    "files_to": "2026-01", "role": "admin", "powers": "lock", "is_active": "", "must_change_password": "",
    "id_index": "0" * 64, "id_cipher": "x", "hash": "0" * 64, "number": "9",
} | dict.fromkeys([
    "pk", "id", "officer", "officer_id", "by", "created_by", "submitted_by", "approved_by", "locked_by", "sealed_by",
    "issued_by", "newest", "counted", "merged_into", "became", "is_superuser", "is_staff",
], NOBODYS_NUMBER)


def patterns(resolver=None):
    """(name, view) of every address that the product answers."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name, pattern.callback
        else:
            yield from patterns(pattern)
