"""BSON as a tree of tuples (type, value), with all types told apart: what pymongo cannot make or keep
(undefined, symbols, DBPointers, keys that stand twice) too. Source: the BSON specification 1.1."""
import struct

DOUBLE, STRING, DOC, ARRAY, BINARY, UNDEFINED, OID, BOOL, DATE, NULL, REGEX, DBPTR, CODE, SYMBOL, SCOPE, \
    INT, STAMP, LONG, DECIMAL = range(1, 20)
MAX, MIN = 127, 255


def cstring(s):
    return s.encode('utf8', 'surrogatepass') + b'\0'


def string(s):
    b = s.encode('utf8', 'surrogatepass') + b'\0'
    return struct.pack('<i', len(b)) + b


def encode_value(v):
    t, x = v
    if t == DOUBLE:
        return struct.pack('<d', x)
    if t in (STRING, CODE, SYMBOL):
        return string(x)
    if t == DOC:
        return encode(x)
    if t == ARRAY:
        return encode([(str(i), e) for i, e in enumerate(x)])
    if t == BINARY:
        return struct.pack('<iB', len(x[1]), x[0]) + x[1]
    if t in (OID, DECIMAL):
        return x
    if t == BOOL:
        return bytes([x])
    if t in (DATE, LONG):
        return struct.pack('<q', x)
    if t == STAMP:
        return struct.pack('<II', x[1], x[0])
    if t == INT:
        return struct.pack('<i', x)
    if t == REGEX:
        return cstring(x[0]) + cstring(x[1])
    if t == DBPTR:
        return string(x[0]) + x[1]
    if t == SCOPE:
        body = string(x[0]) + encode(x[1])
        return struct.pack('<i', len(body) + 4) + body
    return b''


def encode(members):
    body = b''.join(bytes([v[0]]) + cstring(k) + encode_value(v) for k, v in members)
    return struct.pack('<i', len(body) + 5) + body + b'\0'


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        self.at += n
        return self.data[self.at - n:self.at]

    def number(self, form):
        return struct.unpack('<' + form, self.take(struct.calcsize('<' + form)))[0]

    def cstring(self):
        end = self.data.index(b'\0', self.at)
        return self.take(end + 1 - self.at)[:-1].decode('utf8', 'surrogatepass')

    def string(self):
        return self.take(self.number('i'))[:-1].decode('utf8', 'surrogatepass')

    def members(self):
        end = self.at + self.number('i') - 1
        found = []
        while self.at < end:
            kind = self.number('B')
            found.append((self.cstring(), self.value(kind)))
        self.take(1)
        return found

    def value(self, t):
        if t == DOUBLE:
            return t, self.number('d')
        if t in (STRING, CODE, SYMBOL):
            return t, self.string()
        if t == DOC:
            return t, self.members()
        if t == ARRAY:
            return t, [v for _, v in self.members()]
        if t == BINARY:
            n = self.number('i')
            return t, (self.number('B'), self.take(n))
        if t == OID:
            return t, self.take(12)
        if t == DECIMAL:
            return t, self.take(16)
        if t == BOOL:
            return t, bool(self.number('B'))
        if t in (DATE, LONG):
            return t, self.number('q')
        if t == STAMP:
            low = self.number('I')
            return t, (self.number('I'), low)
        if t == INT:
            return t, self.number('i')
        if t == REGEX:
            return t, (self.cstring(), self.cstring())
        if t == DBPTR:
            return t, (self.string(), self.take(12))
        if t == SCOPE:
            self.take(4)
            return t, (self.string(), self.members())
        if t in (UNDEFINED, NULL, MIN, MAX):
            return t, None
        raise ValueError('BSON of type %d' % t)


def decode(data):
    return Reader(bytes(data)).members()


def tree(x):
    """A tree from what Python has; tuples of this module stay. Whole numbers are int32 where they fit."""
    if isinstance(x, tuple):
        return x
    if isinstance(x, bool):
        return BOOL, x
    if isinstance(x, int):
        return (INT if -1 << 31 <= x < 1 << 31 else LONG), x
    if isinstance(x, float):
        return DOUBLE, x
    if isinstance(x, str):
        return STRING, x
    if x is None:
        return NULL, None
    if isinstance(x, dict):
        return DOC, [(k, tree(v)) for k, v in x.items()]
    return ARRAY, [tree(v) for v in x]


def get(members, key):
    """The first value of a key, or (NULL, None)."""
    return next((v for k, v in members if k == key), (NULL, None))


def text(v):
    """One line that tells all types apart, for comparing and for eyes."""
    t, x = v
    if t == DOC:
        return '{' + ', '.join('%r: %s' % (k, text(e)) for k, e in x) + '}'
    if t == ARRAY:
        return '[' + ', '.join(text(e) for e in x) + ']'
    if t == STRING:
        return repr(x)
    if t == DOUBLE:
        return 'double ' + struct.pack('>d', x).hex()
    if t == SCOPE:
        return 'code %r %s' % (x[0], text((DOC, x[1])))
    return '%d:%r' % (t, x)
