"""500 identifiers that try to break what shows them, the same in every run."""
import unicodedata

SEEDS = [
    'plain', 'two words', 'UPPER', 'select', 'null', 'true', 'no', '~', '0', '007', '1e3', '-1', '.5', '_', '$', '#', '%', '&', '*', '?', '!', '@', '^',
    '<script>window.PWNED=1</script>', '<img src=x onerror=window.PWNED=1>', '</title><script>window.PWNED=1</script>', '</style><svg onload=window.PWNED=1>',
    '</script><script>window.PWNED=1</script>', '<iframe src=javascript:parent.PWNED=1>', '"><script>window.PWNED=1</script>', "'><b>bold</b>", '<!--', '-->',
    '<![CDATA[', ']]>', '<?php', '?>', '&lt;', '&amp;amp;', '&#60;', '&#x3c;script&#x3e;', '&nbsp;', 'javascript:window.PWNED=1', 'data:text/html,<b>',
    '" onmouseover="window.PWNED=1', "' onfocus='window.PWNED=1' autofocus='", '<a href="javascript:window.PWNED=1">x</a>', '<base href=//evil.example/>',
    '<meta http-equiv=refresh content=0;url=javascript:window.PWNED=1>', '<style>*{display:none}</style>', '<link rel=stylesheet href=//evil.example/x.css>',
    '"', '""', "'", "''", '`', '``', '```', '`````', '[', ']', '[]', '{', '}', '{}', '{0}', '{{x}}', '(', ')', '()', '\\', '\\\\', '/', '//', '|', '||',
    '| a | b |', ';', ':', '::', ',', '=', '+', '<', '>', '<>', '\u00ab', '\u2018a\u2019', '\u201ca\u201d', '\u00b4', '\u02bc', '\uff02', '\uff07',
    '[link](http://evil.example)', '![image](http://evil.example/x.png)', '[x]: http://evil.example', '<http://evil.example>', 'http://evil.example', 'www.evil.example',
    '@everyone', '#1', 'GH-1', ':smile:', '# heading', '## heading', '- item', '1. item', '> quote', '***', '---', '===', '~~gone~~', '**bold**', '__bold__',
    '_it_', '- [ ] task', '[^1]', '$$x$$', '$x$', '```diff', '~~~', '|---|', ':-:', '<details>', '<kbd>', '\\|', '\\`',
    '${x}', '${jndi:ldap://x}', '#{x}', '%{x}', '%s%n', '%0A', '%0D%0A', '%25', '%3A%2C', '::error::x', '::error file=x,line=1::y', '::set-output name=x::y',
    '::add-mask::x', '::stop-commands::x', '##[error]x', '##[command]x', '::endgroup::', '%0A::error::x', 'a,b=c', 'a:b', 'line=1', 'file=/etc/passwd',
    '##vso[task.setvariable variable=x]y', "##teamcity[message text='x']", '\\[x\\]', 'section_start:1:x',
    '--', '-- x', '/*', '*/', '/* x */', '#comment', "'; DROP TABLE x; --", '"; DROP TABLE x; --', 'x;', '\\g', '\\!id', '.shell id', 'delimiter //', '?1', ':x', '@x',
    '--help', '-o', '--', '-', '-rf', '--option=x', '../', '../../etc/passwd', '..\\..\\x', '/etc/passwd', './x', '.', '..', '...', '~root', 'C:\\x', '\\\\host\\x',
    'CON', 'PRN', 'AUX', 'NUL', 'COM1', 'LPT1', 'con.txt', 'nul.', 'x.', 'x ', ' x', ' ', '  ', 'x  y', 'file://x', 'a/b', 'a~1b', 'a~0b', '~1', '~0', 'a.b.c',
    'yes', 'on', 'off', 'Null', '.inf', '.nan', '0x1', '0o7', '1_000', '12:30:45', '2001-01-01', '=', '<<', '!tag', '&anchor', '*alias', '? key', 'key: value',
    '- x', '%YAML 1.2', '--- ', '...\u2026', '"a": 1', "'a': 1", '[a, b]', '{a: b}', 'a #b', '| x', '> x', '@at', '`tick`', 'x: |', '!!python/object:x',
    '\u202egnirts', '\u202dx', '\u2066x\u2069', '\u2067x', '\u2068x', '\u200fx', '\u200ex', '\u061cx', 'x\u202cy', '\u202ax', '\u202bx',
    'a\u200bb', 'a\u200cb', 'a\u200db', 'a\u2060b', '\ufeffbom', 'a\u00adb', 'a\u034fb', 'a\u180eb', 'a\u2028b', 'a\u2029b', 'a\u00a0b', 'a\u3000b', '\u2800',
    'a\ufff9b\ufffac\ufffb', '\ufffd', 'a\ue000b', '\U000e0041tag', '\U000f0000',
    '\u05e9\u05dc\u05d5\u05dd', '\u0627\u0644\u0633\u0644\u0627\u0645', 'abc \u05d0\u05d1\u05d2 def', '\u0645\u0631\u062d\u0628\u0627 123',
    '\u8868', '\u540d\u524d\u306e\u8868', '\ud55c\uad6d\uc5b4', '\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22', '\u0939\u093f\u0928\u094d\u0926\u0940', '\u03b1\u03b2\u03b3', '\u0416\u0443\u043a',
    '\U0001f600', '\U0001f468\u200d\U0001f469\u200d\U0001f467', '\U0001f1e9\U0001f1ea', '\U0001f44d\U0001f3fd', '\u2764\ufe0f', '\U0001f4a9table', '1\ufe0f\u20e3', '\U00010348', '\U0002a6d6',
    'a\u0300\u0301\u0302\u0303\u0304', 'Z\u0351\u036b\u0343\u036a\u0302a\u036b\u033dl\u034fg\u0335o\u0322', '\u0301x', 'o\u0338', '\u1e9b\u0323',
    'constructor', '__proto__', 'toString', 'hasOwnProperty', 'prototype', 'window', 'document', 'alert(1)', "');alert(1)//", '`${alert(1)}`', '\\u003cscript\\u003e', '\\x3cscript\\x3e',
    '{"a":1}', '[1,2]', '"],"x":["', '"}]}', '\\"', '\\n', '\\u0000', '\\', 'e\\', 'x"y\'z`w', '<<<<<<< HEAD', '>>>>>>> x', '@@ -1 +1 @@', '+++ b', '--- a', 'diff --git',
    '\u0130', '\u0131', '\u00df', '\u1e9e', '\u212a', '\ufb01', '\uff21\uff22', '\u0430dmin', 'p\u0430ypal', '\u2024', '\u2044', '\u2215', '\uff0f', '\ufe68', '\uff1c\uff53\uff1e',
]
LETTERS = ('\u00e9', '\u00fc', '\u00f1', '\u00e5', '\u1ea5', '\u01d6', '\ud55c', '\u304c')


def nasty():
    names = list(SEEDS)
    names += ['c%02xx%sy' % (c, chr(c)) for c in list(range(1, 32)) + list(range(127, 160))]
    names += ['line one\nline two', 'a\r\nb', '\rreturn', '\ttab\t', '\n', '\x1b[31mred\x1b[0m', '\x1b]0;title\x07', '\x1b[2J', '\x9b31m', 'bell\x07', 'back\x08\x08']
    for letter in LETTERS:
        names += [unicodedata.normalize('NFC', 'twin ' + letter), unicodedata.normalize('NFD', 'twin ' + letter)]
    names += ['long ' + 'x' * 1000, 'wide ' + '\u8868' * 300, 'quotes ' + '"' * 200, 'ticks ' + '`' * 150, 'angles ' + '<' * 150, 'brackets ' + '[' * 150, 'pipes ' + '|' * 150]
    seen, out = set(), []
    for name in names:
        # to SQLite letters of ASCII that differ in case alone are one name
        key = ''.join(c.lower() if c.isascii() else c for c in name)
        if key not in seen and not key.startswith('sqlite_'):
            seen.add(key)
            out.append(name)
    for i in range(500 - len(out)):
        out.append('%s %d %s' % (SEEDS[i * 7 % len(SEEDS)], i, SEEDS[(i * 13 + 5) % len(SEEDS)]))
    assert len(out) == 500 and len(set(out)) == 500, len(set(out))
    return out


def shown(text):
    """As a report for people shows it: what acts on a reader as the bytes it is made of."""
    def acts(c):
        n = ord(c)
        return (n < 32 or 127 <= n <= 159 or n in (0xfeff, 0x61c) or 0x200b <= n <= 0x200f or 0x2028 <= n <= 0x202e or 0x2060 <= n <= 0x206f or
                0xfff9 <= n <= 0xffff or 0xe0000 <= n <= 0xe007f)
    return ''.join(''.join('\\x%02x' % b for b in c.encode()) if acts(c) else c for c in text)
