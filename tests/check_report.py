#!/usr/bin/env python3
"""check_report.py - smtp-explain report and unknown as an operator runs them, on logs of every kind; the numbers against an independent count. TAP.

Golden files: tests/report/small.{text,json,html}; check_report.py --update writes them anew, to be read before they are committed.
"""
import collections
import gzip
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import time

SOURCE = os.environ.get('top_srcdir', '.')
sys.path.insert(0, os.path.join(SOURCE, 'tests'))
sys.dont_write_bytecode = True
import make_log  # noqa: E402
from support import Tap  # noqa: E402

TOOL = os.path.abspath(os.path.join(os.environ.get('top_builddir', '.'), 'smtp-explain'))
SMALL = os.path.join(SOURCE, 'tests/report/small.mail-log')
ENVIRONMENT = {**{k: v for k, v in os.environ.items() if not k.startswith('LC_') and k != 'LANG'}, 'TZ': 'UTC', 'COLUMNS': '80', 'LC_ALL': 'C.UTF-8'}
WRITTEN = 1769904000  # 2026-02-01, when the logs here were written last
scratch = tempfile.TemporaryDirectory(prefix='smtp-explain-test.')
tap = Tap()
ok = tap.check


def equal(name, got, wanted):
    tap.check(name, got == wanted, 'got:    %r\nwanted: %r' % (got, wanted))


def run(*words, stdin=b'', conf='/dev/null', environment=None):
    done = subprocess.run([TOOL, '--conf', conf, *words], input=stdin, capture_output=True, env={**ENVIRONMENT, **(environment or {})}, timeout=300)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def write(name, data, written=WRITTEN):
    path = os.path.join(scratch.name, name)
    with open(path, 'wb') as file:
        file.write(data)
    os.utime(path, (written, written))
    return path


def report(*words, **more):
    return json.loads(run('report', '--json', '--top=10000', *words, **more)[1])


# The numbers, against a count that knows what was written

LISTS = {'reason': 'reason', 'owner': 'owner', 'class': 'class', 'origin': 'origin', 'provider': 'provider', 'code': 'code', 'dsn': 'dsn', 'remote': 'remote',
         'reporter': 'reporter', 'sender': 'sender', 'rule': 'rule', 'host': 'host'}


def count_independently(made):
    events, seen, sorts = [], set(), collections.Counter()
    copies = 0
    for _, sort, event in made:
        sorts[sort] += 1
        if event and event['id'] in seen:
            copies += 1
        elif event:
            seen.add(event['id'])
            events.append(event)
    return events, copies, sorts


def names_of(listed):
    return {row['name']: row['count'] for row in listed['rows']}


def check_numbers(title, found, made):
    events, copies, sorts = count_independently(made)
    equal(title + ': events, copies, damaged, lines, ours', [found[key] for key in ('events', 'duplicates', 'damaged', 'lines', 'records')],
          [len(events), copies, sorts['damaged'], len(made), len(made) - sorts['foreign']])
    equal(title + ': failed and delayed', [found['failed'], found['delayed']], [sum(e['kind'] == kind for e in events) for kind in ('bounce', 'delay')])
    wanted = {key: collections.Counter(e[name].lower() if key in ('remote', 'sender') and e[name] else e[name] for e in events) for key, name in LISTS.items()}
    wanted['domain'] = collections.Counter(e['to'].rpartition('@')[2].lower() for e in events)
    wanted['sender_domain'] = collections.Counter(e['sender'].rpartition('@')[2].lower() for e in events)
    for key, counter in wanted.items():
        absent = counter.pop(None, 0)
        equal('%s: list %s' % (title, key), (names_of(found['lists'][key]), found['lists'][key]['absent']), (dict(counter), absent))
    ok(title + ': every list there is was compared', set(found['lists']) == set(wanted), set(found['lists']) ^ set(wanted))
    days = collections.Counter()
    hours = collections.Counter()
    for event in events:
        days[time.strftime('%Y-%m-%d', time.gmtime(event['time'])), event['kind']] += 1
        hours[time.strftime('%Y-%m-%dT%H', time.gmtime(event['time'])), event['kind']] += 1
    for key, name, counter in (('days', 'day', days), ('hours', 'hour', hours)):
        got = {(row[name], kind): row[member] for row in found[key] for kind, member in (('bounce', 'failed'), ('delay', 'delayed')) if row[member]}
        equal('%s: %s' % (title, key), got, dict(counter))
    number = [e for e in events if re.match(r'(dsn|code|digits|class)\.', e['rule']) or e['reason'] == 'unspecified']
    equal(title + ': explained by number only', [found['unknown'], sum(names_of(found['replies']).values())], [len(number), len(number)])
    waiting = collections.Counter('%s: %s' % (e['remote'] or e['to'].rpartition('@')[2].lower(), e['reason']) for e in events if e['kind'] == 'delay')
    equal(title + ': what is waited for', names_of(found['waiting']), dict(waiting))


made = list(make_log.lines(20000, seed=3, share=0.5))
text = ''.join(line + '\n' for line, _, _ in made).encode()
whole = write('mail.log', text)
found = report(whole)
check_numbers('20,000 mixed lines', found, made)
for top in ('1', '3'):
    few = json.loads(run('report', '--json', '--top=' + top, whole)[1])
    sums = {key: sum(row['count'] for row in l['rows']) + l['other'] + l['absent'] for key, l in few['lists'].items()}
    equal('--top=%s: rows, other and absent are the total' % top, sums, dict.fromkeys(sums, few['events']))

third = len(made) // 3
parts = [''.join(line + '\n' for line, _, _ in made[i * third:(i + 1) * third if i < 2 else None]).encode() for i in range(3)]
rotated = [write('mail.log.2.gz', gzip.compress(parts[0])), write('mail.log.1', parts[1]), write('mail.log.0', parts[2])]
same = {key: value for key, value in found.items()}
equal('rotated files, one packed', report(*rotated), same)
backwards = report(*reversed(rotated))
equal('rotated files in any order: the totals', [backwards[key] for key in ('events', 'failed', 'delayed', 'duplicates', 'damaged', 'first', 'last', 'unknown')],
      [found[key] for key in ('events', 'failed', 'delayed', 'duplicates', 'damaged', 'first', 'last', 'unknown')])
equal('the same file twice: nothing counted twice', report(whole, whole)['events'], found['events'])
equal('standard input from a file', json.loads(subprocess.run([TOOL, '--conf', '/dev/null', 'report', '--json', '--top=10000', '-'], stdin=open(whole, 'rb'), capture_output=True,
                                                              env=ENVIRONMENT).stdout), same)
equal('standard input, packed, in a pipe', report('-', stdin=gzip.compress(text))['events'], found['events'])


def export(made):
    """The same events as journalctl -o export writes them, some messages as binary fields."""
    out = []
    for i, (_, _, event) in enumerate(made):
        if not event:
            continue
        message = ('4F8: ' + make_log.as_kv({k: v for k, v in event.items() if k not in ('host', 'time')})).encode()
        out.append(b'__CURSOR=s=%d\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=%s\n' % (i, event['time'] * 1000000 + 5, event['host'].encode()))
        out.append(b'MESSAGE\n' + len(message).to_bytes(8, 'little') + message + b'\n' if i % 2 else b'MESSAGE=' + message + b'\n')
        out.append(b'SYSLOG_IDENTIFIER=smtp-explain\n\n')
    return b''.join(out)


journal = report('-', stdin=export(made))
equal('a journal export: the same events and lists', {key: journal[key] for key in ('events', 'duplicates', 'lists', 'days', 'hours', 'waiting', 'replies')},
      {key: found[key] for key in ('events', 'duplicates', 'lists', 'days', 'hours', 'waiting', 'replies')})

# Times

week = [(line, sort, event) for line, sort, event in made if event and '2026-01-15' <= time.strftime('%Y-%m-%d', time.gmtime(event['time'])) <= '2026-01-20']
within = report('--since=2026-01-15', '--until', '2026-01-20', whole)
equal('--since and --until: both days are in', within['events'], len({e['id'] for _, _, e in week}))
equal('--since and --until: in JSON', [within['since'], within['until']], ['2026-01-15T00:00:00Z', '2026-01-20T23:59:59Z'])
lines = [b'%s mx1 smtp-explain[1]: X%d: kind=bounce reason=mailbox-full\n' % (time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() - hours * 3600)).encode(), hours) for hours in (1, 100, 300)]
for asked, wanted in (('2 hours ago', 1), ('7 days ago', 2), ('1 months ago', 3)):
    equal('--since=' + asked, report('--since', asked, '-', stdin=b''.join(lines))['events'], wanted)
for words in (['--since=soon'], ['--until=2026-02-30'], ['--since=2026-01-02', '--until=2026-01-01'], ['--top=-1'], ['--top=x'], ['--format=yaml']):
    status, out, err = run('report', *words, whole)
    ok('a wrong option is an error: ' + ' '.join(words), status == 64 and not out and words[0].split('=')[0] in err, (status, err))
year = b'Dec 31 23:59:59 mx1 smtp-explain[1]: X: kind=bounce\nJan  1 00:00:01 mx1 smtp-explain[1]: Y: kind=bounce\n'
equal('the year turns within a file', [row['day'] for row in report(write('year', year))['days']], ['2025-12-31', '2026-01-01'])

# Files that cannot be read

status, out, err = run('report', os.path.join(scratch.name, 'missing'), whole, '--json', '--top=10000')
ok('a missing file is told, with exit status 66', status == 66 and 'missing: No such file' in err, (status, err))
equal('and the others are reported', json.loads(out)['events'], found['events'])
status, out, err = run('report', write('cut.gz', gzip.compress(text)[:-9000]), '--json')
ok('a packed file that ends early is told, with exit status 66', status == 66 and 'cut.gz: the compressed file ends early' in err, (status, err))
ok('and what could be read is reported', 0 < json.loads(out)['events'] < found['events'], out[:200])
status, out, err = run('report', '-', stdin=b'Jan  1 00:00:01 mx1 postfix/qmgr[1]: X: removed\n')
ok('no line of ours: exit status 1, and a hint', status == 1 and '--ident' in err, (status, err))
conf = write('conf', b'[log]\nident = bounces\n')
named = b'Jan  1 00:00:01 mx1 bounces[1]: X: kind=bounce\nJan  1 00:00:01 mx1 smtp-explain[1]: X: kind=bounce\nJan  1 00:00:01 mx1 other[1]: X: kind=bounce\nJan  1 00:00:01 mx1 other[1]: X: kind=bounce\n'
equal('ident: as configured', report('-', stdin=named, conf=conf)['events'], 1)
equal('ident: the option', report('-', '--ident=other', stdin=named, conf=conf)['events'], 2)

# What it looks like

small = write('small.log', open(SMALL, 'rb').read())
os.utime(small, (1767229200, 1767229200))
for form in ('text', 'json', 'html'):
    status, out, err = run('report', '--format=' + form, small)
    golden = os.path.join(SOURCE, 'tests/report/small.' + form)
    if '--update' in sys.argv:
        with open(golden, 'w', encoding='utf-8') as file:
            file.write(out)
    with open(golden, encoding='utf-8') as file:
        wanted = file.read()
    ok('golden %s' % form, status == 0 and out == wanted, next((a + '\n' + b for a, b in zip(out.splitlines(), wanted.splitlines()) if a != b), 'other length'))

# A week as a page: hours and days, labels that do not cover each other, and what is told where nothing was read

week = write('week', ''.join(f'2026-01-{20 + hour // 24:02}T{hour % 24:02}:10:00Z mx smtp-explain[1]: 4F8: kind=bounce to=<bob@example.net> reason=mailbox-full id={hour:012x}\n'
                             for hour in range(5, 160)).encode())
page = run('report', '--html', week)[1]
charts = [re.findall(r'<text text-anchor="middle" x="([0-9.]+)" y="232.00">([^<]*)</text>', chart) for chart in re.findall(r'(?s)<svg class="chart".*?</svg>', page)]
equal('page of a week: by hour, by day, by hour of the day', re.findall(r'<h2>(By [^<]*)</h2>', page), ['By hour', 'By day', 'By hour of the day'])
equal('page of a week: the days are named where they begin', [name for _, name in charts[0]], [f'01-{day}' for day in range(21, 27)])
equal('page of a week: every day has its bar', [name for _, name in charts[1]], [f'2026-01-{day}' for day in range(20, 27)])
ok('page of a week: no label covers another', all(float(right) - float(left) >= 3.6 * (len(one) + len(other)) for chart in charts for (left, one), (right, other) in zip(chart, chart[1:])), charts)
for form in ('text', 'html'):
    ok('nothing read, nothing claimed: ' + form, 'nothing is known' in run('report', '--format=' + form, write('foreign', b'Jan 20 10:00:00 mx postfix/smtp[1]: 4F8: to=<x@example.net>\n'))[1])
equal('--json is --format=json', run('report', '--json', small)[1], run('report', '--format=json', small)[1])
equal('--html is --format=html', run('report', '--html', small)[1], run('report', '--format=html', small)[1])
for columns in (72, 80, 120):
    out = run('report', whole, environment={'COLUMNS': str(columns)})[1]
    wide = [line for line in out.splitlines() if len(line) > columns]
    ok('text in %d columns fits' % columns, not wide, '\n'.join(wide))
out = run('report', whole, environment={'LC_ALL': 'C'})[1]
ok('text without UTF-8 has bars of ASCII', '####' in out and not re.search('[\u2580-\u259f]', out), out[:500])


class Page(html.parser.HTMLParser):
    """Collects what a browser would see: tags that are open, elements, texts and attributes."""
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.wrong, self.attributes = [], collections.Counter(), [], []

    def handle_starttag(self, tag, attrs):
        self.seen[tag] += 1
        self.attributes += attrs
        if tag not in ('meta', 'rect', 'line', 'br'):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen[tag] += 1
        self.attributes += attrs

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


for name, path in (('the small log', small), ('20,000 lines', whole)):
    out = run('report', '--html', path)[1]
    page = Page()
    page.feed(out)
    ok('page of %s: well-formed' % name, not page.wrong and not page.open, (page.wrong[:3], page.open))
    ok('page of %s: no script, nothing loaded, no link' % name, not page.seen['script'] + page.seen['link'] + page.seen['img'] + page.seen['iframe'] + page.seen['a'] and
       not [a for a in page.attributes if a[0].startswith('on') or a[0] in ('src', 'href') or 'url(' in (a[1] or '')] and 'url(http' not in out and '@import' not in out)
    ids = [value for key, value in page.attributes if key == 'id']
    equal('page of %s: every id once' % name, len(ids), len(set(ids)))
    charts = re.findall(r'<svg class="chart".*?</svg>', out, re.S)
    ok('page of %s: charts have title, description and a table' % name, len(charts) == 2 and all('<title id=' in c and '<desc id=' in c and 'role="img"' in c for c in charts) and
       out.count('<details>') == 2)
    ok('page of %s: colours for light, dark and paper' % name, 'prefers-color-scheme:dark' in out and '@media print' in out)

# Unknown replies become entries

status, out, err = run('unknown', small)
ok('unknown: counted and masked', status == 0 and re.search(r'^ +2 +550 </title><script>alert\("x"\)</script> for <number> days$', out, re.M), out)
ok('unknown: where it came from', 'explained by code.550; said by mx.evil.example' in ' '.join(out.split()), out)
status, out, err = run('unknown', '--json', '--top=1', small)
row = json.loads(out)['rows'][0]
equal('unknown: JSON', [row['count'], row['rules'], row['remotes']], [2, ['code.550'], ['mx.evil.example']])
equal('unknown: nothing to learn', run('unknown', '-', stdin=b'Jan  1 00:00:01 mx1 smtp-explain[1]: X: kind=bounce reason=mailbox-full rule=google.mailbox-full\n')[0], 1)
equal('unknown: no HTML', run('unknown', '--html', small)[0], 64)

REPLIES = [
    '550 5.7.1 <bob@example.net>: our elephant is asleep until 2026-01-10 12:34:56, ticket 4F8EEAAE94F',
    '451 4.3.0 (mx7.example.net) Zebra crossing [192.0.2.25] closed; see https://zoo.example/help/id/77?x=1.',
    '554 The giraffe (*special*) [cage|7] costs 1,234 + tax$ \\o/ ^^',
    '550 Der Löwe von größer@example.net schläft noch',
    '552 5.2.2 The enormous hippopotamus of this domain does not want to be disturbed by messages of this sort before he has finished his breakfast, which takes more than 17 hours']
log = ''.join('Jan  1 00:00:01 mx1 smtp-explain[1]: X: kind=bounce to=<bob@example.net> rule=code.550 reason=refused remote=mx.example.net id=%012x diagnostic=%s\n'
              % (i + 1, make_log.quoted(reply)) for i, reply in enumerate(REPLIES)).encode()
status, draft, err = run('unknown', '--entry', '-', stdin=log)
ok('an entry for each reply', status == 0 and draft.count('\npattern=') == len(REPLIES) and draft.count('reason=?') == len(REPLIES), draft)
entries = write('site.conf', draft.encode())
conf = write('site-conf', b'[catalogue]\nfiles = %s\n' % entries.encode())
status, out, err = run('catalogue', 'check', conf=conf)
ok('as it is it names the place that is to be filled in', status == 65 and re.search(r'site\.conf:\d+: .*reason', err), (status, err))
entries = write('site.conf', draft.replace('reason=?', 'reason=mailbox-full').encode())
status, out, err = run('catalogue', 'check', conf=conf)
ok('filled in, catalogue check finds nothing', status == 0 and not out, out)
for reply in REPLIES:
    before, after = json.loads(run('--json', reply)[1]), json.loads(run('--json', reply, conf=conf)[1])
    ok('now explained: ' + reply[:50], not before['recipients'][0]['rule'].startswith('generic.site') and after['recipients'][0]['rule'].startswith('generic.site-') and
       after['recipients'][0]['reason'] == 'mailbox-full', (before['recipients'][0]['rule'], after['recipients'][0]['rule']))
    other = re.sub(r'bob|4F8EEAAE94F|12:34|\b77\b|1,234|192\.0\.2\.25', lambda m: {'bob': 'carol.x', '4F8EEAAE94F': '9ZZ1234567', '12:34': '23:45', '77': '8a9b1c2d3e', '1,234': '9',
                                                                               '192.0.2.25': '2001:db8::1'}[m.group()], reply)
    ok('and with other data: ' + other[:50], json.loads(run('--json', other, conf=conf)[1])['recipients'][0]['rule'] == after['recipients'][0]['rule'], other)

message = write('bounce.eml', b'''Return-Path: <>
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

It failed.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; bob@partner.example
Action: failed
Status: 5.3.0
Remote-MTA: dns; mx1.partner.example
Diagnostic-Code: smtp; 550 5.3.0 the elephant 12345 of bob@partner.example sleeps

--b--
''')
status, out, err = run('unknown', '--messages', '--json', message, message)
row = json.loads(out)['rows'][0] if status == 0 else {}
equal('unknown --messages: out of bounces', [status, row.get('name'), row.get('count'), row.get('remotes')],
      [0, '550 5.3.0 the elephant <number> of <address> sleeps', 2, ['mx1.partner.example']])
equal('unknown --messages: a missing file', run('unknown', '--messages', '/nonexistent')[0], 66)

scratch.cleanup()
sys.exit(tap.end())
