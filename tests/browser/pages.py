"""What several browser tests do on the page."""

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

#: What a browser says of an answer that is not 2xx; what the page makes of it is tested instead.
EXPECTED = "Failed to load resource"


class Visit:
    """Notes what a page should never do: log an error, throw, or call another host."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.complaints.append(f"threw {error}"))

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and EXPECTED not in message.text:
            self.complaints.append(message.text)


def log_in(page: Page, user: str, password: str) -> None:
    """Fill in the login form that the page shows to who has no session."""
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.click("form button.primary")
    page.wait_for_selector("input[name=password]", state="detached")


def note_requests(page: Page) -> list[Request]:
    """Every request from now on, in a list that grows."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    return requests


def spell_percent(share: float) -> str:
    """A share as the English page writes it."""
    return f"{share:.1%}"


def open_first(page: Page, site_url: str, **wanted: str) -> str:
    """Open the first applicant of a list; the page has to be logged in. Returns the id."""
    search = "&".join(f"{name}={value}" for name, value in wanted.items())
    page.goto(f"{site_url}#/applicants?{search}")
    first = page.locator(".row-link").first
    first.wait_for()
    page.wait_for_selector('.list-card[aria-busy="false"]')
    id_ = first.inner_text()
    first.click()
    page.wait_for_selector(".verdict")
    return id_


def open_part(page: Page, name: str) -> None:
    """Go on to another view of the same dossier."""
    parts = page.get_by_role("navigation", name="Parts of the dossier")
    parts.get_by_role("link", name=name).click()


def tab_to(page: Page, wanted: Locator) -> None:
    """Reach something with the Tab key alone, however far it is."""
    wanted.wait_for()
    for _ in range(200):
        if wanted.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()


def is_settled(page: Page) -> None:
    """Wait until a list shows what was asked for last."""
    page.wait_for_selector('.list-card[aria-busy="false"], .empty')


def shown_number(text: str) -> float:
    """What the English page writes as a number, with its own minus."""
    return float(text.replace("\u2212", "-").replace(",", ""))
