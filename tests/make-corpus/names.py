"""A name server for the little world of the corpus: answers from a table, over UDP, and knows nothing else.

The table maps (name, type) to a list of values; a name with the value None there answers SERVFAIL. Not a general DNS server: no compression of
what it writes, no TCP, no zone transfer; what a mail system asks before it delivers, and no more.
"""
import asyncio
import ipaddress
import struct

TYPES = {'A': 1, 'NS': 2, 'CNAME': 5, 'SOA': 6, 'PTR': 12, 'MX': 15, 'TXT': 16, 'AAAA': 28}
NO_ERROR, SERVER_FAILURE, NO_SUCH_NAME = 0, 2, 3


def wire_name(name):
    labels = [label for label in name.rstrip('.').split('.') if label]
    return b''.join(bytes([len(label)]) + label.encode() for label in labels) + b'\0'


def wire_value(kind, value):
    if kind == 'A':
        return ipaddress.ip_address(value).packed
    if kind == 'MX':
        preference, host = value.split()
        return struct.pack('!H', int(preference)) + wire_name(host)
    return wire_name(value)


def read_question(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode('ascii', 'replace').lower())
        at += query[at] + 1
    kind = struct.unpack('!H', query[at + 1:at + 3])[0]
    return '.'.join(labels), kind, query[12:at + 5]


class Zone(asyncio.DatagramProtocol):
    def __init__(self, table):
        self.table = table
        self.broken = {name for name, _ in table if table[name, _] is None}
        self.known = {name for name, _ in table}

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, query, client):
        try:
            self.transport.sendto(self.reply(query), client)
        except (IndexError, struct.error):
            pass    # not a question: a name server says nothing to noise

    def status(self, name):
        if any(name == bad or name.endswith('.' + bad) for bad in self.broken):
            return SERVER_FAILURE
        return NO_ERROR if name in self.known or any(known.endswith('.' + name) for known in self.known) else NO_SUCH_NAME

    def reply(self, query):
        name, number, question = read_question(query)
        kind = next((word for word, value in TYPES.items() if value == number), '')
        values = self.table.get((name, kind)) or []
        answers = b''.join(b'\xc0\x0c' + struct.pack('!HHIH', number, 1, 60, len(data)) + data for data in (wire_value(kind, value) for value in values))
        # An authority for the negative answers: some resolvers take an empty answer without one for a referral.
        soa = wire_name('ns.example.net') + wire_name('hostmaster.example.net') + struct.pack('!5I', 1, 60, 60, 60, 60)
        authority = b'' if answers else wire_name('') + struct.pack('!HHIH', TYPES['SOA'], 1, 60, len(soa)) + soa
        flags = 0x8580 | self.status(name)
        return query[:2] + struct.pack('!5H', flags, 1, len(values), 1 if authority else 0, 0) + question + answers + authority
