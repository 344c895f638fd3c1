# shellcheck shell=sh
# tap.sh - the Test Anything Protocol for shell tests; sourced, not run.
#
# usage: . "${srcdir:-.}/tests/tap.sh"; then ok NAME COMMAND..., is NAME GOT WANTED, like NAME FILE REGEX, skip NAME WHY; at the end: done_testing
# Results count one by one in the summary of `make check` and of tests/run. A temporary folder $scratch is made and removed.

tap_count=0
tap_failed=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/smtp-explain-test.XXXXXX") || exit 99
tap_cleanup() { rm -rf "$scratch"; }
trap 'tap_cleanup' EXIT
trap 'exit 130' INT TERM HUP

pass() { tap_count=$((tap_count + 1)); echo "ok $tap_count - $1"; }
fail() { tap_count=$((tap_count + 1)); tap_failed=$((tap_failed + 1)); echo "not ok $tap_count - $1"; }
note() { sed 's/^/# /'; }
ok() { tap_name=$1; shift; if "$@" >"$scratch/tap.out" 2>&1; then pass "$tap_name"; else fail "$tap_name"; note <"$scratch/tap.out"; fi; }
is() { if [ "$2" = "$3" ]; then pass "$1"; else fail "$1"; printf 'got:    %s\nwanted: %s\n' "$2" "$3" | note; fi; }
like() { if grep -qE -- "$3" "$2"; then pass "$1"; else fail "$1"; { echo "no line like: $3"; head -n 40 "$2"; } | note; fi; }
unlike() { if grep -qE -- "$3" "$2"; then fail "$1"; grep -nE -- "$3" "$2" | head -n 5 | note; else pass "$1"; fi; }
skip() { tap_count=$((tap_count + 1)); echo "ok $tap_count - $1 # SKIP $2"; }
skip_all() { echo "1..0 # SKIP $1"; exit 0; }
done_testing() { echo "1..$tap_count"; [ "$tap_failed" -eq 0 ]; exit $?; }
