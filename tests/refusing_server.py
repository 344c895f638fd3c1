#!/usr/bin/env python3
"""An SMTP server on loopback that answers as it is told, so that real MTAs make real bounces.

usage: refusing_server.py RULES [PORT]     prints the port it listens on, then serves until it is killed

RULES is a file of lines `STAGE PATTERN REPLY`. STAGE is greeting, helo, mail, rcpt, data or end (after the final dot). PATTERN is matched (as in a
shell, whatever the case) with the client's argument of that stage: the address for mail and rcpt; for data and end the first accepted recipient;
with the server's own IP address elsewhere. REPLY is what to say, lines separated by "\\n" (two characters); `drop` closes the connection, `hang` stays silent.
Two stages more: `offer` gives the keywords that EHLO offers in place of the usual ones; `starttls` answers STARTTLS, where `garbage` says 220 and
then no TLS. The first rule that fits answers; where none does, the server accepts. Lines that begin with # are comments. What it accepts it throws away.
"""
import asyncio
import fnmatch
import re
import sys

STAGES = ('greeting', 'helo', 'offer', 'starttls', 'mail', 'rcpt', 'data', 'end')
KEYWORDS = '8BITMIME\r\nENHANCEDSTATUSCODES\r\nSMTPUTF8'


def read_rules(path):
    rules = []
    with open(path, encoding='utf-8') as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith('#'):
                continue
            words = line.rstrip('\n').split(None, 2)
            if len(words) != 3 or words[0] not in STAGES:
                sys.exit('%s:%d: not STAGE PATTERN REPLY' % (path, number))
            rules.append((words[0], words[1].lower(), words[2].replace('\\n', '\r\n')))
    return rules


class Session:
    def __init__(self, rules, reader, writer):
        self.rules, self.reader, self.writer, self.recipient = rules, reader, writer, ''
        self.address = writer.get_extra_info('sockname')[0]

    def rule(self, stage, argument):
        return next((reply for rule_stage, pattern, reply in self.rules if rule_stage == stage and fnmatch.fnmatchcase(argument.lower(), pattern)), None)

    async def answer(self, stage, argument, otherwise):
        """Says what the rules want; True when that was the friendly answer."""
        reply = self.rule(stage, argument)
        if reply == 'drop':
            raise ConnectionResetError
        if reply == 'hang':
            await asyncio.sleep(3600)
        await self.say(reply or otherwise)
        if reply and reply.startswith('421'):
            raise ConnectionResetError
        return not reply or reply[:1] in '23'

    async def say(self, reply):
        self.writer.write(reply.encode() + b'\r\n')
        await self.writer.drain()

    async def hello(self, extended):
        keywords = (self.rule('offer', self.address) or KEYWORDS).split('\r\n') if extended else []
        lines = ['mx.remote.example'] + keywords
        await self.answer('helo', self.address, '\r\n'.join('250%s%s' % ('-' if line is not lines[-1] else ' ', line) for line in lines))

    async def start_tls(self):
        if self.rule('starttls', self.address) != 'garbage':
            await self.answer('starttls', self.address, '502 5.5.1 no TLS here')
            return
        await self.say('220 2.0.0 go ahead')
        await self.reader.read(100)
        await self.say('500 this is no TLS')
        raise ConnectionResetError

    async def body(self):
        while (line := await self.reader.readline()).rstrip(b'\r\n') != b'.':
            if not line:
                raise ConnectionResetError

    async def serve(self):
        greeted = await self.answer('greeting', self.address, '220 mx.remote.example ESMTP')
        while line := (await self.reader.readline()).decode('utf-8', 'replace').strip():
            verb, _, rest = line.partition(' ')
            address = (re.search(r'<([^>]*)>', rest) or [None, rest])[1]
            verb = verb.upper()
            if verb == 'QUIT':
                await self.answer('quit', '', '221 2.0.0 bye')
                return
            if not greeted:
                await self.answer('closed', '', '503 5.5.1 no service here')
            elif verb in ('EHLO', 'HELO'):
                await self.hello(verb == 'EHLO')
            elif verb == 'STARTTLS':
                await self.start_tls()
            elif verb == 'MAIL':
                self.recipient = ''
                await self.answer('mail', address, '250 2.1.0 ok')
            elif verb == 'RCPT':
                if await self.answer('rcpt', address, '250 2.1.5 ok'):
                    self.recipient = self.recipient or address
            elif verb == 'DATA':
                if not self.recipient:
                    await self.answer('none', '', '554 5.5.1 no valid recipients')
                elif await self.answer('data', self.recipient, '354 go ahead'):
                    await self.body()
                    await self.answer('end', self.recipient, '250 2.0.0 accepted and forgotten')
            else:
                await self.answer('other', '', '250 2.0.0 ok')


async def listen(rules, address, port, session=Session):
    async def on_connection(reader, writer):
        try:
            await session(rules, reader, writer).serve()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(on_connection, address, port, limit=1 << 20)


async def main(rules, port):
    server = await listen(rules, '127.0.0.1', port)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        asyncio.run(main(read_rules(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
    except KeyboardInterrupt:
        pass
