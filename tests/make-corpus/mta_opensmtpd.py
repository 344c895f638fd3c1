"""OpenSMTPD, whose reports are multipart/mixed and whose queue waits for minutes unless it is told to try.

When it gives up it still says "Action: delayed", "for more than 0 seconds", "Envelope expired", and that nobody needs to send again: the truth is what a reader is told, a delay.
"""
import mta

CONFIGURATION = '''
table aliases file:/etc/mail/aliases
queue ttl 24s
bounce warn-interval 6s
smtp max-message-size 50M
listen on 127.0.0.1 port 25
action "local" maildir "/home/%{user.username}/Maildir" alias <aliases>
action "relay" relay src 192.0.2.10
action "secure" relay src 192.0.2.10 tls
match from any for domain "mx.site.example" action "local"
match from any for domain { "plain.secure.example.net", "busy.secure.example.net", "odd.secure.example.net" } action "secure"
match from any for any action "relay"
'''


class System(mta.MTA):
    name = 'opensmtpd'
    packages = ('opensmtpd',)
    users = (('opensmtpd', '/var/empty'), ('opensmtpq', '/var/empty'))
    # An unknown local user and too many hops it refuses at once; and the ends of all that passes are alike, so some will do.
    situations = mta.UNREACHED + ('drop-greeting', 'drop-end', 'tls-missing', 'tls-refused', 'size-offered', 'pipe')
    skipped = ('reputation-greeting', 'rate-yahoo', 'rate-mail', 'helo-plain', 'helo-temporary', 'ptr-postfix', 'remote-resources', 'remote-storage')
    silent_end = True
    delays = 100            # and so the only answer to whatever is temporary
    silent_reasons = ('delivery-expired',)
    patience = 45           # what expires is said to be delayed, and so never complete
    own_reasons = {'pipe': ('local-delivery-error', 'remote-error'),
                   **{name: ('delivery-expired',) for name in situations if name not in ('no-domain', 'size-offered', 'pipe')}}

    def start(self, house, plan):
        house.write('etc/smtpd.conf', CONFIGURATION)
        house.write('etc/mail/aliases', ''.join('%s: %s\n' % pair for pair in plan.aliases.items()) + 'archive: "|exit 69"\n')
        for folder in ('/var/empty', '/run/opensmtpd/empty', '/var/lib/opensmtpd/empty', '/var/spool/smtpd'):
            house.folder_of(folder, mode=0o711 if folder == '/var/spool/smtpd' else 0o755)
        house.run('chgrp', 'opensmtpq', '/usr/sbin/smtpctl')
        house.run('chmod', '2755', '/usr/sbin/smtpctl')
        house.spawn('smtpd', '-d', '-f', '/etc/smtpd.conf')
        house.await_port(25)

    def tick(self, house):
        house.run('smtpctl', 'schedule', 'all', check=False, capture_output=True)
