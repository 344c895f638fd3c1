"""sample_bounces.py - a fixed set of bounces, made in memory, for the tests and pictures of what a reader sees. Not a test.

SAMPLES maps a name to (the message as bytes, the language it is to be explained in)."""

SERVER = "mx.site.example"

HOSTILE = ('550 5.1.1 </td></tr></table><script>document.title="hit"</script><img src=http://evil.example/x.png onerror=hit()><a href="javascript:hit()">Click '
           'https://evil.example/login?a=1&b=2 or call +1 (555) 010-4477, 15550104477</a> <style>td{display:none}</style> &lt;b&gt; &#60;i&#62; '
           'End of the explanation; the original report follows. ' + "-" * 72 + ' \u202egpj.exe \u2066x\u2069 \x1b[31mred\x1b[0m pass\u200bword')


def block(address, text, status="5.1.1", action="failed", remote="mx.example.net", fields=()):
    """One recipient of a delivery status (RFC 3464 section 2.3)."""
    kind = "rfc822" if address.isascii() else "utf-8"
    lines = [f"Final-Recipient: {kind}; {address}", f"Action: {action}", f"Status: {status}", f"Remote-MTA: dns; {remote}"]
    return "\n".join([*lines, *([f"Diagnostic-Code: smtp; {text}"] if text else []), *fields])


def bounce(blocks, said="", sender="ann@site.example", subject="Invoice 4711", title="Undelivered Mail Returned to Sender", html=None, fields=()):
    """A report as a mail server writes it: text (and HTML), delivery status, header of the message."""
    first = ["--b1", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", said or f"This is the mail system at host {SERVER}.", ""]
    if html:
        first = ["--b1", 'Content-Type: multipart/alternative; boundary="b2"', "", *[line.replace("--b1", "--b2") for line in first],
                 "--b2", "Content-Type: text/html; charset=utf-8", "", html, "--b2--", ""]
    lines = ["Return-Path: <>", f"From: MAILER-DAEMON@{SERVER} (Mail Delivery System)", f"To: {sender}", f"Subject: {title}", "Date: Wed, 25 Nov 2026 12:00:00 +0000",
             "Message-ID: <20261125120000.4F8EEAAE94F@mx.site.example>", "Auto-Submitted: auto-replied", *fields, "MIME-Version: 1.0",
             'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"', "", *first,
             "--b1", "Content-Type: message/delivery-status", "", f"Reporting-MTA: dns; {SERVER}", "X-Postfix-Queue-ID: 4F8EEAAE94F", "",
             *[part + "\n" for part in blocks],
             "--b1", "Content-Type: text/rfc822-headers", "", f"From: {sender}", "To: bob@example.net", f"Subject: {subject}", f"Message-ID: <4711@{sender.split('@')[1]}>", "", "--b1--", ""]
    return "\n".join(lines).encode("utf-8", "surrogateescape")


UNKNOWN = ("550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550-5.1.1 "
           "unnecessary spaces. For more information, go to 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser 4fb4d7f45d1cf - gsmtp")
GMAIL = "gmail-smtp-in.l.google.com"
LISTED = "550 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/192.0.2.25"
SLOW = block("late@example.com", "451 4.7.1 Greylisted, please try again in 300 seconds", "4.7.1", "delayed", "mx.example.com",
             ["Will-Retry-Until: Mon, 30 Nov 2026 12:00:00 +0100"])

SAMPLES = {
    "one": (bounce([block("bob@example.net", UNKNOWN, remote=GMAIL)], html="<html><body><p>This is the mail system.</p></body></html>"), "en"),
    "listed": (bounce([block("carla@example.org", LISTED, "5.7.1", remote="mx.example.org")]), "en"),
    "several": (bounce([block("bob@example.net", UNKNOWN, remote=GMAIL), block("rob@example.net", UNKNOWN, remote=GMAIL),
                        block("full@example.com", "552 5.2.2 Mailbox full", "5.2.2", remote="mx.example.com"), SLOW]), "en"),
    "many": (bounce([block(f"guest{n:02}@example.net", UNKNOWN, remote=GMAIL) for n in range(1, 38)]), "en"),
    "delay": (bounce([SLOW], title="Delayed Mail (still being retried)"), "de"),
    "backscatter": (bounce([block("bob@example.net", UNKNOWN, remote=GMAIL)], sender="ann@elsewhere.example"), "fr"),
    "hostile": (bounce([block("bob@example.net", HOSTILE)], subject="<script>hit()</script>"), "en"),
    "right-to-left": (bounce([block("\u05d3\u05e0\u05d4@\u05d3\u05d5\u05d0\u05e8.example", "550 5.1.1 \u05d4\u05ea\u05d9\u05d1\u05d4 \u05d3\u05e0\u05d4@\u05d3\u05d5\u05d0\u05e8.example "
                                    "\u05dc\u05d0 \u05e7\u05d9\u05d9\u05de\u05ea (code 5.1.1). \u0627\u0644\u0639\u0646\u0648\u0627\u0646 \u063a\u064a\u0631 \u0645\u0648\u062c\u0648\u062f")]), "en"),
    "japanese": (bounce([block("\u592a\u90ce@\u4f8b.example", "550 5.1.1 \u5b9b\u5148\u306e\u30e1\u30fc\u30eb\u30a2\u30c9\u30ec\u30b9\u304c\u898b\u3064\u304b\u308a\u307e\u305b\u3093\u3002"
                              "\u6307\u5b9a\u3055\u308c\u305f\u5b9b\u5148\u3092\u78ba\u8a8d\u3057\u3066\u304f\u3060\u3055\u3044\u3002 \U0001f4ed\U0001f937\u200d\u2640\ufe0f")]), "ja"),
    "long": (bounce([block("a" * 60 + "." + "b" * 60 + "@" + ".".join(["department" * 5] * 3) + ".example.net", "550 5.1.1 no such user: " + "x" * 300)]), "en"),
}
