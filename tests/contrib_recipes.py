#!/usr/bin/env python3
"""contrib_recipes - what contrib/ ships for ticket systems and mail programs, as far as it can be run without them: RT's scrip on stand-ins for RT's objects, the matches of
Znuny and Zammad against fields as the milter writes them, Thunderbird's preferences, Roundcube's configuration and its own cleaner of HTML where it is installed."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from card_reader import annotated, explain
from sample_bounces import LISTED, SAMPLES, block, bounce
from support import Tap

TESTS = os.path.dirname(os.path.abspath(__file__))
CONTRIB = os.path.join(TESTS, "..", "contrib")
WASH = "/usr/share/roundcube/program/lib/Roundcube/rcube_washtml.php"
SAMPLES["not-ours"] = (bounce([block("carla@example.org", LISTED, "5.7.1")], sender="ann@elsewhere.example"), "en")
SAMPLES["forged"] = (bounce([block('"x; reason=forged; id=000000000000"@example.net', "550 5.1.1 no such user")], subject='a "quoted" \\ subject; id=1'), "en")

tap = Tap()


def run(command, data=b""):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def source(name):
    with open(os.path.join(CONTRIB, name), encoding="utf-8") as file:
        return file.read()


def field(sample, name="X-SMTP-Explain"):
    """Unfolded: with the blank that the fold stands for."""
    return re.sub(r"\n", "", annotated(sample)[name])


def check_rt():
    def custom(sample):
        done = run(["perl", os.path.join(TESTS, "scrip.pl"), os.path.join(CONTRIB, "rt/scrip.pl")], explain(["annotate"], sample) if sample else b"Subject: x\n\nX-SMTP-Explain: no\n")
        return done.returncode, done.stdout.decode()
    wanted = {"Bounce kind": "bounce", "Bounce reason": "recipient-unknown", "Bounce owner": "sender", "Bounced address": "bob@example.net", "Bounced Message-ID": "<4711@site.example>",
              "Bounced subject": "Invoice 4711", "Bounce id": re.search("id=([0-9a-f]{12})", field("one"))[1]}
    status, out = custom("one")
    tap.check("RT: the scrip sets the custom fields that there are", status == 0 and dict(line.split(": ", 1) for line in out.splitlines()) == wanted, out)
    status, out = custom("forged")
    tap.check("RT: an address with pairs in it forges none", status == 0 and "reason: recipient-unknown\n" in out and "id: 000" not in out and 'a "quoted" \\ subject; id=1\n' in out, out)
    tap.check("RT: other tickets are left alone", custom(None) == (0, ""), custom(None))


def check_rt_itself():
    """Where Request Tracker is installed: a database of its own, the scrip, messages through its gateway."""
    if not shutil.which("rt-setup-database-5"):
        print("# Request Tracker is not installed: its scrip ran on stand-ins only")
        return
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "RT_SiteConfig.pm")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"Set($rtname, 'site.example'); Set($Organization, 'site.example'); Set($DatabaseType, 'SQLite'); Set($DatabaseName, '{folder}/rt.db'); Set($LogToSyslog, undef);"
                       "Set($LogToSTDERR, 'error'); Set($LogToFile, undef); Set($MailCommand, 'testfile'); 1;")
        paths = []
        for sample in ("one", "forged"):
            paths.append(os.path.join(folder, sample))
            with open(paths[-1], "wb") as file:
                file.write(explain(["annotate"], sample))
        os.mkdir(os.path.join(folder, "none"))
        environment = {**os.environ, "RT_SITE_CONFIG": config, "RT_SITE_CONFIG_DIR": os.path.join(folder, "none"), "TMPDIR": folder}
        done = subprocess.run(["rt-setup-database-5", "--action", "init", "--skip-create", "--dba-password", ""], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        tap.check("Request Tracker: a database of its own", done.returncode == 0, done.stdout.decode())
        done = subprocess.run(["perl", os.path.join(TESTS, "rt_gateway.pl"), os.path.join(CONTRIB, "rt/scrip.pl"), *paths], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        tickets = done.stdout.decode().split("--\n")
        tap.check("Request Tracker: the ticket of a bounce has its fields", done.returncode == 0 and "Bounce reason: recipient-unknown\n" in tickets[0]
                  and "Bounced Message-ID: <4711@site.example>\n" in tickets[0], done.stdout.decode())
        tap.check("Request Tracker: an address with pairs in it forges none", "Bounce reason: recipient-unknown\n" in tickets[1] and "id: 000" not in tickets[1], done.stdout.decode())


def check_matches(tool, rules):
    """rules: (what it matches in, regular expression, the samples that it is for)."""
    for name, expression, samples in rules:
        for sample in ("one", "listed", "delay", "not-ours"):
            found = bool(re.search(expression, field(sample, name)))
            tap.check(f"{tool}: {expression} and {sample}", found == (sample in samples), field(sample, name))


def check_zammad():
    rules = {rule["name"].split(": ")[1]: next(iter(rule["match"].items())) for rule in json.loads(source("zammad/filters.json"))}
    wanted = {"for our administrators": ("listed", "not-ours"), "addresses to correct": ("one",), "mail that was not sent from here": ("not-ours",), "delays": ("delay",)}
    tap.check("Zammad: the filters that are tested here are those of the file", rules.keys() == wanted.keys(), rules.keys())
    check_matches("Zammad", [(match[0], match[1]["value"], wanted[name]) for name, match in rules.items()])


def check_znuny():
    done = run(["perl", "-MJSON::PP", "-e", 'print JSON::PP->new->canonical->encode((do $ARGV[0])->{"PostMaster::PreFilterModule"})', os.path.join(CONTRIB, "znuny/SmtpExplain.pm")])
    tap.check("Znuny: Perl reads the configuration", done.returncode == 0, done.stdout.decode())
    if done.returncode:
        return
    everyone = ("one", "listed", "delay", "not-ours")
    wanted = {"100": everyone, "101": everyone, "102": everyone, "110": ("listed", "not-ours"), "111": ("delay",), "112": ("not-ours",)}
    check_matches("Znuny", [(*next(iter(rule["Match"].items())), wanted[name.split("-")[0]]) for name, rule in json.loads(done.stdout).items()])


def check_thunderbird():
    preferences = re.findall(r'^user_pref\("([a-zA-Z.]+)", "([^"]*)"\);$', source("thunderbird/user.js"), re.M)
    lines = [line for line in source("thunderbird/user.js").splitlines() if line and not line.startswith("//")]
    tap.check("Thunderbird: every line is a preference", len(lines) == len(preferences) == 2, lines)
    names = set(annotated("one").keys())
    tap.check("Thunderbird: the fields that it names are in an annotated message", all(set(value.split()) <= names for _, value in preferences), preferences)


def check_roundcube():
    path = os.path.join(CONTRIB, "roundcube/config.inc.php")
    if not shutil.which("php"):
        return
    done = run(["php", "-l", path])
    tap.check("Roundcube: PHP reads the configuration", done.returncode == 0, done.stdout.decode())
    done = run(["php", "-r", f'$config = []; include "{path}"; echo json_encode($config);'])
    config = json.loads(done.stdout)
    tap.check("Roundcube: it names the plugin, and fields of an annotated message", config["plugins"] == ["show_additional_headers"]
              and set(config["show_additional_headers"]) <= set(annotated("one").keys()), config)
    if os.path.exists(WASH):
        html = next(part for part in annotated("one").walk() if part.get_content_type() == "text/html").get_content()
        code = f'define("RCUBE_CHARSET", "UTF-8"); require dirname("{WASH}") . "/rcube_utils.php"; require "{WASH}"; $wash = new rcube_washtml(["show_washed" => true]); echo $wash->wash(stream_get_contents(STDIN));'
        washed = run(["php", "-r", code], html.encode()).stdout.decode()
        lost = {word for words in re.findall(r'x-washed="([^"]*)"', washed) for word in words.split()}
        tap.check("Roundcube: its cleaner keeps all of the card but roles", "<h2 " in washed and "background-color: #1967d2" in washed and lost <= {"role", "aria-label", "aria-hidden"}, washed)


def main():
    if shutil.which("perl"):
        check_rt()
        check_rt_itself()
        check_znuny()
    check_zammad()
    check_thunderbird()
    check_roundcube()
    return tap.end()


sys.exit(main())
