"""Haraka, from the npm registry: a plugin of three lines lets it relay, the rest is its own outbound queue, which splits a message by recipient domain."""
import mta

PLUGIN = '''exports.register = function () { this.register_hook('connect', 'relay'); this.register_hook('rcpt', 'accept'); };
exports.relay = function (next, connection) { connection.relaying = true; next(); };
exports.accept = function (next) { next(OK); };
'''
SETTINGS = {'smtp.ini': 'listen=127.0.0.1:25\nnodes=0\n', 'me': 'mx.site.example\n', 'plugins': 'relay_everything\n',
            'outbound.ini': 'enable_tls=true\nconnect_timeout=4\ntemp_fail_intervals=5s,5s\nlocal_mx_ok=true\ninet_prefer=v4\nreceived_header=Haraka outbound\n',
            'host_list': 'nowhere.example\n', 'loglevel': 'INFO\n',
            'tls.ini': '[outbound]\n' + ''.join('force_tls_hosts[]=%s.secure.example.net\n' % name for name in ('plain', 'busy', 'odd'))}


class System(mta.MTA):
    name = 'haraka'
    npm = ('Haraka@3.3.4',)
    situations = mta.UNREACHED + ('drop-greeting', 'drop-rcpt', 'drop-end') + mta.TLS
    aliases = False
    # In the comment of a Status field it puts a code that no server said: reporting it and not reporting it are both right.
    own_codes = {**{name: ((None, '550'), ()) for name in situations if name not in ('tls-missing', 'tls-refused')},
                 'tls-refused': (('454',), ('4.7.0',)), 'null-mx': ((None, '556'), ()), 'no-answer': ((None, '450'), ())}
    own_reasons = {'bare-550': ('unspecified', 'recipient-unknown', 'policy-rejected', 'remote-error', 'protocol-error'),
                   'tls-garbage': ('connection-failed', 'delivery-expired', 'tls')}
    notices = False

    def start(self, house, plan):
        house.folder_of('/srv/haraka/queue')
        house.folder_of('/srv/haraka/config')
        for name in ('connection.ini', 'outbound.bounce_message'):
            house.run('cp', '/opt/haraka/node_modules/Haraka/config/' + name, '/srv/haraka/config/')
        for name, value in SETTINGS.items():
            house.write('srv/haraka/config/' + name, value)
        house.write('srv/haraka/plugins/relay_everything.js', PLUGIN)
        house.spawn('node', '/opt/haraka/node_modules/Haraka/bin/haraka', '-c', '/srv/haraka')
        house.await_port(25)
