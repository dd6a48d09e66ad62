"""Where people are, as a grid of equal tiles: no map, no border; a map needs an approval of its own."""

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from laborreg.charts.svg import drawing, element, figure, linked, title

# code: (column, row, one character, Chinese name, ISO letters, English name)
PROVINCES = {
    "11": (6, 2, "京", "北京", "BJ", "Beijing"),
    "12": (7, 2, "津", "天津", "TJ", "Tianjin"),
    "13": (6, 3, "冀", "河北", "HE", "Hebei"),
    "14": (5, 3, "晋", "山西", "SX", "Shanxi"),
    "15": (6, 1, "蒙", "内蒙古", "NM", "Inner Mongolia"),
    "21": (8, 2, "辽", "辽宁", "LN", "Liaoning"),
    "22": (8, 1, "吉", "吉林", "JL", "Jilin"),
    "23": (8, 0, "黑", "黑龙江", "HL", "Heilongjiang"),
    "31": (8, 4, "沪", "上海", "SH", "Shanghai"),
    "32": (7, 4, "苏", "江苏", "JS", "Jiangsu"),
    "33": (7, 5, "浙", "浙江", "ZJ", "Zhejiang"),
    "34": (6, 4, "皖", "安徽", "AH", "Anhui"),
    "35": (6, 6, "闽", "福建", "FJ", "Fujian"),
    "36": (6, 5, "赣", "江西", "JX", "Jiangxi"),
    "37": (7, 3, "鲁", "山东", "SD", "Shandong"),
    "41": (5, 4, "豫", "河南", "HA", "Henan"),
    "42": (5, 5, "鄂", "湖北", "HB", "Hubei"),
    "43": (4, 5, "湘", "湖南", "HN", "Hunan"),
    "44": (5, 6, "粤", "广东", "GD", "Guangdong"),
    "45": (3, 6, "桂", "广西", "GX", "Guangxi"),
    "46": (4, 7, "琼", "海南", "HI", "Hainan"),
    "50": (4, 4, "渝", "重庆", "CQ", "Chongqing"),
    "51": (3, 4, "川", "四川", "SC", "Sichuan"),
    "52": (3, 5, "黔", "贵州", "GZ", "Guizhou"),
    "53": (2, 5, "滇", "云南", "YN", "Yunnan"),
    "54": (1, 4, "藏", "西藏", "XZ", "Tibet"),
    "61": (4, 3, "陕", "陕西", "SN", "Shaanxi"),
    "62": (3, 2, "甘", "甘肃", "GS", "Gansu"),
    "63": (2, 3, "青", "青海", "QH", "Qinghai"),
    "64": (4, 2, "宁", "宁夏", "NX", "Ningxia"),
    "65": (0, 2, "新", "新疆", "XJ", "Xinjiang"),
    "71": (8, 6, "台", "台湾", "TW", "Taiwan"),
    "81": (6, 7, "港", "香港", "HK", "Hong Kong"),
    "82": (5, 7, "澳", "澳门", "MO", "Macao"),
}
COLUMNS, ROWS, SIDE, GAP = 9, 8, 46, 4
# From which share of the largest value a tile takes this shade; uneven, since people gather in few provinces.
SHADES = [(0.5, "s5"), (0.2, "s4"), (0.1, "s3"), (0.02, "s2")]


def tiles(values_by_province, *, label, home=None, href=None) -> SafeString:
    """One tile per province, by its two-digit code. A missing one is empty, a text ("<3") stays as it is.

    `home` is the own province, marked by a frame; `href` gives the address behind a code.
    """
    largest = max((value for value in values_by_province.values() if isinstance(value, int)), default=0)
    shapes = [_tile(code, values_by_province.get(code), largest, home, href) for code in PROVINCES]
    width, height = COLUMNS * (SIDE + GAP), ROWS * (SIDE + GAP)
    return drawing(*shapes, width=width, height=height, label=label, css="chart-tiles", has_links=bool(href))


def _tile(code, value, largest, home, href):
    column, row, character, chinese, letters, english = PROVINCES[code]
    is_chinese = (get_language() or "en").startswith("zh")
    short, name = (character, chinese) if is_chinese else (letters, english)
    words, shade = f"{name}: {figure(value or 0)}", _shade(value, largest)
    x, y = GAP / 2 + column * (SIDE + GAP), GAP / 2 + row * (SIDE + GAP)
    shapes = [
        title(words),
        element("rect", x=x, y=y, width=SIDE, height=SIDE, rx=6, class_=shade),
        element("text", short, x=x + SIDE / 2, y=y + (20 if value else 28), class_="tile-name"),
    ]
    if value:
        shapes.append(element("text", figure(value), x=x + SIDE / 2, y=y + 37, class_="tile-figure"))
    css = [word for word, holds in [("tile-home", code == home), ("on-dark", shade in ("s4", "s5"))] if holds]
    mark = element("g", *shapes, class_=" ".join(css) or None)
    return linked(mark, href and value and href(code), words)


def _shade(value, largest):
    if not value:
        return "s0"
    if isinstance(value, str):
        return "s1"
    return next((shade for share, shade in SHADES if value >= share * largest), "s1")
