#!/usr/bin/env python3
"""contrib_sieve - contrib/sieve/smtp-explain.sieve under Dovecot's sieve-test: annotated messages go to the right folders, all other mail stays where it was."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from card_reader import explain
from sample_bounces import SAMPLES, block, bounce
from support import Tap, skip_all

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "contrib", "sieve", "smtp-explain.sieve")
FOLDERS = [("one", "Bounces/Bad addresses"), ("many", "Bounces/Bad addresses"), ("right-to-left", "Bounces/Bad addresses"), ("listed", "Bounces/For our administrators"),
           ("delay", "Bounces/Delayed"), ("backscatter", "Bounces/Not ours"), ("full", "Bounces/Mailbox full"), ("spam", "Bounces/Other"), ("mixed", "Bounces/For our administrators")]
SAMPLES["full"] = (bounce([block("full@example.com", "552 5.2.2 Mailbox full", "5.2.2")]), "en")
SAMPLES["spam"] = (bounce([block("bob@example.com", "550 5.7.1 Message rejected as spam by content filter", "5.7.1")]), "en")
SAMPLES["mixed"] = (bounce([block("full@example.com", "552 5.2.2 Mailbox full", "5.2.2"), block("bob@example.com", "550 5.7.1 Client host [192.0.2.25] blocked using Spamhaus", "5.7.1")]), "en")
ORDINARY = b"From: carol@example.com\nTo: ann@site.example\nSubject: Lunch? X-SMTP-Explain: ; kind=delay;\n\n; owner=sender-admin;\n"

tap = Tap()


def folder_of(message, folder):
    owner = os.getuid() or 65534        # it reads no mail as root
    path = os.path.join(folder, "message.eml")
    with open(path, "wb") as file:
        file.write(message)
    config = os.path.join(folder, "dovecot.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"mail_uid = {owner}\nmail_gid = {owner}\nfirst_valid_uid = 0\nfirst_valid_gid = 0\nmail_home = {folder}\nmail_location = maildir:{folder}/mail\n"
                   f"base_dir = {folder}/run\nstate_dir = {folder}/run\nlog_path = {folder}/log\nssl = no\n")
    done = subprocess.run(["sieve-test", "-c", config, os.path.join(folder, "smtp-explain.sieve"), path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=folder, env={**os.environ, "HOME": folder}).stdout.decode()
    match = re.search(r"store message in folder: (.*)", done)
    return (match[1] if match else "?"), done


def main():
    if not shutil.which("sieve-test"):
        return skip_all("no sieve-test (package dovecot-sieve)")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        shutil.copy(SCRIPT, folder)
        for name, wanted in FOLDERS:
            where, done = folder_of(explain(["annotate"], name), folder)
            tap.check(f"{name}: {wanted}", where == wanted, done)
        flagged = folder_of(explain(["annotate"], "listed"), folder)[1]
        tap.check("what our administrators have to solve is flagged", "\\flagged" in flagged.lower(), flagged)
        where, done = folder_of(ORDINARY, folder)
        tap.check("other mail stays in the inbox", where == "INBOX", done)
        where, done = folder_of(SAMPLES["one"][0], folder)
        tap.check("a bounce without the fields stays in the inbox", where == "INBOX", done)
    return tap.end()


sys.exit(main())
