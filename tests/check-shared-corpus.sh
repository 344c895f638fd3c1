#!/bin/sh
# check-shared-corpus.sh - the score on the corpus that lies beside the checkout, when it does; each figure has a floor that is raised with every gain.
top_srcdir=${top_srcdir:-.}
top_builddir=${top_builddir:-.}
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
shared=$top_srcdir/../shared
[ -f "$shared/corpus/truth.jsonl" ] && [ -f "$shared/measure/score.py" ] || skip_all "no corpus beside the checkout"

find "$shared/corpus/mail" -type f -print0 | sort -z | xargs -0 "$top_builddir/smtp-explain" --conf /dev/null message --format=json >"$scratch/results" 2>"$scratch/errors"
python3 "$shared/measure/score.py" "$shared/corpus/truth.jsonl" "$scratch/results" --json >"$scratch/figures"
python3 "$shared/measure/score.py" "$shared/corpus/truth.jsonl" "$scratch/results" --misses | grep '^MISS' >"$scratch/misses"

# figure NAME least|most BOUND
figure() {
	value=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$scratch/figures" "$1")
	if python3 -c 'import sys; v, b = float(sys.argv[1]), float(sys.argv[3]); sys.exit(not (v >= b if sys.argv[2] == "least" else v <= b))' "$value" "$2" "$3"; then
		pass "$1: $value (at $2 $3)"
	else
		fail "$1: $value (at $2 $3)"
		head -n 30 "$scratch/misses" | note
	fi
}
figure 'unanswered' most 0
figure 'bounces detected %' least 99.55
figure 'recipients exact %' least 98.88
figure 'three-digit code exact %' least 99.37
figure 'enhanced code exact %' least 99.7
figure 'three-digit code invented %' most 0
figure 'enhanced code invented %' most 0
figure 'reason agrees %' least 92.42
figure 'non-bounces called a bounce' most 0
figure 'ordinary mail called bounce, delay or success' most 0
figure 'delay notices right %' least 100
done_testing
