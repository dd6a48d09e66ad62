"""A sheet brought in, held against django-import-export: .venv/bin/python -m bench.sheets [ROWS]

In a scratch database of its own on the server, or in a file of its own, as the one that is configured; it is dropped
afterwards. An office's workbook of ROWS people (20,000; a full county has 210,000) with twenty columns is read to the
preview and written into the ledger, then brought in once more. Stock
loads the same file, and imports its first 2,000 rows as the library comes, one instance a row: into the same table of people
with the same encryption, pinyin and history; first people alone, then with the registrations, phones and departures that
product writes as well, which is what the goals are held against. A second import is measured also with unchanged rows left
alone (skip_unchanged). Each piece of work runs in a process of its own; CPU seconds are of this process and of the
PostgreSQL server's process that works for it.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import urlparse

from bench import server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")

STOCK_ROWS = 2_000
GOALS = {"preview": 1 / 7, "first": 1 / 25, "again": 1 / 60}
MOST_MB = 600
COUNTY, TOWNSHIPS, VILLAGES = "630121", 20, 20
HEADINGS = [
    "乡镇", "村", "姓名", "身份证号", "户编号", "与户主关系", "户类型", "组", "民族", "文化程度", "劳动能力", "联系电话",
    "务工地点", "外出时间", "返乡时间", "行业", "工种", "务工企业名称", "月工资", "就业渠道",
]
SURNAMES, GIVEN = "马王李赵冶韩祁张刘陈杨白", "秀兰英花明福海成玉梅军平忠林生才元德永文春"
PLACES = [
    "广东省深圳市", "江苏省苏州市", "浙江省杭州市",
    "青海省西宁市城中区", "新疆乌鲁木齐市", "西藏拉萨市", "北京市", "上海市",
]


# The scratch database.


@contextmanager
def scratch():
    """Settings of an installation of its own, as variables for the processes."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    with tempfile.TemporaryDirectory() as folder:
        own = {"LABORREG_DATA": folder, "LABORREG_KEYS": f"{folder}/keys.json"}
        if connection.vendor != "postgresql":
            yield connection.vendor, own | {"DATABASE_URL": f"sqlite:///{folder}/scratch.sqlite3"}
            return
        name = f"sheets_{os.getpid()}"
        said = settings.DATABASES["default"]
        address = urlparse(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{connection.vendor} of {said['HOST'] or 'this machine'}", own | {"DATABASE_URL": address}
        finally:
            server.drop(os.environ["DATABASE_URL"], name)


def run(surroundings, *args) -> list[float]:
    """What a piece of work says of itself: CPU seconds, MB, and more."""
    command = [sys.executable, "-m", "bench.sheets", *map(str, args)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | surroundings).stdout
    return [float(word) for word in told.split()]


# The office and its workbook.


def prepare(path, rows):
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from officers.models import Officer
    from villages.models import County, CountySettings, Posting, Township, Village

    county = County.objects.create(code=COUNTY, name="大通回族土族自治县", name_latin="Datong")
    CountySettings.objects.create(county=county)
    for code, name in townships():
        Township.objects.create(code=code, county=county, name=name)
        Village.objects.bulk_create(
            Village(code=f"{code}{200 + n}", township_id=code, name=f"{village(n)}村委会", files_from="2000-01")
            for n in range(VILLAGES)
        )
    officer = Officer.objects.create(username="zhao", name="Zhao", role="county")
    Posting.objects.create(officer=officer, place_code=COUNTY, county=county, from_on="2020-01-01")
    write(path, rows)


def townships():
    return [(f"{COUNTY}{100 + n}", f"{'东西南北中上下大小新'[n % 10]}{'川山'[n // 10]}镇") for n in range(TOWNSHIPS)]


def village(n) -> str:
    return f"{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'沟湾'[n // 10]}"


def write(path, rows, places=None, first=0):
    """As an office keeps it: days as text, numbers as numbers; households of three, at `places`: township and village.

    People are numbered from `first`: sheets of numbers apart hold different people.
    """
    import xlsxwriter

    rng = Random(20)
    places = places or [(township, f"{village(n)}村") for n in range(VILLAGES) for _code, township in townships()]
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number in range(rows):
            sheet.write_row(number + 1, 0, person(rng, first + number, places))


def person(rng, number, places) -> list:
    household, place = divmod(number, 3)
    man = place != 1
    name = rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN)
    start = f"{rng.randint(2024, 2026)}-0{rng.randint(1, 6)}-{rng.randint(1, 28):02d}"
    return [
        *places[household % len(places)], name, id_number(number, man), f"{household:06d}",
        ["户主", "配偶", "之子"][place], rng.choice(["脱贫户", "一般户"]) if place == 0 else "", f"{rng.randint(1, 8)}社",
        rng.choice(["汉族", "回族", "土族", "藏族"]), rng.choice(["小学", "初中", "高中"]), "普通劳动力",
        f"138{rng.randrange(10**8):08d}", rng.choice(PLACES), start, "", rng.choice(["制造业", "建筑业", "住宿和餐饮业"]), "",
        rng.choice(["某电子厂", "某工地", ""]),
        rng.randint(20, 90) * 100, rng.choice(["自主", "亲友介绍"]),
    ]


def id_number(number, man) -> str:
    from stdnum.cn import ric

    day, order = divmod(number, 450)
    year, day = divmod(day, 336)
    month, day = divmod(day, 28)
    born = f"{1965 + year}{month + 1:02d}{day + 1:02d}"
    start = f"630121{born}{2 * order + man:03d}"
    return start + ric.calc_check_digit(f"{start}0")


# Stock.


def stock_load(path):
    from import_export.formats.base_formats import XLSX

    XLSX().create_dataset(Path(path).read_bytes())


def stock_dataset(path):
    """The first rows only, as a library's data set."""
    import openpyxl
    import tablib

    rows = openpyxl.load_workbook(path, read_only=True).active.iter_rows(max_row=STOCK_ROWS + 1, values_only=True)
    # The library wants its keys among the headings.
    made = ["id_index", "village", "household"]
    return tablib.Dataset(*[[*row, *[""] * len(made)] for row in list(rows)[1:]], headers=[*HEADINGS, *made])


def stock_resource(*, with_the_rest, leaves_the_same):
    from import_export import fields, resources

    from laborreg import clock, crypto
    from laborreg.columns import clean_date
    from laborreg.identity import clean_id_number, clean_name, clean_phone, id_facts, pinyin
    from officers.models import Officer
    from villages.models import Village
    from workers import codes
    from workers.models import Household, Phone, Registration, Transfer, Worker
    from workers.sheets.places import Places

    places = Places(COUNTY, COUNTY)
    villages = {(row.township.name, row.short_name): row.pk for row in Village.objects.select_related("township")}
    ethnic = {name: code for code, name in codes.ETHNIC_GROUPS}
    officer = Officer.objects.get()
    schooling = {"小学": "80", "初中": "70", "高中": "60"}
    relations = {"户主": "head", "配偶": "spouse", "之子": "son"}
    columns = {
        "id_index": "id_index", "name": "姓名", "group_name": "组", "village_id": "village", "household_id": "household",
        "relation": "与户主关系", "ethnic_group": "民族", "education": "文化程度", "ability": "劳动能力",
    }

    class People(resources.ModelResource):
        """As one writes it with the library: what the columns do not say is made before the row is saved."""

        class Meta:
            model = Worker
            fields = list(columns)
            import_id_fields = ["id_index"]
            skip_unchanged = leaves_the_same
            clean_model_instances = True

        def before_import_row(self, row, **_kwargs):
            number, _doubt = clean_id_number(row["身份证号"])
            row["id_index"], row["姓名"] = crypto.index(number), clean_name(row["姓名"])
            row["village"] = villages[(row["乡镇"], row["村"])]
            household = {"county_id": COUNTY, "village_id": row["village"], "number": row["户编号"]}
            row["household"] = Household.objects.get_or_create(**household)[0].pk
            row["民族"], row["文化程度"] = ethnic[row["民族"]], schooling[row["文化程度"]]
            row["与户主关系"], row["劳动能力"] = relations[row["与户主关系"]], "ordinary"

        def import_instance(self, worker, row, **kwargs):
            super().import_instance(worker, row, **kwargs)
            if worker.pk is None:
                self.make(worker, row["身份证号"])

        def make(self, worker, number):
            worker.county_id, worker.created_at, worker.created_by = COUNTY, clock.now(), officer
            worker.name_pinyin, worker.name_initials = pinyin(worker.name)
            worker.id_cipher, worker.id_key_version = crypto.encipher(number)
            worker.id_last4_index = crypto.index(number[-4:], purpose="last4")
            worker.sex, worker.birth_date = id_facts(number)

        def after_save_instance(self, worker, row, **_kwargs):
            if not with_the_rest:
                return
            Registration.objects.get_or_create(worker=worker, village_id=worker.village_id, county_id=COUNTY)
            number = clean_phone(row["联系电话"])
            phone = {"last4": number[-4:], "since_on": clock.today()}
            Phone.objects.get_or_create(worker=worker, number=number, defaults=phone)
            departure = {
                "village_id": worker.village_id, "county_id": COUNTY, "created_at": clock.now(), "created_by": officer,
                "destination": places.read_destination(row["务工地点"]).value, "pay": int(row["月工资"]),
                "channel": {"自主": "own", "亲友介绍": "relatives"}[row["就业渠道"]], "employer": row["务工企业名称"] or "",
                "industry": {"制造业": "C", "建筑业": "E", "住宿和餐饮业": "H"}[row["行业"]],
            }
            Transfer.objects.get_or_create(worker=worker, started_on=clean_date(row["外出时间"]), defaults=departure)

    own = {name: fields.Field(column_name=column, attribute=name) for name, column in columns.items()}
    return type("People", (People,), own)()


def stock_import(dataset, **how):
    resource = stock_resource(**how)
    return resource.import_data(dataset, dry_run=False, raise_errors=True, use_transactions=True).totals


def forget_people():
    from workers.models import Household, Phone, Registration, Transfer, Worker

    Phone.objects.all().delete()
    for model in (Transfer, Registration, Worker, Household):
        model.history.all().delete()
        model.objects.all().delete()


# Product.


def brought(path):
    """The batch, matched as it is proposed; what the officer confirms."""
    from django.core.files import File

    from laborreg import clock
    from laborreg.sheets import book, header
    from officers.models import Officer
    from workers.models import Batch
    from workers.sheets import matching, storing

    with open(path, "rb") as opened:
        name, digest, size = storing.keep(File(opened))
    found = book.inspect(storing.folder() / name, "roster.xlsx").sheets[0]
    top = header.find(found.head)
    matches = matching.propose(top.headings, [cells for number, cells in found.head if number > top.last_row], "ledger")
    return Batch.objects.create(
        county_id=COUNTY, place_code=COUNTY, kind="ledger", file_name="roster.xlsx", file_size=size, sha256=digest,
        stored_as=name, uploaded_at=clock.now(), uploaded_by=Officer.objects.get(), sheet=found.name, header_row=top.last_row,
        columns=matching.as_columns(matches),
    )


def preview(path):
    from workers.sheets import staging

    return staging.stage(brought(path))


def take():
    from workers.models import Batch
    from workers.sheets import committing

    batch = Batch.objects.latest("pk")
    return committing.commit(batch, by=batch.uploaded_by)


# One piece of work in a process of its own.


def measure(what, path, rows):
    import django

    django.setup()
    if what == "prepare":
        return prepare(path, int(rows))
    from bench.figures import most_held, now

    at_rest = most_held()
    dataset = stock_dataset(path) if what == "stock_import" else None
    if what == "stock_load":
        import import_export.formats.base_formats  # noqa: F401 - not part of loading
    if what in ("stage", "take"):
        from workers.sheets import committing  # noqa: F401
    begun = now()
    if what == "stock_load":
        stock_load(path)
    elif what == "stock_import":
        for with_the_rest in (False, True):
            for kind, leaves_the_same in (("new", False), ("update", False), ("skip", True)):
                begun = now()
                totals = stock_import(dataset, with_the_rest=with_the_rest, leaves_the_same=leaves_the_same)
                print((now() - begun) / totals[kind])
            forget_people()
        return None
    elif what == "stage":
        counts = preview(path).counts["verdicts"]
        print(now() - begun, most_held(), at_rest, counts.get("new", 0), counts.get("same", 0))
        return None
    else:
        counts = take()
        print(now() - begun, most_held(), at_rest, counts.get("rows", 0))
        return None
    print(now() - begun, most_held())
    return None


def main(rows=20_000):
    with scratch() as (vendor, own), tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/roster.xlsx"
        run(own, "prepare", path, rows)
        print(f"{vendor}: {rows} rows of {len(HEADINGS)} columns, {Path(path).stat().st_size / 1e6:.1f} MB")
        load, loaded = run(own, "stock_load", path, rows)
        people, whole = stock(run(own, "stock_import", path, rows))
        print(f"stock: loads the file in {load:.2f} s and {loaded:.0f} MB")
        for name, (first, again, left_alone) in (("people alone", people), ("with the rest", whole)):
            print(f"stock, {name}: {first:.0f} µs a new row, {again:.0f} the same again, {left_alone:.0f} left alone")
        stage = run(own, "stage", path, rows)
        taken = run(own, "take", path, rows)
        print(f"product: preview in {stage[0]:.2f} s, {stage[3]:.0f} new; taken in {taken[0]:.2f} s, {taken[3]:.0f} rows;"
              f" {1e6 * (stage[0] + taken[0]) / rows:.0f} µs a row")
        restage = run(own, "stage", path, rows)
        retaken = run(own, "take", path, rows)
        print(f"product, the same file again: {restage[4]:.0f} the same; {1e6 * (restage[0] + retaken[0]) / rows:.0f} µs a row")
        say("file to preview / stock's load of the file", stage[0] / load, "preview")
        ours = [1e6 * sum(took) / rows for took in ((stage[0], taken[0]), (restage[0], retaken[0]))]
        say("first import / stock, a row", ours[0] / whole[0], "first")
        say("the same file again / stock, a row", ours[1] / whole[1], "again")
        print(f"against stock that writes people alone: first 1/{people[0] / ours[0]:.1f}, again 1/{people[1] / ours[1]:.1f};"
              f" that leaves unchanged rows alone: again 1/{whole[2] / ours[1]:.1f}")
        # The process that waits for the reading one holds what it holds at rest.
        held = max(each[1] + each[2] for each in (stage, taken, restage, retaken))
        print(f"held by all processes: {held:.0f} MB (at most {MOST_MB}: {verdict(held <= MOST_MB)})")


def stock(times) -> tuple[list[float], list[float]]:
    """Microseconds a row: new, the same saved again, the same left alone; of people alone, and of all that product writes."""
    micro = [1e6 * each for each in times]
    return micro[:3], micro[3:]


def say(what, share, goal):
    print(f"{what}: 1/{1 / share:.1f} (at most 1/{1 / GOALS[goal]:.0f}: {verdict(share <= GOALS[goal])})")


def verdict(is_so) -> str:
    return "pass" if is_so else "FAIL"


if __name__ == "__main__":
    if sys.argv[1:] and not sys.argv[1].isdigit():
        measure(*sys.argv[1:])
    else:
        main(*map(int, sys.argv[1:]))
