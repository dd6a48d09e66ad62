"""The labor brokers of the demo: the register, courses, filing, and the association with its branches.

Three of a township are drawn as they always were, and all else by a chance of its own, so that more brokers change nobody's
journeys. What lies before the office had accounts was done by nobody who is known here.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from brokers.models import (
    Association,
    Attendance,
    Broker,
    Complaint,
    Course,
    FilingStep,
    Membership,
    Post,
    Publication,
)
from laborreg import crypto
from laborreg.identity import pinyin
from reports.seed import names
from reports.seed.office import AT_THE_START, POSTED_ON, ZHAO, invented_name

DAY = timedelta(days=1)
CREWS = 3
TRADES = [
    ("建筑", "海西、玉树"), ("电子制造", "江苏、广东"), ("枸杞采摘", "都兰、德令哈"), ("家政护理", "西宁、北京"),
]
BANKS = ["青海省农村信用社", "中国邮政储蓄银行", "中国农业银行"]
TRAINED, MEMBERS = 600 / 1_714, 240 / 1_714
FIRST_COURSE, VALID_YEARS = 2010, 3
TRAINERS = ["县就业服务局 李老师", "县职业技术学校 马老师", "市人力资源服务中心 周老师"]
SUBJECTS = ["政策法规与劳动合同", "组织输出与跟踪服务", "维权与工资清欠"]
COMPLAINTS = [
    ("承诺的工价与实际不符", "upheld", "核实属实,已责令当面道歉并补差。"),
    ("收取介绍费", "dismissed", "经查没有收费。"),
    ("务工人员受伤后没有帮助联系单位", "", ""),
]


class Crew:
    """Some brokers of a township, of whom few lead many and many lead few; mostly those who are filed."""

    def __init__(self, rng, brokers):
        self.rng, self.brokers = rng, brokers
        self.weights = [rng.lognormvariate(0, 1.0) * (12 if broker.filed_on else 1) for broker in brokers]

    def somebody(self) -> Broker:
        return self.rng.choices(self.brokers, self.weights)[0]


@dataclass
class Path:
    """How far a broker came, and the course that led there."""

    broker: Broker
    state: str
    course: date | None = None


class Brokerage:
    """Everything about brokers that the demo holds before the first departure is recorded."""

    def __init__(self, seed, office, villages, story, *, until, many):
        self.rng, self.numbers = random.Random(seed), names.Numbers(sequence=700, phones="15490")
        self.office, self.story, self.until, self.many = office, story, until, many
        self.today = until.last_day() + 4 * DAY
        self.homes = defaultdict(list)
        for village in villages:
            self.homes[village.code[:9]].append(village)
        self.brokers: dict[str, list[Broker]] = {}

    # The register.

    def hire(self, rng, numbers) -> dict[str, list[Crew]]:
        """The brokers of every township with how far each filing came, in three crews."""
        for township, homes in sorted(self.homes.items()):
            self.brokers[township] = [_broker(rng, numbers, rng.choice(homes)) for _nth in range(CREWS)]
        self._hire_more()
        rows = self._all()
        for broker in rows:
            self._identify(broker)
        Broker.objects.bulk_create(rows)
        self._file()
        Broker.history.bulk_history_create(rows, default_date=AT_THE_START)
        return {
            township: [Crew(self.rng, brokers[nth::CREWS]) for nth in range(CREWS)]
            for township, brokers in self.brokers.items()
        }

    def _hire_more(self):
        """Where people live; one of them in the story's village."""
        townships = sorted(self.homes)
        weights = [len(self.homes[township]) for township in townships]
        for nth in range(self.many - len(self._all())):
            township = self.rng.choices(townships, weights)[0] if nth else self.story.township
            home = self.rng.choice(self.homes[township])
            if nth == 0:
                home = next(village for village in self.homes[township] if village.code == self.story.village)
            self.brokers[township].append(self._unlike_the_others(home))

    def _unlike_the_others(self, home) -> Broker:
        """Two of one name in one village would be told apart by their numbers alone."""
        taken = {broker.name for broker in self._all() if broker.village_id == home.code}
        found = _broker(self.rng, self.numbers, home)
        while found.name in taken:
            found = _broker(self.rng, self.numbers, home)
        return found

    def _all(self) -> list[Broker]:
        return [broker for few in self.brokers.values() for broker in few]

    def _identify(self, broker):
        broker.sex = self.rng.choices(["male", "female"], [2, 1])[0]
        broker.birth_date = date(self.rng.randint(1966, 1996), self.rng.randint(1, 12), self.rng.randint(1, 28))
        number = self.numbers.id_number(broker.birth_date, broker.sex)
        broker.id_cipher, broker.id_key_version = crypto.encipher(number)
        broker.id_index = crypto.index(number)
        broker.is_relieved = self.rng.random() < 0.12
        broker.bank = self.rng.choice(BANKS)
        account = _with_check_digit(f"62284800{self.rng.randrange(10**10):010d}")
        broker.account_cipher, broker.account_key_version = crypto.encipher(account)
        broker.account_index = crypto.index(account, purpose="account")

    # Courses and filing.

    def _file(self):
        """Who was trained, and how far each filing came by the demo's day."""
        self.steps: list[FilingStep] = []
        self.paths = self._paths()
        self._hold_courses()
        for year, paths in self._by_year().items():
            self._file_year(year, paths)
        self._begin_some()
        FilingStep.objects.bulk_create(self.steps)
        Broker.objects.bulk_update(
            [path.broker for path in self.paths], ["state", "filed_on", "certificate_number", "certificate_word"]
        )

    def _paths(self) -> list[Path]:
        """A trained one in ten is not filed; the newest course led to the lists that hang out now."""
        own = [broker for broker in self._all() if broker.village_id != self.story.village]
        trained = self.rng.sample(own, round(self.many * TRAINED))
        return [Path(broker, "filed" if nth % 10 else "trained", self._course_of(broker)) for nth, broker in enumerate(trained)]

    def _course_of(self, broker) -> date:
        first = max(FIRST_COURSE, broker.registered_on.year + 1)
        return date(self.rng.randint(first, self.until.year), 4, 10)

    def _hold_courses(self):
        by_day = defaultdict(list)
        for path in self.paths:
            by_day[path.course].append(path)
        for day, paths in sorted(by_day.items()):
            course = Course.objects.create(
                county_id=self.story.township[:6], place_code=self.story.township[:6],
                name=f"{day.year}年劳务经纪人培训班", subject=self.rng.choice(SUBJECTS), trainer=self.rng.choice(TRAINERS),
                venue="县就业服务局三楼培训室", hours=self.rng.choice([16, 24, 40]), from_on=day, to_on=day + 3 * DAY,
                by=self._bureau(day), at=_at(day),
            )
            self._attend(course, paths)

    def _attend(self, course, paths):
        numbers = count(1)
        passed = [
            Attendance(
                course=course, broker=path.broker, was_there=True, has_passed=True, by=course.by, at=_at(course.to_on),
                certificate_number=f"PX{course.from_on.year}-{next(numbers):03d}",
                expires_on=course.to_on.replace(year=course.to_on.year + VALID_YEARS),
            )
            for path in paths
        ]
        there = {path.broker.pk for path in self.paths}
        others = [broker for broker in self._all() if broker.pk not in there and broker.registered_on < course.from_on]
        failed = [
            Attendance(course=course, broker=broker, was_there=was_there, has_passed=False if was_there else None,
                       by=course.by, at=_at(course.to_on))
            for broker, was_there in zip(self.rng.sample(others, min(2, len(others))), [True, False], strict=False)
        ]
        Attendance.objects.bulk_create(passed + failed)

    def _by_year(self) -> dict[int, list[Path]]:
        found = defaultdict(list)
        for path in self.paths:
            if path.state == "filed":
                found[path.course.year].append(path)
        return dict(sorted(found.items()))

    def _file_year(self, year, paths):
        """Recommended before the course, published in May, filed in June."""
        hangs = date(year, 5, 6)
        published = self._publish(hangs, hangs + 9 * DAY)
        for number, path in enumerate(paths, start=1):
            broker, course = path.broker, path.course
            self._step(broker, "recommended", course - 20 * DAY, self.office.of(broker.village_id))
            self._step(broker, "trained", course + 3 * DAY, published.by)
            self._step(broker, "published", hangs, published.by, publication=published)
            self._step(broker, "filed", date(year, 6, 1), published.by)
            broker.state, broker.filed_on = "filed", date(year, 6, 1)
            broker.certificate_number = f"{broker.county_id}{year}{number:04d}"
            broker.certificate_word = f"{self.rng.getrandbits(128):032x}"

    def _publish(self, from_on, to_on) -> Publication:
        zhao = self.office.officers[ZHAO]
        return Publication.objects.create(
            county_id=self.story.township[:6], place_code=self.story.township[:6], subject="brokers", from_on=from_on,
            to_on=to_on, by=zhao, at=_at(from_on),
        )

    def _step(self, broker, step, on, by, **more):
        by = by if on >= POSTED_ON else None
        self.steps.append(FilingStep(broker=broker, step=step, on=on, by=by, at=_at(on), **more))

    def _begin_some(self):
        """A list that hangs out, one whose time is over, some who wait; two who may lead nobody."""
        waiting = [path for path in self.paths if path.state == "trained"]
        third = max(1, len(waiting) // 3)
        over = self._publish(self.today - 15 * DAY, self.today - 5 * DAY)
        open_now = self._publish(self.today - 3 * DAY, self.today + 6 * DAY)
        for nth, path in enumerate(waiting):
            broker, station = path.broker, self.office.of(path.broker.village_id[:9])
            self._step(broker, "recommended", path.course - 20 * DAY, self.office.of(broker.village_id))
            self._step(broker, "trained", path.course + 3 * DAY, station)
            broker.state = "trained"
            if published := {0: over, 1: open_now}.get(nth // third):
                self._step(broker, "published", published.from_on, published.by, publication=published)
                broker.state = "published"
        self._recommend()
        self._bar([path.broker for path in self.paths if path.state == "filed"])

    def _recommend(self):
        """Who waits for the next course."""
        known = {path.broker.pk for path in self.paths}
        others = [b for b in self._all() if b.pk not in known and b.village_id != self.story.village]
        for broker in self.rng.sample(others, 1 + len(others) // 40):
            self._step(broker, "recommended", self.today - 12 * DAY, self.office.of(broker.village_id))
            broker.state = "recommended"
            self.paths.append(Path(broker, "recommended"))

    def _bar(self, filed):
        zhao = self.office.officers[ZHAO]
        for broker, state, reason in zip(
            self.rng.sample(filed, 2), ["suspended", "revoked"], ["投诉核查期间暂停", "向务工人员收取费用"], strict=True
        ):
            self._step(broker, state, self.today - 40 * DAY, zhao, reason=reason)
            broker.state = state

    # The association, and what was said against some.

    def associate(self):
        """Founded in the last spring; who joined passed a course."""
        founded = date(self.until.year, 4, 28)
        county = self.story.township[:6]
        Association.objects.create(county_id=county, name="大通县劳务经纪人协会", founded_on=founded)
        trained = [path.broker for path in self.paths if path.broker.state == "filed"]
        joined = self._of_every_branch(trained)[: round(self.many * MEMBERS)]
        zhao = self.office.officers[ZHAO]
        members = Membership.objects.bulk_create([
            Membership(
                county_id=county, township_id=broker.village_id[:9], broker=broker, by=zhao, at=_at(founded),
                joined_on=founded + self.rng.randint(0, 60) * DAY,
            )
            for broker in joined
        ])
        self._give_posts(members, zhao)
        self._complain(trained)

    def _of_every_branch(self, brokers) -> list[Broker]:
        """First one of each township, then a second, and so on."""
        turns: dict[str, int] = defaultdict(int)
        shuffled = []
        for broker in self.rng.sample(brokers, len(brokers)):
            turns[broker.village_id[:9]] += 1
            shuffled.append((turns[broker.village_id[:9]], broker))
        return [broker for _turn, broker in sorted(shuffled, key=lambda each: each[0])]

    def _give_posts(self, members, by):
        heads = {member.township_id: member for member in members}
        # The story's branch waits for its head.
        posts = [("branch_head", member) for township, member in heads.items() if township != self.story.township]
        others = ["president", "vice", "secretary", "council", "council", "council"]
        posts += zip(others, members, strict=False)
        Post.objects.bulk_create([
            Post(
                county_id=member.county_id, township_id=member.township_id, membership=member, kind=kind,
                from_on=member.joined_on, by=by, at=_at(member.joined_on),
            )
            for kind, member in posts
        ])

    def _complain(self, brokers):
        for (said, outcome, answer), broker in zip(COMPLAINTS, self.rng.sample(brokers, len(COMPLAINTS)), strict=True):
            station = self.office.of(broker.village_id[:9])
            received = self.today - self.rng.randint(20, 200) * DAY
            settled = {"settled_on": received + 12 * DAY, "settled_by": station} if outcome else {}
            Complaint.objects.create(
                broker=broker, kind="complaint", received_on=received, said=said, outcome=outcome, answer=answer,
                by=station, at=_at(received), **settled,
            )

    def _bureau(self, day):
        return self.office.officers[ZHAO] if day >= POSTED_ON else None


def _broker(rng, numbers, village) -> Broker:
    name, _sex = invented_name(rng)
    latin, initials = pinyin(name)
    trade, places = rng.choice(TRADES)
    return Broker(
        county_id=village.code[:6], village_id=village.code, name=name, name_pinyin=latin, name_initials=initials,
        phone=numbers.phone(), kind=rng.choices(["part_time", "full_time"], [4, 1])[0],
        background=rng.choice(["cadre", "entrepreneur", "craftsman", "other"]), trades=trade, destinations=places,
        registered_on=date(rng.randint(2018, 2023), rng.randint(1, 12), rng.randint(1, 28)),
    )


def _at(day) -> datetime:
    return datetime.combine(day, time(2), UTC)


def _with_check_digit(number) -> str:
    from stdnum import luhn

    return number + luhn.calc_check_digit(number)
