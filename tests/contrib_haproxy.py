#!/usr/bin/env python3
"""contrib_haproxy.py - two Postfix behind one HAProxy and a pool of three milters, with contrib/haproxy as it is shipped; one milter is killed and one stopped under load.

No mail may be lost, none be refused or delayed beyond the timeouts of main.cf.snippet, and only mail that was on its way through the milter that went may pass without an
explanation. TAP. Skips (saying so) where it is not root or has no HAProxy.
"""
import os
import shutil
import signal
import smtplib
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
MESSAGES = 120                  # of each client
CLIENTS = 3                     # of each Postfix
TIMEOUT = 5 + 5 + 10            # connect_timeout, command_timeout, content_timeout of main.cf.snippet

BOUNCE = """\
From: MAILER-DAEMON@mx.example.net\r
To: ann@site.example\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <{id}@mx.example.net>\r
Auto-Submitted: auto-replied\r
\r
<bob@example.org>: host mx.example.org[192.0.2.7] said: 550 5.1.1 User unknown (in reply to RCPT TO command)\r
"""


class Milter:
    def __init__(self, folder, number):
        self.port, conf = free_port(), os.path.join(folder, f'milter{number}.conf')
        with open(conf, 'w', encoding='utf-8') as out:
            out.write(f'[milter]\nsocket = inet:{self.port}@127.0.0.1\n[log]\ndestination = stderr\nstats_interval = 0\n')
        self.log = os.path.join(folder, f'milter{number}.log')
        with open(self.log, 'w', encoding='utf-8') as log:
            self.process = subprocess.Popen([os.path.join(BUILD, 'smtp-explain-milter'), '--conf', conf], stderr=log)

    def explained(self):
        with open(self.log, encoding='utf-8') as log:
            return log.read().count(' kind=bounce ')


def start_haproxy(folder, milters):
    port, conf = free_port(), os.path.join(folder, 'haproxy.cfg')
    with open(os.path.join(TOP, 'contrib/haproxy/smtp-explain.cfg'), encoding='utf-8') as file:
        text = file.read()
    for number, milter in enumerate(milters, 1):
        assert f'192.0.2.1{number}:8891' in text
        text = text.replace(f'192.0.2.1{number}:8891', f'127.0.0.1:{milter.port}')
    with open(conf, 'w', encoding='utf-8') as out:
        out.write(text.replace('bind 127.0.0.1:8890', f'bind 127.0.0.1:{port}'))
    checked = subprocess.run(['haproxy', '-c', '-q', '-f', conf], capture_output=True, text=True)
    return port, subprocess.Popen(['haproxy', '-db', '-q', '-f', conf], stderr=subprocess.DEVNULL), checked


class Load(threading.Thread):
    def __init__(self, port, name):
        super().__init__()
        self.port, self.client, self.sent, self.refused, self.slowest = port, name, 0, [], 0.0

    def run(self):
        for number in range(MESSAGES):
            begin = time.monotonic()
            try:
                with smtplib.SMTP('127.0.0.1', self.port, timeout=60) as smtp:
                    smtp.sendmail('', ['ann@site.example'], BOUNCE.format(id=f'{self.client}.{number}').encode())
                self.sent += 1
            except (OSError, smtplib.SMTPException) as error:
                self.refused.append(str(error))
            self.slowest = max(self.slowest, time.monotonic() - begin)


def delivered(folder):
    mails = []
    for number in (1, 2):
        new = os.path.join(folder, f'postfix{number}/mail/all/new')
        for name in os.listdir(new) if os.path.isdir(new) else []:
            with open(os.path.join(new, name), 'rb') as file:
                mails.append(file.read())
    return mails


def run(tap, folder):
    milters = [Milter(folder, number) for number in (1, 2, 3)]
    port, haproxy, checked = start_haproxy(folder, milters)
    tap.check('HAProxy takes the configuration without a word', checked.returncode == 0 and not checked.stderr + checked.stdout, checked.stderr + checked.stdout)
    ports = []
    try:
        snippet = f'{{ inet:127.0.0.1:{port}, connect_timeout=5s, command_timeout=5s, content_timeout=10s, default_action=accept }}'
        for number in (1, 2):
            ports.append(free_port(2))
            subprocess.run([os.path.join(TOP, 'contrib/private-postfix'), 'start', os.path.join(folder, f'postfix{number}'), str(ports[-1]), '9',
                            'smtpd_milters=' + snippet], check=True, stdout=subprocess.DEVNULL)
        wait_for(lambda: connects(port), 30)
        load(tap, folder, ports, milters)
    finally:
        for number in range(1, len(ports) + 1):
            subprocess.run([os.path.join(TOP, 'contrib/private-postfix'), 'stop', os.path.join(folder, f'postfix{number}')], check=False, stdout=subprocess.DEVNULL)
        haproxy.kill()
        haproxy.wait()
        for milter in milters:
            milter.process.kill()
            milter.process.wait()


def connects(port):
    try:
        milter_client.Client(('127.0.0.1', port)).quit()
        return True
    except (OSError, EOFError):
        return False


def load(tap, folder, ports, milters):
    loads = [Load(port, f'{port}-{client}') for port in ports for client in range(CLIENTS)]
    everything = len(loads) * MESSAGES
    for each in loads:
        each.start()
    wait_for(lambda: sum(each.sent for each in loads) > everything / 4)
    milters[0].process.send_signal(signal.SIGKILL)      # dies
    wait_for(lambda: sum(each.sent for each in loads) > everything / 2)
    milters[1].process.send_signal(signal.SIGTERM)      # is stopped for an upgrade
    for each in loads:
        each.join()
    refused = [word for each in loads for word in each.refused]
    tap.check(f'all of {everything} messages are accepted', not refused, '\n'.join(refused))
    mails = wait_for(lambda: len(found := delivered(folder)) >= everything and found) or delivered(folder)
    ids = {mail.partition(b'Message-ID: <')[2].partition(b'>')[0] for mail in mails}
    tap.check('every message arrives, once', len(mails) == len(ids) == everything, (len(mails), len(ids)))
    unexplained = sum(b'X-SMTP-Explain:' not in mail for mail in mails)
    tap.check('only what was on its way through a milter that went is not explained', unexplained <= 2 * len(loads), f'{unexplained} of {everything}')
    slowest = max(each.slowest for each in loads)
    tap.check('none waited longer than the timeouts together', slowest < TIMEOUT, f'{slowest:.1f} s')
    print(f'# {unexplained} of {everything} unexplained, slowest {slowest:.2f} s', flush=True)
    tap.check('each of the three had a share of the work', all(milter.explained() > 0 for milter in milters), [milter.explained() for milter in milters])


def main():
    if os.geteuid() != 0:
        return skip_all('a private Postfix needs root')
    if not shutil.which('haproxy'):
        return skip_all('no HAProxy')
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        run(tap, folder)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
