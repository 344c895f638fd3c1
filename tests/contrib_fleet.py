#!/usr/bin/env python3
"""contrib_fleet.py - three mail servers and one centre, with contrib/fleet as it is shipped: rsyslog, RELP, PostgreSQL.

Three milters log to three rsyslogs, which forward by RELP to a fourth, which writes into PostgreSQL. The centre is stopped and started again under load, and so is the
database. At the end the counts of messages sent, log lines, metrics, "smtp-explain report" and the views of the database must be equal, one with all the others: nothing lost, nothing
counted twice. TAP.

usage: contrib_fleet.py [MESSAGES]      for each of the three servers; default 600, the count of a release is 34000
Skips (saying so) where rsyslog or PostgreSQL are not there. PostgreSQL does not run as root: then it runs as user postgres or nobody.
"""
import collections
import glob
import json
import os
import pwd
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import milter_client
from support import Tap, free_port, skip_all, wait_for

TOP = os.path.abspath(os.environ.get('top_srcdir') or os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
BUILD = os.path.abspath(os.environ.get('top_builddir') or '.')
SERVERS = 3

REPLIES = [
    ('550 5.1.1 The email account that you tried to reach does not exist. https://support.google.com/mail/?p=NoSuchUser d2 - gsmtp', 'gmail-smtp-in.l.google.com'),
    ('552 5.2.2 Mailbox is full', 'mx.full.example'),
    ('554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org', 'mx.listed.example'),
    ('550 5.7.1 it\'s "quoted\\" and \'); DROP TABLE event; -- {"id":"forged"}', 'mx.hostile.example'),
    ('550 Zugriff verweigert \u00e4\u00f6\u00fc \u6f22\u5b57', 'mx.utf8.example'),
]


def bounce(server, number, reply, remote):
    return (f'From: MAILER-DAEMON@mx{server}.site.example\r\nTo: ann@site.example\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n'
            'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\n'
            f'Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx{server}.site.example\r\nX-Postfix-Queue-ID: {server}Q{number}\r\n\r\n'
            f'Final-Recipient: rfc822; bob{number}@{remote}\r\nAction: failed\r\nStatus: {reply[4:9] if reply[4] == "5" else "5.0.0"}\r\nRemote-MTA: dns; {remote}\r\n'
            f'Diagnostic-Code: smtp; {reply}\r\n\r\n--b--\r\n').encode()


def ordinary(number):
    return f'From: carol{number}@example.com\r\nTo: ann@site.example\r\nSubject: Lunch {number}\r\n\r\nNoon?\r\n'.encode()


class Database:
    """A PostgreSQL of its own, on a unix socket only."""

    def __init__(self, folder):
        self.folder = folder
        self.data = os.path.join(folder, 'data')
        self.bin = os.path.dirname(max(glob.glob('/usr/lib/postgresql/*/bin/initdb')))
        self.user = None
        os.mkdir(folder)
        if os.geteuid() == 0:
            names = [entry.pw_name for entry in pwd.getpwall()]
            self.user = pwd.getpwnam('postgres' if 'postgres' in names else 'nobody')
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        self.run('initdb', '-D', self.data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8')
        self.start()

    def run(self, program, *arguments):
        identity = {'user': self.user.pw_uid, 'group': self.user.pw_gid, 'extra_groups': []} if self.user else {}
        return subprocess.run([os.path.join(self.bin, program), *arguments], check=True, capture_output=True, text=True, cwd=self.folder, **identity)

    def start(self):
        self.run('pg_ctl', '-D', self.data, '-w', '-l', os.path.join(self.folder, 'log'), '-o', f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off", 'start')

    def stop(self):
        self.run('pg_ctl', '-D', self.data, '-m', 'fast', '-w', 'stop')

    def psql(self, *arguments):
        return subprocess.run([os.path.join(self.bin, 'psql'), '-X', '-A', '-t', '-h', self.folder, '-U', 'owner', '-v', 'ON_ERROR_STOP=1', *arguments], capture_output=True, text=True)

    def ask(self, query):
        answer = self.psql('-d', 'smtp_explain', '-c', query)
        return answer.stdout.strip() if answer.returncode == 0 else ''

    def rows(self, query):
        return dict(line.rsplit('|', 1) for line in self.ask(query).splitlines())


class Rsyslog:
    """One rsyslogd with a folder of its own; its configuration is the shipped one, with the places of this test."""

    def __init__(self, folder, name, shipped, changes, before=''):
        self.folder = folder
        self.log_socket = os.path.join(folder, 'log')
        os.makedirs(os.path.join(folder, 'spool'))
        with open(os.path.join(TOP, 'contrib/fleet', shipped), encoding='utf-8') as file:
            text = file.read()
        for old, new in changes.items():
            assert old in text, f'{shipped} has no {old}'
            text = text.replace(old, new)
        with open(self.path('conf'), 'w', encoding='utf-8') as out:
            out.write(f'global(workDirectory="{folder}/spool" localHostname="{name}")\n{before}\n{text}\n'
                      f'*.* action(type="omfile" file="{folder}/all" template="RSYSLOG_FileFormat")\n')
        self.start()

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self):
        self.process = subprocess.Popen(['rsyslogd', '-n', '-i', self.path('pid'), '-f', self.path('conf')], stderr=open(self.path('errors'), 'a', encoding='utf-8'))

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


class Server:
    """A milter whose lines go to the rsyslog of its host, as syslog(3) sends them."""

    def __init__(self, folder, number, centre_port):
        self.number, self.port = number, free_port()
        self.rsyslog = Rsyslog(os.path.join(folder, f'sender{number}'), f'mx{number}.site.example', 'rsyslog-sender.conf',
                               {'centre.example.com" port="2514"': f'127.0.0.1" port="{centre_port}"', 'action.resumeInterval="5"': 'action.resumeInterval="1"',
                                'action.resumeIntervalMax="60"': 'action.resumeIntervalMax="1"', 'queue.size="10000"': 'queue.size="500"'},
                               f'module(load="imuxsock" SysSock.Use="off")\ninput(type="imuxsock" socket="{folder}/sender{number}/log" RateLimit.Interval="0")')
        conf = os.path.join(folder, f'milter{number}.conf')
        with open(conf, 'w', encoding='utf-8') as out:
            out.write(f'[milter]\nsocket = inet:{self.port}@127.0.0.1\n[log]\ndestination = stderr\nformat = json\nstats_interval = 0\n[metrics]\nfile = {folder}/milter{number}.prom\n[site]\ndomains = site.example\n'
                      f'hosts = mx{number}.site.example\n')
        self.metrics_file = os.path.join(folder, f'milter{number}.prom')
        self.log_file = os.path.join(folder, f'milter{number}.log')
        self.lines = []
        self.milter = subprocess.Popen([os.path.join(BUILD, 'smtp-explain-milter'), '--conf', conf], stderr=subprocess.PIPE)
        self.pump = threading.Thread(target=self.forward)
        self.pump.start()

    def forward(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
            wait_for(lambda: os.path.exists(self.rsyslog.log_socket))
            log.connect(self.rsyslog.log_socket)
            for line in self.milter.stderr:
                line = line.rstrip(b'\n')
                with open(self.log_file, 'ab') as file:
                    file.write(time.strftime('%Y-%m-%dT%H:%M:%S%z mx').encode() + str(self.number).encode() + b'.site.example ' + line + b'\n')
                self.lines.append(line.decode())
                log.send(b'<22>' + time.strftime('%b %e %H:%M:%S ').encode() + line)

    def ready(self):
        try:
            milter_client.connect(('127.0.0.1', self.port)).close()
            return True
        except OSError:
            return False

    def stop(self):
        if self.milter.poll() is None:
            self.milter.terminate()
            self.milter.wait(30)
        self.pump.join()


class Load(threading.Thread):
    """Bounces, copies of them on other servers, and ordinary mail, in an order that is always the same."""

    def __init__(self, server, count):
        super().__init__()
        self.server, self.count = server, count
        self.sent = {}                      # (server that made it, number) → index of the reply
        self.copies = 0

    def run(self):
        choice = random.Random(self.server.number)
        client = milter_client.Client(('127.0.0.1', self.server.port))
        for number in range(self.count):
            kind = choice.random()
            if kind < 0.3:
                client.message(ordinary(number), sender='<carol@example.com>')
                continue
            reply = choice.randrange(len(REPLIES))
            client.message(bounce(self.server.number, number, *REPLIES[reply]))
            self.sent[number] = reply
            if kind > 0.9:                  # the postmaster's copy of the same bounce
                client.message(bounce(self.server.number, number, *REPLIES[reply]))
                self.copies += 1
        client.quit()


def missing_programs():
    if not shutil.which('rsyslogd') or not all(glob.glob(f'/usr/lib/*/rsyslog/{module}.so') for module in ('imrelp', 'omrelp', 'ompgsql')):
        return 'no rsyslog with RELP and PostgreSQL'
    if not glob.glob('/usr/lib/postgresql/*/bin/initdb'):
        return 'no PostgreSQL'
    return None


def run(tap, folder, count):
    database = Database(os.path.join(folder, 'database'))
    servers = []
    centre = None
    try:
        database.psql('-d', 'postgres', '-c', 'CREATE DATABASE smtp_explain')
        made = database.psql('-d', 'smtp_explain', '-f', os.path.join(TOP, 'contrib/fleet/schema.sql'), '-f', os.path.join(TOP, 'contrib/fleet/views.sql'))
        again = database.psql('-d', 'smtp_explain', '-f', os.path.join(TOP, 'contrib/fleet/schema.sql'), '-f', os.path.join(TOP, 'contrib/fleet/views.sql'))
        tap.check('schema and views are made, and may be made again', made.returncode == 0 and again.returncode == 0, made.stderr + again.stderr)
        role = re.search(r'(CREATE ROLE rsyslog .*;)$', open(os.path.join(TOP, 'contrib/fleet/rsyslog-centre.conf'), encoding='utf-8').read(), re.M).group(1)
        tap.check('the role of rsyslog as rsyslog-centre.conf says', database.psql('-d', 'smtp_explain', '-c', role).returncode == 0)
        port = free_port()
        centre = Rsyslog(os.path.join(folder, 'centre'), 'centre.site.example', 'rsyslog-centre.conf',
                         {'server="/var/run/postgresql"': f'server="{database.folder}"', 'port="2514"': f'port="{port}"', 'action.resumeInterval="5"': 'action.resumeInterval="1"',
                          'action.resumeIntervalMax="60"': 'action.resumeIntervalMax="1"'})
        servers = [Server(folder, number, port) for number in range(1, SERVERS + 1)]
        tap.check('three milters listen', all(wait_for(server.ready) for server in servers))
        through_trouble(tap, database, centre, servers, count)
    finally:
        for server in servers:
            server.stop()
            server.rsyslog.stop()
        if centre:
            centre.stop()
        database.stop()


def through_trouble(tap, database, centre, servers, count):
    loads = [Load(server, count) for server in servers]
    for load in loads:
        load.start()
    wait_for(lambda: sum(len(load.sent) for load in loads) > count / 3)
    centre.stop()                           # the centre goes away under load ...
    wait_for(lambda: sum(len(load.sent) for load in loads) > count)
    centre.start()                          # ... and comes back
    wait_for(lambda: int(database.ask('SELECT count(*) FROM smtp_explain.event') or 0) > count / 2)
    database.stop()                         # and so does the database
    time.sleep(2)
    database.start()
    for load in loads:
        load.join()
    compare(tap, database, servers, loads)
    for server in servers:
        server.stop()                       # the last metrics are written
    compare_report(tap, database, servers, loads)
    compare_metrics(tap, servers, loads)
    check_feeding(tap, database, servers)
    check_upkeep(tap, database)


def compare(tap, database, servers, loads):
    expected = sum(len(load.sent) for load in loads)
    copies = sum(load.copies for load in loads)
    logged = [json.loads(line.partition(': ')[2]) for server in servers for line in server.lines if ': {' in line]
    logged = [line for line in logged if 'id' in line]
    tap.check(f'log: a line for each of {expected} bounces and {copies} copies', len(logged) == expected + copies, len(logged))
    wait_for(lambda: int(database.ask('SELECT sum(copies) FROM smtp_explain.event') or 0) >= expected + copies and
             database.ask('SELECT count(*) FROM smtp_explain.event') == str(expected), 120 + expected / 100)
    tap.check('database: every event, none twice', database.ask('SELECT count(*) FROM smtp_explain.event') == str(expected), database.ask('SELECT count(*) FROM smtp_explain.event'))
    # A line that RELP had to send again is a copy too, so there may be more of them.
    tap.check('database: every copy is counted', int(database.ask('SELECT sum(copies) FROM smtp_explain.event') or 0) >= expected + copies)
    tap.check('database: nothing unreadable', database.ask('SELECT count(*) FROM smtp_explain.notice') == '0', database.ask('SELECT line FROM smtp_explain.notice LIMIT 3'))
    events = {line['id']: line for line in logged}
    for column, key in (('reason', 'reason'), ('provider', 'provider'), ('host', None)):
        want = collections.Counter(line.get(key) for line in events.values()) if key else {f'mx{load.server.number}.site.example': len(load.sent) for load in loads}
        got = database.rows(f"SELECT coalesce({column}, ''), count(*) FROM smtp_explain.event GROUP BY 1")
        tap.check(f'database: counts by {column} are those of the log', got == {name or '': str(n) for name, n in want.items()}, (got, want))
    hostile = database.ask("SELECT count(*) FROM smtp_explain.event WHERE diagnostic LIKE '%''); DROP TABLE event; --%'")
    tap.check('database: hostile words are words', int(hostile or 0) == sum(reply == 3 for load in loads for reply in load.sent.values()), hostile)
    tap.check('database: letters of every script', int(database.ask("SELECT count(*) FROM smtp_explain.event WHERE diagnostic LIKE '%漢字%'") or 0) > 0)


def compare_report(tap, database, servers, loads):
    """Of all logs together, by the tool and by the views of the database."""
    answer = subprocess.run([os.path.join(BUILD, 'smtp-explain'), '--conf=/dev/null', 'report', '--json', '--top=10000', *(server.log_file for server in servers)], capture_output=True, text=True)
    tap.check('report: reads the three logs', answer.returncode == 0 and not answer.stderr, answer.stderr)
    report = json.loads(answer.stdout)
    totals = database.ask('SELECT events, failed, delayed, unknown FROM smtp_explain.report_totals').split('|')
    tap.check('report and view: the same totals', [str(report[name]) for name in ('events', 'failed', 'delayed', 'unknown')] == totals, (totals, answer.stdout[:600]))
    tap.check('report: as many as were sent, and their copies', report['events'] == sum(len(load.sent) for load in loads) and report['duplicates'] == sum(load.copies for load in loads),
              answer.stdout[:600])
    for name, listed in report['lists'].items():
        # The column may hold no value for an event that does not say: the report's "absent".
        got = {row['name']: str(row['count']) for row in listed['rows']}
        rows = database.rows(f"SELECT name, count FROM smtp_explain.report_lists WHERE list = '{name}' AND name IS NOT NULL")
        tap.check(f'report and view: the same list {name}', got == rows and listed['other'] == 0, (got, rows))
    hours = sum(hour['failed'] + hour['delayed'] for hour in report['hours'])
    tap.check('report and view: the hours add up to the events', hours == report['events'] == int(database.ask('SELECT sum(failed + delayed) FROM smtp_explain.report_hours') or 0), hours)


def samples(path, name):
    """label text → value of each sample of that metric."""
    with open(path, encoding='utf-8') as file:
        return {match.group(1) or '': float(match.group(2)) for line in file if (match := re.match(re.escape(name) + r'(\{.*\})? ([0-9.e+]+)$', line))}


def compare_metrics(tap, servers, loads):
    """Metrics count reports, so copies count."""
    for server, load in zip(servers, loads):
        failures = sum(samples(server.metrics_file, 'smtp_explain_failures_total').values())
        tap.check(f'metrics of mx{server.number}: failures are the bounces and copies sent', failures == len(load.sent) + load.copies, failures)
        messages = sum(samples(server.metrics_file, 'smtp_explain_messages_total').values())
        tap.check(f'metrics of mx{server.number}: messages are all that were sent', messages == load.count + load.copies, messages)


def check_feeding(tap, database, servers):
    """The README's way to feed a log again, with the logs that are there already and one of another server."""
    with open(os.path.join(TOP, 'contrib/fleet/README'), encoding='utf-8') as file:
        pattern, change = re.search(r"grep -h '([^']*)' mail.log \|\s+sed -E \"([^\"]*)\"", file.read()).groups()
    before = int(database.ask('SELECT count(*) FROM smtp_explain.event'))
    with open(servers[0].log_file, encoding='utf-8') as log:
        lines = log.readlines()
    other = next(line for line in lines if '"id":"' in line)
    lines.append(re.sub(r'"id":"[0-9a-f]{4}', '"id":"zzzz', other).replace('smtp-explain[', 'somebody-else['))
    lines.append(re.sub(r'"id":"[0-9a-f]{4}', '"id":"yyyy', other))
    found = subprocess.run(['grep', '-h', pattern], input=''.join(lines), capture_output=True, text=True, check=True).stdout
    orders = subprocess.run(['sed', '-E', change], input=found, capture_output=True, text=True, check=True).stdout
    with open(os.path.join(database.folder, 'orders'), 'w', encoding='utf-8') as out:
        out.write(orders)
    fed = database.psql('-q', '-d', 'smtp_explain', '-f', out.name)
    tap.check('a log that is fed again, as the README says: new events only', fed.returncode == 0 and int(database.ask('SELECT count(*) FROM smtp_explain.event')) == before + 1 and
              database.ask('SELECT count(*) FROM smtp_explain.notice') == '0', fed.stderr)


def readme_queries():
    with open(os.path.join(TOP, 'contrib/fleet/README'), encoding='utf-8') as file:
        return re.findall(r"""psql (?:-qAt )?-d smtp_explain -c (["'])(SELECT .*?)\1\n""", file.read())


def check_upkeep(tap, database):
    database.ask("SELECT smtp_explain.add(now() - interval '40 days', 'mx1', '{\"id\":\"old1\",\"reason\":\"mailbox-full\"}')")
    before = int(database.ask('SELECT count(*) FROM smtp_explain.event'))
    database.ask('SELECT smtp_explain.make_partitions(45, 3)')
    tap.check('upkeep: events move into a partition that is made later', database.ask('SELECT count(*) FROM smtp_explain.event') == str(before) and
              database.ask('SELECT count(*) FROM smtp_explain.event_unplanned') == '0')
    database.ask('SELECT smtp_explain.drop_partitions(30)')
    tap.check('upkeep: days older than the retention go, and no others', database.ask('SELECT count(*) FROM smtp_explain.event') == str(before - 1))
    database.ask("SELECT smtp_explain.add(now(), 'mx1', '{\"no\":\"id\"}'), smtp_explain.add(now(), 'mx1', '{damaged'), smtp_explain.add(now(), 'mx1', '{\"id\":\"\\u0000\"}')")
    answers = [database.psql('-d', 'smtp_explain', '-c', query) for _, query in readme_queries()]
    tap.check('the README: PostgreSQL answers each of its queries', len(answers) >= 4 and all(answer.returncode == 0 and answer.stdout for answer in answers), [answer.stderr for answer in answers])
    tap.check('what is no event is kept as a notice', database.ask('SELECT count(*) FROM smtp_explain.notice') == '3')


def main():
    reason = missing_programs()
    if reason:
        return skip_all(reason)
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        run(tap, folder, int(sys.argv[1]) if len(sys.argv) > 1 else 600)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
