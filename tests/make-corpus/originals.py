"""The messages that people of the site send and that come back: a dozen shapes, from one line to an attachment, some with traps for a careless reader.

build(shape, number, sender, recipients) gives the bytes. The same arguments give the same bytes: date and Message-ID are fixed by the number.
"""
import base64
import zlib

LETTER = '''Dear colleague,

please find the figures of October below. The order number is 4711, the
total 1,554.00 EUR, to be paid within 30 days.

Kind regards
'''

GERMAN = '''Guten Tag,

die Übergabe der Schlüssel für das Büro in der Königstraße 5 ist am
Donnerstag um 14 Uhr. Bitte bringen Sie den Ausweis mit.

Mit freundlichen Grüßen
Jürgen Groß
'''

# Words of a mail administrator: codes and replies that are none of this message's fate.
ADMINISTRATOR = '''Hi,

yesterday our log said
    550 5.7.1 <x@other.example>: Recipient address rejected: Access denied
and the day before "452 4.2.2 mailbox full" and "421 4.7.0 try again later".
Could it be that 192.0.2.77 is blocked at your side? userid 507, ticket 5.1.1.

Undelivered mail is returned to postmaster@other.example.
'''

QUOTED_BOUNCE = '''Can you tell me what this means?

> This is the mail system at host mail.other.example.
>
> <carol@other.example>: host mx.other.example[192.0.2.66] said: 554 5.4.14
>     Hop count exceeded - possible mail loop (in reply to end of DATA command)

Thank you
'''

HTML = '''<html><body><p>Dear colleague,</p><p>the <b>new price list</b> is <a href="https://www.site.example/prices?y=2026">here</a>.
Call 555 5.1.2 or 421 for help.</p></body></html>
'''

SUBJECTS = {
    'short': 'Figures of October', 'german': '=?UTF-8?B?U2NobMO8c3NlbMO8YmVyZ2FiZSBmw7xyIGRhcyBCw7xybw==?=', 'html': 'New price list 2026',
    'attachment': 'Invoice 4711', 'administrator': 'Delivery problems since yesterday (550, 452 and 421)', 'quoted': 'Fwd: Undelivered Mail Returned to Sender',
    'japanese': '=?ISO-2022-JP?B?GyRCOCs4PTNMRyclRiU5JUgbKEI=?=', 'eightbit': '=?iso-8859-1?Q?R=E9union_de_jeudi?=', 'bare': 'hello',
    'long': 'Minutes of the meeting of the working group on the renewal of the heating\n in building 7, second part, with the changes that were asked for',
    'forward': 'Fwd: returned mail', 'reply': 'Re: AW: Re: Offer 2026-0815',
}
SHAPES = tuple(SUBJECTS)


def _header(shape, number, sender, recipients, extra):
    name = ' '.join(part.capitalize() for part in sender.split('@')[0].split('.'))
    lines = ['From: %s <%s>' % (name, sender), 'To: ' + ',\n '.join(recipients), 'Subject: ' + SUBJECTS[shape],
             'Date: Mon, 02 Nov 2026 09:%02d:%02d +0100' % (number // 60 % 60, number % 60),
             'Message-ID: <20261102.%04d.%s@site.example>' % (number, sender.split('@')[0]), 'MIME-Version: 1.0']
    return '\n'.join(lines + extra) + '\n\n'


def _part(kind, text):
    return '--=_part\nContent-Type: %s\n\n%s\n' % (kind, text)


def _attachment():
    # Pseudo-random and therefore incompressible, but the same each time.
    noise, state = bytearray(), 4711
    while len(noise) < 900:
        state = zlib.crc32(b'%d' % state)
        noise += state.to_bytes(4, 'big')
    body = base64.encodebytes(b'%PDF-1.4\n' + bytes(noise)).decode()
    return '--=_part\nContent-Type: application/pdf; name="invoice.pdf"\nContent-Transfer-Encoding: base64\n' \
        'Content-Disposition: attachment; filename="invoice.pdf"\n\n' + body + '\n'


def _forward():
    inner = 'From: MAILER-DAEMON@other.example\nTo: dave@other.example\nSubject: Returned mail: see transcript for details\n' \
        'Date: Sun, 01 Nov 2026 10:00:00 +0000\n\n   ----- The following addresses had permanent fatal errors -----\n' \
        '<eve@other.example>\n    (reason: 553 5.3.0 <eve@other.example>... Addressee unknown)\n'
    return _part('text/plain', 'This came back to me.\n') + _part('message/rfc822', inner)


def build(shape, number, sender, recipients):
    multipart = ['Content-Type: multipart/mixed; boundary="=_part"']
    charset = lambda name, encoding: ['Content-Type: text/plain; charset=' + name, 'Content-Transfer-Encoding: ' + encoding]     # noqa: E731
    end = '--=_part--\n'
    ascii_text, reply = charset('us-ascii', '7bit'), ['In-Reply-To: <0815@remote.example>', 'References: <0814@remote.example>\n <0815@remote.example>']
    extra, body = {
        'short': (ascii_text, LETTER), 'long': (ascii_text, LETTER), 'administrator': (ascii_text, ADMINISTRATOR), 'quoted': (ascii_text, QUOTED_BOUNCE),
        'bare': ([], 'hello\n'), 'reply': (reply + ascii_text, '> Is the offer still open?\n\nYes.\n'), 'german': (charset('utf-8', '8bit'), GERMAN),
        'japanese': (charset('iso-2022-jp', '7bit'), '\x1b$B%F%9%H\x1b(B\n'), 'eightbit': (charset('iso-8859-1', '8bit'), 'La réunion est repoussée à jeudi.\n'),
        'html': (['Content-Type: multipart/alternative; boundary="=_part"'],
                 _part('text/plain', 'The new price list is here.\n') + _part('text/html; charset=utf-8', HTML) + end),
        'attachment': (multipart, _part('text/plain', LETTER) + _attachment() + end), 'forward': (multipart, _forward() + end),
    }[shape]
    return (_header(shape, number, sender, recipients, extra) + body).encode('latin-1' if shape == 'eightbit' else 'utf-8')
