/* facts-table.c - how replies state facts: the patterns, and the words without which none of them is tried.
 *
 * A new way is one row here and one line in tests/facts.test. No pattern may have a repetition without bound inside of another one.
 */
#include "facts.h"

#define IP "(?:ipv6:)?((?<![\\d.])(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\d.]*[\\da-z])|(?<![0-9a-f:])[0-9a-f]{0,4}:[0-9a-f:.]{2,41})"
#define HOST "([a-z0-9_](?:[a-z0-9_-]{0,62}\\.)+[a-z][a-z0-9-]{1,62})(?![\\w@])"
#define MAIL "<?((?<![\\w.@])[^\\s<>()\\[\\]\"',;:@]{1,64}@[a-z0-9](?:[a-z0-9-]{0,62}\\.)+[a-z][a-z0-9-]{1,62})(?![\\w@])>?"
#define SIZE "(\\d{1,3}(?:[,.]\\d{3}){1,4}(?![\\d.,]*\\d)|\\d{1,15}(?:[.,]\\d{1,2})?)(?!\\.?\\d) ?(bytes?\\b|octets?\\b|[kmg]i?b(?:ytes?)?\\b|[kmg]\\b|(?:kilo|mega|giga)bytes?\\b)?"
#define TIME "(\\d{1,6}) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|days?)\\b"
#define LIST "(?:black|block|deny|rbl|dnsbl|rhsbl)[ -]?(?:list(?:ed)?)?"

/* Zones and sites of blocklists, by which a bare name in a text or link is known. */
#define ZONES "(?:spamhaus\\.(?:org|net)|spamcop\\.net|barracudacentral\\.org|barracuda\\.com|surbl\\.org|uribl\\.com|uceprotect\\.net|abuseat\\.org|mailspike\\.(?:net|org)|" \
	"invaluement\\.com|sorbs\\.net|spamrats\\.com|surriel\\.com|psbl\\.org|backscatterer\\.org|manitu\\.net|senderscore\\.(?:org|com|net)|abusix\\.(?:com|zone)|blocklist\\.de|" \
	"junkemailfilter\\.com|spfbl\\.net|mail-abuse\\.(?:com|org)|csi\\.cloudmark\\.com|spamrl\\.com|gbudb\\.net|s5h\\.net|0spam\\.org|nszones\\.com|interserver\\.net)"
#define NAMES "(?-i:(Spamhaus(?: (?:ZEN|SBL|XBL|PBL|CSS|DBL|DROP))?|SpamCop|Barracuda(?: Reputation Block List)?|SORBS|UCEPROTECT(?:L\\d)?|Abusix|Mailspike|Invaluement|SURBL|URIBL|" \
	"SpamRATS|PSBL|CBL|Backscatterer|SPFBL|SenderScore|NiX Spam|Trend Micro RBL\\+?))"

const struct fact_pattern fact_patterns[] = {
	{FACT_LISTED_IP, NULL, "(?:client|host|server|sender|connection|mail|ip)(?: host| address| ip| from| client)?(?: \\w{1,40}(?:\\.[\\w-]{1,60}){1,6})? ?[\\[(]?" IP "[\\])]?,? "
		"(?:\\w+ ){0,4}?(?:blocked|" LIST "|listed|banned|found|denied|rejected)"},
	{FACT_LISTED_IP, NULL, IP "[\\])]?(?: \\([^)]{1,80}\\))?[:,]? (?:\\w+ ){0,6}?(?:(?:black|block|deny)[- ]?list|listed|blocked|banned)"},
	{FACT_LISTED_IP, NULL, "messages from \\[?" IP "\\]? weren't sent"},
	{FACT_LISTED_IP, NULL, "[?&;/](?:ip|ipr|ip_address|ipaddr|addr|address|client_addr|query|q|lookup)[=/]" IP},
	{FACT_LISTED_IP, NULL, "(?:query/ip|sbl|bl\\.shtml|check|lookup\\.\\w{2,4}|rblcheck\\.php)[/?]" IP},
	{FACT_LISTED_IP, NULL, "\\.(?:com|org|net|de)/[\\w./-]{0,60}\\?" IP},
	{FACT_LISTED_IP, NULL, "\\[" IP "(?: +\\d+)?\\].{0,200}reputation of the sending (?:ip|server)"},
	{FACT_LISTED_IP, NULL, "(?:listed|blocked|blacklisted|banned|denied|reputation|" LIST ")\\b[^\\[\\d]{0,60}[\\[(]" IP "[\\])]"},
	{FACT_LISTED_IP, NULL, "(?:your|the|from|for|sending|source|client)(?: mail)? (?:ip|host|server)(?: address)?(?: is|:)? ?[\\[(]?" IP},
	{FACT_LISTED_IP, NULL, "\\bip(?: address)?[ :=]{1,2}[\\[(<]?" IP},
	{FACT_LISTED_IP, NULL, "\\b(?:from|client) [\\[(<]?" IP},
	{FACT_LISTED_IP, NULL, "< ?" IP " ?>[ _]is[ _]blocked"},

	{FACT_LISTED_DOMAIN, NULL, "sender address \\[[^\\]@ ]{0,64}@" HOST "\\] blocked using"},
	{FACT_LISTED_DOMAIN, NULL, "(?:helo command|sender domain|unverified client host|client host|domain|from) [\\[(<\"']" HOST "[\\])>\"'] (?:\\w+ ){0,4}?(?:blocked using|listed|" LIST "list)"},
	{FACT_LISTED_DOMAIN, NULL, "(?:domain|url|uri|link|host|hostname|helo)(?: name)?[ :] ?[\\[(<\"']?" HOST "[\\])>\"']?,? (?:\\w+ ){0,4}?(?:listed|black-?listed|block-?listed|blocked using)"},
	{FACT_LISTED_DOMAIN, NULL, "/query/(?:domain|dbl|host)/" HOST},
	{FACT_LISTED_DOMAIN, NULL, "[?&;](?:domain|dbl|d|host|hostname|url)=" HOST},
	{FACT_LISTED_DOMAIN, NULL, "(?:black-?listed|listed|blocked) (?:url|uri|domain|link|host|hostname)s?(?: \\w+){0,3}[.:]? ?[\\[(<\"']?" HOST},
	{FACT_LISTED_DOMAIN, NULL, "contains (?:an? |the )?(?:\\w+ )?(?:url|uri|domain|link)s?:? [\\[(<\"']?" HOST},

	{FACT_BLOCKLIST, NULL, "blocked (?:using|by) (?:the )?(?:dnsbl |rbl |list )?" HOST},
	{FACT_BLOCKLIST, NULL, "listed (?:in|on|at|by|with|under|via)(?: the)?(?: " LIST "| list| zone)?:? ?(?:https?://)?" HOST},
	{FACT_BLOCKLIST, NULL, "\\b(?:rbl|dnsbl|rhsbl|blacklist|blocklist|block list|black list)(?: at| by| of| on| in| zone| named)?[:=]? ?[\\[(\"']?" HOST},
	{FACT_BLOCKLIST, NULL, "\\b((?:[a-z0-9-]{1,40}\\.){0,3}" ZONES ")\\b"},
	{FACT_BLOCKLIST, NULL, "\\b" NAMES "(?![\\w-])"},
	{FACT_BLOCKLIST, NULL, "(?<!not )listed (?:in|on|at|by) (?:the )?(?-i:([A-Z][A-Za-z0-9+-]{2,30}(?: [A-Z][A-Za-z0-9+-]{1,30}){0,4}))"},
	{FACT_BLOCKLIST, NULL, "blocked using (?:the )?(?-i:([A-Z][A-Za-z0-9+-]{2,30}(?: [A-Z][A-Za-z0-9+-]{1,30}){0,4}))"},

	{FACT_SIZE_LIMIT, NULL, "size limit(?: of| is| =|:|=)? ?[(]?" SIZE},
	{FACT_SIZE_LIMIT, NULL, "(?:message|transport|attachment|mail|e-?mail) limit(?: of| is| =|:|=)? ?[(]?" SIZE},
	{FACT_SIZE_LIMIT, NULL, "max(?:imum)?(?: allowed| permitted| accepted| supported| message| mail| e-?mail| total| attachment){0,4} size(?: allowed| permitted| accepted)?(?: of| is| =|:|=)? ?[(]?" SIZE},
	{FACT_SIZE_LIMIT, NULL, "(?:larger|bigger|greater) than (?:the )?(?:\\w+ ){0,5}?[(]?" SIZE},
	{FACT_SIZE_LIMIT, NULL, "exceed\\w{0,3} (?:the |our |my |its )?(?:\\w+ ){0,5}?(?:limit|maximum|max)(?: size| of| is|:){0,2} ?[(]?" SIZE},
	{FACT_SIZE_LIMIT, NULL, "(?:limit|limited|maximum|max)(?: to| of| is| =|:|=) ?[(]?" SIZE},
	{FACT_SIZE_LIMIT, NULL, "(?:too (?:large|big)|exceeds?)[^\\d]{0,20}\\(" SIZE " (?:max|limit|allowed)"},

	{FACT_MESSAGE_SIZE, NULL, "(?:message|mail|e-?mail|content)(?: file)? size(?: of|:)? ?[(]?" SIZE "[)]? (?:bytes )?(?:exceeds|is (?:larger|bigger|greater|too)|>|larger|over)"},
	{FACT_MESSAGE_SIZE, NULL, "(?:message|mail|e-?mail)(?: is| was)? too (?:large|big)[:,]? [(]?(?:size |is )?" SIZE "(?! (?:max|limit|allowed))"},
	{FACT_MESSAGE_SIZE, NULL, "(?:your |the |this )(?:message|mail|e-?mail)(?: size)?(?: is| has| was|'s size is) [(]?" SIZE},
	{FACT_MESSAGE_SIZE, NULL, "(?<!max )(?<!maximum )(?<!allowed )(?<!message )\\bsize(?: of (?:your |the |this )?(?:message|mail|e-?mail))?(?:=| is | was |: ?| of )[(]?" SIZE},
	{FACT_MESSAGE_SIZE, NULL, "\\(" SIZE "\\) exceeds"},

	{FACT_QUOTA, NULL, "quota(?: limit| size)?(?: of| is| =|:|=)? ?[(]?" SIZE},
	{FACT_QUOTA, NULL, "(?:mailbox|inbox|storage|account)(?: size| storage)?(?: limit| quota| capacity)(?: of| is| =|:|=)? ?[(]?" SIZE},
	{FACT_QUOTA, NULL, "(?:mailbox|quota|inbox|storage)[^\\d]{0,60}\\d{1,15}(?:[.,]\\d{1,2})? ?[kmg]?i?b?(?:ytes)? ?(?:of|/|out of) ?" SIZE},
	{FACT_QUOTA, NULL, "exceed\\w{0,3} (?:its |the |his |their )?(?:\\w+ ){0,2}?[(]?" SIZE " (?:mailbox |storage |disk )?(?:quota|limit)"},

	{FACT_RETRY_UNTIL, NULL, "(?:retried|retry|retrying|try|trying|attempted|attempts|delivery)(?: \\w+){0,6} until:? ((?:[a-z]{3,9},? )?\\d[\\w:+/., -]{6,46}[\\w)])"},
	{FACT_RETRY_UNTIL, NULL, "(?:returned|bounced|given up|expires?|give up)(?: \\w+){0,4} (?:on|at|after):? ((?:[a-z]{3},? )?\\d[\\w:+/, -]{9,46}[\\w)])"},

	{FACT_RETRY_AFTER, NULL, "(?:try|retry|come back|resend|send|grey ?list\\w{0,3}|gray ?list\\w{0,3}|wait|delayed|deferred)(?: it| again| your \\w+| this \\w+| later| back| message| delivery| mail){0,3},?(?: in| after| for| within| at least| about){1,3} " TIME},
	{FACT_RETRY_AFTER, NULL, "(?:retry|come back|try again)(?: in| after)? ((?:\\d{1,2}:){2}\\d{2})()"},
	{FACT_RETRY_AFTER, NULL, "\\b(?:in|after|wait) " TIME "(?: and)?(?:,? (?:please |before )?(?:try|retry|resend|come back|sending))"},

	{FACT_NEW_ADDRESS, NULL, "(?:moved|changed|renamed)(?: \\w+){0,4} to:? " MAIL},
	{FACT_NEW_ADDRESS, NULL, "new (?:e-?mail |mail )?address(?: is| of \\w+ is|:| =)? ?" MAIL},
	{FACT_NEW_ADDRESS, NULL, "(?:try|use|forward-path|send(?: \\w+){0,4} to|write to|mail to|forward(?:ed)? to|replaced by|now|is now)(?: \\w+){0,3}?:? " MAIL},

	{FACT_AUTH_DOMAIN, NULL, "mail from domain \\[" HOST "\\]"},
	{FACT_AUTH_DOMAIN, NULL, "unauthenticated (?:e-?)?mail from " HOST},
	{FACT_AUTH_DOMAIN, NULL, "spf \\[" HOST "\\]"},
	{FACT_AUTH_DOMAIN, NULL, "send(?:ing|er)(?:'s)? domain[:,]? \\[?" HOST},
	{FACT_AUTH_DOMAIN, NULL, "(?:dmarc|spf|dkim)(?: policy| record| check| verification)?(?: failed| fail)?(?: of| for|:)(?: domain)? ?[\\[<(]?(?:[^\\s@<>\\[(]{1,64}@)?" HOST},
	{FACT_AUTH_DOMAIN, NULL, "(?:send|sent|mail|sender|permitted)(?: e-?mail| mails?| messages?)? (?:from|for) [\\[<(]?(?:[^\\s@<>\\[(]{1,64}@)?" HOST},
	{FACT_AUTH_DOMAIN, NULL, "domain of (?:[^\\s@<>\\[(]{1,64}@)?" HOST},
	{FACT_AUTH_DOMAIN, NULL, "[?&;](?:id|sender|domain)=(?:[^&;\\s@%]{0,64}(?:@|%40))?" HOST},
	{FACT_AUTH_DOMAIN, NULL, "\\bdomain[: =]{1,2}[\\[(\"'<]?" HOST},
	{FACT_AUTH_DOMAIN, NULL, "[;\\s(](?:d|header\\.d|header\\.from|smtp\\.mailfrom)=(?:[^\\s@;]{0,64}@)?" HOST},
	{FACT_AUTH_DOMAIN, NULL, "\\[?" HOST "\\]? (?:does not|doesn't|did not) (?:pass|designate|permit|allow|authori[sz]e)"},

	{FACT_TLS_CAUSE, "certificate-expired", "certificate[^;]{0,60}expired"},
	{FACT_TLS_CAUSE, "name-mismatch", "certificate-host-mismatch|(?:certificate|hostname|host name|common name)[^;]{0,60}(?:mismatch|not match|n't match)"},
	{FACT_TLS_CAUSE, "dane", "\\bdane\\b|\\btlsa\\b|tlsa-invalid"},
	{FACT_TLS_CAUSE, "mta-sts", "mta-sts|\\bsts[- ](?:policy|webpki)"},
	{FACT_TLS_CAUSE, "not-trusted", "un-?trusted ?(?:root|certificate|issuer|ca\\b)|certificate[^.;]{0,40}not trusted|self[- ]signed|certificate verif\\w{2,7} fail|verify[^.;]{0,30}certificate|unknown ca\\b"},
	{FACT_TLS_CAUSE, "not-offered", "(?:did|does) not (?:offer|support|advertise) (?:tls|starttls|encryption|it\\b)|n't (?:offer|support) (?:tls|starttls)|starttls-not-supported|must support tls|"
		"(?:tls|starttls)[^.;]{0,30}(?:not (?:available|supported|offered)|unavailable)|required,? but not (?:supported|offered)"},
	{FACT_TLS_CAUSE, "required", "must issue a starttls|(?:tls|starttls|ssl|encryption)(?: connection| session)?(?: is)? (?:required|mandatory)|requires? (?:\\w+ ){0,3}?(?:tls|starttls|encryption)|sent over a tls"},
	{FACT_TLS_CAUSE, "handshake", "(?:tls|ssl|starttls)[^.;]{0,40}(?:handshake|negotiation|fail|error)|(?:cannot|could not|failed to) (?:start|negotiate) (?:tls|ssl)"},
};

const size_t fact_patterns_count = sizeof fact_patterns / sizeof fact_patterns[0];

static const char *const listing[] = {"listed", "blocked", "block list", "black list", "blacklist", "blocklist", "dnsbl", "rbl", "spamhaus", "spamcop", "reputation", "banned", "weren't sent", NULL};
static const char *const size[] = {"size", "too large", "too big", "larger", "bigger", "exceed", "limit", NULL};
static const char *const quota[] = {"quota", "mailbox", "storage", "inbox", NULL};
static const char *const until[] = {"until", "returned", "expire", "give up", NULL};
static const char *const after[] = {"try", "back in", "greylist", "graylist", "grey list", "resend", "wait", "delayed for", "deferred for", NULL};
static const char *const moved[] = {"moved", "new address", "new email", "new e-mail", "new mail", "not local", "changed", "renamed", "no longer", "5.1.6", "forward", "551 ", NULL};
static const char *const authentication[] = {"spf", "dkim", "dmarc", "sender policy", "authentic", NULL};
static const char *const encryption[] = {"tls", "ssl", "certificate", "dane", "-sts", NULL};

const char *const *const fact_gates[FACTS] = {
	[FACT_LISTED_IP] = listing, [FACT_LISTED_DOMAIN] = listing, [FACT_BLOCKLIST] = listing, [FACT_SIZE_LIMIT] = size, [FACT_MESSAGE_SIZE] = size, [FACT_QUOTA] = quota,
	[FACT_RETRY_UNTIL] = until, [FACT_RETRY_AFTER] = after, [FACT_NEW_ADDRESS] = moved, [FACT_AUTH_DOMAIN] = authentication, [FACT_TLS_CAUSE] = encryption,
};
