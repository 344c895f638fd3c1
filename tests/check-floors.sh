#!/bin/sh
# check-floors.sh - a file includes files of its own floor or lower ones; each foreign library has one door; verdicts are the three allowed.
top_srcdir=${top_srcdir:-.}
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
cd "$top_srcdir/src" || exit 99

# A header says its floor in its first line ("Floor 3: understanding."). A source file stands where its header does: its own (x.h), else its family's (render.h of
# render-json.c), else the one it includes first, which it helps to implement. What only main needs stands at the top of the house.
floor_of() {
	case $1 in daemon.c | signals.c) echo 5; return ;; esac
	header=${1%.?}.h
	[ -f "$header" ] || header=${1%%-*}.h
	[ -f "$header" ] || header=$(sed -n 's/^#include "\([a-z0-9-]*\.h\)"$/\1/p' "$1" | head -n 1)
	floor=$(sed -n '1s/.*Floor \([0-5]\):.*/\1/p' "${header:-/dev/null}" 2>/dev/null)
	echo "${floor:-unknown}"
}

wrong=$(for file in *.[ch]; do
	floor=$(floor_of "$file")
	[ "$floor" != unknown ] || { echo "$file: neither it nor the header it implements names its floor in the first line"; continue; }
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

is "the only verdicts are CONTINUE, ACCEPT and SKIP, or no reply at all" "$(grep -ho 'SMFIS_[A-Z_]*' ./*.[ch] | sort -u | tr '\n' ' ')" "SMFIS_ACCEPT SMFIS_CONTINUE SMFIS_NOREPLY SMFIS_SKIP "

cycles=$(for file in *.h; do sed -n "s/^#include \"\([a-z0-9-]*\.h\)\"\$/$file \1/p" "$file"; done | tsort 2>&1 >/dev/null)
is "headers include each other without a cycle" "$cycles" ""

# A room that is not drawn is not found: each header stands on its floor, or its family does ("render-*", "alert" of alert-window.h).
drawing=$(awk '/^    floor [0-5] /{floor = $2} /^$/{floor = ""} floor != "" {for (i = 1; i <= NF; i++) print floor, $i}' ../HACKING)
undrawn=$(for header in *.h; do
	name=${header%.h} family=${header%%[-.]*} floor=$(floor_of "$header")
	if echo "$drawing" | grep -q " $name\$"; then
		echo "$drawing" | grep -qx "$floor $name" || echo "$header: is drawn on another floor than $floor"
	else
		echo "$drawing" | grep -qE " $family(-\\*)?\$" || echo "$header: is not drawn"
	fi
done)
is "the drawing of HACKING shows every header on its floor" "$undrawn" ""

long=$(wc -l ./*.c | awk '$2 != "total" && $1 > 400 {print $2 ": " $1 " lines"}')
is "no source file is longer than 400 lines" "$long" ""

done_testing
