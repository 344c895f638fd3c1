#!/usr/bin/env python3
"""smtp-explain-milter as a daemon: configuration check, socket mode and group, privileges, background, PID file, systemd's notify protocol, stop. Prints TAP."""
import grp
import os
import pwd
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get('top_builddir') or '.'
MILTER = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(BUILD, 'smtp-explain-milter'))
ROOT = os.geteuid() == 0
count = failed = 0
started = []


def check(name, good, detail=''):
    global count, failed
    count += 1
    failed += not good
    print('%sok %d - %s' % ('' if good else 'not ', count, name), flush=True)
    if not good:
        for line in str(detail).splitlines()[:20]:
            print('# ' + line)


def skip(name, why):
    global count
    count += 1
    print('ok %d - %s # SKIP %s' % (count, name, why), flush=True)


class Daemon:
    """One run in a folder of its own."""

    def __init__(self, folder, name, settings, log='', ident='smtp-explain'):
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        os.chmod(self.folder, 0o777)
        self.socket = os.path.join(self.folder, 'sock')
        self.conf = os.path.join(self.folder, 'conf')
        self.errors = os.path.join(self.folder, 'stderr')
        with open(self.conf, 'w', encoding='utf-8') as out:
            out.write('[milter]\nsocket = unix:%s\n%s\n[log]\ndestination = stderr\nident = %s\n%s\n' % (self.socket, settings, ident, log))

    def run(self, *arguments, environment=None):
        with open(self.errors, 'w', encoding='utf-8') as errors:
            return subprocess.run([MILTER, '--conf', self.conf, *arguments], stderr=errors, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                  env={**os.environ, **(environment or {})}, timeout=30, check=False).returncode

    def start(self, environment=None):
        with open(self.errors, 'w', encoding='utf-8') as errors:
            process = subprocess.Popen([MILTER, '--conf', self.conf, '--foreground'], stderr=errors, env={**os.environ, **(environment or {})})
        started.append(process)
        wait_for(lambda: 'ready on' in self.said() or process.poll() is not None)
        return process

    def said(self):
        with open(self.errors, encoding='utf-8', errors='replace') as text:
            return text.read()


def wait_for(condition, seconds=15):
    end = time.time() + seconds
    while not condition() and time.time() < end:
        time.sleep(0.05)
    return condition()


def stop(process):
    process.send_signal(signal.SIGTERM)
    return process.wait(20)


def check_options(folder):
    daemon = Daemon(folder, 'options', '')
    check('--check of a good configuration: status 0, not a word', daemon.run('--check') == 0 and daemon.said() == '', daemon.said())
    check('--version', daemon.run('--version') == 0)
    check('an unknown option is a usage error', daemon.run('--frobnicate') == 64, daemon.said())
    check('an argument is a usage error', daemon.run('now') == 64 and 'unexpected argument: now' in daemon.said(), daemon.said())
    bad = Daemon(folder, 'bad', 'sokcet_mode = 0600')
    check('--check of a bad configuration: status 78, file, line and key', bad.run('--check') == 78 and re.search(r'conf:3: \[milter\] sokcet_mode: ', bad.said()), bad.said())
    check('a bad configuration does not start', bad.run('--foreground') == 78, bad.said())


def check_foreground(folder):
    daemon = Daemon(folder, 'foreground', 'socket_mode = 0620', log='stats_interval = 1')
    process = daemon.start()
    mode = stat.S_IMODE(os.stat(daemon.socket).st_mode)
    check('the socket has its mode', mode == 0o620, oct(mode))
    check('the line to connect it is printed', 'smtpd_milters = { unix:%s, ' % daemon.socket in daemon.said(), daemon.said())
    check('the periodic stats line comes', wait_for(lambda: 'stats: interval=1 messages=0' in daemon.said()), daemon.said())
    process.send_signal(signal.SIGHUP)
    check('SIGHUP reloads and does not stop', wait_for(lambda: 'reload: configuration' in daemon.said()) and process.poll() is None, daemon.said())
    for _ in range(100):
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGUSR1)
        process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    check('signals in bursts reload and do not stop', process.poll() is None, daemon.said())
    second = subprocess.run([MILTER, '--conf', daemon.conf, '--foreground'], stderr=subprocess.PIPE, timeout=30, check=False)
    check('a second daemon does not take over the socket of a living one', second.returncode == 78 and b'another process serves' in second.stderr, second.stderr)
    with open(daemon.conf, encoding='utf-8') as text:
        changed = text.read().replace('0620', '0600')
    with open(daemon.conf, 'w', encoding='utf-8') as out:
        out.write(changed)
    process.send_signal(signal.SIGUSR1)
    check('SIGUSR1 reloads, and what needs a restart is named', wait_for(lambda: 'next start: [milter] socket_mode' in daemon.said()), daemon.said())
    check('SIGTERM ends it with status 0', stop(process) == 0, daemon.said())
    check('a last stats line', daemon.said().rstrip().splitlines()[-2].count('stats: interval=') == 1 and daemon.said().rstrip().endswith('stopped'), daemon.said())
    again = daemon.start()
    check('it starts again over a stale socket', 'ready on' in daemon.said(), daemon.said())
    check('SIGINT ends it too', (again.send_signal(signal.SIGINT), again.wait(20))[1] == 0, daemon.said())


def check_words(folder):
    """The site's own words come with a reload; a broken file keeps the former ones and its place is logged."""
    words = os.path.join(folder, 'words.conf')

    def write(text):
        with open(words, 'w', encoding='utf-8') as out:
            out.write(text)

    write('[reason.virus]\nadvice=Call 1234.\n')
    daemon = Daemon(folder, 'words', '')
    with open(daemon.conf, 'a', encoding='utf-8') as out:
        out.write('\n[catalogue]\nfiles = %s\n' % words)
    process = daemon.start()
    write('[reason.virus@example.net]\nadvise=Call 1234.\n')
    process.send_signal(signal.SIGUSR1)
    check('a broken file of words is named with line and key, and the daemon goes on',
          wait_for(lambda: '%s:2: [reason.virus@example.net] advise: ' % words in daemon.said()) and process.poll() is None, daemon.said())
    write('[reason.virus@example.net]\nadvice=Call 5678.\n')
    process.send_signal(signal.SIGUSR1)
    check('mended, it is taken at the next reload', wait_for(lambda: 'reload: configuration' in daemon.said()), daemon.said())
    check('and the daemon ends with status 0', stop(process) == 0, daemon.said())


def check_tcp(folder):
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        port = probe.getsockname()[1]
    daemon = Daemon(folder, 'tcp', '')
    with open(daemon.conf, 'w', encoding='utf-8') as out:
        out.write('[milter]\nsocket = inet:%d@127.0.0.1\n[log]\ndestination = stderr\n' % port)
    process = daemon.start()
    try:
        with socket.create_connection(('127.0.0.1', port), timeout=5):
            check('an inet socket serves', True)
            check('and is told in the words of Postfix', 'smtpd_milters = { inet:127.0.0.1:%d, ' % port in daemon.said(), daemon.said())
    except OSError as error:
        check('an inet socket serves', False, '%s %s' % (error, daemon.said()))
    second = Daemon(folder, 'tcp2', '')
    with open(second.conf, 'w', encoding='utf-8') as out:
        out.write('[milter]\nsocket = inet:%d@127.0.0.1\n[log]\ndestination = stderr\n' % port)
    check('a port in use is an error that names the socket', second.run('--foreground') == 78 and 'inet:%d@127.0.0.1' % port in second.said(), second.said())
    stop(process)


def check_background(folder):
    pid_file = os.path.join(folder, 'background.pid')
    daemon = Daemon(folder, 'background', 'background = yes\npid_file = %s' % pid_file)
    status = daemon.run()
    check('background: the command ends with status 0 when it serves', status == 0 and os.path.exists(daemon.socket), daemon.said())
    pid = int(open(pid_file, encoding='ascii').read())
    check('background: the PID file names the daemon', os.path.exists('/proc/%d' % pid) and pid != os.getpid())
    os.kill(pid, signal.SIGTERM)
    check('background: it ends, and its PID file with it', wait_for(lambda: not os.path.exists(pid_file)), daemon.said())
    broken = Daemon(folder, 'broken', 'background = yes')
    os.rmdir(os.path.join(folder, 'gone')) if os.path.isdir(os.path.join(folder, 'gone')) else None
    with open(broken.conf, 'w', encoding='utf-8') as out:
        out.write('[milter]\nbackground = yes\nsocket = unix:%s/gone/sock\n[log]\ndestination = stderr\n' % folder)
    check('background: an error reaches the terminal and the exit status', broken.run() == 78 and 'gone/sock' in broken.said(), broken.said())


def check_notify(folder):
    if b'sd_notify' not in open(MILTER, 'rb').read():
        skip('systemd is told', 'built without libsystemd')
        return
    path = os.path.join(folder, 'notify')
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(path)
        os.chmod(path, 0o777)
        notify.settimeout(15)
        daemon = Daemon(folder, 'notified', '')
        process = daemon.start({'NOTIFY_SOCKET': path})
        check('systemd is told READY=1', b'READY=1' in notify.recv(4096))
        process.send_signal(signal.SIGHUP)
        check('systemd is told RELOADING=1', b'RELOADING=1' in notify.recv(4096))
        check('and READY=1 again', b'READY=1' in notify.recv(4096))
        stop(process)
        check('systemd is told STOPPING=1', b'STOPPING=1' in notify.recv(4096))


def check_privileges(folder):
    if not ROOT:
        skip('user, group and socket_group', 'only root can change them')
        return
    daemon = Daemon(folder, 'privileges', 'user = nobody\nsocket_group = mail\nsocket_mode = 0660')
    process = daemon.start()
    with open('/proc/%d/status' % process.pid, encoding='ascii') as text:
        status = text.read()
    nobody = pwd.getpwnam('nobody')
    check('it becomes the user, every id of it', re.search(r'^Uid:\s+%d\s+%d\s+%d\s+%d$' % ((nobody.pw_uid,) * 4), status, re.M), status)
    check('and its group', re.search(r'^Gid:\s+%d\s+%d\s+%d\s+%d$' % ((nobody.pw_gid,) * 4), status, re.M), status)
    check('the socket has its group', os.stat(daemon.socket).st_gid == grp.getgrnam('mail').gr_gid)
    stop(process)
    unknown = Daemon(folder, 'unknown', 'user = no-such-user')
    check('an unknown user is an error that names it', unknown.run('--foreground') == 78 and 'no-such-user' in unknown.said(), unknown.said())


def run_parts(folder):
    for part in (check_options, check_foreground, check_words, check_tcp, check_background, check_notify, check_privileges):
        part(folder)


def main():
    with tempfile.TemporaryDirectory(prefix='smtp-explain-daemon.') as folder:
        os.chmod(folder, 0o755)
        try:
            run_parts(folder)
        finally:
            for process in started:  # nothing may outlive a test, also one that broke
                process.kill()
                process.wait()
    print('1..%d' % count)
    sys.exit(failed > 0)


if __name__ == '__main__':
    main()
