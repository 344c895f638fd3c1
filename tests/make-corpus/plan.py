"""What is sent, to whom, and how it is to fail: the cases of one MTA, and from them the rules of the refusing servers and the names of the world.

The truth of the corpus begins here, before any mail is written: a case says which reply each recipient gets. Nothing here knows how a bounce looks.
"""
import dataclasses
import json
import os
import re
import typing

import originals

HERE = os.path.dirname(os.path.abspath(__file__))
SITE = 'site.example'
LOCAL = 'mx.site.example'      # the mail system under test; its own users are here, everybody else's mail is at imap.site.example
RESOLVER, STORE, CLIENT = '192.0.2.53', '192.0.2.20', '192.0.2.10'
NOBODY_LISTENS, NO_HOST = '192.0.2.40', '192.0.2.99'
REMOTE = {'remote.example': '192.0.2.25', 'example.net': '192.0.2.26', 'partner.example.net': '192.0.2.27'}
MTAS = ('postfix', 'exim', 'sendmail', 'opensmtpd', 'courier', 'dma', 'nullmailer', 'haraka', 'zonemta')

FIRST = ('anna bernd carla david elena frank greta henri irene jakob karin louis maria nils olga peter quentin rosa stefan tanja ulrich vera walter yvonne '
         'zoe').split()
LAST = 'adler bauer conrad dupont ebner fischer gross hansen iversen jansen koch lindner moreau novak olsen petrov quist rossi schulz tanaka'.split()
GATES = 'north south east west harbour bridge castle garden forest river hill lake meadow tower market station'.split()


@dataclasses.dataclass(frozen=True)
class Reply:
    name: str
    use: str
    stage: str
    reasons: tuple
    text: str
    words: str = ''     # the words on which the reasons rest, where one line of the reply alone would not tell

    @property
    def code(self):
        return self.text[:3]

    @property
    def enhanced(self):
        """The enhanced code where RFC 2034 puts it, else None."""
        found = re.match(r'\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?!\S)', self.text)
        return found and found.group(1)

    @property
    def first_words(self):
        """The first line without its codes."""
        return re.sub(r'^\d{3}[ -]?([245]\.\d{1,3}\.\d{1,3} )?', '', self.text.split('\\n')[0])

    @property
    def loose(self):
        """Enhanced codes that stand elsewhere in the reply: as qmail writes them, or in a reply within the reply."""
        return [code for code in re.findall(r'(?:\(#|\d{3}[ -])([245]\.\d{1,3}\.\d{1,3})', self.text) if code != self.enhanced]

    @property
    def temporary(self):
        return self.text.startswith('4')


@dataclasses.dataclass(frozen=True)
class Situation:
    """What the MTA finds out itself, without a reply that refuses."""
    reasons: tuple
    domain: typing.Optional[str] = None     # of the recipient; None: the usual remote one
    rules: tuple = ()                       # of the server at the domain's own gate; {to} is the recipient
    code: typing.Optional[str] = None       # said by the remote all the same
    enhanced: typing.Optional[str] = None
    temporary: bool = True
    shape: typing.Optional[str] = None      # the original that it needs


GONE = ('connection-failed', 'delivery-expired')
SITUATIONS = {
    'refused': Situation(GONE, 'down.example.net'),
    'unreachable': Situation(GONE, 'far.example.net'),
    'no-domain': Situation(('recipient-domain-unknown',), 'nosuch.example.net', temporary=False),
    'null-mx': Situation(('domain-no-mail',), 'nomail.example.net', temporary=False),
    'no-answer': Situation(('dns-failure', 'delivery-expired'), 'broken.example.net'),
    'drop-greeting': Situation(GONE, 'gate', ('greeting {gate} drop',)),
    'drop-helo': Situation(GONE, 'gate', ('helo {gate} drop',)),
    'drop-rcpt': Situation(GONE, None, ('rcpt {to} drop',)),
    'drop-data': Situation(GONE, None, ('data {to} drop',)),
    'drop-end': Situation(GONE, None, ('end {to} drop',)),
    'hang-greeting': Situation(GONE, 'gate', ('greeting {gate} hang',)),
    'hang-rcpt': Situation(GONE, None, ('rcpt {to} hang',)),
    'hang-end': Situation(GONE, None, ('end {to} hang',)),
    'tls-missing': Situation(('tls', 'delivery-expired'), 'plain.secure.example.net'),
    'tls-refused': Situation(('tls', 'delivery-expired'), 'busy.secure.example.net', (
        'offer {gate} 8BITMIME\\nSTARTTLS', 'starttls {gate} 454 4.7.0 TLS not available due to local problem'), '454', '4.7.0'),
    'tls-garbage': Situation(('tls', 'delivery-expired', 'connection-failed'), 'odd.secure.example.net', (
        'offer {gate} 8BITMIME\\nSTARTTLS', 'starttls {gate} garbage')),
    'size-offered': Situation(('message-too-large',), 'gate', ('offer {gate} SIZE 1000\\n8BITMIME',), temporary=False, shape='attachment'),
    'no-smtputf8': Situation(('content-conversion',), 'gate', ('offer {gate} 8BITMIME\\nENHANCEDSTATUSCODES',), temporary=False),
    'no-user': Situation(('recipient-unknown',), LOCAL, temporary=False),
    'hops': Situation(('mail-loop',), None, temporary=False),
    'pipe': Situation(('local-delivery-error',), LOCAL, temporary=False),
}


@dataclasses.dataclass
class Recipient:
    to: str                                 # who fails
    reply: typing.Optional[Reply] = None
    situation: typing.Optional[str] = None
    orig_to: typing.Optional[str] = None    # whom the sender wrote to, where that is an alias

    @property
    def fails(self):
        return bool(self.reply or self.situation)


@dataclasses.dataclass
class Case:
    name: str
    number: int
    stage: str
    sender: str
    recipients: list
    shape: str
    notify: typing.Optional[str] = None     # RFC 3461 NOTIFY, None: not said


def read_replies():
    with open(os.path.join(HERE, 'replies.tsv'), encoding='utf-8') as lines:
        rows = [line.rstrip('\n').split('\t') for line in lines if line.strip() and not line.startswith('#')]
    return [Reply(row[0], row[1], row[2], tuple(row[3].split(',')), *row[4:]) for row in rows]


class Plan:
    """All cases of one MTA. An MTA's module says which situations it can meet and whether it makes notices on request."""

    def __init__(self, mta):
        self.mta = mta
        self.cases, self.gates, self.aliases, self.rules = [], {}, {}, []
        self.replies = {reply.name: reply for reply in read_replies()}
        self.number = MTAS.index(mta.name) * 7      # another mix of shapes and names for each MTA
        self.people = 0

    def person(self, domain):
        """A name that no other case has: it is what ties a bounce to its case."""
        self.people += 1
        index = self.people + MTAS.index(self.mta.name) * 41
        return '%s.%s%s@%s' % (FIRST[index % 25], LAST[index // 25 % 20], '' if index < 500 else index // 500, domain)

    def gate(self, domain):
        """A server with an address of its own, for what is said before a recipient is named."""
        if domain == 'gate':
            domain = '%s.example.net' % (GATES[len(self.gates) % len(GATES)] + ('' if len(self.gates) < len(GATES) else '2'))
        self.gates.setdefault(domain, '192.0.2.%d' % (101 + len(self.gates)))
        return domain

    def rule(self, text, **values):
        for name, value in values.items():
            text = text.replace('{%s}' % name, value)
        self.rules.append(text)

    def refused(self, name, sender, domain=None):
        reply = self.replies[name]
        if reply.stage in ('greeting', 'helo'):
            domain = self.gate('gate')
            to = self.person(domain)
            self.rule('%s %s %s' % (reply.stage, self.gates[domain], reply.text), to=to, domain=domain)
            return Recipient(to, reply)
        to = self.person(domain or list(REMOTE)[self.number % 3])
        text = reply.text.replace('{to}', to).replace('{from}', sender).replace('{domain}', to.split('@')[1])
        self.rule('%s %s %s' % (reply.stage, sender if reply.stage == 'mail' else to, text))
        return Recipient(to, dataclasses.replace(reply, text=text))

    def alias(self, recipient):
        recipient.orig_to = 'team-%d@%s' % (self.number, LOCAL)
        self.aliases[recipient.orig_to.split('@')[0]] = recipient.to
        return recipient

    def met(self, name):
        situation = SITUATIONS[name]
        domain = situation.domain or 'remote.example'
        if domain == 'gate' or domain.endswith('.secure.example.net'):
            domain = self.gate(domain)
        to = 'nobody.%d@%s' % (self.number, domain) if domain == LOCAL else self.person(domain)
        if name == 'no-smtputf8':
            to = 'jürgen.' + to
        if name == 'pipe':
            to = 'archive@' + LOCAL
        for rule in situation.rules:
            self.rule(rule, gate=self.gates.get(domain, ''), to=to)
        return Recipient(to, situation=name)

    def add(self, name, stage, recipients, sender=None, shape=None, notify=None):
        self.cases.append(Case(name, self.number, stage, sender or self.person(SITE), recipients, shape or originals.SHAPES[self.number % len(originals.SHAPES)], notify))
        self.number += 1

    def add_refused(self, name):
        sender = self.person(SITE)
        self.add(name, self.replies[name].stage, [self.refused(name, sender)], sender)

    def add_several(self, name, replies, accepted=0, domains=(None,), **more):
        sender = self.person(SITE)
        recipients = [self.refused(reply, sender, domains[index % len(domains)] or 'remote.example') for index, reply in enumerate(replies)]
        recipients += [Recipient(self.person('remote.example')) for _ in range(accepted)]
        self.add(name, 'several', recipients, sender, **more)

    def make(self):
        some = [reply for reply in self.replies.values() if reply.use == 'some']
        turn = MTAS.index(self.mta.name)
        for reply in self.replies.values():
            # Each reply that is dealt out goes to two MTAs that are not neighbours, so that every one gets something of each sort.
            if reply.stage not in self.mta.stages or reply.name in self.mta.skipped or reply.temporary and not self.mta.temporary:
                continue
            if reply.use == 'all' or turn in (some.index(reply) % len(MTAS), (some.index(reply) * 2 + 4) % len(MTAS)):
                self.add_refused(reply.name)
        for name in self.mta.situations:
            self.add(name, 'own', [self.met(name)], shape=SITUATIONS[name].shape)
        self.add_several('several-reasons', ['nosuch-plain', 'full-postfix', 'relay-denied'])
        self.add_several('several-one-accepted', ['nosuch-table', 'inactive-suspended'], accepted=1)
        self.add_several('several-domains', ['full-google', 'policy-access', 'nosuch-german'], domains=('remote.example', 'example.net', 'partner.example.net'))
        self.add_several('several-stages', ['nosuch-sendmail', 'spam-multi', 'spam-multi'])
        if self.mta.temporary:
            self.add_several('several-times', ['policy-denied', 'greylist-postgrey'])
        self.add_several('several-six', ['nosuch-plain', 'relay-exim', 'full-google', 'moved', 'restricted-user', 'policy-denied'])
        if self.mta.aliases:
            self.add_aliases()
        if self.mta.notices:
            self.add_notices()
        return self

    def add_aliases(self):
        for name in ('nosuch-553', 'full-end', 'nosuch-multi'):
            sender = self.person(SITE)
            self.add('alias-' + name, 'alias', [self.alias(self.refused(name, sender))], sender)

    def add_notices(self):
        self.add('success-remote', 'notice', [Recipient(self.person('remote.example'))], notify='SUCCESS,FAILURE,DELAY')
        if self.mta.local:
            self.add('success-local', 'notice', [Recipient('clerk@' + LOCAL)], notify='SUCCESS')
        self.add('success-two', 'notice', [Recipient(self.person(domain)) for domain in ('remote.example', 'example.net')], notify='SUCCESS')
        sender = self.person(SITE)
        recipients = [self.refused('nosuch-plain', sender, 'remote.example'), Recipient(self.person('example.net'))]
        self.add('success-and-failure', 'notice', recipients, sender, notify='SUCCESS,FAILURE')
        sender = self.person(SITE)
        self.add('delay-asked', 'notice', [self.refused('remote-lookup', sender)], sender, notify='DELAY,FAILURE')

    def names(self):
        """The zone: (name, type) in one string -> values."""
        hosts = {'mx.' + domain: address for domain, address in {**REMOTE, **self.gates}.items()}
        hosts.update({'imap.site.example': STORE, LOCAL: CLIENT, 'mx.down.example.net': NOBODY_LISTENS, 'mx.far.example.net': NO_HOST})
        table = {host + ' A': [address] for host, address in hosts.items()}
        table.update({host[3:] + ' MX': ['10 ' + host] for host in hosts if host.startswith('mx.') and host != LOCAL})
        table.update({'%s.2.0.192.in-addr.arpa PTR' % address.split('.')[3]: [host] for host, address in hosts.items()})
        table.update({'site.example MX': ['10 imap.site.example'], 'nomail.example.net MX': ['0 .'], 'broken.example.net MX': None})
        table.update({'localhost A': ['127.0.0.1'], '1.0.0.127.in-addr.arpa PTR': ['localhost']})
        return table

    def write(self, folder):
        with open(os.path.join(folder, 'rules'), 'w', encoding='utf-8') as out:
            out.write('\n'.join(self.rules) + '\n')
        servers = sorted({**REMOTE, **self.gates}.values())
        with open(os.path.join(folder, 'world.json'), 'w', encoding='utf-8') as out:
            json.dump({'names': self.names(), 'resolver': RESOLVER, 'store': STORE, 'servers': servers}, out)
