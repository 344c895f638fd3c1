#!/bin/sh
# check-tool.sh - smtp-explain(1) as a person or a script uses it: answers, errors, exit statuses, bad input.
top_srcdir=${top_srcdir:-.}
top_builddir=${top_builddir:-.}
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
tool="$top_builddir/smtp-explain --conf /dev/null"
bounce=$top_srcdir/tests/readme.eml

# run STATUS NAME ARGUMENTS...: standard output in $scratch/out, standard error in $scratch/err
run() {
	wanted=$1 about=$2
	shift 2
	# shellcheck disable=SC2086
	$tool "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	is "$about: exit status" "$?" "$wanted"
}

run 0 "a code" 550
like "a code: says what it means" "$scratch/out" "550 means"
like "a code: says who can solve it and what to do" "$scratch/out" "Who can solve it"
run 0 "an enhanced code" 5.7.1
run 0 "a reply line" "550 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org"
like "a reply line: the text wins over the number" "$scratch/out" "ip-blocklisted"
run 0 "a reply line in several words" 452 4.2.2 mailbox full
like "a reply line in several words: is read as one" "$scratch/out" "mailbox-full"
for code in 220 221 250 251 252 421 450 451 452 500 501 502 503 504 550 551 552 553 554; do
	run 0 "common code $code" "$code"
done
run 0 "json of a code" --format=json 550
like "json of a code: kind is null, to is null" "$scratch/out" '"kind":null.*"to":null'
like "json of a code: the rule is the number's" "$scratch/out" '"rule":"code.550"'
run 0 "json of a reply with text" --format=json "550 5.1.1 The email account that you tried to reach does not exist. https://support.google.com/mail/?p=NoSuchUser"
like "json of a reply with text: the rule rests on text" "$scratch/out" '"rule":"google.recipient-unknown"'
run 0 "why" --why 5.1.1
like "why: says what won" "$scratch/out" "won.*dsn.5.1.1"
run 0 "german" --lang=de 550
like "german: is german" "$scratch/out" "Was passiert ist"
run 1 "nothing to explain" "? !"
run 1 "nothing to explain, not even a word" " "
run 0 "a sentence of which nothing is known" --format=json "Seven green ducks"
like "a sentence of which nothing is known: gets an answer" "$scratch/out" '"reason":"unspecified"'
run 64 "a mistyped command" mesage
like "a mistyped command: is named" "$scratch/err" "mesage: no such command"
run 64 "no argument"
run 64 "an unknown option" --frmat=json 550
run 64 "an unknown format" --format=yaml 550
run 0 "help" --help
like "help: lists the commands" "$scratch/out" "catalogue check"
run 0 "version" --version

run 0 "a bounce" message "$bounce"
is "a bounce: fits an 80-column terminal" "$(awk 'NR > 1 && length($0) > 80' "$scratch/out")" ""
like "a bounce: says what happened" "$scratch/out" "Google has no mailbox"
run 0 "a bounce as json" message --format=json "$bounce"
is "a bounce as json: one line" "$(wc -l <"$scratch/out")" 1
ok "a bounce as json: every key of the contract, in order" python3 - "$scratch/out" <<'END'
import json, sys
record = json.load(open(sys.argv[1]))
assert list(record)[:7] == ['v', 'file', 'kind', 'dialect', 'reporter', 'original', 'recipients'], list(record)
assert list(record['original'])[:3] == ['message_id', 'subject', 'from'], record['original']
wanted = 'to orig_to action code dsn class reason owner provider rule confidence origin remote diagnostic id summary advice help'.split()
assert list(record['recipients'][0])[:len(wanted)] == wanted, list(record['recipients'][0])
assert record['recipients'][0]['code'] == '550' and record['recipients'][0]['dsn'] == '5.1.1'
END
run 0 "a bounce as html" message --format=html "$bounce"
like "a bounce as html: is a page" "$scratch/out" "</html>"
unlike "a bounce as html: no script, no remote resource" "$scratch/out" "<script|src=|url\("

printf '' >"$scratch/empty"
head -c 100000 /dev/urandom >"$scratch/binary"
printf 'Subject: no body\n' >"$scratch/header-only"
{ cat "$bounce"; head -c 52428800 /dev/zero | tr '\0' 'x'; } >"$scratch/huge"
mkdir "$scratch/folder"
for name in empty binary header-only; do
	run 1 "$name file" message --format=json "$scratch/$name"
	like "$name file: kind none" "$scratch/out" '"kind":"none"'
	run 1 "$name file as text" message "$scratch/$name"
	like "$name file as text: says so" "$scratch/out" "."
	ok "$name file: annotate and strip give back the bytes" sh -c "$tool annotate '$scratch/$name' | $tool strip | cmp - '$scratch/$name'"
done
run 0 "a message of 50 MB" message --format=json "$scratch/huge"
like "a message of 50 MB: is explained from its beginning" "$scratch/out" '"reason":"recipient-unknown"'
ok "a message of 50 MB: annotate and strip give back the bytes" sh -c "$tool annotate '$scratch/huge' | $tool strip | cmp - '$scratch/huge'"
ok "a message of 50 MB: fields only, and they say why" sh -c "$tool annotate '$scratch/huge' | head -n 20 | tr -d '\n' | grep -q 'annotated=headers (truncated)'"
rm -f "$scratch/huge"
run 66 "a missing file" message "$scratch/missing"
like "a missing file: is named" "$scratch/err" "missing: No such file"
run 66 "a folder that is no Maildir" message "$scratch/folder"
like "a folder that is no Maildir: says so" "$scratch/err" "is a directory, but no Maildir"
run 66 "a missing file among others" message --format=json "$scratch/missing" "$bounce"
is "a missing file among others: the others are answered" "$(wc -l <"$scratch/out")" 1
run 66 "annotate a missing file" annotate "$scratch/missing"
run 64 "annotate two files" annotate "$bounce" "$bounce"
run 64 "message without a file" message

mkdir -p "$scratch/maildir/cur" "$scratch/maildir/new"
cp "$bounce" "$scratch/maildir/cur/1:2,S"
cp "$scratch/header-only" "$scratch/maildir/new/2"
run 0 "a Maildir" message --format=json "$scratch/maildir"
is "a Maildir: a line a message" "$(wc -l <"$scratch/out")" 2
{
	echo "From MAILER-DAEMON Mon Nov 23 12:00:00 2026"
	cat "$bounce"
	echo
	echo "From ann@site.example Mon Nov 23 12:00:01 2026"
	printf 'Subject: hello\n\nFrom here on: 12:00 2026\n'
} >"$scratch/mbox"
run 0 "an mbox" message --format=json "$scratch/mbox"
is "an mbox: numbered messages" "$(grep -o '"message":[0-9]*' "$scratch/out" | tr '\n' ' ')" '"message":1 "message":2 '
{
	echo "From MAILER-DAEMON Mon Nov 23 12:00:00 2026"
	printf 'Subject: bounce\n\nbounced mail:\n\nFrom ann@site.example Mon Nov 23 12:00:01 2026\nSubject: hello\n'
} >"$scratch/quoting"
run 1 "a message that quotes one with its From line" message --format=json "$scratch/quoting"
is "a message that quotes one with its From line: is one message" "$(wc -l <"$scratch/out")" 1
ok "standard input" sh -c "$tool message - <'$bounce' | grep -q 'Google has no mailbox'"

printf '[annotate]\nhost = mx.site.example\n' >"$scratch/conf"
run 0 "config" config
like "config: prints every section" "$scratch/out" '^\[milter\]'
"$top_builddir/smtp-explain" --conf "$scratch/conf" config >"$scratch/out" && like "config: prints what the file says" "$scratch/out" '^host = mx.site.example'
printf '[annotate]\nhots = mx\n' >"$scratch/conf"
"$top_builddir/smtp-explain" --conf "$scratch/conf" config >"$scratch/out" 2>"$scratch/err"
is "a bad configuration: exit status" "$?" 78
like "a bad configuration: file, line, section and key" "$scratch/err" 'conf:2: \[annotate\] hots: '
printf '[google.recipient-unknown]\nadvise = Call 1234\n' >"$scratch/site.conf"
printf '[catalogue]\nfiles = %s\n' "$scratch/site.conf" >"$scratch/conf"
"$top_builddir/smtp-explain" --conf "$scratch/conf" 550 >"$scratch/out" 2>"$scratch/err"
is "a bad catalogue file: exit status" "$?" 65
printf 'no section\n' >"$scratch/broken.conf"
printf '[catalogue]\nfiles = %s\n' "$scratch/broken.conf" >"$scratch/conf2"
"$top_builddir/smtp-explain" --conf "$scratch/conf2" 550 >"$scratch/out" 2>"$scratch/err2"
is "a catalogue file of bad syntax: exit status" "$?" 65
like "a catalogue file of bad syntax: file and line" "$scratch/err2" 'broken.conf:1: '
like "a bad catalogue file: file, line, section and key" "$scratch/err" 'site.conf:2: \[google.recipient-unknown\] advise: '
printf '[google.recipient-unknown]\nadvice = Call 1234\n' >"$scratch/site.conf"
"$top_builddir/smtp-explain" --conf "$scratch/conf" message "$bounce" >"$scratch/out"
like "the site's own words replace a single key" "$scratch/out" "Call 1234"
like "and leave the others" "$scratch/out" "Google has no mailbox"

run 0 "catalogue check" catalogue check
run 0 "catalogue list" catalogue list
ok "catalogue list: all of it" test "$(wc -l <"$scratch/out")" -gt 1000
run 0 "catalogue list of a provider and a reason" catalogue list google mailbox-full
like "catalogue list of a provider and a reason: an entry" "$scratch/out" '^google.mailbox-full '
ok "catalogue list of a provider and a reason: no other" test "$(grep -vc '^google.mailbox-full' "$scratch/out")" = 0
run 1 "catalogue list of nothing" catalogue list google no-such-word
run 0 "catalogue show of a reason's name" catalogue show mailbox-full
like "catalogue show of a reason's name: the reason" "$scratch/out" '^\[reason.mailbox-full\]'
run 0 "catalogue show" catalogue show google.recipient-unknown
like "catalogue show: the pattern" "$scratch/out" "^pattern"
run 0 "catalogue show of a rule's word" catalogue show dsn.5.1.1
run 1 "catalogue show of nothing" catalogue show no.such-entry
printf '[catalogue]\nfiles = %s\n' "$scratch/domain.conf" >"$scratch/domain-words.conf"
printf '[reason.mailbox-full@example.net]\nadvice=Call extension 4711.\n' >"$scratch/domain.conf"
run 0 "catalogue show of the words for a domain" --conf="$scratch/domain-words.conf" catalogue show reason.mailbox-full@example.net
like "catalogue show of the words for a domain: the words" "$scratch/out" "^advice  *Call extension 4711"

log=$top_srcdir/tests/report/small.mail-log
run 0 "report" report "$log"
like "report: a number with its bar" "$scratch/out" "unspecified +2 +40.0 % "
run 0 "unknown" unknown "$log"
like "unknown: a reply without its numbers" "$scratch/out" "for <number> days"
run 66 "report of a missing file" report "$scratch/missing"
run 64 "report of an unknown time" report --since=whenever "$log"
ok "report of standard input" sh -c "$tool report - <'$log' | grep -q '^Reasons'"
ok "report to a full disk is an error" sh -c "! $tool report '$log' >/dev/full 2>/dev/null"

ok "a full disk is an error" sh -c "! $tool annotate '$bounce' >/dev/full 2>/dev/null"
ok "strip gives back the original" sh -c "$tool annotate '$bounce' | $tool strip | cmp - '$bounce'"
done_testing
