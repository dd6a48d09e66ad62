"""Lists of 10, 500, 501 and 5,000 people are exported: .venv/bin/python -m tests.faults.exports_of_sizes

PR-03: each is in the audit trail with its rows, what it was narrowed to and the hash of the very file; up to the county's limit
(500, as it is delivered) nobody is asked, above it the list leaves with the word of a second officer of the county bureau, and
not of the one who asks.

Works on a copy of the demo that is configured and throws it away; who is beyond the size of a list is taken out of the registry.
"""

from hashlib import sha256

from bench import server

SIZES = [5_000, 501, 500, 10]


def main():
    findings = server.Findings()
    with server.copied():
        from officers import demo
        from workers.sheets import approving

        demo.begin()
        zhao, second = _bureau()
        limit = approving.limit(zhao.county_code, is_full=False)
        for size in SIZES:
            _leave(zhao, size)
            told, wrong = _exported(zhao, second, size, limit)
            findings.say("PR-03", f"{size:,} rows, limit {limit}: {told}", not wrong)
    findings.leave()


def _bureau():
    from officers.models import Officer
    from villages.models import Posting

    zhao = Officer.objects.get(username="zhao")
    second = Officer.objects.create(username="second", name="Second", role="county")
    Posting.objects.create(officer=second, place_code=zhao.posts[0], county_id=zhao.posts[0], from_on="2020-01-01")
    return zhao, second


def _leave(officer, size):
    """So many people are in the list."""
    from laborreg import clock
    from workers.models import Worker

    kept = list(_wanted(officer).query.rows().order_by("pk").values_list("pk", flat=True)[:size])
    Worker.objects.exclude(pk__in=kept).update(voided_at=clock.now(), void_reason="beyond the size")


def _wanted(officer):
    from laborreg import clock
    from workers.listing import Query
    from workers.sheets import rosters

    return rosters.Wanted("workers", Query(officer, {}, clock.today()), ["name", "id_number"])


def _exported(zhao, second, size, limit) -> tuple[str, bool]:
    """In words what happened, and whether anything of it is wrong."""
    from officers.models import AuditEvent
    from workers.sheets import rosters

    asked, roster = _written(zhao, second)
    event = AuditEvent.objects.filter(verb="exported a roster").latest("number")
    content = rosters.path_of(roster).read_bytes()
    is_told = (event.detail["rows"], event.detail["hash"]) == (size, sha256(content).hexdigest()) and "filter" in event.detail
    approved = event.detail.get("approved_by", "")
    right = is_told and (asked, approved) == (("asked", "second") if size > limit else ("", ""))
    told = f"approved by {approved}" if approved else "nobody asked"
    return f"{told}, in the trail with rows, filter and hash: {is_told}", not right


def _written(zhao, second):
    """Whether approval was asked for and not given by who asks, and the list."""
    from laborreg.refusals import Refusal
    from workers.sheets import approving, ordering

    try:
        return "", ordering.at_once(_wanted(zhao), by=zhao)
    except approving.NeedsApproval:
        waiting = ordering.ask(_wanted(zhao), by=zhao, reason="for the yearly report")
    try:
        approving.approve(waiting, by=zhao)
        own = "approved by who asked"
    except Refusal:
        own = "asked"
    approving.approve(waiting, by=second)
    return own, ordering.at_once(_wanted(zhao), by=zhao)


if __name__ == "__main__":
    main()
