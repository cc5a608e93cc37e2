#!/usr/bin/env python3
"""Drives the dashboard of a running server in headless Chromium and asserts what is drawn.

    browser_test.py --base http://127.0.0.1:5000 --run ID [--pictures FOLDER] [--while-training SECONDS]
        [--only-live] [--only-profile] [--axe]

What the pages show is compared with what /api/v1 answers. With --while-training, another process has to be
logging to the run: its charts must grow without a reload. With --only-profile the run has to be a profile. Needs Playwright from PyPI (no browser download: the
system's Chromium is used) and, for --axe, axe-playwright-python. Exit status 0 if everything held, else 1.
"""

import argparse
import contextlib
import json
import math
import os
import sys
import time
import urllib.parse
import urllib.request

from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 360, "height": 780}
STATUS = {"SCHEDULED": "Scheduled", "RUNNING": "Running", "FINISHED": "Finished", "FAILED": "Failed", "KILLED": "Killed"}

# Pixels of a canvas: those painted at all, those in a colour (axes and labels are grey), and a sum to compare.
COUNT_PIXELS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let painted = 0, coloured = 0, sum = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 0) continue;
    painted += 1;
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
    if (Math.max(r, g, b) - Math.min(r, g, b) > 40) coloured += 1;
    sum = (sum * 31 + r * 65536 + g * 256 + b + i) % 2147483647;
  }
  return { painted, coloured, sum };
}"""


class Failure(AssertionError):
    """Something the page shows is not what it should be."""


def check(condition, message):
    if not condition:
        raise Failure(message)


class Server:
    """The server's own answers, to compare the pages with."""

    def __init__(self, base):
        self.base = base.rstrip("/")

    def get(self, path):
        with urllib.request.urlopen(self.base + "/api/v1" + path, timeout=10) as answer:
            return json.load(answer)

    def run(self, run):
        """What the server says of `run` now."""
        return self.get("/runs/" + run["id"])

    def policy(self, path):
        with urllib.request.urlopen(self.base + path, timeout=10) as answer:
            return answer.headers.get("Content-Security-Policy", "")


class Watch:
    """Notes what a page must not do: complain, fail, or ask anybody but its server."""

    def __init__(self, page, base):
        self.page = page
        self.host = urllib.parse.urlparse(base).netloc
        self.problems = []
        self.questions = []
        self.refused = None  # while questions are asked that the server is to refuse: the statuses
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("request", self.request)
        page.on("response", self.response)

    def console(self, message):
        if "willReadFrequently" in message.text:
            return  # said of this test, which reads canvases back
        if self.refused is not None and "the server responded with a status of 400" in message.text:
            return
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")

    def request(self, request):
        url = urllib.parse.urlparse(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.netloc != self.host:
            self.problems.append(f"request to another host: {request.url}")
        if url.path == "/api/v1/series":
            self.questions.append(json.loads(request.post_data))

    def response(self, response):
        if self.refused is not None and response.status == 400:
            self.refused.append(response.status)
        elif response.status >= 400:
            self.problems.append(f"{response.status} for {response.url}")


    @contextlib.contextmanager
    def refusals(self):
        """The page asks what the server refuses with 400, at least once."""
        self.refused = []
        yield
        self.page.wait_for_timeout(200)  # the console may tell later
        check(self.refused, "nothing was refused")
        self.refused = None


def pixels(page, selector):
    return page.locator(selector).first.evaluate(COUNT_PIXELS)


def chart(key):
    return f'figure.chart[data-key="{key}"]'


def wait_for_chart(page, key):
    page.locator(chart(key)).first.scroll_into_view_if_needed()
    page.wait_for_function(
        "selector => Number(document.querySelector(selector)?.dataset.points) > 0", arg=chart(key), timeout=10_000)
    page.wait_for_function(
        f"selector => ({COUNT_PIXELS})(document.querySelector(selector)).coloured > 20",
        arg=f"{chart(key)} .plot-base", timeout=10_000)


def shown(value):
    """A metric as the pages write it, as a number again; None where they write no plain number."""
    try:
        return float(value.replace(",", ""))
    except ValueError:
        return None


def same_number(text, value):
    if isinstance(value, str):
        return text in {"NaN": ("NaN",), "Infinity": ("∞",), "-Infinity": ("-∞",)}[value]
    number = shown(text)
    return number is not None and math.isclose(number, value, rel_tol=6e-4, abs_tol=1e-12)


def follows(page, agree, seconds=10, unless=lambda: False):
    """A run may be training while we look, and a page follows it: both are read again until they agree. `agree`
    answers whether they do, and what to say if not; `unless` excuses what changes faster than it can be read twice."""
    deadline = time.monotonic() + seconds
    while True:
        agreed, message = agree()
        if agreed:
            return
        if time.monotonic() > deadline:
            check(unless(), message)
            return
        page.wait_for_timeout(200)


def check_table(page, server, run, watch):
    page.goto(server.base + "/")
    row = page.locator(f'tbody tr[data-run="{run["id"]}"]')
    expect(row).to_be_visible(timeout=10_000)
    answer = server.get("/runs?limit=200")["runs"]
    expect(page.locator("table.runs tbody tr")).to_have_count(min(len(answer), 200))
    names = page.locator("table.runs tbody th").all_inner_texts()
    newest_first = sorted(answer, key=lambda one: one["startTime"], reverse=True)
    check(sorted(names) == sorted(one["name"] for one in newest_first), f"the table's names are {names}")
    check(row.locator("th").inner_text() == run["name"], "the row has another name than the run")

    def same_status():
        told, status = server.run(run)["status"], row.locator(".chip").inner_text()
        return status in (STATUS[told], "Stale"), f"the row says '{status}' of a run that is {told}"

    follows(page, same_status)
    check_cells(page, server, run)
    check_sorting(page)
    check_filter(page, run, len(answer), watch)


def check_cells(page, server, run):
    columns = page.locator("thead th[data-column]").evaluate_all("cells => cells.map(cell => cell.dataset.column)")
    metrics = [column for column in columns if column.startswith("metrics.")]
    check(metrics or not run["metrics"], "no metric has a column")
    for column in metrics:
        key = column.removeprefix("metrics.")
        cell = page.locator(f'tbody tr[data-run="{run["id"]}"] td[data-column="{column}"]')

        def same_last():
            now, text = server.run(run)["metrics"].get(key), cell.inner_text()
            fits = same_number(text, now["last"]) if now else text == ""
            return fits, f"{column} shows '{text}', the server says {now}"

        follows(page, same_last, 2.5, unless=lambda: server.run(run)["status"] == "RUNNING" and cell.inner_text())


def check_sorting(page):
    head = page.locator('thead th[data-column="name"]')
    for order in ("descending", "ascending"):
        head.locator("button").click()
        expect(head).to_have_attribute("aria-sort", order)
    names = page.locator("table.runs tbody th").all_inner_texts()
    # A collator, not code points: only what cannot depend on it is asserted.
    plain = [name for name in names if name.isascii() and name.replace("-", "").isalpha() and name.islower()]
    check(plain == sorted(plain, key=lambda name: name.replace("-", " ")), f"names are not in order: {plain}")
    head.locator("button").click()
    expect(head).not_to_have_attribute("aria-sort", "ascending")


def check_filter(page, run, count, watch):
    page.keyboard.press("/")
    expect(page.locator("#filter")).to_be_focused()
    page.keyboard.type(run["id"])
    expect(page.locator("table.runs tbody tr")).to_have_count(1)
    page.locator("#filter").fill("no-run-has-this-word")
    expect(page.get_by_role("heading", name="No run fits")).to_be_visible()
    page.get_by_role("button", name="Clear the filter").click()
    expect(page.locator("table.runs tbody tr")).to_have_count(min(count, 200))
    # What compares is asked of the server, in the language that the command line takes too.
    page.locator("#filter").fill(f"run_id = '{run['id']}' AND start_time > '2000-01-01'")
    expect(page.locator("table.runs tbody tr")).to_have_count(1)
    problem = page.locator("#filter-problem")
    with watch.refusals():
        page.locator("#filter").fill("status = FINISHED")
        expect(problem).to_have_text("filter: column 10: a text in quotes is expected after '=', not 'FINISHED'")
        expect(page.locator("#filter")).to_have_attribute("aria-invalid", "true")
    page.locator("#filter").fill("run_name = 'no-run-has-this-name'")
    expect(page.get_by_role("heading", name="No run fits")).to_be_visible()
    expect(problem).to_be_empty()
    page.get_by_role("button", name="Clear the filter").click()
    expect(page.locator("table.runs tbody tr")).to_have_count(min(count, 200))


def check_comparison(page, server, run, _watch):
    page.goto(server.base + "/")
    boxes = page.locator("table.runs tbody .tick input")
    expect(boxes.first).to_be_visible()
    chosen = page.locator(f'tbody tr[data-run="{run["id"]}"] .tick input')
    chosen.check()
    others = [box for box in boxes.all() if box.input_value() != run["id"]][:2]
    for box in others:
        box.check()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#comparison-view")).to_be_visible()
    check(page.locator(".legend li").count() == 1 + len(others), "the legend does not name each run")
    key = leading_key(run)
    if key:
        wait_for_chart(page, key)
    address = page.url
    page.goto(address)  # the address holds all of it
    expect(page.locator(".legend li")).to_have_count(1 + len(others))
    page.get_by_role("button", name="Back to the table").click()
    expect(page.locator("#table")).to_be_visible()


def leading_key(run):
    """A metric with something to see: one that every step adds to, with the most steps."""
    keys = [key for key in run["metrics"] if key.startswith("train/")]
    finite = [key for key in keys if run["metrics"][key]["max"] is not None]
    return max(finite, key=lambda key: run["metrics"][key]["step"], default=None)


def check_run(page, server, run, watch):
    page.goto(f"{server.base}/runs/{run['id']}")
    expect(page.locator("h1")).to_have_text(run["name"], timeout=10_000)
    check(run["name"] in page.title(), f"the title is '{page.title()}'")
    check_pairs(page, server, run, "params")
    check_pairs(page, server, run, "tags")
    keys = page.locator("figure.chart").evaluate_all("all => all.map(one => one.dataset.key)")
    check(sorted(keys) == sorted(run["metrics"]) or run["status"] == "RUNNING", f"there are charts of {keys}")
    for key in list(run["metrics"])[:12]:
        if run["metrics"][key]["max"] is not None:
            wait_for_chart(page, key)
    key = leading_key(run)
    if key:
        check_chart(page, key, watch)
        check_data_table(page, key)


def check_pairs(page, server, run, name):
    rows = page.locator(f"#{name} dl > div")

    def agree():
        shown = dict(rows.evaluate_all(
            "rows => rows.map(row => [row.children[0].textContent, row.children[1].textContent])"))
        told = server.run(run)[name]
        return shown == told, f"#{name} shows {shown}, the server says {told}"

    follows(page, agree)


def check_chart(page, key, watch):
    base, overlay = f"{chart(key)} .plot-base", f"{chart(key)} .plot-overlay"
    plot = page.locator(f"{chart(key)} .plot").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    page.wait_for_timeout(100)
    check(pixels(page, overlay)["painted"] > 50, "no crosshair where the pointer is")
    expect(page.locator(f"{chart(key)} .tooltip")).to_be_visible()

    questions = len(watch.questions)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.5, steps=6)
    page.mouse.up()
    page.wait_for_function("() => new URLSearchParams(location.search).has('from')")
    page.wait_for_timeout(500)
    zoomed = [question for question in watch.questions[questions:] if question["from"] is not None]
    check(zoomed, "a zoom asked the server for no finer buckets")
    plot.focus()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !new URLSearchParams(location.search).has('from')")

    page.wait_for_timeout(500)
    page.mouse.move(5, 5)
    plain = pixels(page, base)
    page.locator("#smoothing").fill("0.9")
    page.wait_for_timeout(300)
    check(pixels(page, base)["sum"] != plain["sum"], "smoothing changed nothing")
    check("smoothing=0.9" in page.url, "the address does not hold the smoothing")
    page.locator("#smoothing").fill("0")
    for axis in ("relative", "time", "step"):
        page.locator("#axis").select_option(axis)
        wait_for_chart(page, key)
    page.keyboard.press("Tab")
    plot.focus()
    page.keyboard.press("End")
    page.wait_for_timeout(100)
    spoken = page.locator(f"{chart(key)} [aria-live=polite]").inner_text()
    check(spoken.startswith("step"), f"the keyboard read '{spoken}'")


def check_data_table(page, key):
    figure = page.locator(chart(key)).first
    figure.locator("summary").click()
    rows = figure.locator("tbody tr")
    expect(rows.first).to_be_visible()
    label = figure.locator(".plot").get_attribute("aria-label")
    check(key in label and "points" in label, f"the chart calls itself '{label}'")
    counts = figure.locator("tbody td:last-child").all_inner_texts()
    check(sum(int(text.replace(",", "")) for text in counts) > 0, "the data table counts no point")


def check_tabs(page, server, run, _watch):
    page.goto(f"{server.base}/runs/{run['id']}")
    artifacts = server.get(f"/runs/{run['id']}/artifacts")["artifacts"]
    page.get_by_role("tab", name="Charts").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#metrics-panel")).to_be_visible()
    if run["metrics"]:
        expect(page.locator("#metrics-panel tbody tr").first).to_be_visible()
    page.get_by_role("tab", name="Files").click()
    if artifacts:
        expect(page.locator("#files-panel tbody tr").first).to_be_visible()
        paths = page.locator("#files-panel tbody th").all_inner_texts()
        check(set(one["path"] for one in artifacts) <= set(paths), f"the files shown are {paths}")
    page.get_by_role("tab", name="Console").click()
    if any(one["path"] == "logs/console.log" and one["size"] > 0 for one in artifacts):
        expect(page.locator(".console pre")).not_to_be_empty()
    elif server.run(run)["status"] != "RUNNING":
        expect(page.get_by_text("This run has printed nothing yet.")).to_be_visible()


def check_client_links(page, server, run, _watch):
    """What MLflow's clients print after a run leads to its page, and to the runs of its experiment."""
    number = next(
        known["id"] for known in server.get("/experiments")["experiments"] if known["name"] == run["experiment"])
    page.goto(f"{server.base}/#/experiments/{number}/runs/{run['id']}")
    page.wait_for_url(f"**/runs/{run['id']}")
    page.goto(f"{server.base}/#/experiments/{number}")
    page.wait_for_url("**/?experiment=*")
    page.wait_for_function("name => document.querySelector('#experiment').value === name", arg=run["experiment"])


def check_profile(page, server, run, _watch):
    """The run opens with its profile: a bar for each layer as long as the file says, its words on the keyboard."""
    with urllib.request.urlopen(f"{server.base}/api/v1/runs/{run['id']}/artifacts/profile.json", timeout=10) as answer:
        profile = json.load(answer)
    page.goto(f"{server.base}/runs/{run['id']}")
    bars = page.locator(".flame-bar")
    expect(bars).to_have_count(len(profile["layers"]), timeout=10_000)
    expect(page.get_by_role("tab", name="Profile")).to_have_attribute("aria-selected", "true")
    slowest = max(layer["nanoseconds"] for layer in profile["layers"])
    for at, layer in enumerate(profile["layers"]):
        parts = bars.nth(at).locator(".flame-operation").evaluate_all(
            "all => all.map(part => part.getBoundingClientRect().width)")
        whole = bars.nth(at).bounding_box()["width"]
        rows = [row for row in profile["rows"] if row["layer"] == layer["name"]]
        check(len(parts) == len(rows), f"{layer['name']} has {len(parts)} parts of {len(rows)}")
        wanted = layer["nanoseconds"] / slowest
        check(abs(sum(parts) / whole - wanted) < 0.02, f"{layer['name']} is {sum(parts)} of {whole * wanted} px long")
        label = bars.nth(at).get_attribute("aria-label")
        check(label.startswith(layer["name"]) and " ms" in label, f"a bar calls itself '{label}'")
    check_profile_keys(page, profile)
    names = page.get_by_role("region", name="Layers").locator("tbody th").all_inner_texts()
    check(names == [layer["name"] for layer in profile["layers"]], f"the table of layers has {names}")
    names = page.get_by_role("region", name="Operations").locator("tbody th").all_inner_texts()
    check(names == [one["name"] for one in profile["operations"]], f"the table of operations has {names}")
    page.get_by_role("tab", name="Charts").click()
    wait_for_chart(page, "profile/step_milliseconds")


def check_profile_keys(page, profile):
    readout = page.locator(".flame-readout")
    first = page.locator(".flame-bar").first
    first.focus()
    expect(readout).to_contain_text(profile["layers"][0]["name"])
    page.keyboard.press("ArrowDown")
    expect(readout).to_contain_text(profile["layers"][1]["name"])
    page.keyboard.press("ArrowRight")
    expect(page.locator(".flame-operation.chosen")).to_have_count(1)
    layer = profile["layers"][1]["name"]
    operations = [row["operation"] for row in profile["rows"] if row["layer"] == layer]
    text = readout.inner_text()
    check(any(f"{layer} · {operation}," in text for operation in operations), f"the keyboard read '{text}'")
    first.locator(".flame-operation").first.hover()
    expect(readout).to_contain_text(profile["layers"][0]["name"])


def check_models(page, server, _run, _watch):
    models = server.get("/models")["models"]
    page.goto(server.base + "/models")
    expect(page.locator("#count")).to_have_text("1 model" if len(models) == 1 else f"{len(models)} models")
    check(page.locator(".card h2").all_inner_texts() == [model["name"] for model in models], "models are missing")
    for model in models[:3]:
        page.goto(f"{server.base}/models/{urllib.parse.quote(model['name'])}")
        expect(page.locator("h1")).to_have_text(model["name"])
        expect(page.get_by_text(model["sha256"])).to_be_visible()
        expect(page.get_by_text(f"aviary zoo pull {model['name']}", exact=True)).to_be_visible()
        expect(page.locator("#card > *").first).to_be_visible()


def check_live(page, server, run, seconds):
    """The charts of a run that trains grow, without a reload and without the page losing its place."""
    page.goto(f"{server.base}/runs/{run['id']}")
    key = leading_key(server.run(run))
    check(key is not None, "the run that should be training has logged nothing")
    wait_for_chart(page, key)
    expect(page.locator("#link")).to_have_text("Live")
    page.evaluate("window.isSamePage = true")
    page.evaluate("scrollTo(0, 120)")
    points, pictures = [], set()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        points.append(int(page.locator(chart(key)).first.get_attribute("data-points")))
        pictures.add(pixels(page, f"{chart(key)} .plot-base")["sum"])
        check(pixels(page, f"{chart(key)} .plot-base")["coloured"] > 20, "the chart went blank")
        if len(set(points)) > 3 and len(pictures) > 3:
            break
        page.wait_for_timeout(400)
    check(points == sorted(points), f"points went away: {points}")
    check(len(set(points)) > 2, f"the chart of {key} did not grow in {seconds} s: {points}")
    check(len(pictures) > 2, "the points grew, the picture did not")
    check(page.evaluate("window.isSamePage === true && scrollY === 120"), "the page was loaded anew or lost its place")


def watch_live(browser, server, run, seconds):
    page = browser.new_page(viewport=WIDE)
    watch = Watch(page, server.base)
    check_live(page, server, run, seconds)
    check(not watch.problems, "; ".join(watch.problems))
    page.close()


def check_schemes(browser, server, run, pictures):
    """Light and dark differ, nothing is wider than a small screen, and pictures are left to be looked at."""
    places = {"runs": "/", "run": f"/runs/{run['id']}", "models": "/models"}
    for model in server.get("/models")["models"][:1]:
        places["model"] = "/models/" + urllib.parse.quote(model["name"])
    grounds = {}
    for scheme in ("light", "dark"):
        for size, viewport in (("wide", WIDE), ("narrow", NARROW)):
            page = browser.new_page(color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
            watch = Watch(page, server.base)
            for name, path in places.items():
                page.goto(server.base + path)
                page.wait_for_timeout(900)
                width = page.evaluate("document.documentElement.scrollWidth")
                check(width <= viewport["width"], f"{name} is {width} px wide on {viewport['width']} px")
                grounds[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
                if pictures:
                    page.screenshot(path=os.path.join(pictures, f"{name}-{scheme}-{size}.png"))
            check(not watch.problems, "; ".join(watch.problems))
            page.close()
    check(grounds["light"] != grounds["dark"], "light and dark have the same ground")


def check_policy(server, run):
    for path in ("/", f"/runs/{run['id']}", "/models"):
        policy = server.policy(path)
        check("default-src 'self'" in policy and "unsafe" not in policy, f"{path} has the policy '{policy}'")


def check_axe(browser, server, run):
    from axe_playwright_python.sync_playwright import Axe

    places = ["/", f"/runs/{run['id']}", f"/runs/{run['id']}?tab=console", "/models"]
    places += ["/models/" + urllib.parse.quote(model["name"]) for model in server.get("/models")["models"][:1]]
    for scheme in ("light", "dark"):
        # axe is put into the page, which the page's own policy rightly forbids.
        context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport=WIDE, reduced_motion="reduce")
        page = context.new_page()
        for path in places:
            page.goto(server.base + path)
            page.wait_for_timeout(900)
            found = Axe().run(page).response["violations"]
            check(not found, f"axe on {path}, {scheme}: {[(one['id'], one['nodes'][0]['html']) for one in found]}")
        context.close()


def run_checks(browser, server, arguments):
    run = server.get("/runs/" + arguments.run)
    if arguments.only_live:
        watch_live(browser, server, run, arguments.while_training)
        yield "live charts"
        return
    if arguments.only_profile:
        page = browser.new_page(viewport=WIDE)
        watch = Watch(page, server.base)
        check_profile(page, server, run, watch)
        check(not watch.problems, "; ".join(watch.problems))
        page.close()
        yield "profile"
        check_schemes(browser, server, run, arguments.pictures)
        yield "light, dark, narrow"
        if arguments.axe:
            check_axe(browser, server, run)
            yield "accessibility"
        return
    check_policy(server, run)
    yield "security policy"
    for name, part in (
        ("run table", check_table), ("comparison", check_comparison), ("run page", check_run), ("tabs", check_tabs),
        ("client links", check_client_links),
        ("models", check_models),
    ):
        page = browser.new_page(viewport=WIDE)
        watch = Watch(page, server.base)
        try:
            part(page, server, run, watch)
        except Exception:
            leave_picture(page, arguments.pictures, name)
            raise
        check(not watch.problems, f"{name}: " + "; ".join(watch.problems))
        page.close()
        yield name
    if arguments.while_training:
        watch_live(browser, server, run, arguments.while_training)
        yield "live charts"
    check_schemes(browser, server, run, arguments.pictures)
    yield "light, dark, narrow"
    if arguments.axe:
        check_axe(browser, server, run)
        yield "accessibility"


def leave_picture(page: Page, folder, name):
    if folder:
        page.screenshot(path=os.path.join(folder, f"failed-{name.replace(' ', '-')}.png"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", required=True, help="address of a running server")
    parser.add_argument("--run", required=True, help="id of a run that has logged metrics")
    parser.add_argument("--pictures", help="folder for screenshots")
    parser.add_argument("--while-training", type=float, default=0, metavar="SECONDS",
                        help="wait that long for the run's charts to grow")
    parser.add_argument("--only-live", action="store_true", help="check nothing but that the charts grow")
    parser.add_argument("--only-profile", action="store_true", help="check nothing but the page of a profile")
    parser.add_argument("--axe", action="store_true", help="look for accessibility faults with axe")
    arguments = parser.parse_args()
    if arguments.pictures:
        os.makedirs(arguments.pictures, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            for done in run_checks(browser, Server(arguments.base), arguments):
                print(f"ok   {done}", flush=True)
        except AssertionError as failure:
            print(f"FAIL {failure}", file=sys.stderr)
            return 1
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
