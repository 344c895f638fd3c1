#!/usr/bin/env python3
"""contrib_postfix - contrib/postfix/milter_header_checks.regexp in a private Postfix with the milter: the helpdesk gets a copy of what its administrators have to solve, of nothing else."""
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from e2e_postfix import TOP, Lab, parse
from sample_bounces import LISTED, SAMPLES, block, bounce
from support import Tap, skip_all

ORDINARY = "From: carol@example.com\nTo: ann@site.example\nSubject: Lunch?\nX-SMTP-Explain: mx; v=1; kind=bounce; owner=sender-admin; origin=ours\n\nNoon?\n"

SAMPLES["listed-twice"] = (bounce([block("carla@example.org", LISTED, "5.7.1"), block("karl@example.org", LISTED, "5.7.1")]), "en")
SAMPLES["listed-not-ours"] = (bounce([block("carla@example.org", LISTED, "5.7.1")], sender="ann@elsewhere.example"), "en")

tap = Tap()


def copies(lab, message, count):
    """Who got it: the addresses of so many delivered copies."""
    lab.send(message)
    taken = lab.take(count)
    return sorted(parse(copy)["X-Original-To"] or parse(copy)["Delivered-To"] for copy in taken), taken


def main():
    if os.getuid() != 0:
        return skip_all("a private Postfix needs root")
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(folder)
        checks = os.path.join(folder, "checks.regexp")
        with open(os.path.join(TOP, "contrib/postfix/milter_header_checks.regexp"), encoding="utf-8") as recipe, open(checks, "w", encoding="utf-8") as out:
            out.write(recipe.read().replace("helpdesk@example.com", "helpdesk@site.example"))
        try:
            lab.start_milter()
            lab.start_postfix("milter_header_checks=regexp:" + checks)
            who, taken = copies(lab, SAMPLES["listed"][0], 2)
            tap.check("listed: the user and the helpdesk get it", who == ["ann@site.example", "helpdesk@site.example"], who)
            fields = parse(taken[0])
            tap.check("its fields name kind, id and the original", re.search("kind=bounce;.*id=[0-9a-f]{12}", fields["X-SMTP-Explain"]) and "<4711@site.example>" in fields["X-SMTP-Explain-Original"]
                      and 'subject="Invoice 4711"' in fields["X-SMTP-Explain-Original"], taken[0].decode())
            tap.check("both copies have the null sender, so that no bounce of a bounce can come", [parse(copy)["Return-Path"] for copy in taken] == ["<>", "<>"], taken[1].decode())
            who, _ = copies(lab, SAMPLES["listed-twice"][0], 2)
            tap.check("listed-twice: two fields match, and the helpdesk gets one copy", who == ["ann@site.example", "helpdesk@site.example"], who)
            for name in ("one", "delay", "backscatter", "listed-not-ours"):
                who, _ = copies(lab, SAMPLES[name][0], 1)
                tap.check(f"{name}: the user alone gets it", who == ["ann@site.example"], who)
            who, _ = copies(lab, ORDINARY, 1)
            tap.check("a forged field makes no copy", who == ["ann@site.example"], who)
            who, _ = copies(lab, SAMPLES["listed"][0], 2)
            tap.check("no copy came late: the next two are those of the next report", who == ["ann@site.example", "helpdesk@site.example"], who)
            tap.check("Postfix has no complaint", not re.search(r"(warning|error|fatal):.*(milter_header|header_checks|BCC|regexp)", lab.mail_log()), lab.mail_log()[-3000:])
        finally:
            lab.close()
    return tap.end()


sys.exit(main())
