#!/bin/sh
# check-man.sh - what is documented is what the programs do: pages, sample configuration, unit, snippets and every example that has a name.
#
# The pages are compared with the programs' own words (--help, config, --format=json) and, where no program prints them, with tables in src/.
top_srcdir=${top_srcdir:-.}
top_builddir=${top_builddir:-.}
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
man=$top_srcdir/man
src=$top_srcdir/src
contrib=$top_srcdir/contrib
tool=$top_builddir/smtp-explain
milter=$top_builddir/smtp-explain-milter
if [ ! -x "$tool" ] || [ ! -x "$milter" ]; then skip_all "the programs are not built"; fi

# The lines of the first file that are not in the second.
missing() { sort -u "$1" >"$scratch/left"; sort -u "$2" >"$scratch/right"; comm -23 "$scratch/left" "$scratch/right"; }
# An empty list would agree with anything, so it is an error of the test. usage: same NAME DOCUMENTED TRUTH; all_in NAME TRUTH DOCUMENTED
same() { is "$1" "$([ -s "$3" ] || echo "found nothing to compare with"; missing "$2" "$3" | sed 's/^/too much: /'; missing "$3" "$2" | sed 's/^/missing: /')" ""; }
all_in() { is "$1" "$([ -s "$2" ] || echo "found nothing to compare with"; missing "$2" "$3")" ""; }
# Words of a page behind the macros Ic and Cm, one a line.
words() { sed -n 's/^\.\(It \)\{0,1\}\(Ic\|Cm\) //p' "$1" | tr -s ', ' '\n' | sed '/^$/d'; }
# usage: example PAGE NAME >FILE; the literal text behind the comment "example: NAME"
example() {
	awk -v name="$2" '$0 == ".\\\" example: " name {want = 1; next} want && /^\.Bd/ {on = 1; next} on && /^\.Ed/ {exit} on' "$man/$1" | sed 's/\\e/\\/g' | tee "$scratch/example"
	[ -s "$scratch/example" ] || echo "no example $2 in $1" >&2
}

# Pages
for page in "$man"/*.[1-8]; do
	name=$(basename "$page")
	if command -v mandoc >/dev/null; then is "$name: no warning of mandoc" "$(mandoc -Tlint -Wwarning "$page" 2>&1)" ""; else skip "$name: no warning of mandoc" "no mandoc"; fi
done

# smtp-explain.conf(5)
"$tool" --conf /dev/null config >"$scratch/defaults"
settings() { awk '/^\[/ {section = $0} /^[a-z]/ {sub(/ *= */, " = "); sub(/ +$/, ""); print section, $0}' "$1"; }
# Rules of alerts share their keys, which no program prints at their defaults: those come from the table.
settings "$scratch/defaults" | grep -v '^\[alert\.' >"$scratch/wanted"
sed -n 's/^\t{"alert", "\([a-z_]*\)", CONF_[A-Z]*, AT([a-z_]*), "\([^"]*\)", .*/[alert.NAME] \1 = \2/p' "$src/conf-keys.c" | sed 's/ *$//' >>"$scratch/wanted"
# Entries of the page as "[section] key = default", and as "[section] key: the whole text" for questions about one entry.
awk '/^\.Sh \[/ {section = $2} /^\.Sh [^[]/ {section = ""} !section {next}
	/^\.It Ic / {key = $3} /^Default: empty$/ {print section, key, "="} /^Default:$/ {value = 1; next} value {sub(/^\.Ql /, ""); print section, key, "=", $0; value = 0}
	' "$man/smtp-explain.conf.5" >"$scratch/documented"
awk '/^\.Sh \[/ {section = $2} /^\.Sh [^[]/ {section = ""; key = ""} /^\.It Ic / {key = section " " $3 ":"; next} section && key {text[key] = text[key] " " $0} END {for (key in text) print key text[key] " "}
	' "$man/smtp-explain.conf.5" >"$scratch/entries"
same "smtp-explain.conf(5): every key with its default" "$scratch/documented" "$scratch/wanted"

# A value that fits no number, mode or choice makes the program say what would.
wrong=$(while read -r section key _; do
	printf '%s\n%s = !\n' "$(echo "$section" | sed 's/NAME/try/')" "$key" >"$scratch/try.conf"
	range=$("$tool" --conf "$scratch/try.conf" config 2>&1 >/dev/null) || true
	entry=$(grep -F "$section $key:" "$scratch/entries")
	case $range in
	*"a number from"*) case $entry in *" from ${range##*number from }"[,.\ ]*) ;; *) echo "$key: not 'from ${range##*number from }'";; esac ;;
	*"octal number up to"*) case $entry in *"at most ${range##* }."*) ;; *) echo "$key: not 'at most ${range##* }'";; esac ;;
	*"one of: "*) for word in ${range##*one of: }; do case $entry in *"Cm "*"$word "*) ;; *) echo "$key: no $word";; esac; done ;;
	esac
done <"$scratch/wanted")
is "smtp-explain.conf(5): ranges and choices are those of the program" "$wrong" ""

sed -n 's/^\t{"\([a-z]*\)", "\([a-z_]*\)", CONF_.*, true,$/[\1] \2/p' "$src/conf-keys.c" >"$scratch/restart"
sed -n 's/^\t{"\([a-z]*\)", "\([a-z_]*\)", CONF_.*, true, ".*/[\1] \2/p' "$src/conf-keys.c" >>"$scratch/restart"
sed -n 's/^\(\[[a-z]*\] [a-z_]*\):.* Needs a restart\. .*/\1/p' "$scratch/entries" >"$scratch/restart-documented"
same "smtp-explain.conf(5): what needs a restart" "$scratch/restart-documented" "$scratch/restart"

sample=$top_srcdir/conf/smtp-explain.conf
"$tool" --conf "$sample" config >"$scratch/sample" 2>&1
is "sample configuration: says what the defaults say" "$(diff "$scratch/defaults" "$scratch/sample")" ""
settings "$sample" >"$scratch/sample-keys"
settings "$scratch/defaults" >"$scratch/all-keys"
same "sample configuration: has every key" "$scratch/sample-keys" "$scratch/all-keys"
grep -o '^\[alert\.[a-z-]*' "$sample" | cut -d. -f2 >"$scratch/rules"
sed -n '/^\.Sh \[alert/,/^\.It Ic/s/^\.It Cm //p' "$man/smtp-explain.conf.5" >"$scratch/rules-documented"
same "smtp-explain.conf(5): every shipped alert" "$scratch/rules-documented" "$scratch/rules"
awk '/^\[/ {section = $0} /^$/ {restart = 0} /^# \[restart\]/ {restart = 1} /^[a-z]/ && restart {print section, $1}' "$sample" >"$scratch/restart-sample"
same "sample configuration: marks what needs a restart" "$scratch/restart-sample" "$scratch/restart"

# Options and commands
options() { "$1" --help | sed -n 's/^ *-\(.\), --\([a-z-]*\).*/-\1 --\2/p'; }
long_options() { "$1" --help | sed -n 's/^ *\(-., \)\{0,1\}--\([a-z-]*\).*/--\2/p'; }
documented_long_options() { sed -n 's/^\.It Fl/&/p' "$1" | grep -oE ' -[a-z][a-z-]+' | sed 's/^ /-/'; }
documented_options() { sed -n 's/^\.It Fl \(.\) , -\([a-z-]*\).*/-\1 --\2/p' "$1"; }
for page in smtp-explain.1 smtp-explain-milter.8; do
	options "$top_builddir/${page%.?}" >"$scratch/options"
	documented_options "$man/$page" >"$scratch/options-documented"
	same "$page: the options are those of --help" "$scratch/options-documented" "$scratch/options"
	long_options "$top_builddir/${page%.?}" >"$scratch/options"
	documented_long_options "$man/$page" >"$scratch/options-documented"
	same "$page: the long options too" "$scratch/options-documented" "$scratch/options"
done
"$tool" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][^ ]*\) \{0,1\}\([a-z|]*\).*/\1 \2/p' | while read -r command words; do
	for word in $(echo "${words:-.}" | tr '|' ' '); do echo "$command $word" | sed 's/ \.$//'; done
done >"$scratch/commands"
sed -n '/^\.Sh DESCRIPTION/,/^\.Sh TEXT/s/^\.It Cm \([a-z ]*[a-z]\).*/\1/p' "$man/smtp-explain.1" >"$scratch/commands-documented"
same "smtp-explain.1: the commands are those of --help" "$scratch/commands-documented" "$scratch/commands"

# JSON
mkdir -p "$scratch/maildir/cur"
cat >"$scratch/maildir/cur/1" <<'END'
Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: ann@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

mx1.partner.example said: 451 4.3.0 Closed for stocktaking until Monday

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; bob@partner.example
Action: failed
Status: 4.3.0
Remote-MTA: dns; mx1.partner.example
Diagnostic-Code: smtp; 451 4.3.0 Closed for stocktaking until Monday

--b--
END
cp "$scratch/maildir/cur/1" "$scratch/maildir/cur/2"
cat "$scratch/maildir/cur/1" >"$scratch/bounce.eml"
"$tool" --conf /dev/null --format=json message "$scratch/maildir" >"$scratch/json"
grep -o '"[a-z_]*":' "$scratch/json" | tr -d '":' >"$scratch/json-keys"
sed -n '/^\.Sh JSON/,/^\.Sh FILES/p' "$man/smtp-explain.1" >"$scratch/json-page"
words "$scratch/json-page" >"$scratch/json-documented"
all_in "smtp-explain.1: every key of JSON" "$scratch/json-keys" "$scratch/json-documented"
"$tool" --conf /dev/null report --json "$top_srcdir/tests/report/small.mail-log" | grep -oE '"[a-z_]+":' | tr -d '":' >"$scratch/report-keys"
sed -n '/^\.Sh REPORT/,/^\.Sh UNKNOWN/p' "$man/smtp-explain.1" >"$scratch/report-page"
words "$scratch/report-page" >"$scratch/report-documented"
all_in "smtp-explain.1: every key of the report in JSON" "$scratch/report-keys" "$scratch/report-documented"
is "JSON: one object a message, the keys of recipients in a list" "$(grep -c '^{"v":1,.*"recipients":\[{.*"id":"[0-9a-f]\{12\}".*}\].*}$' "$scratch/json")" 2
"$tool" --conf /dev/null annotate "$scratch/bounce.eml" >"$scratch/annotated" && "$tool" --conf /dev/null strip "$scratch/annotated" >"$scratch/stripped"
ok "smtp-explain.1: annotate | strip gives back the original" cmp "$scratch/bounce.eml" "$scratch/stripped"

# Examples of commands, marked in the page with "run: EXIT-STATUS"
awk '/^\.\\" run: / {status = $3; next} status != "" {sub(/^\.Dl /, ""); gsub(/\\\(dq/, "\""); print status, $0; status = ""}' "$man/smtp-explain.1" >"$scratch/runs"
wrong=$(while read -r status command; do
	eval "\"$tool\" --conf /dev/null ${command#smtp-explain }" >"$scratch/out" 2>&1 </dev/null
	got=$?
	if [ "$got" != "$status" ] || [ ! -s "$scratch/out" ]; then echo "$command: exit status $got, $(wc -l <"$scratch/out") lines"; fi
done <"$scratch/runs")
is "smtp-explain.1: the examples of commands run" "$([ -s "$scratch/runs" ] || echo "found none")$wrong" ""

# Fields and log
section() { sed -n "/^\.Sh $1/,/^\.Sh $2/p" "$man/smtp-explain-milter.8" >"$scratch/section"; words "$scratch/section"; }
section FIELDS BODY >"$scratch/fields-documented"
sed -n 's/.*append_\(token\|value\)(out, "\([a-z_-]*\)".*/\2/p' "$src/render-fields.c" >"$scratch/field-names"
all_in "smtp-explain-milter.8: every name of the fields" "$scratch/field-names" "$scratch/fields-documented"
sed -n 's/^X-SMTP-Explain\(-[A-Za-z]*\)\{0,1\}:.*/X-SMTP-Explain\1/p' "$scratch/annotated" >"$scratch/fields"
sed -n 's/^\.Ss \(X-SMTP.*\)/\1/p' "$man/smtp-explain-milter.8" | tr -s ', ' '\n' >"$scratch/fields-documented"
all_in "smtp-explain-milter.8: every field of an annotated message" "$scratch/fields" "$scratch/fields-documented"
section LOG FILES >"$scratch/log-documented"
sed -n 's/^\t\t{"\([a-z_]*\)", .*STYLE_.*/\1/p; s/.*pair = {"\([a-z_]*\)", .*/\1/p; s/.*struct pair){"\([a-z_]*\)", .*/\1/p' "$src/render-log.c" >"$scratch/log-names"
grep -oh '[" ][a-z_]*=%[lsu]' "$src/stats-line.c" "$src/alert-line.c" | sed 's/=.*//' | tr -d '" ' >>"$scratch/log-names"
sed -n 's/.*append_\(table\|top\|text\|number\|time\)(\(out\|line\), "\([a-z_]*\)".*/\3/p; s/.*list_begin(&list, "\([a-z_]*\)".*/\1/p' "$src/stats-line.c" "$src/alert-line.c" >>"$scratch/log-names"
all_in "smtp-explain-milter.8: every name of log, statistics and alerts" "$scratch/log-names" "$scratch/log-documented"
grep -oh '"smtp_explain_[a-z_]*"' "$src/metrics.c" | tr -d '"' >"$scratch/metrics"
sed -n '/^\.Sh METRICS/,/^\.Sh FILES/p' "$man/smtp-explain-milter.8" | grep -o 'smtp_explain_[a-z_]*' >"$scratch/metrics-documented"
same "smtp-explain-milter.8: every metric" "$scratch/metrics-documented" "$scratch/metrics"
like "smtp-explain-milter.8: how many series there may be" "$man/smtp-explain-milter.8" "never more than $(sed -n 's/#define METRICS_SERIES_LIMIT \([0-9]*\)u/\1/p' "$src/metrics.h") series"
sed -n 's/.*return "\([a-z/-]*\)";.*/\1/p; s/^\t{"[^"]*", "\([a-z/-]*\)"},$/\1/p; s/.*? "\([a-z-]*\)".*/\1/p' "$src/annotate.c" "$src/block.c" | grep -v '^[a-z-]*/[a-z]*ml$' >"$scratch/obstacles"
sed -n '/^\.Sh BODY/,/^\.Sh LOG/s/^\.It Ic \(.*\) Ta .*/\1/p' "$man/smtp-explain-milter.8" | tr -s ', ' '\n' >"$scratch/obstacles-documented"
all_in "smtp-explain-milter.8: every reason why a body stays untouched" "$scratch/obstacles" "$scratch/obstacles-documented"

# smtp-explain-catalogue(5): "key [required] [translated] KINDS..."
awk '/catalogue_keys\[\] = \{/ {on = 1; next} on && /NULL, 0/ {exit} on && /^\t\{"/ {
		split($0, part, /, */); key = part[1]; gsub(/[\t{"]/, "", key)
		print key, "sections", kinds(part[2]); if (part[3] != "0") print key, "required", kinds(part[3]); if (part[4] == "true") print key, "translated"}
	function kinds(sorts, out) {
		gsub(/SPOKEN/, "NUMBERS | A(PROVIDER_TEXT) | A(REASON)", sorts)
		if (sorts ~ /PROVIDER_TEXT/) out = out " texts"
		if (sorts ~ /NUMBERS/) out = out " numbers"; else if (sorts ~ /A\(DSN\)/) out = out " dsn"
		if (sorts ~ /A\(REASON\)/) out = out " reasons"
		if (sorts ~ /A\(PROVIDER\)/) out = out " providers"
		if (sorts ~ /A\(PHRASE\)/) out = out " phrases"
		return out}' "$src/catalogue-keys.c" | tr -s ' ' >"$scratch/keys"
sed -n '/^\.Sh KEYS/,/^\.Sh HOW/p' "$man/smtp-explain-catalogue.5" | awk '/^\.It Ic / {key = $3} /^(Sections|Required): / {
		what = tolower($1); gsub(/[:,.]/, ""); sub(/:/, "", what); $1 = ""; print key, what $0} /^Translated\.$/ {print key, "translated"}' >"$scratch/keys-documented"
same "smtp-explain-catalogue(5): keys, where they may and must stand" "$scratch/keys-documented" "$scratch/keys"
sed -n 's/^\[phrase\.\(.*\)\]$/\1/p' "$top_srcdir/conf/catalogue/phrases.conf" >"$scratch/phrases"
sed -n '/^\.Sh PHRASES/,/^\.Sh CHECKING/s/^\.It Ic \([^ ]*\) Ta.*/\1/p' "$man/smtp-explain-catalogue.5" >"$scratch/phrases-documented"
same "smtp-explain-catalogue(5): every phrase" "$scratch/phrases-documented" "$scratch/phrases"
variables() { awk '{name = $1; while (match($0, /\{[a-z_-]+\}/)) {print name, substr($0, RSTART, RLENGTH); $0 = substr($0, RSTART + RLENGTH)}}'; }
awk '/^\[phrase\./ {name = substr($0, 9, length($0) - 9)} /^text=/ {print name, $0}' "$top_srcdir/conf/catalogue/phrases.conf" | variables >"$scratch/phrase-variables"
sed -n '/^\.Sh PHRASES/,/^\.Sh CHECKING/s/^\.It Ic \([^ ]*\) Ta \(.*\) Ta.*/\1 \2/p' "$man/smtp-explain-catalogue.5" | variables >"$scratch/phrase-variables-documented"
same "smtp-explain-catalogue(5): the variables of each phrase" "$scratch/phrase-variables-documented" "$scratch/phrase-variables"

grep -rhoE '^text\[[A-Za-z_]+\]' "$top_srcdir/conf/catalogue" | sed 's/.*\[//; s/\]//' >"$scratch/languages"
sed -n '/^Built-in translations/{n;s/^\.Cm //p;}' "$man/smtp-explain-catalogue.5" | tr -s ', .' '\n' | sed '/^$/d' >"$scratch/languages-documented"
same "smtp-explain-catalogue(5): the languages" "$scratch/languages-documented" "$scratch/languages"

# Examples of catalogues, each loaded over the built-in one
with() { printf '[catalogue]\nfiles = %s\n' "$scratch/$1" >"$scratch/with.conf"; shift; "$tool" --conf "$scratch/with.conf" "$@"; }
mkdir "$scratch/all.d"
for name in partner site words off reason zz-eo; do
	example smtp-explain-catalogue.5 "$name.conf" >"$scratch/$name.conf"
	cp "$scratch/$name.conf" "$scratch/all.d/"
done
with all.d catalogue check >"$scratch/findings" 2>&1
is "examples of catalogues: they load, and the check finds nothing in them" "$(grep -F "$scratch" "$scratch/findings")" ""
with partner.conf message "$scratch/bounce.eml" >"$scratch/out" 2>&1
like "example partner.conf: explains a bounce of that partner" "$scratch/out" 'The warehouse of Partner Ltd counts its stock'
sed '/^host=provider$/d' "$scratch/partner.conf" >"$scratch/partner-try.conf"
with partner-try.conf "451 4.3.0 Closed for stocktaking until Monday" >"$scratch/out" 2>&1
like "example partner.conf: a bare reply without the condition" "$scratch/out" 'partner\.remote-error-stocktaking'
with site.conf --format=json "552" >"$scratch/out" 2>&1
like "example site.conf: the other link" "$scratch/out" '"help":"https://intranet\.example\.com/mail/too-large"'
with site.conf catalogue show reason.mailbox-full >"$scratch/out" 2>&1
like "example site.conf: the other advice" "$scratch/out" 'Call the help desk, extension 4711'
with off.conf catalogue show google.mailbox-full >"$scratch/out" 2>&1
like "example off.conf: the entry is there" "$scratch/out" '^reason +mailbox-full'
unlike "example off.conf: the pattern is gone" "$scratch/out" '^pattern +[^ ]'
with reason.conf "554 5.7.1 content requires export release" >"$scratch/out" 2>&1
like "example reason.conf: the new reason" "$scratch/out" 'reason export-control'
with zz-eo.conf --lang=eo "552 mailbox is full" >"$scratch/out" 2>&1
like "example zz-eo.conf: the translation" "$scratch/out" 'Kio okazis:'
like "example zz-eo.conf: the translated reason" "$scratch/out" 'estas plena'

# Examples of configurations
mkdir "$scratch/smtp-explain.d"
for name in relay lean watch; do
	example smtp-explain.conf.5 "$name.conf" | sed "s,/etc/smtp-explain\.d,$scratch/smtp-explain.d," >"$scratch/$name.conf"
	ok "example $name.conf: is a good configuration" "$milter" --check --conf "$scratch/$name.conf"
done

# Snippets for Postfix
snippet=$contrib/postfix/main.cf.snippet
example smtp-explain-milter.8 main.cf >"$scratch/main.cf"
is "main.cf: page and snippet say the same" "$(grep -v '^#' "$snippet" | grep -v '^$')" "$(cat "$scratch/main.cf")"
if command -v postconf >/dev/null; then
	mkdir "$scratch/postfix"
	cp "$snippet" "$scratch/postfix/main.cf"
	: >"$scratch/postfix/master.cf"
	postconf -c "$scratch/postfix" -n >"$scratch/out" 2>&1
	unlike "main.cf.snippet: Postfix knows every setting" "$scratch/out" 'warning.*(unused|smtp_explain|milter)'
	is "main.cf.snippet: the milter is named to both lists" "$(postconf -c "$scratch/postfix" -xh smtpd_milters non_smtpd_milters 2>/dev/null | grep -c '^{ unix:.*default_action=accept }$')" 2
	filter() { postmap -q "$1" "regexp:$contrib/postfix/header_checks.regexp" 2>&1; }
	is "header_checks.regexp: removes our fields, whatever the case" "$(filter 'X-SMTP-Explain: v=1')$(filter 'x-smtp-explain-summary: call')$(filter 'X-SMTP-Explain : v')" "IGNOREIGNOREIGNORE"
	is "header_checks.regexp: leaves other fields" "$(filter 'X-SMTP-Explainer: x')$(filter 'Subject: X-SMTP-Explain: x')$(filter 'X-X-SMTP-Explain: x')" ""
else
	skip "main.cf.snippet and header_checks.regexp" "no Postfix"
fi

# Unit, as it was built; for systemd-analyze the program has to be there
unit=$scratch/smtp-explain-milter.service
built=$top_builddir/contrib/systemd/smtp-explain-milter.service
like "unit: starts the installed program in the foreground" "$built" '^ExecStart=/.*/smtp-explain-milter --foreground$'
unlike "unit: every place is filled in" "$built" '@[a-z]+@'
sed "s,^ExecStart=.*/,ExecStart=$(cd "$top_builddir" && pwd)/," "$built" >"$unit"
if command -v systemd-analyze >/dev/null; then
	is "unit: no complaint of systemd-analyze verify" "$(systemd-analyze verify --man=no "$unit" 2>&1 | grep -F smtp-explain-milter.service)" ""
else
	skip "unit: no complaint of systemd-analyze verify" "no systemd"
fi

# Rules for rsyslog
if command -v rsyslogd >/dev/null; then
	for rules in "$contrib"/rsyslog/*.conf; do
		sed "s,/etc/rsyslog.d/,$(cd "$contrib/rsyslog" && pwd)/," "$rules" >"$scratch/rsyslog.conf"
		ok "$(basename "$rules"): rsyslog accepts it" rsyslogd -N1 -f "$scratch/rsyslog.conf"
	done
else
	skip "rsyslog accepts its rules" "no rsyslog"
fi

done_testing
