#!/usr/bin/env python3
"""contrib_report - the page of smtp-explain report in Debian's Chromium: what is drawn, whether it fits, light and dark, that nothing is fetched or run."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import make_log
from support import Tap, skip_all

TOOL = os.path.join(os.environ.get("top_builddir", "."), "smtp-explain")
SMALL = os.path.join(os.environ.get("top_srcdir", "."), "tests/report/small.mail-log")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

# Runs in the page (the copy that is looked at lacks the policy that forbids it): sizes, colours, and the numbers as a reader would see them.
PROBE = r"""<script>
const all = [...document.querySelectorAll("*")], style = node => getComputedStyle(node);
const charts = [...document.querySelectorAll("svg.chart")];
const cut = [...document.querySelectorAll("h1, h2, dt, dd, th, td")].filter(node => node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0).map(node => node.textContent);
const bars = chart => [...chart.querySelectorAll("rect")].map(node => node.getBoundingClientRect());
const found = {
  title: document.title, wide: document.documentElement.scrollWidth - innerWidth, cut,
  scripts: document.querySelectorAll("script").length, handlers: all.filter(node => [...node.attributes].some(attribute => attribute.name.startsWith("on"))).length,
  loaded: performance.getEntriesByType("resource").length,
  back: style(document.body).backgroundColor, text: style(document.body).color, soft: style(document.querySelector(".soft")).color,
  failed: style(document.querySelector("rect.f")).fill, card: style(document.querySelector("section")).backgroundColor,
  charts: charts.map(chart => ({bars: bars(chart).filter(box => box.height > 0 && box.width > 0).length,
    outside: bars(chart).filter(box => box.top < chart.getBoundingClientRect().top - 1 || box.right > chart.getBoundingClientRect().right + 1).length,
    texts: [...chart.querySelectorAll("text")].filter(node => node.getBoundingClientRect().width < 3).length})),
  overlaps: charts.map(chart => { const labels = [...chart.querySelectorAll("text:not([text-anchor=end])")].map(node => node.getBoundingClientRect());
    return labels.filter((box, i) => i > 0 && box.left < labels[i - 1].right).length; }),
  lists: Object.fromEntries([...document.querySelectorAll("section")].filter(node => node.querySelector(".bar")).map(node => [node.querySelector("h2").textContent,
    [...node.querySelectorAll("tbody tr")].map(row => Number(row.querySelector(".n").textContent.replace(/,/g, "")))]))
};
const out = document.createElement("script"); out.type = "application/json"; out.id = "found"; out.textContent = JSON.stringify(found).replace(/</g, "\\u003c"); document.body.append(out);
</script>"""

tap = Tap()


def report(path, form):
    return subprocess.run([TOOL, "--conf", "/dev/null", "report", form, path], stdout=subprocess.PIPE, check=True, env={**os.environ, "TZ": "UTC"}).stdout.decode()


def browse(page, width, dark=False):
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    if dark:        # what the browser does for a reader who prefers it
        page = page.replace("@media (prefers-color-scheme:dark)", "@media all")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "page.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(page.replace("</body>", PROBE + "</body>"))
        command = ["chromium", *FLAGS, f"--window-size={width},900", "--user-data-dir=" + os.path.join(folder, "profile"), "--dump-dom", "file://" + path]
        dom = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=120).stdout.decode()
    return json.loads(re.search(r'id="found">(.*?)</script>', dom, re.S)[1])


def contrast(one, other):
    """WCAG 2 contrast of two colours as getComputedStyle gives them."""
    def luminance(colour):
        parts = [int(n) / 255 for n in re.findall(r"\d+", colour)[:3]]
        parts = [n / 12.92 if n <= 0.03928 else ((n + 0.055) / 1.055) ** 2.4 for n in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def check_page(name, path):
    page, told = report(path, "--html"), json.loads(report(path, "--json"))
    for width in (1280, 800, 500):
        seen = browse(page, width)
        tap.check(f"{name}, {width} pixels: fits, and nothing is cut", seen["wide"] <= 0 and not seen["cut"], seen["cut"] or seen["wide"])
        tap.check(f"{name}, {width} pixels: bars are drawn inside of their charts, labels can be read", len(seen["charts"]) == 2 and not any(seen["overlaps"]) and
                  all(chart["bars"] and not chart["outside"] and not chart["texts"] for chart in seen["charts"]), (seen["charts"], seen["overlaps"]))
    tap.check(f"{name}: nothing runs, nothing is fetched", seen["scripts"] == 1 and not seen["handlers"] and not seen["loaded"] and seen["title"] == "Mail that came back", seen)
    sums = {heading: sum(rows) for heading, rows in seen["lists"].items()}
    wanted = {told["events"], told["delayed"], told["unknown"]}
    tap.check(f"{name}: the rows of each list add up to a total", len(sums) > 10 and set(sums.values()) <= wanted, sums)
    for scheme in (False, True):
        seen = browse(page, 1280, scheme)
        ratios = [contrast(seen[front], seen[back]) for front, back in (("text", "back"), ("text", "card"), ("soft", "back"), ("soft", "card"))]
        tap.check(f"{name}, {'dark' if scheme else 'light'}: text has a contrast of 4.5 at least, bars of 3 (WCAG 2, AA)", min(ratios) >= 4.5 and
                  contrast(seen["failed"], seen["card"]) >= 3, (ratios, seen))


def main():
    if not shutil.which("chromium"):
        return skip_all("no chromium")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line, _, _ in make_log.lines(5000, seed=5, share=0.5))
        check_page("hostile log", SMALL)
        check_page("5,000 lines", path)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
