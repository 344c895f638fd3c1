#!/usr/bin/env python3
"""The milter behind a real Sendmail (contrib/private-sendmail): order and spelling of fields, forged ones, envelope, restoring the original, Sendmail alone. Prints TAP.

usage: contrib_sendmail.py [MILTER [TOOL]]
"""
import email
import email.policy
import os
import re
import signal
import smtplib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import e2e_postfix as postfix  # noqa: E402
import support  # noqa: E402

SENDMAIL = os.path.join(postfix.TOP, 'contrib/private-sendmail')
BOUNCE = postfix.REMOTE_BOUNCE
FORGED = ''.join('X-SMTP-Explain: forged %d\nX-SMTP-Explain-Note: forged\nx-smtp-explain: forged again\n' % n for n in range(5))


class Lab:
    def __init__(self, folder):
        self.folder = folder
        self.box = os.path.join(folder, 'sendmail/mail')
        self.socket = os.path.join(folder, 'sock')
        self.conf = os.path.join(folder, 'conf')
        self.log = os.path.join(folder, 'log')
        self.port = support.free_port()
        self.seen = set()
        self.write_conf()
        with open(self.log, 'w', encoding='utf-8') as log:
            self.milter = subprocess.Popen([postfix.MILTER, '--foreground', '--conf', self.conf], stderr=log)
        support.wait_for(lambda: 'ready on' in self.said(), 20)
        subprocess.run([SENDMAIL, 'start', os.path.join(folder, 'sendmail'), str(self.port), 'S=unix:%s, T=C:5s;S:10s;R:10s;E:30s' % self.socket], check=True)

    def write_conf(self, *settings):
        with open(self.conf, 'w', encoding='utf-8') as out:
            out.write('[milter]\nsocket = unix:%s\n[log]\ndestination = stderr\nstats_interval = 0\n[annotate]\n%s\n' % (self.socket, '\n'.join(settings)))

    def configure(self, *settings):
        before = self.said().count('reload: configuration')
        self.write_conf(*settings)
        self.milter.send_signal(signal.SIGHUP)
        support.wait_for(lambda: self.said().count('reload: configuration') > before, 20)

    def said(self):
        with open(self.log, encoding='utf-8', errors='replace') as text:
            return text.read()

    def send(self, *messages, sender='', recipients=('ann@site.example',), source='127.0.0.1'):
        """All in one session; returns what is delivered, as bytes, in the order sent."""
        with smtplib.SMTP('127.0.0.1', self.port, 'mx.example.net', timeout=60, source_address=(source, 0)) as client:
            for message in messages:
                client.sendmail(sender, list(recipients), re.sub(rb'\r?\n', b'\r\n', message.encode()))
        return self.take(len(messages) * len(recipients))

    def take(self, count):
        def complete():
            names = [n for n in os.listdir(self.box) if n not in self.seen]
            return names if len(names) >= count and all(os.path.getsize(os.path.join(self.box, n)) for n in names) else None
        names = support.wait_for(complete, 60) or []
        self.seen.update(names)
        # Each is delivered by a process of its own, in whatever order; the queue id, time and number, tells which came first.
        return sorted((open(os.path.join(self.box, n), 'rb').read() for n in names), key=lambda data: re.search(rb'by \S+ \(\S+\) with \w+ id (\w+)', data).group(1))

    def close(self):
        subprocess.run([SENDMAIL, 'stop', os.path.join(self.folder, 'sendmail')], check=False)
        if self.milter.poll() is None:
            self.milter.kill()
        self.milter.wait()


def body_of(data):
    return data.split(b'\n\n', 1)[1]


def names_of(data):
    return re.findall(rb'^([A-Za-z-]+):', data.split(b'\n\n', 1)[0], re.M)


def check_report(tap, lab):
    data, = lab.send(BOUNCE)
    names = [n.decode() for n in names_of(data)]
    ours = [n for n in names if n.startswith('X-SMTP-Explain')]
    tap.check('our fields are there in their order', ours == ['X-SMTP-Explain', 'X-SMTP-Explain-Summary', 'X-SMTP-Explain-Advice', 'X-SMTP-Explain-Original', 'X-SMTP-Explain-Edits'], names)
    tap.check('and stand together above Received', names.index('X-SMTP-Explain-Edits') + 1 == names.index('Received'), names)
    tap.check('one blank behind the colon', re.findall(rb'^X-SMTP-Explain[A-Za-z-]*:(\s*)', data, re.M) == [b' '] * len(ours), data.decode())
    field = email.message_from_bytes(data, policy=email.policy.default)['X-SMTP-Explain']
    tap.check('the field names the MTA and the failure', field.startswith('sm.site.example; v=1;') and 'reason=recipient-unknown' in field, field)
    tap.check('no line is longer than 78', max(len(line) for line in data.split(b'\n\n', 1)[0].split(b'\n') if b'X-SMTP' in line) <= 78, data.decode())
    stripped = postfix.tool('strip', data=data).stdout
    tap.check('strip gives back the original body and takes our fields off', body_of(stripped) == body_of(BOUNCE.encode()) and b'X-SMTP-Explain' not in stripped, stripped.decode())
    tap.check("the log has Sendmail's queue id", re.search(r'\]: 6\w{12,14}: kind=bounce to=<bob@example.org> .* annotated=headers\+body ', lab.said()), lab.said())


def check_forged(tap, lab):
    data, = lab.send(FORGED + postfix.ORDINARY, sender='carol@example.com')
    tap.check('forged fields: all gone from ordinary mail', b'x-smtp-explain' not in data.lower(), data.decode())
    data, = lab.send(FORGED + BOUNCE)
    tap.check('forged fields: all gone from a bounce, ours are there', b'forged' not in data and names_of(data).count(b'X-SMTP-Explain') == 1, data.decode())
    with_milter, = lab.send(postfix.ORDINARY, sender='carol@example.com')
    tap.check('ordinary mail stays as it is', body_of(with_milter) == body_of(postfix.ORDINARY.encode()), with_milter.decode())
    first, second = lab.send(BOUNCE, BOUNCE.replace('bob@', 'dora@'))
    tap.check('two in one session: each has its own', b'dora@' not in first and b'bob@' not in second and b'to="dora@example.org"' in second, second.decode())
    data, = lab.send(BOUNCE, recipients=('ann@site.example',), sender='bounces@elsewhere.example')
    tap.check('a bounce with a sender', b'X-SMTP-Explain:' in data, data.decode())


def check_envelope(tap, lab):
    for settings, source, recipient, explained in ((('exempt_recipients = bounces-*@site.example',), '127.0.0.1', 'bounces-1@site.example', False),
                                                   (('exempt_recipients = bounces-*@site.example',), '127.0.0.1', 'ann@site.example', True),
                                                   (('exempt_clients = 127.0.0.5',), '127.0.0.5', 'ann@site.example', False),
                                                   (('exempt_clients = .trusted.example',), '127.0.0.5', 'ann@site.example', False),
                                                   (('exempt_clients = .trusted.example',), '127.0.0.1', 'ann@site.example', True),
                                                   (('exempt_clients = 127.0.0.0/30',), '127.0.0.5', 'ann@site.example', True)):
        lab.configure(*settings)
        data, = lab.send(BOUNCE, recipients=(recipient,), source=source)
        tap.check('%s, %s to %s: %s' % (settings[0], source, recipient, 'explained' if explained else 'as it came'),
                  (b'X-SMTP-Explain' in data) == explained and (body_of(data) == body_of(BOUNCE.encode())) != explained, data.decode())
    told = 'X-SMTP-Explain: relay.example; v=1; kind=bounce\nX-SMTP-Explain-Summary: from the relay\n'
    lab.configure('trusted_relays = relay.trusted.example')
    trusted, = lab.send(told + BOUNCE, source='127.0.0.5')
    other, = lab.send(told + BOUNCE)
    tap.check('a trusted relay is believed', names_of(trusted).count(b'X-SMTP-Explain') == 1 and b'from the relay' in trusted and body_of(trusted) == body_of(BOUNCE.encode()), trusted.decode())
    tap.check('nobody else is', b'relay.example' not in other and b'from the relay' not in other and b'sm.site.example; v=1' in other, other.decode())
    lab.configure('dry_run = yes')
    data, = lab.send(told + BOUNCE)
    tap.check('a dry run changes nothing', b'from the relay' in data and b'sm.site.example; v=1' not in data and 'annotated="none (dry-run)"' in lab.said(), data.decode())
    lab.configure()


def check_subject(tap, lab):
    lab.configure('subject_tag = [Zur\u00fcck: {title}]')
    for subject in postfix.SUBJECTS:
        message = BOUNCE.encode().replace(b'Subject: Undelivered Mail Returned to Sender', subject, 1).decode()
        data, = lab.send(message)
        shown = postfix.parse(data)['Subject']
        tap.check('subject tag: stands in front of %r' % subject[:40], shown.startswith('[Zur\u00fcck: Address does not exist] ' + postfix.parse(message.encode())['Subject'].split()[0]), data.decode())
        stripped = postfix.tool('strip', data=data).stdout
        tap.check('subject tag: strip gives back the subject', b'\n' + subject + b'\n' in stripped and body_of(stripped) == body_of(message.encode()), stripped.decode())
    lab.configure()


def check_absence(tap, lab):
    errors = re.findall(r'.*error.*', lab.said())
    tap.check('no error in the log', not errors, errors)
    lab.milter.send_signal(signal.SIGTERM)
    tap.check('stop: status 0', lab.milter.wait(30) == 0, lab.said()[-1000:])
    data, = lab.send(BOUNCE)
    tap.check('without the milter mail flows', b'X-SMTP-Explain' not in data and body_of(data) == body_of(BOUNCE.encode()), data.decode())


def main():
    if os.geteuid() != 0 or subprocess.run(['unshare', '--mount', 'true'], capture_output=True, check=False).returncode != 0:
        return support.skip_all('a private Sendmail needs root and mounts of its own')
    if subprocess.run(['sh', '-c', 'command -v apt-get && command -v m4'], capture_output=True, check=False).returncode != 0:
        return support.skip_all('no apt to get Sendmail, or no m4')
    tap = support.Tap()
    with tempfile.TemporaryDirectory(prefix='smtp-explain-sendmail.') as folder:
        os.chmod(folder, 0o755)
        lab = None
        try:
            lab = Lab(folder)
            for check in (check_report, check_forged, check_envelope, check_subject, check_absence):
                check(tap, lab)
        except (OSError, ValueError, subprocess.SubprocessError, smtplib.SMTPException) as error:
            tap.check('nothing unexpected happens', False, '%s: %s\n%s' % (type(error).__name__, error, lab.said() if lab else ''))
        finally:
            if lab:
                lab.close()
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
