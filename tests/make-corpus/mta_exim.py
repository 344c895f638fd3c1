"""Exim 4 with a configuration of its own: DNS routing, an alias file, a queue runner every few seconds and short retry rules."""
import mta

CONFIGURATION = r'''
primary_hostname = mx.site.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = 25
domainlist local_domains = mx.site.example
domainlist nowhere = nowhere.example
acl_smtp_mail = accept
acl_smtp_rcpt = accept
acl_smtp_data = accept
host_lookup =
rfc1413_query_timeout = 0s
dsn_advertise_hosts = *
smtputf8_advertise_hosts =
delay_warning = 6s
delay_warning_condition = yes
bounce_return_size_limit = 20K
received_headers_max = 60
tls_advertise_hosts =
queue_run_in_order = false
remote_max_parallel = 8
smtp_accept_max = 0
syslog_timestamp = no
log_file_path = syslog
keep_environment =
trusted_users = root
message_size_limit = 50M

begin routers
dnslookup:
  driver = dnslookup
  domains = ! +local_domains
  transport = remote
  no_more
alias:
  driver = redirect
  data = ${lookup{$local_part}lsearch{/etc/exim4/aliases}}
  pipe_transport = pipe
user:
  driver = accept
  check_local_user
  transport = mailbox

begin transports
remote:
  driver = smtp
  interface = 192.0.2.10
  hosts_require_tls = *.secure.example.net
  hosts_try_chunking =
  connect_timeout = 4s
  command_timeout = 4s
  data_timeout = 4s
  final_timeout = 4s
  max_rcpt = 100
mailbox:
  driver = appendfile
  directory = /home/$local_part/Maildir
  maildir_format
pipe:
  driver = pipe
  return_fail_output
  user = mail

begin retry
* * F,22s,4s
'''


class System(mta.MTA):
    name = 'exim'
    packages = ('exim4-daemon-light',)
    users = (('Debian-exim', '/var/spool/exim4'),)
    situations = mta.UNREACHED + mta.DROPS + mta.HANGS + mta.TLS + ('no-user', 'hops', 'pipe')
    own_reasons = {'no-user': ('recipient-unknown', 'recipient-domain-unknown'), 'hops': ('mail-loop', 'unspecified')}    # "Unrouteable address"; nothing at all

    def start(self, house, plan):
        house.write('etc/exim4/exim4.conf', CONFIGURATION)
        aliases = ''.join('%s: %s\n' % pair for pair in plan.aliases.items())
        house.write('etc/exim4/aliases', aliases + 'archive: "|/bin/sh -c \'cat >/dev/null; echo archive: cannot create /srv/archive: disk is read-only; exit 69\'"\n')
        house.folder_of('/var/spool/exim4', 'Debian-exim:Debian-exim')
        house.folder_of('/var/log/exim4', 'Debian-exim:Debian-exim')
        house.run('chmod', 'u+s', '/usr/sbin/exim4')
        house.spawn('exim4', '-bdf', '-q3s')
        house.await_port(25)

    def submit(self, house, case, data):
        if any(recipient.situation == 'hops' for recipient in case.recipients):
            house.run('exim4', '-f', case.sender, '-oem', *(recipient.to for recipient in case.recipients), input=data, check=False)
        else:
            super().submit(house, case, data)
