#!/usr/bin/env python3
"""check_mutations.py - what mail paths do to a report changes nothing of what is read in it, and what people do with it makes it none.

Messages of tests/corpus and tests/messages are changed as gateways, lists, mail programs and careless servers change them, and read again. Each class of change has the
per cent of messages that must be read as before: kind, recipients, codes. Most changes lose nothing; where a line of text or a part goes, so may what only it said, and
the floor says so. Raise the floors with every gain. Reports that a person passes on, in the styles of mail programs, are reports no more, all of them. One build is
enough; skipped in those with sanitizers. TAP.
"""
import copy
import glob
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from mail_tree import RETURNED, STATUS, Part
from support import Tap, skip_all

TOOL = os.path.join(os.environ.get('top_builddir', '.'), 'smtp-explain')
HERE = os.path.dirname(os.path.abspath(__file__))
ADDRESS = re.compile(r'[A-Za-z0-9._+%-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}')
REPORTS = ('bounce', 'delay', 'success')
FIELD_LINE = re.compile(r'[A-Za-z][A-Za-z0-9-]*: ')
CHANGES = []            # name, floor, function(message) that changes it, returns other bytes, or False where there is nothing to change


def change(name, floor):
    def add(function):
        CHANGES.append((name, floor, function))
        return function
    return add


def texts(name, floor, function):
    """A change of each part that a person reads; function(part) may return False: nothing to change."""
    def every(message):
        parts = [part for part in message.texts() if part.type == 'text/plain']
        return None if parts and all([function(part) is not False for part in parts]) else False
    CHANGES.append((name, floor, every))


def lines(name, floor, function):
    """A change of the lines of the text in front of the returned message."""
    def rewrite(part):
        every = part.text.split('\n')
        end = next((i for i in range(len(every)) if all(map(FIELD_LINE.match, every[i:i + 3])) or every[i].startswith(('--', 'Received: ', 'Return-Path: '))), len(every))
        part.write('\n'.join(function(every[:end]) + every[end:]))
    texts(name, floor, rewrite)


# --- the text: encodings, HTML, lines

for encoding in ('base64', 'quoted-printable', '8bit'):
    texts(f'the text in {encoding}', 100, lambda part, encoding=encoding: part.write(part.text, encoding=encoding))
texts('the text in UTF-16', 100, lambda part: part.write(part.text, 'utf-16', 'base64'))
for label in ('us-ascii', 'x-unknown', 'iso-8859-1'):
    texts(f'the text labelled {label}', 100, lambda part, label=label: (part.write(part.text), part.set('Content-Type', f'text/plain; charset={label}')))


def as_html(markup):
    return lambda part: part.write(f'<html><head><style>p {{ color: red }}</style></head><body>{markup(part.text)}</body></html>', encoding='quoted-printable', kind='text/html')


def by_line(pattern):
    return lambda text: ''.join(pattern.format(html.escape(line) or '<br>') for line in text.split('\n'))


texts('HTML: preformatted', 100, as_html(lambda text: f'<pre>{html.escape(text)}</pre>'))
texts('HTML: divisions', 98, as_html(by_line('<div class="MsoNormal">{}</div>')))
texts('HTML: rows of a table', 97, as_html(lambda text: f'<table>{by_line("<tr><td>{}</td></tr>")(text)}</table>'))
texts('HTML: paragraphs', 96, as_html(by_line('<p>{}</p>')))


def wrapped(columns):
    return lambda text: [piece for line in text for piece in (textwrap.wrap(line, columns, break_long_words=False, break_on_hyphens=False) if len(line) > columns else [line])]


def paragraphs(text):
    joined = ['']
    for line in text:
        if not line.strip() or re.match(r'\s*[-=*_]{3}', line):
            joined += [line, '']
        else:
            joined[-1] = (joined[-1] + ' ' + line.strip()).strip()
    return joined


lines('lines of 72 columns', 98, wrapped(72))
lines('lines of 60 columns', 98, wrapped(60))
lines('each paragraph one line', 94, paragraphs)
lines('indented by two blanks', 98, lambda text: [line and '  ' + line for line in text])
lines('indented by a tab', 97, lambda text: [line and '\t' + line for line in text])
lines('not indented', 97, lambda text: [line.lstrip() for line in text])
lines('blanks at the ends of lines', 100, lambda text: [line + '  ' for line in text])
lines('blanks doubled', 97, lambda text: [re.sub(r'(?<=\S) (?=\S)', '  ', line) for line in text])
lines('no-break spaces', 100, lambda text: [line.replace('  ', '\u00a0\u00a0') for line in text])
lines('blank lines lost', 98, lambda text: [line for line in text if line.strip()])
texts('blank lines between all lines', 96, lambda part: part.write(part.text.replace('\n', '\n\n')))
lines('curly quotes', 99, lambda text: [re.sub(r"'([^']*)'", '\u2018\\1\u2019', line) for line in text])
lines('addresses as links', 97, lambda text: [ADDRESS.sub(lambda found: f'{found[0]}<mailto:{found[0]}>', line) for line in text])


@change('CRLF', 100)
def crlf(message):
    return bytes(message).replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')


# --- what gateways write above and below

ABOVE = {
    'a caution': '[EXTERNAL] CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you know the sender.\n\n',
    'a caution with an address': '*** EXTERNAL EMAIL ***\n\nPlease be careful with links and open attachments of people you know only.\nIf in doubt, forward this message to '
                                 'phishing@site.example.\n\n________________________________\n\n',
    'a caution in a frame': '-------------------- CAUTION: external message --------------------\n',
    'a caution in German': 'ACHTUNG: Diese E-Mail stammt von einem externen Absender. Bitte keine Anhänge öffnen.\n-----\n',
}
BELOW = {
    'a disclaimer': '\n\n--\nThis e-mail is confidential. If you are not the intended recipient, tell legal@site.example and delete it. Example Ltd, 550 Main Street.\n',
    'a scanner': '\n\n---\nThis message has been checked for all known viruses by ScanMail 5.5.1.\nhttps://scan.example/?id=550\n',
    'a list': '\n_______________________________________________\nops mailing list\nops@lists.site.example\nhttps://lists.site.example/mailman/listinfo/ops\n',
}
for what, notice in ABOVE.items():
    texts(f'above the text: {what}', 99, lambda part, notice=notice: part.write(notice + part.text))
for what, notice in BELOW.items():
    texts(f'below the text: {what}', 99, lambda part, notice=notice: part.write(part.text.rstrip('\n') + '\n' + notice))
for tag in ('[EXTERNAL] ', '***SPAM*** ', '{Spam?} ', 'EXT: ', '[WARNING: EXTERNAL EMAIL] ', '[SUSPECTED SPAM] [EXT] '):
    @change(f'a tag before the subject: {tag.strip()}', 99)
    def tagged(message, tag=tag):
        subject = message.get('Subject')
        return message.set('Subject', tag + subject) if subject and subject.isascii() and not subject.startswith('[') else False


# --- the parts

def of_status(name, floor, function):
    def every(message):
        parts = message.parts_of(STATUS)
        return None if parts and [function(part) for part in parts] else False
    CHANGES.append((name, floor, every))


def rewrite_status(function):
    def rewrite(part):
        part.body = function(part.content().replace(b'\r\n', b'\n'))
        part.drop('content-transfer-encoding')
    return rewrite


for label in ('text/plain', 'application/octet-stream', 'message/delivery_status', 'text/rfc822-headers'):
    of_status(f'the status as {label}', 98, lambda part, label=label: part.set('Content-Type', f'{label}; name="details.txt"'))
of_status('the status in base64', 100, lambda part: part.encode(part.content(), 'base64'))
of_status('the status indented', 100, rewrite_status(lambda body: re.sub(rb'(?m)^(?=\S)', b' ', body)))
of_status('the status unfolded', 100, rewrite_status(lambda body: re.sub(rb'\n[ \t]+', b' ', body)))
of_status('the status without types', 100, rewrite_status(lambda body: re.sub(rb'(?mi)^((?:final-recipient|diagnostic-code|reporting-mta):)\s*[a-z0-9-]+\s*;\s*', rb'\1 ', body)))


@change('the status first', 100)
def status_first(message):
    if message.children is None or not message.parts_of(STATUS):
        return False
    message.children.sort(key=lambda part: part.type not in STATUS)


@change('the status lost, and what only it said', 60)
def status_lost(message):
    return message.remove(STATUS) if message.parts_of(STATUS) else False


@change('the returned message lost', 96)
def returned_lost(message):
    return message.remove(RETURNED) if message.parts_of(RETURNED) else False


@change('the returned message as its header', 97)
def returned_header(message):
    parts = message.parts_of(('message/rfc822',))
    for part in parts:
        part.set('Content-Type', 'text/rfc822-headers')
        part.body = part.body.split(b'\n\n')[0] + b'\n'
    return None if parts else False


def content_type(name, floor, pattern, replacement):
    @change(name, floor)
    def retype(message):
        value = message.get('Content-Type')
        return message.set('Content-Type', re.sub(pattern, replacement, value)) if message.children is not None and re.search(pattern, value) else False


content_type('multipart/mixed', 98, r'(?i)^multipart/report', 'multipart/mixed')
content_type('another boundary in the header', 97, r'(?i)boundary="?[^";]+"?', 'boundary="rewritten"')
content_type('no boundary in the header', 97, r'(?i);?\s*boundary="?[^";]+"?', '')
content_type('text/plain in the header', 97, r'^.*', 'text/plain')


@change('no closing boundary', 100)
def unclosed(message):
    if not message.closing:
        return False
    message.closing = b''


@change('a list around the report', 98)
def enclosed(message):
    if message.children is None:
        return False
    inner = copy.deepcopy(message)
    inner.fields = [field for field in message.fields if field.lower().startswith(b'content-')]
    message.drop('content-type', 'content-transfer-encoding')
    message.set('Content-Type', 'multipart/mixed; boundary="=_list"')
    message.boundary, message.preamble, message.closing = b'=_list', b'', b'--=_list--\n'
    message.children = [inner, Part(b'Content-Type: text/plain\n\nThis message has been scanned for viruses.\n')]


@change('a spam filter around the report', 99)
def enclosed_as_spam(message):
    kept = [field for field in message.fields if field.lower().startswith((b'from:', b'to:', b'subject:', b'date:', b'return-path:'))]
    return (b''.join(kept) + b'X-Spam-Flag: YES\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="----------=_SA"\n\n------------=_SA\nContent-Type: text/plain\n\n'
            b'Spam detection software has identified this incoming email as possible spam.\n\n------------=_SA\nContent-Type: message/rfc822; x-spam-type=original\n\n'
            + bytes(message) + b'\n------------=_SA--\n')


# --- the header

def fields(name, floor, *new):
    @change(name, floor)
    def add(message):
        message.fields[:0] = [field.encode() + b'\n' for field in new]


def without(name, floor, *names):
    @change(name, floor)
    def drop(message):
        return message.drop(*names) if any(message.get(each) for each in names) else False


without('no Return-Path', 94, 'return-path')
without('no From', 94, 'from')
without('no Auto-Submitted', 97, 'auto-submitted')
without('no Received', 100, 'received')
without('no To', 97, 'to')
fields('marks of a spam filter', 99, 'X-Spam-Flag: YES', 'X-Spam-Status: Yes, score=5.5 required=5.0 tests=BOUNCE', 'X-Spam-Report: 550 5.7.1 spam')
fields('signatures', 99, 'DKIM-Signature: v=1; a=rsa-sha256; d=isp.example; s=s550; b=550511', 'ARC-Seal: i=1; a=rsa-sha256; d=isp.example; b=abc',
       'Authentication-Results: mx.site.example; spf=fail (5.7.1) smtp.helo=mx550.isp.example')
fields('traces of delivery', 99, 'Delivered-To: ann@site.example', 'X-Original-To: ann@site.example', 'X-UIDL: 5505.1.1')


# --- what replies and addresses look like

def replies(name, floor, pattern, replacement):
    @change(name, floor)
    def rewrite(message):
        changed = 0
        for part in message.texts() + message.parts_of(STATUS):
            text, count = re.subn(pattern, replacement, part.content().decode('latin-1'))
            if count and part.get('Content-Transfer-Encoding').lower() not in ('base64', 'quoted-printable'):
                part.body, changed = text.encode('latin-1'), changed + count
        return None if changed else False


ENHANCED = r'(?m)((?:said:|smtp;|reason:|^) ?)([45]\d\d) ([45]\.\d\.\d{1,3})(?= )'
replies('"550 #5.1.1"', 98, ENHANCED, r'\1\2 #\3')
replies('"550 (5.1.1)"', 97, ENHANCED, r'\1\2 (\3)')
replies('"550-5.1.1"', 98, ENHANCED, r'\1\2-\3')
replies('"550: 5.1.1"', 98, ENHANCED, r'\1\2: \3')
replies('"5.1.1 550"', 96, ENHANCED, r'\1\3 \2')
replies('"#550 5.1.1"', 97, ENHANCED, r'\1#\2 \3')
replies('addresses of IPv6', 98, r'(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.])', '2001:db8:550:511::554')


# --- people, who pass reports on

def quoted(text):
    return '\n'.join('> ' + line for line in text.split('\n'))


PEOPLE = {
    'Outlook': ('FW: {subject}', 'What is this?\n\n-----Original Message-----\nFrom: {sender}\nSent: Monday, June 1, 2026 9:00 AM\nTo: {to}\nSubject: {subject}\n\n{text}'),
    'Outlook in German': ('WG: {subject}', 'Von: {sender}\nGesendet: Montag, 1. Juni 2026 09:00\nAn: {to}\nBetreff: {subject}\n\n{text}'),
    'Outlook in French': ('TR: {subject}', 'De : {sender}\nEnvoyé : lundi 1 juin 2026 09:00\nÀ : {to}\nObjet : {subject}\n\n{text}'),
    'Outlook in Spanish': ('RV: {subject}', 'De: {sender}\nEnviado el: lunes, 1 de junio de 2026 9:00\nPara: {to}\nAsunto: {subject}\n\n{text}'),
    'Gmail': ('Fwd: {subject}', '---------- Forwarded message ---------\nFrom: {sender}\nDate: Mon, Jun 1, 2026\nSubject: {subject}\nTo: <{to}>\n\n\n{text}'),
    'Apple Mail': ('Fwd: {subject}', 'Begin forwarded message:\n\n> From: {sender}\n> Subject: {subject}\n> To: {to}\n> \n{quoted}'),
    'Thunderbird': ('Fwd: {subject}', '-------- Forwarded Message --------\nSubject: \t{subject}\nFrom: \t{sender}\nTo: \t{to}\n\n\n{text}'),
    'an answer': ('Re: {subject}', 'On 1 June 2026, {sender} wrote:\n{quoted}\n\nPlease stop sending me these.'),
    'an answer without marks': ('Re: {subject}', 'I did not send this!\n\n{sender} wrote on 1 June 2026:\n{text}'),
    'pasted': ('Mail to our customer', 'Hi,\n\nI get this when I write to our customer:\n\n{text}\n\nAny idea?\n\nAnn'),
    'pasted under its own subject': ('{subject}', 'Hi team,\n\nwe get this:\n\n{text}\n\nThanks, Ann'),
    'pasted alone': ('{subject}', '{text}'),
    'behind a gateway': ('[EXTERNAL] Fwd: {subject}', 'CAUTION: This email originated from outside of the organization.\n\nHelp!\n\n{text}'),
}


def from_person(subject, text, more=''):
    return ('Return-Path: <ann@site.example>\nFrom: Ann <ann@site.example>\nTo: helpdesk@site.example\n'
            f'Subject: {subject}\nDate: Mon, 1 Jun 2026 10:00:00 +0200\nMIME-Version: 1.0\n{more}\n{text}').encode()


def passed_on(style):
    subject, pattern = PEOPLE[style]

    def pass_on(message):
        text = '\n'.join(part.text for part in message.texts() + message.parts_of(STATUS))
        words = {'subject': message.get('Subject'), 'sender': message.get('From'), 'to': message.get('To'), 'text': text, 'quoted': quoted(text)}
        return from_person(subject.format(**words), pattern.format(**words), 'Content-Type: text/plain; charset=utf-8\n')
    return pass_on


def attached(kind):
    def attach(message):
        head = f'--=_mine\n\nWhat is this?\n--=_mine\nContent-Type: {kind}\nContent-Disposition: attachment\n\n'
        return from_person('Fwd: ' + message.get('Subject'), head, 'Content-Type: multipart/mixed; boundary="=_mine"\n') + bytes(message) + b'\n--=_mine--\n'
    return attach


def spread(message):
    """With the parts of the report as parts of its own."""
    if message.children is None:
        return False
    parts = b''.join(b'--=_mine\n' + bytes(part) + b'\n' for part in message.children)
    return from_person(message.get('Subject'), '--=_mine\n\nWhat is this?\n', 'Content-Type: multipart/mixed; boundary="=_mine"\n') + parts + b'--=_mine--\n'


def whole(subject, note, more):
    """The report itself, with its parts, the postmaster's note above its text and his name on it."""
    def pass_on(message):
        parts = message.texts()
        if not parts:
            return False
        words = {'subject': message.get('Subject'), 'sender': message.get('From'), 'to': message.get('To')}
        parts[0].write(note.format(**words) + parts[0].text)
        message.drop('return-path', 'sender', 'x-mailer', 'user-agent')
        for name, value in {'Return-Path': '<postmaster@site.example>', 'From': 'Postmaster <postmaster@site.example>', 'To': 'ann@site.example',
                            'Subject': subject.format(**words), **more}.items():
            message.set(name, value)
        return None
    return pass_on


WHOLE = {
    'in mutt': whole('{subject}', 'Ann, the address is wrong, I left the technical part below. Otto\n\n', {'User-Agent': 'Mutt/2.2.12 (2023-09-09)'}),
    'in Evolution': whole('Fwd: {subject}', 'Ann, is that right?\n\n-------- Forwarded Message --------\nFrom: {sender}\nTo: {to}\nSubject: {subject}\n\n', {'X-Mailer': 'Evolution 3.44.4'}),
    'in a webmailer': whole('Fwd: {subject}', 'Ann, is that right?\n\n-------- Forwarded Message --------\nFrom: {sender}\nTo: {to}\nSubject: {subject}\n\n', {}),
}


# --- the work

def read(sources, folder):
    """What the tool says of each, in order."""
    paths = [os.path.join(folder, str(i)) for i in range(len(sources))]
    for path, source in zip(paths, sources):
        with open(path, 'wb') as file:
            file.write(source)
    output = subprocess.run([TOOL, '--conf', '/dev/null', 'message', '--format=json', *paths], stdout=subprocess.PIPE, check=False).stdout
    answers = {answer['file']: answer for answer in map(json.loads, output.splitlines())}
    return [answers[path] for path in paths]


def essence(answer):
    return answer['kind'], sorted(((recipient['to'] or '').lower(), recipient['code'] or '', recipient['dsn'] or '') for recipient in answer['recipients'])


def samples(folder):
    """A quarter of the reports of the corpus and a third of the small messages, by their names so that a new one moves no other, with what is read in each."""
    paths = [path for path in sorted(glob.glob(os.path.join(HERE, 'corpus', '*', '*.eml'))) if zlib.crc32(os.path.basename(path).encode()) % 4 == 0]
    paths += [path for path in sorted(glob.glob(os.path.join(HERE, 'messages', '*.eml'))) if zlib.crc32(os.path.basename(path).encode()) % 3 == 0]
    sources = []
    for path in paths:
        with open(path, 'rb') as file:
            sources.append(file.read().replace(b'\r\n', b'\n'))
    answers = read(sources, folder)
    return [(path, source, answer) for path, source, answer in zip(paths, sources, answers) if answer['kind'] in ('bounce', 'delay')]


def changed(function, source):
    message = Part(source)
    result = function(message)
    return None if result is False else result if isinstance(result, bytes) else bytes(message)


def check(tap, name, floor, function, reports, folder, passed_on_by_person=False):
    cases = [(path, answer, new) for path, source, answer in reports for new in [changed(function, source)] if new is not None]
    answers = read([new for _, _, new in cases], folder)
    wrong = [f'{os.path.relpath(path, HERE)}: {essence(before)} became {essence(after)}' for (path, before, _), after in zip(cases, answers)
             if (after['kind'] in REPORTS if passed_on_by_person else essence(after) != essence(before))]
    good = len(cases) - len(wrong)
    tap.check(f'{name}: {good} of {len(cases)}, floor {floor} %', cases and good * 100 >= floor * len(cases), '\n'.join(wrong))


def why_not():
    with open(TOOL, 'rb') as binary:
        content = binary.read()
    if b'__asan_init' in content or b'__tsan_init' in content:
        return 'read in the builds without sanitizers'
    return 'read in the other builds; the tarball has the same sources' if '/_build/' in os.path.realpath(TOOL) else None


def main():
    if reason := why_not():
        return skip_all(reason)
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        reports = samples(folder)
        tap.check(f'{len(reports)} reports to change', len(reports) > 200)
        unchanged = [path for path, source, _ in reports if Part(source).fields and bytes(Part(source)) != source and bytes(Part(source)).rstrip() != source.rstrip()]
        tap.check('a tree gives back its bytes', len(unchanged) * 20 < len(reports), '\n'.join(unchanged))
        for name, floor, function in CHANGES:
            check(tap, name, floor, function, reports, folder)
        for style in PEOPLE:
            check(tap, f'passed on: {style}', 100, passed_on(style), reports, folder, True)
        for kind in ('message/rfc822', 'application/octet-stream', 'text/plain'):
            check(tap, f'passed on: attached as {kind}', 100, attached(kind), reports, folder, True)
        check(tap, 'passed on: part by part', 100, spread, reports, folder, True)
        for style, function in WHOLE.items():
            check(tap, f'passed on: whole, {style}', 100, function, reports, folder, True)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
