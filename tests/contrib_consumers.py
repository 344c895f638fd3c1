#!/usr/bin/env python3
"""contrib_consumers.py - what other tools make of our log lines, each asked with the recipe that contrib/ ships: rsyslog, liblognorm, logcheck, SEC, fail2ban, pflogsumm.

The lines are real: a daemon logs them for bounces that a client hands it, hostile ones included. A tool that is not there is skipped, saying so. TAP.
"""
import glob
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import milter_client
from contrib_fleet import REPLIES, bounce, ordinary
from support import Tap, free_port, wait_for

TOP = os.path.abspath(os.environ.get('top_srcdir') or os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
BUILD = os.path.abspath(os.environ.get('top_builddir') or '.')
CONTRIB = os.path.join(TOP, 'contrib')
EACH = 12                       # bounces with each reply
EXTRA = [
    ('550 5.7.1 postfix/smtpd[1]: 3F1: status=bounced (alert: state=open name=x) kind=bounce reason=ip-blocklisted provider=spamhaus', 'mx.forger.example'),
    ('550 5.7.1 warning: unknown[192.0.2.66]: SASL LOGIN authentication failed: authentication failure', 'mx.forger2.example'),
    ('550 5.7.1 NOQUEUE: reject: RCPT from unknown[192.0.2.66]: 554 5.7.1 <x>: Relay access denied; from=<a@b> to=<c@d> proto=ESMTP helo=<x>', 'mx.forger3.example'),
]


def lines_of(folder, form):
    """What the daemon logs with that format, from its start to its end."""
    port, conf, log = free_port(), os.path.join(folder, form + '.conf'), os.path.join(folder, form + '.stderr')
    with open(conf, 'w', encoding='utf-8') as out:
        out.write(f'[milter]\nsocket = inet:{port}@127.0.0.1\n[log]\ndestination = stderr\nformat = {form}\nstats_interval = 0\n[site]\ndomains = site.example\n')
    with open(log, 'wb') as out:
        daemon = subprocess.Popen([os.path.join(BUILD, 'smtp-explain-milter'), '--conf', conf], stderr=out)
    wait_for(lambda: 'ready' in open(log, encoding='utf-8').read(), 30)
    client = milter_client.Client(('127.0.0.1', port))
    number = 0
    for reply, remote in REPLIES + EXTRA:
        for _ in range(EACH):
            number += 1
            client.message(bounce(1, number, reply, remote))
            client.message(ordinary(number), sender='<carol@example.com>')
    client.quit()
    daemon.terminate()
    daemon.wait(30)
    with open(log, encoding='utf-8') as file:
        return file.read().splitlines()


def as_syslog(lines):
    return [time.strftime('%b %e %H:%M:%S mx1 ') + line for line in lines]


def write(path, lines):
    with open(path, 'w', encoding='utf-8') as out:
        out.writelines(line + '\n' for line in lines)
    return path


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def events(lines):
    return [json.loads(line.partition(': ')[2]) for line in lines if ': {' in line]


def check_rsyslog(tap, folder, name, lines, changes, output):
    """Feeds the lines to a rsyslogd with that shipped file; what it wrote into the file that the recipe calls output."""
    log_socket, text = os.path.join(folder, 'log'), read(os.path.join(CONTRIB, 'rsyslog', name))
    for old, new in {'/var/log/': folder + '/', **changes}.items():
        text = text.replace(old, new)
    conf = os.path.join(folder, name)
    with open(conf, 'w', encoding='utf-8') as out:
        out.write(f'global(workDirectory="{folder}")\nmodule(load="imuxsock" SysSock.Use="off")\ninput(type="imuxsock" socket="{log_socket}" RateLimit.Interval="0")\n{text}\n'
                  f'*.* action(type="omfile" file="{folder}/all")\n')
    checked = subprocess.run(['rsyslogd', '-N1', '-f', conf, '-i', folder + '/pid'], capture_output=True, text=True)
    tap.check(f'rsyslog takes {name}', checked.returncode == 0, checked.stderr)
    process = subprocess.Popen(['rsyslogd', '-n', '-f', conf, '-i', folder + '/pid'], stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: os.path.exists(log_socket), 30)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
            log.connect(log_socket)
            for line in lines:
                log.send(f'<22>{time.strftime("%b %e %H:%M:%S")} {line}'.encode())
        wait_for(lambda: os.path.exists(folder + '/all') and read(folder + '/all').count('smtp-explain[') >= len(lines), 60)
    finally:
        process.terminate()
        process.wait(60)
    return read(os.path.join(folder, output)).splitlines() if os.path.exists(os.path.join(folder, output)) else []


def subfolder(folder, name):
    path = os.path.join(folder, name)
    os.mkdir(path)
    return path


def rsyslog(tap, folder, kv, objects):
    if not shutil.which('rsyslogd') or not glob.glob('/usr/lib/*/rsyslog/mmnormalize.so'):
        return tap.check('rsyslog # SKIP not installed', True)
    ours = check_rsyslog(tap, subfolder(folder, 'json'), '32-smtp-explain-mmjsonparse.conf', objects, {}, 'smtp-explain-ours.log')
    wanted = [event for event in events(objects) if event['owner'] == 'sender-admin']
    tap.check('mmjsonparse: one line for each event of our administrators', len(ours) == len(wanted) > 0, (len(ours), len(wanted)))
    tap.check('mmjsonparse: words of strangers stay words', sum("DROP TABLE" in line for line in ours) == EACH, ours[:3])
    rules = os.path.join(CONTRIB, 'rsyslog/smtp-explain.rulebase')
    normalized = check_rsyslog(tap, subfolder(folder, 'kv'), '33-smtp-explain-mmnormalize.conf', kv, {'/etc/rsyslog.d/smtp-explain.rulebase': rules}, 'smtp-explain-normalized.json')
    wanted = [event['reason'] for event in events(objects)]
    got = [next(pair['value'] for pair in json.loads(line)['pairs'] if pair.get('key') == 'reason') for line in normalized]
    tap.check('mmnormalize: the reasons of "format = kv" are those of "format = json"', got == wanted, (len(got), len(wanted)))
    return plain_file(tap, folder, kv)


def plain_file(tap, folder, kv):
    lines = check_rsyslog(tap, subfolder(folder, 'plain'), '30-smtp-explain.conf', kv, {}, 'smtp-explain.log')
    tap.check('30-smtp-explain.conf: every line in the file of its own', len(lines) == len(kv), (len(lines), len(kv)))


def lognormalizer(tap, kv):
    if not shutil.which('lognormalizer'):
        return tap.check('lognormalizer # SKIP not installed', True)
    lines = [line.partition(']:')[2] for line in kv if ' kind=' in line.partition(' diagnostic=')[0]]
    answer = subprocess.run(['lognormalizer', '-r', os.path.join(CONTRIB, 'rsyslog/smtp-explain.rulebase')], input='\n'.join(lines) + '\n', capture_output=True, text=True)
    objects = [json.loads(line) for line in answer.stdout.splitlines()]
    tap.check('lognormalizer: every line is read whole', len(objects) == len(lines) and not any('unparsed-data' in one for one in objects), answer.stdout[-400:])


def logcheck(tap, folder, lines):
    alerts = ['mx1 ' + line for line in lines if re.match(r'smtp-explain\[\d+\]: alert: ', line)]
    more = ['mx1 smtp-explain[7]: alert: state=open name=ip-blocklisted reason=ip-blocklisted count=12 window=600', 'mx1 smtp-explain[7]: 4F8: error: the MTA did not take the changes']
    if not shutil.which('logcheck'):    # its package wants a mail server on the machine, so nobody has to have it: then the same as it does inside
        rules, log = os.path.join(CONTRIB, 'logcheck/smtp-explain'), write(folder + '/logcheck.log', as_syslog(lines) + [time.strftime('%b %e %H:%M:%S ') + line for line in more])
        left = subprocess.run(['grep', '-E', '-v', '-f', rules, log], capture_output=True, text=True).stdout.splitlines()
        return tap.check('patterns of logcheck: alerts and errors are left, everyday lines are not', [line[16:] for line in left] == alerts + more, '\n'.join(left))
    home = subfolder(folder, 'logcheck')
    for name in ('state', 'lock', *(f'rules/{part}.d' for part in ('cracking', 'cracking.ignore', 'violations', 'violations.ignore')),
                 *(f'rules/ignore.d.{level}' for level in ('paranoid', 'server', 'workstation'))):
        os.makedirs(os.path.join(home, name))
    shutil.copy(os.path.join(CONTRIB, 'logcheck/smtp-explain'), home + '/rules/ignore.d.server')
    write(home + '/conf', ['SENDMAILTO=root', 'REPORTLEVEL=server', f'LOCKDIR={home}/lock', 'INTRO=0', f'RULEDIR={home}/rules'])
    log = write(home + '/log', as_syslog(lines) + [time.strftime('%b %e %H:%M:%S ') + line for line in more])
    identity = {}
    if os.geteuid() == 0:           # logcheck refuses root
        nobody = pwd.getpwnam('nobody')
        identity = {'user': nobody.pw_uid, 'group': nobody.pw_gid, 'extra_groups': []}
        os.chmod(folder, 0o755)
        for path, _, _ in os.walk(home):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    answer = subprocess.run(['logcheck', '-o', '-t', '-c', home + '/conf', '-r', home + '/rules', '-l', log, '-S', home + '/state'], capture_output=True, text=True, **identity)
    left = [line.partition('mx1 ')[2] for line in answer.stdout.splitlines() if 'smtp-explain[' in line]
    tap.check('logcheck: alerts and errors are reported, everyday lines are not', ['mx1 ' + line for line in left] == alerts + more, answer.stdout[-1500:] + answer.stderr[-500:])
    return None


def sec(tap, folder, kv):
    if not shutil.which('sec'):
        return tap.check('SEC # SKIP not installed', True)
    more = ['mx1 smtp-explain[7]: alert: state=open name=tls-policy reason=tls', 'mx1 smtp-explain[7]: alert: state=closed name=tls-policy reason=tls']
    log = write(os.path.join(folder, 'sec.log'), as_syslog(kv) + [time.strftime('%b %e %H:%M:%S ') + line for line in more])
    answer = subprocess.run(['sec', '-conf=' + os.path.join(CONTRIB, 'sec/smtp-explain.sec'), '-input=' + log, '-notail', '-fromstart'], capture_output=True, text=True)
    words = [line for line in answer.stdout.splitlines() + answer.stderr.splitlines() if 'SMTP-EXPLAIN' in line and not line.startswith('Writing')]
    said = sorted({re.search(r'SMTP-EXPLAIN .*', line).group(0) for line in words})
    tap.check('SEC: the alert, the blocklist, and nothing that only a stranger said', said == ['SMTP-EXPLAIN blocklisted spamhaus', 'SMTP-EXPLAIN closed ip-blocklisted', 'SMTP-EXPLAIN closed tls-policy',
                                                                                                          'SMTP-EXPLAIN open ip-blocklisted', 'SMTP-EXPLAIN open tls-policy'],
              answer.stdout + answer.stderr)


def fail2ban(tap, folder, lines):
    if not shutil.which('fail2ban-regex'):
        return tap.check('fail2ban # SKIP not installed', True)
    log = write(os.path.join(folder, 'fail2ban.log'), as_syslog(lines))
    for name in ('postfix', 'postfix[mode=aggressive]', 'dovecot', 'sendmail-auth', 'sendmail-reject', 'exim', 'courier-smtp'):
        answer = subprocess.run(['fail2ban-regex', log, name], capture_output=True, text=True)
        found = re.search(r'(\d+) ignored, (\d+) matched', answer.stdout)
        tap.check(f'fail2ban: its filter {name} matches none of our lines', found and found.group(2) == '0', answer.stdout[-1500:] + answer.stderr[-500:])
    return None


def pflogsumm(tap, folder, lines):
    if not shutil.which('pflogsumm'):
        return tap.check('pflogsumm # SKIP not installed', True)
    postfix = [f'postfix/smtp[9]: 3A{n}: to=<bob{n}@example.net>, relay=mx.example.net[192.0.2.7]:25, delay=0.3, delays=0.1/0/0.1/0.1, dsn=5.1.1, status=bounced (host said: 550)'
               for n in range(5)] + ['postfix/smtp[9]: 3B1: to=<eve@example.net>, relay=mx.example.net[192.0.2.7]:25, delay=1, delays=0.1/0/0.1/0.8, dsn=2.0.0, status=sent (250 OK)']
    summaries = [subprocess.run(['pflogsumm', write(os.path.join(folder, f'pflogsumm{len(more)}.log'), as_syslog(postfix + more))], capture_output=True, text=True).stdout
                 for more in ([], lines)]
    tap.check('pflogsumm: its summary is the same with our lines in the log', summaries[0] == summaries[1] and re.search(r'^\s*5\s+bounced', summaries[0], re.M), summaries[1][:1500])
    return None


def mappings(tap, objects):
    mapped = set(json.loads(read(os.path.join(CONTRIB, 'elastic/index-template.json')))['template']['mappings']['properties'])
    logged = {key for event in events(objects) for key in event}
    tap.check('elastic: every key that is logged is mapped', logged <= mapped and len(logged) > 10, logged - mapped)
    expression = re.search(r"expression: '(.*)'", read(os.path.join(CONTRIB, 'loki/promtail.yaml'))).group(1)
    found = [json.loads(match.group('object')) for line in as_syslog(objects) if (match := re.search(expression, line))]
    tap.check('loki: the expression of promtail.yaml takes every object', found == events(objects), len(found))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        kv, objects = lines_of(folder, 'kv'), lines_of(folder, 'json')
        tap.check('the daemon logs a line for each bounce in both formats', len(events(objects)) == EACH * len(REPLIES + EXTRA) and len(kv) == len(objects), (len(kv), len(objects)))
        rsyslog(tap, folder, kv, objects)
        lognormalizer(tap, kv)
        logcheck(tap, folder, kv + objects)
        sec(tap, folder, kv)
        fail2ban(tap, folder, kv + objects)
        pflogsumm(tap, folder, kv + objects)
        mappings(tap, objects)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
