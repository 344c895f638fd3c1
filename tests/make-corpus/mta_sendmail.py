"""Sendmail 8 with a configuration built from Debian's m4 files: DNS routing, no local mailer but a script, and everything timed in seconds."""
import mta

M4 = '/usr/share/sendmail/cf'
SENDMAIL = '/usr/libexec/sendmail/sendmail'
CONFIGURATION = r'''divert(-1)
include(`/usr/share/sendmail/cf/m4/cf.m4')
divert(0)dnl
OSTYPE(`linux')dnl
define(`confDOMAIN_NAME',`mx.site.example')dnl
define(`confPID_FILE',`/run/sendmail.pid')dnl
define(`QUEUE_DIR',`/var/spool/mqueue')dnl
define(`STATUS_FILE',`/var/spool/mqueue.st')dnl
define(`ALIAS_FILE',`/etc/mail/aliases')dnl
define(`confCW_FILE',`/etc/mail/local-host-names')dnl
define(`confDONT_BLAME_SENDMAIL',`AssumeSafeChown,GroupWritableDirPathSafe,RunProgramInUnsafeDirPath,RunWritableProgram,TrustStickyBit')dnl
define(`confDONT_PROBE_INTERFACES',`True')dnl
define(`confTO_IDENT',`0s')dnl
define(`confPRIVACY_FLAGS',`')dnl
define(`confDELIVERY_MODE',`background')dnl
define(`confMAX_DAEMON_CHILDREN',`0')dnl
define(`confTO_QUEUERETURN',`22s')dnl
define(`confTO_QUEUEWARN',`6s')dnl
define(`confTO_ICONNECT',`4s')dnl
define(`confTO_CONNECT',`4s')dnl
define(`confTO_INITIAL',`4s')dnl
define(`confTO_HELO',`4s')dnl
define(`confTO_MAIL',`4s')dnl
define(`confTO_RCPT',`4s')dnl
define(`confTO_DATAFINAL',`4s')dnl
define(`confTO_HOSTSTATUS',`0s')dnl
define(`confMCI_CACHE_SIZE',`0')dnl
define(`confMAX_HOP',`25')dnl
define(`LOCAL_MAILER_PATH',`/usr/local/bin/deliver')dnl
define(`LOCAL_MAILER_ARGS',`deliver $u')dnl
define(`LOCAL_MAILER_FLAGS',`SPhn9')dnl
define(`LOCAL_SHELL_PATH',`/bin/sh')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`promiscuous_relay')dnl
FEATURE(`no_default_msa')dnl
FEATURE(`access_db', `hash -T<TMPF> /etc/mail/access')dnl
DAEMON_OPTIONS(`Name=MTA,Addr=127.0.0.1,Port=25')dnl
CLIENT_OPTIONS(`Family=inet,Address=192.0.2.10')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
'''
DELIVER = '''#!/bin/sh
case $1 in nobody*) exit 67 ;; esac
mkdir -p /var/mail/new && cat > /var/mail/new/$$
'''


class System(mta.MTA):
    name = 'sendmail'
    packages = ('sendmail-bin', 'sendmail-cf', 'sendmail-base')
    users = (('smmta', '/var/lib/sendmail'), ('smmsp', '/var/lib/sendmail'))
    situations = mta.UNREACHED + mta.DROPS + mta.HANGS + mta.TLS + ('no-user', 'hops', 'pipe')
    # What its own words say where no server refused: the transcript has a code of its own beside the report's status.
    own_codes = {
        'no-user': (('550',), ('5.1.1',)), 'hops': (('554',), ('5.4.6',)), 'no-domain': (('550',), ('5.1.2',)), 'null-mx': (('550',), ('5.1.2',)),
        'pipe': (('550',), ('5.0.0',)), **{name: (('454',), ('4.7.0',)) for name in mta.TLS},
        **{name: (('421', '451'), ('4.4.1',)) for name in mta.DROPS + mta.HANGS},
    }
    own_reasons = {'null-mx': ('recipient-domain-unknown', 'domain-no-mail')}    # "Host unknown (... no data known)

    def start(self, house, plan):
        house.write('etc/mail/sendmail.mc', CONFIGURATION)
        built = house.run('m4', '-D_CF_DIR_=%s/' % M4, '/etc/mail/sendmail.mc', capture_output=True, text=True).stdout
        house.write('etc/mail/sendmail.cf', built.replace('F=lsDFMAw5', 'F=lsDFMA5'))     # no account needed for a local user
        house.write('etc/mail/local-host-names', 'mx.site.example\n')
        house.write('etc/mail/access', ''.join('TLS_Srv:mx.%s.secure.example.net\tENCR:112\n' % name for name in ('plain', 'busy', 'odd')))
        house.write('etc/mail/aliases', ''.join('%s: %s\n' % pair for pair in plan.aliases.items())
                    + 'archive: "|cat >/dev/null; echo archive: cannot create /srv/archive, disk is read-only; exit 73"\npostmaster: clerk\nMAILER-DAEMON: postmaster\n')
        house.write('usr/local/bin/deliver', DELIVER, 0o755)
        house.write('etc/service.switch', 'hosts dns files\naliases files\npasswd files\n')
        house.folder_of('/var/spool/mqueue', 'root:root', 0o700)
        house.folder_of('/var/mail/new', 'root:root', 0o1777)
        house.run('sh', '-c', '/usr/libexec/sendmail/makemap hash /etc/mail/access </etc/mail/access')
        house.run(SENDMAIL, '-C', '/etc/mail/sendmail.cf', '-bi')
        house.spawn(SENDMAIL, '-C', '/etc/mail/sendmail.cf', '-bD', '-q3s')
        house.await_port(25)

    def submit(self, house, case, data):
        if any(recipient.situation == 'hops' for recipient in case.recipients):
            house.run(SENDMAIL, '-C', '/etc/mail/sendmail.cf', '-f', case.sender, *(recipient.to for recipient in case.recipients), input=data, check=False)
        else:
            super().submit(house, case, data)
