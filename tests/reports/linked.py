"""The numbers of a page that lead somewhere, and what the page that is led to says of itself; read from the HTML alone."""

import re
from dataclasses import dataclass

from lxml import html

# "1,234", "+3", "−2", "12.50": nothing else beside it.
NUMBER = re.compile(r"[+−-]?\d{1,3}(?:,?\d{3})*(?:\.\d+)?")
# "Guangdong, October: 12": what the mark of a drawing tells.
TOLD = re.compile(r"[:：]\s*([+−-]?\d{1,3}(?:,\d{3})*)$")


@dataclass(frozen=True)
class Link:
    value: float
    href: str
    words: str


def read(words: str) -> float:
    return float(words.strip().replace(",", "").replace("−", "-"))


def links(page: str) -> list[Link]:
    """Every number of the page's main part that is a link: in a table, a tile, a sentence, a drawing; tabs left out."""
    found = ((link, _number_of(link)) for link in _main(page).iter("a") if not link.xpath("ancestor::nav"))
    return [Link(read(number), link.get("href"), " ".join(link.text_content().split())) for link, number in found if number]


def _main(page):
    return html.fromstring(page).get_element_by_id("main")


def _number_of(link) -> str:
    if link.xpath("ancestor::svg"):
        told = [link.get("aria-label", ""), *(title.text_content() for title in link.iter("title"))]
        return next((found[1] for each in told if (found := TOLD.search(each.strip()))), "")
    tile = link.xpath(".//*[contains(@class, 'tile-value')]")
    words = (tile[0].text or "") if tile else link.text_content()
    return words.strip() if NUMBER.fullmatch(words.strip()) else ""


def stated(page: str) -> float | None:
    """The number a page is about: the sum under its names, its heading's, its one key figure, or those away of a dashboard."""
    main = _main(page)
    for found in (
        main.xpath(".//table[contains(@class, 'names')]/tfoot//td/@data-sum"),
        [each.text_content() for each in main.xpath(".//*[contains(@class, 'figure-head')]")],
        [each.text or "" for each in main.xpath(".//*[contains(@class, 'tile-value')][@data-figure]")][:1],
        [each.text_content() for each in main.xpath(".//td[@data-sum='away']")],
    ):
        if found and NUMBER.fullmatch(found[0].strip()):
            return read(found[0])
    return None


def named(page: str) -> float | None:
    """What the single names on a page add, where all of them stand on it."""
    root = html.fromstring(page)
    found = [float(each) for each in root.xpath("//td[@data-share]/@data-share")]
    return sum(found) if found and not root.xpath("//*[contains(@class, 'pages')]//a") else None
