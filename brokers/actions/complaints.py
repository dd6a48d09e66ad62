"""What is said against a broker: an objection to the filing, or a complaint about the work; and what came of it."""

from django.db import transaction
from django.utils.translation import gettext as _

from brokers import codes, filing
from brokers.columns import BY_NAME
from brokers.models import Broker, Complaint
from laborreg import clock
from laborreg.columns import choice, words
from laborreg.refusals import Refusal, plain_words
from officers import audit


@transaction.atomic
def record_complaint(broker, *, by, kind, received_on, said) -> Complaint:
    """An objection bars the filing until it is settled; it can be raised only against who is published."""
    # Held, so that nobody files the broker while the objection is written down.
    broker = Broker.objects.select_for_update(no_key=True).get(pk=broker.pk)
    by.must("check brokers", at=broker.village_id)
    if broker.merged_into_id:
        raise Refusal(_("This entry was merged into another one."))
    with plain_words():
        kind, received_on = choice(codes.COMPLAINTS)(kind), _past_day(received_on)
        said = words(200, missing=_("Write what is said."))(said)
    if kind == "objection":
        _must_be_published(broker, received_on)
    complaint = Complaint.objects.create(
        broker=broker, kind=kind, received_on=received_on, said=said, by=by, at=clock.now()
    )
    audit.record("recorded a complaint", complaint, by=by, place=broker.village_id, detail={"kind": kind})
    return complaint


@transaction.atomic
def settle_complaint(complaint, *, by, outcome, answer, settled_on=None) -> Complaint:
    """What was found, and what came of it; once."""
    broker = complaint.broker
    by.must("check brokers", at=broker.village_id)
    with plain_words():
        outcome, settled_on = choice(codes.OUTCOMES)(outcome), _past_day(settled_on or clock.today())
        answer = words(200, missing=_("Write what was found."))(answer)
    if not outcome:
        raise Refusal(_("Choose how it was settled."))
    if settled_on < complaint.received_on:
        raise Refusal(_("It came in on %(day)s; settle it on that day or later.") % {"day": complaint.received_on})
    facts = {"outcome": outcome, "answer": answer, "settled_on": settled_on, "settled_by": by}
    if not Complaint.objects.filter(pk=complaint.pk, settled_on__isnull=True).update(**facts):
        raise Refusal(_("This is settled already."))
    complaint.refresh_from_db()
    audit.record("settled a complaint", complaint, by=by, place=broker.village_id, detail={"outcome": outcome})
    return complaint


def _must_be_published(broker, day):
    published = filing.publication_of(broker)
    if broker.state != "published":
        raise Refusal(_("%(name)s is not published for objection. Record a complaint.") % {"name": broker.name})
    if day < published.from_on:
        raise Refusal(_("The list is published from %(day)s; an objection comes on that day or later.") % {
            "day": published.from_on.isoformat()
        })


def _past_day(text):
    day = BY_NAME["registered_on"].clean(text)
    if day > clock.today():
        raise Refusal(_("This day is still to come."))
    return day
