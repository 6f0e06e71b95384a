#!/usr/bin/env python3
"""Where a nightly check runs: what lies in examples/run is run as far as it can be here. The units are verified by systemd's own
analyzer, the manifests by kubeconform and the schemas of several versions of Kubernetes, the Containerfile by hadolint and by what
the program links; what each of them runs is run, with nothing changed but where things are. The line for cron is run by
tests/flows/drift.py. usage: where.py SNAP BUILD [--container: make the image's two roots by debootstrap, and run it]"""
import glob
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile

SNAP, BUILD = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RUN = ROOT + '/examples/run'
MONITOR = BUILD + '/monitor'
FOLDER = tempfile.mkdtemp(prefix='snap-where-')
COUNT = {'checks': 0, 'failed': 0}
BARE = {'PATH': '/usr/local/bin:/usr/bin:/bin', 'HOME': FOLDER}
WHOLE = dict(BARE, PATH='/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND='noninteractive')
VERSIONS = ['1.33', '1.35', '1.37']


def check(good, what, more=''):
    COUNT['checks'] += 1
    if not good:
        COUNT['failed'] += 1
        print('FAILED: %s %s' % (what, more))


def run(*words, env=None, **how):
    r = subprocess.run(words, env=dict(BARE, **(env or {})), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, **how)
    return r.returncode, r.stdout.decode('utf8', 'replace')


def text(path):
    with open(path, encoding='utf8') as f:
        return f.read()


def put(name, content):
    path = os.path.join(FOLDER, name)
    with open(path, 'w', encoding='utf8') as f:
        f.write(content)
    return path


def settings(drift=''):
    """A folder with a database that is as its baseline says."""
    for name in ['prod.db', 'prod.snap.json']:
        if os.path.exists(os.path.join(FOLDER, name)):
            os.unlink(os.path.join(FOLDER, name))
    db = sqlite3.connect(os.path.join(FOLDER, 'prod.db'))
    db.execute('CREATE TABLE orders(id INTEGER PRIMARY KEY, note TEXT)')
    db.commit()
    db.close()
    run(SNAP, 'snapshot', 'prod.db', '-o', 'prod.snap.json', cwd=FOLDER)
    return put('snap.yml', 'environments: { prod: { url: "sqlite:prod.db" } }\n'
               'drift: { prod: { baseline: prod.snap.json%s } }\n' % drift)


def systemd():
    """systemd-analyze reads the units as the manager would; the program that they start is this one."""
    for name in ['snap-drift.service', 'snap-drift.timer']:
        unit = text(RUN + '/' + name)
        check('/usr/local/bin/snap' in unit or name.endswith('timer'), name + ': starts the installed program')
        put(name, unit.replace('/usr/local/bin/snap', SNAP))
    units = [FOLDER + '/snap-drift.service', FOLDER + '/snap-drift.timer']
    rc, out = run('systemd-analyze', 'verify', '--man=no', *units)
    check(rc == 0 and not out.strip(), 'systemd-analyze verify has nothing to say', out)
    rc, out = run('systemd-analyze', 'verify', '--man=no', put('bad.service', '[Service]\nExecStrat=/bin/true\n'))
    check(rc or 'ExecStrat' in out, 'and it says what is wrong', out)
    rc, out = run('systemd-analyze', 'security', '--offline=yes', '--threshold=20', units[0])
    check(rc == 0, 'the service is let do little: exposure of 2.0 at most', out[-200:])
    service = text(units[0])
    command = re.search(r'^ExecStart=(.*)$', service, re.M).group(1)
    good = re.search(r'^SuccessExitStatus=(.*)$', service, re.M).group(1).split()
    words = shlex.split(command.replace('/etc/snap/snap.yml', settings()))
    rc, out = run(*words)
    check((rc, out) == (0, ''), 'the service, nothing moved', (rc, out))
    sqlite3.connect(FOLDER + '/prod.db').execute('CREATE TABLE hotfix(x)').connection.commit()
    rc, out = run(*words)
    check(str(rc) in good and 'hotfix' in out, 'the service: drift is an answer', (rc, out))
    os.unlink(FOLDER + '/prod.db')
    rc, out = run(*words)
    check(rc and str(rc) not in good, 'the service: what could not be told is a failure of the unit', (rc, out))
    rc, out = run(SNAP, 'env', 'list', '-c', RUN + '/snap.yml')
    check(rc == 0 and 'prod' in out, 'its snap.yml is understood', out)


def kubernetes():
    run(ROOT + '/tests/go_build.sh', BUILD + '/kubeconform', 'github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0',
        env={'PATH': os.environ['PATH'], 'HOME': os.environ.get('HOME', '/root')})
    schemas()
    where = FOLDER + '/schemas/{{ .NormalizedKubernetesVersion }}-local{{ .StrictSuffix }}/{{ .ResourceKind }}{{ .KindSuffix }}.json'
    files = [RUN + '/cronjob.yaml', RUN + '/indexed-job.yaml']
    bad = put('bad.yaml', text(files[1]).replace('completionMode: Indexed', 'completionMood: Indexed'))
    for version in VERSIONS:
        words = [BUILD + '/kubeconform/kubeconform', '-strict', '-output', 'json', '-summary', '-schema-location', where,
                 '-kubernetes-version', version + '.0']
        rc, out = run(*words, *files)
        check(rc == 0 and json.loads(out)['summary'] == {'valid': 4, 'invalid': 0, 'errors': 0, 'skipped': 0},
              'Kubernetes %s takes the manifests' % version, out)
        rc, out = run(*words, bad)
        check(rc and 'completionMood' in out, 'Kubernetes %s: and no wrong one' % version, out)
    cron = documents(files[0])
    put('of-map.yml', cron[0]['data']['snap.yml'])
    rc, out = run(SNAP, 'env', 'list', '-c', FOLDER + '/of-map.yml', env={'DB_PASSWORD': 'x'})
    check(rc == 0 and 'prod' in out, 'the snap.yml of the map is understood', out)
    pod = cron[2]['spec']['jobTemplate']['spec']['template']['spec']
    args = [settings() if a == '/etc/snap/snap.yml' else a for a in pod['containers'][0]['args']]
    rc, out = run(SNAP, *args)
    check((rc, out) == (0, ''), 'what the CronJob runs', (rc, out))
    shards(documents(files[1])[0]['spec'])


def schemas():
    """The schemas as kubeconform finds them: in the package they name a server as their place."""
    have = glob.glob(MONITOR + '/python/lib/python3*/site-packages/kubernetes_validate/kubernetes-json-schema')[0]
    for version in VERSIONS:
        folder = 'schemas/v%s.0-local-strict' % version
        os.makedirs(os.path.join(FOLDER, folder))
        for name in ['_definitions', 'job-batch-v1', 'cronjob-batch-v1', 'configmap-v1', 'persistentvolumeclaim-v1']:
            path = '/v%s.0-local-strict/%s.json' % (version, name)
            schema = json.loads(text(have + path).replace('/api/_definitions.json#', '_definitions.json#'))
            del schema['$id']
            put('%s/%s.json' % (folder, name), json.dumps(schema))


def documents(path):
    out = subprocess.run([MONITOR + '/python/bin/python', '-c', 'import json, sys, yaml; json.dump(list(yaml.safe_load_all('
                          'open(sys.argv[1]))), sys.stdout)', path], stdout=subprocess.PIPE, check=True).stdout
    return json.loads(out)


def shards(spec):
    """Each pod's arguments as the kubelet gives them: the parts together are the list, each target once."""
    container = spec['template']['spec']['containers'][0]
    check(container['env'][0]['name'] == 'SNAP_HISTORY', 'the history is said by the variable of its option')
    names = ['t%02d' % i for i in range(24)]
    for name in names:
        db = sqlite3.connect('%s/%s.db' % (FOLDER, name))
        db.execute('CREATE TABLE orders(id INTEGER PRIMARY KEY)')
        db.commit()
        db.close()
    put('targets', ''.join('%s=sqlite:%s.db\n' % (n, n) for n in names))
    settings()
    seen = []
    for i in range(spec['completions']):
        args = [a.replace('$(JOB_COMPLETION_INDEX)', str(i)).replace('/etc/snap', FOLDER) for a in container['args']]
        report = FOLDER + '/part%d.json' % i
        rc, out = run(SNAP, *args, '-o', report, env={'SNAP_HISTORY': FOLDER + '/all.db'})
        check(rc == 0 and not out, 'part %d' % i, (rc, out))
        seen.append({n for n in names if re.search(r'\b%s\b' % n, text(report))})
    check(sum(len(s) for s in seen) == len(names) and set.union(*seen) == set(names), 'each target is in one part', seen)
    check(sum(1 for s in seen if s) > len(seen) // 2, 'the parts are spread', [len(s) for s in seen])
    rc, out = run(SNAP, 'log', '--history', FOLDER + '/all.db', *names[:1])
    check(rc == 0, 'all are in one history', out)


def stages():
    """RUN, COPY and the rest of each stage of the Containerfile."""
    joined = re.sub(r'\\\n', ' ', '\n'.join(x for x in text(RUN + '/Containerfile').split('\n') if not x.startswith('#')))
    parts = []
    for line in joined.split('\n'):
        word, _, rest = line.partition(' ')
        if word == 'FROM':
            parts.append([])
        if word:
            parts[-1].append((word, rest.strip()))
    return parts


def packages(stage):
    command = [rest for word, rest in stage if word == 'RUN' and 'apt-get install' in rest][0]
    return set(command.split('--no-install-recommends')[1].split('&&')[0].split())


def container():
    rc, out = run(MONITOR + '/python/bin/hadolint', RUN + '/Containerfile')
    check(rc == 0 and not out, 'hadolint has nothing to say', out)
    build, final = stages()
    wanted = set(re.search(r'build="([^"]*)"', text(ROOT + '/tests/packages.sh')).group(1).split()) - {'sqlite3'}
    check(packages(build) == wanted, 'the build stage installs what a build needs', packages(build) ^ wanted)
    have = packages(final)
    listed = subprocess.run(['objdump', '-p', SNAP], stdout=subprocess.PIPE, check=True).stdout.decode()
    for name in re.findall(r'NEEDED +(?!lib(?:a|ub)san)(\S+)', listed) + ['libcurl.so.4']:
        owners = {line.split(':')[0] for line in run('dpkg', '-S', '*/' + name)[1].split('\n')}
        check(owners & (have | {'libc6'}), 'the image has the package of %s' % name, owners)
    words = dict(final)
    check(words['USER'] == '10001' and words['ENTRYPOINT'] == '["/usr/bin/snap"]', 'it runs snap, not as root', words)
    check(json.loads(words['VOLUME']) == ['/data', '/tmp'], 'what may be written')
    read_only()


def read_only():
    """As in the container: a user without rights, and nothing to write to but the volumes."""
    settings(', history: history.db')
    for path, _, files in os.walk(FOLDER):
        os.chmod(path, 0o777)
        for name in files:
            os.chmod(os.path.join(path, name), 0o666)
    own = shutil.copy(SNAP, FOLDER + '/snap')
    os.chmod(own, 0o755)
    script = ('mount --bind "$1" "$1" && mount -o remount,bind,ro / && cd "$1" && shift && '
              'exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --inh-caps=-all "$@"')
    words = ['unshare', '--mount'] + (['--map-root-user'] if os.geteuid() else []) + ['sh', '-c', script, 'sh', FOLDER]
    rc, out = run(*words, 'sh', '-c', 'id -u; touch /var/x 2>&1; touch here && echo ok')
    check(rc == 0 and '10001' in out and 'Read-only' in out and 'ok' in out, 'a root that is read-only', (rc, out))
    rc, out = run(*words, own, 'drift', env={'TMPDIR': FOLDER})
    check((rc, out) == (0, '') and os.path.exists(FOLDER + '/history.db'), 'a check with a read-only root', (rc, out))
    check(os.stat(FOLDER + '/history.db').st_uid == 10001, 'the history is of the user')


def image():
    """The two stages in roots made by debootstrap: what a builder of images does, without one."""
    roots = [FOLDER + '/build', FOLDER + '/final']
    for root, stage in zip(roots, stages()):
        base = BUILD + '/where-base.tar'
        if not os.path.exists(base):
            subprocess.run(['debootstrap', '--variant=minbase', '--make-tarball=' + base, 'bookworm', FOLDER + '/pack'],
                           check=True, stdout=subprocess.DEVNULL)
        subprocess.run(['debootstrap', '--variant=minbase', '--unpack-tarball=' + base, 'bookworm', root], check=True,
                       stdout=subprocess.DEVNULL)
        for name in ['/etc/resolv.conf', '/etc/hosts']:
            shutil.copy(name, root + name)
        for name in glob.glob('/etc/apt/apt.conf.d/*proxy*'):
            shutil.copy(name, root + name)
        place = '/'
        for word, rest in stage:
            if word == 'WORKDIR':
                place = rest
            elif word == 'COPY' and rest.startswith('--from'):
                source, target = rest.split()[1:]
                shutil.copy(roots[0] + source, root + target)
            elif word == 'COPY':
                os.makedirs(root + '/src')
                copy_tree(root + '/src')
            elif word == 'RUN':
                subprocess.run(['chroot', root, 'sh', '-c', 'cd %s && %s' % (place, rest)], check=True,
                               stdout=subprocess.DEVNULL, env=WHOLE)
    rc, out = run('chroot', '--userspec=10001:10001', roots[1], '/usr/bin/snap', 'features', env=WHOLE)
    check(rc == 0 and 'PostgreSQL' in out, 'the image runs', out)
    rc, out = run('du', '-sm', roots[1])
    print('image: %s MB' % out.split()[0])


def copy_tree(target):
    archive = subprocess.run(['git', '-C', ROOT, 'archive', 'HEAD'], stdout=subprocess.PIPE, check=True).stdout
    subprocess.run(['tar', '-x', '-C', target], input=archive, check=True)


def main():
    try:
        if '--container' in sys.argv:
            image()
        else:
            subprocess.run([HERE + '/monitor_tools.sh', MONITOR], check=True)
            systemd()
            kubernetes()
            container()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print('where it runs: %(checks)d checks, %(failed)d failed' % COUNT)
    return COUNT['failed'] > 0


if __name__ == '__main__':
    sys.exit(main())
