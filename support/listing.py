"""What a list of claims is asked for: a scheme and year, a state, a township. The page and its buttons ask alike."""

from functools import cached_property
from hashlib import sha256

from django.db.models import Count, Sum

from laborreg.forms import row_number
from support import codes
from support.counting import recounted
from support.models import Claim
from villages.models import Township

CHANGED = "changed"
STATES = [state for state, _label in codes.CLAIM_STATES]


class Query:
    """The claims of the officer's places, narrowed by what was asked; what is unknown narrows nothing."""

    def __init__(self, officer, asked):
        self.visible = Claim.objects.visible_to(officer)
        self.townships = list(Township.objects.visible_to(officer))
        self.state = asked.get("state") if asked.get("state") in [*STATES, CHANGED] else ""
        known = {township.code for township in self.townships}
        self.township = asked.get("township") if asked.get("township") in known else ""
        self.wanted = asked.get("of") or ""

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """(value, words) of each scheme and year that has claims, the newest first."""
        pairs = self.visible.order_by("-year", "scheme__name", "scheme").values_list("scheme", "year", "scheme__name").distinct()
        return [(f"{scheme}-{year}", f"{year} · {name}") for scheme, year, name in pairs]

    @cached_property
    def chosen(self) -> str:
        """The scheme and year that is looked at: as asked, else the newest."""
        values = [value for value, _words in self.choices]
        return self.wanted if self.wanted in values else values[0] if values else ""

    @property
    def scheme(self) -> int | None:
        return row_number(self.chosen.partition("-")[0])

    @property
    def year(self) -> int | None:
        return row_number(self.chosen.partition("-")[2])

    @property
    def of_all_townships(self):
        """Claims of the scheme and year, in whatever state."""
        return self.visible.filter(scheme=self.scheme, year=self.year)

    @cached_property
    def of_year(self):
        """Those of the township that is asked for."""
        found = self.of_all_townships
        return found.filter(township=self.township) if self.township else found

    @cached_property
    def claims(self):
        if self.state == CHANGED:
            return self.of_year.changed_since()
        return self.of_year.filter(state=self.state) if self.state else self.of_year

    @property
    def going_on(self):
        """Those of the list that a step can take on: of nothing there is nothing to pay."""
        return self.claims.filter(amount__gt=0)

    @property
    def fingerprint(self) -> str:
        """Another one as soon as one of them was changed, came or went."""
        seen = self.going_on.order_by("pk").values_list("pk", "version")
        return sha256(repr(list(seen)).encode()).hexdigest()

    @cached_property
    def by_state(self) -> dict[str, dict]:
        """State → how many claims, workers and yuan."""
        rows = self.of_year.order_by().values("state").annotate(claims=Count("pk"), people=Sum("persons"), yuan=Sum("amount"))
        return {row["state"]: row for row in rows}

    @cached_property
    def sums(self) -> dict[str, int]:
        """Of the whole list: workers and yuan."""
        if self.state == CHANGED:
            found = self.claims.order_by().aggregate(people=Sum("persons"), yuan=Sum("amount"))
            return {name: value or 0 for name, value in found.items()}
        rows = [row for state, row in self.by_state.items() if self.state in ("", state)]
        return {name: sum(row[name] for row in rows) for name in ("people", "yuan")}

    @cached_property
    def by_township(self) -> list[dict]:
        rows = self.claims.order_by("township").values("township").annotate(
            claims=Count("pk", distinct=True), people=Sum("persons"), yuan=Sum("amount"),
        )
        labels = {township.code: township.label for township in self.townships}
        return [row | {"label": labels[row["township"]]} for row in rows if row["township"] in labels]


def with_changes(claims) -> list[Claim]:
    """Each claim with `now`, what it would be today, where a transfer was corrected since; else None."""
    claims = list(claims)
    changed = set(Claim.objects.filter(pk__in=[claim.pk for claim in claims]).changed_since().values_list("pk", flat=True))
    now = recounted(claim for claim in claims if claim.pk in changed)
    for claim in claims:
        claim.now = now.get(claim.pk)
        claim.difference = claim.now.amount - claim.amount if claim.now else None
    return claims
