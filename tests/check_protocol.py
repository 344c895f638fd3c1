#!/usr/bin/env python3
"""smtp-explain-milter at the level of the milter protocol: every negotiation, chunks cut anywhere, aborts and hang-ups at every stage, limits. Prints TAP."""
import os
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import strict_mta as milter  # noqa: E402
from support import Tap  # noqa: E402

BUILD = os.environ.get('top_builddir') or '.'
MILTER = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(BUILD, 'smtp-explain-milter'))
TOOL = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.join(BUILD, 'smtp-explain'))

HEADER = [(b'Received', b' from a.example by b.example;\n\tMon, 23 Nov 2026 12:00:00 +0000'), (b'From', b' MAILER-DAEMON@mx.example.net'), (b'To', b' ann@site.example'),
          (b'Subject', b' Undelivered Mail Returned to Sender'), (b'MIME-Version', b' 1.0'),
          (b'Content-Type', b' multipart/report; report-type=delivery-status;\n\tboundary="b"')]
BODY = '''--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Die Nachricht für bob@example.net kam zurück: あ€
550 5.1.1 User unknown

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; bob@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b--
'''.replace('\n', '\r\n').encode()
ORDINARY = [(b'From', b' carol@example.com'), (b'Subject', b' Lunch?')]
FORGED = [(b'X-SMTP-Explain', b' forged'), (b'x-smtp-explain-summary', b' forged'), (b'X-SMTP-Explain', b' forged too')]


class Attempts(Tap):
    def attempt(self, name, run, *arguments, **options):
        """The test `name` passes where run() returns nothing; what it returns or raises is told."""
        try:
            wrong = run(*arguments, **options)
        except (milter.ProtocolError, OSError, EOFError, IndexError, struct.error) as error:
            wrong = '%s: %s' % (type(error).__name__, error)
        self.check(name, not wrong, wrong)


class Daemon:
    def __init__(self, folder, name, settings=''):
        self.socket = os.path.join(folder, name + '.sock')
        self.conf = os.path.join(folder, name + '.conf')
        self.errors = os.path.join(folder, name + '.log')
        with open(self.conf, 'w', encoding='utf-8') as out:
            out.write('[milter]\nsocket = unix:%s\n[log]\ndestination = stderr\nstats_interval = 0\n[annotate]\n%s\n' % (self.socket, settings))
        with open(self.errors, 'w', encoding='utf-8') as errors:
            self.process = subprocess.Popen([MILTER, '--conf', self.conf, '--foreground'], stderr=errors)
        end = time.time() + 20
        while 'ready on' not in self.said() and self.process.poll() is None and time.time() < end:
            time.sleep(0.05)

    def said(self):
        with open(self.errors, encoding='utf-8', errors='replace') as text:
            return text.read()

    def client(self, **options):
        return milter.StrictMta(self.socket, **options)

    def descriptors(self):
        return len(os.listdir('/proc/%d/fd' % self.process.pid))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                return self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()


def strip(data):
    return subprocess.run([TOOL, '--conf', os.devnull, 'strip'], input=data, capture_output=True, timeout=60, check=False).stdout


def same_field(value):
    """The explaining field without what differs from one negotiation to the next."""
    return b' '.join(value.split()).split(b'; annotated=')[0]


def wrong_with(result, words=b'headers+body', header=HEADER, body=BODY):
    """What is wrong with an explained report; None where nothing is."""
    values = result.values(b'X-SMTP-Explain')
    if len(values) != 1 or not values[0].startswith(b' mta.example; v=1;') or values[0].startswith(b'  '):
        return 'fields: %r' % values
    if b'annotated=' + words not in values[0].replace(b'\n', b''):
        return 'not %r: %r' % (words, values[0])
    if [f for f in result.header if not f[0].startswith(b'X-SMTP-Explain')] != [f for f in header if not f[0].lower().startswith(b'x-smtp-explain')]:
        return 'other fields changed: %r' % result.header
    if not result.header[0][0] == b'X-SMTP-Explain' or (words == b'headers+body') != (result.body != body):
        return 'order of fields or the body: %r' % result.message()
    long = [line for _, value in result.header for line in value.split(b'\n') if len(line) > 78 + len('Content-Type:')]
    if long and header is HEADER:
        return 'long lines: %r' % long
    return None


def check_negotiations(tap, daemon, name, words=b'headers+body'):
    offers = {'everything': milter.ALL_STEPS, 'nothing': 0}
    for step, bit in milter.STEPS.items():
        offers['all but ' + step] = milter.ALL_STEPS & ~bit
        offers['nothing but ' + step] = bit
    expected = set()

    def run(steps):
        client = daemon.client(steps=steps)
        client.connect()
        client.command('H', b'mx.example.net\0')
        first = client.message(HEADER + FORGED, BODY)
        wrong = wrong_with(first, words, HEADER)
        expected.add(same_field(first.values(b'X-SMTP-Explain')[0]))
        second = client.message(ORDINARY, b'hello\r\n', sender='<carol@example.com>')
        if second.letters or second.verdict != 'a':
            wrong = wrong or 'ordinary mail: %s, edits %s' % (second.verdict, second.letters)
        client.quit()
        return wrong

    for offer, steps in offers.items():
        tap.attempt('%s, an MTA that offers %s' % (name, offer), run, steps)
    tap.check('%s: the field is the same in all of them' % name, len(expected) == 1, expected)


def check_rights(tap, daemon):
    def run(actions, words):
        client = daemon.client(actions=actions)
        result = client.message(HEADER, BODY)
        client.quit()
        return wrong_with(result, words)
    tap.attempt('an MTA without CHGBODY: fields only, and they say why', run, milter.ALL_ACTIONS & ~milter.CHANGE_BODY, b'headers (mta-refused)')
    tap.attempt('an MTA without SETSYMLIST', run, milter.ALL_ACTIONS & ~milter.SET_MACROS, b'headers+body')

    def refuse(actions):
        before = daemon.said().count('the MTA did not take the changes')
        client = daemon.client(actions=actions)
        result = client.message(HEADER + FORGED, BODY)
        again = client.message(ORDINARY, b'hello\r\n', sender='<carol@example.com>')
        client.quit()
        if result.body != BODY or again.verdict != 'a' or result.values(b'X-SMTP-Explain-Edits'):
            return 'edits %s' % result.letters
        return None if daemon.said().count('the MTA did not take the changes') == before + 1 else daemon.said()[-500:]
    tap.attempt('an MTA that allows nothing of use: the message passes, with an error in the log', refuse, milter.QUARANTINE)
    tap.attempt('an MTA without ADDHDRS: the body stays, too', refuse, milter.ALL_ACTIONS & ~milter.ADD_HEADERS)

    def old(version):
        client = daemon.client(actions=0x1f, steps=0x7f, version=version)
        client.connect()
        result = client.message(HEADER, BODY)
        client.quit()
        return wrong_with(result)
    for version in (2, 3, 4, 6, 7):
        tap.attempt('version %d of the protocol with the first set of options' % version, old, version)

    def damaged(version, words):
        client = daemon.client()
        body = BODY + b'x' * 2048 + b'\r\n'
        result = client.message(HEADER, body, v=version)
        client.quit()
        return wrong_with(result, words, body=body)
    tap.attempt('Postfix 3.5.12 and a long line: fields only', damaged, 'Postfix 3.5.12', b'headers (mta-version)')
    tap.attempt('Postfix 3.5.13 and a long line', damaged, 'Postfix 3.5.13', b'headers+body')


def check_chunks(tap, daemon):
    """Cut in every place: inside CRLF, inside a character."""
    client = daemon.client()
    whole = client.message(HEADER, BODY).body

    def cut(places):
        for place in places:
            result = client.message(HEADER, BODY, chunks=[c for c in (BODY[:place], BODY[place:]) if c])
            if wrong_with(result) or result.body != whole:
                return 'cut at %d: %s' % (place, wrong_with(result))
        return None
    for start in range(0, len(BODY), 64):
        tap.attempt('two chunks, cut at %d to %d' % (start, start + 63), cut, range(start, min(start + 64, len(BODY))))
    for size in (1, 2, 3, 7):
        result = client.message(HEADER, BODY, chunk=size)
        tap.check('chunks of %d bytes' % size, result.body == whole and not wrong_with(result))
    nul = BODY.replace(b'User unknown\r\n\r\n--b\r\nContent-Type: message', b'User \0unknown\0\r\n\r\n--b\r\nContent-Type: message')
    result = client.message(HEADER, nul)
    tap.attempt('NUL bytes in the text pass', lambda: wrong_with(result, body=nul) or (None if strip(result.message()).endswith(nul) else repr(result.body)))
    only = bytes(range(256)) * 300
    result = client.message(HEADER, only)
    tap.check('a body of every byte there is stays as it is, or comes back', strip(result.message()).endswith(only))
    client.quit()


def check_limits(tap, daemon):
    client = daemon.client()
    many = [(b'X-Field-%d' % (n % 50), b' %d' % n) for n in range(10000)]
    tap.attempt('10,000 fields', lambda: wrong_with(client.message(HEADER + many, BODY), b'headers (', HEADER + many))
    forged = [(b'X-SMTP-Explain-%d' % (n % 7) if n % 3 else b'X-SMTP-Explain', b' forged %d' % n) for n in range(10000)]
    tap.attempt('10,000 forged fields are gone', lambda: wrong_with(client.message(forged + HEADER, BODY), header=HEADER))
    result = client.message(forged + ORDINARY, b'hello\r\n', sender='<carol@example.com>')
    tap.check('10,000 forged fields are gone from ordinary mail', result.header == ORDINARY and result.body == b'hello\r\n')
    long = [(n, b' ' + b'long ' * 11900 if n == b'Subject' else v) for n, v in HEADER]
    tap.attempt('a subject of 59,500 bytes', lambda: wrong_with(client.message(long, BODY), header=long))
    status = b''.join(b'Final-Recipient: rfc822; %s%d@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 %s\r\n\r\n' % (b'b' * 200, n, b'no ' * 2000)
                      for n in range(60))
    big = BODY.replace(b'Final-Recipient', status + b'Final-Recipient', 1)
    result = client.message(HEADER, big)
    tap.check('60 recipients with long words: no field is longer than an MTA takes', result.letters.count('i') > 10 and max(len(n) + len(v) for n, v in result.header) < 60000
              and max(len(line) for _, v in result.header for line in v.split(b'\n')) < 998, result.letters)
    filler = b'x' * 76 + b'\r\n'
    large = BODY.replace(b'--b--', b'--b\r\nContent-Type: text/plain\r\n\r\n' + filler * 11000 + b'--b--')
    result = client.message(HEADER, large)
    tap.attempt('a body of %d bytes comes back in chunks' % len(large), lambda: wrong_with(result, body=large) or (None if result.letters.count('b') > 10 and strip(result.message()).endswith(large)
                                                                                                              else result.letters))
    longer = large.replace(filler, filler * 2)
    tap.attempt('a body over the limit: fields only', lambda: wrong_with(client.message(HEADER, longer), b'headers (truncated)', body=longer))
    client.quit()


def check_aborts(tap, daemon):
    def run(stop):
        client = daemon.client()
        client.connect()
        other = [(n, v.replace(b'Undelivered', b'MALLORY')) for n, v in HEADER]
        client.message(other + FORGED, BODY.replace(b'bob@', b'mallory@'), stop=stop, chunk=50)
        client.abort()
        result = client.message(HEADER, BODY)
        wrong = wrong_with(result)
        if b'mallory' in result.message().lower():
            wrong = 'the message before shows: %r' % result.message()
        client.message(other, BODY, stop=stop, chunk=50)
        if stop != 'C':      # Sendmail sends no abort: the next message just begins
            wrong = wrong or wrong_with(client.message(HEADER, BODY))
        client.quit()
        return wrong
    for stop in 'CMRTLNB':
        tap.attempt('abort at %s: nothing of it is left in the next message' % stop, run, stop)

    def twice():
        client = daemon.client()
        client.abort()
        client.abort()
        wrong = wrong_with(client.message(HEADER, BODY))
        client.abort()
        client.send('K')      # QUIT_NC: another SMTP session on the same connection
        client.connect('other.example', '192.0.2.9')
        wrong = wrong or wrong_with(client.message(HEADER, BODY))
        client.quit()
        return wrong
    tap.attempt('aborts without a message, and another session on the same connection', twice)


def check_vanishing(tap, daemon):
    before = daemon.descriptors()
    for stop in 'CMRTLNB':
        for _ in range(5):
            client = daemon.client()
            client.connect()
            client.message(HEADER, BODY, stop=stop)
            client.vanish()
    for data in (b'', b'\0', b'\0\0\0\0', b'\0\0\0\1O', b'\xff\xff\xff\xff', b'\0\0\0\5Zjunk' * 10, b'\0\0\0\x0dO' + b'\0' * 12):
        client = daemon.client()
        client.socket.sendall(data)
        client.vanish()
    client = daemon.client()
    client.message(HEADER, BODY, stop='B')
    client.socket.sendall(struct.pack('>I', 1) + b'E')      # gone before the edits can be written
    client.vanish()
    end = time.time() + 15
    while daemon.descriptors() > before and time.time() < end:
        time.sleep(0.05)
    tap.check('a client that vanishes leaves nothing open', daemon.descriptors() <= before, '%d before, %d now' % (before, daemon.descriptors()))
    tap.attempt('and the milter serves', lambda: wrong_with(daemon.client().message(HEADER, BODY)))


def check_crowd(tap, daemon):
    wrong = []

    def run(number):
        try:
            client = daemon.client()
            for n in range(20):
                who = b'w%d-%d@example.net' % (number, n)
                body = BODY.replace(b'bob@example.net', who)
                result = client.message(HEADER, body)
                if wrong_with(result, body=body) or b'to="%s"' % who not in result.message():
                    wrong.append('%s: %r' % (who, result.message()))
            client.quit()
        except (milter.ProtocolError, OSError, EOFError) as error:
            wrong.append(str(error))
    crowd = [threading.Thread(target=run, args=(n,)) for n in range(20)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    tap.check('20 connections at once, 20 messages each: each has its own explanation', not wrong, '\n'.join(wrong[:3]))


def check_clients(tap, folder):
    daemon = Daemon(folder, 'clients', 'exempt_clients = 192.0.2.0/24 2001:db8::/32 .trusted.example\nexempt_recipients = lists.example')
    cases = (({'address': '192.0.2.7'}, False), ({'address': '198.51.100.7'}, True), ({'address': 'IPv6:2001:db8::7', 'family': '6'}, False),
             ({'address': 'IPv6:2001:db9::7', 'family': '6'}, True), ({'family': 'U'}, True), ({'address': '/run/x', 'family': 'L'}, True),
             ({'name': 'mx.trusted.example', 'address': '198.51.100.7'}, False), ({'name': 'mx.trusted.example', 'address': '198.51.100.7', '_': 'mx.trusted.example [198.51.100.7]'}, False),
             ({'name': 'mx.trusted.example', 'address': '198.51.100.7', '_': 'mx.trusted.example [198.51.100.7] (may be forged)'}, True),
             ({'name': 'mx.trusted.example', 'address': '198.51.100.7', '{client_resolve}': 'FORGED'}, True),
             ({'name': 'mx.trusted.example', 'address': '198.51.100.7', '{client_resolve}': 'OK'}, False))

    def run(told, explained):
        client = daemon.client()
        client.connect(**told)
        result = client.message(HEADER, BODY)
        client.quit()
        return None if bool(result.letters) == explained else 'edits: %s' % result.letters
    for told, explained in cases:
        tap.attempt('client %s: %s' % (told, 'explained' if explained else 'exempt'), run, told, explained)
    client = daemon.client()
    tap.check('what is needed comes without a reply', client.agreed('NR_CONN') and client.agreed('NR_RCPT') and not client.agreed('NOCONNECT') and not client.agreed('NORCPT'))
    client.connect(address='198.51.100.7')
    exempt, explained = (client.message(HEADER, BODY, recipients=r).letters for r in (('<a@x.example>', 'a@lists.example'), ('<a@x.example>',)))
    tap.check('one exempt recipient among two, and none of it in the next message', not exempt and explained, '%s %s' % (exempt, explained))
    check_negotiations(tap, Daemon(folder, 'wide', 'exempt_clients = 198.51.100.1\nexempt_recipients = nobody@lists.example\ntrusted_relays = 198.51.100.2'), 'client and recipients wanted')


def check_subject(tap, folder):
    daemon = Daemon(folder, 'subject', 'subject_tag = [{title}]')

    def run(subject, wanted, **offer):
        header = [(n, subject if n == b'Subject' else v) for n, v in HEADER]
        client = daemon.client(**offer)
        result = client.message(header, BODY)
        client.quit()
        if result.values(b'Subject') != [wanted] or (b'subject=' in b''.join(result.values(b'X-SMTP-Explain-Edits'))) != (subject != wanted):
            return '%r %r' % (result.values(b'Subject'), result.values(b'X-SMTP-Explain-Edits'))
        return None if strip(result.message()).startswith(b''.join(n + b':' + v.replace(b'\n', b'\r\n') + b'\r\n' for n, v in header)) else 'strip: %r' % strip(result.message())[:1000]
    tap.attempt('a subject gets its tag', run, b' Returned mail', b' [Address does not exist] Returned mail')
    tap.attempt('a folded one too', run, b' Returned\n\tmail', b' [Address does not exist] Returned\n\tmail')
    tap.attempt('one without a blank stays', run, b'Returned mail', b'Returned mail')
    tap.attempt('one with a bare CR stays', run, b' Returned\rmail', b' Returned\rmail')
    tap.attempt('one that is empty stays', run, b' ', b' ')
    tap.attempt('without HDR_LEADSPC it stays', run, b' Returned mail', b' Returned mail', steps=milter.ALL_STEPS & ~milter.STEPS['HDR_LEADSPC'])
    tap.attempt('without CHGHDRS it stays', run, b' Returned mail', b' Returned mail', actions=milter.ALL_ACTIONS & ~milter.CHANGE_HEADERS)


daemons = []


def main():
    tap = Attempts()
    with tempfile.TemporaryDirectory(prefix='smtp-explain-protocol.') as folder:
        original = Daemon.__init__

        def remember(self, *arguments):
            daemons.append(self)
            original(self, *arguments)
        Daemon.__init__ = remember
        try:
            daemon = Daemon(folder, 'plain')
            client = daemon.client()
            tap.check('nothing is asked for that nobody needs', all(client.agreed(s) for s in ('NOCONNECT', 'NOHELO', 'NORCPT', 'NOUNKNOWN', 'NR_HDR', 'SKIP', 'HDR_LEADSPC'))
                      and not client.agreed('NODATA') and not client.agreed('NR_DATA'), '%x' % client.steps)
            tap.check('no right is asked for but to change fields and body', client.actions == milter.ADD_HEADERS | milter.CHANGE_BODY | milter.CHANGE_HEADERS | milter.SET_MACROS, '%x' % client.actions)
            client.quit()
            check_negotiations(tap, daemon, 'defaults')
            for part in (check_rights, check_chunks, check_limits, check_aborts, check_vanishing, check_crowd):
                part(tap, daemon)
            check_clients(tap, folder)
            check_subject(tap, folder)
        finally:
            ends = [d.stop() for d in daemons]
        tap.check('all daemons end with status 0', not any(ends), '%s\n%s' % (ends, '\n'.join(d.said()[-3000:] for d in daemons if d.process.returncode)))
    sys.exit(tap.end())


if __name__ == '__main__':
    main()
