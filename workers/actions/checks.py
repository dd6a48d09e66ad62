"""What must hold of a transfer before it is kept: one check, one small function, all in `CHECKS`."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from brokers.models import Broker
from laborreg.months import Month
from laborreg.refusals import Refusal
from workers import places
from workers.actions.days import must_be_past, shown, stay_on
from workers.models import Transfer
from workers.refusals import AlreadyRecorded
from workers.regions import region_of

WORKING_AGE = 16


def check(transfer, stays):
    """Refuse with the first rule that does not hold; `stays` are the person's registrations."""
    for rule in CHECKS:
        rule(transfer, stays)


def days_in_order(transfer, stays):
    must_be_past(transfer.started_on)
    if transfer.ended_on is None:
        return
    must_be_past(transfer.ended_on)
    if transfer.ended_on <= transfer.started_on:
        raise Refusal(
            _("%(name)s left on %(day)s. Give a later day for the end.")
            % {"name": transfer.worker.name, "day": shown(transfer.started_on)}
        )


def registered_in_the_county(transfer, stays):
    """On the first day of the transfer, and on the last one when it is over."""
    days = [transfer.started_on]
    if transfer.ended_on:
        days.append(transfer.ended_on - timedelta(days=1))
    for day in days:
        if not stay_on(stays, day):
            raise Refusal(
                _("%(name)s was not registered in the county on %(day)s.")
                % {"name": transfer.worker.name, "day": shown(day)}
            )


def born_before(transfer, stays):
    born = transfer.worker.birth_date
    if born and transfer.started_on <= born:
        raise Refusal(_("%(name)s was not born yet on %(day)s.")
                      % {"name": transfer.worker.name, "day": shown(transfer.started_on)})


def one_bearer_that_fits(transfer, stays):
    """A broker, cooperation point or agency is named only under the channel of that kind."""
    bearers = {"broker": transfer.broker_id, "point": transfer.point_id, "agency": transfer.agency}
    named = [channel for channel, bearer in bearers.items() if bearer]
    if named and named != [transfer.channel]:
        raise Refusal(_("Name a labor broker, a cooperation point or an agency only where the job was found that way."))


def bearer_of_the_county(transfer, stays):
    bearer = transfer.broker or transfer.point
    if not bearer:
        return
    if bearer.county_id != transfer.county_id:
        raise Refusal(_("%(name)s does not work for this county.") % {"name": bearer.name})
    if bearer.stopped_on and bearer.stopped_on <= transfer.started_on:
        raise Refusal(
            _("%(name)s stopped on %(day)s, before this person left.")
            % {"name": bearer.name, "day": shown(bearer.stopped_on)}
        )


def takes_on(broker):
    """Whoever is named anew is neither barred nor an entry that was merged; for older transfers the name stays."""
    # Held, so that a revocation or merge at the same moment comes before or after.
    current = Broker.objects.select_for_update(no_key=True).get(pk=broker.pk)
    if current.merged_into_id:
        raise Refusal(_("This entry of %(name)s was merged into another one; choose that.") % {"name": current.name})
    if current.is_barred:
        words = {"name": current.name, "state": current.get_state_display()}
        raise Refusal(_("%(name)s takes nobody on: as a labor broker %(state)s.") % words)


def public_post_near_home(transfer, stays):
    """Public-welfare posts are of the own province, and for people of working age."""
    if transfer.form != "public_post":
        return
    village = stay_on(stays, transfer.started_on).village_id
    if region_of(village, transfer.destination) in ("other_province", "abroad"):
        raise Refusal(_("A public-welfare post is never outside the own province."))
    age = transfer.worker.age_on(transfer.started_on)
    if age is not None and age < WORKING_AGE:
        raise Refusal(_("A public-welfare post is not for anybody under 16."))


def plans_after_leaving(transfer, stays):
    if transfer.contract_until and transfer.contract_until < transfer.started_on:
        raise Refusal(_("The contract cannot end before the person left."))
    if transfer.planned_home and transfer.planned_home < Month.of(transfer.started_on):
        raise Refusal(_("The person cannot plan to come home before leaving."))


def told_when_over(transfer, stays):
    """Why somebody came home, and what they do now, is said only of a transfer that is over."""
    if transfer.ended_on is None and (transfer.reason or transfer.plan):
        raise Refusal(_("Give the day of the homecoming with its reason."))


def no_overlap(transfer, stays):
    if other := in_the_way(transfer):
        raise overlap(transfer, other)


CHECKS = [
    days_in_order, registered_in_the_county, born_before, one_bearer_that_fits, bearer_of_the_county,
    public_post_near_home, plans_after_leaving, told_when_over, no_overlap,
]


def room_in_the_group(transfer, group):
    """Nobody is named beyond the number of a group, nor out of another village's."""
    if group.voided_at or group.village_id != transfer.worker.village_id:
        words = {"name": transfer.worker.name}
        raise Refusal(_("This unnamed group does not belong to the village of %(name)s.") % words)
    if group.transfers.valid().count() >= group.persons:
        raise Refusal(_("All %(persons)s persons of this group are named already.") % {"persons": group.persons})


def in_the_way(transfer) -> Transfer | None:
    """The person's first other transfer that shares a day with this one."""
    others = Transfer.objects.valid().filter(worker=transfer.worker_id).exclude(pk=transfer.pk)
    others = others.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=transfer.started_on))
    if transfer.ended_on:
        others = others.filter(started_on__lt=transfer.ended_on)
    return others.order_by("started_on").first()


def overlap(transfer, other) -> Refusal:
    """The refusal that names the transfer in the way."""
    words = {
        "name": transfer.worker.name, "started": shown(other.started_on), "place": places.label(other.destination),
        "ended": shown(other.ended_on) if other.ended_on else "",
    }
    same = (other.started_on, other.ended_on, other.destination) == (
        transfer.started_on, transfer.ended_on, transfer.destination
    )
    if same:
        return AlreadyRecorded(_("Already recorded: %(name)s left on %(started)s for %(place)s.") % words, other)
    if other.ended_on:
        return Refusal(
            _("%(name)s was out from %(started)s to %(ended)s (%(place)s). The days of two transfers must not overlap.")
            % words
        )
    return Refusal(
        _("%(name)s is out since %(started)s (%(place)s). Record the homecoming or a change of job first.") % words
    )
