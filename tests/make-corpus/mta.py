"""What every mail system under test has in common; one file a system, mta_NAME.py, says the rest. See house.py for the machine it runs on."""
import re
import smtplib

# Groups of plan.SITUATIONS.
UNREACHED = ('refused', 'unreachable', 'no-domain', 'null-mx', 'no-answer')
DROPS = ('drop-greeting', 'drop-helo', 'drop-rcpt', 'drop-end')
HANGS = ('hang-greeting', 'hang-rcpt', 'hang-end')
TLS = ('tls-missing', 'tls-refused', 'tls-garbage')


class MTA:
    name = ''
    packages = ()           # of Debian; npm: of the npm registry, for /opt/NAME
    npm = ()
    overrides = {}          # of packages that those want, as in package.json
    users = ()              # (name, home)
    delays = 6              # notices of a delay that are kept: they are all alike
    silent_end = False      # does it call a recipient delayed even when it gives up?
    temporary = True        # does it give up within a minute where the configuration says so?
    skipped = ()            # replies of which it makes no bounce in that time
    local = True            # has it users of its own?
    stages = ('greeting', 'helo', 'mail', 'rcpt', 'data', 'end')
    situations = ()         # of plan.SITUATIONS, those that it can meet
    together = False        # do all recipients fail when one does, with the first refusal?
    aliases = True          # can it forward?
    notices = True          # does it speak RFC 3461?
    patience = 120          # seconds until every notice should be there
    forgets = False         # does it lose a bounce now and then? Then what is not answered in half its patience is sent once more
    port = 25
    own_words = None        # regular expression of what begins the returned original where it is no part of its own

    def start(self, house, plan):
        raise NotImplementedError

    def submit(self, house, case, data):
        """By SMTP, as a mail program would."""
        with smtplib.SMTP('127.0.0.1', self.port, local_hostname='desk.site.example', timeout=30) as client:
            client.ehlo()
            options = ['SMTPUTF8', 'BODY=8BITMIME'] if any(not r.to.isascii() for r in case.recipients) else ['BODY=8BITMIME'] if client.has_extn('8bitmime') else []
            self.expect(client.mail(case.sender, options), '250')
            for recipient in case.recipients:
                words = ''
                if client.has_extn('dsn') and case.notify:
                    words = ' NOTIFY=%s ORCPT=rfc822;%s' % (case.notify, recipient.orig_to or recipient.to)
                client.command_encoding = 'utf-8'
                self.expect(client.docmd('RCPT', 'TO:<%s>%s' % (recipient.orig_to or recipient.to, words)), '25')
            self.expect(client.data(data.replace(b'\n', b'\r\n')), '250')

    @staticmethod
    def expect(answer, digits):
        if not str(answer[0]).startswith(digits):
            raise RuntimeError('submission: %s %s' % (answer[0], answer[1].decode('utf-8', 'replace')))

    def tick(self, house):
        """Called every second while notices are awaited: for systems whose queue must be pushed."""

    def kind(self, message, text):
        """bounce, delay or success, from what the fields of the report say; systems without a report look at their own words."""
        actions = set(re.findall(r'(?mi)^Action:\s*(\w+)', text))
        if 'failed' in actions:
            return 'bounce'
        if 'delayed' in actions:
            return 'delay'
        return 'success' if actions else self.kind_of_text(message, text)

    def kind_of_text(self, message, text):
        return 'bounce'

    # Codes that the system itself writes for a situation, where no field says so: {situation: ((codes), (enhanced codes))}
    own_codes = {}
    silent_reasons = ()     # what is left to say of a reply that it kept nothing of
    own_reasons = {}        # {situation or name of a reply: (reasons)} where its words say something else, or less
