"""An officer's browser window, and what is looked at on each page of it."""

from axe_playwright_python.base import AXE_SCRIPT

from tests.journeys.visitor import PASSWORD

# Of what axe found, only what is wrong comes back: a third of its time went into the rest.
VIOLATIONS = "() => axe.run({resultTypes: ['violations']}).then(found => found.violations)"
PHONE = {
    "viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True,
    "locale": "zh-CN",
}
PC = {"viewport": {"width": 1366, "height": 768}, "locale": "en-US"}
# In Chromium a page that is wider than its window tells it here.
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """() => [...document.querySelectorAll("main *, header *, footer *")]
    .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 5).map(each => each.outerHTML.slice(0, 160))"""

# What only figures.css dresses, on a page that does not load it.
UNDRESSED = """() => document.querySelector("link[href*='figures']") ? "" : [...document.querySelectorAll(
    ".chart, .matrix, .legend, .heat, .dash, .ranking, .parts, .tiles, .any-table, .table-form, .definitions, " +
    "[class*='brief-'], [class*='blank-']")].map(each => each.outerHTML.slice(0, 80)).slice(0, 3).join()"""


class Desk:
    """A browser window, and what is looked at on each page of it."""

    def __init__(self, browser, server, **how):
        self.server, self.widths = server, [how["viewport"]["width"], *([320] if how.get("is_mobile") else [])]
        self.height, self.wrong = how["viewport"]["height"], []
        self.context = browser.new_context(base_url=server, **how)
        self.page = self.context.new_page()
        self.page.on("request", self._on_request)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))

    def _on_request(self, request):
        if not request.url.startswith((self.server, "data:")):
            self.wrong.append(f"{self.page.url} asks {request.url}")

    def _on_console(self, message):
        if message.type in ("error", "warning"):
            self.wrong.append(f"{self.page.url}: {message.text}")

    def sign_in(self, name):
        self.page.goto("/sign-in/")
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.tap("form[action='/sign-in/'] .btn-primary")
        return self

    def open(self, url):
        answer = self.page.goto(url)
        assert answer.status == 200, url
        return self

    def tap(self, selector):
        """What leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).filter(visible=True).first.click()
        return self

    def press(self, words):
        return self.tap(f"button:has-text('{words}')")

    def choose(self, **said):
        """Chips and segments: the label is what one taps."""
        for name, value in said.items():
            self.page.locator(f"label:has(input[name='{name}'][value='{value}'])").first.click()
        return self

    def fill(self, **said):
        for name, value in said.items():
            self.page.fill(f"[name='{name}']", value)
        return self

    def sees(self, *texts):
        shown = self.page.inner_text("main")
        for text in texts:
            assert text in shown, f"{text} is not on {self.page.url}: {shown}"
        return self

    def look(self):
        """Nothing sticks out, and nothing bars anybody."""
        for width in reversed(self.widths):
            self.page.set_viewport_size({"width": width, "height": self.height})
            if self.page.evaluate(OVERFLOW) > 0:
                self.wrong.append(f"{self.page.url} is wider than {width}: {self.page.evaluate(WIDEST)}")
        if undressed := self.page.evaluate(UNDRESSED):
            self.wrong.append(f"{self.page.url} does not load figures.css: {undressed}")
        self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate(VIOLATIONS)
        self.wrong += [
            f"{self.page.url}: {each['id']}: {[node['html'][:200] for node in each['nodes'][:3]]}" for each in found
        ]
        return self
