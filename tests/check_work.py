#!/usr/bin/env python3
"""check_work.py - no message, of any size or shape, may take more than 50 ms of processor time or more memory than the limits say.

Time depends on the machine and on its other work, so instructions are counted (callgrind): 400 million are 50 ms on a core of 3 GHz that does 2.7 in a cycle; the
machine that this was written on did them in 30 ms. Each message goes through a session, as the milter's callbacks would hand it over. Needs valgrind and a
build without sanitizers, and one build is enough; skipped otherwise. TAP.
"""
import glob
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile

INSTRUCTIONS = 400_000_000
KILOBYTES = 12 * 1024          # beyond the message itself, of which body_limit is kept, and once more while it is edited; GMime, decoded parts and the new body are bounded by mail.h

# Every key that makes work at its most. The list of domains, clients ... of a site cost what they hold.
MAXIMUM = """[milter]
body_limit = LIMIT
[annotate]
dkim_signed = yes
language = ja
second_language = pl
reader_languages = bob@site.example:de ann@site.example:ja
recipients = 100
subject_tag = [{title} {reason} {kind} {owner}]
[log]
format = json
addresses = hash
hash_key_file = KEY
lines_per_message = 0
[site]
domains = site.example .example.org
hosts = out.sending-service.example
site_name = Example University
helpdesk_name = IT service
helpdesk_phone = extension 4711
helpdesk_link = https://help.example.com
"""

BOUNCE = ('From: MAILER-DAEMON@mx.example\nTo: ann@site.example\nSubject: Undelivered Mail Returned to Sender\n'
          'Auto-Submitted: auto-replied\nReturn-Path: <>\n')


DEFAULTS = '/dev/null'          # a configuration that says nothing
MEGABYTE = 1024 * 1024         # for which those have room
BODY_LIMIT = (33554432, 0)      # at its most, and the default, which the kilobytes have room for
RULES = 32      # of alerts: those that are built in, and others
BUILT_IN = ('ip-blocklisted', 'authentication', 'provider-down', 'provider-slow', 'tls', 'account-compromised', 'account-spoofed', 'account-suspicious', 'unexplained')

# Rules that look at every recipient: a group for each of them, or one group with all of them in it; and lists that let everything through at their end only.
OF_EACH = 'reason =\norigin =\nkind =\nper = {0}\ndistinct = none\ncount = 1\nwindow = 86400\nfactor = 0\n'
OF_ALL = 'reason =\norigin =\nkind =\nper = sender\ndistinct = {0}\ndistinct_count = 1000\ncount = 1\nwindow = 86400\nfactor = 0\n'
OF_WORDS = 'reason = ' + 'auth-* ' * 300 + '*\norigin =\nkind =\nper = {0}\ncount = 5\nwindow = 600\nfactor = 3\n'


def rules(template):
    names = BUILT_IN + tuple(f'own-{i}' for i in range(RULES - len(BUILT_IN)))
    return ''.join(f'[alert.{name}]\n' + template.format(('recipient', 'recipient_domain')[i % 2]) for i, name in enumerate(names))


def report(text, status='', original='', first_type='text/plain'):
    return (BOUNCE + 'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n'
            f'--b\nContent-Type: {first_type}\n\n{text}\n--b\nContent-Type: message/delivery-status\n\n{status}\n'
            f'--b\nContent-Type: message/rfc822\n\n{original}\n--b--\n')


def plain(text, more=''):
    return BOUNCE + more + '\n' + text


def recipients(count, diagnostic='smtp; 550 5.1.1 <u{0}@d{0}.example> User unknown'):
    return 'Reporting-MTA: dns; mx.example\n' + ''.join(
        f'\nFinal-Recipient: rfc822; u{i}@d{i}.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: {diagnostic.format(i)}\n'
        for i in range(count))


def nested_multiparts(depth):
    head = ''.join(f'Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n' for i in range(depth))
    return BOUNCE + 'MIME-Version: 1.0\n' + head + '\ntext\n' + ''.join(f'--b{i}--\n' for i in reversed(range(depth)))


def nested_messages(depth):
    return BOUNCE + 'Content-Type: message/rfc822\n\n' * depth + 'text\n'


def nested_reports(depth):
    inner = report('<a@b.example>: 550 5.1.1 no', recipients(1))
    for _ in range(depth):
        inner = report('wrapped', 'Reporting-MTA: dns; mx.example\n', inner)
    return inner


def padded(message, line, size=1_040_000):
    """The message with that line below it again and again, so that it is as long as what is read of one."""
    return message + line * ((size - len(message)) // len(line))


def forged(message):
    """With a record of edits that proves nothing."""
    return f'X-SMTP-Explain-Edits: v=1; body="10+1"; sha256={"a" * 64}; hashed=131072\n' + message


def proven(message):
    """With a line put in, and the record that proves it: anybody can make one."""
    header, _, body = message.partition('\n\n')
    original = body.encode('utf-8', 'surrogateescape').replace(b'\n', b'\r\n')
    hashed = '; hashed=131072' if len(original) > 131072 else ''
    return f'X-SMTP-Explain-Edits: v=1; body="0+3"; sha256={hashlib.sha256(original[:131072]).hexdigest()}{hashed}\n{header}\n\nx\n{body}'


# What the known mail systems write before their list of recipients: a trap for each reader.
OPENINGS = {
    'postfix': 'This is the mail system at host mx.example.\n\nI\'m sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n',
    'sendmail': '   ----- The following addresses had permanent fatal errors -----\n',
    'transcript': '   ----- Transcript of session follows -----\n',
    'exim': 'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n'
            'recipients. This is a permanent error. The following address(es) failed:\n\n',
    'qmail': 'Hi. This is the qmail-send program at mx.example.\nI\'m afraid I wasn\'t able to deliver your message to the following addresses.\n\n',
    'exchange': 'Delivery has failed to these recipients or distribution lists:\n\nDiagnostic information for administrators:\n\nGenerating server: mx.example\n\n',
    'gmail': 'Delivery to the following recipient failed permanently:\n\n',
    'opensmtpd': 'Hi!\n\nThis is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\nAn error has occurred while attempting to deliver a message for\n'
                 'the following list of recipients:\n\n',
    'courier': 'UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n',
    'dma': 'This is the DragonFly Mail Agent v0.13 at mx.example.\n\nThere was an error delivering your mail to <a@b.example>.\n\n',
    'messagingserver': 'This report relates to a message you sent with the following header fields:\n\nYour message cannot be delivered to the following recipients:\n\n',
    'unknown': 'Your message could not be delivered:\n\n',
}
LINES = {
    'entry': '<u{0}@d{0}.example>: host mx.example[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n',
    'blank entry': '\n    u{0}@d{0}.example\n      550 5.1.1 no such user\n',
    'reply': '550-5.1.1 line {0}\n',
    'said': '<<< 550 5.1.1 <u{0}@d{0}.example>\n',
    'announcement': '----- Original message -----\n\n',
    'field': 'To: u{0}@d{0}.example\n',
    'colon': 'host said:\n',
    'quoted': '> ' * 30 + 'u{0}@d.example\n',
}


def openings():
    for opening, text in OPENINGS.items():
        for line, template in LINES.items():
            yield f'{opening}, 20,000 times "{line}"', plain(text + ''.join(template.format(i) for i in range(20000)))


# Words that many patterns ask for, and lists of those they are about: what is read for one recipient must not be read again for each of a thousand.
WORDS = ('mailbox full blocked using spamhaus user unknown quota exceeded spf dkim dmarc fail policy rejected message size too large relay denied '
         'greylisted try again later ')
ADDRESSES = ''.join(f'u{i}@d.example\n' for i in range(1000))


def transcript(lines):
    return '\n   ----- Transcript of session follows -----\n... while talking to mx.example.:\n' + ''.join(lines)


def shared_words():
    bare = 'Reporting-MTA: dns; mx.example\n' + ''.join(f'\nFinal-Recipient: rfc822; u{i}@d.example\nAction: failed\nStatus: 5.0.0\n' for i in range(1000))
    yield '1,000 recipients of one paragraph', plain(OPENINGS['unknown'] + ADDRESSES + '\n' + WORDS * 13 + '\n')
    yield '1,000 recipients of one reply', plain(OPENINGS['unknown'] + ADDRESSES + '\n550 5.7.1 ' + WORDS * 13 + '\n')
    yield '1,000 recipients in the status, one paragraph', report(ADDRESSES + '\n550 ' + WORDS * 13, bare)
    yield '1,000 recipients in the status, one reply', report('550 5.7.1 ' + WORDS * 13, bare)
    yield '1,000 recipients in the status, of many domains, one reply', report('550 5.7.1 ' + WORDS * 13, recipients(1000, '').replace('Diagnostic-Code: \n', ''))
    yield '140 recipients with words of their own', report('failed', recipients(140, 'smtp; 550 5.1.1 {0} ' + WORDS * 11))
    yield '1,000 recipients that were forwarded', plain(OPENINGS['postfix'] + ''.join(f'<u{i}@d.example> (expanded from <v{i}@d.example>): 550 x\n\n' for i in range(1000)))
    for opening, text in OPENINGS.items():
        yield f'{opening}, 1,000 recipients and a transcript', plain(text + ADDRESSES + transcript(f'<<< 550 x{i}\n' for i in range(3900)))
        yield f'{opening}, 1,000 recipients and their commands', plain(
            text + ADDRESSES + transcript(f'>>> RCPT To:<u{i}@d.example>\n<<< 550 5.1.1 <u{i}@d.example>... x\n' for i in range(700)))


def mixtures():
    for piece in ("'554 ", "said: '554 no ", '"503 "', '-> 554 ', '... 554 ', 'smtp;554 '):
        yield f'one line of quoted replies {piece!r}', plain(OPENINGS['unknown'] + piece * (64_000 // len(piece)) + '\n')
    for piece in ('your message a@b.example! ', 'not. ', 'mail not delivered. '):
        yield f'sentences {piece!r}', plain(piece * (64_000 // len(piece)))
    yield 'others\' addresses and a To of 8 kB', plain(OPENINGS['unknown'] + 'from a@b.example ' * 4000, 'To: ' + ', '.join(f'u{i}@d.example' for i in range(450)) + '\n').replace(
        'To: ann@site.example\n', '', 1)
    yield 'a hostile report in a hostile one', report('Delivery failed.\n' * 3000, 'Reporting-MTA: dns; mx.example\n', report('x', recipients(1700), 'Subject: x\n\n'))
    yield 'a language that the text cannot hold', report(OPENINGS['unknown'] + ''.join(f'\n    u{i}@d{i}.example\n      550 5.1.1 no such user\n' for i in range(4000)),
                                                        '', 'Accept-Language: ja\nFrom: a@site.example\n\n')
    yield 'announcements and rules', plain('Delivery failed\n' + '-- original message\n\n-----------\n\n' * 1200)
    yield 'summaries', plain('Delivery failed\n' + 'from: a\nto: b\nsubject: 550\n\n' * 1200)
    yield 'a table of HTML', report('<table>' + ''.join(f'<tr><td>u{i}@d.example</td><td>550 5.1.1 no</td></tr>' for i in range(20_000)) + '</table>', '', '', 'text/html')
    yield '390 parts of HTML', BOUNCE + 'Content-Type: multipart/mixed; boundary=b\n\n' + ('--b\nContent-Type: text/html\n\n<p>' + 'x <b>550</b> ' * 180 + '\n') * 390
    yield '390 parts of status', BOUNCE + 'Content-Type: multipart/report; boundary=b\n\n' + (
        '--b\nContent-Type: message/delivery-status\n\n' + 'Final-Recipient: rfc822;a@b.example\nAction: failed\n\n' * 40) * 390
    yield '20,000 parameters', BOUNCE + 'Content-Type: text/plain; ' + '; '.join(f'a*{i}=x' for i in range(20_000)) + '\n\nx'


ENDLESS = ['a', '<', '>', '@', 'a@', 'a@b.example ', '<a@b.example> ', '550 ', '550 5.1.1 ', '5.1.1.', '550-', '(', ')', '[', '"', '\\', ':', 'said: 550 ', ' ',
           '\t', '&', '&amp;', '=3D', '=?utf-8?q?a?= ', '\x00', '\r', '\u0301', '\u202e', '漢', 'a.', '-', '#5.1.1 ', 'mailbox ', 'blocked using ', 'http://a.example/ ',
           '192.0.2.1 ', '(expanded from ', 'could not be delivered ', '- a@b -', 'host a.b said: ', '...', '漢字カナ', '::', 'Remote Server returned \'', 'user unknown ', '1234567890']


def lines(template, count=15_000):
    return ''.join(template.format(i) for i in range(count))


def newest():
    """For the readers that joined last: what each of them looks for, as often as a message can hold it."""
    unknown, failed = OPENINGS['unknown'], 'Delivery failed\n'
    yield 'a label for each reason', plain(unknown + lines('Recipient: u{0}@d.example\nReason: mailbox full {0}\nError: 550 5.1.1 x{0}\n\n'))
    yield 'a divider below each recipient', plain(unknown + lines('u{0}@d.example\n-----\nmailbox full\n'))
    yield 'dividers and nothing else', plain(unknown + 'u@d.example\n' + '=====\nx\n' * 120_000)
    yield 'a transcript of arrows', plain(unknown + lines('-> RCPT TO:<u{0}@d.example>\n<- 550 5.1.1 x{0}\n'))
    yield 'a transcript of both sides', plain('Transcript of session follows.\n\n' + lines(' Out: 550 5.1.1 x\n In:  RCPT TO:<u{0}@d.example>\n'))
    yield 'commands without replies', plain(unknown + '>>> RCPT TO:<u@d.example>\n' * 38_000)
    yield 'clauses for each recipient', plain(unknown + lines('Your mail to u{0}@d.example could not be delivered because the mailbox is full (550 5.2.2).\n'))
    yield 'clauses on one line', plain(unknown + 'The mail to u@d.example, sent to v@d.example, could not be delivered because w@d.example, ' * 11_000)
    yield 'servers that said two things', plain(unknown + lines('The server mx{0}.d.example said: 550 5.1.1 u{0}@d.example unknown, then said: 554 x\n'))
    yield 'replies on two lines', plain(unknown + 'u@d.example\n' + '550-5.1.1 a\n550 5.1.1 b\n' * 43_000)
    yield 'codes that are no replies', plain(unknown + 'u@d.example\n' + '550 message 550 accepted 550 queued as 550 exit code 550\n' * 17_000)
    yield 'headings of a report', plain('Your message could not be delivered, original message:\n\nx\n' * 16_000)
    yield 'quoted headers', plain(failed + '> From: a@b.example\n> x\n' * 40_000)
    yield 'quotes of quotes', plain(failed + '> > > > Subject: a\n' * 52_000)
    yield 'a folded summary', plain(failed + 'Subject: x\n' + ' y\n' * 330_000)
    yield 'announcements and blank lines', plain(failed + ('-- original message:\n' + '\n' * 30) * 20_000)
    yield 'short sentences', plain('not sent.\n' * 100_000)
    yield 'sentences with conditions', plain('if it cannot be delivered, it will be retried. ' * 21_000)
    yield 'marks of a gateway', plain('[EXT] ' * 10_000 + '\n' + failed).replace('Subject: ', 'Subject: ' + '[EXT] ' * 1500, 1)
    yield 'letters of no width', plain('u\u200bs\u200be\u200br unknown\n' * 40_000)
    yield 'letters of other scripts', plain('dеlivеry fаilеd \n' * 45_000)
    yield 'a writer of many names', plain('x').replace('From: MAILER-DAEMON@mx.example', 'From: "' + 'mail delivery system ' * 380 + '" <a@b.example>')
    yield 'attached reports of a writer of many names', (BOUNCE + 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYour message could not be delivered: 550 no\n' + (
        '--b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nx\nFinal-Recipient: rfc822; u@d.example\n' * 380)).replace(
            'From: MAILER-DAEMON@mx.example', 'From: ' + ', '.join(f'"postmaster" <a{i}@d.example>' for i in range(280)))
    yield 'addresses in links', plain(unknown + ('http://h.example/' + 'u@d.example/' * 25 + ' ') * 3000)
    yield 'short addresses in links', plain(unknown + ('http://h/' + 'a@b/' * 75 + ' ') * 3000)
    yield 'a link of addresses', plain(unknown + 'http://h.example/' + 'u@d.example/' * 80_000)
    yield 'lost boundaries', BOUNCE + 'Content-Type: multipart/report; boundary=zz\n\n' + (
        '--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; u@d\nAction: failed\n\n' * 11_000)
    yield '390 texts of a report', BOUNCE + 'Content-Type: multipart/report; boundary=b\n\n' + (
        '--b\nContent-Type: text/plain\n\n' + 'Delivery failed u@d.example 550\n' * 70) * 390


def endless():
    for piece in ENDLESS:
        text = piece * (2_000_000 // len(piece))
        yield f'one line of {piece!r}', plain(f'<a@b.example>: 550 5.1.1 {text}\n')
        yield f'a diagnostic of {piece!r}', report('failed', recipients(1, 'smtp; 550 5.1.1 ' + text[:60000].replace('{', '').replace('\r', '')))
        yield f'short lines of {piece!r}', plain(OPENINGS['unknown'] + '\n'.join([piece * (60 // len(piece))] * 40000))


def shapes():
    yield 'an ordinary report', report('<a@b.example>: host mx.example said: 550 5.1.1 no', recipients(1), 'Subject: x\n\ntext\n')
    yield '10,000 nested multiparts', nested_multiparts(10000)
    yield '23 nested multiparts', nested_multiparts(23)
    yield '10,000 nested messages', nested_messages(10000)
    yield '200 nested reports', nested_reports(200)
    yield '50,000 parts side by side', BOUNCE + 'Content-Type: multipart/mixed; boundary=b\n\n' + '--b\n\nx\n' * 50000
    yield '390 parts side by side', BOUNCE + 'Content-Type: multipart/mixed; boundary=b\n\n' + '--b\n\n550 5.1.1 x\n' * 390
    yield '100,000 recipients in the status', report('failed', recipients(100_000))
    yield '1,000 recipients in the status and in the text', report(''.join(LINES['entry'].format(i) for i in range(1000)), recipients(1000))
    yield '100,000 recipients in the text', plain(OPENINGS['postfix'] + ''.join(LINES['entry'].format(i) for i in range(100_000)))
    yield '100,000 failed recipients in one field', plain('failed', 'X-Failed-Recipients: ' + ',\n '.join(f'u{i}@d.example' for i in range(100_000)) + '\n')
    yield '100,000 header fields', plain('text', ''.join(f'X-{i}: v\n' for i in range(100_000)))
    yield '100,000 forged fields', plain('text', ''.join(f'X-SMTP-Explain: {i}\n' for i in range(100_000)))
    yield 'nested groups of addresses', plain('text', 'To: ' + 'a:' * 60000 + '\n')
    yield '50,000 From fields', plain('text', 'From: a@b.example\n' * 50000)
    yield '10,000 encoded words', plain('text', 'Subject: ' + '\n '.join(['=?utf-8?b?dW5kZWxpdmVyZWQ=?='] * 10000) + '\n')
    yield 'an endless field', plain('text', 'Subject: ' + 'undelivered ' * 100_000 + '\n')
    yield 'a returned header of 100,000 fields', report('failed', recipients(1), ''.join(f'Received: from a by b; {i}\n' for i in range(100_000)))
    yield 'a returned message of 30 MB', report('failed', recipients(1), 'Subject: x\n\n' + ('y' * 70 + '\n') * 430_000)
    yield 'blank lines', padded(plain('<a@b.example>: 550 5.1.1 no\n'), '\n')
    yield 'blank lines and a forged record', forged(padded(plain('<a@b.example>: 550 5.1.1 no\n'), '\n'))
    yield 'blank lines and a record', proven(padded(plain('<a@b.example>: 550 5.1.1 no\n'), '\n'))
    yield 'open HTML tags', report('<div>' * 200_000, recipients(1), '', 'text/html')
    yield 'nothing but <', report('<' * 1_000_000, recipients(1), '', 'text/html')
    yield 'an open HTML comment', report('<!-- ' * 200_000, recipients(1), '', 'text/html')
    yield 'HTML entities', report('&amp;&#8206;' * 90_000, recipients(1), '', 'text/html')
    yield 'base64 that is none', plain('!' * 1_000_000, 'Content-Transfer-Encoding: base64\n')
    yield 'soft line ends', plain('=\n' * 500_000, 'Content-Transfer-Encoding: quoted-printable\n')
    yield 'escapes of iso-2022-jp', plain('\x1b$B\x1b(B' * 140_000, 'Content-Type: text/plain; charset=iso-2022-jp\n')
    yield 'utf-7', plain('+AAA-' * 200_000, 'Content-Type: text/plain; charset=utf-7\n')
    yield 'utf-16', plain('a\n' * 500_000, 'Content-Type: text/plain; charset=utf-16\n')
    yield 'a record of 10,000 edits', plain('text', 'X-SMTP-Explain-Edits: v=1; body="' + ','.join(f'{i}+1' for i in range(10_000)) + '"; sha256=' + 'a' * 64 + '\n')
    yield from shared_words()
    yield from mixtures()
    yield from newest()
    yield from openings()
    yield from endless()


def instructions(program, conf, files, folder):
    """Instructions that each file took, in order, or None where the profile is not as it must be."""
    out = os.path.join(folder, 'profile')
    run = subprocess.run(['valgrind', '-q', '--tool=callgrind', '--collect-atstart=no', '--toggle-collect=work_once', '--dump-after=work_once',
                          '--callgrind-out-file=' + out, program, conf, *files], capture_output=True, text=True)
    counts = []
    for name in sorted(glob.glob(out + '.*'), key=lambda name: int(name.rpartition('.')[2])):
        with open(name, errors='replace') as lines:
            counts += [int(line.split()[1]) for line in lines if line.startswith('totals:')]
        os.unlink(name)
    if run.returncode != 0 or len(counts) < len(files) + 1:
        print(f'# valgrind: status {run.returncode}, {len(counts)} profiles; {run.stderr[-500:]}')
        return None
    return counts[1:len(files) + 1]     # the first is the empty message


def without_debugging(program, folder):
    """A copy that valgrind 3.19 can read: it does not know the DWARF 5 of clang 14."""
    copy = os.path.join(folder, 'program')
    subprocess.run(['strip', '--strip-debug', '-o', copy, program], check=True)
    return copy


def why_not(program):
    """Why nothing can be counted here, or None."""
    with open(program, 'rb') as binary:
        content = binary.read()
    if b'__asan_init' in content or b'__tsan_init' in content:
        return 'instructions of a sanitizer are not ours'
    if not shutil.which('valgrind'):
        return 'no valgrind to count instructions with'
    if '/_build/' in os.path.realpath(program):
        return 'counted in the other builds; the tarball has the same sources'
    return None


def many_recipients():
    """The shapes that cost the most where much is asked for: many recipients, each with words of its own."""
    yield '1,000 recipients in the status and in the text', report(lines(LINES['entry'], 1000), recipients(1000))
    yield '1,000 recipients in the text', plain(OPENINGS['unknown'] + lines(LINES['blank entry'], 20_000))
    yield '1,000 recipients and a transcript', plain(OPENINGS['postfix'] + ADDRESSES + transcript(f'<<< 550 x{i}\n' for i in range(3900)))
    yield 'a hostile report in a hostile one', report('Delivery failed.\n' * 3000, 'Reporting-MTA: dns; mx.example\n', report('x', recipients(1700), 'Subject: x\n\n'))


def at_maximum():
    yield '1,000 that are delivered, and 200 that failed', report('failed', recipients(1000).replace('failed', 'delivered') + recipients(200).partition('\n')[2])
    yield '1,000 recipients with an original one', report('failed', recipients(1000).replace('Final-', 'Original-Recipient: rfc822; x@y.example\nFinal-'))
    yield '1,000 recipients with addresses in their diagnostics', report('failed', recipients(1000, 'smtp; 550 ' + ''.join(f'a{i}@b{{0}} ' for i in range(12))))
    yield '1,000 recipients of addresses in one reply', report('550 5.7.1 ' + 'a@b.example ' * 100, recipients(1000, '').replace('Diagnostic-Code: \n', ''))
    yield 'a returned message of 30 MB', report('failed', recipients(1), 'Subject: x\n\n' + ('y' * 70 + '\n') * 430_000)
    yield '30 MB of blank lines', padded(report('failed', recipients(1), 'Subject: x\n'), '\n', 30_000_000)
    yield '30 MB of blank lines and a forged record', forged(padded(report('failed', recipients(1), 'Subject: x\n'), '\n', 30_000_000))
    yield '30 MB of blank lines and a record', proven(padded(report('failed', recipients(1), 'Subject: x\n'), '\n', 30_000_000))
    for name, message in many_recipients():
        yield name, message
        longer = padded(message, 'y' * 20 + '\n')
        yield name + ', and a megabyte of lines', longer
        yield name + ', a megabyte of lines and a forged record', forged(longer)
        yield name + ', a megabyte of lines and a record', proven(longer)


def batches(everything, size=32):
    while batch := list(itertools.islice(everything, size)):
        yield batch


def check(program, conf, batch, number):
    """Prints a line for each of the batch; returns how many failed."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, str(i)) for i in range(len(batch))]
        for file, (_, message) in zip(files, batch):
            with open(file, 'wb') as out:
                out.write(message.encode('utf-8', 'surrogateescape'))
        counts = instructions(program, conf, files, folder) or [None] * len(files)
        for i, (file, count) in enumerate(zip(files, counts)):
            grown = int(subprocess.run([program, '--memory', conf, file], capture_output=True, text=True, check=True).stdout)
            allowed = KILOBYTES + 2 * max(0, min(os.path.getsize(file), BODY_LIMIT[conf == DEFAULTS]) - MEGABYTE) // 1024
            good = count is not None and 0 < count <= INSTRUCTIONS and grown <= allowed
            failed += not good
            print(f'{"ok" if good else "not ok"} {number + i} - {batch[i][0]}: {count} instructions, {grown} kB', flush=True)
    return failed


def write_maximum(folder, rules_template):
    """The configuration with everything in it, and such rules of alerts; its path."""
    key, conf = os.path.join(folder, 'key'), os.path.join(folder, 'maximum.conf')
    with open(key, 'w') as out:
        out.write('sixteen bytes or more')
    with open(conf, 'w') as out:
        out.write(MAXIMUM.replace('KEY', key).replace('LIMIT', str(BODY_LIMIT[0])) + rules(rules_template))
    return conf


def main():
    program = os.path.join(os.environ.get('top_builddir', '.'), 'tests', 'work_message')
    if reason := why_not(program):
        print('1..0 # SKIP ' + reason)
        return 0
    number, failed = 1, 0
    with tempfile.TemporaryDirectory() as folder:
        program = without_debugging(program, folder)
        runs = ((DEFAULTS, shapes()), (OF_EACH, at_maximum()), (OF_ALL, many_recipients()), (OF_WORDS, many_recipients()))
        for conf, everything in runs:
            if conf != DEFAULTS:
                conf = write_maximum(folder, conf)
            for batch in batches(everything):
                failed += check(program, conf, batch, number)
                number += len(batch)
    print(f'1..{number - 1}')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
