"""The filing of brokers, step by step (brokers.filing.STEPS), each with its day, its officer and its trail."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from brokers import codes, filing
from brokers.columns import BY_NAME
from brokers.models import Broker, FilingStep, Publication
from laborreg import clock
from laborreg.columns import clean_words
from laborreg.refusals import Refusal, Stale, plain_words
from officers import audit, messages
from villages.areas import posted_at
from villages.models import County

# A list is entered on the day it is hung out, or a few days around it.
DAYS_BACK, DAYS_AHEAD = 7, 30
# More is a slip of the pen.
LONGEST = 60


# What the village that keeps the broker is told.
TOLD = {
    "filed": gettext_noop("%(name)s is filed and has a certificate."),
    "set_back": gettext_noop("The filing of %(name)s was set back: %(reason)s"),
    "suspended": gettext_noop("The certificate of %(name)s is suspended: %(reason)s"),
    "restored": gettext_noop("The certificate of %(name)s holds again."),
    "revoked": gettext_noop("The certificate of %(name)s is revoked: %(reason)s"),
}


@transaction.atomic
def recommend_broker(broker, *, by, version, conditions) -> Broker:
    """The village vouches for all conditions; whoever holds a valid pass of a course is trained at once."""
    if set(conditions) != {code for code, _label in codes.CONDITIONS}:
        raise Refusal(_("Recommend only a broker of whom all of this is true."))
    broker = _taken("recommended", broker, by, version)
    if filing.passes(clock.today()).filter(broker=broker).exists():
        trained([broker], by=by, on=clock.today())
    return broker


@transaction.atomic
def trained(brokers, *, by, on):
    """Those who are recommended have their training from this day; the others stay where they are.

    For the action that records who passed a course: it has asked for the power.
    """
    waiting = _held(pk__in=[broker.pk for broker in brokers], state="recommended", merged_into=None)
    entries = [_entry("trained", _moved("trained", broker, by, on=on), by) for broker in waiting]
    if entries:
        audit.record_many(entries)


@transaction.atomic
def publish_brokers(brokers, *, by, place, from_on, to_on) -> Publication:
    """A list of trained brokers hangs out for objection, at a station or the bureau, on these days."""
    by.must("check brokers", at=place)
    with plain_words():
        from_on, to_on = (BY_NAME["registered_on"].clean(day) for day in (from_on, to_on))
    must_be_days_of_a_list(County.objects.get(pk=place[:6]), from_on, to_on)
    rows = list(_held(pk__in=[broker.pk for broker in brokers]).prefetch_related(*filing.ASKED))
    if not rows:
        raise Refusal(_("Choose at least one broker."))
    for broker in rows:
        _must("published", broker, by)
        if not broker.village_id.startswith(place):
            raise Refusal(_("%(name)s does not belong to this place; make a list of its own.") % {"name": broker.name})
        first = filing.may_hang_from(broker)
        if first and from_on < first:
            raise Refusal(_(
                "The register has %(name)s as recommended and trained from %(day)s on; the list begins then or later."
            ) % {"name": broker.name, "day": first.isoformat()})
    publication = Publication.objects.create(
        county_id=place[:6], place_code=place, subject="brokers", from_on=from_on, to_on=to_on, by=by, at=clock.now(),
    )
    detail = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat(), "brokers": len(rows)}
    entries = [("published a list of brokers", publication, place, detail, by)]
    for broker in rows:
        moved = _moved("published", broker, by, on=from_on, publication=publication)
        entries.append(_entry("published", moved, by))
    audit.record_many(entries)
    return publication


@transaction.atomic
def withdraw_list(publication, *, by, reason) -> list[Broker]:
    """Taken down: whoever is not filed yet waits for a new list, recommended and trained as before."""
    by.must("check brokers", at=publication.place_code)
    reason = _cleaned_reason(reason)
    listed = _held(pk__in=publication.steps.values("broker"), state="published", merged_into=None)
    waiting = [row for row in listed.prefetch_related(*filing.ASKED) if filing.publication_of(row) == publication]
    if not waiting:
        raise Refusal(_("Nobody of this list waits to be filed; it stays."))
    hanging = Publication.objects.filter(pk=publication.pk, withdrawn_on__isnull=True)
    if not hanging.update(withdrawn_on=clock.today(), reason=reason):
        raise Refusal(_("This list is withdrawn already."))
    detail = {"reason": reason, "brokers": len(waiting)}
    entries = [("withdrew a list of brokers", publication, publication.place_code, detail, by)]
    for broker in waiting:
        entries.append(_entry("withdrawn", _moved("withdrawn", broker, by, reason=reason), by, reason))
    audit.record_many(entries)
    return waiting


@transaction.atomic
def file_broker(broker, *, by, version) -> Broker:
    """After the list hung out and nobody objected: filed, with a certificate."""
    _number_one_at_a_time(broker.county_id)
    return _taken("filed", broker, by, version)


@transaction.atomic
def file_earlier(broker, *, by, version, filed_on, certificate_number) -> Broker:
    """Filed before the register was kept here, on a day and under a number that the paper certificate says."""
    by.must("file brokers", at=broker.village_id)
    with plain_words():
        filed_on, number = BY_NAME["registered_on"].clean(filed_on), clean_words(certificate_number, length=20)
    if filed_on > clock.today():
        raise Refusal(_("The day of the filing is in the future."))
    if not number:
        raise Refusal(_("Give the number of the certificate, too."))
    _number_one_at_a_time(broker.county_id)
    [current] = _held(pk=broker.pk)
    if current.version != version:
        raise Stale(current)
    if current.state not in codes.BEFORE_FILING:
        raise _not_from_here(current)
    if Broker.objects.filter(county=current.county_id, certificate_number=number).exists():
        raise Refusal(_("The number %(number)s is another certificate's.") % {"number": number})
    current.version += 1
    current.state, current.filed_on, current.certificate_number = "filed", filed_on, number
    current.certificate_word = secrets.token_urlsafe(16)
    current._history_user = by
    current.save()
    FilingStep.objects.create(broker=current, step="filed", on=filed_on, reason=_("from the register on paper"), by=by,
                              at=clock.now())
    audit.record_many([_entry("filed", current, by)])
    return current


@transaction.atomic
def file_all(publication, *, by) -> list[Broker]:
    """Everybody of a list in whose way nothing stands; the others stay published."""
    _number_one_at_a_time(publication.county_id)
    today, filed = clock.today(), []
    listed = FilingStep.objects.filter(publication=publication).values("broker")
    for broker in _held(pk__in=listed, state="published", merged_into=None).prefetch_related(*filing.ASKED):
        by.must("file brokers", at=broker.village_id)
        # One row for all, which asks for its settings once.
        broker.county = publication.county
        if not filing.obstacles("filed", broker, today) and filing.publication_of(broker) == publication:
            filed.append(_moved("filed", broker, by))
    if not filed:
        raise Refusal(_("Nobody of this list can be filed now."))
    audit.record_many([_entry("filed", broker, by) for broker in filed])
    _let_know("filed", filed)
    return filed


@transaction.atomic
def suspend_broker(broker, *, by, version, reason) -> Broker:
    """The certificate does not hold for now; the broker is offered for no new transfer."""
    return _taken("suspended", broker, by, version, reason)


@transaction.atomic
def restore_broker(broker, *, by, version, reason) -> Broker:
    """The certificate holds again."""
    return _taken("restored", broker, by, version, reason)


@transaction.atomic
def revoke_broker(broker, *, by, version, reason) -> Broker:
    """The certificate holds no more; whom the broker led until then stays in the ledger."""
    return _taken("revoked", broker, by, version, reason)


@transaction.atomic
def set_back_broker(broker, *, by, version, reason) -> Broker:
    """The filing starts anew from the register."""
    return _taken("set_back", broker, by, version, reason)


def _taken(name, broker, by, version, reason="") -> Broker:
    """The step of one broker, as the officer saw it in `version`."""
    current = _held(pk=broker.pk).get()
    _must(name, current, by)
    if current.version != version:
        raise Stale(current)
    if name in codes.WITH_REASON:
        reason = _cleaned_reason(reason)
    moved = _moved(name, current, by, reason=reason)
    audit.record_many([_entry(name, moved, by, reason)])
    if name in TOLD:
        _let_know(name, [moved], reason)
    return moved


def _let_know(name, brokers, reason=""):
    keepers = posted_at({broker.village_id for broker in brokers})
    messages.send_many(
        messages.Letter(keepers[broker.village_id], TOLD[name], {"name": broker.name, "reason": reason},
                        reverse("broker_filing", args=[broker.pk]))
        for broker in brokers
    )


def _held(**which):
    """Rows as they are now, locked always in the same order: meanwhile nobody objects, edits or stops."""
    rows = Broker.objects.select_for_update(no_key=True, of=("self",)).filter(**which)
    return rows.select_related("county").order_by("pk")


def _must(name, broker, by):
    step = filing.STEPS[name]
    by.must(step.power, at=broker.village_id)
    if broker.merged_into_id:
        raise Refusal(_("This entry was merged into another one."))
    if broker.state not in step.sources:
        raise _not_from_here(broker)
    if found := filing.obstacles(name, broker, clock.today()):
        raise Refusal(" ".join([f"{broker.name}:", *found]))


def _not_from_here(broker) -> Refusal:
    words = {"name": broker.name, "state": broker.get_state_display()}
    return Refusal(_("%(name)s stands at “%(state)s”; this step does not follow from there.") % words)


def _moved(name, broker, by, *, on=None, reason="", publication=None) -> Broker:
    """Into the step's state, where nobody was quicker, with the row that tells of it."""
    step = filing.STEPS[name]
    as_seen = Broker.objects.filter(pk=broker.pk, state=broker.state, version=broker.version)
    if broker.state not in step.sources or not as_seen.update(version=F("version") + 1):
        raise _not_from_here(Broker.objects.get(pk=broker.pk))
    broker.version += 1
    broker.state = step.to
    if name == "filed":
        _certify(broker)
    broker._history_user = by
    broker.save()
    FilingStep.objects.create(
        broker=broker, step=name, on=on or clock.today(), publication=publication, reason=reason, by=by, at=clock.now(),
    )
    return broker


def _certify(broker):
    """Numbers run by county and year: 630121 2026 0001."""
    broker.filed_on = clock.today()
    begins = f"{broker.county_id}{broker.filed_on.year}"
    numbers = Broker.objects.filter(county=broker.county_id, certificate_number__startswith=begins)
    rests = (number[len(begins):] for number in numbers.values_list("certificate_number", flat=True))
    # Numbers of paper certificates from earlier may go on otherwise.
    last = max((int(rest) for rest in rests if rest.isascii() and rest.isdigit()), default=0)
    broker.certificate_number = f"{begins}{last + 1:04}"
    broker.certificate_word = secrets.token_urlsafe(16)


def _number_one_at_a_time(county):
    """Two officers who file at once get different numbers; before any broker is held, so that nobody waits in a circle."""
    County.objects.select_for_update(no_key=True).get(pk=county)


def _entry(name, broker, by, reason="") -> tuple:
    detail = {"reason": reason} if reason else {}
    if name == "filed":
        detail["certificate"] = broker.certificate_number
    return filing.STEPS[name].verb, broker, broker.village_id, detail, by


def must_be_days_of_a_list(county, from_on, to_on):
    """Of brokers and of claims alike."""
    today = clock.today()
    least = county.rules_from(county.month_of(from_on)).objection_days
    if not today - timedelta(days=DAYS_BACK) <= from_on <= today + timedelta(days=DAYS_AHEAD):
        words = {"back": DAYS_BACK, "ahead": DAYS_AHEAD}
        raise Refusal(_(
            "The first day lies at most %(back)s days back and at most %(ahead)s days ahead of today."
        ) % words)
    if (to_on - from_on).days + 1 < least:
        raise Refusal(ngettext(
            "The list is published for at least %(days)s day; the last day is %(day)s or later.",
            "The list is published for at least %(days)s days; the last day is %(day)s or later.",
            least,
        ) % {"days": least, "day": (from_on + timedelta(days=least - 1)).isoformat()})
    if (to_on - from_on).days + 1 > max(LONGEST, least):
        raise Refusal(_("A list hangs out for at most %(days)s days. Check the year of the last day.") % {"days": LONGEST})


def _cleaned_reason(reason) -> str:
    with plain_words():
        reason = clean_words(reason)
    if not reason:
        raise Refusal(_("Give the reason."))
    return reason
