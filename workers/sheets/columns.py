"""The columns of the ledger's sheets, listed once: matching, template, preview and roster all use these lists."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from laborreg.columns import Column
from laborreg.identity import plain
from workers import codes
from workers.columns import clean_persons
from workers.sheets import cleaning, days, lists
from workers.sheets.cleaning import Read, few_words, text_of

WORKERS, TRANSFERS, LEDGER, GROUPS = "workers", "transfers", "ledger", "groups"
PERSON, HOUSEHOLD, TRIP = "person", "household", "trip"


@dataclass(frozen=True)
class SheetColumn(Column):
    """A column of a sheet. Its reader is `clean`, or the method of Places that `asks` names."""

    part: str = PERSON
    # Codes and labels, for the drop-down list of the template.
    choices: tuple = ()
    asks: str = ""
    # The problem of a cell that its reader complains about without naming one.
    problem: str = "not_listed"

    def reader(self, places) -> Callable:
        return getattr(places, self.asks) if self.asks else self.clean


def _read_number(cell) -> str:
    """A household number: text, whatever the sheet took it for."""
    return few_words(30)(plain(text_of(cell)))


def _read_persons(cell) -> Read:
    typed = text_of(cell)
    found = clean_persons(typed)
    return Read(found, str(found) if str(found) != typed else "")


def _raw(cell) -> str:
    return plain(text_of(cell))


def _place(name, heading, example, *synonyms, asks="", required=False, part=PERSON, problem="not_listed"):
    return SheetColumn(name, heading, _raw, example, synonyms, required, part, (), asks, problem)


def _text(name, heading, example, length, *synonyms, part=PERSON):
    return SheetColumn(name, heading, few_words(length), example, synonyms, False, part, (), "", "bad_words")


def _list(name, heading, reader, choices, *synonyms, part=PERSON, required=False):
    choices = tuple(pair for pair in choices if pair[0] != "")
    return SheetColumn(name, heading, reader, choices[0][1], synonyms, required, part, choices, "", "not_listed")


def _day(name, heading, reader, example, *synonyms, part=TRIP):
    return SheetColumn(name, heading, reader, example, synonyms, False, part, (), "", "bad_date")


YES_NO = [("yes", _("Yes")), ("no", _("No"))]

WHO = [
    _place("township", _("Township"), "桥头镇", "乡镇", "所属乡镇", "乡(镇)", "乡镇名称", "所在乡镇", "户籍乡镇", "镇",
        "镇(乡)", "乡镇(街道)", "乡镇街道办"),
    _place("village", _("Village"), "大煤洞村", "村", "行政村", "所属行政区", "行政区划代码", "村名", "所属村", "村(社区)",
        "村委会", "户籍村",
        "村/社区", "所在村", "户籍地", "村名称", "行政村名称", "村社", "村组", "村居", "行政村(社区)", "所在行政村", "户籍所在村",
        asks="read_village", problem="unknown_village"),
    SheetColumn("name", _("Name"), cleaning.read_name, "马秀兰", ("姓名", "务工人员姓名", "劳动力姓名", "成员姓名", "人员姓名",
        "外出务工人员姓名",
                "外出人员姓名", "名字", "本人姓名", "农民工姓名"), True, PERSON, (), "", "bad_name"),
    SheetColumn("id_number", _("ID number"), cleaning.read_id, "630000198803120020", (
        "身份证号", "证件号码", "身份证号码", "身份证", "公民身份号码", "公民身份证号码", "证件号", "身份证件号码",
        "居民身份证号", "本人身份证号", "身份证号码(18位)",
    ), False, PERSON, (), "", "bad_id"),
]
PERSON_FACTS = [
    _text("group_name", _("Group"), "三社", 30, "组", "社", "村民小组", "小组", "组别", "自然村", "社别", "村民组",
        "社(组)", "组(社)"),
    _list("no_id_reason", _("Why there is no ID number"), lists.NO_ID, codes.NO_ID_REASONS, "无证件原因", "没有身份证号的原因"),
    _list("sex", _("Sex"), lists.SEX, codes.SEXES, "性别"),
    _day("birth_date", _("Birth date"), days.read_birth_date, "1988-03-12", "出生日期", "出生年月", "出生年月日", "生日",
        part=PERSON),
    _list("ethnic_group", _("Ethnic group"), lists.ETHNIC, codes.ETHNIC_GROUPS, "民族"),
    _list("education", _("Education"), lists.EDUCATION, codes.EDUCATION, "文化程度", "学历", "受教育程度", "教育程度",
        "文化水平", "最高学历"),
    _list("ability", _("Labor ability"), lists.ABILITY, codes.ABILITIES, "劳动能力", "劳动技能", "劳动力类型"),
    _list("is_student", _("At school"), lists.STUDENT, YES_NO, "在校生状况", "上学状态", "是否在校", "在校", "是否在校生",
        "是否学生"),
    _list("wants_to_go", _("Wants to go out for work"), lists.WANTS, YES_NO, "就业创业意愿", "外出意愿", "是否有外出务工意愿",
        "务工意愿", "就业意愿",
          "转移就业意愿"),
    _text("skills", _("Skills"), "电焊", 100, "技能", "技能特长", "掌握技能", "特长", "职业技能"),
    _list("skill_grade", _("Skill grade"), lists.GRADE, codes.SKILL_GRADES, "职业资格等级", "技能等级", "技能证书等级",
        "职业技能等级"),
    SheetColumn("phone", _("Phone"), cleaning.read_phone, "13897123456", (
        "联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "成员联系电话", "本人电话", "联系电话(手机)",
        "务工人员电话", "本人联系电话", "本人联系方式", "移动电话",
    ), False, PERSON, (), "", "bad_phone"),
    _list("phone_whose", _("Whose phone"), lists.WHOSE, codes.PHONE_OWNERS, "电话是谁的", "电话归属", "机主"),
]
HOUSEHOLD_FACTS = [
    SheetColumn("household_number", _("Household number"), _read_number, "0012", ("户编号", "户号", "家庭编号", "户编码",
        "户籍编号"), False,
                HOUSEHOLD, (), "", "bad_words"),
    SheetColumn("head_id", _("Head's ID number"), cleaning.read_id, "630000196512110018", (
        "户主证件号码", "户主身份证号", "户主身份证号码", "户主身份证", "户主证件号",
    ), False, HOUSEHOLD, (), "", "bad_id"),
    _list("relation", _("Relation to the head"), lists.RELATION, codes.RELATIONS, "与户主关系", "家庭关系", "关系",
        "与户主的关系", "户主关系", part=HOUSEHOLD),
    SheetColumn("status", _("Poverty status"), lists.read_status, codes.STATUS_KINDS[0][1], (
        "户类型", "脱贫状态", "监测对象类型", "是否脱贫户", "是否建档立卡", "农户类型", "户属性", "是否脱贫人口", "贫困户属性",
        "脱贫属性",
    ), False, HOUSEHOLD, tuple(codes.STATUS_KINDS), "", "not_listed"),
    _day("status_from", _("Poverty status since"), days.read_day, "2020-11-01", "认定日期", "风险识别时间", "认定时间",
        "脱贫时间",
         part=HOUSEHOLD),
]
PERSON_NOTE = _text("note", _("Note"), "", 200, "备注", "说明")
DAYS = [
    _day("started_on", _("Left on"), days.read_start, "2026-03-01", "就业起始日期", "务工开始年月", "外出时间", "外出日期",
        "务工开始时间", "开始时间",
         "起始日期", "外出务工时间", "就业开始时间", "离家时间", "外出年月", "务工起始时间", "务工开始日期", "开始日期",
         "上岗时间", "输出时间", "离乡时间", "务工日期", "出发时间", "输出日期", "转移时间", "转移就业时间", "外出开始时间",
         "外出务工年月"),
    _day("ended_on", _("Came home on"), days.read_homecoming, "2026-10-20", "就业终止日期", "务工结束年月", "返乡时间",
        "返乡日期", "务工结束时间", "结束时间",
         "终止日期", "就业结束时间", "务工结束日期", "结束日期", "返乡年月", "返回时间", "回乡时间", "回家时间", "务工终止时间",
         "就业终止时间"),
]
WHERE = [
    _place("destination", _("Destination"), "江苏省苏州市", "务工地点", "务工地", "就业地点", "外出地点", "务工去向", "去向",
        "就业地域", "输出地", "务工地址",
           "外出务工地点", "就业地", "务工区域", "外出务工地", "工作地点", "目的地", "就业地址", "外出地", "务工所在地",
           "就业去向", "输出地点", "转移去向", "转移地点", "流向", "务工省市", asks="read_destination",
           part=TRIP,
           problem="unknown_place"),
    _place("province", _("Province of work"), "江苏省", "务工所在省", "务工省份", "省", "省份", "务工地省", "就业省份",
        "务工省", part=TRIP),
    _place("city", _("City of work"), "苏州市", "务工所在市", "市", "城市", "务工地市", "就业城市", "务工市", "务工城市",
        "市(州)", part=TRIP),
    _place("district", _("County of work"), "昆山市", "务工所在县", "县", "区县", "县(区)", "务工地县", "务工县",
        "务工所在县(区)", "县(市、区)", part=TRIP),
]
WORK = [
    _list("channel", _("How the job was found"), lists.CHANNEL, codes.CHANNELS, "就业渠道", "外出方式", "输出方式", "务工渠道",
        "组织方式", "转移方式", "外出渠道", "就业途径", "转移渠道", "输出渠道",
          part=TRIP),
    _place("broker", _("Labor broker"), "马占海", "劳务经纪人", "经纪人", "经纪人姓名", "劳务经纪人姓名", "带队人",
        asks="read_broker", part=TRIP,
           problem="unknown_broker"),
    _place("point", _("Cooperation point"), "驻深圳劳务协作点", "劳务协作点", "协作点", "劳务协作站", asks="read_point",
        part=TRIP, problem="unknown_point"),
    _text("agency", _("Agency"), "某人力资源公司", 60, "中介机构", "中介", "输送机构", "劳务公司", "派遣公司", part=TRIP),
    _list("form", _("Form of work"), lists.FORM, codes.FORMS, "就业形式", "务工类型", "就业类型", "就业方式", part=TRIP),
    _text("employer", _("Employer"), "某电子厂", 60, "就业单位名称", "务工企业名称", "用工单位", "单位名称", "务工单位",
        "企业名称", "就业单位", "用人单位",
          "工作单位", "务工单位名称", "务工企业", "就业企业", "用工企业", part=TRIP),
    _list("industry", _("Industry"), lists.INDUSTRY, codes.SECTIONS, "所属行业", "行业", "从事行业", "就业行业", "产业",
        "务工行业", "产业类型", "行业类别", "从业行业", part=TRIP),
    _list("job", _("Job"), lists.read_job, codes.JOBS, "岗位工种", "工种", "岗位", "从事工种", "职业", "务工工种", "从事岗位",
        "就业工种", "就业岗位", "务工岗位", "工作岗位", "从事职业", part=TRIP),
    SheetColumn("pay", _("Monthly pay, yuan"), cleaning.read_pay, "4500", (
        "务工月收入", "岗位工资", "月工资", "月收入", "月收入(元)", "工资", "月薪", "月工资(元)", "务工收入(元/月)",
        "月均收入", "工资(元/月)", "月工资收入",
        "务工月收入(元)", "月均工资", "月平均工资", "工资待遇", "薪资", "每月工资", "收入(元/月)",
    ), False, TRIP, (), "", "bad_pay"),
    SheetColumn("yearly_pay", _("Yearly income, 10,000 yuan"), cleaning.read_yearly_pay, "5.4", (
        "年收入(万元)", "年收入", "年工资收入", "年务工收入(万元)", "务工年收入", "年工资(万元)", "年收入(万)", "务工总收入",
        "年务工收入", "务工年收入(万元)",
    ), False, TRIP, (), "", "bad_pay"),
    _list("pay_band", _("Monthly pay, about"), lists.BAND, codes.PAY_BANDS, "工资区间", "月收入区间", "收入档次", "月工资区间",
        part=TRIP),
    _list("contract", _("Contract"), lists.CONTRACT, YES_NO, "是否签订合同", "签订合同", "劳动合同", "合同", "是否签订劳动合同",
        "是否签合同", part=TRIP),
    _day("contract_until", _("Contract until"), days.read_last_day, "2027-02-28", "合同到期日", "合同期限", "合同截止日期",
        "合同到期时间"),
    _list("insurance", _("Social insurance"), lists.INSURANCE, YES_NO, "参保情况", "社会保险", "是否参保", "社保",
        "是否参加社会保险", part=TRIP),
    _day("planned_home", _("Plans to come home"), days.read_month, "2027-01", "计划返乡时间", "预计返乡时间", "预计返乡"),
    _list("reason", _("Why the worker came home"), lists.REASON, codes.REASONS, "返乡原因", "返乡理由", "回乡原因", part=TRIP),
    _list("plan", _("What the worker does now"), lists.PLAN, codes.PLANS, "返乡后状况", "返乡后去向", "返乡后打算", "目前状况",
        "返乡后情况", part=TRIP),
    _list("source", _("Who told it"), lists.SOURCE, codes.SOURCES, "信息来源", "核实方式", "信息来源方式", part=TRIP),
]
WORK_NOTE = _text("work_note", _("Note on the departure"), "", 200, "外出备注", "务工备注", part=TRIP)
ONLY_NOTE = _text("work_note", _("Note on the departure"), "", 200, "备注", "外出备注", "务工备注", "说明", part=TRIP)

PERSONS = SheetColumn("persons", _("Persons"), _read_persons, "12", (
    "人数", "外出人数", "务工人数", "外出务工人数", "务工人员数", "转移人数", "转移就业人数", "劳务输出人数", "输出人数",
    "在外人数", "就业人数", "人数(人)", "合计人数", "总人数", "未具名人数",
), True, TRIP, (), "", "bad_persons")
AGE_BAND = _list("age_band", _("Age"), lists.AGE_BAND, codes.AGE_BANDS, "年龄", "年龄段", "年龄组", "年龄结构", "年龄区间",
    part=TRIP)


def _of_several(columns):
    """The facts of a transfer and its household that a group can have; several persons may be of both sexes."""
    known = {column.name: column for column in columns}
    names = ["industry", "channel", "form", "status", "pay", "reason"]
    sex = replace(known["sex"], clean=lists.SEX_OF_SEVERAL)
    # A group has no pay band in which a range could be kept.
    synonyms = (*known["pay"].synonyms, "人均月收入", "人均月工资", "平均月收入", "平均月工资")
    pay = replace(known["pay"], clean=cleaning.read_one_pay, synonyms=synonyms)
    return [sex, AGE_BAND, *[pay if name == "pay" else known[name] for name in names]]


PEOPLE = [*WHO, *HOUSEHOLD_FACTS[:3], *PERSON_FACTS, *HOUSEHOLD_FACTS[3:]]
COLUMNS = {
    WORKERS: [*PEOPLE, PERSON_NOTE],
    TRANSFERS: [*WHO, *[column for column in PERSON_FACTS if column.name in ("birth_date", "phone")], *DAYS, *WHERE, *WORK,
        ONLY_NOTE],
    LEDGER: [*PEOPLE, *DAYS, *WHERE, *WORK, PERSON_NOTE, WORK_NOTE],
    GROUPS: [*WHO[:2], PERSONS, *DAYS, *WHERE, *_of_several([*PEOPLE, *WORK]), PERSON_NOTE],
}
BY_NAME = {kind: {column.name: column for column in columns} for kind, columns in COLUMNS.items()}
# These are neither remembered nor kept clear; a staged row keeps them enciphered under this name.
SECRET = {"id_number": "id", "head_id": "head_id", "account": "account"}
# What is each person's own: many rows cannot be given the same.
OWN = {*SECRET, "name", "phone"}
PLACE_PARTS = ("province", "city", "district")


# Of kinds that another room adds: the columns without which no row can be taken.
NEEDED: dict[str, list[str]] = {}


def add(kind, listed, *, needed):
    """A kind of sheet of another room."""
    COLUMNS[kind], NEEDED[kind] = listed, needed
    BY_NAME[kind] = {column.name: column for column in listed}


# A row that fills none of these is about nobody.
TELLING = {GROUPS: {"persons"}}


def telling(kind) -> set[str]:
    return TELLING.get(kind, {"name", "id_number"})


def leading(kind, names) -> tuple[str, str]:
    """The two columns by which a list shows what a row is about."""
    if kind == GROUPS:
        return "village" if "village" in names else "destination", "persons"
    return "name", "id_number"


def heading_of(name, kind=LEDGER) -> str:
    """Of a name that is no column of ours, nothing."""
    found = BY_NAME[kind].get(name) or BY_NAME[LEDGER].get(name)
    return str(found.heading) if found else ""


def missing(kind, names, *, one_village) -> list[str]:
    """Headings of columns without which no row of the sheet can be taken."""
    names = set(names)
    if kind in NEEDED:
        return [heading_of(name, kind) for name in NEEDED[kind] if name not in names]
    wanted = [] if one_village or kind == TRANSFERS else ["village"]
    wanted += _needed_for_counts(names) if kind == GROUPS else _needed_for_people(kind, names)
    return [heading_of(name, kind) for name in wanted if name not in names]


def _needed_for_counts(names) -> list[str]:
    return ["persons", "started_on"] + ([] if names & {"province", "city"} else ["destination"])


def _needed_for_people(kind, names) -> list[str]:
    wanted = []
    if kind != TRANSFERS or "id_number" not in names:
        wanted.append("name")
    if kind == TRANSFERS and not names & {"started_on", "ended_on"}:
        wanted.append("started_on")
    if kind != WORKERS and not names & {"destination", "province", "city", "ended_on"}:
        wanted.append("destination")
    if kind == LEDGER and not names & {"started_on", "ended_on"}:
        wanted.append("started_on")
    return wanted
