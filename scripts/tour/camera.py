"""A person in two windows, one of a desk and one of a phone, and the pictures taken of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from scripts.tour.pictures import PICTURES, Look

DESK = ViewportSize(width=1360, height=900)
PHONE = ViewportSize(width=390, height=844)
TALLEST = 2000
PATIENCE = 20_000  # milliseconds
USUAL = {"locale": "en-US", "timezone_id": "America/New_York", "reduced_motion": "reduce"}
IDLE = """async () => {
  const busy = '[aria-busy="true"], .htmx-request, .skeleton'
  while (document.querySelector(busy) || document.readyState !== 'complete')
    await new Promise(requestAnimationFrame)
  await document.fonts.ready
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
}"""


def settle(page: Page) -> None:
    """Wait until nothing loads and nothing moves."""
    page.wait_for_load_state("networkidle")
    page.evaluate(IDLE)


class Person:
    """Somebody signed in at a desk. The phone shows the same addresses: every page of the product has one."""

    def __init__(self, desk: BrowserContext, phone: BrowserContext, camera: "Camera") -> None:
        self.page = desk.new_page()
        self._phone = phone.new_page()
        self._camera = camera
        for context in (desk, phone):
            context.set_default_timeout(PATIENCE)

    def sign_in(self, name: str) -> None:
        """Come in by the demo's own button, in both windows."""
        for page in (self.page, self._phone):
            page.goto("/")
            page.get_by_role("button", name=f"Sign in as {name}").click()
            page.wait_for_url("**/o/**")
            hide = page.get_by_role("button", name="Hide this")
            if hide.count():  # the guided path of the demo stands before a person's own work
                hide.click()
            settle(page)

    def open(self, path: str) -> Page:
        """A page of the practice, such as ``clients/``."""
        self.page.goto(f"/o/{self._camera.slug}/{path}")
        settle(self.page)
        return self.page

    def look(self, name: str, *, tall: bool = False, desk_only: bool = False) -> None:
        """Take the picture of this name in every look; `tall` shows the whole page instead of a screenful."""
        settle(self.page)
        self._desk(name, tall)
        if not desk_only:
            self._phone.goto(self.page.url)
            settle(self._phone)
            self._take(self._phone, name, Look.PHONE, Look.PHONE_DARK)
        self._camera.taken.add(name)

    def _desk(self, name: str, tall: bool) -> None:
        page = self.page
        if tall:
            wanted = page.evaluate("document.documentElement.scrollHeight")
            height = min(max(wanted, DESK["height"]), TALLEST)
            page.set_viewport_size(ViewportSize(width=DESK["width"], height=height))
        self._take(page, name, Look.LIGHT, Look.DARK)
        page.set_viewport_size(DESK)

    def _take(self, page: Page, name: str, light: Look, dark: Look) -> None:
        for look, scheme in ((light, "light"), (dark, "dark")):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate(IDLE)
            page.screenshot(path=self._camera.folder / PICTURES[name].file(look), animations="disabled")
        page.emulate_media(color_scheme="light")


class Camera:
    """Takes pictures of the demo at `address` into `folder`."""

    def __init__(self, browser: Browser, address: str, slug: str, folder: Path) -> None:
        self._browser, self._address = browser, address
        self.slug, self.folder = slug, folder
        self.taken: set[str] = set()

    @contextmanager
    def stranger(self) -> Iterator[Person]:
        """Windows in which nobody has signed in."""
        desk = self._browser.new_context(base_url=self._address, viewport=DESK, **USUAL)  # type: ignore[arg-type]
        phone = self._browser.new_context(
            base_url=self._address,
            viewport=PHONE,
            has_touch=True,
            is_mobile=True,
            device_scale_factor=2,
            **USUAL,  # type: ignore[arg-type]
        )
        try:
            yield Person(desk, phone, self)
        finally:
            desk.close()
            phone.close()

    @contextmanager
    def person(self, name: str) -> Iterator[Person]:
        """Windows in which one of the demo's people has signed in."""
        with self.stranger() as somebody:
            somebody.sign_in(name)
            yield somebody
