#!/usr/bin/env python3
"""make_log.py - a mail log made up from a seed: lines of smtp-explain among those of Postfix, and what an independent counter finds in them.

usage: make_log.py LINES [SEED [SHARE]] >LOG; SHARE: of the lines that are ours (0.1). As a module: lines(...) gives (line, event or None).
Every form of our line is in it, hostile words included; so are copies with the same id, damaged lines, and others that only look like ours.
"""
import json
import random
import sys
from datetime import datetime, timedelta, timezone

REASONS = ['recipient-unknown', 'mailbox-full', 'ip-blocklisted', 'message-too-large', 'spam-content', 'greylisted', 'unspecified', 'dmarc-failed', 'connection-failed']
OWNERS = ['sender', 'sender-admin', 'recipient', 'recipient-admin', 'nobody']
PROVIDERS = ['google', 'microsoft-365', 'spamhaus', 'postfix', 'gmx', None, None]
WORDS = [
    '550 5.1.1 The email account that you tried to reach does not exist. {id} - gsmtp', '552 5.2.2 mailbox of <{user}@{domain}> is full',
    '554 5.7.1 Refused by stocktaking policy number {n} for {ip}', '450 4.2.0 {user}@{domain}: Recipient address rejected: Greylisted, see https://{domain}/why/{id}',
    '550 evil" status=bounced kind=bounce to=<x@example.net> id=aaaaaaaaaaaa "', '550 5.7.1 back\\slash \\" and <b>&amp;"quotes"</b>',
    '550 umlaut \u00e4\u00f6\u00fc \u3042\u308a smtp-explain[1]: X: kind=bounce reason=forged', '421 4.3.2 try again after {n} seconds, queued as {id}']
SAFE = set('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._+:[]')


def token(text, more=''):
    return ''.join(c if c in SAFE or c in more else ''.join('\\x%02x' % b for b in c.encode()) for c in text)


def quoted(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def event(chance):
    delayed = chance.random() < 0.2
    reason = chance.choices(REASONS, [40, 20, 10, 5, 8, 5, 3, 2, 7])[0]
    number = reason == 'unspecified' or chance.random() < 0.1
    user, domain = 'user%d' % chance.randrange(500), 'd%d.example' % int(chance.paretovariate(0.5)) if chance.random() < 0.9 else 'EXAMPLE.net'
    code = '4' if delayed else '5'
    words = chance.choice(WORDS).format(user=user, domain=domain, n=chance.randrange(10000), ip='192.0.2.%d' % chance.randrange(255), id='%012xx' % chance.getrandbits(48))
    found = {
        'kind': 'delay' if delayed else 'bounce', 'to': '%s@%s' % (user, domain), 'code': chance.choice([None, code + '50', code + '52']),
        'dsn': chance.choice([None, code + '.1.1', code + '.2.2']), 'class': 'transient' if delayed else 'permanent', 'reason': reason, 'owner': chance.choice(OWNERS),
        'provider': None if number else chance.choice(PROVIDERS), 'rule': None, 'confidence': 'high', 'origin': chance.choice(['ours', 'not-ours', 'unknown']),
        'remote': chance.choice([None, 'mx%d.%s' % (chance.randrange(3), domain.lower())]), 'reporter': 'mx1.example.com', 'sender': 'ann%d@site.example' % chance.randrange(30),
        'annotated': chance.choice(['headers+body', 'headers (dkim-signed)']), 'id': '%012x' % chance.getrandbits(48), 'diagnostic': words}
    found['rule'] = chance.choice(['code.550', 'dsn.5.1.1', 'digits.X5', 'class.5']) if number else '%s.%s' % (found['provider'] or 'generic', reason)
    return found


def as_kv(found):
    pairs = []
    for name, value in found.items():
        if value is None:
            continue
        if name in ('to', 'sender'):
            value = '<%s>' % token(value, '@=!#$%&\'*/?^`{|}~,;')
        elif name == 'diagnostic' or ' ' in value:
            value = quoted(value)
        else:
            value = token(value)
        pairs.append('%s=%s' % (name, value))
    return ' '.join(pairs)


def ours(chance, when, host, found, queue_id):
    """One of the forms in which a line of ours can stand in a log."""
    body = '%s: %s' % (queue_id, as_kv(found))
    record = {'queue_id': queue_id, **{name: value for name, value in found.items() if value is not None}}
    iso = when.isoformat(timespec='microseconds').replace('+00:00', chance.choice(['Z', '+00:00']))
    form = chance.randrange(6)
    if form == 0:
        return '%s %s smtp-explain[%d]: %s' % (when.strftime('%b %e %H:%M:%S'), host, chance.randrange(1, 99999), body)
    if form == 1:
        return '<22>1 %s %s smtp-explain %d - - %s' % (iso, host, chance.randrange(1, 99999), body)
    if form == 2:
        entry = {'__REALTIME_TIMESTAMP': str(int(when.timestamp() * 1000000)), 'MESSAGE': body, '_HOSTNAME': host, 'SYSLOG_IDENTIFIER': 'smtp-explain'}
        return json.dumps(entry, ensure_ascii=chance.random() < 0.5)
    if form == 3:
        return json.dumps({'time': iso, 'host': host, **record}, ensure_ascii=chance.random() < 0.5)
    if form == 4:
        return '%s %s smtp-explain[7]: %s' % (iso, host, json.dumps(record, ensure_ascii=chance.random() < 0.5))
    return '%s %s smtp-explain[812]: %s' % (iso, host, body)


def foreign(chance, when, host):
    stamp = when.strftime('%b %e %H:%M:%S')
    queue_id = '%010X' % chance.getrandbits(40)
    return chance.choice([
        '%s %s postfix/smtp[%d]: %s: to=<user%d@example.net>, relay=mx.example.net[192.0.2.7]:25, delay=1.2, delays=0.1/0/0.6/0.5, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as %s)'
        % (stamp, host, chance.randrange(99999), queue_id, chance.randrange(1000), queue_id[::-1]),
        '%s %s postfix/qmgr[99]: %s: from=<ann@site.example>, size=%d, nrcpt=1 (queue active)' % (stamp, host, queue_id, chance.randrange(99999)),
        '%s %s postfix/smtpd[5]: connect from unknown[192.0.2.%d]' % (stamp, host, chance.randrange(255)),
        '%s %s postfix/cleanup[5]: %s: message-id=<%d@site.example>' % (stamp, host, queue_id, chance.getrandbits(60)),
        '%s %s dovecot: imap(ann)<5><x>: Logged out in=%d out=%d' % (stamp, host, chance.randrange(999), chance.randrange(9999))])


LURES = [
    '{stamp} {host} postfix/smtpd[5]: smtp-explain[1]: X: kind=bounce reason=forged id=bbbbbbbbbbbb',
    '{stamp} {host} logger: smtp-explain[812]: 4F8EEAAE94F: kind=bounce to=<a@example.net> reason=forged id=cccccccccccc',
    '{stamp} {host} smtp-explainer[1]: X: kind=bounce reason=forged',
    '{{"MESSAGE":"X: kind=bounce reason=forged","SYSLOG_IDENTIFIER":"forger","__REALTIME_TIMESTAMP":"1"}}']
DAMAGED = [
    '{stamp} {host} smtp-explain[812]: 4F8EEAAE94F: kind=bounce to=<a@example.net> diagnostic="550 cut he',
    '{stamp} {host} smtp-explain[812]: 4F8EEAAE94F: kind=bounce to=<a b@example.net> reason=forged',
    '{stamp} {host} smtp-explain[812]: {{"queue_id":"X","kind":"bounce","reason":"for']
NOTICES = ['{stamp} {host} smtp-explain[812]: ready on unix:/run/smtp-explain/milter.sock', '{stamp} {host} smtp-explain[812]: stopped']


def lines(count, seed=1, share=0.1, start=datetime(2026, 1, 10, tzinfo=timezone.utc)):
    """Gives (line, sort, event); sort: foreign, event, damaged, notice or stats; of an event its dictionary with 'host' and 'time'."""
    chance = random.Random(seed)
    recent = []
    step = timedelta(days=20) / count
    for i in range(count):
        when = start + i * step
        host = 'mx%d' % chance.randrange(1, 4)
        lot = chance.random()
        if lot >= share:
            yield foreign(chance, when, host), 'foreign', None
            continue
        place = {'stamp': when.strftime('%b %e %H:%M:%S'), 'host': host}
        lot /= share
        if lot < 0.01:
            yield chance.choice(DAMAGED).format(**place), 'damaged', None
        elif lot < 0.02:
            yield chance.choice(LURES).format(**place), 'foreign', None
        elif lot < 0.03:
            yield chance.choice(NOTICES).format(**place), 'notice', None
        elif lot < 0.04:
            yield ('{stamp} {host} smtp-explain[812]: stats: interval=600 messages=%d reports=3 bounces=2 delays=1 permanent=2 transient=1 unexplained=0 errors=0 '
                   'top_reason=mailbox-full:2,greylisted:1'.format(**place) % chance.randrange(1000)), 'stats', None
        else:
            found = chance.choice(recent) if recent and lot < 0.1 else event(chance)
            recent = (recent + [found])[-200:]
            yield ours(chance, when, host, found, '%010X' % chance.getrandbits(40)), 'event', {**found, 'host': host, 'time': int(when.timestamp())}


if __name__ == '__main__':
    for text, _, _ in lines(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, float(sys.argv[3]) if len(sys.argv) > 3 else 0.1):
        print(text)
