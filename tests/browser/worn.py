"""A page as it is worn: light and dark, wide and narrow, with one load of it.

Narrow is 320 px: a page of 1280 px enlarged four times (WCAG 1.4.10), or the smallest phone.
"""

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 900}
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
QUIET = "html:not(.htmx-busy)"
# What turns for ever is not waited for, nor is a page that paints nothing anew for some seconds.
PAINTED = """() => Promise.race([
    new Promise(done => setTimeout(done, 3000)),
    Promise.all(document.getAnimations()
        .filter(one => one.effect.getComputedTiming().iterations !== Infinity)
        .map(one => one.finished.catch(() => 0)))
    .then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))])"""
# What says that a browser could not load the page itself: a page in its own right here.
EXPECTED = "Failed to load resource: the server responded with a status of"


class Worn:
    """Looks at pages as somebody; what is wrong with them gathers in `problems`."""

    def __init__(self, someone):
        self.someone, self.page = someone, someone.page
        self.problems = []

    def look(self, name, address):
        """Open a page, whatever its status, and examine it."""
        self.page.goto(self.someone.base + address)
        self.settle()
        if self.page.url != self.someone.base + address:
            self.problems.append(f"{name}: leads on to {self.page.url}")
        self.examine(name)

    def press(self, name, selector):
        """Press a button of the open page, and examine what it answers."""
        self.page.locator(selector).first.click()
        self.settle()
        self.examine(name)

    def settle(self):
        """Wait until the parts of a page that it asks for by itself have come."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_selector(QUIET, state="attached")

    def fresh(self):
        """As at first, whatever an earlier look has left: light, wide, nothing complained of."""
        self.problems.clear()
        self.someone.complaints.clear()
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(WIDE)
        return self

    def wear(self, **media):
        """Change the colours, and wait until they are painted."""
        self.page.emulate_media(**media)
        self.page.evaluate(PAINTED)

    def contrast(self, *more):
        """What is too pale, and what `more` rules find; asked again where the colours may not have
        been painted yet."""
        found = self.someone.axe("color-contrast", *more)
        if not any(one.startswith("color-contrast") for one in found):
            return found
        self.page.wait_for_timeout(500)
        self.page.evaluate(PAINTED)
        return self.someone.axe("color-contrast", *more)

    def examine(self, name):
        """All rules in light on a wide screen; on a narrow one in the dark colours, width and the
        size of what is pressed."""
        found = self.someone.axe()
        self.page.set_viewport_size(NARROW)
        self.wear(color_scheme="dark")  # and what slides into its new width is there
        if (over := self.page.evaluate(OVERFLOW)) > 0:
            found.append(f"{over} px too wide for a narrow screen")
        found += [f"narrow and in the dark, {one}" for one in self.contrast("target-size")]
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(color_scheme="light")
        found += [one for one in self.someone.complaints if not one.startswith(EXPECTED)]
        self.someone.complaints.clear()
        self.problems += [f"{name}: {one}" for one in found]
