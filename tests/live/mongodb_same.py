#!/usr/bin/env python3
"""One schema, as MongoDB 4.4 to 8.2 and documentdb list it, is one schema; what really differs is seen.

usage: mongodb_same.py SNAP

The scripted server shows the 30 objects of tests/mongodb/shapes.py as each of them does: one fingerprint,
an empty diff between any two, nothing to plan. Then each of CHANGES is made on one server and must be one
difference, of that object, against another.
"""
import copy
import json
import os
import sys
import tempfile

from counted import Counted
from mongodb_run import run as snap
import shapes  # noqa: E402
from replay import Replay  # noqa: E402

COUNT = Counted('mongodb_same')
check = COUNT.check
BASE = ['4.4', '5.0', '6.0', '7.0', '8.0', '8.2', 'documentdb']
LATER = ['6.0', '7.0', '8.0', '8.2', 'documentdb']


def put(path, value):
    """Sets a value within (options, indexes) of one collection of the schema; DELETE takes it out."""
    def change(schema):
        at = schema
        for key in path[:-1]:
            at = at[key]
        if value is DELETE:
            del at[path[-1]]
        else:
            at[path[-1]] = value
    return change


DELETE = object()
USERS = ['users', 0, 'validator', '$jsonSchema']
# what changes, and what the diff names
CHANGES = [
    (put([*USERS, 'required'], ['email']), 'collection users'),
    (put([*USERS, 'properties', 'role', 'enum', 3], {'y': 2, 'x': 1}), 'collection users'),
    (put([*USERS, 'properties', 'age', 'maximum'], 150.5), 'collection users'),
    (put(['orders', 0, 'validationLevel'], 'strict'), 'collection orders'),
    (put(['orders', 0, 'validationAction'], 'error'), 'collection orders'),
    (put(['orders', 0, 'validator', '$or', 2, 'note', '$regularExpression', 'options'], ''), 'collection orders'),
    (put(['log', 0, 'max'], 1001), 'collection log'),
    (put(['users', 1, 0, 'unique'], False), 'email_1'),
    (put(['users', 1, 1, 'weights', 'bio'], 2), 'words'),
    (put(['users', 1, 2, 'expireAfterSeconds'], 3601), 'seen_1'),
    (put(['users', 1, 3, 'partialFilterExpression', 'age', '$gte'], 21), 'adults'),
    (put(['users', 1, 4, 'key'], {'city': -1, 'country': 1}), 'country_1_city_-1'),
    (put(['users', 1, 4, 'key'], {'country': 1, 'city': 1}), 'country_1_city_-1'),
    (put(['orders', 1, 3, 'hidden'], DELETE), 'state_1'),
    (put(['orders', 1, 2, 'sparse'], DELETE), 'ref_1'),
    (put(['places', 1, 2, 'collation', 'strength'], 2), 'name_de'),
    (put(['places', 1, 1], {'key': {'flat': '2d'}, 'name': 'flat_2d', 'bits': 20}), 'flat_2d'),
    (put(['docs', 1, 0, 'wildcardProjection'], {'secret': 0}), 'all'),
    (put(['names', 1, 1, 'collation', 'locale'], 'de'), 'last_1'),
    (put(['adults', 0, 'pipeline', 1, '$project'], {'name': 1, 'email': 1}), 'view adults'),
    (put(['spent', 0, 'pipeline', 0, '$lookup', 'from'], 'users'), 'view spent'),
    (put(['top', 0, 'pipeline', 1, '$limit'], 11), 'view top'),
    (put(['fs.chunks', 1, 0], DELETE), 'files_id_1_n_1'),
    (put(['weather', 0, 'expireAfterSeconds'], 3600), 'collection weather'),
    (put(['weather', 0, 'timeseries', 'granularity'], 'minutes'), 'collection weather'),
    (put(['clustered', 0, 'expireAfterSeconds'], 61), 'collection clustered'),
    (put(['watched', 0, 'changeStreamPreAndPostImages', 'enabled'], False), 'collection watched'),
]


def snapshot(folder, name, fixture):
    """Path, foot and number of differences that a plan would have to make up for."""
    path = os.path.join(folder, name + '.json')
    with Replay(fixture=fixture) as server:
        rc, text = snap('snapshot', server.url(), '-o', path)
    if rc:
        raise SystemExit('mongodb_same: %s: %s' % (name, text))
    with open(path, encoding='utf-8') as f:
        return path, json.load(f)


def one_schema(folder, names, newer):
    paths, prints = [], {}
    for name in names:
        path, whole = snapshot(folder, name, shapes.fixture(name, newer=newer))
        paths.append(path)
        prints.setdefault(whole['fingerprint'], []).append(name)
        check(whole['count'] == (37 if newer else 30), '%s: %s objects' % (name, whole['count']))
        check(not whole['ledger'], '%s: %s' % (name, whole['ledger']))
    check(len(prints) == 1, 'the fingerprints are %s' % prints)
    for path in paths[1:]:
        rc, text = snap('diff', paths[0], path)
        check(rc == 0, '%s and %s: %s' % (os.path.basename(paths[0]), os.path.basename(path), text))
    rc, text = snap('changelog', paths[0], paths[-1], '--no-verify', '-o', os.path.join(folder, 'none.yaml'))
    check(rc == 0 and '0 changes' in text, 'a plan of nothing: %s' % text)


def main():
    with tempfile.TemporaryDirectory() as folder:
        one_schema(folder, BASE, False)
        one_schema(folder, LATER, True)
        old = os.path.join(folder, 'old.json')
        os.rename(os.path.join(folder, LATER[0] + '.json'), old)
        for i, (change, names) in enumerate(CHANGES):
            schema = copy.deepcopy({**shapes.SCHEMA, **shapes.NEWER})
            change(schema)
            where = LATER[i % len(LATER)]
            path, _ = snapshot(folder, 'changed', shapes.fixture(where, schema=schema))
            rc, text = snap('diff', old, path)
            check(rc == 1 and names in text and ' 1 ' in ' %s ' % text.splitlines()[-1],
                  'on %s, %s is not one difference: exit %d, %s' % (where, names, rc, text))
    return COUNT.end('%d servers, %d changes, ' % (len(BASE), len(CHANGES)))


if __name__ == '__main__':
    sys.exit(main())
