#!/usr/bin/env python3
"""check_operator.py - what an operator sees of a running daemon: lines within limits, hidden addresses, statistics on demand and none lost on reload, the file of metrics,
incidents that open once, survive a reload and close. Speaks the milter protocol itself. TAP."""
import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import milter_client
from sample_bounces import LISTED, UNKNOWN, block, bounce
from support import Tap, wait_for

BUILD = os.path.abspath(os.environ.get('top_builddir') or '.')
MILTER = os.path.join(BUILD, 'smtp-explain-milter')
ORDINARY = b'From: carol@example.com\nTo: ann@site.example\nSubject: lunch\n\nnow?\n'
started = []


class Results:
    """What one part found, printed when it is its turn: the parts run side by side, for libmilter takes five seconds to end."""

    def __init__(self):
        self.results = []

    def check(self, *result):
        self.results.append(result)


class Daemon:
    """One run in a folder of its own."""

    def __init__(self, folder, name, settings):
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        self.socket, self.conf, self.log = (os.path.join(self.folder, file) for file in ('sock', 'conf', 'log'))
        self.write(settings)

    def write(self, settings):
        text = f'[milter]\nsocket = unix:{self.socket}\n' + settings.replace('[log]\n', '[log]\ndestination = stderr\n').replace('FOLDER', self.folder)
        with open(self.conf, 'w', encoding='utf-8') as out:
            out.write(text)

    def start(self):
        with open(self.log, 'w', encoding='utf-8') as log:
            self.process = subprocess.Popen([MILTER, '--conf', self.conf, '--foreground'], stderr=log)
        started.append(self.process)
        wait_for(lambda: 'ready on' in self.said() or self.process.poll() is not None, 20)
        return self

    def said(self):
        with open(self.log, encoding='utf-8', errors='replace') as text:
            return text.read()

    def lines(self, pattern):
        return re.findall(r'^smtp-explain\[\d+\]: ((?:' + pattern + r').*)$', self.said(), re.M)

    def signal(self, number, pattern):
        """Sends it and waits for one more line of that kind."""
        before = len(self.lines(pattern))
        self.process.send_signal(number)
        return wait_for(lambda: len(self.lines(pattern)) > before, 20)

    def reload(self):
        return self.signal(signal.SIGHUP, 'reload: ')

    def send(self, *messages):
        client = milter_client.Client(self.socket)
        client.open()
        for number, message in enumerate(messages):
            client.message(message, queue_id='%X' % (0xA0000 + number))
        client.quit()

    def stop(self):
        self.process.terminate()
        return self.process.wait(20)


def unknown(*names, sender='ann@site.example'):
    return bounce([block(f'{name}@example.net', UNKNOWN, remote='mx.example.net') for name in names], sender=sender)


def number(line, name):
    found = re.search(rf' {name}=(\d+)', line)
    return int(found.group(1)) if found else 0


def total(daemon, name):
    """Over all lines of statistics."""
    return sum(number(line, name) for line in daemon.lines('stats: '))


def report(daemon):
    """What smtp-explain report reads in the daemon's own log."""
    done = subprocess.run([os.path.join(BUILD, 'smtp-explain'), '--conf', '/dev/null', 'report', '--json', daemon.log], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def check_limits(tap, folder):
    daemon = Daemon(folder, 'limits', '[log]\nlines_per_message = 3\nlines_per_minute = 5\n').start()
    daemon.send(unknown('a', 'b', 'c', 'd', 'e'), unknown('f', 'g', 'h', 'i'), unknown('j'))
    daemon.stop()
    lines, told = daemon.lines(r'[0-9A-F]+: kind='), sum(number(line, 'suppressed') for line in daemon.lines(r'[0-9A-F]+: kind=|limit: '))
    tap.check('limits: no more lines than there may be', 5 <= len(lines) <= 8, daemon.said())    # a minute may end in between
    tap.check('limits: the last line of a message tells what it had more', number(lines[2], 'suppressed') == 2 and not number(lines[0], 'suppressed'), daemon.said())
    tap.check('limits: lines and what is suppressed are all recipients', len(lines) + told == 10, daemon.said())
    tap.check('limits: the statistics say so too', (total(daemon, 'failures'), total(daemon, 'lines'), total(daemon, 'suppressed')) == (10, len(lines), told), daemon.said())
    found = report(daemon)
    tap.check('limits: the report reads the same', (found['events'] + found['suppressed'], found['suppressed'], found['stats']['failures'], found['damaged']) == (10, told, 10, 0), found)


def check_privacy(tap, folder):
    key = 'a secret of more than sixteen bytes'
    daemon = Daemon(folder, 'privacy', '[log]\naddresses = hash\nhash_key_file = FOLDER/key\n')
    with open(os.path.join(daemon.folder, 'key'), 'w', encoding='ascii') as out:
        out.write(key + '\n')
    daemon.start()
    message = bounce([block('Bob@example.net', '550 5.1.1 <Bob@example.net>: no mailbox for bob here')])
    daemon.send(message)
    shown = 'hash:' + hmac.new(key.encode(), b'bob@example.net', hashlib.sha256).hexdigest()[:16]
    line = ''.join(daemon.lines(r'[0-9A-F]+: kind='))
    tap.check('privacy: to is the keyed hash of the address', f' to=<{shown}> ' in line, line)
    tap.check('privacy: so is every address and name in the words', line.count(shown) == 3 and 'ob@' not in line and 'for bob' not in line, line)
    tap.check('privacy: the sender is hidden', re.search(' sender=<hash:[0-9a-f]{16}>', line) and 'ann@' not in line, line)
    daemon.write('[log]\naddresses = none\nformat = json\n')
    daemon.reload()
    daemon.send(message)
    daemon.stop()
    line = json.loads(daemon.lines(r'\{')[-1])
    tap.check('privacy: none, in JSON, after a reload', 'to' not in line and 'sender' not in line and 'bob' not in json.dumps(line).lower() and line['reason'] == 'recipient-unknown', line)
    stats = daemon.lines('stats: ')[-1]
    tap.check('privacy: none, and the statistics name no domain', number(stats, 'failures') and '_domain=' not in stats and 'example' not in stats, stats)
    for name, content, wanted in (('absent', None, 'No such file'), ('short', 'too short', 'at least 16 bytes')):
        bad = Daemon(folder, name, '[log]\naddresses = hash\nhash_key_file = FOLDER/key\n')
        if content:
            with open(os.path.join(bad.folder, 'key'), 'w', encoding='ascii') as out:
                out.write(content)
        bad.start()
        tap.check(f'privacy: a key that is {name} is an error that names the file', bad.process.wait(20) == 78 and 'key: ' in bad.said() and wanted in bad.said(), bad.said())


def check_statistics(tap, folder):
    daemon = Daemon(folder, 'statistics', '[log]\nstats_interval = 0\n').start()
    stop = threading.Event()

    def load():
        while not stop.is_set():
            daemon.send(unknown('x', 'y'), ORDINARY)

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for round_ in range(6):
        daemon.signal(signal.SIGUSR2, 'stats: ') if round_ % 2 else daemon.reload()
    stop.set()
    for thread in threads:
        thread.join()
    daemon.stop()
    lines = len(daemon.lines(r'[0-9A-F]+: kind='))
    tap.check('statistics: SIGUSR2 asks for a line', len(daemon.lines('stats: ')) == 4, daemon.said()[-2000:])
    tap.check('statistics: over signals, reloads and the end none is lost or counted twice', lines > 0 and total(daemon, 'failures') == total(daemon, 'lines') == lines == 2 * total(daemon, 'reports'),
              f'{lines} {total(daemon, "failures")}')
    skipped = sum(int(count) for line in daemon.lines('stats: ') for count in re.findall(r'[a-z-]+:(\d+)', (re.search(r' skipped=(\S+)', line) or ['', ''])[1]))
    tap.check('statistics: every message is a report or was passed over', total(daemon, 'messages') == total(daemon, 'reports') + skipped, daemon.lines('stats: '))
    sums = [[sum(int(count) for count in re.findall(r':(\d+)', (re.search(rf' {name}=(\S+)', line) or ['', ''])[1])) for name in ('top_reason', 'top_provider', 'top_domain', 'top_sender_domain', 'top_code')]
            + [number(line, 'failures')] for line in daemon.lines('stats: ')]
    found = report(daemon)
    tap.check('statistics: the report reads the same in lines and statistics, and copies as what they are', (found['events'], found['duplicates'], found['damaged']) == (2, lines - 2, 0) and
              found['stats']['failures'] == lines and found['stats']['messages'] == total(daemon, 'messages') and found['stats']['lines'] == len(daemon.lines('stats: ')), found)
    tap.check('statistics: in each line, every list has the same sum', all(len(set(row)) == 1 for row in sums), sums)


def check_metrics(tap, folder):
    daemon = Daemon(folder, 'metrics', '[log]\nstats_interval = 0\n[metrics]\nfile = FOLDER/x.prom\ninterval = 3600\n').start()
    path = os.path.join(daemon.folder, 'x.prom')

    def read(name):
        with open(path, encoding='utf-8') as text:
            return sum(int(value) for value in re.findall(rf'^{name}(?:\{{.*\}})? (\d+)$', text.read(), re.M))

    tap.check('metrics: written at the start', wait_for(lambda: os.path.exists(path), 20) and read('smtp_explain_messages_total') == 0)
    daemon.send(unknown('x', 'y'), ORDINARY, unknown('z'))
    daemon.signal(signal.SIGUSR2, 'stats: ')
    tap.check('metrics: written on SIGUSR2', wait_for(lambda: read('smtp_explain_messages_total') == 3, 20), read('smtp_explain_messages_total'))
    daemon.write('[log]\nbad = 1\n')
    daemon.reload()
    daemon.send(unknown('w'))
    daemon.stop()
    tap.check('metrics: written at the end, and they go on over a reload', (read('smtp_explain_failures_total'), read('smtp_explain_reports_total'), read('smtp_explain_skipped_total')) == (4, 3, 1))
    tap.check('metrics: a refused reload is told', read('smtp_explain_config_last_reload_successful') == 0 and read('smtp_explain_errors_total') == 1)
    broken = Daemon(folder, 'broken', '[log]\nstats_interval = 0\n[metrics]\nfile = FOLDER/none/x.prom\ninterval = 1\n').start()
    wait_for(lambda: False, 2.5)
    tap.check('metrics: a folder that is not there is told once, and the daemon serves', broken.stop() == 0 and len(broken.lines('metrics: .*none/x.prom: No such file')) == 1, broken.said())


def check_incidents(tap, folder):
    rules = ('[site]\ndomains = site.example\n[log]\nstats_interval = 0\n[alert.ip-blocklisted]\ncount = 4\nwindow = 2\nclose = 1\n'
             '[alert.account-compromised]\ncount = 6\ndistinct_count = 6\n[alert.account-spoofed]\ncount = 6\ndistinct_count = 6\n')
    daemon = Daemon(folder, 'incidents', rules).start()
    listed = bounce([block(f'user{n}@example.org', LISTED, '5.7.1', remote='mx.example.org') for n in range(5)])
    daemon.send(listed)
    opened = daemon.lines('alert: state=open name=ip-blocklisted')
    tap.check('incidents: a burst opens one', len(opened) == 1 and re.fullmatch(r'alert: state=open name=ip-blocklisted reason=ip-blocklisted provider=\S+ count=4 window=2 threshold=4 '
                                                                                r'since=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ origin=ours', opened[0]), daemon.said())
    daemon.reload()
    daemon.send(listed, listed.replace(b'4F8EEAAE94F', b'5A8EEAAE94F'))    # a copy of the report, which does not count, and the report about another message
    tap.check('incidents: more of it, and a reload, are no other', len(daemon.lines('alert: state=')) == 1, daemon.said())
    closed = wait_for(lambda: daemon.lines('alert: state=closed name=ip-blocklisted'), 20)
    tap.check('incidents: its end is told once, with peak and total', closed and number(closed[0], 'total') == 10 and number(closed[0], 'peak') >= 5 and ' why=quiet ' in closed[0]
              and re.search(r'since=\S+', closed[0])[0] == re.search(r'since=\S+', opened[0])[0], daemon.said())
    daemon.send(*[unknown(f'guess{n}', sender='ann@site.example') for n in range(8)])
    daemon.send(*[unknown(f'forged{n}', sender='ann@site.example').replace(b'<4711@site.example>', b'<4711@botnet.example>') for n in range(8)])
    names = [(re.search(r'name=(\S+)', line)[1], re.search(r'sender=(\S+)', line)[1]) for line in daemon.lines('alert: state=open name=account-')]
    tap.check('incidents: a compromised account and a spoofed one are told apart', sorted(names) == [('account-compromised', '<ann@site.example>'), ('account-spoofed', '<ann@site.example>')], daemon.said())
    daemon.stop()
    tap.check('incidents: what is open at the end is closed', len(daemon.lines('alert: state=closed .* why=stop')) == 2, daemon.said())
    daemon.write(rules + '[alert.tls]\nreason = tsl\n')
    tap.check('incidents: a reason that nobody knows is an error with its place', daemon.start().process.wait(20) == 78
              and re.search(r'conf:\d+: \[alert\.tls\] reason: the catalogue has no such reason: tsl', daemon.said()), daemon.said())
    silent = Daemon(folder, 'silent', '[log]\nalerts = no\n').start()
    silent.send(*[listed] * 4)
    silent.stop()
    tap.check('incidents: alerts = no, no alerts', len(silent.lines(r'[0-9A-F]+: kind=')) == 20 and not silent.lines('alert: '), silent.said())


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix='smtp-explain-operator.') as folder:
        try:
            with ThreadPoolExecutor() as pool:
                parts = [(results := Results(), pool.submit(check, results, folder)) for check in (check_limits, check_privacy, check_statistics, check_metrics, check_incidents)]
            for results, part in parts:
                for result in results.results:
                    tap.check(*result)
                part.result()
        finally:
            for process in started:  # nothing may outlive a test, also one that broke
                process.kill()
                process.wait()
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
