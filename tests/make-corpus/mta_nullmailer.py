"""nullmailer: everything goes to one smart host, which says what the plan wants to each address; a message that fails, fails for all its recipients."""
import mta


class System(mta.MTA):
    name = 'nullmailer'
    packages = ('nullmailer',)
    together = True
    silent_end = True
    patience = 45           # what expires is said to be delayed, and so never complete
    stages = ('mail', 'rcpt', 'data', 'end')    # greeting and EHLO would stop the whole queue
    situations = ()
    aliases = False
    notices = False

    def start(self, house, plan):
        settings = {'defaultdomain': 'site.example', 'defaulthost': 'site.example', 'helohost': 'mx.site.example', 'remotes': 'mx.remote.example smtp --port=25',
                    'pausetime': '3', 'maxpause': '3', 'sendtimeout': '10', 'queuelifetime': '20', 'doublebounceto': 'postmaster@mx.site.example'}
        for name, value in settings.items():
            house.write('etc/nullmailer/' + name, value + '\n')
        for name in ('queue', 'tmp', 'failed'):
            house.folder_of('/var/spool/nullmailer/' + name, 'mail:mail', 0o770)
        house.run('sh', '-c', 'cd /var/spool/nullmailer && mkfifo trigger && chown -R mail:mail . && chmod 660 trigger && '
                  'chown mail:mail /usr/sbin/nullmailer-queue && chmod 4755 /usr/sbin/nullmailer-queue')
        house.spawn('nullmailer-send', user='mail')

    def submit(self, house, case, data):
        house.run('/usr/sbin/sendmail', '-f', case.sender, *(recipient.to for recipient in case.recipients), input=data)
