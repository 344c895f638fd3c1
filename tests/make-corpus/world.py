#!/usr/bin/env python3
"""Everything outside the mail system under test: the name server, the servers that refuse, and the site's own mail store that takes the bounces.

usage: world.py FOLDER      FOLDER holds world.json (names, addresses) and rules; arriving mail is written to FOLDER/mail/NUMBER.{json,eml}

Runs in a network namespace of its own, so port 25 and the addresses of RFC 5737 are free for it and nobody outside can be reached.
"""
import asyncio
import json
import os
import re
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import names               # noqa: E402
import refusing_server     # noqa: E402


class Store:
    """An SMTP server that accepts everything for the site and keeps it as a final delivery would: Return-Path first."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0

    def keep(self, sender, recipients, data):
        self.count += 1
        path = os.path.join(self.folder, '%04d' % self.count)
        with open(path + '.eml', 'wb') as out:
            out.write(b'Return-Path: <%s>\n' % sender.encode() + data.replace(b'\r\n', b'\n'))
        with open(path + '.tmp', 'w', encoding='utf-8') as out:
            json.dump({'sender': sender, 'recipients': recipients}, out)
        os.rename(path + '.tmp', path + '.json')

    @staticmethod
    async def read_message(reader):
        lines = []
        while (line := await reader.readline()).rstrip(b'\r\n') != b'.':
            if not line:
                raise ConnectionResetError
            lines.append(line[1:] if line.startswith(b'.') else line)
        return b''.join(lines)

    async def talk(self, reader, writer):
        sender, recipients = '', []

        async def say(text):
            writer.write(text.encode() + b'\r\n')
            await writer.drain()

        await say('220 imap.site.example ESMTP')
        while line := (await reader.readline()).decode('utf-8', 'replace').strip():
            verb = line.split(None, 1)[0].upper()
            address = (re.search(r'<([^>]*)>', line) or [None, ''])[1]
            if verb == 'EHLO':
                await say('250-imap.site.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES')
                continue
            if verb == 'DATA':
                await say('354 go ahead')
                self.keep(sender, recipients, await self.read_message(reader))
            elif verb == 'MAIL':
                sender, recipients = address, []
            elif verb == 'RCPT':
                recipients.append(address)
            elif verb == 'QUIT':
                await say('221 2.0.0 bye')
                return
            await say('250 2.0.0 ok')

    async def serve(self, reader, writer):
        try:
            await self.talk(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()


class Relay(refusing_server.Session):
    """A remote server that hands on what it accepts for the site: to a system with a smart host, the way home for its own notices."""
    store = None

    async def body(self):
        data = await Store.read_message(self.reader)
        if self.recipient.endswith('@site.example'):
            self.store.keep('', [self.recipient], data)


async def main(folder):
    with open(os.path.join(folder, 'world.json'), encoding='utf-8') as source:
        world = json.load(source)
    os.makedirs(os.path.join(folder, 'mail'), exist_ok=True)
    rules = refusing_server.read_rules(os.path.join(folder, 'rules'))
    store = Store(os.path.join(folder, 'mail'))
    Relay.store = store
    table = {tuple(key.split()): value for key, value in world['names'].items()}
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: names.Zone(table), local_addr=(world['resolver'], 53))
    await asyncio.start_server(store.serve, world['store'], 25, limit=1 << 20)
    for address in world['servers']:
        await refusing_server.listen(rules, address, 25, Relay)
    print('ready', flush=True)
    await asyncio.Event().wait()


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(main(sys.argv[1]))
