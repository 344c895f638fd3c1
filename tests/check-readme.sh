#!/bin/sh
# check-readme.sh - what README shows is what the program prints today; what it names is there.
top_srcdir=${top_srcdir:-.}
top_builddir=${top_builddir:-.}
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"

printf '[annotate]\nhost=mx.site.example\n[site]\ndomains=site.example\n' >"$scratch/conf"
"$top_builddir/smtp-explain" --conf "$scratch/conf" annotate "$top_srcdir/tests/readme.eml" >"$scratch/annotated"

# Every line that README shows indented and that is neither a command nor a log line has to stand in the annotated message.
sed -n '/^The same bounce/,/^and in your log/s/^    //p' "$top_srcdir/README.md" >"$scratch/shown"
ok "README shows an annotated bounce" test "$(wc -l <"$scratch/shown")" -gt 25
is "every line of it is what annotate prints" "$(grep -vxFf "$scratch/annotated" "$scratch/shown")" ""
sed -n '1,/^The same bounce/s/^    //p' "$top_srcdir/README.md" >"$scratch/before"
is "and the bounce before is the one it was made from" "$(grep -vxFf "$top_srcdir/tests/readme.eml" "$scratch/before")" ""

for path in $(grep -oE '\./(contrib|tests)/[a-z-]+' "$top_srcdir/README.md" | sort -u); do
	ok "$path, which README names, is there and can be run" test -x "$top_srcdir/$path"
done
ok "README.md is README too" test "$(cat "$top_srcdir/README")" = "$(cat "$top_srcdir/README.md")"
is "the packages in README are those that install-packages builds with" \
	"$(sed -n '/^The packages behind/,/^$/p' "$top_srcdir/README.md" | tr '\n' ' ' | sed 's/.*line: //; s/; and.*//' | tr ' ' '\n' | sed 's/\.$//' | sort -u | xargs)" \
	"$(sed -n 's/^build="\(.*\)"/\1/p' "$top_srcdir/contrib/install-packages" | tr ' ' '\n' | sort -u | xargs)"

done_testing
