"""The filing of a broker: which step leads from where to where, who takes it, and what stands in its way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from brokers import codes
from brokers.models import Attendance, Complaint, FilingStep, Publication
from laborreg import clock


@dataclass(frozen=True)
class Step:
    """A step from one of some states to another: the power it takes, its words in the trail, what may be in its way."""

    sources: tuple[str, ...]
    to: str
    power: str
    verb: str
    obstacles: tuple[Callable, ...] = ()


# Obstacles: what must be put right first, in a sentence; None where nothing must.


def no_id_number(broker, day):
    return None if broker.id_index else _("Enter the ID number first; it also tells the age.")


def has_stopped(broker, day):
    return _("%(name)s has stopped as a labor broker.") % {"name": broker.name} if broker.stopped_on else None


def no_pass_holds(broker, day):
    """Asked again at every later step: a result can be put right after the training was recorded."""
    return None if any(attendance.holds_on(day) for attendance in broker.attendances.all()) else _(
        "No pass of a course holds on this day; enter one, or set the filing back."
    )


def is_published_still(broker, day):
    published = publication_of(broker)
    if published and published.to_on >= day:
        return _("The list is published until %(day)s; file from the day after.") % {"day": published.to_on.isoformat()}
    return None


def objection_is_open(broker, day):
    if any(objection.settled_on is None for objection in objections_to(broker)):
        return _("An objection is not settled yet.")
    return None


def objection_was_upheld(broker, day):
    if any(objection.outcome == "upheld" for objection in objections_to(broker)):
        return _("An objection was upheld. Set the filing back.")
    return None


def age_does_not_fit(broker, day):
    rules = broker.county.rules_from(broker.county.month_of(day))
    age = broker.age_on(day)
    if age is None or rules.broker_min <= age <= rules.broker_max:
        return None
    words = {"age": age, "low": rules.broker_min, "high": rules.broker_max}
    return _("%(age)s years old; brokers are filed from %(low)s to %(high)s.") % words


STEPS = {
    "recommended": Step(
        ("registered",), "recommended", "recommend brokers", verb="recommended a broker",
        obstacles=(has_stopped, no_id_number, age_does_not_fit),
    ),
    "trained": Step(("recommended",), "trained", "check brokers", verb="trained a broker"),
    "published": Step(
        ("trained",), "published", "check brokers", verb="published a broker",
        obstacles=(has_stopped, no_pass_holds),
    ),
    "withdrawn": Step(("published",), "trained", "check brokers", verb="withdrew a broker from a list"),
    "filed": Step(
        ("published",), "filed", "file brokers", verb="filed a broker",
        obstacles=(
            has_stopped, no_id_number, age_does_not_fit, no_pass_holds, is_published_still, objection_is_open,
            objection_was_upheld,
        ),
    ),
    "suspended": Step(("filed",), "suspended", "file brokers", verb="suspended a broker"),
    "restored": Step(("suspended", "revoked"), "filed", "file brokers", verb="restored a broker"),
    "revoked": Step(("filed", "suspended"), "revoked", "file brokers", verb="revoked a broker"),
    "set_back": Step(
        ("recommended", "trained", "published"), "registered", "check brokers", verb="set back a broker",
    ),
}
# The straight way, as the page of a filing shows it.
WAY = ["recommended", "trained", "published", "filed"]


def obstacles(name: str, broker, day: date) -> list[str]:
    """Everything that stands in the way of a step on a day."""
    return [sentence for obstacle in STEPS[name].obstacles if (sentence := obstacle(broker, day))]


def next_of(broker) -> str | None:
    """The step on the straight way that comes next; None for who is filed or was."""
    return next((name for name in WAY if broker.state in STEPS[name].sources), None)


def publication_of(broker) -> Publication | None:
    """The list in which the broker was published last."""
    published = [step for step in broker.steps.all() if step.publication_id]
    return published[-1].publication if published else None


def objections_to(broker) -> list[Complaint]:
    """Objections to the filing that is under way: since its first list hung out, be that one withdrawn or not."""
    lists = [step.publication for step in steps_under_way(broker) if step.publication_id]
    said = [complaint for complaint in broker.complaints.all() if complaint.kind == "objection"]
    return [objection for objection in said if any(objection.received_on >= each.from_on for each in lists)]


def steps_under_way(broker) -> list[FilingStep]:
    """Those since the filing began anew."""
    steps = list(broker.steps.all())
    last = max((number for number, step in enumerate(steps) if step.step == "set_back"), default=-1)
    return steps[last + 1:]


def may_hang_from(broker) -> date | None:
    """No list names a broker before the register has the recommendation and the training."""
    recorded = [step.recorded_on for step in steps_under_way(broker) if step.step in ("recommended", "trained")]
    return max(recorded, default=None)


# What `obstacles` asks of each of many brokers.
ASKED = ["complaints", "steps__publication", "attendances"]


def passes(day):
    """Attendances that count as training on a day: passed, and not expired."""
    return Attendance.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=day), has_passed=True)


def with_training(brokers, day):
    """Each with `is_trained`: whether a course was passed, and `has_expired`: whether no pass holds any more on the day."""
    mine = {"broker": OuterRef("pk")}
    is_trained = Exists(Attendance.objects.filter(has_passed=True, **mine))
    return brokers.annotate(is_trained=is_trained, has_expired=is_trained & ~Exists(passes(day).filter(**mine)))


def published_in(brokers):
    """Published brokers, each with `list`: the number of the list in which they hang out, and `until`: its last day."""
    last = FilingStep.objects.filter(broker=OuterRef("pk"), step="published").order_by("-at", "-pk")
    return brokers.valid().filter(state="published").annotate(
        list=Subquery(last.values("publication")[:1]), until=Subquery(last.values("publication__to_on")[:1])
    )


def to_be_filed(brokers):
    """Published brokers whose list is over."""
    return published_in(brokers).filter(until__lt=clock.today())


def standing(broker) -> str:
    """What a certificate says of itself: valid, suspended, revoked, or stopped."""
    if broker.state in codes.BARRED:
        return broker.state
    return "stopped" if broker.stopped_on else "valid"


def standing_since(broker) -> date:
    """Since when: the day of the step or stop that brought it about."""
    if standing(broker) == "stopped":
        return broker.stopped_on
    leading = [name for name, step in STEPS.items() if step.to == broker.state]
    step = broker.steps.filter(step__in=leading).order_by("at", "pk").last()
    return step.on if step else broker.filed_on


def waiting_for_a_list(brokers):
    """Trained, with a pass that holds today, and still working."""
    held = passes(clock.today()).filter(broker=OuterRef("pk"))
    return brokers.valid().filter(Exists(held), state="trained", stopped_on__isnull=True)


def has_certificate(broker) -> bool:
    """Whether a certificate can be printed: filed, and neither barred nor stopped since."""
    return broker.state == "filed" and broker.stopped_on is None
