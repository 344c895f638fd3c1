"""mail_tree - a message as a tree of parts that gives back its bytes, broken or not: what the standard library reads and writes anew would be mended. No test of its own."""
import base64
import quopri
import re

STATUS = ('message/delivery-status', 'message/global-delivery-status')
RETURNED = ('message/rfc822', 'message/global', 'text/rfc822-headers', 'message/global-headers')
FIELD = re.compile(rb'[!-9;-~]+[ \t]*:')


class Part:
    """Fields and body as bytes with LF line ends; a multipart has children instead of a body."""

    def __init__(self, source):
        lines, count = source.split(b'\n'), 0
        self.fields, self.children, self.preamble, self.closing = [], None, b'', b''
        if lines[0].startswith(b'From '):
            self.fields.append(lines[0] + b'\n')
            count = 1
        while count < len(lines) and lines[count].strip(b'\r'):
            if lines[count][:1] in b' \t' and self.fields:
                self.fields[-1] += lines[count] + b'\n'
            elif FIELD.match(lines[count]):
                self.fields.append(lines[count] + b'\n')
            else:
                break
            count += 1
        self.body = b'\n'.join(lines[count + 1:])
        if self.type.startswith('multipart/') and self.parameter('boundary'):
            self.split()

    def split(self):
        self.boundary = self.parameter('boundary').encode()
        pieces = re.split(rb'(?m)^--' + re.escape(self.boundary) + rb'(?=\s*$|--)', self.body)
        if len(pieces) < 2:
            return
        self.preamble, parts = pieces[0], pieces[1:]
        if parts[-1].startswith(b'--'):
            self.closing = b'--' + self.boundary + parts.pop()
        self.children = [Part(part.split(b'\n', 1)[-1]) for part in parts]

    def __bytes__(self):
        head = b''.join(self.fields) + b'\n'
        if self.children is None:
            return head + self.body
        parts = (bytes(child) for child in self.children)
        return head + self.preamble + b''.join(b'--' + self.boundary + b'\n' + part + (b'' if part.endswith(b'\n') else b'\n') for part in parts) + self.closing

    def get(self, name):
        """The value of the field on one line, '' where there is none."""
        for field in self.fields:
            key, _, value = field.partition(b':')
            if key.strip().lower() == name.lower().encode():
                return re.sub(r'\s+', ' ', value.decode('latin-1')).strip()
        return ''

    def drop(self, *names):
        self.fields = [field for field in self.fields if field.partition(b':')[0].strip().decode('latin-1').lower() not in names]

    def set(self, name, value):
        """Replaces the field where the first of that name stands, or appends it."""
        new, place = f'{name}: {value}\n'.encode(), len(self.fields)
        for index, field in enumerate(self.fields):
            if field.partition(b':')[0].strip().lower() == name.lower().encode():
                place = min(place, index)
        self.drop(name.lower())
        self.fields.insert(place, new)

    @property
    def type(self):
        return (self.get('Content-Type') or 'text/plain').split(';')[0].strip().lower()

    def parameter(self, name):
        found = re.search(r'[;\s]' + name + r'\s*=\s*(?:"([^"]*)"|([^\s;]+))', self.get('Content-Type'), re.I)
        return (found[1] or found[2]) if found else ''

    def walk(self):
        yield self
        for child in self.children or []:
            yield from child.walk()

    def content(self):
        encoding = self.get('Content-Transfer-Encoding').lower()
        if encoding == 'base64':
            return base64.b64decode(re.sub(rb'[^A-Za-z0-9+/=]', b'', self.body) + b'==')
        return quopri.decodestring(self.body) if encoding == 'quoted-printable' else self.body

    @property
    def text(self):
        content = self.content()
        for charset in (self.parameter('charset') or 'utf-8', 'utf-8', 'iso-2022-jp', 'windows-1252', 'latin-1'):
            try:
                return content.decode(charset)
            except (LookupError, UnicodeError):
                continue
        return ''

    def write(self, text, charset='utf-8', encoding='8bit', kind=None):
        """Puts text in place of the content, in that charset and transfer encoding."""
        self.encode(text.encode(charset), encoding)
        self.set('Content-Type', f'{kind or self.type}; charset={charset}')

    def encode(self, content, encoding):
        self.body = {'base64': base64.encodebytes, 'quoted-printable': quopri.encodestring}.get(encoding, bytes)(content)
        self.set('Content-Transfer-Encoding', encoding)

    def texts(self):
        """The parts that a person reads: those before the machine-readable ones."""
        found = []
        for part in self.walk():
            if part.type in STATUS + RETURNED:
                break
            if part.children is None and part.type.startswith('text/'):
                found.append(part)
        return found

    def parts_of(self, types):
        return [part for part in self.walk() if part.type in types]

    def remove(self, types):
        for part in self.walk():
            if part.children is not None:
                part.children = [child for child in part.children if child.type not in types]
