"""strict_mta - an MTA's side of the milter protocol that offers what a test says and refuses whatever a milter must not answer. No test of its own.

Steps that the milter declined are not sent, and one that has no reply is not waited for: a reply that comes all the same breaks the next step.
"""
import struct

import milter_client
from milter_client import ADD_HEADERS, ALL_ACTIONS, ALL_STEPS, CHANGE_BODY, CHANGE_HEADERS, CHUNK, QUARANTINE, SET_MACROS  # noqa: F401, for the tests

NAMES = ('NOCONNECT NOHELO NOMAIL NORCPT NOBODY NOHDRS NOEOH NR_HDR NOUNKNOWN NODATA SKIP RCPT_REJ NR_CONN NR_HELO NR_MAIL NR_RCPT NR_DATA NR_UNKN NR_EOH NR_BODY '
         'HDR_LEADSPC').split()
STEPS = {name: 1 << bit for bit, name in enumerate(NAMES)}      # as libmilter calls them, SMFIP_...
V1_ACTIONS, V1_STEPS = 0x0f, 0x3f       # what an MTA means that offers nothing at all
DECLINED = {'C': 'NOCONNECT', 'H': 'NOHELO', 'M': 'NOMAIL', 'R': 'NORCPT', 'T': 'NODATA', 'L': 'NOHDRS', 'N': 'NOEOH', 'B': 'NOBODY', 'U': 'NOUNKNOWN'}
SILENT = {'C': 'NR_CONN', 'H': 'NR_HELO', 'M': 'NR_MAIL', 'R': 'NR_RCPT', 'T': 'NR_DATA', 'L': 'NR_HDR', 'N': 'NR_EOH', 'B': 'NR_BODY', 'U': 'NR_UNKN'}


class ProtocolError(Exception):
    """The milter said what it must not say."""


class StrictMta(milter_client.Client):
    """One connection to a milter."""

    def __init__(self, address, actions=ALL_ACTIONS, steps=ALL_STEPS, version=6):
        super().__init__(address, steps, actions, version)
        if self.actions & ~(actions or V1_ACTIONS) or self.steps & ~(steps or V1_STEPS):
            raise ProtocolError('the milter took what was not offered: %x of %x, %x of %x' % (self.actions, actions, self.steps, steps))

    def agreed(self, step):
        return bool(self.steps & STEPS[step])

    def receive(self):
        letter, data = super().receive()
        if len(data) > CHUNK:
            raise ProtocolError('a reply of %d bytes' % len(data))
        return letter, data

    def command(self, letter, data=b''):
        """Sends one step, if the milter wants it; returns its verdict, 'c' where it gives none."""
        if letter in DECLINED and self.agreed(DECLINED[letter]):
            return 'c'
        self.send(letter, data)
        if letter in SILENT and self.agreed(SILENT[letter]):
            return 'c'
        reply, rest = self.receive()
        allowed = 'cas' if letter == 'B' else 'ca'
        if reply not in allowed or rest or (reply == 's' and not self.agreed('SKIP')):
            raise ProtocolError('%s answered with %s %r' % (letter, reply, rest[:100]))
        return reply

    def send_macros(self, letter, **values):
        self.send('D', letter.encode() + b''.join(b'%s\0%s\0' % (n.encode(), v.encode()) for n, v in values.items()))

    def connect(self, name='mx.example.net', address='192.0.2.7', family='4', **macros):
        if macros:
            self.send_macros('C', **macros)
        data = name.encode() + b'\0' + family.encode()
        return self.command('C', data if family == 'U' else data + struct.pack('>H', 25) + address.encode() + b'\0')

    def message(self, header, body, sender='<>', recipients=('<ann@site.example>',), chunk=CHUNK, chunks=None, stop=None, **macros):
        """One message; header: [(name, value)] with the blank behind the colon. Returns a Result, or None where `stop` (a step's letter) came first."""
        if stop == 'C':
            return None
        verdict = self.command('M', sender.encode() + b'\0')
        steps = [('R', r.encode() + b'\0') for r in recipients] + [('T', b'')]
        steps += [('L', n + b'\0' + self.value_out(v) + b'\0') for n, v in header] + [('N', b'')]
        for letter, data in steps:
            if verdict != 'c' or stop == letter:
                break
            verdict = self.command(letter, data)
        for data in chunks or [body[at:at + chunk] for at in range(0, len(body), chunk)]:
            if verdict != 'c' or stop:
                break
            verdict = self.command('B', data)
        if stop:
            return None
        return Result(header, body, verdict) if verdict == 'a' else self.end(header, body, **macros)

    def end(self, header, body, **macros):
        """The end of the message: edits in their order, then the verdict."""
        self.send_macros('E', **{'i': '4F8EEAAE94F', 'j': 'mta.example', **macros})
        self.send('E')
        result = Result(header, body)
        order = 'mbi'
        while True:
            letter, data = self.receive()
            if letter in 'ca':
                if data:
                    raise ProtocolError('a verdict with %d bytes' % len(data))
                return result.finish(letter)
            if letter not in order:
                raise ProtocolError('%s behind %s, or at all' % (letter, result.letters[-3:]))
            order = order[order.index(letter):]
            result.edit(letter, data, self)

    def value_out(self, value):
        return value if self.agreed('HDR_LEADSPC') else value[1:] if value[:1] in (b' ', b'\t') else value

    def value_in(self, value):
        return value if self.agreed('HDR_LEADSPC') else b' ' + value

    def quit(self):
        self.send('Q')
        rest = self.socket.recv(1)
        self.socket.close()
        if rest:
            raise ProtocolError('a reply to QUIT')

    def vanish(self):
        self.socket.close()


class Result:
    """What becomes of a message: verdict, edits as they came, and the message with them."""

    def __init__(self, header, body, verdict=None):
        self.header = list(header)
        self.body = body
        self.verdict = verdict
        self.letters = ''
        self.new_body = b''
        self.added = []
        self.places = {}
        for place, (name, _) in enumerate(header):
            self.places.setdefault(name.lower(), []).append(place)

    def edit(self, letter, data, client):
        self.letters += letter
        need = {'m': CHANGE_HEADERS, 'i': ADD_HEADERS, 'b': CHANGE_BODY}[letter]
        if not client.actions & need:
            raise ProtocolError('%s without the right to' % letter)
        if letter == 'b':
            self.new_body += data
            return
        index, = struct.unpack('>I', data[:4])
        name, value, rest = data[4:].split(b'\0', 2)
        if rest or b'\r' in value or b'\n\n' in value or (letter == 'i' and index != 0):
            raise ProtocolError('a field that is none, or in the wrong place: %r' % data[:200])
        if letter == 'i':
            self.added.insert(0, (name, client.value_in(value)))
        else:
            self.change(index, name, client.value_in(value) if value else None)

    def change(self, index, name, value):
        """Counts as Sendmail does, which renumbers after a deletion: from the highest index down is right for everybody."""
        places = self.places.get(name.lower(), [])
        if not 1 <= index <= len(places):
            raise ProtocolError('field %s number %d of %d' % (name, index, len(places)))
        place = places[index - 1]
        if value is None:
            del places[index - 1]
        self.header[place] = (self.header[place][0], value)

    def finish(self, verdict):
        self.verdict = verdict
        self.header = self.added + [f for f in self.header if f[1] is not None]
        if 'b' in self.letters:
            self.body = self.new_body
        return self

    def values(self, name):
        return [v for n, v in self.header if n.lower() == name.lower()]

    def message(self, newline=b'\r\n'):
        return b''.join(n + b':' + v.replace(b'\n', newline) + newline for n, v in self.header) + newline + self.body
