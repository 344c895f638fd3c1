"""From a case and the message that came back for it to one line of truth.jsonl.

The plan says what was answered; the message is only asked which of that literally stands in it, outside the returned original. Nothing of the program under
test takes part. A code that nobody answered and no field of the report names is never written down.
"""
import collections
import email
import json
import os
import re
import shutil

import originals
import plan

RETURNED = ('message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers', 'message/partial')
REPORT = ('message/delivery-status', 'message/global-delivery-status')


def _parts(message):
    if message.get_content_type() in RETURNED:
        return
    if message.get_content_type() in REPORT or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        yield from _parts(part)


def _decoded(data, charset='utf-8'):
    try:
        return data.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return data.decode('latin-1')


def _group(group):
    """The fields of one group as they stand, and what email makes of the rest where it does not know the type of the report."""
    fields = ''.join('%s: %s\n' % item for item in group.raw_items()).encode('ascii', 'surrogateescape')
    return _decoded(fields + b'\n' + (b'' if group.is_multipart() else group.get_payload(decode=True) or b''))


def _text(part):
    if part.is_multipart():
        return '\n'.join(_group(group) for group in part.get_payload())
    return _decoded(part.get_payload(decode=True) or b'', part.get_content_charset() or 'utf-8')


def outside(data, mta):
    """The words of the mail system: every part but the returned original, decoded, and the field in which Exim names the failed addresses."""
    message = email.message_from_bytes(data)
    text = '\n\n'.join(_text(part) for part in _parts(message))
    if mta.own_words:
        text = re.split(mta.own_words, text)[0]
    return 'X-Failed-Recipients: %s\n\n%s' % (message.get('X-Failed-Recipients', ''), text)


def groups(data):
    """The groups of fields of the report that name a recipient, each as {name: value}."""
    found = []
    for part in email.message_from_bytes(data).walk():
        if part.get_content_type() in REPORT:
            text = re.sub(r'\n[ \t]+', ' ', _text(part))
            for group in re.split(r'\n\s*\n', text):
                fields = {name.lower(): value.strip() for name, value in re.findall(r'(?m)^([\w-]+):(.*)$', group)}
                if 'final-recipient' in fields or 'original-recipient' in fields:
                    found.append(fields)
    return found


def stands(code, text):
    return bool(code) and bool(re.search(r'(?<![\d.])%s(?!\d|\.\d)' % re.escape(code), text))


def squeezed(text):
    return re.sub(r'\s+|[^\x21-\x7e]', '', text).lower()


def tells(reply, text):
    """Does what the message kept of the reply say why?"""
    words = reply.words or reply.first_words
    return squeezed(words) in squeezed(text) or squeezed(words[:60]) in squeezed(text)


def _address(fields, name):
    return fields.get(name, '').partition(';')[2].strip().strip('<>')


def _addresses(fields):
    return {_address(fields, name).lower() for name in ('final-recipient', 'original-recipient')} - {''}


def _status(fields):
    found = re.match(r'([245]\.\d{1,3}\.\d{1,3})', fields.get('status', ''))
    return [found.group(1)] if found else []


def codes(recipient, fields, text, mta):
    """The codes that a reader may report for this recipient, and the enhanced ones."""
    reply, status = recipient.reply, _status(fields)
    if not reply:
        situation = plan.SITUATIONS[recipient.situation]
        own, enhanced = mta.own_codes.get(recipient.situation, ((situation.code,), (situation.enhanced,)))
        said = [code for code in own if code is None and any(stands(other, text) for other in own) or stands(code, text)]
        return said, list(dict.fromkeys([code for code in enhanced if stands(code, text)] + status))
    enhanced = [code for code in [reply.enhanced, *reply.loose] if stands(code, text)]
    if not reply.enhanced or not enhanced or reply.temporary and status and status[0].startswith('4'):
        enhanced += status      # an expiry has a status of its own beside the last reply's: both are right, unless it is a mere 5.0.0
    return [reply.code] if stands(reply.code, text) else [], list(dict.fromkeys(enhanced))


def reasons(recipient, text, mta):
    reply = recipient.reply
    if not reply:
        return list(mta.own_reasons.get(recipient.situation, plan.SITUATIONS[recipient.situation].reasons))
    if reply.name in mta.own_reasons:
        return list(mta.own_reasons[reply.name])
    if not stands(reply.code, text):
        return list(mta.silent_reasons)
    if tells(reply, text):
        return list(reply.reasons)
    return ['delivery-expired'] if reply.temporary else []


def overwritten(recipient, fields, others):
    """Another recipient's reply that the report gives as this one's too: both then stand there."""
    diagnostic = squeezed(fields.get('diagnostic-code', ''))
    given = [other.reply for other in others if other.reply and squeezed(other.reply.first_words) in diagnostic]
    return next((reply for reply in given if recipient.reply and recipient.reply.text not in [reply.text for reply in given]), None)


def describe(recipient, others, kind, data, text, mta):
    names = [name for name in (recipient.to, recipient.orig_to) if name]
    fields = next((group for group in groups(data) if any(name.lower() in _addresses(group) for name in names)), {})
    final = _address(fields, 'final-recipient') or next(name for name in names if name.lower() in text.lower())
    code, enhanced = codes(recipient, fields, text, mta) if recipient.fails else ([], _status(fields))
    action = fields.get('action', 'failed').split()[0].lower() if kind != 'bounce' else 'failed'
    entry = {'to': final, 'to_accept': sorted({final, final.lower()}), 'code': code[0] if code else None, 'code_accept': code,
             'dsn': enhanced[0] if enhanced else None, 'dsn_accept': enhanced, 'action': action}
    if kind == 'bounce':
        entry['reason_accept'] = reasons(recipient, text, mta)
        instead = overwritten(recipient, fields, others)
        if instead:
            for key, more in (('code_accept', [instead.code]), ('dsn_accept', [instead.enhanced]), ('reason_accept', instead.reasons)):
                entry[key] += [word for word in more if word and word not in entry[key]]
    original = _address(fields, 'original-recipient')
    if original and original.lower() != final.lower():
        entry['orig_to'] = original
    return entry


def concerned(case, kind, data, text):
    """Whom of the case's recipients this message is about."""
    reported = {address for fields in groups(data) for address in _addresses(fields)}
    if reported:
        names = [recipient for recipient in case.recipients if reported & {recipient.to.lower(), recipient.orig_to}]
    else:
        names = [recipient for recipient in case.recipients if recipient.to.lower() in text.lower() or (recipient.orig_to or '\0') in text]
    return [recipient for recipient in names if recipient.fails] if kind == 'bounce' else names


def unexplained(entries, data, text, subject):
    """Code-like words that no entry accepts: for the eyes of whoever extends the corpus."""
    known = {code for entry in entries for code in entry['code_accept'] + entry['dsn_accept']} | {code for fields in groups(data) for code in _status(fields)}
    found = set(re.findall(r'(?<![\w.\-/\[])([45]\d\d(?=[ -](?!bytes)|$)|[45]\.\d\.\d{1,3})(?![\w.]*\.\d)', text.replace(subject, '')))
    return sorted(found - known)


def leaks(data):
    """Anything of this machine that must not be in the corpus."""
    host = re.escape(os.uname().nodename.encode())
    return re.findall(rb'/tmp/|/work/|(?<![\w+/=.-])' + host + rb'(?![\w+/=-])', data)


def settle(mta, cases):
    """Where all fail together, each fails with what was said to the first that was refused."""
    for case in cases if mta.together else ():
        order = ('rcpt', 'data', 'end')
        refused = [recipient.reply for recipient in case.recipients if recipient.reply and recipient.reply.stage in order]
        refused.sort(key=lambda reply: order.index(reply.stage))
        for recipient in case.recipients:
            recipient.reply = refused[0] if refused else recipient.reply
    return cases


class Keeper:
    """Takes the mail of one MTA into the corpus, case by case, and notes what is not as planned."""

    def __init__(self, mta, into):
        self.mta, self.into = mta, into
        self.lines, self.notes, self.stages = [], [], collections.Counter()

    def case(self, case, mails):
        mails = [{**mail, 'about': concerned(case, mail['kind'], mail['data'], mail['text'])} for mail in mails if mail['case'] == case.number]
        counts = collections.Counter()
        for mail in sorted(mails, key=lambda mail: (mail['kind'], [recipient.to for recipient in mail['about']])):
            if mail['kind'] == 'delay' and (counts['delay'] or self.stages['delay'] == self.mta.delays):
                continue        # the second says what the first said
            counts[mail['kind']] += 1
            self.message(case, mail, self.name(case, mail['kind'], counts[mail['kind']]))
        ends = ('bounce', 'delay') if self.mta.silent_end else ('bounce',)
        reported = [recipient.to for mail in mails if mail['kind'] in ends for recipient in mail['about']]
        missing = [recipient.to for recipient in case.recipients if recipient.fails and recipient.to not in reported]
        if missing:
            self.notes.append('%s/%s: no bounce for %s' % (self.mta.name, case.name, ' '.join(missing)))

    def name(self, case, kind, number):
        expected = kind == 'bounce' or kind == 'success' and not any(recipient.fails for recipient in case.recipients)
        return '%s/%s%s%s.eml' % (self.mta.name, case.name, '' if expected else '-' + kind, '' if number == 1 else '-%d' % number)

    def message(self, case, mail, name):
        data, kind, about = mail['data'], mail['kind'], mail['about']
        entries = [describe(recipient, case.recipients, kind, data, mail['text'], self.mta) for recipient in about]
        if not about or leaks(data):
            self.notes.append('%s: left out, it names %s' % (name, leaks(data) or 'nobody of its case'))
            return
        odd = unexplained(entries, data, mail['text'], originals.SUBJECTS[case.shape]) if kind == 'bounce' and case.stage == 'own' else []
        if odd:
            self.notes.append('%s: also has %s' % (name, ' '.join(odd)))
        with open(os.path.join(self.into, name), 'wb') as out:
            out.write(data)
        self.stages[case.stage if kind == 'bounce' else kind] += 1
        self.lines.append({'file': name, 'kind': kind, 'sort': kind, 'family': self.mta.name, 'stage': case.stage, 'recipients': entries})


def keep(mta, cases, arrived, into):
    """Writes the messages and their truth; returns a line that says how many there are, and further lines for what is not as planned."""
    folder = os.path.join(into, mta.name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    keeper = Keeper(mta, into)
    for case in settle(mta, cases):
        keeper.case(case, arrived)
    _rewrite(os.path.join(into, 'truth.jsonl'), mta.name, keeper.lines)
    stages = ', '.join('%s %d' % item for item in sorted(keeper.stages.items()))
    return '\n  '.join(['%s: %d messages (%s)' % (mta.name, len(keeper.lines), stages)] + keeper.notes)


def _rewrite(path, family, lines):
    old = []
    if os.path.exists(path):
        with open(path, encoding='utf-8') as source:
            old = [line for line in map(json.loads, source) if line['family'] != family]
    with open(path, 'w', encoding='utf-8') as out:
        for line in sorted(old + lines, key=lambda line: (plan.MTAS.index(line['family']), line['file'])):
            out.write(json.dumps(line, ensure_ascii=False) + '\n')
