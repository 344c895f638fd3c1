"""A machine for one mail system: its own name, accounts, files, network and log, on top of this machine's and without a trace on it.

It must run in fresh mount, UTS, network and PID namespaces (make-corpus sees to that). The files are an overlay of memory, which holds the unpacked packages, over
this machine's own; the network is one cable to a second namespace, where world.py plays the rest of the Internet. When the first process of the PID namespace
ends, everything in it ends.
"""
import os
import socket
import subprocess
import sys
import threading
import time

import plan

HERE = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENT = {'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/root', 'LANG': 'C', 'TZ': 'UTC'}
DEVICES = ('null', 'zero', 'full', 'random', 'urandom', 'tty')
HIDDEN = ('postfix', 'exim4', 'mail', 'aliases', 'aliases.db', 'dma', 'nullmailer', 'courier', 'smtpd.conf', 'mailname')


def command(*words, **more):
    return subprocess.run(words, check=True, **more)


class House:
    def __init__(self, folder, mta):
        self.folder, self.mta = folder, mta
        self.root = os.path.join(folder, 'root')
        self.log = os.path.join(folder, 'log')
        self.world = None

    def path(self, name):
        return os.path.join(self.root, name.lstrip('/'))

    def write(self, name, text, mode=0o644, owner=None):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.islink(path) or os.path.exists(path):
            os.unlink(path)
        with open(path, 'w', encoding='utf-8') as out:
            out.write(text)
        os.chmod(path, mode)
        if owner:
            self.run('chown', owner, name)

    def folder_of(self, name, owner='root:root', mode=0o755):
        os.makedirs(self.path(name), exist_ok=True)
        self.run('chown', owner, name)
        os.chmod(self.path(name), mode)

    def build(self, packages):
        os.makedirs(self.root, exist_ok=True)
        layer = os.path.join(self.folder, 'layer')
        os.makedirs(layer, exist_ok=True)
        command('mount', '-t', 'tmpfs', '-o', 'mode=755', 'corpus', layer)
        for name in ('upper', 'work'):
            os.mkdir(os.path.join(layer, name))
        command('cp', '-a', packages + '/.', layer + '/upper')      # as a lower layer they would lie within the other one, which overlayfs refuses
        command('mount', '-t', 'overlay', '-o', 'lowerdir=/,upperdir=%s/upper,workdir=%s/work' % (layer, layer), 'corpus', self.root)
        command('mount', '-t', 'proc', 'proc', self.path('proc'))
        for name, mode in (('tmp', '1777'), ('run', '755'), ('dev', '755')):
            command('mount', '-t', 'tmpfs', '-o', 'mode=' + mode, 'corpus', self.path(name))
        for name in DEVICES:
            command('cp', '-a', '/dev/' + name, self.path('dev/' + name))
        for name, target in (('fd', '/proc/self/fd'), ('stdin', '/proc/self/fd/0'), ('stdout', '/proc/self/fd/1'), ('stderr', '/proc/self/fd/2')):
            os.symlink(target, self.path('dev/' + name))
        os.makedirs(self.path('dev/shm'))
        os.makedirs(self.path('run/lock'))
        self.keep_log()
        self.furnish()

    def keep_log(self):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(self.path('dev/log'))
        os.chmod(self.path('dev/log'), 0o666)

        def copy():
            with open(self.log, 'ab', 0) as out:
                while True:
                    out.write(listener.recv(65536).rstrip(b'\0\n') + b'\n')

        threading.Thread(target=copy, daemon=True).start()

    def furnish(self):
        """Names, accounts and an empty mail configuration."""
        for name in HIDDEN:
            if not os.path.exists(os.path.join(self.folder, 'packages', 'etc', name)):
                self.run('rm', '-rf', '/etc/' + name)
        command('hostname', plan.LOCAL)
        self.write('etc/hostname', plan.LOCAL + '\n')
        self.write('etc/mailname', plan.LOCAL + '\n')
        self.write('etc/hosts', '127.0.0.1 localhost\n%s %s mx\n' % (plan.CLIENT, plan.LOCAL))
        self.write('etc/resolv.conf', 'nameserver %s\noptions timeout:2 attempts:1\n' % plan.RESOLVER)
        self.write('etc/nsswitch.conf', 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\nprotocols: files\n')
        self.accounts((*self.mta.users, ('clerk', '/home/clerk')))
        self.folder_of('/home/clerk', 'clerk:clerk')

    def accounts(self, users):
        with open(self.path('etc/passwd'), encoding='utf-8') as source:
            passwd = [line for line in source if not line.startswith('root:')]
        with open(self.path('etc/group'), encoding='utf-8') as source:
            group = source.readlines()
        passwd.insert(0, 'root:x:0:0:root:/root:/bin/sh\n')
        for number, (user, home) in enumerate(users, 61000):
            passwd = [line for line in passwd if not line.startswith(user + ':')] + ['%s:x:%d:%d:%s:%s:/bin/sh\n' % (user, number, number, user, home)]
            group = [line for line in group if not line.startswith(user + ':')] + ['%s:x:%d:\n' % (user, number)]
        self.write('etc/passwd', ''.join(passwd))
        self.write('etc/group', ''.join(group))

    def _enter(self, user, folder='/'):
        def enter():
            os.chroot(self.root)
            os.chdir(folder)
            if user:
                import grp
                import pwd
                entry = pwd.getpwnam(user)
                os.initgroups(user, grp.getgrgid(entry.pw_gid).gr_gid)
                os.setgid(entry.pw_gid)
                os.setuid(entry.pw_uid)
        return enter

    def run(self, *words, user=None, check=True, environment=None, **more):
        more.setdefault('timeout', 60)
        with open(self.log, 'ab') as log:
            if not more.get('capture_output'):
                more.update(stdout=log, stderr=log)
            return subprocess.run(words, preexec_fn=self._enter(user), check=check, env={**ENVIRONMENT, **(environment or {})}, **more)

    def spawn(self, *words, user=None, environment=None, folder='/', **more):
        environment = {**ENVIRONMENT, **(environment or {})}
        with open(self.log, 'ab') as log:
            return subprocess.Popen(words, preexec_fn=self._enter(user, folder), env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **more)

    def connect(self):
        """One cable to the world, which gets the other end and all addresses but ours."""
        self.world = subprocess.Popen(['unshare', '--net', 'sh', '-c', 'read go && exec "$@"', 'sh', sys.executable, os.path.join(HERE, 'world.py'), self.folder],
                                      env={**os.environ, 'PYTHONDONTWRITEBYTECODE': '1'}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        there = '/proc/%d/ns/net' % self.world.pid
        while os.stat(there).st_ino == os.stat('/proc/self/ns/net').st_ino:
            time.sleep(0.02)
        command('ip', 'link', 'add', 'mta0', 'type', 'veth', 'peer', 'name', 'world0', 'netns', str(self.world.pid))
        outside = ('nsenter', '--net=' + there)
        addresses = [plan.RESOLVER, plan.STORE, plan.NOBODY_LISTENS] + ['192.0.2.%d' % number for number in (*range(25, 28), *range(101, 150))]
        for address in addresses:
            command(*outside, 'ip', 'address', 'add', address + '/24', 'dev', 'world0')
        for link in ('lo', 'world0'):
            command(*outside, 'ip', 'link', 'set', link, 'up')
        command('ip', 'address', 'add', plan.CLIENT + '/24', 'dev', 'mta0')
        for link in ('lo', 'mta0'):
            command('ip', 'link', 'set', link, 'up')
        print('go', file=self.world.stdin, flush=True)
        if self.world.stdout.readline().strip() != 'ready':
            raise RuntimeError('the world did not start')

    def await_port(self, port, address='127.0.0.1', seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with socket.create_connection((address, port), 5) as probe:
                    if probe.recv(1000).startswith(b'220'):
                        probe.sendall(b'QUIT\r\n')     # some fall over a client that just goes
                        probe.recv(1000)
                        return
            except OSError:
                pass
            time.sleep(0.1)
        raise RuntimeError('%s does not greet on port %d' % (self.mta.name, port))
