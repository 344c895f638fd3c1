#!/usr/bin/env python3
"""Annotated reports for others who read them: Python's email package, Sisimai and DKIM see what they saw before, and the original can be had for each. Prints TAP.

Takes Debian's libsisimai-perl and python3-dkim, unpacked and not installed where they are not there. usage: contrib_original.py [TOOL]
"""
import email
import email.policy
import glob
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import support  # noqa: E402

TOP = os.environ.get('top_srcdir') or os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
BUILD = os.environ.get('top_builddir') or '.'
TOOL = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(BUILD, 'smtp-explain'))
MACHINE = ('message/delivery-status', 'message/rfc822', 'text/rfc822-headers', 'message/global-delivery-status', 'message/feedback-report')

SISIMAI = """
use strict; use warnings; use Sisimai; use JSON;
local $SIG{__WARN__} = sub {};
while (my $path = <STDIN>) {
    chomp $path;
    my $found = eval { (Sisimai->can('rise') || Sisimai->can('make'))->('Sisimai', $path, 'delivered' => 1) } || [];
    my @said = map { my $e = $_; join ' ', map { my $v = eval { $e->$_ }; defined $v ? (ref $v ? $v->address : $v) : '' }
        qw(recipient reason deliverystatus replycode action) } @$found;
    print JSON->new->canonical->encode({ path => $path, said => [sort @said] }), "\\n";
}
"""

DKIM = """
import sys, dkim
private, public, name = sys.argv[1:4]
key = open(private, 'rb').read()
record = b'v=DKIM1; k=rsa; p=' + b''.join(open(public, 'rb').read().split(b'\\n')[1:-2])
message = open(name, 'rb').read()
if sys.argv[4] == 'sign':
    sys.stdout.buffer.write(dkim.sign(message, b'test', b'site.example', key, include_headers=[b'from', b'subject', b'to']) + message)
else:
    print(dkim.verify(message, dnsfunc=lambda *a, **k: record))
"""


def run(*command, data=None, **options):
    return subprocess.run(command, input=data, capture_output=True, check=False, timeout=300, **options)


def tool(conf, command, data):
    return run(TOOL, '--conf', conf, command, data=data).stdout


def messages():
    """A fifth of the reports of tests/, made-up ones and those of real mail servers; check_annotate and check_readers take all of them, and need no process for each."""
    paths = [p for folder in ('messages/*.eml', 'annotate/*.eml', 'corpus/**/*') for p in glob.glob(os.path.join(TOP, 'tests', folder), recursive=True) if os.path.isfile(p)]
    found = []
    for path in sorted(paths)[::5]:
        with open(path, 'rb') as file:
            data = file.read()
        if b'\n' in data[:4000] and b'\0' not in data:
            found.append((os.path.relpath(path, TOP), data))
    return found


def machine_parts(data):
    """The machine-readable parts as they are decoded, and the types of all parts."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    return [p.get_content_type() for p in message.walk()], [p.as_bytes() for p in message.walk() if p.get_content_type() in MACHINE]


def unpack(folder, *packages):
    """Below folder; '' where apt cannot get them."""
    root = os.path.join(folder, packages[0])
    os.mkdir(root)
    if run('apt-cache', 'show', packages[0]).returncode:
        run('apt-get', 'update', '-qq')
    if run('apt-get', 'download', '-qq', '-o', 'APT::Sandbox::User=root', *packages, cwd=root).returncode:
        return ''
    for package in glob.glob(root + '/*.deb'):
        run('dpkg-deb', '-x', package, root)
    return root


def check_parts(tap, folder, conf):
    changed, wrong, lost = 0, [], []
    for name, data in messages():
        annotated = tool(conf, 'annotate', data)
        if annotated == data:
            continue
        changed += 1
        if tool(conf, 'strip', annotated) != data:
            lost.append(name)
        try:
            before, after = machine_parts(data), machine_parts(annotated)
        except Exception as error:      # Python's own reader breaks on some of the damaged ones
            print('# %s: Python cannot read it: %s' % (name, error))
            continue
        if before != after:
            wrong.append(name)
        for path, bytes_ in (('before', data), ('after', annotated), ('fields', tool(conf + '-fields', 'annotate', data))):
            with open(os.path.join(folder, path, name.replace('/', '_')), 'wb') as out:
                out.write(bytes_)
    tap.check('%d annotated messages: strip gives back every byte' % changed, changed > 100 and not lost, lost)
    tap.check("Python's email package: the same parts in the same order, the machine-readable ones byte for byte", not wrong, wrong)


def own_verdicts(folder, kind):
    said = {}
    for line in run(TOOL, '--conf', os.devnull, '--format=json', 'message', *sorted(glob.glob(os.path.join(folder, kind, '*')))).stdout.splitlines():
        one = json.loads(line)
        said[os.path.basename(one['file'])] = (one['kind'], [(r['to'], r['code'], r['dsn'], r['reason'], r['rule'], r['id']) for r in one['recipients']])
    return said


def check_own(tap, folder):
    before, after = own_verdicts(folder, 'before'), own_verdicts(folder, 'after')
    differ = [n for n in before if before[n] != after.get(n)]
    tap.check('this tool: the same verdict on %d messages' % len(before), before and not differ, differ)


def check_sisimai(tap, folder):
    root = '/' if os.path.exists('/usr/share/perl5/Sisimai.pm') else unpack(folder, 'libsisimai-perl', 'libclass-accessor-lite-perl', 'libjson-perl')
    environment = {**os.environ, 'PERL5LIB': os.path.join(root, 'usr/share/perl5')}
    if not root or run('perl', '-MSisimai', '-MJSON', '-e', '1', env=environment).returncode:
        print('ok %d - Sisimai sees the same # SKIP cannot be had: %s' % (tap.count + 1, run('perl', '-MSisimai', '-MJSON', '-e', '1', env=environment).stderr.decode().split('\n')[0]))
        tap.count += 1
        return
    said = {}
    for kind in ('before', 'after', 'fields'):
        paths = sorted(glob.glob(os.path.join(folder, kind, '*')))
        output = run('perl', '-e', SISIMAI, data='\n'.join(paths).encode() + b'\n', env=environment).stdout
        said[kind] = {os.path.basename(one['path']): one['said'] for one in map(json.loads, output.splitlines())}
    read = [n for n, words in said['before'].items() if words]
    for kind, what in (('fields', 'fields only'), ('after', 'with the explanation in the text')):
        differ = [(n, said['before'][n], said[kind].get(n)) for n in said['before'] if said['before'][n] != said[kind].get(n)]
        tap.check('Sisimai, %s: the same recipients, reasons and codes of %d messages that it reads, and nothing in %d others'
                  % (what, len(read), len(said['before']) - len(read)), len(read) > 50 and not differ, differ)


def check_dkim(tap, folder, conf):
    root = unpack(folder, 'python3-dkim', 'python3-dnspython') if run(sys.executable, '-c', 'import dkim').returncode else '/'
    environment = {**os.environ, 'PYTHONPATH': os.path.join(root, 'usr/lib/python3/dist-packages')}
    if not root or run('openssl', 'version').returncode or run(sys.executable, '-c', 'import dkim', env=environment).returncode:
        print('ok %d - DKIM # SKIP no python3-dkim or no openssl' % (tap.count + 1))
        tap.count += 1
        return
    private, public = os.path.join(folder, 'private.pem'), os.path.join(folder, 'public.pem')
    run('openssl', 'genrsa', '-traditional', '-out', private, '2048')
    run('openssl', 'rsa', '-in', private, '-pubout', '-out', public)

    def dkim(data, what):
        path = os.path.join(folder, 'dkim.eml')
        with open(path, 'wb') as out:
            out.write(data)
        return run(sys.executable, '-c', DKIM, private, public, path, what, env=environment).stdout
    signed_anyway = os.path.join(folder, 'signed.conf')
    with open(conf, encoding='utf-8') as text, open(signed_anyway, 'w', encoding='utf-8') as out:
        out.write(text.read() + 'dkim_signed = yes\nsubject_tag = [{title}]\n')
    for name in ('postfix', 'gmail', 'exim', 'sendmail'):
        path = sorted(glob.glob(os.path.join(TOP, 'tests/messages/%s*.eml' % name)))
        if not path:
            continue
        with open(path[0], 'rb') as file:
            data = file.read().replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')
        data = data if b'\nDKIM-Signature' not in data else data.replace(b'DKIM-Signature', b'X-Old-Signature')
        signed = dkim(data, 'sign')
        fields_only, changed = tool(conf, 'annotate', signed), tool(signed_anyway, 'annotate', signed)
        tap.check('DKIM, %s: fields alone break no signature' % os.path.basename(path[0]), fields_only != signed and dkim(signed, 'verify') == b'True\n' and dkim(fields_only, 'verify') == b'True\n',
                  fields_only.decode(errors='replace')[:2000])
        tap.check('DKIM, %s: text and subject do, and the original verifies after strip' % os.path.basename(path[0]), dkim(changed, 'verify') == b'False\n'
                  and dkim(tool(signed_anyway, 'strip', changed), 'verify') == b'True\n', changed.decode(errors='replace')[:2000])


def main():
    tap = support.Tap()
    with tempfile.TemporaryDirectory(prefix='smtp-explain-original.') as folder:
        conf = os.path.join(folder, 'conf')
        for name in ('before', 'after', 'fields'):
            os.mkdir(os.path.join(folder, name))
        with open(conf, 'w', encoding='utf-8') as out:
            out.write('[annotate]\nbody = yes\n')
        with open(conf + '-fields', 'w', encoding='utf-8') as out:
            out.write('[annotate]\nbody = no\n')
        check_parts(tap, folder, conf)
        check_own(tap, folder)
        check_sisimai(tap, folder)
        check_dkim(tap, folder, conf)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
