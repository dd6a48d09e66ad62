"""Villages merged, split or recoded as the months see it: nothing filed changes, and open drafts follow the new code."""

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg.months import Month
from laborreg.refusals import Refusal
from reports.models import DRAFT, MonthlyReturn, Seal
from villages.models import County, Lineage, Village
from workers import actions as ledger
from workers.actions.lineage import Change

POWER = "change settings"
# How each kind is done to the village of whose page it is; renaming concerns no month.
ACTIONS = {
    Lineage.RECODE: ledger.recode_village,
    Lineage.MERGE: lambda old, **facts: ledger.merge_villages([old], **facts),
    Lineage.SPLIT: ledger.split_village,
    Lineage.RENAME: ledger.rename_village,
}


@transaction.atomic
def change_village(kind: str, village: Village, *, by, from_month: Month, **facts) -> Change:
    """Merge, split, recode or rename, with the drafts of the months from then on; all or nothing."""
    by.must(POWER, at=village)
    if kind == Lineage.RENAME:
        return ACTIONS[kind](village, by=by, from_month=from_month, **facts)
    county = County.objects.select_for_update(no_key=True).get(pk=village.county_code)
    concerned = [village.code, facts["into"].code] if "into" in facts else [village.code]
    # Held before the villages are, as a submit holds them.
    drafts = _returns(concerned, from_month).select_for_update(no_key=True, of=("self",)).order_by("pk")
    drafts = list(drafts.select_related("village"))
    _refuse_filed(county, drafts, from_month)
    change = ACTIONS[kind](village, by=by, from_month=from_month, **facts)
    _open_anew(county, {*concerned, change.new.code}, from_month, drafts)
    return change


def rehearse(kind: str, village: Village, **facts) -> Change:
    """What the change would do, to be looked at; nothing of it stays. Raises what the change would raise."""
    with transaction.atomic():
        change = change_village(kind, village, **facts)
        transaction.set_rollback(True)
    return change


def _returns(codes, from_month):
    return MonthlyReturn.objects.filter(village__in=codes, month__gte=from_month)


def _refuse_filed(county: County, returns: list[MonthlyReturn], from_month: Month):
    """A month that was sealed, or filed by one of the villages, stays under the codes that it was filed under."""
    if seal := Seal.objects.filter(county=county, month__gte=from_month).order_by("-month").first():
        raise Refusal(_("%(month)s is sealed. Choose a later month.") % {"month": seal.month.label})
    for ret in sorted(returns, key=lambda ret: ret.month, reverse=True):
        if ret.state != DRAFT or ret.newest_id:
            words = {"village": ret.village.label, "month": ret.month.label}
            raise Refusal(_("%(village)s has filed %(month)s. Choose a later month.") % words)


def _open_anew(county, codes, from_month, drafts):
    """The drafts of these months are those of the villages that file in them now."""
    villages = Village.objects.in_bulk(list(codes))
    over = [ret.pk for ret in drafts if not villages[ret.village_id].files_in(ret.month)]
    MonthlyReturn.objects.filter(pk__in=over).delete()
    there = {(ret.village_id, ret.month) for ret in drafts}
    MonthlyReturn.objects.bulk_create([
        MonthlyReturn(county=county, village=village, month=month)
        for month in county.months.filter(month__gte=from_month).values_list("month", flat=True)
        for village in villages.values()
        if village.files_in(month) and (village.code, month) not in there
    ])
