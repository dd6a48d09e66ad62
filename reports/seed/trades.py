"""What people of Datong go out for: kinds of work with their places, pay, channels and yearly round. All invented."""

from dataclasses import dataclass

# Divisions by code, with their weight.
EAST = {
    "320583": 9, "3205": 6, "3202": 4, "320281": 2, "3301": 6, "330782": 4, "3302": 4, "4403": 9, "441900": 8,
    "4401": 5, "4406": 3, "4413": 2, "442000": 2, "310114": 4, "310115": 3, "3502": 3, "350582": 3, "3702": 3,
    "2102": 1, "2301": 1, "3401": 2, "12": 1, "110105": 2,
}
NOODLE_CITIES = {
    "3205": 7, "320583": 5, "3202": 5, "3301": 7, "330782": 5, "3302": 4, "310115": 7, "310114": 4, "4403": 7,
    "4401": 7, "441900": 4, "4406": 4, "3502": 4, "350582": 3, "4201": 4, "4301": 3, "3401": 3, "3701": 3, "3702": 3,
    "110105": 4, "1301": 1, "2101": 2, "2301": 2, "5101": 2, "4101": 2,
}
HAIXI = {"632801": 10, "632802": 5, "632803": 3, "632821": 2, "632822": 4, "632857": 3}
PLATEAU = {
    "632701": 3, "632621": 3, "632724": 1, "632521": 3, "632221": 2, "632224": 2, "632222": 2, "5401": 6, "5406": 2,
}
WEST = {"6501": 5, "652801": 3, "652901": 3, "6201": 4, "65": 2, "6401": 2, "5101": 2, "1506": 2, "6101": 3}
XINING = {"630102": 12, "630103": 9, "630104": 10, "630105": 11, "630106": 5, "630123": 1}
FUNGUS = {"632621": 6, "632624": 5, "632623": 4, "632722": 6, "632723": 4, "632724": 3, "632726": 2, "632524": 3}
PICKING = {"632822": 8, "632802": 4, "632821": 3, "632801": 3, "652801": 4, "652901": 5}
SUBURBS = {"630202": 2, "630203": 2, "630223": 3, "630102": 4, "630105": 4}
ABROAD = {"SAU": 3, "ARE": 3, "KAZ": 2, "MYS": 2, "JPN": 2, "KOR": 1, "TUR": 1, "81": 1}
# Marks instead of a code: the township of the worker, another one of the county.
OWN_TOWNSHIP, COUNTY_SEATS = "own", "seats"
SEATS = {"630121100": 6, "630121101": 2, "630121105": 3, "630121104": 2}

FESTIVAL, STAYING, SEASON, MAY_AND_JUNE, AUTUMN = "festival", "staying", "season", "may_and_june", "autumn"


@dataclass(frozen=True)
class Trade:
    """One kind of work. Weights are of people in the labor force; pay is a month's in 2024."""

    round: str
    places: dict
    sections: dict
    jobs: dict
    pay: tuple[int, int]
    channels: dict
    form: str = "employed"
    employers: tuple[str, ...] = ()
    contracts: float = 0.2
    men: float = 1.0
    women: float = 1.0
    hui: float = 1.0


FACTORY_CHANNELS = {"point": 22, "government": 22, "broker": 12, "agency": 9, "relatives": 20, "own": 13, "": 2}
BUILDING_CHANNELS = {"broker": 34, "relatives": 30, "own": 22, "government": 10, "": 3, "other": 1}
CITY_CHANNELS = {"own": 38, "relatives": 32, "government": 14, "agency": 6, "broker": 6, "": 4}
NOODLE_SHOPS = ("高原拉面馆", "河湟拉面馆", "老爷山拉面馆", "清真牛肉面馆")
FAMILY_CHANNELS = {"relatives": 78, "own": 20, "": 2}

TRADES = {
    "factory": Trade(
        FESTIVAL, EAST, {"C": 1}, {"manufacturing": 8, "technical": 1, "processing": 2}, (4300, 6400), FACTORY_CHANNELS,
        employers=("晨光电子厂", "兴达制衣厂", "恒鑫五金厂", "宏远玩具厂", "明辉光电厂", "华丰家具厂", "利群食品厂"),
        contracts=0.65, men=10, women=11,
    ),
    "noodle_shop": Trade(
        STAYING, NOODLE_CITIES, {"H": 1}, {"catering": 1}, (6000, 9500), {"own": 70, "relatives": 28, "": 2},
        form="own_business", employers=NOODLE_SHOPS, men=3, women=1.6, hui=4.5,
    ),
    "noodle_hand": Trade(
        STAYING, NOODLE_CITIES, {"H": 1}, {"catering": 1}, (3600, 5600), FAMILY_CHANNELS,
        employers=NOODLE_SHOPS, contracts=0.08, men=4, women=3.5, hui=4,
    ),
    "builder": Trade(
        SEASON, HAIXI | PLATEAU | {"632857": 2}, {"E": 12, "B": 1, "D": 2}, {"building": 8, "technical": 2},
        (5000, 7600), BUILDING_CHANNELS, employers=("顺发建筑队", "永固工程队", "青岭路桥队", "昆仑光伏工地"),
        contracts=0.3, men=15, women=3,
    ),
    "builder_west": Trade(
        SEASON, WEST, {"E": 1}, {"building": 1}, (5200, 8000), BUILDING_CHANNELS,
        employers=("顺发建筑队", "天山工程队", "丝路建设队"), contracts=0.3, men=6, women=1,
    ),
    "city": Trade(
        FESTIVAL, XINING | SUBURBS, {"H": 5, "O": 4, "F": 5, "G": 2, "L": 2, "K": 1},
        {"service": 5, "catering": 3, "retail": 4, "security": 2}, (3000, 4800), CITY_CHANNELS,
        employers=("城东商行", "湟水宾馆", "惠民超市", "安居物业", "南川快餐店"), contracts=0.35, men=6, women=12,
    ),
    "carer": Trade(
        FESTIVAL, XINING | {"110105": 6, "6201": 3, "3301": 2}, {"O": 6, "Q": 3}, {"domestic": 6, "medical": 1},
        (3400, 4800), {"government": 34, "broker": 20, "agency": 14, "relatives": 16, "own": 14, "": 2},
        employers=("大通护工队", "康馨家政", "爱心护理院"), contracts=0.4, men=0.5, women=7,
    ),
    "driver": Trade(
        STAYING, XINING | HAIXI | WEST, {"G": 1}, {"transport": 1}, (5000, 8000), {"own": 70, "relatives": 25, "": 5},
        form="flexible", employers=("河湟物流", ""), men=5, women=0.2,
    ),
    "seat": Trade(
        FESTIVAL, {COUNTY_SEATS: 1}, {"C": 6, "B": 1, "D": 2, "F": 3, "H": 3, "O": 2},
        {"manufacturing": 4, "retail": 2, "service": 3}, (2800, 4600), CITY_CHANNELS,
        employers=("北川铝业加工厂", "老爷山饭店", "桥头商行"), contracts=0.45, men=5, women=6,
    ),
    "near_home": Trade(
        FESTIVAL, {OWN_TOWNSHIP: 1}, {"A": 2, "C": 3, "E": 2, "F": 2, "O": 1},
        {"planting": 2, "processing": 3, "building": 2}, (2500, 3900),
        {"own": 55, "relatives": 25, "government": 12, "": 8}, employers=("扶贫车间", "蔬菜合作社", "村砖厂", ""),
        contracts=0.15, men=7, women=8,
    ),
    "public_post": Trade(
        STAYING, {OWN_TOWNSHIP: 1}, {"N": 3, "S": 1}, {"service": 1}, (2500, 2800), {"government": 1},
        form="public_post", employers=("村委会",), contracts=0.8, men=1, women=1.5,
    ),
    "fungus": Trade(
        MAY_AND_JUNE, FUNGUS, {"A": 1}, {"seasonal": 1}, (6000, 9000),
        {"own": 30, "relatives": 55, "broker": 12, "": 3}, form="flexible", men=6, women=5,
    ),
    "picker": Trade(
        AUTUMN, PICKING, {"A": 1}, {"seasonal": 4, "planting": 1}, (4200, 6000),
        {"broker": 50, "government": 16, "relatives": 24, "own": 8, "": 2}, form="flexible",
        employers=("枸杞种植园", "棉花农场", ""), men=2, women=5,
    ),
    "abroad": Trade(
        STAYING, ABROAD, {"H": 4, "E": 3, "C": 2}, {"catering": 4, "building": 3}, (7000, 12000),
        {"agency": 50, "relatives": 40, "own": 10}, contracts=0.8, men=0.35, women=0.1, hui=3,
    ),
}
AGENCIES = ["青海河湟人力资源公司", "西宁启航劳务公司", "高原劳务派遣公司"]
# A second round of the year for those whose season is short.
SECOND = {"fungus": "picker", "picker": "fungus"}
