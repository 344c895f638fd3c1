#!/usr/bin/env python3
"""Compares what `smtp-explain message --format=json` says with the truth of tests/corpus, message by message.

usage: score_corpus.py TRUTH RESULTS        both one JSON object a line; a file of TRUTH is named from TRUTH's own folder

Prints `figure NAME RIGHT TOTAL` for each figure and `miss FILE FIGURE wanted … got …` for each thing misread. Figures: kinds; recipients (a message's failed
addresses, no more and no less); codes and enhanced (those that stand in the message); uninvented (where none stands, none is reported); aliases (the address that
the sender wrote, where it differs); reasons. It judges nothing: the caller has the floors. Exit status 0, or 1 when a file cannot be used.
"""
import collections
import json
import os
import sys


def read(path):
    with open(path, encoding='utf-8') as lines:
        return [json.loads(line) for line in lines]


class Score:
    def __init__(self):
        self.right, self.total, self.misses = collections.Counter(), collections.Counter(), []

    def count(self, figure, file, good, wanted, got):
        self.total[figure] += 1
        self.right[figure] += bool(good)
        if not good:
            self.misses.append((file, figure, wanted, got))

    def recipient(self, file, truth, found):
        for figure, key in (('codes', 'code'), ('enhanced', 'dsn')):
            wanted, got = truth[key + '_accept'], found.get(key)
            self.count(figure if any(wanted) else 'uninvented', file, got in wanted if wanted else got is None, wanted, got)
        if 'orig_to' in truth:
            self.count('aliases', file, (found.get('orig_to') or '').lower() == truth['orig_to'].lower(), truth['orig_to'], found.get('orig_to'))
        if truth.get('reason_accept'):
            self.count('reasons', file, found.get('reason') in truth['reason_accept'], truth['reason_accept'], found.get('reason'))

    def message(self, truth, found):
        file = truth['file']
        self.count('kinds', file, found.get('kind') == truth['kind'], truth['kind'], found.get('kind'))
        if truth['kind'] != 'bounce':
            return
        by_address = {(recipient['to'] or '').lower(): recipient for recipient in found.get('recipients') or []}
        wanted = [{address.lower() for address in recipient['to_accept']} for recipient in truth['recipients']]
        exact = len(by_address) == len(wanted) and all(addresses & by_address.keys() for addresses in wanted)
        self.count('recipients', file, exact, sorted(recipient['to'] for recipient in truth['recipients']), sorted(by_address))
        for recipient, addresses in zip(truth['recipients'], wanted):
            self.recipient(file, recipient, next((by_address[address] for address in addresses if address in by_address), {}))


def main(truth_path, results_path):
    folder = os.path.dirname(os.path.realpath(truth_path))
    found = {os.path.realpath(result['file']): result for result in read(results_path)}
    score = Score()
    for truth in read(truth_path):
        score.message(truth, found.get(os.path.join(folder, truth['file']), {}))
    for figure in ('kinds', 'recipients', 'codes', 'enhanced', 'uninvented', 'aliases', 'reasons'):
        print('figure', figure, score.right[figure], score.total[figure])
    for file, figure, wanted, got in score.misses:
        print('miss %s %s wanted %s got %s' % (file, figure, json.dumps(wanted, ensure_ascii=False), json.dumps(got, ensure_ascii=False)))


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (OSError, ValueError, KeyError) as error:
        sys.exit('score_corpus.py: %s: %s' % (type(error).__name__, error))
