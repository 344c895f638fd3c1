#!/usr/bin/env python3
"""End to end with a real Postfix: private instance on loopback, the milter on a unix socket, a refusing server as the remote side.

Prints TAP. Skips (saying so) where it is not root or has no Postfix. usage: e2e_postfix.py [MILTER [TOOL]]
"""
import email
import email.policy
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import Tap, free_port

TOP = os.environ.get('top_srcdir') or os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
BUILD = os.environ.get('top_builddir') or '.'
MILTER = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(BUILD, 'smtp-explain-milter'))
TOOL = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.join(BUILD, 'smtp-explain'))

RULES = r"""
rcpt nosuch@*     550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking the recipient's email address for typos or\n550 5.1.1 unnecessary spaces. https://support.google.com/mail/?p=NoSuchUser d2e1a72fcca58 - gsmtp
rcpt full@*       552 5.2.2 <full@remote.example>: Recipient address rejected: Mailbox is full
end  spam@*       554 5.7.1 Message rejected as spam by content filter
"""

REMOTE_BOUNCE = """\
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: ann@site.example
Subject: Undelivered Mail Returned to Sender
Date: Mon, 23 Nov 2026 12:00:00 +0000
Message-ID: <20261123120000.1234@mx.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<bob@example.org>: host mail.example.org[192.0.2.7] said: 550 5.1.1
    <bob@example.org>: Recipient address rejected: User unknown in virtual
    mailbox table (in reply to RCPT TO command)

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4F8EEAAE94F
X-Postfix-Sender: rfc822; ann@site.example
Arrival-Date: Mon, 23 Nov 2026 11:59:58 +0000 (UTC)

Final-Recipient: rfc822; bob@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 <bob@example.org>: Recipient address rejected:
    User unknown in virtual mailbox table

--b1
Content-Type: message/rfc822

From: ann@site.example
To: bob@example.org
Subject: Invoice 4711
Message-ID: <4711@site.example>

Please pay.

--b1--
"""

ORDINARY = """\
From: carol@example.com
To: ann@site.example
Subject: Lunch?
Message-ID: <lunch-1@example.com>
Date: Mon, 23 Nov 2026 12:00:00 +0000

Shall we meet at noon?
.. a line with dots, trailing blanks   \t
and a last line
"""


class Lab:
    """The private Postfix, the remote server, and the milter in front."""

    def __init__(self, folder):
        self.folder = folder
        os.chmod(folder, 0o755)
        self.postfix = os.path.join(folder, 'postfix')
        self.milter_folder = os.path.join(folder, 'milter')
        os.mkdir(self.milter_folder)
        self.socket = os.path.join(self.milter_folder, 'sock')
        self.log = os.path.join(folder, 'milter.log')
        self.milter = None
        self.delivered = set()
        rules = os.path.join(folder, 'rules')
        with open(rules, 'w', encoding='utf-8') as out:
            out.write(RULES)
        self.remote = subprocess.Popen([sys.executable, os.path.join(TOP, 'tests/refusing_server.py'), rules], stdout=subprocess.PIPE, text=True)
        self.remote_port = self.remote.stdout.readline().strip()
        self.port = free_port(2)
        self.write_conf()

    def write_conf(self, extra='', host='mx1.site.example', annotate=''):
        self.conf = os.path.join(self.folder, 'smtp-explain.conf')
        with open(self.conf, 'w', encoding='utf-8') as out:
            out.write('[milter]\nsocket = unix:%s\nsocket_mode = 0666\n[log]\ndestination = stderr\nstats_interval = 0\n'
                      '[annotate]\nhost = %s\n%s\n[site]\ndomains = site.example\nhosts = mx.site.example\n%s' % (self.socket, host, annotate, extra))

    def start_postfix(self, *settings):
        milters = '{ unix:%s, connect_timeout=2s, command_timeout=5s, content_timeout=5s, default_action=accept }' % self.socket
        subprocess.run([os.path.join(TOP, 'contrib/private-postfix'), 'start', self.postfix, str(self.port), self.remote_port, 'smtpd_milters=' + milters,
                        'non_smtpd_milters=' + milters, 'internal_mail_filter_classes=bounce', *settings], check=True)

    def start_milter(self):
        with open(self.log, 'a', encoding='utf-8') as log:
            self.milter = subprocess.Popen([MILTER, '--foreground', '--conf', self.conf], stderr=log)
        for _ in range(100):
            if os.path.exists(self.socket) and 'ready on' in self.log_text():
                return
            time.sleep(0.1)
        raise RuntimeError('the milter did not start: ' + self.log_text())

    def stop_milter(self, how=signal.SIGTERM):
        self.milter.send_signal(how)
        return self.milter.wait(20)

    def log_text(self):
        with open(self.log, encoding='utf-8', errors='replace') as log:
            return log.read()

    def mail_log(self):
        with open(os.path.join(self.postfix, 'mail.log'), encoding='utf-8', errors='replace') as log:
            return log.read()

    def send(self, messages, sender='', port=None, recipients=('ann@site.example',)):
        """Sends one or several messages in one session; each is a (sender, text) or a text."""
        with smtplib.SMTP('127.0.0.1', port or self.port, 'mx.example.net', timeout=30) as client:
            for message in [messages] if isinstance(messages, (str, bytes)) else messages:
                data = re.sub(rb'\r?\n', b'\r\n', message if isinstance(message, bytes) else message.encode())
                client.sendmail(sender, list(recipients), data)

    def take(self, count=1, seconds=25):
        """The next delivered messages, as bytes, in order of arrival."""
        box = os.path.join(self.postfix, 'mail/all/new')
        end = time.time() + seconds
        while time.time() < end:
            names = [n for n in os.listdir(box) if n not in self.delivered] if os.path.isdir(box) else []
            if len(names) >= count:
                names.sort(key=lambda n: os.stat(os.path.join(box, n)).st_mtime_ns)
                self.delivered.update(names[:count])
                return [open(os.path.join(box, n), 'rb').read() for n in names[:count]]
            time.sleep(0.1)
        raise RuntimeError('no mail came: ' + self.mail_log()[-3000:])

    def close(self):
        if self.milter and self.milter.poll() is None:
            self.milter.kill()
            self.milter.wait()
        subprocess.run([os.path.join(TOP, 'contrib/private-postfix'), 'stop', self.postfix], check=False)
        self.remote.kill()
        self.remote.wait()
        self.remote.stdout.close()


def tool(*arguments, data=None):
    return subprocess.run([TOOL, '--conf', os.devnull, *arguments], input=data, capture_output=True, timeout=60)


def parse(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def body_of(data):
    return data.split(b'\n\n', 1)[1]


def check_remote_bounce(tap, lab):
    lab.send(REMOTE_BOUNCE)
    data = lab.take()[0]
    message = parse(data)
    field = message['X-SMTP-Explain'] or ''
    tap.check('remote bounce: field names kind, recipient, codes and reason',
              all(w in field for w in ('v=1', 'kind=bounce', 'to="bob@example.org"', 'code=550', 'dsn=5.1.1', 'reason=recipient-unknown', 'remote=mail.example.org')), data.decode())
    tap.check('remote bounce: the field names the adding host first', field.startswith('mx1.site.example;'), field)
    tap.check('remote bounce: summary and advice', message['X-SMTP-Explain-Summary'] and message['X-SMTP-Explain-Advice'], data.decode())
    tap.check('remote bounce: the original is named', '<4711@site.example>' in (message['X-SMTP-Explain-Original'] or ''), message['X-SMTP-Explain-Original'])
    tap.check('remote bounce: our fields stand above Received', data.index(b'X-SMTP-Explain:') < data.index(b'Received:'), data[:500].decode())
    tap.check('remote bounce: the explanation stands at the head of the first text', 'bob@example.org' in message.get_payload(0).get_content()[:400]
              and 'What' in message.get_payload(0).get_content()[:600], message.get_payload(0).get_content())
    tap.check('remote bounce: three parts, the machine part as it was', [p.get_content_type() for p in message.iter_parts()]
              == ['text/plain', 'message/delivery-status', 'message/rfc822'])
    stripped = tool('strip', data=data)
    wanted = body_of(REMOTE_BOUNCE.encode())
    tap.check('remote bounce: strip gives back the original body, byte for byte', body_of(stripped.stdout) == wanted, repr((stripped.stderr, body_of(stripped.stdout), wanted)))
    tap.check('remote bounce: strip takes our fields off', b'X-SMTP-Explain' not in stripped.stdout)
    tap.check('remote bounce: one log line with queue id, codes, reason and the words',
              len(re.findall(r'^smtp-explain\[\d+\]: [0-9A-Za-z]+: kind=bounce to=<bob@example.org> code=550 dsn=5.1.1 class=permanent reason=recipient-unknown .*'
                             r'annotated=headers\+body id=[0-9a-f]{12} diagnostic="550 5.1.1', lab.log_text(), re.M)) == 1, lab.log_text())
    tap.check('remote bounce: origin is ours (the returned message came from site.example)', 'origin=ours' in lab.log_text(), lab.log_text())


def check_own_bounce(tap, lab):
    text = 'From: ann@site.example\r\nTo: several\r\nSubject: To three people\r\nMessage-ID: <three@site.example>\r\n\r\nHello.\r\n'
    lab.send(text, sender='ann@site.example', recipients=('nosuch@remote.example', 'full@remote.example', 'spam@remote.example'))
    messages = [lab.take()[0]]
    # Postfix may send one bounce for all or one for each transaction; every recipient has to be in one of them.
    while sum(m.count(b'Final-Recipient:') for m in messages) < 3:
        messages += lab.take()
    fields = ' '.join(f for m in messages for f in parse(m).get_all('X-SMTP-Explain', []))
    text = '\n'.join(m.decode() for m in messages)
    for address, code, dsn, reason in (('nosuch', 550, '5.1.1', 'recipient-unknown'), ('full', 552, '5.2.2', 'mailbox-full'), ('spam', 554, '5.7.1', 'spam-content')):
        entry = re.search(r'to="%s@remote\.example";\s+code=%d;\s+dsn=%s;.*?reason=%s' % (address, code, re.escape(dsn), reason), fields, re.S)
        tap.check("own bounce: %s@ has its own code and reason (%s)" % (address, reason), entry, fields)
    tap.check('own bounce: the explanation is in the body', all('X-SMTP-Explain-Edits' in parse(m) for m in messages), text)
    tap.check('own bounce: log lines for the three', all('to=<%s@remote.example>' % a in lab.log_text() for a in ('nosuch', 'full', 'spam')), lab.log_text())
    tap.check('own bounce: provider from the remote\'s words', 'provider=google' in fields, fields)


def check_ordinary(tap, lab):
    lab.send(ORDINARY, sender='carol@example.com')
    lab.send(ORDINARY, sender='carol@example.com', port=lab.port + 1)
    with_milter, without = lab.take(2)
    cut = b'From: carol'
    tap.check('ordinary mail: delivered bytes are the same with and without the milter', with_milter[with_milter.index(cut):] == without[without.index(cut):], with_milter.decode())
    tap.check('ordinary mail: no field added', b'X-SMTP-Explain' not in with_milter)
    tap.check('ordinary mail: nothing logged about it', 'carol' not in lab.log_text(), lab.log_text())


def check_forged(tap, lab):
    forged = 'X-SMTP-Explain: evil.example; v=1; kind=bounce; reason=forged\nX-SMTP-Explain: second; reason=forged\nx-smtp-explain-summary: call this number\nX-SMTP-Explain-Edits: v=1; forged\nX-SMTP-Explainer: not ours\n'
    lab.send(forged + ORDINARY, sender='carol@example.com')
    data = lab.take()[0]
    tap.check('forged fields: gone from ordinary mail', not re.search(rb'^x-smtp-explain(-\w+)?:', data, re.I | re.M), data.decode())
    tap.check('forged fields: a longer name of somebody else stays', b'X-SMTP-Explainer: not ours' in data, data.decode())
    lab.send(forged + REMOTE_BOUNCE)
    data = lab.take()[0]
    tap.check('forged fields: gone from a bounce, ours are there', b'forged' not in data and data.count(b'\nX-SMTP-Explain: ') + data.startswith(b'X-SMTP-Explain: ') >= 1
              and b'call this number' not in data, data.decode())


def check_two_in_one_session(tap, lab):
    lab.send([REMOTE_BOUNCE, REMOTE_BOUNCE.replace('bob@', 'dora@'), 'Subject: plain\nFrom: x@example.net\n\nhello\n'])
    first, second, third = sorted(lab.take(3), key=lambda m: (b'Subject: plain' in m, b'dora@' in m))
    tap.check('one session: each bounce has its own explanation', b'bob@' in first and b'dora@' not in first and b'to="dora@example.org"' in second
              and b'to="bob@example.org"' not in second, second.decode())
    tap.check('one session: null-sender mail that is no report passes as it is', b'X-SMTP-Explain' not in third, third.decode())


def check_second_host(tap, lab):
    lab.send(REMOTE_BOUNCE.replace('bob@', 'erna@'))
    first = lab.take()[0]
    lab.send(first[first.index(b'X-SMTP-Explain:'):])
    second = lab.take()[0]
    block = b'Explanation of the report below'
    tap.check('second host: one explanation stays one, with the fields of the second', second.count(block) == 1 and second.count(b'\nX-SMTP-Explain:') + second.startswith(b'X-SMTP-Explain:') == 1
              and b'(already-explained)' in second.replace(b'\n ', b' '), second.decode())
    tap.check('second host: strip still gives back the body of the first', body_of(tool('strip', data=second).stdout) == body_of(REMOTE_BOUNCE.replace('bob@', 'erna@').encode()), second.decode())


def check_malformed(tap, lab):
    broken = [
        REMOTE_BOUNCE.replace('boundary="b1"', 'boundary="nowhere"'),
        REMOTE_BOUNCE[:REMOTE_BOUNCE.index('Final-Recipient')],
        'Content-Type: multipart/report; report-type=delivery-status\nFrom: MAILER-DAEMON@x\n\n',
        REMOTE_BOUNCE.replace('Status: 5.1.1', 'Status: banana').replace('Action: failed', 'Action: \x01\x1b[31m'),
    ]
    for number, message in enumerate(broken, 1):
        lab.send(message)
        data = lab.take()[0]
        tap.check('malformed bounce %d is delivered, and strip gives its body back' % number, body_of(tool('strip', data=data).stdout).rstrip() == body_of(message.encode()).rstrip(), data)
    tap.check('malformed bounces: the milter lives', lab.milter.poll() is None)


def reload(lab, **settings):
    """Puts another configuration in force."""
    before = lab.log_text().count('reload: configuration and catalogue read')
    lab.write_conf(**settings)
    lab.milter.send_signal(signal.SIGHUP)
    end = time.time() + 10
    while lab.log_text().count('reload: configuration and catalogue read') == before and time.time() < end:
        time.sleep(0.05)


def check_exempt(tap, lab):
    """What the MTA tells of client and recipients, in each of its ways to tell."""
    for setting, why, sends in (('exempt_recipients = bounces-*@site.example', 'exempt-recipient', ('bounces-1@site.example', 'ann@site.example')),
                                ('exempt_clients = 127.0.0.0/8', 'exempt-client', ('ann@site.example',)),
                                ('exempt_clients = %s' % socket.getnameinfo(('127.0.0.1', 25), 0)[0], 'exempt-client', ('ann@site.example',))):
        reload(lab, annotate=setting)
        words = 'annotated="none (%s)"' % why
        before = lab.log_text().count(words)
        lab.send(REMOTE_BOUNCE, recipients=sends)
        untouched = [b'X-SMTP-Explain' not in data and body_of(data) == body_of(REMOTE_BOUNCE.encode()) for data in lab.take(len(sends))]
        tap.check('%s: a bounce from outside stays as it is' % setting, all(untouched), untouched)
        tap.check('%s: the log says so' % setting, lab.log_text().count(words) > before, lab.log_text()[-2000:])
    reload(lab, annotate='exempt_recipients = bounces-1@site.example')
    before = lab.log_text().count('annotated="none (exempt-recipient)"')
    lab.send('From: ann@site.example\r\nSubject: hello\r\n\r\nHello.\r\n', sender='bounces-1@site.example', recipients=('nosuch@remote.example',))
    tap.check("exempt recipient: Postfix's own bounce stays as it is", b'X-SMTP-Explain' not in lab.take()[0] and lab.log_text().count('annotated="none (exempt-recipient)"') > before,
              lab.log_text()[-2000:])
    reload(lab, annotate='exempt_clients = 192.0.2.0/24\nexempt_recipients = lists.example')
    lab.send(REMOTE_BOUNCE)
    tap.check('exempt: others get their explanation', b'X-SMTP-Explain' in lab.take()[0])
    reload(lab)


def check_trusted_and_dry(tap, lab):
    told = 'X-SMTP-Explain: relay.example; v=1; kind=bounce\nX-SMTP-Explain-Summary: from the relay\n'
    for setting, message, sender, word in (('trusted_relays = 127.0.0.1', told + REMOTE_BOUNCE, '', 'trusted-relay'), ('trusted_relays = 127.0.0.0/8', told + ORDINARY, 'carol@example.com', None),
                                           ('dry_run = yes', told + REMOTE_BOUNCE, '', 'dry-run')):
        reload(lab, annotate=setting)
        before = lab.log_text().count('annotated="none (%s)"' % word)
        lab.send(message, sender=sender)
        data = lab.take()[0]
        start = data.index(b'X-SMTP-Explain: ')
        tap.check('%s: the message stays as it came' % setting, data[start:] == message.encode() if not sender else data[start:].startswith(told.encode()), data.decode())
        tap.check('%s: the log says so' % setting, not word or lab.log_text().count('annotated="none (%s)"' % word) == before + 1, lab.log_text()[-2000:])
    reload(lab, annotate='trusted_relays = 127.0.0.1')
    lab.send(REMOTE_BOUNCE)
    tap.check('trusted relay: what it did not explain is explained', b'mx1.site.example; v=1' in lab.take()[0])
    reload(lab, annotate='trusted_relays = 192.0.2.0/24')
    lab.send(told + REMOTE_BOUNCE)
    data = lab.take()[0]
    tap.check('trusted relay: nobody else is believed', b'relay.example' not in data and b'from the relay' not in data and b'mx1.site.example; v=1' in data, data.decode())
    reload(lab)


SUBJECTS = (b'Subject: Undelivered Mail Returned to Sender', b'SUBJECT: Undelivered  Mail', b'Subject:\tUndelivered Mail\n\treturned  ', b'Subject: ' + b'Undelivered ' * 20,
            b'Subject: =?utf-8?q?Zur=C3=BCck?=\n =?utf-8?q?gekommen?=')


def check_subject(tap, lab):
    reload(lab, annotate='subject_tag = [Zur\u00fcck: {title}]')
    for subject in SUBJECTS:
        message = REMOTE_BOUNCE.encode().replace(b'Subject: Undelivered Mail Returned to Sender', subject, 1)
        lab.send(message)
        data = lab.take()[0]
        shown = parse(data)['Subject']
        tap.check('subject tag: stands in front of %r' % subject[:40], shown.startswith('[Zur\u00fcck: Address does not exist] ' + parse(message)['Subject'].split()[0]), data.decode())
        stripped = tool('strip', data=data).stdout
        tap.check('subject tag: strip gives back the message', stripped.endswith(message), stripped.decode())
    signed = 'DKIM-Signature: v=1; d=mx.example.net\n' + REMOTE_BOUNCE
    lab.send(signed)
    data = lab.take()[0]
    tap.check('subject tag: not on signed mail', b'\nSubject: Undelivered Mail' in data and b'headers (dkim-signed)' in data.replace(b'\n ', b' '), data.decode())
    lab.send(REMOTE_BOUNCE)
    first = lab.take()[0]
    lab.send(first[first.index(b'X-SMTP-Explain:'):])
    second = lab.take()[0]
    tap.check('subject tag: one behind a second host too, and the original can still be had', second.count(b'Address does not exist]') == 1
              and tool('strip', data=second).stdout.endswith(REMOTE_BOUNCE.encode()), second.decode())
    reload(lab)


def check_reload(tap, lab):
    reload(lab, host='renamed.site.example')
    lab.send(REMOTE_BOUNCE)
    tap.check('reload: SIGHUP puts a new configuration in force', b'renamed.site.example;' in lab.take()[0], lab.log_text())
    lab.write_conf(extra='domain = example.com\n')
    lab.milter.send_signal(signal.SIGUSR1)
    wait_for(lab, 'stay in force')
    tap.check('reload: a broken file is refused with file, line and key', re.search(r'smtp-explain.conf:\d+: \[site\] domain: there is no such key', lab.log_text()), lab.log_text())
    lab.send(REMOTE_BOUNCE)
    tap.check('reload: and the former configuration stays', b'renamed.site.example;' in lab.take()[0])
    lab.write_conf()


def wait_for(lab, text, seconds=10):
    end = time.time() + seconds
    while text not in lab.log_text() and time.time() < end:
        time.sleep(0.05)


def check_probe(tap, lab):
    for _ in range(20):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(lab.socket)
    with socket.socket(socket.AF_UNIX) as garbage:
        garbage.connect(lab.socket)
        garbage.sendall(b'\x00\x00\x00\x05Ojunkjunkjunk' * 5)
    time.sleep(0.3)
    tap.check('probes and garbage on the socket: the milter lives', lab.milter.poll() is None, lab.log_text())


def check_stop_and_absence(tap, lab):
    status = lab.stop_milter()
    tap.check('stop: SIGTERM ends it with status 0 and a stats line', status == 0 and 'stats: interval=' in lab.log_text(), '%s %s' % (status, lab.log_text()[-1500:]))
    stats = re.findall(r'stats: interval=\d+ messages=(\d+) reports=(\d+) bounces=(\d+) delays=(\d+) permanent=(\d+) transient=(\d+) unexplained=\d+ errors=(\d+)', lab.log_text())[-1]
    lines = len(re.findall(r': kind=(?:bounce|delay) ', lab.log_text()))
    tap.check('stats: what was counted is what was logged, no error', int(stats[4]) + int(stats[5]) == lines and stats[6] == '0', '%s, %d lines\n%s' % (stats, lines, lab.log_text()))
    lab.send(REMOTE_BOUNCE)
    tap.check('absent milter: the bounce is delivered as it came', b'X-SMTP-Explain' not in lab.take()[0])
    lab.start_milter()
    lab.milter.kill()
    lab.milter.wait()
    lab.send(ORDINARY, sender='carol@example.com')
    tap.check('killed milter: mail flows', b'Lunch?' in lab.take()[0])


def main():
    if os.geteuid() != 0:
        print("1..0 # SKIP a private Postfix needs root")
        return
    if subprocess.run(['sh', '-c', 'command -v postfix || command -v apt-get'], capture_output=True, check=False).returncode != 0:
        print('1..0 # SKIP no Postfix and no apt to get one')
        return
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix='smtp-explain-e2e.') as folder:
        lab = Lab(folder)
        try:
            lab.start_milter()
            lab.start_postfix('smtpd_peername_lookup=yes')
            for check in (check_remote_bounce, check_own_bounce, check_ordinary, check_forged, check_two_in_one_session, check_second_host, check_malformed, check_probe, check_exempt, check_trusted_and_dry, check_subject, check_reload,
                          check_stop_and_absence):
                check(tap, lab)
        except (RuntimeError, OSError, subprocess.SubprocessError, smtplib.SMTPException) as error:
            tap.check('nothing unexpected happens', False, '%s: %s\n%s' % (type(error).__name__, error, lab.log_text()))
        finally:
            lab.close()
    sys.exit(tap.end())


if __name__ == '__main__':
    main()
