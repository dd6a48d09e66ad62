"""The drop alarm: what falls too far, against which month, who is missing, and what is done about it."""

from datetime import date
from unittest.mock import patch

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal, Stale
from officers.models import Message
from reports import alarms, comparing, following, paired
from reports.models import DropCase, MonthlyReturn, ReturnVersion
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from tests.reports.test_lineage import NEW, NOVEMBER, Changed
from villages.models import County, CountySettings

STATION = HOME[:9]
FACTS = {"cause": "工厂停工", "doing": "联系协作点另找岗位", "who": "王站长", "until_on": date(2026, 11, 20)}


class AlarmCase(PageCase):
    """In September twelve are away from home and two from the far village; in October one and two."""

    def build(self):
        super().build()
        CountySettings.objects.update(drop_persons=3)
        self.people = [worker(f"在外{number}", HOME) for number in range(12)]
        for number, who in enumerate(self.people):
            ends = {"ended_on": date(2026, 10, 9), "reason": "laid_off"} if number else {}
            transfer(who, date(2026, 5, 3), **ends)
        for number in range(2):
            transfer(worker(f"远{number}", FAR), date(2026, 5, 3))
        transfer(worker("新去", NEXT_DOOR), date(2026, 10, 2))
        self.file_all(SEPTEMBER)
        self.file_all(OCTOBER)

    def fallen(self, code=HOME):
        return [(fall.than, fall.before, fall.now) for fall in alarms.fallen(self.county, code, OCTOBER)]

    def follow(self, by=None, area_code=HOME, **more):
        return following.follow(self.county, OCTOBER, by=by or self.wang, area_code=area_code, **FACTS | more)

    def alarms(self, officer=None):
        return [(row.area.code, row.state) for row in alarms.seen_by(officer or self.zhao, self.county, OCTOBER)]

    def set_away(self, village, month, away):
        """As if so many had been filed."""
        counted = MonthlyReturn.objects.filter(village=village, month=month).values("counted")
        ReturnVersion.objects.filter(pk__in=counted).update(away=away)


class Computing(AlarmCase):
    def test_a_fall_on_last_month_stands_for_village_and_township(self):
        self.assertEqual(self.fallen(), [("last", 12, 1)])
        self.assertEqual(self.fallen(STATION), [("last", 12, 2)])
        self.assertEqual(self.fallen(FAR), [])
        self.assertEqual(self.alarms(), [(STATION, "new"), (HOME, "new")])
        self.assertEqual(self.alarms(self.li), [(HOME, "new")])
        self.assertEqual(self.alarms(self.sun), [])

    def test_the_settings_say_how_far_is_too_far(self):
        for change, rest in (({"drop_persons": 11}, 1), ({"drop_persons": 12}, 0), ({"drop_persons": 3, "drop_percent": 90}, 1)):
            CountySettings.objects.update(**change)
            self.county.__dict__.pop("_settings", None)
            self.assertEqual(len(self.fallen()), rest, change)

    def test_exactly_the_share_is_no_alarm(self):
        self.set_away(HOME, SEPTEMBER, 20)
        self.set_away(HOME, OCTOBER, 16)
        self.assertEqual(self.fallen(), [])
        self.set_away(HOME, OCTOBER, 15)
        self.assertEqual(self.fallen(), [("last", 20, 15)])

    def test_near_the_festival_only_the_lunar_month_is_compared(self):
        compared = {str(m): alarms.compared_with(self.county, m) for m in (Month(2026, 1), Month(2026, 2), Month(2026, 6))}
        self.assertEqual(compared["2026-01"], {"lunar": Month(2024, 12)})
        self.assertNotIn("last", compared["2026-02"])
        self.assertEqual(compared["2026-06"], {"lunar": Month(2025, 5), "last": Month(2026, 5)})

    def test_a_missing_return_is_no_fall(self):
        MonthlyReturn.objects.filter(village=HOME, month=OCTOBER).update(state="sent_back", counted=None)
        self.assertEqual(self.fallen(), [])
        self.assertEqual(self.fallen(STATION), [])


    def test_a_village_that_was_missing_then_hides_no_fall(self):
        """Of the station's two villages one falls from 12 to 1; the other brings 30 that nobody can compare."""
        self.set_away(NEXT_DOOR, OCTOBER, 30)
        MonthlyReturn.objects.filter(village=NEXT_DOOR, month=SEPTEMBER).update(state="sent_back", counted=None)
        self.assertEqual(self.fallen(STATION), [("last", 12, 1)])
        page = self.get(self.zhao, "alarms", OCTOBER)
        self.assertContains(page, "in for both months")
        self.assertContains(page, "fewer than 3 were away then is too small")

    def test_the_leader_is_not_told_a_village_by_what_is_left_out(self):
        for village, september, october in ((HOME, 60, 20), (NEXT_DOOR, 30, 30), (FAR, 30, 30)):
            self.set_away(village, SEPTEMBER, september)
            self.set_away(village, OCTOBER, october)
        with patch.object(comparing, "hidden_from", return_value={}):
            self.assertEqual(self.alarms(self.leader), [(STATION, "new")])
            MonthlyReturn.objects.filter(village=NEXT_DOOR, month=SEPTEMBER).update(state="sent_back", counted=None)
            self.assertEqual(self.alarms(self.leader), [])

    def test_last_years_last_day_is_by_last_years_setting(self):
        """30 September 2026 is 11 October of the lunar 2025: next to the 30th of September, but to the 20th of October."""
        self.assertEqual(alarms.compared_with(self.county, SEPTEMBER)["lunar"], Month(2025, 9))
        CountySettings.objects.update(start_day=21)
        CountySettings.objects.create(county=self.county, from_month=Month(2026, 1), start_day=1)
        county = County.objects.get(pk=self.county.pk)
        self.assertEqual(alarms.compared_with(county, SEPTEMBER)["lunar"], Month(2025, 10))



class Lineages(Changed):
    """Three of the village and one next door are away in September; the change is of November, filed by all."""

    def build(self):
        super().build()
        CountySettings.objects.update(drop_persons=2)

    def compared(self, *codes):
        self.file(*codes)
        filed = paired.paired(self.county, COUNTY, OCTOBER, NOVEMBER)
        return {(*sorted(pair.then), *sorted(pair.now)): (pair.before, pair.after) for pair in filed.pairs}

    def fallen(self, code):
        return [(fall.than, fall.before, fall.now) for fall in alarms.fallen(self.county, code, NOVEMBER)]

    def test_a_new_code_is_compared_with_the_old_one(self):
        self.change()
        self.assertEqual(self.compared(NEW, NEXT_DOOR)[HOME, NEW], (3, 3))
        ReturnVersion.objects.filter(village=NEW, month=NOVEMBER).update(away=1)
        self.assertEqual(self.fallen(NEW), [("last", 3, 1)])

    def test_a_merged_village_is_compared_with_all_that_went_into_it(self):
        self.change("merge")
        self.assertEqual(sorted(self.compared(NEXT_DOOR).values()), [(4, 4)])
        ReturnVersion.objects.filter(village=NEXT_DOOR, month=NOVEMBER).update(away=2)
        self.assertEqual(self.fallen(NEXT_DOOR), [("last", 4, 2)])
        ReturnVersion.objects.filter(village=HOME, month=OCTOBER).update(away=1)
        self.assertEqual(self.fallen(NEXT_DOOR), [])

    def test_a_split_is_no_fall(self):
        self.change("split")
        self.assertEqual(self.compared(HOME, NEW, NEXT_DOOR)[HOME, HOME, NEW], (3, 3))
        self.assertEqual([self.fallen(code) for code in (HOME, NEW, STATION)], [[], [], []])

    def test_a_part_of_a_split_that_is_not_in_is_no_fall_either(self):
        self.change("split")
        self.assertEqual([now for _then, *now in self.compared(HOME, NEXT_DOOR)], [[NEXT_DOOR]])
        self.assertEqual(self.fallen(STATION), [])

    def test_who_is_missing_is_told_by_name_across_a_new_code(self):
        self.change()
        self.file(NEW, NEXT_DOOR)
        self.assertEqual(alarms.Names(self.county, NEW, OCTOBER, NOVEMBER).terms, (3, 0, 0, 3))


class Missing(AlarmCase):
    def test_who_is_missing_adds_up(self):
        names = alarms.Names(self.county, STATION, SEPTEMBER, OCTOBER)
        self.assertEqual(names.terms, (12, 11, 1, 2))
        rows = names.told(names.gone)
        self.assertEqual({row.name for row in rows}, {who.name for who in self.people[1:]})
        self.assertEqual({(row.destination, row.came_home.reason) for row in rows}, {("4403", "laid_off")})


class Following(AlarmCase):
    def test_the_village_is_told_and_the_case_goes_through_its_states(self):
        case = self.follow()
        self.assertEqual(dict(self.alarms())[HOME], "open")
        self.assertIn("联系协作点", Message.objects.get(officer=self.li).values["doing"])
        clock.pin(date(2026, 11, 21))
        self.assertEqual(dict(self.alarms())[HOME], "overdue")
        case = following.close(case, by=self.wang, outcome="八人已重新外出", version=1)
        self.assertEqual((dict(self.alarms())[HOME], case.away_then), ("closed", 1))
        self.set_away(HOME, OCTOBER, 0)
        self.assertEqual(dict(self.alarms())[HOME], "again")
        self.follow(version=2, until_on=date(2026, 12, 1))
        self.assertEqual(dict(self.alarms())[HOME], "open")

    def test_a_case_stays_in_the_list_when_the_figure_was_put_right(self):
        self.follow()
        self.set_away(HOME, OCTOBER, 12)
        self.assertEqual(dict(self.alarms())[HOME], "open")

    def test_refusals(self):
        for stranger in (self.li, self.sun, self.leader, self.admin, self.wang2):
            with self.assertRaisesMessage(Refusal, "may not"):
                self.follow(by=stranger)
        for words, more in (
            ("Say why it fell", {"cause": ""}), ("what is done", {"doing": " "}), ("who does it", {"who": ""}),
            ("from today on", {"until_on": date(2026, 11, 1)}),
        ):
            with self.assertRaisesMessage(Refusal, words):
                self.follow(**more)
        with self.assertRaisesMessage(Refusal, "no alarm"):
            self.follow(by=self.wang2, area_code=FAR)
        case = self.follow()
        with self.assertRaises(Stale):
            self.follow()
        with self.assertRaisesMessage(Refusal, "Say what came of it"):
            following.close(case, by=self.wang, outcome="", version=1)
        following.close(case, by=self.wang, outcome="好了", version=1)
        with self.assertRaisesMessage(Refusal, "closed already"):
            following.close(case, by=self.wang, outcome="好了", version=2)


class Pages(AlarmCase):
    def test_from_the_list_to_the_names_to_the_closed_case(self):
        self.assertContains(self.get(self.wang, "alarms", OCTOBER), f"/alarms/2026-10/{HOME}/")
        page = self.get(self.wang, "alarm", OCTOBER, HOME)
        self.assertContains(page, "在外11")
        self.assertContains(page, "Laid off")
        facts = FACTS | {"until_on": "2026-11-20", "version": "0"}
        page = self.post(self.wang, "alarm", OCTOBER, HOME, **facts | {"who": ""})
        self.assertContains(page, "Say who does it.")
        self.assertContains(page, "联系协作点另找岗位")
        self.assertContains(self.post(self.wang, "alarm", OCTOBER, HOME, **facts), "It is written down")
        self.assertContains(self.post(self.wang, "alarm", OCTOBER, HOME, **facts), "Somebody saved this record")
        page = self.post(self.wang, "alarm_close", OCTOBER, HOME, outcome="八人已重新外出", version="1")
        self.assertContains(page, "八人已重新外出")
        self.assertFalse(DropCase.objects.get().is_open)

    def test_the_village_reads_and_does_not_write(self):
        page = self.get(self.li, "alarm", OCTOBER, HOME)
        self.assertContains(page, "在外11")
        self.assertNotContains(page, "Write it down")
        self.assertEqual(self.get(self.li, "alarm", OCTOBER, FAR).status_code, 404)
        self.assertEqual(self.post(self.li, "alarm_close", OCTOBER, HOME, outcome="x").status_code, 404)

    def test_the_leader_reads_townships_without_names_and_no_small_numbers(self):
        self.set_away(HOME, OCTOBER, 7)
        self.set_away(HOME, SEPTEMBER, 40)
        page = self.get(self.leader, "alarms", OCTOBER)
        self.assertNotContains(page, "在外")
        self.assertNotContains(page, f"/alarms/2026-10/{HOME}/")
        self.assertEqual(self.get(self.leader, "alarm", OCTOBER, STATION).status_code, 404)
        self.set_away(HOME, OCTOBER, 1)
        self.set_away(NEXT_DOOR, OCTOBER, 1)
        self.assertEqual(len(self.get(self.leader, "alarms", OCTOBER).context["rows"]), 0)

    def test_no_more_queries_for_more_alarms(self):
        before = self.queries(self.zhao, "alarms", OCTOBER)
        self.set_away(FAR, SEPTEMBER, 30)
        self.assertEqual(len(alarms.seen_by(self.zhao, self.county, OCTOBER)), 4)
        self.assertEqual(self.queries(self.zhao, "alarms", OCTOBER), before)
