"""Invented names, ID numbers and phones. Nobody was issued an ID of area 630000 or a phone that begins with 154."""

from collections import defaultdict

from stdnum.cn import ric

HAN, MONGOL, HUI, TIBETAN, TU, SALAR = "01", "02", "03", "04", "30", "35"

SURNAMES = {
    HAN: "王李张刘陈赵杨周徐孙朱马胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤保逯晁单仇",
    HUI: "马马马马马马马马韩韩韩冶冶冶喇祁白沙丁安苏拜穆妥绽李王杨张",
    TU: "李李李祁祁东东鲍鲍吕汪星麻张王刁白祁秦韩刘赵",
    MONGOL: "包白祁李韩乌",
    SALAR: "韩韩韩马沈",
}
MALE = {
    HAN: "建国 志强 永福 国平 生财 文海 永明 建军 成林 海龙 生林 占奎 永胜 国庆 玉成 万福 世杰 启明 长寿 得财 进财 "
    "吉祥 宏伟 伟 强 斌 涛 鹏 磊 浩 军 波 勇 杰 超 俊杰 文博 宇航 家豪 子轩 天佑 成龙 生龙 海生 有福 发祥 增寿 "
    "国栋 振华 兴旺 德明 延寿",
    HUI: "有福 忠明 成龙 海龙 文明 国良 占彪 明 俊 龙 强 忠 义 伊布拉 穆萨 哈三 尤素 福才 生福 生华 玉龙 玉虎 成虎 "
    "海明 进福 进明 学文 学义 国忠 宗福 光明 占福 世英 文俊 小龙 小军 小明",
    TU: "生德 生财 生福 永寿 占元 国栋 才让 吉祥 成德 万寿 官布 永德 存寿 进德 文德 占德 海德",
    TIBETAN: "扎西 才让 多杰 尖措 索南 东智 仁青 三智 完玛 更登 旦正 拉旦 公保 昂智 南杰 夏吾 桑杰 彭措",
    MONGOL: "巴图 巴特尔 永福 宝音 那生 才仁 国庆 海龙",
    SALAR: "乙布 尤素 哈克木 海龙 成福 忠明 伟",
}
FEMALE = {
    HAN: "秀英 桂兰 玉兰 海燕 丽 小芳 秀兰 玉梅 生梅 生兰 玉莲 发英 占梅 桂英 兰英 红梅 雪梅 春兰 金花 银花 "
    "玉花 冬梅 晓燕 燕 敏 静 婷 娜 艳 霞 玲 芳 莉 倩 雪 欣怡 雨桐 佳怡 文静 海霞 永兰 存兰 成莲 "
    "彩霞 彩云 月英 月娥 生秀 有兰 得兰",
    HUI: "麦 海车 索菲 法土麦 艾舍 英 兰 花 秀英 秀花 玉花 小花 阿英 梅 桂花 玉兰 海花 金花 小兰 海英 学花 秀兰 "
    "月花 玉梅 忠兰 晓梅 燕",
    TU: "生兰 索措 卓玛草 什姐 银索 金索 生花 玉索 海存 秀措 存花 拉毛 冬花 生莲",
    TIBETAN: "卓玛 措毛 拉毛 吉毛 央金 德吉 仁措 才措 南措 羊毛 旦措 索毛 桑吉 周毛",
    MONGOL: "其其格 乌兰 娜仁 春花 玉兰 格日乐",
    SALAR: "索菲 法图麦 海车 艾舍 玉花 花",
}
# Given names of two characters, one of each row: most people have one, so that few share a name in a village.
PAIRS = {
    "male": ("建永国文志海玉成生占世德存进有吉福学宗启增发明万长得", "军明平强林财华福寿祥贵忠义成奎鹏辉才元龙云山虎"),
    "female": ("秀玉桂春红雪海金银晓永生存占彩月丽文佳发兰冬素有成", "英兰梅花莲芳香霞燕琴萍娟云凤玲珍秀菊青珠存草"),
}
# Married into the county from far away; their names carry the middle dot.
FROM_AFAR = [
    ("阿依古丽·买买提", "female", "05"), ("古丽娜尔·托合提", "female", "05"), ("叶尔兰·巴合提", "male", "17"),
]


def surname(rng, group: str) -> str:
    """Of a household; Tibetan names have none."""
    return rng.choice(SURNAMES[group]) if group in SURNAMES else ""


def full_name(rng, group: str, sex: str, family: str) -> str:
    words = _given(group, sex)
    if group == TIBETAN:
        first, second = rng.choice(_given(TIBETAN, "male")), rng.choice(words)
        return first + second if first != second else first
    if rng.random() < 0.25:
        return family + rng.choice(words)
    first, second = (rng.choice(row) for row in PAIRS[sex])
    return family + (first + second if first != second else first)


def _given(group, sex) -> list[str]:
    return (FEMALE if sex == "female" else MALE)[group].split()


class Numbers:
    """Invented ID numbers and phones, none of them twice. A series of its own begins at another sequence and phone."""

    AREA = "630000"

    def __init__(self, sequence=100, phones="15400"):
        self.sequence, self.phones = sequence, phones
        self._born_on = defaultdict(int)
        self._phones = 0

    def id_number(self, born_on, sex: str) -> str:
        """The next number of a birth date: odd sequences are men's, even ones women's."""
        self._born_on[born_on, sex] += 2
        sequence = self._born_on[born_on, sex] + self.sequence + (sex == "male")
        stem = f"{self.AREA}{born_on:%Y%m%d}{sequence:03d}"
        return stem + ric.calc_check_digit(stem + "0")

    def phone(self) -> str:
        self._phones += 1
        return f"{self.phones}{self._phones * 7 % 1_000_000:06d}"
