#!/usr/bin/env python3
"""check_hostile - what strangers write into a bounce, at random but the same each time, comes out in fields that every reader takes apart: lines, encoded words, pairs, order, size;
and the frame of the text block holds."""
import email
import email.header
import os
import random
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from sample_bounces import block, bounce
from support import Tap

TOOL = os.path.join(os.environ.get("top_builddir", "."), "smtp-explain")
ROUNDS = 40
PIECES = ['"', "\\", '\\"', ";", "; reason=forged", "=", "=?utf-8?q?=0D=0AX-Evil:_1?=", "=?utf-8?b?AAAA?=", "?=", "<", ">", "@", ",", "(", ")", ":", "X-SMTP-Explain: forged", "\x00", "\x1b[2J", "\x07",
          "\x7f", "\r", "\n ", "\r\n ", "\t", "  ", "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\u2028", "\x85", "\u00fc", "\u65e5\u672c", "\U0001f600\u200d", "a\u0308", "\u05d0", "%s%n", "{to}", "${IFS}",
          "x" * 300, "\u00fc" * 200, "-" * 72, "End of the explanation; the original report follows.", "</td><script>", "550 5.1.1", "unknown user", " ", " ", " ", "a", "b", "\udcff\udcfe"]
KEYS = ["v", "kind", "to", "code", "dsn", "class", "reason", "owner", "provider", "rule", "confidence", "remote", "id", "action", "orig_to", "origin", "annotated", "more"]
ORIGINAL_KEYS = ["message-id", "subject", "from"]
NAME = re.compile(r"X-SMTP-Explain(-Summary|-Advice|-Original|-Edits|-[A-Za-z]+)?")
PAIR = re.compile(r'; ([a-z_-]+)=("(?:[^"\\]|\\.)*"|[^;" ]*(?: \([^)]*\))?)')

tap = Tap()


def words(chance, count):
    text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, count)))
    return text.replace("\n\n", "\n ").replace("\r\n\r\n", "\n ")


def line(text):
    """As one line of a header field: a line end only in front of a blank."""
    return re.sub(r"[\r\n]+(?! )", " ", text)


def message(number):
    chance = random.Random(number)
    blocks = [block(line(words(chance, 6)).replace("\n", "") + "@example.net", "550 5.1.1 unknown user " + line(words(chance, 25)), remote=line(words(chance, 4)).replace("\n", ""),
                    fields=["Original-Recipient: rfc822; " + line(words(chance, 3)).replace("\n", "") + "@example.org"]) for _ in range(chance.choice([1, 1, 2, 14]))]
    return bounce(blocks, subject=line(words(chance, 12)).strip() or "x")


def added(output, source):
    """The fields in front of the original header, as raw bytes of each."""
    head = output[:output.index(source[:source.index(b"\n")])]
    return [] if not head else re.split(rb"\n(?![ \t])", head.rstrip(b"\n"))


def wrong_with(field):
    """What a strict reader finds wrong with the bytes of one field; None if nothing."""
    if not all(c == 10 or 32 <= c < 127 for c in field):
        return "a byte that is no printable ASCII"
    for part in field.split(b"\n"):
        if len(part) > 998 or (len(part) > 78 and b" " in part[1:].split(b": ", 1)[-1].strip()):
            return "a line that is too long: %r" % part
        if not part.strip():
            return "an empty line"
    for word in re.findall(rb"=\?[^ \n]*", field):
        if not re.fullmatch(rb"=\?utf-8\?q\?[!->@-~]+\?=", word) or len(word) > 75:
            return "a bad encoded word: %r" % word
        text, charset = email.header.decode_header(word.decode())[0]
        text.decode(charset)
    if not NAME.fullmatch(field.split(b":", 1)[0].decode()):
        return "a name that is not ours"
    return None


def pairs(field):
    """The pairs of a field, decoded first (RFC 2047), then taken apart (RFC 8601); raises where its form is broken."""
    value = email.message_from_bytes(field + b"\n\n")
    name, value = value.items()[0]
    text = re.sub(r"\s*\n\s*", " ", str(email.header.make_header(email.header.decode_header(re.sub(r"\n", "", value)))))
    at = len(re.match(r"[A-Za-z0-9._:\[\]?-]*", text)[0]) if name == "X-SMTP-Explain" else 0
    text = text if at else "; " + text
    found = []
    while at < len(text):
        match = PAIR.match(text, at)
        if not match:
            raise ValueError(f"no pair at {text[at:at + 60]!r}")
        found.append((match[1], match[2]))
        at = match.end()
    return found


def wrong_with_pairs(field):
    known = ORIGINAL_KEYS if field.startswith(b"X-SMTP-Explain-Original") else KEYS
    try:
        found = [key for key, _ in pairs(field)]
    except (ValueError, TypeError) as error:
        return str(error)
    return None if found == [key for key in known if key in found] else f"keys {found}"


def wrong_with_frame(output):
    text = next(part for part in email.message_from_bytes(output).walk() if part.get_content_type() == "text/plain").get_payload(decode=True).decode("utf-8", "replace")
    margin = [part for part in text.split("\n\nThis is the mail system")[0].rstrip().split("\n") if part != "*" and not part.startswith("*   ")]
    return None if len(margin) == 5 and margin[0] == margin[-1] == "* " + "-" * 70 else "\n".join(margin)


def annotate(source):
    return subprocess.run([TOOL, "annotate", "-"], input=source, stdout=subprocess.PIPE, check=True).stdout


def check_round(number):
    source = message(number)
    output = annotate(source)
    fields = added(output, source)
    wrong = [f"{what}\n{field!r}" for field in fields for what in [wrong_with(field)] if what]
    wrong += [f"{what}\n{field!r}" for field in fields if re.match(rb"X-SMTP-Explain(-Original)?:", field) for what in [wrong_with_pairs(field)] if what]
    if b"X-SMTP-Explain-Edits" in output and wrong_with_frame(output):
        wrong.append("the frame:\n" + wrong_with_frame(output))
    if not any(field.startswith(b"X-SMTP-Explain:") for field in fields):
        wrong.append("no explanation")
    if sum(map(len, fields)) > 60000:
        wrong.append("too many bytes")
    if annotate(source) != output:
        wrong.append("another result the second time")
    return wrong


def main():
    for number in range(ROUNDS):
        wrong = check_round(number)
        tap.check(f"hostile bounce {number}: its fields are read by everyone", not wrong, "\n".join(wrong))
    forged = b'X-SMTP-Explain: mx; v=1; kind=bounce; kind=delay'
    tap.check("control: a forged pair, a long line, a raw byte and a bad encoded word are noticed",
              wrong_with_pairs(forged) and wrong_with(b"X-SMTP-Explain: " + b"a " * 50) and wrong_with(b"X-SMTP-Explain: \xc3\xbc") and wrong_with(b"X-SMTP-Explain: =?utf-8?b?AAAA?="))
    return tap.end()


sys.exit(main())
