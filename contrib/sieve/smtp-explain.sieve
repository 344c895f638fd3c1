# smtp-explain.sieve - files bounces by who can solve them, with the fields that smtp-explain-milter adds. For a user, or as a global script.
#
# Tested: Pigeonhole 0.5 (Dovecot 2.3) of Debian 12, with sieve-test; tests/contrib_sieve.py. Needs RFC 5228, fileinto, mailbox (RFC 5490), imap4flags (RFC 5232).
# Not tested: Cyrus, Stalwart. The separator of folders is "/" here; where your server has ".", change it.
#
# A report may be about several recipients and then has several fields X-SMTP-Explain; a test is true if it is of any of them, so what is urgent comes first.
# The tests look for "; name=value;": the blank and both semicolons are in the field. The address in to="..." is a stranger's: it can hold such a text too, and then the
# worst that happens is that its own bounce lies in another folder. Nothing is discarded here, and nothing should be.
require ["fileinto", "mailbox", "imap4flags"];

# Not a bounce, or one that could not be explained: as always.
if not exists "X-SMTP-Explain" {
    stop;
}

# Somebody else sent it with this address as sender.
if header :contains "X-SMTP-Explain" "; origin=not-ours" {
    fileinto :create "Bounces/Not ours";
    stop;
}

# What our own mail administrators have to solve: on a blocklist, SPF, DKIM, reverse DNS, TLS, ...
if header :contains "X-SMTP-Explain" "; owner=sender-admin;" {
    addflag "\\Flagged";
    fileinto :create "Bounces/For our administrators";
    stop;
}

# The server keeps trying; nobody has to act.
if header :contains "X-SMTP-Explain" "; kind=delay;" {
    fileinto :create "Bounces/Delayed";
    stop;
}

# Addresses to correct or to take off a list.
if header :contains "X-SMTP-Explain" ["; reason=recipient-unknown;", "; reason=recipient-domain-unknown;", "; reason=recipient-inactive;",
                                      "; reason=recipient-moved;", "; reason=domain-no-mail;", "; reason=address-syntax;"] {
    fileinto :create "Bounces/Bad addresses";
    stop;
}

if header :contains "X-SMTP-Explain" "; reason=mailbox-full;" {
    fileinto :create "Bounces/Mailbox full";
    stop;
}

fileinto :create "Bounces/Other";
