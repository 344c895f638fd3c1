"""milter_client - speaks the milter protocol to a milter as an MTA does, for tests: no MTA, any order, any bytes.

Protocol version 6 as libmilter 8.17 has it (mfdef.h): a packet is a length (4 bytes, network order), a command, and data. No test of its own.
"""
import socket
import struct

# Steps that a milter may ask to leave out, and replies that it may ask not to give (SMFIP_*).
NO_CONNECT, NO_HELO, NO_MAIL, NO_RCPT, NO_BODY, NO_HEADERS, NO_END_OF_HEADER, NO_REPLY_HEADER = (1 << bit for bit in range(8))
NO_UNKNOWN, NO_DATA, SKIP, RCPT_REJECTED, NO_REPLY_CONNECT, NO_REPLY_HELO, NO_REPLY_MAIL, NO_REPLY_RCPT = (1 << bit for bit in range(8, 16))
NO_REPLY_DATA, NO_REPLY_UNKNOWN, NO_REPLY_END_OF_HEADER, NO_REPLY_BODY, HEADER_LEADING_SPACE = (1 << bit for bit in range(16, 21))
ALL_STEPS = (1 << 21) - 1
# What a milter may change (SMFIF_*).
ADD_HEADERS, CHANGE_BODY, ADD_RCPT, DELETE_RCPT, CHANGE_HEADERS, QUARANTINE, CHANGE_FROM, ADD_RCPT_PARAMETERS, SET_MACROS = (1 << bit for bit in range(9))
ALL_ACTIONS = (1 << 9) - 1

VERDICTS = {'c': 'continue', 'a': 'accept', 's': 'skip', 'r': 'reject', 't': 'tempfail', 'd': 'discard', 'y': 'reply code', '4': 'connection failure', 'f': 'shutdown'}
CHUNK = 65535


def connect(address):
    """address: ('127.0.0.1', port), or the path of a unix socket."""
    if isinstance(address, str):
        connection = socket.socket(socket.AF_UNIX)
    else:
        connection = socket.socket()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.settimeout(30)
    connection.connect(address)
    return connection


class Verdict(Exception):
    """A verdict that ends the message before its end: args[0] is its word."""


class Client:
    """One connection. steps and actions are what this MTA offers."""

    def __init__(self, address, steps=ALL_STEPS, actions=ALL_ACTIONS, version=6):
        self.socket = connect(address)
        self.seen = []              # every reply, as (letter, data), in order
        self.send('O', struct.pack('>III', version, actions, steps))
        letter, data = self.receive()
        assert letter == 'O', letter
        self.version, self.actions, self.steps = struct.unpack('>III', data[:12])
        self.macros_wanted = data[12:]

    def send(self, letter, data=b''):
        self.socket.sendall(struct.pack('>I', len(data) + 1) + letter.encode() + data)

    def receive(self):
        length, = struct.unpack('>I', self.exactly(4))
        packet = self.exactly(length)
        reply = (chr(packet[0]), packet[1:])
        self.seen.append(reply)
        return reply

    def exactly(self, length):
        data = bytearray()
        while len(data) < length:
            piece = self.socket.recv(length - len(data))
            if not piece:
                raise EOFError('the milter closed the connection')
            data += piece
        return bytes(data)

    def macro(self, step, **values):
        self.send('D', step.encode() + b''.join(('{%s}' % name if len(name) > 1 else name).encode() + b'\0' + value.encode() + b'\0' for name, value in values.items()))

    def step(self, letter, data, leave_out, no_reply):
        """One step; its verdict as a word, '' where none is to come."""
        if self.steps & leave_out:
            return ''
        self.send(letter, data)
        if self.steps & no_reply:
            return ''
        reply, _ = self.receive()
        verdict = VERDICTS.get(reply, reply)
        if verdict != 'continue' and not (verdict == 'skip' and letter == 'B'):
            raise Verdict(verdict)
        return verdict

    def open(self, name='client.example', address='192.0.2.1', helo='client.example'):
        self.step('C', name.encode() + b'\0' + b'4' + struct.pack('>H', 25) + address.encode() + b'\0', NO_CONNECT, NO_REPLY_CONNECT)
        self.step('H', helo.encode() + b'\0', NO_HELO, NO_REPLY_HELO)

    def envelope(self, sender='<>', recipients=('<ann@site.example>',)):
        self.step('M', sender.encode() + b'\0', NO_MAIL, NO_REPLY_MAIL)
        for recipient in recipients:
            self.step('R', recipient.encode() + b'\0', NO_RCPT, NO_REPLY_RCPT)
        self.step('T', b'', NO_DATA, NO_REPLY_DATA)

    def header(self, fields):
        """fields: (name, value) in bytes, as they stand behind the colon."""
        for name, value in fields:
            if not self.steps & HEADER_LEADING_SPACE:
                value = value[1:] if value[:1] == b' ' else value
            self.step('L', name + b'\0' + value + b'\0', NO_HEADERS, NO_REPLY_HEADER)
        self.step('N', b'', NO_END_OF_HEADER, NO_REPLY_END_OF_HEADER)

    def body(self, body, chunk=CHUNK):
        for start in range(0, len(body), chunk):
            if self.step('B', body[start:start + chunk], NO_BODY, NO_REPLY_BODY) == 'skip':
                return

    def end(self):
        """The end of the message: what the milter changes, in order, as (letter, data); the last one is the verdict."""
        self.send('E')
        replies = []
        while not replies or replies[-1][0] not in VERDICTS:
            replies.append(self.receive())
        return replies

    def abort(self):
        self.send('A')

    def quit(self):
        self.send('Q')
        self.socket.close()

    def message(self, message, sender='<>', recipients=('<ann@site.example>',), queue_id='4F8EEAAE94F', chunk=CHUNK):
        """A whole message (bytes, CRLF or LF); the replies at its end, or [(letter of the verdict, b'')] where it came earlier."""
        fields, body = split(message)
        try:
            self.macro('M', i=queue_id)
            self.envelope(sender, recipients)
            self.header(fields)
            self.body(body, chunk)
        except Verdict as early:
            self.abort()
            return [(next(letter for letter, word in VERDICTS.items() if word == early.args[0]), b'')]
        self.macro('E', i=queue_id)
        return self.end()


def split(message):
    """Fields as (name, value) with LF inside, as an MTA hands them, and the body with CRLF."""
    message = message.replace(b'\r\n', b'\n')
    header, _, body = message.partition(b'\n\n')
    fields = []
    for line in header.split(b'\n'):
        if line[:1] in (b' ', b'\t') and fields:
            fields[-1][1] += b'\n' + line
        else:
            name, _, value = line.partition(b':')
            fields.append([name, value])
    return [tuple(field) for field in fields], body.replace(b'\n', b'\r\n')
