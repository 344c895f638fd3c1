"""Postfix, with its own queue, bounce and trace services; every setting that is not the default stands below."""
import re

import mta

SETTINGS = '''
compatibility_level = 3.6
myhostname = mx.site.example
myorigin = $myhostname
mydestination = $myhostname
inet_interfaces = 127.0.0.1
smtp_bind_address = 192.0.2.10
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
maillog_file =
alias_maps = texthash:/etc/postfix/aliases
alias_database =
local_recipient_maps =
mail_spool_directory = /home/
biff = no
smtputf8_enable = yes
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtpd_client_event_limit_exceptions = static:all
smtp_tls_policy_maps = inline:{ .secure.example.net=encrypt }
parent_domain_matches_subdomains =
smtp_tls_security_level = may
smtp_connect_timeout = 4s
smtp_helo_timeout = 4s
smtp_rcpt_timeout = 4s
smtp_data_done_timeout = 4s
smtp_connection_cache_on_demand = no
queue_run_delay = 4s
minimal_backoff_time = 4s
maximal_backoff_time = 8s
maximal_queue_lifetime = 25s
bounce_queue_lifetime = 60s
delay_warning_time = 6s
transport_retry_time = 4s
default_destination_concurrency_failed_cohort_limit = 0
in_flow_delay = 0
'''


class System(mta.MTA):
    name = 'postfix'
    packages = ('postfix',)
    users = (('postfix', '/var/spool/postfix'), ('postdrop', '/nonexistent'))
    situations = mta.UNREACHED + mta.DROPS + mta.HANGS + mta.TLS + ('size-offered', 'no-smtputf8', 'no-user', 'hops', 'pipe')
    patience = 110

    def start(self, house, plan):
        house.run('cp', '/usr/share/postfix/main.cf.debian', '/etc/postfix/main.cf')
        house.run('cp', '/usr/share/postfix/master.cf.dist', '/etc/postfix/master.cf')
        with open(house.path('etc/postfix/master.cf'), encoding='utf-8') as source:
            services = source.read()
        house.write('etc/postfix/master.cf', re.sub(r'(?m)^((?:\S+\s+){3}-\s+)y', r'\1n', re.sub(r'(?m)^((?:\S+\s+){4})y', r'\1n', services)))
        house.write('etc/postfix/main.cf', SETTINGS.lstrip())
        aliases = ''.join('%s %s\n' % pair for pair in plan.aliases.items())
        house.write('etc/postfix/aliases', aliases + 'archive "|cat >/dev/null; echo archive: cannot create /srv/archive, disk is read-only; exit 73"\npostmaster clerk\n')
        house.run('postfix', 'set-permissions', check=False)
        house.run('touch', '-d', '1 hour ago', '/etc/postfix/main.cf', '/etc/postfix/master.cf')
        house.run('postfix', 'start')
        house.await_port(25)

    def submit(self, house, case, data):
        if any(recipient.situation == 'hops' for recipient in case.recipients):
            # smtpd would refuse it at once; what a program on the host hands in is bounced.
            house.run('sendmail', '-f', case.sender, *(recipient.to for recipient in case.recipients), input=data)
        else:
            super().submit(house, case, data)
