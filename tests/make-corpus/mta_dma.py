"""The DragonFly mail agent: no queue runner (dma -q is called), no aliases beyond the machine, and five days of patience, which old queue files shorten."""
import mta


class System(mta.MTA):
    name = 'dma'
    packages = ('dma',)
    situations = mta.UNREACHED      # an unknown local user it refuses at once; a dropped connection it never notices
    own_words = r'\n(?:Message headers follow|Original message follows)\.\n'
    own_reasons = {name: ('delivery-expired',) for name in ('refused', 'unreachable', 'null-mx', 'no-answer')}     # it says that it gave up, not why
    silent_reasons = ('delivery-expired',)      # also for a reply without words, which it takes for a broken one
    notices = False

    def start(self, house, plan):
        house.write('etc/dma/dma.conf', 'MAILNAME mx.site.example\n')
        house.write('etc/dma/auth.conf', '')
        house.write('etc/aliases', ''.join('%s: %s\n' % pair for pair in plan.aliases.items()))
        house.folder_of('/var/spool/dma', 'root:mail', 0o2775)
        house.folder_of('/var/mail', 'root:mail', 0o2775)
        house.run('chown', 'root:mail', '/usr/sbin/dma')
        house.run('chmod', '2755', '/usr/sbin/dma')
        self.seconds = 0

    def submit(self, house, case, data):
        house.run('dma', '-f', case.sender, *(recipient.orig_to or recipient.to for recipient in case.recipients), input=data)

    def tick(self, house):
        self.seconds += 1
        if self.seconds == 8:
            house.run('sh', '-c', 'touch -d "6 days ago" /var/spool/dma/*')
        if self.seconds >= 8 and self.seconds % 4 == 0:
            house.run('dma', '-q', check=False)
