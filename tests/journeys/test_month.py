"""A month from the first departure to the county's workbook, without JavaScript, once in each language."""

from io import BytesIO

from django.test import TestCase
from django.urls import reverse
from openpyxl import load_workbook

from laborreg import clock
from reports.models import CellMessage, MonthlyReturn, ReturnVersion, Seal
from reports.workbook.columns import COLUMNS, Row
from reports.workbook.sheet import FIRST_ROW
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR
from tests.journeys import county
from tests.journeys.county import NEXT_DOOR_PHONE, OCTOBER, STATION, STATION_PHONE, person
from tests.journeys.visitor import Visitor
from tests.workers.desk import id_number
from workers.ledger import KEYS
from workers.models import Transfer

NAME = "王秀英"


class Month:
    """The journey; its languages are below. `words`: what stands on the buttons."""

    language = ""
    words: dict = {}

    def setUp(self):
        self.officers = county.build()
        self.addCleanup(clock.pin, None)

    def visit(self, name) -> Visitor:
        return Visitor(name, language=self.language)

    def test_the_month(self):
        self.the_county_opens_october()
        self.li = self.visit("li")
        self.li_registers_a_departure()
        self.li_registers_a_homecoming()
        self.li_looks_and_submits()
        self.wang = self.visit("wang")
        self.wang_sees_who_has_not_filed()
        self.the_village_next_door_has_nothing_to_report()
        self.wang_sends_one_back()
        self.li_answers_and_submits_again()
        self.wang_approves_both_at_once()
        self.zhao = self.visit("zhao")
        self.zhao_locks_without_the_village_that_is_missing()
        self.the_county_s_figure_leads_to_her_name()
        self.the_workbook_has_the_same_figures()
        self.the_leader_sees_the_totals_and_no_names()

    def sees(self, visitor, *texts):
        for text in texts:
            self.assertIn(str(text), visitor.text, visitor.url)

    # Li of the village.

    def the_county_opens_october(self):
        zhao = self.visit("zhao").open("/board/")
        zhao.press(self.words["open October"])
        self.assertEqual(zhao.url, at("board"))
        self.assertEqual(MonthlyReturn.objects.filter(month=OCTOBER, state="draft").count(), 3)

    def li_registers_a_departure(self):
        li = self.li
        li.follow(reverse("departure_new"))
        li.press(self.words["to the place"], id_number=id_number(), name=NAME, consent="in_person", phone="13812345678")
        li.press(self.words["next list"], destination_province="44")
        li.press(self.words["to the work"], destination_province="44", destination_prefecture="4403",
                 left_month="2026-10", channel="relatives")
        li.press(self.words["to the check"], common_industry="C", pay_band="4000_5999")
        self.sees(li, NAME, self.words["Shenzhen"], "4 → 5")
        li.press(self.words["save"])
        self.sees(li, self.words["recorded"], NAME)

    def li_registers_a_homecoming(self):
        li = self.li.open("/").follow(reverse("homecoming_pick"))
        li.follow(reverse("homecoming", args=[person("祁海英").pk]))
        li.press(self.words["save"], ended_on="2026-10-20", reason="family")
        self.sees(li, self.words["recorded"], "祁海英", "2026-10-20")

    def li_looks_and_submits(self):
        li = self.li.open("/").follow(at("return"))
        self.sees(li, "4", "5")
        li.follow(at("cell", HOME, "left"))
        self.sees(li, NAME)
        li.open(at("return")).follow(at("cell", HOME, "away"))
        self.sees(li, NAME, "马成龙")
        self.assertNotIn("祁海英", li.text)
        li.follow(at("return"))
        li.press(self.words["submit"])
        self.assertEqual(state(), "draft")
        self.sees(li, self.words["explain"])
        li.press(self.words["submit"], submit__explain_nobody_away_earns="下月补报收入")
        self.assertEqual(state(), "submitted")

    def the_village_next_door_has_nothing_to_report(self):
        second = self.visit("second").open(at("return", NEXT_DOOR))
        second.press(self.words["nothing"], submit__explain_nobody_away_earns="没有人说")
        self.assertTrue(ReturnVersion.objects.get(village=NEXT_DOOR, month=OCTOBER).is_nil)

    def li_answers_and_submits_again(self):
        li, question = self.li.open("/"), CellMessage.objects.get()
        self.sees(li, self.words["sent back"], "请补收入")
        li.follow(at("return"))
        self.sees(li, "请补收入", "她挣多少")
        li.follow(at("cell", HOME, "income_month"))
        li.open(reverse("person", args=[person(NAME).pk]))
        li.follow(reverse("transfer_edit", args=[Transfer.objects.get(worker__name=NAME).pk]))
        li.press(self.words["save"], pay="5200")
        li.open(at("return"))
        li.press(self.words["submit"])
        self.assertEqual(state(), "sent_back")
        li.press(self.words["answer"], **{f"q{question.pk}-text": "每月5200元"})
        li.press(self.words["submit"])
        self.assertEqual((state(), ReturnVersion.objects.filter(village=HOME, month=OCTOBER).count()), ("submitted", 2))

    # Wang of the station.

    def wang_sees_who_has_not_filed(self):
        wang = self.wang.open("/")
        self.assertEqual(wang.url, at("queue"))
        self.sees(wang, "大煤洞村")
        wang.follow("?tab=missing")
        self.sees(wang, "元树尔村", NEXT_DOOR_PHONE, STATION_PHONE)
        self.assertIn(f"tel:{NEXT_DOOR_PHONE}", wang.links)
        self.assertNotIn("大煤洞村", wang.text)
        self.assertNotIn("东门村", wang.text)

    def ticks_both(self):
        wang = self.wang.open(at("queue"))
        both = MonthlyReturn.objects.filter(month=OCTOBER, village_id__in=[HOME, NEXT_DOOR])
        wang.press(self.words["differences"], chosen=[str(ret.pk) for ret in both])
        return wang

    def wang_sends_one_back(self):
        wang = self.ticks_both()
        self.sees(wang, "大煤洞村", "元树尔村", "下月补报收入")
        wang.follow(at("return"))
        wang.press(self.words["send back"], reason="请补收入", figure_1="income_month", question_1="她挣多少?")
        self.assertEqual(state(), "sent_back")

    def wang_approves_both_at_once(self):
        wang = self.ticks_both()
        wang.press(self.words["approve two"])
        self.assertEqual((state(), state(NEXT_DOOR), state(FAR)), ("approved", "approved", "draft"))

    # Zhao of the county.

    def zhao_locks_without_the_village_that_is_missing(self):
        zhao = self.zhao.open(at("board"))
        self.sees(zhao, "桥头镇", "2 / 2", "城关镇", "0 / 1", "2 / 3")
        zhao.follow(at("lock"))
        self.sees(zhao, "东门村")
        zhao.press(self.words["lock"], **{f"why_{FAR}": "洪水，路断"})
        self.assertEqual(zhao.url, at("board"))
        seal = Seal.objects.get(month=OCTOBER)
        self.sees(zhao, self.words["sealed"], "东门村", "洪水，路断", seal.hash)
        self.assertEqual((state(), state(NEXT_DOOR), state(FAR)), ("locked", "locked", "draft"))

    def the_county_s_figure_leads_to_her_name(self):
        zhao = self.zhao.open(reverse("totals", args=[COUNTY, OCTOBER]))
        self.assertEqual((zhao.figure("away"), zhao.figure("came_home")), (7, 1))
        zhao.follow(reverse("figures", args=[COUNTY, OCTOBER]))
        self.assertEqual((zhao.figure("away"), zhao.figure("left"), zhao.figure("came_home")), (7, 1, 1))
        zhao.follow(reverse("drill", args=[COUNTY, OCTOBER, "left"]))
        self.assertEqual(zhao.figure("left"), 1)
        zhao.follow(reverse("drill", args=[STATION, OCTOBER, "left"]))
        self.assertEqual(zhao.figure("left"), 1)
        zhao.follow(at("cell", HOME, "left"))
        self.sees(zhao, NAME)
        zhao.follow(reverse("person", args=[person(NAME).pk]))
        self.sees(zhao, NAME, self.words["Shenzhen"])

    def the_workbook_has_the_same_figures(self):
        zhao = self.zhao.open(reverse("figures", args=[COUNTY, OCTOBER]))
        figures = {key: zhao.figure(key) for key in ("away", "left", "came_home", "income_month")}
        zhao.press(self.words["workbook"])
        sheet = load_workbook(BytesIO(zhao.answer.content), data_only=True).active
        total, [row] = FIRST_ROW + 1 + 2, [at for at in (FIRST_ROW + 1, FIRST_ROW + 2) if "桥头" in cells(sheet, at)]
        for key, number in figures.items():
            money = 10_000 if key == "income_month" else 1
            self.assertEqual(round(sheet.cell(total, column(key)).value * money), number, key)
            self.assertEqual(round(sheet.cell(row, column(key)).value * money), number, key)
        self.assertIn(self.words["title"], cells(sheet, 1))

    # The leader.

    def the_leader_sees_the_totals_and_no_names(self):
        leader = self.visit("leader")
        self.assertEqual(leader.url, reverse("totals", args=[COUNTY, OCTOBER]))
        # Of a county where one person left and one came home, those away would tell who; of the year it is seven.
        self.assertEqual(leader.open(reverse("figures", args=[COUNTY, OCTOBER])).figure("transferred"), 7)
        leader.open(reverse("totals", args=[COUNTY, OCTOBER]))
        self.no_names(leader.follow(reverse("drill", args=[COUNTY, OCTOBER, "away"])))
        self.no_names(leader.open("/totals/").follow(reverse("totals", args=[STATION, OCTOBER])))
        for hidden in (at("cell", HOME, "away"), at("return"), reverse("totals", args=[HOME, OCTOBER]),
                       reverse("person", args=[person(NAME).pk])):
            leader.open(hidden, status=404)

    def no_names(self, visitor):
        for name in (NAME, *county.AWAY[HOME]):
            self.assertNotIn(name, visitor.text)
        self.assertFalse([link for link in visitor.links if "/cells/" in link or "/people/" in link])


def at(name, village=HOME, *more) -> str:
    """An address in October; of a return unless it is the station's or the county's."""
    is_of_all = name in ("queue", "board", "lock")
    return reverse(name, args=[OCTOBER] if is_of_all else [village, OCTOBER, *more])


def state(village=HOME) -> str:
    return MonthlyReturn.objects.get(village=village, month=OCTOBER).state


def cells(sheet, row) -> str:
    return " ".join(str(cell.value) for cell in sheet[row] if cell.value is not None)


def column(key) -> int:
    """The sheet column that shows a figure: the one that changes with it alone. Two columns stand before them."""
    row = Row("", dict.fromkeys(KEYS, 0) | {key: 10_000}, 0, 0, 0)
    [found] = [number for number, each in enumerate(COLUMNS) if not each.formula and each.value(row)]
    return found + 3


class InEnglish(Month, TestCase):
    language = "en"
    words = {
        "open October": "Open October 2026", "to the place": "Next: where to", "next list": "Show the next list",
        "to the work": "Next: work", "to the check": "Next: check", "save": "Save", "recorded": "Recorded",
        "Shenzhen": "Guangdong Shenzhen 广东 深圳", "nothing": "Submit: nothing changed", "submit": "Check and submit",
        "explain": "Explain it in one line", "sent back": "was sent back, please correct it", "answer": "Answer",
        "differences": "Look at the differences", "send back": "Send back to the village",
        "approve two": "Approve these 2 returns", "lock": "Lock", "sealed": "Sealed", "workbook": "Workbook",
        "title": "Datong",
    }


class InChinese(Month, TestCase):
    language = "zh-CN"
    words = {
        "open October": "开放2026年10月", "to the place": "下一步：去哪里", "next list": "显示下一级",
        "to the work": "下一步：工作", "to the check": "下一步：核对", "save": "保存", "recorded": "已登记",
        "Shenzhen": "广东 深圳", "nothing": "零报告上报", "submit": "检查并上报",
        "explain": "请用一句话说明", "sent back": "退回", "answer": "回复",
        "differences": "看差异", "send back": "退回给村里",
        "approve two": "审核2份月报", "lock": "锁定", "sealed": "已封存", "workbook": "上报表",
        "title": "大通",
    }
