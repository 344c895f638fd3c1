#!/usr/bin/env python3
"""contrib_card - the HTML card in Debian's Chromium: what becomes of it there, what it fetches, what is copied from it, whether it fits a narrow window."""
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from card_reader import LANGUAGES, annotated, card, report
from sample_bounces import SAMPLES
from support import Tap, skip_all

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--window-size=1000,800", "--dump-dom"]
NARROW = 320

# Runs in the page: for each card what a person could select and copy, its elements, its links, whether it is wider than its place, where its right-to-left parts stand.
PROBE = r"""<script>
function look(place) {
  const selection = getSelection();
  selection.selectAllChildren(place);
  const all = [...place.querySelectorAll("*")];
  return {
    copied: selection.toString(), title: document.title, elements: [...new Set(all.map(node => node.localName))], links: [...place.querySelectorAll("[href]")].map(node => node.getAttribute("href")),
    handlers: all.filter(node => [...node.attributes].some(attribute => attribute.name.startsWith("on") || attribute.name == "src")).length,
    overflow: place.scrollWidth - place.clientWidth,
    parts: [...place.querySelectorAll("h2 span[dir=ltr] > span")].map(node => [node.textContent, node.getBoundingClientRect().left]),
    directions: [...place.querySelectorAll("blockquote")].map(node => getComputedStyle(node).direction)
  };
}
const found = {};
for (const place of document.querySelectorAll("[data-card]")) found[place.dataset.card] = look(place);
const out = document.createElement("script"); out.type = "application/json"; out.id = "found"; out.textContent = JSON.stringify(found).replace(/</g, "\\u003c"); document.body.append(out);
</script>"""

tap = Tap()


class Proxy(http.server.BaseHTTPRequestHandler):
    """Stands for the network: every request ends here."""
    seen = []

    def do_GET(self):
        self.seen.append(self.path)
        self.send_error(404)

    do_CONNECT = do_POST = do_HEAD = do_GET

    def log_message(self, *_):
        pass


def browse(page, port):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "page.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write('<!DOCTYPE html><meta charset="utf-8"><title>mail</title><body>' + page + PROBE)
        command = ["chromium", *FLAGS, f"--proxy-server=127.0.0.1:{port}", "--user-data-dir=" + os.path.join(folder, "profile"), "file://" + path]
        dom = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=120).stdout.decode()
    return json.loads(re.search(r'id="found">(.*?)</script>', dom, re.S)[1])


def place(name, inside, width=640):
    return f'<div data-card="{name}" style="width:{width}px;overflow:auto">{inside}</div>'


def fetched():
    """Requests to hosts that stand in the samples, in contrast to those that Chromium makes by itself."""
    return [url for url in Proxy.seen if ".example" in url]


def check_samples(port):
    found = browse("".join(place(name, card(name)) for name in SAMPLES), port)
    allowed = {"div", "table", "tbody", "tr", "td", "h2", "h3", "p", "ul", "li", "blockquote", "hr", "span", "a", "wbr"}
    for name, seen in found.items():
        told = report(name)["recipients"]
        tap.check(f"{name}: nothing but elements of a card", set(seen["elements"]) <= allowed and not seen["handlers"] and seen["title"] == "mail", seen)
        tap.check(f"{name}: no link but the catalogue's", set(seen["links"]) <= {one["help"] for one in told}, seen["links"])
        tap.check(f"{name}: its addresses are copied as they are", all(one["to"] in seen["copied"] for one in told[:10] if len(one["to"]) < 330), seen["copied"])
    tap.check("hostile: a URL is copied as it is", "https://evil.example/login?a=1&b=2 or" in found["hostile"]["copied"], found["hostile"]["copied"])
    parts = found["right-to-left"]["parts"]
    tap.check("right-to-left: local part, domain and top level stand in this order", len(parts) == 3 and [left for _, left in parts] == sorted(left for _, left in parts), parts)
    tap.check("right-to-left: the server's words read from the right", found["right-to-left"]["directions"] == ["rtl"], found["right-to-left"]["directions"])
    tap.check("nothing was fetched", not fetched(), fetched())


def check_html_mail(port):
    """The card where it is put: at the head of a report's own HTML."""
    part = next(part for part in annotated("one").walk() if part.get_content_type() == "text/html")
    found = browse(place("mail", part.get_content()), port)["mail"]
    tap.check("annotated HTML: the card comes first, then the report", re.match(r"(?s)\s*Explanation of the report below.*This is the mail system", found["copied"]), found["copied"])


def check_narrow(port):
    found = browse("".join(place(f"{name} {language}", card(name, language), NARROW - 24) for name in ("several", "long", "hostile") for language in LANGUAGES), port)
    wide = {name: seen["overflow"] for name, seen in found.items() if seen["overflow"] > 0}
    tap.check(f"{len(found)} cards fit {NARROW} pixels, in every language", len(found) == 3 * len(LANGUAGES) and not wide, wide)


def check_control(port):
    """What the checks above are to find is found where it is."""
    found = browse(place("bad", '<script>document.title="hit"</script><img src="http://control.example/x.png"><a href="https://control.example/">x</a><p style="width:2000px">x</p>'), port)["bad"]
    tap.check("control: a script, an image, a link and a wide element are noticed", found["title"] == "hit" and found["handlers"] == 1 and found["overflow"] > 0 and len(found["links"]) == 1, found)
    tap.check("control: a request is noticed", any("control.example" in url for url in fetched()), Proxy.seen)


def main():
    if not shutil.which("chromium"):
        return skip_all("no chromium")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    check_samples(port)
    check_html_mail(port)
    check_narrow(port)
    check_control(port)
    server.shutdown()
    return tap.end()


sys.exit(main())
