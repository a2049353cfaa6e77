"""`./run screenshots [DIR]`: main pages × persona × language × theme × width, and contact sheets.

For a person to look at the whole product in a minute: one sheet a persona.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Error, Page

from tests.bench.servers import environment, free_port, lms, running, shown
from tests.browser import launched

WIDTHS = (360, 1280)
LANGUAGES = ("fr", "ar", "en")
THEMES = ("light", "dark")
LESSON = "/admin/content/c1-frame-and-context/01-people-at-the-centre"


def places(demo: dict[str, Any]) -> dict[str, list[str]]:
    """Addresses worth a look, by persona ('' is the public)."""
    tokens = {state: c["token"] for state, c in demo["certificates"].items()}
    cohort = demo["cohorts"]
    dossiers = demo.get("dossiers", {})

    def dossier(*states: str) -> list[str]:
        return [f"/assessment/dossiers/{dossiers[s]}" for s in states if s in dossiers]

    return {
        "": [
            "/",
            "/sign-in",
            "/help",
            "/verify",
            *(f"/verify/{t}" for t in tokens.values()),
            "/verify/unknown",
            "/programmes/coach",
            "/programmes/facilitator",
            "/discover",
            "/discover/c3-actors-and-stakes/03-case-brussels",
            "/discover/print",
            "/discover/attendance",
            "/glossary",
            "/glossary?letter=A",
            "/search?q=coaching",
            "/nowhere",
        ],
        "trainee": [
            "/home",
            "/learn",
            "/practice",
            "/practice/note",
            "/practice/outbox",
            "/offline",
            "/sign-out",
            "/account",
            f"/cohorts/{cohort['MA']}/activities",
            f"/cohorts/{cohort['MA']}/activities/c10-x2",
            f"/cohorts/{cohort['MA']}/activities/c10-x3",
            f"/cohorts/{cohort['MA']}/announcements",
            f"/cohorts/{cohort['MA']}/charter",
            f"/cohorts/{cohort['MA']}/discussion",
            f"/cohorts/{cohort['MA']}/discussion/new",
            *demo.get("pages", {}).get("trainee", []),
        ],
        "trainee.new": [
            "/home",
            "/learn",
            "/practice",
            *demo.get("pages", {}).get("trainee.new", []),
        ],
        "facilitator": ["/home", "/certificates", *demo.get("pages", {}).get("facilitator", [])],
        "trainer": [
            "/home",
            "/admin/content",
            "/admin/content/questions/c1-q01/correct",
            LESSON,
            f"{LESSON}/correct",
            f"{LESSON}/handout",
            f"{LESSON}/bank",
            f"{LESSON.rpartition('/')[0]}/bank",
            "/learn/statistics",
            "/learn/statistics/c1-frame-and-context",
            "/learn/statistics/exam",
            "/cohorts",
            f"/cohorts/{cohort['MA']}",
            "/learn/exercises",
            f"/cohorts/{cohort['MA']}/announcements/new",
            "/cohorts/reports",
            "/learn/questions",
            "/practice/observe",
            *demo.get("pages", {}).get("trainer", []),
        ],
        "supervisor": [
            "/home",
            "/practice/queue",
            "/practice/comments",
            "/practice/absences",
            *demo.get("pages", {}).get("supervisor", []),
        ],
        "assessor1": ["/home", "/assessment", *dossier("assessing", "assigned")],
        "chair": ["/home", "/assessment", *dossier("jury")],
        "admin.ma": [
            "/home",
            "/cohorts",
            f"/cohorts/{cohort['MA']}",
            f"/cohorts/{cohort['MA']}/progress",
            f"/cohorts/{cohort['MA']}/progress?need=total-practice",
            "/network/countries/MA/practice",
            f"/cohorts/{cohort['MA']}/roster",
            "/people",
            "/people/new",
            "/practice/supervisors",
            "/network",
            "/assessment",
        ],
        "programme": [
            "/home",
            "/admin/content",
            "/admin/corrections",
            "/admin/releases/new",
            "/assessment",
            *dossier("admissible", "certified"),
            "/admin/register",
            "/admin/outbox",
            "/admin/jobs",
            "/admin/releases",
            f"{LESSON}/bank",
            "/learn/statistics",
            *demo.get("pages", {}).get("programme", []),
        ],
        "partner": ["/home", "/verify", "/admin/register"],
        "auditor": [
            "/home",
            "/admin/audit",
            "/admin/permissions",
            "/admin/register",
            *demo.get("pages", {}).get("auditor", []),
        ],
    }


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    """Sign in as a persona, by the form."""
    page.goto(f"{base}/sign-in")
    page.locator("form input[type=text], form input[type=email]").first.fill(email)
    page.locator("input[type=password]").first.fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/home*")


def shoot(browser: Browser, base: str, who: str, demo: dict[str, Any], folder: Path) -> list[Path]:
    """All pictures of one persona."""
    made = []
    options = parse()
    for theme in options.themes:
        for width in options.widths:
            context = browser.new_context(
                viewport={"width": width, "height": 780}, color_scheme=theme, locale="fr-FR"
            )
            page = context.new_page()
            if who:
                sign_in(page, base, demo["people"][who], demo["password"])
            for language in options.languages:
                for number, place in enumerate(places(demo)[who]):
                    mark = "&" if "?" in place else "?"
                    try:
                        page.goto(f"{base}{place}{mark}lang={language}")
                    except Error as error:
                        print(f"{who} {place}: {error}")
                        continue
                    slug = place.strip("/").replace("/", "_")[:50] or "start"
                    path = folder / f"{number:02d}-{slug}-{language}-{theme}-{width}.png"
                    page.screenshot(path=path, full_page=True)
                    made.append(path)
            context.close()
    return made


def sheet(pictures: list[Path], path: Path) -> None:
    """One picture of many: six a row, each cut to its first screens."""
    across, wide, tall = 6, 300, 460
    down = -(-len(pictures) // across)
    out = Image.new("RGB", (across * (wide + 10), down * (tall + 24)), "#888")
    draw = ImageDraw.Draw(out)
    for index, picture in enumerate(pictures):
        with Image.open(picture) as image:
            scaled = image.convert("RGB").resize((wide, round(image.height * wide / image.width)))
        x, y = index % across * (wide + 10), index // across * (tall + 24)
        draw.text((x + 4, y + 4), picture.stem[:48], fill="white")
        out.paste(scaled.crop((0, 0, wide, min(tall, scaled.height))), (x, y + 20))
    out.save(path)


def parse() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="./run screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", default="screenshots", type=Path)
    parser.add_argument("--who", action="append", help="personas only ('' is the public)")
    parser.add_argument("--languages", type=lambda t: t.split(","), default=LANGUAGES)
    parser.add_argument("--themes", type=lambda t: t.split(","), default=THEMES)
    parser.add_argument("--widths", type=lambda t: [int(w) for w in t.split(",")], default=WIDTHS)
    return parser.parse_args()


def take(base: str, demo: dict[str, Any], folder: Path, who: list[str] | None) -> None:
    """Pictures and sheets of the demonstration at `base`."""
    with launched() as browser:
        for persona in who if who is not None else places(demo):
            target = folder / (persona or "public")
            target.mkdir(parents=True, exist_ok=True)
            made = shoot(browser, base, persona, demo, target)
            sheet(made, folder / f"{persona or 'public'}.png")
            print(f"{persona or 'public'}: {len(made)} pictures", flush=True)


def main() -> None:
    """Load a demonstration, serve it, look at it."""
    options = parse()
    with tempfile.TemporaryDirectory() as temporary:
        data, port = Path(temporary), free_port()
        environ = environment(data, f"sqlite:///{data / 'lms.sqlite3'}", port)
        lms(environ, "demo", "load")
        with running(environ, ["-m", "lms", "serve", "--port", str(port)], port):
            take(f"http://localhost:{port}", shown(environ), options.folder, options.who)


if __name__ == "__main__":
    main()
