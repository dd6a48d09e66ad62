"""The association in figures: how many brokers work in a township, how many are members, who heads the branch."""

from collections import Counter
from dataclasses import dataclass, field

from brokers import suppression
from brokers.models import Broker, Membership, Post
from brokers.training import Share, Training, total
from laborreg import clock
from villages.models import Township


@dataclass
class Branch:
    """A township with its numbers, each an int or the mark that hides it."""

    area: Township | None
    training: Share
    members: int | str = 0
    # Of the members, those who work: somebody may stop or be suspended, and stay.
    working: int = 0
    head: Post | None = None
    hidden: dict[str, str] = field(default_factory=dict)

    @property
    def brokers(self) -> int | str:
        return self.hidden.get("brokers", self.training.brokers)

    @property
    def trained(self) -> int | str:
        return self.hidden.get("trained", self.training.trained)

    @property
    def joined(self) -> int | str:
        return self.hidden.get("members", self.members)

    @property
    def idle(self) -> int:
        """Members who do not work."""
        return self.members - self.working

    @property
    def share_of_members(self) -> float | None:
        if not self.training.brokers or {"brokers", "members"} & self.hidden.keys():
            return None
        return self.working / self.training.brokers

    @property
    def share_trained(self) -> float | None:
        return None if {"brokers", "trained"} & self.hidden.keys() else self.training.share


def branches(officer) -> list[Branch]:
    """Every township that the officer sees; four queries for however many."""
    shares = Training(Broker.objects.visible_to(officer)).by_area(clock.today(), 9)
    members, working = members_of(officer)
    heads = {post.township_id: post for post in current_posts(officer).filter(kind="branch_head")}
    return [
        Branch(area, shares.get(area.pk, Share()), members[area.pk], working[area.pk], heads.get(area.pk))
        for area in Township.objects.visible_to(officer)
    ]


def members_of(officer) -> tuple[Counter, Counter]:
    """{township: members}, and those of them who work."""
    rows = list(Membership.objects.visible_to(officer).current().order_by().select_related("broker"))
    today = clock.today()
    return Counter(row.township_id for row in rows), Counter(row.township_id for row in rows if row.broker.works_on(today))


def current_posts(officer):
    return Post.objects.visible_to(officer).current().select_related("membership__broker__village__township")


def whole(rows: list[Branch]) -> Branch:
    return Branch(
        None, total(row.training for row in rows), sum(row.members for row in rows), sum(row.working for row in rows)
    )


def hide_small(rows: list[Branch], all_of_them: Branch):
    """For who sees no names: mark what would tell of one or two."""
    brokers = {row.area.pk: row.training.brokers for row in rows}
    marks = {"brokers": suppression.hide(brokers)}
    for name, column in (
        ("members", {row.area.pk: row.members for row in rows}),
        ("trained", {row.area.pk: row.training.trained for row in rows}),
    ):
        marks[name] = suppression.hide(column, brokers, marks["brokers"])
    for row in [*rows, all_of_them]:
        code = row.area.pk if row.area else suppression.TOTAL
        row.hidden = {name: hidden[code] for name, hidden in marks.items() if code in hidden}
