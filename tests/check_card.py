#!/usr/bin/env python3
"""check_card - the HTML card as a reader's program takes it: elements, roles, languages, colours; and the frame of the text block. Without a
browser; tests/contrib_card.py uses one."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from card_reader import LANGUAGES, annotated, card, contrasts, read, report
from sample_bounces import SAMPLES
from support import Tap

TAGS = {"", "div", "table", "tr", "td", "h2", "h3", "p", "ul", "li", "blockquote", "hr", "span", "a", "wbr"}
ATTRIBUTES = {"role", "aria-label", "aria-hidden", "lang", "dir", "style", "width", "cellpadding", "cellspacing", "border", "href"}
PAGES = {"white": ((255, 255, 255), (0, 0, 0)), "dark": ((30, 30, 30), (232, 232, 232)), "black": ((0, 0, 0), (255, 255, 255))}
ROLES = ["sender", "sender-admin", "recipient-admin", "recipient"]

tap = Tap()


def check_sample(name):
    language = SAMPLES[name][1]
    root, told = read(card(name)), report(name)
    nodes = list(root.walk())
    tap.check(f"{name}: only elements of a card", {node.tag for node in nodes} <= TAGS, {node.tag for node in nodes} - TAGS)
    attributes = {attribute for node in nodes for attribute in node.attributes}
    tap.check(f"{name}: only attributes of a card", attributes <= ATTRIBUTES, attributes - ATTRIBUTES)
    links = {node.attributes.get("href") for node in root.all("a")}
    tap.check(f"{name}: links are the catalogue's", links <= {one["help"] for one in told["recipients"]}, links)
    tap.check(f"{name}: its language is told", root.children[0].attributes.get("lang") == language, root.children[0].attributes)
    headings = [node.tag for node in root.all("h2", "h3")]
    tap.check(f"{name}: one heading, with the labels below it", headings[0] == "h2" and headings.count("h2") == 1 and len(headings) >= 3, headings)
    for page, colours in PAGES.items():
        found = contrasts(root, *colours)
        low = [(round(ratio, 2), what) for ratio, what in found if ratio < (3 if what.startswith("border") else 4.5)]
        tap.check(f"{name}: contrast on a {page} page", len(found) > 10 and not low, low)
    return root, told


def check_roles(name, root, told):
    """The one who acts is marked by a sign, by weight and by a frame; all that is said in words before."""
    strips = [node for node in root.all("table") if node.attributes.get("aria-hidden") == "true"]
    owners = list(dict.fromkeys(one["owner"] for one in told["recipients"]))
    marked = []
    for strip in strips:
        cells = [cell for cell in strip.all("td") if cell.attributes.get("width")]
        acting = [ROLES[i] for i, cell in enumerate(cells) if "\u25cf" in cell.text() and cell.style.get("font-weight") == "bold" and "2px" in cell.style["border"]]
        plain = [cell for cell in cells if "\u25cf" not in cell.text() and "font-weight" not in cell.style]
        tap.check(f"{name}: four roles, one marked at most", len(cells) == 4 and len(acting) + len(plain) == 4 and len(acting) < 2, (len(cells), acting))
        marked.append(acting[0] if acting else "nobody")
    return marked, owners


def check_text_block(name):
    """Every line has a star before it, and only the frame begins behind it; nothing invisible is left."""
    part = next(part for part in annotated(name).walk() if part.get_content_type() == "text/plain")
    block = part.get_content().split("\n\nThis is the mail system")[0].rstrip().split("\n")
    margin = [line for line in block if line != "*" and not line.startswith("*   ")]
    tap.check(f"{name}: the frame of the text block cannot be imitated", len(margin) == 5 and margin[0] == margin[-1] == "* " + "-" * 70, margin)
    bad = [c for line in block for c in line if ord(c) < 32 or c in "\x7f\u200b\u202e\u2066\u2069\ufeff"]
    tap.check(f"{name}: nothing invisible in the text block", not bad, bad)


def main():
    roots = {}
    for name in SAMPLES:
        roots[name] = check_sample(name)
        check_text_block(name)
    for name in ("one", "listed", "delay", "several"):
        marked, owners = check_roles(name, *roots[name])
        tap.check(f"{name}: the mark is at who acts", marked == owners, (marked, owners))
    marked, _ = check_roles("backscatter", *roots["backscatter"])
    tap.check("backscatter: nobody has to act, and it is said so", not marked and "n'avez sans doute pas" in roots["backscatter"][0].text(), marked)
    text = " ".join(roots["many"][0].text().split())
    tap.check("many: ten are shown, the others counted", "guest10" in text and "guest11" not in text and "and 27 more" in text and "37 recipients" in text, text)
    tap.check("many: what is true of all is said once", text.count("has no mailbox for") == 1, text)
    text = " ".join(roots["delay"][0].text().split())
    tap.check("delay: no need to send again, until when", "nicht noch einmal" in text and "2026-11-30 12:00 (UTC+01:00)" in text, text)
    text = " ".join(roots["hostile"][0].text().split())
    tap.check("hostile: its words are shown, as words", all(words in text for words in ('<script>document.title="hit"</script>', "&lt;b&gt; &#60;i&#62;", "<U+202E>gpj.exe", "\\x1b[31mred", "pass<U+200B>word")), text)
    for language in LANGUAGES:
        root = read(card("several", language))
        labels = [node.text() for node in root.all("h3")]
        tap.check(f"{language}: every label and role in its language", len(labels) == 12 and all(labels) and root.children[0].attributes["lang"] == language, labels)
    return tap.end()


sys.exit(main())
