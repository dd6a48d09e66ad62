"""Villages are recoded, merged, split and renamed: the people go along from the day on, old days keep the old code."""

from datetime import date
from threading import Thread
from time import monotonic, sleep
from unittest import skipIf

from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext

from brokers import actions as brokers
from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.models import AuditEvent, Message, Officer
from officers.roles import NotYours
from tests import cast
from tests.cast import FAR, HOME, NEXT_DOOR
from tests.workers.desk import TODAY, Desk, id_number
from villages import lineage
from villages.actions import start_filing
from villages.models import Division, Lineage, Posting, Village
from workers import actions
from workers.counting import count
from workers.models import Batch, Household, MoveRequest, Registration, Transfer, UnnamedGroup, Worker
from workers.reading import histories, rules_of
from workers.sheets.meanwhile import Meanwhile

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
DAY = date(2026, 11, 1)
NEW = "630121100300"
WHY = "省里换了代码"


class Lines(Desk):
    def build(self):
        super().build()
        self.home = Village.objects.get(pk=HOME)
        self.next_door = Village.objects.get(pk=NEXT_DOOR)

    def recode(self, **facts):
        facts = {"by": self.zhao, "code": NEW, "name": "新煤洞村委会", "from_month": NOVEMBER, "reason": WHY} | facts
        return actions.recode_village(facts.pop("old", self.home), **facts)

    def merge(self, *olds, **facts):
        facts = {"by": self.zhao, "from_month": NOVEMBER, "reason": "并村"} | facts
        return actions.merge_villages(olds or [self.home], facts.pop("into", self.next_door), **facts)

    def split(self, *groups, **facts):
        facts = {"by": self.zhao, "code": NEW, "name": "上煤洞村委会", "from_month": NOVEMBER, "reason": "分村"} | facts
        return actions.split_village(self.home, groups=groups, **facts)

    def figures(self, *codes, month=NOVEMBER):
        found = count(histories("630121"), codes, month, rules_of=rules_of(self.county))
        return [found[code].figures for code in codes]

    def stays(self, row):
        return [(s.village_id, s.from_on, s.to_on, s.how, s.left_how) for s in row.registrations.all()]


class NewCode(Lines):
    def test_people_go_along_and_old_days_keep_the_old_code(self):
        who = actions.register(by=self.li, village=HOME, name="马成龙", id_number=id_number(), new_household=True)
        went = actions.record_departure(who, by=self.li, started_on=date(2026, 6, 1), destination="4403", pay=5000)
        group = actions.record_group(
            by=self.li, village=HOME, persons=4, started_on=date(2026, 9, 1), destination="3301"
        )
        broker = brokers.register_broker(by=self.li, village=self.home, name="马得海")
        change = self.recode()
        for row in (who, went, group, broker, who.household):
            before = row.version
            row.refresh_from_db()
            self.assertEqual(row.village_id, NEW)
            if row is not went:
                self.assertEqual(row.version, before + 1)
                newest = row.history.first()
                self.assertEqual((newest.village_id, newest.version, newest.history_user), (NEW, row.version, self.zhao))
        self.assertEqual(self.stays(who), [
            (HOME, None, DAY, "first", "recoded"), (NEW, DAY, None, "recoded", ""),
        ])
        self.assertEqual(self.stays(group)[1], (NEW, DAY, None, "recoded", ""))
        kinds = [(s.history.count(), s.history.first().history_type) for s in who.registrations.all()]
        self.assertEqual(kinds, [(2, "~"), (1, "+")])
        self.assertEqual(change.counts, {
            "people": 1, "households": 1, "unnamed": 4, "brokers": 1, "requests": 0, "officers": 1,
        })

    def test_every_figure_stays_whole(self):
        for number, away_from in enumerate([date(2026, 3, 1), date(2026, 10, 20), None, date(2026, 11, 3)]):
            who = cast.worker(f"马{'甲乙丙丁'[number]}", ability="ordinary")
            if away_from:
                cast.transfer(who, away_from, pay=4000, channel="government")
        home_again = cast.worker("祁回")
        cast.transfer(home_again, date(2026, 2, 1), date(2026, 10, 9), pay=4000)
        actions.record_group(by=self.li, village=HOME, persons=5, started_on=date(2026, 5, 1), destination="3301")
        [before], [october] = self.figures(HOME), self.figures(HOME, month=OCTOBER)
        self.recode()
        self.assertEqual(self.figures(HOME, NEW, month=OCTOBER), [october, dict.fromkeys(october, 0)])
        old, new = self.figures(HOME, NEW)
        for key, value in before.items():
            if key not in ("opening", "moved"):
                self.assertEqual(old[key] + new[key], value, key)
        away = october["away"]
        self.assertEqual((old["opening"], old["moved"], old["away"]), (away, -away, 0))
        self.assertEqual((new["opening"], new["moved"], new["away"]), (0, away, away + 1))
        # Who the village is on the last day has the year; the income stays where it was earned.
        for key in ("trips", "transferred", "transferred_times", "transferred.first"):
            self.assertEqual((old[key], new[key]), (0, before[key]), key)
        self.assertEqual(old["income"], october["income"])
        self.assertEqual(new["income"], new["income_month"])

    def test_the_village_files_until_the_month_before(self):
        self.recode()
        old, new = Village.objects.get(pk=HOME), Village.objects.get(pk=NEW)
        self.assertEqual((old.files_to, new.files_from, new.files_to), (OCTOBER, NOVEMBER, None))
        self.assertEqual((old.short_name, new.short_name, new.name_latin), ("大煤洞村", "新煤洞村", "Xinmeidong Village"))
        entry = Lineage.objects.get()
        self.assertEqual((entry.kind, entry.from_on, entry.name_before), ("recode", DAY, "大煤洞村委会"))
        self.assertEqual((entry.reason, entry.by), (WHY, self.zhao))

    def test_the_officer_keeps_both_until_the_last_month_is_closed(self):
        self.recode()
        posts = {p.place_code: (p.from_on, p.to_on) for p in self.li.postings.all()}
        self.assertEqual(posts, {HOME: (date(2020, 1, 1), date(2026, 11, 9)), NEW: (DAY, None)})
        self.assertEqual(Posting.objects.get(place_code=NEW).history.get().history_user, self.zhao)
        self.assertIn("新煤洞村", str(Message.objects.get(officer=self.li).values))
        self.assertEqual(list(self.sun.postings.values_list("place_code", flat=True)), [FAR])

    def test_one_event_with_counts(self):
        cast.worker()
        self.recode()
        event = AuditEvent.objects.order_by("-number").first()
        self.assertEqual((event.verb, event.by, event.place_code), ("recoded village", self.zhao, HOME))
        self.assertEqual((event.detail["to"], event.detail["on"], event.detail["people"]), (NEW, "2026-11-01", 1))

    def test_who_came_or_went_after_the_day_goes_along(self):
        dead, mover = cast.worker("马亡"), cast.worker("马走")
        came = actions.register(
            by=self.li, village=HOME, name="马来", id_number=id_number(), moved_in_on=date(2026, 11, 2)
        )
        actions.record_death(dead, by=self.li, on=date(2026, 11, 3))
        actions.move(mover, by=self.zhao, to_village=FAR, on=date(2026, 11, 3))
        self.recode()
        third = date(2026, 11, 3)
        self.assertEqual(self.stays(dead)[1], (NEW, DAY, third, "recoded", "died"))
        self.assertEqual(self.stays(came), [(NEW, date(2026, 11, 2), None, "moved_in", "")])
        self.assertEqual(self.stays(mover)[1:], [(NEW, DAY, third, "recoded", "moved"), (FAR, third, None, "moved", "")])
        mover.refresh_from_db()
        self.assertEqual(mover.village_id, FAR)

    def test_what_is_recorded_later_of_the_days_before(self):
        dead, mover, back = cast.worker("马亡"), cast.worker("马走"), cast.worker("马活")
        actions.record_death(back, by=self.li, on=date(2026, 10, 5))
        self.recode()
        li = Officer.objects.get(pk=self.li.pk)
        actions.record_death(dead, by=li, on=date(2026, 10, 20))
        self.assertEqual(self.stays(dead), [(HOME, None, date(2026, 10, 20), "first", "died")])
        actions.move(mover, by=self.zhao, to_village=FAR, on=date(2026, 10, 20))
        self.assertEqual([stay[0] for stay in self.stays(mover)], [HOME, FAR])
        actions.take_back_leaving(back, by=li, reason="弄错了人")
        self.assertEqual(self.stays(back), [(HOME, None, DAY, "first", "recoded"), (NEW, DAY, None, "recoded", "")])

    def test_the_new_officer_goes_on_working(self):
        who = actions.register(by=self.li, village=HOME, name="马成龙", id_number=id_number())
        self.recode()
        li = Officer.objects.get(pk=self.li.pk)
        actions.record_departure(Worker.objects.get(pk=who.pk), by=li, started_on=date(2026, 10, 3), destination="4403")
        self.assertEqual(Transfer.objects.get().village_id, NEW)

    def test_nobody_is_put_into_a_village_that_is_no_more(self):
        who = cast.worker(village=FAR)
        self.recode()
        for action, facts in (
            (actions.register, {"name": "马新", "id_number": id_number()}),
            (actions.record_group, {"persons": 3, "started_on": TODAY, "destination": "3301"}),
        ):
            with transaction.atomic():
                self.refuses("is kept as", action, by=self.li, village=HOME, **facts)
        with transaction.atomic():
            self.refuses("is kept as", actions.move, who, by=self.zhao, to_village=HOME, on=TODAY)
        with transaction.atomic():
            self.refuses("is kept as", start_filing, self.home, by=self.zhao, month=NOVEMBER)

    def test_an_open_question_for_a_move_ends(self):
        who = cast.worker()
        actions.ask_to_let_go(who, by=self.li, to_village=FAR, on=date(2026, 10, 20), reason="marriage")
        self.recode()
        self.assertEqual(MoveRequest.objects.get().state, "overtaken")

    def test_a_chain_of_codes(self):
        who = cast.worker()
        first = self.recode()
        second = self.recode(old=first.new, code="630121100301", name="大煤洞村委会")
        self.assertEqual([stay[0] for stay in self.stays(who)], [HOME, second.new.code])
        self.assertEqual(lineage.code_now(HOME), second.new.code)
        self.assertEqual(lineage.codes_before(second.new.code), [HOME, NEW])
        self.assertIsNone(Village.objects.get(pk=NEW).files_from)


class Refused(Lines):
    def test_codes_and_days(self):
        for words, facts in (
            ("12 digits", {"code": "63012110030"}), ("no township", {"code": "630123100200"}),
            ("no township", {"code": "630121999200"}), ("already", {"code": NEXT_DOOR}), ("already", {"code": HOME}),
            ("official name", {"name": " "}), ("has not begun", {"from_month": Month(2026, 12)}),
            ("reason", {"reason": ""}), ("ID numbers", {"reason": "630000198803120023"}),
        ):
            with self.subTest(words), transaction.atomic():
                self.refuses(words, self.recode, **facts)
        self.assertEqual((Lineage.objects.count(), AuditEvent.objects.count()), (0, 0))

    def test_a_change_before_the_last_one(self):
        change = self.recode()
        with transaction.atomic():
            self.refuses("was changed on 2026-11-01", self.recode, old=change.new, code="630121100302", from_month=OCTOBER)
        with transaction.atomic():
            self.refuses("is kept as", self.recode, code="630121100302")

    def test_who_has_no_power(self):
        for officer in (self.li, self.wang, self.leader, self.sun):
            with self.assertRaises(NotYours), transaction.atomic():
                self.recode(by=officer)
        self.recode(by=self.admin)

    def test_the_database_ends_a_village_once(self):
        self.recode()
        with self.assertRaises(IntegrityError), transaction.atomic():
            Lineage.objects.create(old=self.home, new=self.next_door, kind="merge", from_on=TODAY)
        with self.assertRaises(IntegrityError), transaction.atomic():
            Lineage.objects.create(old=self.home, new=self.home, kind="merge", from_on=TODAY)


class Merged(Lines):
    def test_two_become_part_of_a_third(self):
        one, two, there = cast.worker("马一"), cast.worker("马二", FAR), cast.worker("马三", NEXT_DOOR)
        for who in (one, two, there):
            cast.transfer(who, date(2026, 6, 1))
        far = Village.objects.get(pk=FAR)
        self.merge(self.home, far)
        self.assertEqual([stay[0] for stay in self.stays(two)], [FAR, NEXT_DOOR])
        self.assertEqual(self.figures(HOME, FAR, NEXT_DOOR)[2]["moved"], 2)
        [merged] = self.figures(NEXT_DOOR)
        self.assertEqual((merged["away"], merged["transferred"]), (3, 3))
        self.assertEqual(lineage.codes_before(NEXT_DOOR), [HOME, FAR])
        self.assertEqual(set(Posting.objects.filter(place_code=NEXT_DOOR).values_list("officer__username", flat=True)),
                         {"li", "sun"})
        self.assertEqual(AuditEvent.objects.get(verb="merged villages").detail["from"], f"{HOME}, {FAR}")

    def test_not_into_itself_nor_into_one_that_files_no_more(self):
        with transaction.atomic():
            self.refuses("another village", self.merge, self.home, into=self.home)
        Village.objects.filter(pk=NEXT_DOOR).update(files_to=OCTOBER)
        with transaction.atomic():
            self.refuses("does not file in", self.merge)

    def test_a_person_who_moved_from_one_to_the_other_after_the_day(self):
        who = cast.worker()
        actions.move(who, by=self.wang, to_village=NEXT_DOOR, on=date(2026, 11, 3))
        cast.transfer(Worker.objects.get(pk=who.pk), date(2026, 6, 1))
        self.merge()
        self.assertEqual([stay[0] for stay in self.stays(who)], [HOME, NEXT_DOOR, NEXT_DOOR])
        self.assertEqual(self.figures(NEXT_DOOR)[0]["moved"], 1)


class Split(Lines):
    def build(self):
        super().build()
        self.above, self.below = cast.worker("马上", group_name="一社"), cast.worker("马下", group_name="二社")
        for who in (self.above, self.below):
            cast.transfer(who, date(2026, 6, 1))

    def test_the_people_of_some_groups_become_a_village(self):
        household = actions.start_household(by=self.li, village=HOME, head=self.above)
        wife = cast.worker("马妻", household=household, group_name="二社")
        actions.record_group(by=self.li, village=HOME, persons=3, started_on=date(2026, 9, 1), destination="3301")
        change = self.split("一社")
        self.assertEqual((change.counts["people"], change.counts["households"], change.counts["unnamed"]), (2, 1, 0))
        self.assertEqual(set(Worker.objects.filter(village=NEW)), {self.above, wife})
        self.assertEqual(Household.objects.get().village_id, NEW)
        self.assertEqual(UnnamedGroup.objects.get().village_id, HOME)
        old, new = self.figures(HOME, NEW)
        self.assertEqual((old["away"], old["moved"], new["away"], new["moved"]), (4, -1, 1, 1))

    def test_both_file_and_the_officer_keeps_both(self):
        self.split("一社")
        self.assertIsNone(Village.objects.get(pk=HOME).files_to)
        self.assertEqual(Village.objects.get(pk=NEW).files_from, NOVEMBER)
        open_posts = self.li.postings.filter(to_on__isnull=True)
        self.assertEqual(set(open_posts.values_list("place_code", flat=True)), {HOME, NEW})
        self.assertEqual(lineage.codes_before(NEW), [])

    def test_a_household_s_group_goes_before_a_member_s(self):
        household = actions.start_household(by=self.li, village=HOME, head=self.above)
        Household.objects.filter(pk=household.pk).update(group_name="二社")
        self.split("二社")
        self.assertEqual(set(Worker.objects.filter(village=NEW)), {self.above, self.below})

    def test_groups_in_which_nobody_is(self):
        for groups in ((), ("",), ("九社",)):
            with transaction.atomic():
                self.refuses("Choose groups", self.split, *groups)
        self.assertFalse(Village.objects.filter(pk=NEW).exists())


class Renamed(Lines):
    def rename(self, name="煤洞新村委会"):
        return actions.rename_village(self.home, by=self.zhao, name=name, from_month=NOVEMBER, reason="改名")

    def test_the_code_stays_and_the_name_before_is_kept(self):
        who = cast.worker()
        self.rename()
        self.assertEqual(Village.objects.get(pk=HOME).short_name, "煤洞新村")
        entry = Lineage.objects.get()
        self.assertEqual((entry.old_id, entry.new_id, entry.name_before), (HOME, HOME, "大煤洞村委会"))
        self.assertEqual(self.stays(who), [(HOME, None, None, "first", "")])

    def test_the_same_name_or_twice_on_a_day(self):
        with transaction.atomic():
            self.refuses("this name already", self.rename, "大煤洞村委会")
        self.rename()
        with transaction.atomic():
            self.refuses("on this day already", self.rename, "煤洞村委会")


class Large(Lines):
    def test_two_thousand_people_in_a_moment_and_no_query_more_for_each(self):
        asked = []
        for n, (old, new) in enumerate(((HOME, NEW), (FAR, "630121101300"))):
            people = [
                Worker(county_id=HOME[:6], village_id=old, name="马众", no_id_reason="lost", created_at=clock.now())
                for _ in range(20 if not n else 2000)
            ]
            people = Worker.objects.bulk_create(people, batch_size=500)
            Registration.objects.bulk_create(
                [Registration(county_id=HOME[:6], worker=who, village_id=old) for who in people], batch_size=500
            )
            began = monotonic()
            with CaptureQueriesContext(connection) as queries:
                self.recode(old=Village.objects.get(pk=old), code=new)
            asked.append(len(queries))
        self.assertEqual(Registration.objects.filter(village="630121101300").count(), 2000)
        self.assertLess(monotonic() - began, 10)
        self.assertLess(asked[1] - asked[0], 20, "pages of rows, not rows")


@skipIf(connection.vendor == "sqlite", "SQLite lets one write after the other")
class AtOnce(TransactionTestCase):
    WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

    def setUp(self):
        clock.pin(TODAY)
        self.addCleanup(clock.pin, None)
        cast.county()
        self.people = cast.cast()
        self.zhao, self.li, self.sun = (self.people[name] for name in ("zhao", "li", "sun"))
        Division.objects.get_or_create(code="4403", name="深圳市")
        self.threads, self.outcomes = [], {}

    def begin(self, who, work, *args, **facts):
        """In a thread of its own; `outcomes` says how it ended."""
        thread = Thread(target=self._run, args=[who, work, args, facts])
        self.threads.append(thread)
        self.addCleanup(thread.join)
        thread.start()

    def _run(self, who, work, args, facts):
        try:
            with transaction.atomic():
                found = work(*args, **facts)
            self.outcomes[who] = found if isinstance(found, str) else "done"
        except Refusal as refusal:
            self.outcomes[who] = str(refusal.message)
        except OperationalError as busy:
            self.outcomes[who] = str(busy)
        finally:
            connection.close()

    def end(self) -> dict:
        for thread in self.threads:
            thread.join()
        return self.outcomes

    def until_all_wait(self):
        """For another transaction, in the database."""
        until = monotonic() + 10
        while monotonic() < until:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(self.WAITING)
                if cursor.fetchone()[0] >= len(self.threads):
                    return
            sleep(0.02)
        self.fail(f"somebody did not wait: {self.outcomes}")

    def merge(self):
        home, next_door = (Village.objects.get(pk=code) for code in (HOME, NEXT_DOOR))
        return actions.merge_villages([home], next_door, by=self.zhao, from_month=NOVEMBER, reason="并村")

    def register(self, name="马成龙", order="002"):
        return actions.register(by=self.li, village=HOME, name=name, id_number=id_number(order=order))

    def test_of_two_recodings_at_once_one_is_refused(self):
        who = cast.worker()
        for officer, code in (("zhao", NEW), ("admin", "630121100301")):
            self.begin(
                officer, actions.recode_village, Village.objects.get(pk=HOME), by=self.people[officer], code=code,
                name="新村委会", from_month=NOVEMBER, reason=WHY,
            )
        said = list(self.end().values())
        self.assertEqual(said.count("done"), 1, said)
        self.assertIn("is kept as", " ".join(said))
        self.assertEqual(Registration.objects.filter(worker=who).count(), 2)

    def test_who_is_being_registered_goes_along_with_the_merge_that_waits(self):
        with transaction.atomic():
            who = self.register()
            self.begin("merge", self.merge)
            self.until_all_wait()
        self.assertEqual(self.end(), {"merge": "done"})
        who.refresh_from_db()
        self.assertEqual(who.village_id, NEXT_DOOR)

    def test_two_are_registered_in_a_village_at_once(self):
        """Up to the head of the trail, for which the second waits."""
        with transaction.atomic():
            lineage.must_last(HOME)
            self.begin("second", self.register)
            self.assertEqual(self.end(), {"second": "done"})

    def test_nobody_comes_into_a_village_that_is_being_merged(self):
        far, asked = cast.worker("马远", FAR), cast.worker("马问", FAR)
        household = Household.objects.create(county_id=HOME[:6], village_id=FAR)
        request = actions.ask_to_let_go(asked, by=self.sun, to_village=HOME, on=DAY, reason="marriage")
        left = {"started_on": date(2026, 9, 1), "destination": "4403"}
        with transaction.atomic():
            self.merge()
            self.begin("register", self.register)
            self.begin("group", actions.record_group, by=self.li, village=HOME, persons=4, **left)
            self.begin("move", actions.move, far, by=self.zhao, to_village=HOME, on=DAY)
            self.begin("household", actions.move_household, household, by=self.zhao, to_village=HOME, on=DAY)
            self.begin("confirm", actions.confirm_move, request, by=self.li)
            self.begin("sheet", self.ended_of_a_sheet)
            self.until_all_wait()
        said = self.end()
        self.assertEqual(said.pop("sheet"), HOME)
        self.assertIn("no longer possible", said.pop("confirm"))
        for name, words in said.items():
            self.assertIn("is kept as", words, name)
        self.assertFalse(Registration.objects.filter(village=HOME, to_on__isnull=True).exists())

    def ended_of_a_sheet(self) -> str:
        """Which of its villages are no more, as its commit finds it."""
        batch = Batch.objects.create(
            county_id=HOME[:6], place_code=HOME[:6], kind="workers", file_name="a.xlsx", file_size=1, sha256="0" * 64,
            stored_as="a.xlsx", uploaded_at=clock.now(), uploaded_by=self.zhao,
        )
        batch.rows.create(number=2, verdict="new", values={"village": HOME})
        return ",".join(Meanwhile(batch, {}, set(), {}).ended)
