#!/bin/sh
# check-rules.sh - every rule of src/report-rules.c decides about a message at least: a rule that none needs is a guess, one that another forestalls is dead.
top_srcdir=${top_srcdir:-.}
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
explain=${top_builddir:-.}/smtp-explain

sed -n 's/^\t{.*, "\(.*\)"},$/\1/p' "$top_srcdir/src/report-rules.c" | sort >"$scratch/rules"
ok "rules are found in the source" [ "$(wc -l <"$scratch/rules")" -gt 20 ]
is "no two rules have the same words" "$(uniq -d "$scratch/rules")" ""

find "$top_srcdir/tests/messages" "$top_srcdir/tests/corpus" -name '*.eml' -print0 |
	xargs -0 -n 100 "$explain" --conf=/dev/null --why message 2>&1 | sed -n 's/^.*a report by //p' | sort -u >"$scratch/decided"
while IFS= read -r rule; do
	ok "decides: $rule" grep -qxF -- "$rule" "$scratch/decided"
done <"$scratch/rules"
done_testing
