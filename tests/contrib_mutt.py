#!/usr/bin/env python3
"""Annotated reports in mutt, a mail program on a terminal: the explanation is what is seen first, and the list of parts is as long as before. Prints TAP.

usage: contrib_mutt.py [TOOL]
"""
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import support  # noqa: E402

TOP = os.environ.get('top_srcdir') or os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
TOOL = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.environ.get('top_builddir') or '.', 'smtp-explain'))
CASES = ('report', 'report-alternative', 'report-related', 'alternative', 'mixed', 'plain-no-mime', 'plain-flowed', 'plain-utf8-base64', 'plain-iso2022jp')
SOCKETS = itertools.count()    # one that has just ended cannot be taken again at once


class Screen:
    """A terminal of 100 columns and 60 lines in a tmux server of its own."""

    def __init__(self, folder):
        self.base = ['tmux', '-f', os.devnull, '-S', os.path.join(folder, 'tmux%d' % next(SOCKETS))]
        self.environment = {**os.environ, 'HOME': folder, 'TERM': 'xterm', 'LC_ALL': 'C.UTF-8'}
        self.environment.pop('TMUX', None)

    def tmux(self, *words):
        return subprocess.run(self.base + list(words), capture_output=True, text=True, env=self.environment, timeout=60, check=False).stdout

    def show(self, *command):
        self.tmux('new-session', '-d', '-x', '100', '-y', '60', '-s', 'mutt', *command)

    def wait_for(self, word):
        for _ in range(200):
            text = self.tmux('capture-pane', '-p', '-t', 'mutt')
            if word in text:
                return text
            time.sleep(0.05)
        return text

    def end(self):
        self.tmux('kill-server')


def seen(folder, path):
    """The first page of the message and its list of parts."""
    screen = Screen(folder)
    try:
        screen.show('mutt', '-n', '-F', os.path.join(folder, 'muttrc'), '-R', '-f', path, '-e', 'push <display-message>')
        text = screen.wait_for('-- 1/1: ')
        screen.tmux('send-keys', '-t', 'mutt', 'v')
        parts = screen.wait_for('Attachments')
    finally:
        screen.end()
    return text, [line.strip() for line in parts.split('\n') if line.startswith('part ')]


def check_case(tap, folder, name):
    with open(os.path.join(TOP, 'tests/annotate', name + '.eml'), 'rb') as file:
        data = file.read()
    found = []
    for bytes_ in (data, subprocess.run([TOOL, '--conf', os.devnull, 'annotate'], input=data, capture_output=True, timeout=60, check=True).stdout):
        path = os.path.join(folder, 'mbox')
        with open(path, 'wb') as out:
            out.write(b'From MAILER-DAEMON Mon Nov  3 10:00:00 2025\n' + bytes_ + b'\n')
        found.append(seen(folder, path))
    (before, parts), (after, parts_after) = found
    tap.check('%s: mutt shows the explanation at once' % name, 'Explanation of the report below' not in before and '* Explanation of the report below' in after and 'What happened' in after, after)
    tap.check('%s: %d parts as before' % (name, len(parts)), parts and parts == parts_after, '\n'.join(parts + ['now:'] + parts_after))


def main():
    tap = support.Tap()
    if not shutil.which('mutt') or not shutil.which('tmux'):
        print('1..0 # SKIP no mutt or no tmux')
        return 0
    with tempfile.TemporaryDirectory(prefix='smtp-explain-mutt.') as folder:
        with open(os.path.join(folder, 'muttrc'), 'w', encoding='utf-8') as out:
            out.write('set mbox_type=mbox folder=~ record="" move=no confirmappend=no pager_format="-- %C/%m: %s" attach_format="part %n %T %m/%M %e" status_on_top=no\nignore *\nunignore subject\n')
        for name in CASES:
            check_case(tap, folder, name)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
