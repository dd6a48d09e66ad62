"""What brokers led, counted by hand: person by person, day by day, as docs/indicators.md tells it."""

from datetime import timedelta

from workers.codes import MONITORED
from workers.models import Registration, Transfer

DAY = timedelta(days=1)


def count(period, broker=None) -> dict:
    """The figures of a broker, or of all together, from everything that lies in the tables."""
    led = [stay for stay in _stays(period) if broker in (None, stay["broker"])]
    paid = [stay["pay"] for stay in led if stay["pay"] is not None]
    return {
        "persons": len({stay["worker"] for stay in led}),
        "person_times": len(led),
        "stayed_3": sum(stay["days"] >= period.stint_days for stay in led),
        "stayed_6": sum(stay["days"] >= 180 for stay in led),
        "home_in_a_month": sum(stay["is_home"] and stay["days"] <= 30 for stay in led),
        "mean_pay": int(sum(paid) / len(paid) + 0.5) if paid else None,
        "pay_known": len(paid),
        "contracts": sum(stay["contract"] == "yes" for stay in led),
        "repeat": len({stay["worker"] for stay in led if stay["is_again"]}),
        "relieved": len({stay["worker"] for stay in led if "relieved" in stay["flags"]}),
        "monitored": len({stay["worker"] for stay in led if "monitored" in stay["flags"]}),
        "brokers": len({stay["broker"] for stay in led}),
    }


def _stays(period):
    transfers = Transfer.objects.filter(voided_at=None, started_on__lte=period.last).select_related("worker")
    by_two, by_worker = {}, {}
    for transfer in transfers.order_by("started_on"):
        by_worker.setdefault(transfer.worker, []).append(transfer)
        if transfer.broker_id:
            by_two.setdefault((transfer.worker, transfer.broker_id), []).append(transfer)
    for (worker, broker), theirs in by_two.items():
        if worker.voided_at or worker.merged_into_id:
            continue
        runs = _runs(theirs)
        for number, run in enumerate(runs):
            if run[0].started_on >= period.first:
                began_before = any(each[0].started_on < period.first for each in runs[:number])
                yield _stay(run, broker, by_worker[worker], period) | {"is_again": began_before}


def _runs(transfers) -> list[list]:
    """Transfers that touch each other stand together."""
    runs = []
    for transfer in transfers:
        if runs and runs[-1][-1].ended_on == transfer.started_on:
            runs[-1].append(transfer)
        else:
            runs.append([transfer])
    return runs


def _stay(run, broker, all_of_worker, period) -> dict:
    first, end = run[0], run[-1].ended_on
    day, days = first.started_on, 0
    while day <= period.last and (end is None or day < end) and _is_registered(first.worker, day):
        day, days = day + DAY, days + 1
    is_home = end is not None and end == day <= period.last and _is_registered(first.worker, end)
    is_home = is_home and not any(each.started_on == end for each in all_of_worker)
    return {
        "broker": broker, "worker": first.worker.pk, "pay": first.pay, "contract": first.contract, "days": days,
        "is_home": is_home, "flags": _flags(first.worker, first.started_on), "first": first,
    }


def _is_registered(worker, day) -> bool:
    return any(
        (stay.from_on is None or stay.from_on <= day) and (stay.to_on is None or stay.to_on > day)
        for stay in Registration.objects.filter(worker=worker)
    )


def _flags(worker, day) -> set[str]:
    household = worker.household
    for former in worker.former_memberships.order_by("-to_on"):
        if former.to_on > day:
            household = former.household
    if household is None:
        return set()
    return {
        "monitored" if status.kind in MONITORED else "relieved" for status in household.statuses.all()
        if (status.from_on is None or status.from_on <= day) and (status.to_on is None or status.to_on > day)
    }
