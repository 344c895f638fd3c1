"""card_reader.py - what the card tests share: the card of a sample as HTML, and a reader of it that knows tags, text and colours. No test of its own."""
import email, email.policy, html.parser, json, os, re, subprocess, tempfile

from sample_bounces import SAMPLES

TOOL = os.path.join(os.environ.get("top_builddir", "."), "smtp-explain")
LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja"]
VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}


def explain(arguments, sample, language=None):
    """The output of the tool for a sample on a site called site.example."""
    message, usual = SAMPLES[sample]
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as conf:
        conf.write("[annotate]\nhost=mx.site.example\n[site]\ndomains=site.example\n")
        conf.flush()
        command = [TOOL, "--conf", conf.name, "--lang", language or usual, *arguments, "-"]
        return subprocess.run(command, input=message, stdout=subprocess.PIPE, check=True).stdout


def card(sample, language=None):
    """The card alone, without the page around it."""
    return re.search(r"<body>\n(.*)</body>", explain(["message", "--format=html"], sample, language).decode("ascii"), re.S)[1]


def report(sample, language=None):
    return json.loads(explain(["message", "--format=json"], sample, language))


def annotated(sample):
    return email.message_from_bytes(explain(["annotate"], sample), policy=email.policy.default)


class Node:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children = tag, dict(attributes), parent, []
        self.style = dict(part.split(":", 1) for part in self.attributes.get("style", "").split(";") if ":" in part)

    def walk(self):
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def text(self):
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def all(self, *tags):
        return [node for node in self.walk() if node.tag in tags]


class Reader(html.parser.HTMLParser):
    """Reads HTML that closes what it opens; anything else is an error."""

    def __init__(self, source):
        super().__init__()
        self.root = self.at = Node("", [], None)
        self.feed(source)
        self.close()
        if self.at is not self.root:
            raise ValueError(f"<{self.at.tag}> is not closed")

    def handle_starttag(self, tag, attrs):
        node = Node(tag, attrs, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_endtag(self, tag):
        if tag != self.at.tag:
            raise ValueError(f"</{tag}> closes <{self.at.tag}>")
        self.at = self.at.parent

    def handle_data(self, data):
        self.at.children.append(data)


def read(source):
    return Reader(source).root


def colour(text, behind):
    """(r, g, b) of #rrggbb, or of rgba() laid on what is behind."""
    match = re.fullmatch(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", text)
    if match:
        return tuple(int(part, 16) for part in match.groups())
    match = re.fullmatch(r"rgba\((\d+),(\d+),(\d+),([0-9.]+)\)", text)
    share = float(match[4])
    return tuple(int(match[i + 1]) * share + behind[i] * (1 - share) for i in range(3))


def contrast(one, other):
    """WCAG 2.1: relative luminance and contrast ratio."""
    def luminance(rgb):
        parts = [value / 255 for value in rgb]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def contrasts(root, background, foreground):
    """(ratio, what) of every text and of every line that a style draws, on a page with these colours."""
    found = []

    def visit(node, behind, ink):
        outside = behind
        if "background-color" in node.style:
            behind = colour(node.style["background-color"], behind)
        if node.style.get("color", "inherit") != "inherit":
            ink = colour(node.style["color"], behind)
        for name, value in node.style.items():
            if name.startswith("border") and "solid" in value:
                found.append((contrast(colour(value.split()[-1], outside), outside), name))
        for child in node.children:
            if isinstance(child, Node):
                visit(child, behind, ink)
            elif child.strip():
                found.append((contrast(ink, behind), child))
    visit(root, background, foreground)
    return found
