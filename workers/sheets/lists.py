"""What sheets call the codes of each list: a code's own label in either language, and the words that bureaus use for it."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from laborreg.identity import plain
from workers import codes
from workers.sheets.cleaning import Read, folded, listed, text_of, wrong, yes_or_no


def read_status(cell) -> str:
    """The poverty flag of a household; "" where it has none."""
    if folded(text_of(cell)) in {"监测对象", "监测户", "监测"}:
        raise wrong("not_listed", str(_("Say which kind of monitored household it is.")))
    return _STATUS(cell)


_STATUS = listed([*codes.STATUS_KINDS, ("", _("None"))], {
    "relieved": "脱贫|已脱贫|建档立卡|建档立卡户|建档立卡贫困户|建档立卡脱贫户|贫困户|稳定脱贫户|是|脱贫人口",
    "monitored_unstable": "脱贫不稳定户|脱贫不稳定|不稳定户", "monitored_marginal": "边缘易致贫户|边缘户|边缘易致贫",
    "monitored_hardship": "突发严重困难户|突发严重困难", "": "普通农户|一般农户|普通户|一般户|非贫困户|否|无|不是",
})

SEX = listed(codes.SEXES, {"male": "男性|1|m", "female": "女性|2|f"})
SEX_OF_SEVERAL = listed([*codes.SEXES, ("", _("Both, or not known"))], {
    "male": "男性|m", "female": "女性|f", "": "男女|男女都有|混合|不限|不详|不清楚|未知",
})
AGE_BAND = listed(codes.AGE_BANDS, {
    "under_26": "25岁以下|25以下|25及以下|26岁以下|16-25|16-25岁|16至25岁|18-25岁", "26_40": "26-40|26至40岁|26-40周岁",
    "41_50": "41-50|41至50岁|41-50周岁", "51_60": "51-60|51至60岁|51-60周岁", "over_60": "60岁以上|60以上|61岁以上|61及以上",
})
ETHNIC = listed(codes.ETHNIC_GROUPS, {
    **{code: str(name).removesuffix("族") for code, name in codes.ETHNIC_GROUPS if name != "其他"},
    "20": "傈傈族|傈傈|傈僳", "31": "达翰尔族|达翰尔|达斡尔", "46": "崩龙族|德昂", "30": "土", "03": "回|回民", "04": "藏|藏民",
    "97": "其它|其他族", "02": "蒙古|蒙|蒙族", "05": "维吾尔|维|维族", "35": "撒拉|撒拉尔|撒拉尔族",
})
EDUCATION = listed(codes.EDUCATION, {
    "90": "文盲|半文盲|文盲半文盲|文盲及半文盲|未上学|不识字|没上过学", "80": "小学及以下|小学毕业|小学肄业|81|82|83",
    "70": "初级中学|初中毕业|初中肄业|初级中学教育|71|72|73", "60": "高级中学|普通高中|高中毕业|61|62|63",
    "40": "中专|中技|中职|职高|职业高中|技校|中等职业教育|中等专科|41|42|43|44|45|46|47|48|49|高中中专|技工学校",
    "30": "专科|大学专科|高职|大专及以上|大专毕业|31|32|33", "20": "本科|大学本科|大学|研究生|硕士|博士|硕士研究生|研究生及以上|"
    "10|21|22|23|28",
})
ABILITY = listed(codes.ABILITIES, {
    "ordinary": "普通|普通劳力|有劳动能力|有|正常|健康|劳动力", "skilled": "技能|技能型劳动力|技能劳力|技术劳动力",
    "weak": "弱劳力|半劳力|弱劳动力|半劳动力|弱半劳动力|弱", "lost": "丧失劳动能力|丧失", "none": "无|无劳力|无劳动能力|"
    "没有劳动能力",
})
STUDENT = yes_or_no(
    yes="在校|在校生|学生|在读|上中学|上职业院校|上技校|上普通高校|七年级|八年级|九年级|普通高中一年级|普通高中二年级|"
    "普通高中三年级|"
    "中职一年级|中职二年级|中职三年级|高职高专一年级|高职高专二年级|高职高专三年级|本科一年级|本科二年级|本科三年级|本科四年级|"
    "本科五年级|硕士研究生及以上|技师学院一年级|技师学院二年级|技师学院三年级|技师学院四年级", no="非在校|非学生|不在校|已毕业|"
    "未上学|毕业",
)
WANTS = yes_or_no(
    yes="有转移就业意愿|愿意|想|有意愿|有外出意愿|有务工意愿|想外出", no="无就业创业意愿|有创业意愿|不愿意|不想|无意愿|"
        "无外出意愿|无务工意愿",
)
GRADE = listed(codes.SKILL_GRADES, {
    "none": "没有|未取得|否", "junior": "初级|初级技工|五级|初级工五级", "middle": "中级|中级技工|四级|中级工四级",
    "senior": "高级|高级技工|三级|高级工三级", "technician": "二级|技师二级", "senior_technician": "一级|高级技师一级",
})
RELATION = listed(codes.RELATIONS, {
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
NO_ID = listed(codes.NO_ID_REASONS, {
    "not_at_hand": "暂缺|以后补|未带|不在手边", "not_issued": "未办|未办证|没办证|未办理", "lost": "遗失|已丢失",
    "declined": "不愿提供|拒绝",
})
WHOSE = listed(codes.PHONE_OWNERS, {
    "self": "自己|务工人员本人", "family": "家属|亲属|配偶|父母|子女|家里", "employer": "单位|企业|老板", "other": "其它|他人|"
    "邻居|村干部",
})
CHANNEL = listed(codes.CHANNELS, {
    "own": "自主|自行就业|自主就业|自谋职业|自发|自发输出|自谋输出|自己联系|自己外出|自行外出|自主外出|自谋",
    "relatives": "亲友|亲戚|朋友|亲戚介绍|朋友介绍|老乡介绍|熟人介绍|亲朋介绍|亲戚朋友介绍|亲友带动|投亲靠友",
    "government": "组织介绍|政府|组织输出|有组织|有组织输出|政府组织输出|劳务输出|政府介绍|点对点|东西部协作",
    "broker": "经纪人|劳务经纪人介绍|经纪人带动|能人带动", "point": "协作点|劳务协作站|协作站|劳务站", "agency":
    "中介|中介介绍|劳务公司|人力资源公司|劳务派遣|派遣公司|中介组织|人力资源机构", "other": "其它",
})
FORM = listed(codes.FORMS, {
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
INDUSTRY = listed(codes.SECTIONS, {
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


def read_job(cell) -> Read:
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


BAND = listed(codes.PAY_BANDS, {
    "under_2000": "2000以下|2000元以下|低于2000|不足2000", "2000_3999": "2000-3999|2000-3999元|2000-4000|2000-4000元",
    "4000_5999": "4000-5999|4000-5999元|4000-6000|4000-6000元", "6000_7999": "6000-7999|6000-7999元|6000-8000|6000-8000元",
    "8000_up": "8000以上|8000元以上|8000及以上|8000元及以上|大于8000",
})
CONTRACT = yes_or_no(yes="已签|签订|已签订|签了|签合同", no="未签|没签|未签订|没签订", as_words=True)
INSURANCE = yes_or_no(yes="已参保|参保|已参加|参加|已买|缴纳|已缴纳", no="未参保|没参保|未参加|没参加|未买|未缴纳",
    as_words=True)
REASON = listed(codes.REASONS, {
    "festival": "过节|春节|探亲|回家过年|过年", "season_over": "季节性返乡|完工|农忙|工程结束|活干完了|工地停工|季节结束|"
    "务工结束", "laid_off":
    "裁员|停产|企业停产|企业倒闭|失业|企业裁员", "contract_over": "合同期满|合同终止", "low_or_unpaid": "工资低|拖欠工资|欠薪|"
    "工资太低", "family":
    "照顾老人|照顾孩子|照顾家人|家庭原因|家里有事", "illness": "生病|受伤|工伤|疾病|身体原因|患病", "own_business": "创业|"
    "回乡创业", "other": "其它|其他原因|其它原因",
})
PLAN = listed(codes.PLANS, {
    "seeking": "找工作|待业|有意愿未就业|继续外出|求职|未就业", "local_work": "就近就业|本地务工|就地就业|在家打零工",
    "own_business": "创业|返乡创业|个体经营", "farming":
    "种地|在家务农|农业就业", "training": "培训|参加培训", "not_seeking": "不外出|无就业意愿|不再外出|在家",
})
SOURCE = listed(codes.SOURCES, {
    "in_person": "本人", "family": "家人|家属告知|家属", "visit": "入户|走访|上门", "phone": "电话核实|电话访问|电话回访",
    "wechat": "微信核实|微信群", "list":
    "名册|花名册|企业名单|表格",
})
