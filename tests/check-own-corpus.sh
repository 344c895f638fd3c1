#!/bin/sh
# The project's own corpus (tests/corpus, made by tests/make-corpus): real bounces of real mail systems, whose truth is known because the test chose the replies.
# Fails when the recogniser falls below a floor, and says which messages were misread.
. "${top_srcdir:-.}/tests/tap.sh"

# Of a thousand, how many must be right. Raise them with every gain, lower none.
floor_kinds=1000
floor_recipients=1000
floor_codes=993		# 571 and 577 are no reply codes of RFC 5321: they are left out, though the servers of the corpus say them
floor_enhanced=1000
floor_uninvented=1000
floor_aliases=1000
floor_reasons=989

corpus=${top_srcdir:-.}/tests/corpus
tool=${top_builddir:-.}/smtp-explain
[ -f "$corpus/truth.jsonl" ] || skip_all "no tests/corpus; make it with tests/make-corpus/make-corpus"
command -v python3 >/dev/null || skip_all "no python3"

messages=$(find "$corpus" -name '*.eml' | wc -l)
ok "at least 250 messages" test "$messages" -ge 250
ok "less than 2 MB" test "$(find "$corpus" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')" -lt 2000000
is "each message has its line of truth" "$(cd "$corpus" && find . -name '*.eml' | sed 's,^\./,,' | sort)" \
	"$(python3 -c 'import json, sys; print("\n".join(sorted(json.loads(line)["file"] for line in sys.stdin)))' <"$corpus/truth.jsonl")"

find "$corpus" -name '*.eml' -exec "$tool" message --format=json {} + >"$scratch/results"
ok "the tool answers" test "$(wc -l <"$scratch/results")" -eq "$messages"
if ! "${top_srcdir:-.}/tests/score_corpus.py" "$corpus/truth.jsonl" "$scratch/results" >"$scratch/score" 2>&1; then
	fail "scoring"
	note <"$scratch/score"
	done_testing
fi

# One test a figure; the messages that it lost follow as comments, whether the floor holds or not.
while read -r word figure right total; do
	[ "$word" = figure ] || break
	eval "floor=\$floor_$figure"
	ok "$figure: $right of $total right, floor $floor of 1,000" test "$((right * 1000))" -ge "$((total * floor))"
	grep -E "^miss [^ ]+ $figure " "$scratch/score" | note
done <"$scratch/score"
done_testing
