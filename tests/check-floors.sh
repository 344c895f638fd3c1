#!/bin/sh
# check-floors.sh - a file includes files of its own floor or lower ones; each foreign library has one door; verdicts are the three allowed.
top_srcdir=${top_srcdir:-.}
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
cd "$top_srcdir/src" || exit 99

# The floor of a file, by the family its name begins with; HACKING draws the house.
floor_of() {
	case ${1%.?} in
	keyfile | log | text) echo 0 ;;
	address | code | fields | reply | status | reply-* | status-* | html-text | literals) echo 1 ;;
	catalogue | catalogue-* | mail) echo 2 ;;
	bounce | dialect | dialect-* | explain | explain-* | origin | resolve | original | gate | kind | report-text) echo 3 ;;
	render | render-* | annotate | annotate-* | block | card | charset | edits | edits-* | html-place | stats | strip | transfer) echo 4 ;;
	conf | conf-keys | snapshot | session | milter | daemon | process | tool | tool-*) echo 5 ;;
	*) echo unknown ;;
	esac
}

wrong=$(for file in *.[ch]; do
	floor=$(floor_of "$file")
	[ "$floor" != unknown ] || { echo "$file: no floor is given for it in tests/check-floors.sh"; continue; }
	sed -n 's/^#include "\([a-z0-9-]*\.h\)"$/\1/p' "$file" | grep -vx 'config\.h' | while read -r header; do
		below=$(floor_of "$header")
		if [ "$below" = unknown ] || [ "$below" -gt "$floor" ]; then echo "$file (floor $floor) includes $header (floor $below)"; fi
	done
done)
is "no file includes from a floor above its own" "$wrong" ""

door() { is "only $3 includes $1" "$(grep -l "#include <$2" ./*.[ch] | sort | tr '\n' ' ')" "./$3 "; }
door GMime gmime/ mail.c
door libmilter libmilter/ milter.c
door libsystemd systemd/ process.c

is "the only verdicts are CONTINUE, ACCEPT and SKIP" "$(grep -ho 'SMFIS_[A-Z_]*' ./*.[ch] | sort -u | tr '\n' ' ')" "SMFIS_ACCEPT SMFIS_CONTINUE SMFIS_SKIP "

cycles=$(for file in *.h; do sed -n "s/^#include \"\([a-z0-9-]*\.h\)\"\$/$file \1/p" "$file"; done | tsort 2>&1 >/dev/null)
is "headers include each other without a cycle" "$cycles" ""

long=$(wc -l ./*.c | awk '$2 != "total" && $1 > 400 {print $2 ": " $1 " lines"}')
is "no source file is longer than 400 lines" "$long" ""

done_testing
