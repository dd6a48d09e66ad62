"""The columns of the ledger's sheets, listed once: matching, template, preview and roster all use these lists."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from laborreg.columns import Column
from laborreg.identity import plain
from workers import codes
from workers.columns import clean_persons
from workers.sheets import cleaning
from workers.sheets.cleaning import Read, few_words, folded, listed, text_of, wrong, yes_or_no

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


def _read_status(cell) -> str:
    """The poverty flag of a household; "" where it has none."""
    if folded(text_of(cell)) in {"监测对象", "监测户", "监测"}:
        raise wrong("not_listed", str(_("Say which kind of monitored household it is.")))
    return _STATUS(cell)


_STATUS = listed([*codes.STATUS_KINDS, ("", _("None"))], {
    "relieved": "脱贫|已脱贫|建档立卡|建档立卡户|建档立卡贫困户|建档立卡脱贫户|贫困户|稳定脱贫户|是|脱贫人口",
    "monitored_unstable": "脱贫不稳定户|脱贫不稳定|不稳定户", "monitored_marginal": "边缘易致贫户|边缘户|边缘易致贫",
    "monitored_hardship": "突发严重困难户|突发严重困难", "": "普通农户|一般农户|普通户|一般户|非贫困户|否|无|不是",
})

_SEX = listed(codes.SEXES, {"male": "男性|1|m", "female": "女性|2|f"})
_SEX_OF_SEVERAL = listed([*codes.SEXES, ("", _("Both, or not known"))], {
    "male": "男性|m", "female": "女性|f", "": "男女|男女都有|混合|不限|不详|不清楚|未知",
})
_AGE_BAND = listed(codes.AGE_BANDS, {
    "under_26": "25岁以下|25以下|25及以下|26岁以下|16-25|16-25岁|16至25岁|18-25岁", "26_40": "26-40|26至40岁|26-40周岁",
    "41_50": "41-50|41至50岁|41-50周岁", "51_60": "51-60|51至60岁|51-60周岁", "over_60": "60岁以上|60以上|61岁以上|61及以上",
})
_ETHNIC = listed(codes.ETHNIC_GROUPS, {
    **{code: str(name).removesuffix("族") for code, name in codes.ETHNIC_GROUPS if name != "其他"},
    "20": "傈傈族|傈傈|傈僳", "31": "达翰尔族|达翰尔|达斡尔", "46": "崩龙族|德昂", "30": "土", "03": "回|回民", "04": "藏|藏民",
    "97": "其它|其他族", "02": "蒙古|蒙|蒙族", "05": "维吾尔|维|维族", "35": "撒拉|撒拉尔|撒拉尔族",
})
_EDUCATION = listed(codes.EDUCATION, {
    "90": "文盲|半文盲|文盲半文盲|文盲及半文盲|未上学|不识字|没上过学", "80": "小学及以下|小学毕业|小学肄业|81|82|83",
    "70": "初级中学|初中毕业|初中肄业|初级中学教育|71|72|73", "60": "高级中学|普通高中|高中毕业|61|62|63",
    "40": "中专|中技|中职|职高|职业高中|技校|中等职业教育|中等专科|41|42|43|44|45|46|47|48|49|高中中专|技工学校",
    "30": "专科|大学专科|高职|大专及以上|大专毕业|31|32|33", "20": "本科|大学本科|大学|研究生|硕士|博士|硕士研究生|研究生及以上|"
    "10|21|22|23|28",
})
_ABILITY = listed(codes.ABILITIES, {
    "ordinary": "普通|普通劳力|有劳动能力|有|正常|健康|劳动力", "skilled": "技能|技能型劳动力|技能劳力|技术劳动力",
    "weak": "弱劳力|半劳力|弱劳动力|半劳动力|弱半劳动力|弱", "lost": "丧失劳动能力|丧失", "none": "无|无劳力|无劳动能力|"
    "没有劳动能力",
})
_STUDENT = yes_or_no(
    yes="在校|在校生|学生|在读|上中学|上职业院校|上技校|上普通高校|七年级|八年级|九年级|普通高中一年级|普通高中二年级|"
    "普通高中三年级|"
    "中职一年级|中职二年级|中职三年级|高职高专一年级|高职高专二年级|高职高专三年级|本科一年级|本科二年级|本科三年级|本科四年级|"
    "本科五年级|硕士研究生及以上|技师学院一年级|技师学院二年级|技师学院三年级|技师学院四年级", no="非在校|非学生|不在校|已毕业|"
    "未上学|毕业",
)
_WANTS = yes_or_no(
    yes="有转移就业意愿|愿意|想|有意愿|有外出意愿|有务工意愿|想外出", no="无就业创业意愿|有创业意愿|不愿意|不想|无意愿|"
        "无外出意愿|无务工意愿",
)
_GRADE = listed(codes.SKILL_GRADES, {
    "none": "没有|未取得|否", "junior": "初级|初级技工|五级|初级工五级", "middle": "中级|中级技工|四级|中级工四级",
    "senior": "高级|高级技工|三级|高级工三级", "technician": "二级|技师二级", "senior_technician": "一级|高级技师一级",
})
_RELATION = listed(codes.RELATIONS, {
    "head": "本人或户主|户主本人|本人|户主(本人)", "spouse": "妻|妻子|夫|丈夫|爱人|老婆|配偶妻|之妻|之夫|配偶夫",
    "son": "子|儿子|长子|次子|三子|四子|独生子|养子|大儿子|二儿子", "daughter": "女|女儿|长女|次女|三女|四女|独生女|养女|大女儿|"
    "二女儿",
    "daughter_in_law": "儿媳|儿媳妇|媳妇|长媳|次媳", "son_in_law": "女婿|上门女婿", "grandson": "孙子|孙|长孙|之孙",
    "granddaughter": "孙女|长孙女", "daughters_son": "外孙|外孙子|之外孙", "daughters_daughter": "外孙女",
    "father": "父|父亲", "mother": "母|母亲", "wifes_father": "岳父", "wifes_mother": "岳母", "husbands_father": "公公",
    "husbands_mother": "婆婆", "grandfather": "祖父|爷爷", "grandmother": "祖母|奶奶", "mothers_father": "外祖父|外公",
    "mothers_mother": "外祖母|外婆", "sibling": "兄弟姐妹|兄弟|姐妹|哥哥|弟弟|姐姐|妹妹|兄|弟|姐|妹|之兄|之弟|之姐|之妹",
    "great_grandson": "曾孙|曾孙子", "great_granddaughter": "曾孙女", "nephew": "侄子|侄儿|侄|之侄子", "niece": "侄女",
    "siblings_spouse": "兄弟媳妇|弟媳|嫂子|弟妹", "uncle": "叔伯|叔叔|伯伯|叔|伯", "other": "其它|其他亲属|其他关系|其它亲属",
})
_NO_ID = listed(codes.NO_ID_REASONS, {
    "not_at_hand": "暂缺|以后补|未带|不在手边", "not_issued": "未办|未办证|没办证|未办理", "lost": "遗失|已丢失",
    "declined": "不愿提供|拒绝",
})
_WHOSE = listed(codes.PHONE_OWNERS, {
    "self": "自己|务工人员本人", "family": "家属|亲属|配偶|父母|子女|家里", "employer": "单位|企业|老板", "other": "其它|他人|"
    "邻居|村干部",
})
_CHANNEL = listed(codes.CHANNELS, {
    "own": "自主|自行就业|自主就业|自谋职业|自发|自发输出|自谋输出|自己联系|自己外出|自行外出|自主外出|自谋",
    "relatives": "亲友|亲戚|朋友|亲戚介绍|朋友介绍|老乡介绍|熟人介绍|亲朋介绍|亲戚朋友介绍|亲友带动|投亲靠友",
    "government": "组织介绍|政府|组织输出|有组织|有组织输出|政府组织输出|劳务输出|政府介绍|点对点|东西部协作",
    "broker": "经纪人|劳务经纪人介绍|经纪人带动|能人带动", "point": "协作点|劳务协作站|协作站|劳务站", "agency":
    "中介|中介介绍|劳务公司|人力资源公司|劳务派遣|派遣公司|中介组织|人力资源机构", "other": "其它",
})
_FORM = listed(codes.FORMS, {
    "employed": "企业|单位录用聘用人员|受雇|务工|机关事业单位|单位|企业就业|转移就业|打工|单位录用聘用",
    "own_business": "个体|个体工商|创业|经商|自营|个体经营|个体户|开店|个体工商户", "flexible":
    "灵活|零工|打零工|季节工|其他形式务工就业人员|临时工|散工|短工", "public_post": "公益岗位|公益岗|公岗|公益性岗|公益专岗|"
    "乡村公益性岗位",
})
# A letter before the name of the section, as the standard prints it, is read, too.
_SECTIONS = [
    "农林牧渔业", "采矿业", "制造业", "电力热力燃气及水生产和供应业", "建筑业", "批发和零售业", "交通运输仓储和邮政业",
    "住宿和餐饮业",
    "信息传输软件和信息技术服务业", "金融业", "房地产业", "租赁和商务服务业", "科学研究和技术服务业", "水利环境和公共设施管理业",
    "居民服务修理和其他服务业", "教育", "卫生和社会工作",
    "文化体育和娱乐业", "公共管理社会保障和社会组织", "国际组织",
]
_SECTION_WORDS = {
    "A": "农业|种植业|养殖业|畜牧业|林业|渔业|农林牧渔|种植|养殖|牧业", "B": "采矿|煤矿|矿业|矿山",
    "C": "制造|工厂|加工业|电子厂|加工制造业|纺织|服装|工业", "D": "电力|电力热力燃气及水的生产和供应业|水电",
    "E": "建筑|工地|建筑施工|建筑工地|土建|装修|装饰", "F": "批发零售业|批发零售|零售|零售业|商业|销售|批发业",
    "G": "交通运输|运输|运输业|物流|快递|交通运输业|交通运输仓储业|邮政",
    "H": "住宿餐饮业|住宿餐饮|餐饮|餐饮业|住宿业|宾馆|酒店|拉面|饭馆|餐饮服务|拉面馆", "I": "信息|软件|信息技术|互联网|计算机",
    "J": "金融|银行|保险", "K": "房地产|物业", "L": "租赁|商务服务|租赁商务服务业", "M": "科研|技术服务", "N": "水利|环卫|环境|"
    "水利环境",
    "O": "居民服务|服务业|服务|家政|家政服务|修理|居民服务业|美容美发|保洁", "P": "教育业|教育行业", "Q": "卫生|医疗|医院|养老|"
    "卫生社会工作",
    "R": "文化|体育|娱乐|文体娱乐", "S": "公共管理|机关|政府机关|社会组织", "T": "国际组织机构",
}
_INDUSTRY = listed(codes.SECTIONS, {
    code: f"{name}|{code}{name}|{_SECTION_WORDS[code]}" for code, name in zip(_SECTION_WORDS, _SECTIONS, strict=True)
})
_KNOWN_JOB = listed(codes.JOBS, {
    "planting": "种植|种菜|大棚", "breeding": "养殖|放牧|牧羊", "processing": "加工",
    "manufacturing": "制造|普工|操作工|工厂|车间|车间工人|流水线|电子厂|产业工人|质检|包装|缝纫|服装",
    "service": "服务|服务员|服务生|理发|理发师|美容|美发|美容美发|前台|物业|环卫|收银",
    "building": "建筑|建筑工|小工|大工|瓦工|钢筋|钢筋工|木工|工地|泥瓦工|泥工|砌砖|架子工|油漆|粉刷|装修|装潢|抹灰",
    "handicraft": "手工艺|刺绣",
    "transport": "商业运输|运输|司机|货车司机|驾驶|驾驶员|开车|物流|快递|外卖|骑手|送餐|送货|搬运|装卸",
    "e_commerce": "电子商务|电商",
    "catering": "餐饮|厨师|厨工|厨房|拉面|拉面工|拉面师|拉面匠|帮厨|面点|面点师|面匠|跑堂|洗碗|传菜",
    "domestic": "家政|保姆|月嫂|育儿嫂|护工|护理|保洁|清洁", "retail": "销售|零售业|零售|销售类|营业员|导购|店员|促销",
    "teaching": "教育|教师|老师", "medical": "医护|护士|医生", "security": "警务|保安|门卫|协警|辅警",
    "technical": "技工|电工|水电|水暖|焊工|电焊|电焊工|气焊|维修|维修工|修理|修理工|汽修|钳工|车工|挖掘机|挖机|装载机|塔吊",
    "seasonal": "季节性|季节性务工|采摘|虫草采挖|采挖虫草|摘枸杞|摘棉花", "home_work": "居家", "freelance": "自由|个体",
    "other": "其它|其他类",
}, several=True)
_JOB_ENDING = re.compile("(工人|人员|师傅|工作|工|员)$")


def _read_job(cell) -> Read:
    """A job of the list, also where a word for people who do it was added; nobody is kept out for a job of another name."""
    typed = text_of(cell)
    for text in (typed, _JOB_ENDING.sub("", plain(typed))):
        try:
            found = _KNOWN_JOB(text)
        except ValidationError:
            continue
        return found if text == typed else found._replace(written=str(dict(codes.JOBS)[found.value]))
    words = _now("“%(text)s” is not in the list of jobs. Choose one of the list, if one fits.")
    return Read(None, warning=("job_not_kept", words % {"text": plain(typed)[:60]}))


_BAND = listed(codes.PAY_BANDS, {
    "under_2000": "2000以下|2000元以下|低于2000|不足2000", "2000_3999": "2000-3999|2000-3999元|2000-4000|2000-4000元",
    "4000_5999": "4000-5999|4000-5999元|4000-6000|4000-6000元", "6000_7999": "6000-7999|6000-7999元|6000-8000|6000-8000元",
    "8000_up": "8000以上|8000元以上|8000及以上|8000元及以上|大于8000",
})
_CONTRACT = yes_or_no(yes="已签|签订|已签订|签了|签合同", no="未签|没签|未签订|没签订", as_words=True)
_INSURANCE = yes_or_no(yes="已参保|参保|已参加|参加|已买|缴纳|已缴纳", no="未参保|没参保|未参加|没参加|未买|未缴纳",
    as_words=True)
_REASON = listed(codes.REASONS, {
    "festival": "过节|春节|探亲|回家过年|过年", "season_over": "季节性返乡|完工|农忙|工程结束|活干完了|工地停工|季节结束|"
    "务工结束", "laid_off":
    "裁员|停产|企业停产|企业倒闭|失业|企业裁员", "contract_over": "合同期满|合同终止", "low_or_unpaid": "工资低|拖欠工资|欠薪|"
    "工资太低", "family":
    "照顾老人|照顾孩子|照顾家人|家庭原因|家里有事", "illness": "生病|受伤|工伤|疾病|身体原因|患病", "own_business": "创业|"
    "回乡创业", "other": "其它|其他原因|其它原因",
})
_PLAN = listed(codes.PLANS, {
    "seeking": "找工作|待业|有意愿未就业|继续外出|求职|未就业", "local_work": "就近就业|本地务工|就地就业|在家打零工",
    "own_business": "创业|返乡创业|个体经营", "farming":
    "种地|在家务农|农业就业", "training": "培训|参加培训", "not_seeking": "不外出|无就业意愿|不再外出|在家",
})
_SOURCE = listed(codes.SOURCES, {
    "in_person": "本人", "family": "家人|家属告知|家属", "visit": "入户|走访|上门", "phone": "电话核实|电话访问|电话回访",
    "wechat": "微信核实|微信群", "list":
    "名册|花名册|企业名单|表格",
})


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
    _list("no_id_reason", _("Why there is no ID number"), _NO_ID, codes.NO_ID_REASONS, "无证件原因", "没有身份证号的原因"),
    _list("sex", _("Sex"), _SEX, codes.SEXES, "性别"),
    _day("birth_date", _("Birth date"), cleaning.read_birth_date, "1988-03-12", "出生日期", "出生年月", "出生年月日", "生日",
        part=PERSON),
    _list("ethnic_group", _("Ethnic group"), _ETHNIC, codes.ETHNIC_GROUPS, "民族"),
    _list("education", _("Education"), _EDUCATION, codes.EDUCATION, "文化程度", "学历", "受教育程度", "教育程度",
        "文化水平", "最高学历"),
    _list("ability", _("Labor ability"), _ABILITY, codes.ABILITIES, "劳动能力", "劳动技能", "劳动力类型"),
    _list("is_student", _("At school"), _STUDENT, YES_NO, "在校生状况", "上学状态", "是否在校", "在校", "是否在校生", "是否学生"),
    _list("wants_to_go", _("Wants to go out for work"), _WANTS, YES_NO, "就业创业意愿", "外出意愿", "是否有外出务工意愿",
        "务工意愿", "就业意愿",
          "转移就业意愿"),
    _text("skills", _("Skills"), "电焊", 100, "技能", "技能特长", "掌握技能", "特长", "职业技能"),
    _list("skill_grade", _("Skill grade"), _GRADE, codes.SKILL_GRADES, "职业资格等级", "技能等级", "技能证书等级",
        "职业技能等级"),
    SheetColumn("phone", _("Phone"), cleaning.read_phone, "13897123456", (
        "联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "成员联系电话", "本人电话", "联系电话(手机)",
        "务工人员电话", "本人联系电话", "本人联系方式", "移动电话",
    ), False, PERSON, (), "", "bad_phone"),
    _list("phone_whose", _("Whose phone"), _WHOSE, codes.PHONE_OWNERS, "电话是谁的", "电话归属", "机主"),
]
HOUSEHOLD_FACTS = [
    SheetColumn("household_number", _("Household number"), _read_number, "0012", ("户编号", "户号", "家庭编号", "户编码",
        "户籍编号"), False,
                HOUSEHOLD, (), "", "bad_words"),
    SheetColumn("head_id", _("Head's ID number"), cleaning.read_id, "630000196512110018", (
        "户主证件号码", "户主身份证号", "户主身份证号码", "户主身份证", "户主证件号",
    ), False, HOUSEHOLD, (), "", "bad_id"),
    _list("relation", _("Relation to the head"), _RELATION, codes.RELATIONS, "与户主关系", "家庭关系", "关系", "与户主的关系",
        "户主关系", part=HOUSEHOLD),
    SheetColumn("status", _("Poverty status"), _read_status, codes.STATUS_KINDS[0][1], (
        "户类型", "脱贫状态", "监测对象类型", "是否脱贫户", "是否建档立卡", "农户类型", "户属性", "是否脱贫人口", "贫困户属性",
        "脱贫属性",
    ), False, HOUSEHOLD, tuple(codes.STATUS_KINDS), "", "not_listed"),
    _day("status_from", _("Poverty status since"), cleaning.read_day, "2020-11-01", "认定日期", "风险识别时间", "认定时间",
        "脱贫时间",
         part=HOUSEHOLD),
]
PERSON_NOTE = _text("note", _("Note"), "", 200, "备注", "说明")
DAYS = [
    _day("started_on", _("Left on"), cleaning.read_start, "2026-03-01", "就业起始日期", "务工开始年月", "外出时间", "外出日期",
        "务工开始时间", "开始时间",
         "起始日期", "外出务工时间", "就业开始时间", "离家时间", "外出年月", "务工起始时间", "务工开始日期", "开始日期",
         "上岗时间", "输出时间", "离乡时间", "务工日期", "出发时间", "输出日期", "转移时间", "转移就业时间", "外出开始时间",
         "外出务工年月"),
    _day("ended_on", _("Came home on"), cleaning.read_homecoming, "2026-10-20", "就业终止日期", "务工结束年月", "返乡时间",
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
    _list("channel", _("How the job was found"), _CHANNEL, codes.CHANNELS, "就业渠道", "外出方式", "输出方式", "务工渠道",
        "组织方式", "转移方式", "外出渠道", "就业途径", "转移渠道", "输出渠道",
          part=TRIP),
    _place("broker", _("Labor broker"), "马占海", "劳务经纪人", "经纪人", "经纪人姓名", "劳务经纪人姓名", "带队人",
        asks="read_broker", part=TRIP,
           problem="unknown_broker"),
    _place("point", _("Cooperation point"), "驻深圳劳务协作点", "劳务协作点", "协作点", "劳务协作站", asks="read_point",
        part=TRIP, problem="unknown_point"),
    _text("agency", _("Agency"), "某人力资源公司", 60, "中介机构", "中介", "输送机构", "劳务公司", "派遣公司", part=TRIP),
    _list("form", _("Form of work"), _FORM, codes.FORMS, "就业形式", "务工类型", "就业类型", "就业方式", part=TRIP),
    _text("employer", _("Employer"), "某电子厂", 60, "就业单位名称", "务工企业名称", "用工单位", "单位名称", "务工单位",
        "企业名称", "就业单位", "用人单位",
          "工作单位", "务工单位名称", "务工企业", "就业企业", "用工企业", part=TRIP),
    _list("industry", _("Industry"), _INDUSTRY, codes.SECTIONS, "所属行业", "行业", "从事行业", "就业行业", "产业", "务工行业",
        "产业类型", "行业类别", "从业行业", part=TRIP),
    _list("job", _("Job"), _read_job, codes.JOBS, "岗位工种", "工种", "岗位", "从事工种", "职业", "务工工种", "从事岗位",
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
    _list("pay_band", _("Monthly pay, about"), _BAND, codes.PAY_BANDS, "工资区间", "月收入区间", "收入档次", "月工资区间",
        part=TRIP),
    _list("contract", _("Contract"), _CONTRACT, YES_NO, "是否签订合同", "签订合同", "劳动合同", "合同", "是否签订劳动合同",
        "是否签合同", part=TRIP),
    _day("contract_until", _("Contract until"), cleaning.read_last_day, "2027-02-28", "合同到期日", "合同期限", "合同截止日期",
        "合同到期时间"),
    _list("insurance", _("Social insurance"), _INSURANCE, YES_NO, "参保情况", "社会保险", "是否参保", "社保",
        "是否参加社会保险", part=TRIP),
    _day("planned_home", _("Plans to come home"), cleaning.read_month, "2027-01", "计划返乡时间", "预计返乡时间", "预计返乡"),
    _list("reason", _("Why the worker came home"), _REASON, codes.REASONS, "返乡原因", "返乡理由", "回乡原因", part=TRIP),
    _list("plan", _("What the worker does now"), _PLAN, codes.PLANS, "返乡后状况", "返乡后去向", "返乡后打算", "目前状况",
        "返乡后情况", part=TRIP),
    _list("source", _("Who told it"), _SOURCE, codes.SOURCES, "信息来源", "核实方式", "信息来源方式", part=TRIP),
]
WORK_NOTE = _text("work_note", _("Note on the departure"), "", 200, "外出备注", "务工备注", part=TRIP)
ONLY_NOTE = _text("work_note", _("Note on the departure"), "", 200, "备注", "外出备注", "务工备注", "说明", part=TRIP)

PERSONS = SheetColumn("persons", _("Persons"), _read_persons, "12", (
    "人数", "外出人数", "务工人数", "外出务工人数", "务工人员数", "转移人数", "转移就业人数", "劳务输出人数", "输出人数",
    "在外人数", "就业人数", "人数(人)", "合计人数", "总人数", "未具名人数",
), True, TRIP, (), "", "bad_persons")
AGE_BAND = _list("age_band", _("Age"), _AGE_BAND, codes.AGE_BANDS, "年龄", "年龄段", "年龄组", "年龄结构", "年龄区间", part=TRIP)


def _of_several(columns):
    """The facts of a transfer and its household that a group can have; several persons may be of both sexes."""
    known = {column.name: column for column in columns}
    names = ["industry", "channel", "form", "status", "pay", "reason"]
    sex = replace(known["sex"], clean=_SEX_OF_SEVERAL)
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
