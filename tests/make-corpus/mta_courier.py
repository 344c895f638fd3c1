"""Courier: its daemon with short queue times, mail handed in by its own sendmail command."""
import mta

SETTINGS = {
    'me': 'mx.site.example', 'defaultdomain': 'site.example', 'locals': 'mx.site.example\nlocalhost', 'esmtphelo': 'mx.site.example', 'ipout': '192.0.2.10',
    'dsnfrom': '"Courier mail server at mx.site.example" <@>', 'queuetime': '22s', 'warntime': '6s', 'retryalpha': '4s', 'retrybeta': '1', 'retrygamma': '1',
    'retrymaxdelta': '1', 'esmtptimeout': '4s', 'esmtptimeouthelo': '4s', 'esmtptimeoutconnect': '4s', 'esmtptimeoutdata': '4s', 'esmtpdelay': '3s',
    'esmtptimeoutkeepalive': '0', 'esmtpauthclient': '',
}
PRIVATE = ('allfilters', 'filters', 'msgq', 'msgs', 'track', 'tmp', 'msgs/0', 'faxtmp')


class System(mta.MTA):
    name = 'courier'
    packages = ('courier-mta',)
    users = (('courier', '/var/lib/courier'),)
    own_reasons = {'null-mx': ('recipient-domain-unknown', 'domain-no-mail'),
                   'bare-550': ('unspecified', 'recipient-unknown', 'policy-rejected', 'connection-failed'),
                   # Of these three it says nothing at all.
                   **{name: ('unspecified', 'connection-failed', 'delivery-expired') for name in ('drop-greeting', 'drop-helo', 'hang-greeting')}}
    local = False           # they would need authdaemond
    situations = mta.UNREACHED + mta.DROPS + mta.HANGS + mta.TLS     # an unknown local user and too many hops it refuses at once

    def start(self, house, plan):
        for name, value in SETTINGS.items():
            house.write('etc/courier/' + name, value + '\n')
        house.write('etc/courier/esmtproutes', ''.join('%s.secure.example.net: /SECURITY=REQUIRED\n' % name for name in ('plain', 'busy', 'odd')))
        house.write('etc/courier/aliases/system', ''.join('%s: %s\n' % pair for pair in plan.aliases.items()) + 'postmaster: clerk\n')
        house.run('chown', '-R', 'courier:courier', '/var/lib/courier', '/etc/courier')
        for name in PRIVATE:
            house.folder_of('/var/lib/courier/' + name, 'courier:courier', 0o770)
        house.folder_of('/run/courier', 'courier:courier')
        # What the package's scripts would do after unpacking.
        for name, owner, mode in (('/usr/lib/courier/courier/submitmkdir', 'courier:courier', '4755'), ('/usr/sbin/sendmail', 'root:courier', '2755')):
            house.run('chown', owner, name)
            house.run('chmod', mode, name)
        house.run('ln', '-sf', 'makedat.courier', '/usr/bin/makedat')
        house.run('sh', '-c', 'cd /; makealiases; makeacceptmailfor', check=False, environment={'PATH': '/usr/lib/courier:/usr/sbin:/usr/bin'})
        house.run('courier', 'start', check=False)

    def submit(self, house, case, data):
        notify = ['-N' + case.notify.lower().replace('failure', 'fail')] if case.notify else []
        house.run('/usr/sbin/sendmail', '-f', case.sender, *notify, *(recipient.orig_to or recipient.to for recipient in case.recipients), input=data)
