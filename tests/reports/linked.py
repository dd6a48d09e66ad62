"""The numbers of a page that lead somewhere, and what a page that is led to says of itself; read from the HTML alone."""

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
    return float(words.replace(",", "").replace("−", "-"))


def links(page: str) -> list[Link]:
    """Every number within the page's main part that is a link: in a table, a tile, a sentence, a drawing."""
    main = html.fromstring(page).get_element_by_id("main")
    found = ((link, _number_of(link)) for link in main.iter("a"))
    return [Link(read(number), link.get("href"), " ".join(link.text_content().split())) for link, number in found if number]


def _number_of(link) -> str:
    if link.xpath("ancestor::svg"):
        told = [link.get("aria-label", ""), *(title.text_content() for title in link.iter("title"))]
        return next((found[1] for each in told if (found := TOLD.search(each.strip()))), "")
    tile = link.xpath(".//*[contains(@class, 'tile-value')]")
    words = (tile[0].text or "") if tile else link.text_content()
    return words.strip() if NUMBER.fullmatch(words.strip()) else ""


def stated(page: str) -> float | None:
    """The number that a page is about: the sum under its names, or the figure in its head."""
    main = html.fromstring(page).get_element_by_id("main")
    for found in (main.xpath(".//table[contains(@class, 'names')]/tfoot//td/@data-sum"), _texts(main, "figure-head"), _figures(main)):
        if found:
            return read(found[0].strip())
    return None


def _texts(main, css) -> list[str]:
    return [each.text_content() for each in main.xpath(f".//*[contains(@class, '{css}')]")]


def _figures(main) -> list[str]:
    """Of a page with a single key figure."""
    heads = main.xpath(".//*[contains(@class, 'tile-value')][@data-figure]")
    return [heads[0].text] if len(heads) == 1 else []


def shares(page: str) -> list[float]:
    """What the single names add, as they stand."""
    return [float(each) for each in html.fromstring(page).xpath("//td[@data-share]/@data-share")]
