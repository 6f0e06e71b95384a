// words
db.runCommand(EJSON.parse('{"create": "it\'s", "a": [1, -2.5e3, true, null]}', {relaxed: false}));
db.adminCommand(EJSON.parse([
  '{',
  '  "drop": "\\u0024{x}"',
  '}',
].join(''), {relaxed: false}));
