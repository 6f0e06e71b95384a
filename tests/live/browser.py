"""A headless Chromium, driven through its debugging pipe: no driver, no port, nothing to install but the browser.

    with Browser() as b:
        page = b.open('file:///...', width=390)
        page.run('document.title')
        page.messages       # errors of the console, exceptions, refusals of the page's own policy
        page.picture('x.png')
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')


def browser_path():
    return next((p for p in map(shutil.which, NAMES) if p), None)


class Browser:
    def __init__(self, seconds=60):
        self.folder = tempfile.mkdtemp(prefix='snap-browser-')
        self.seconds, self.number, self.rest = seconds, 0, b''
        self.answers, self.pages = {}, {}
        child_in, self.to = os.pipe()
        self.out, child_out = os.pipe()

        def ends():
            # the browser reads 3 and writes 4
            spare = os.dup2(child_out, 250)
            os.dup2(child_in, 3)
            os.dup2(spare, 4)
            os.set_inheritable(3, True)
            os.set_inheritable(4, True)
        self.process = subprocess.Popen(
            [browser_path(), '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
             '--disable-background-networking', '--disable-component-update', '--hide-scrollbars', '--remote-debugging-pipe',
             '--user-data-dir=' + self.folder, 'about:blank'],
            close_fds=False, preexec_fn=ends, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(child_in)
        os.close(child_out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.process.poll() is None:
            try:
                self.call('Browser.close')
            except (OSError, RuntimeError):
                pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.out)
        shutil.rmtree(self.folder, ignore_errors=True)

    def read(self, until):
        """Takes what has come; False when nothing comes until then."""
        ready, _, _ = select.select([self.out], [], [], max(0, until - time.monotonic()))
        if not ready:
            return False
        more = os.read(self.out, 1 << 20)
        if not more:
            raise RuntimeError('the browser has ended')
        *whole, self.rest = (self.rest + more).split(b'\0')
        for one in map(json.loads, whole):
            if 'id' in one:
                self.answers[one['id']] = one
            elif one.get('sessionId') in self.pages:
                self.pages[one['sessionId']].take(one['method'], one.get('params', {}))
        return True

    def call(self, method, session=None, **params):
        self.number += 1
        mine = self.number
        ask = {'id': mine, 'method': method, 'params': params, **({'sessionId': session} if session else {})}
        os.write(self.to, json.dumps(ask).encode() + b'\0')
        until = time.monotonic() + self.seconds
        while mine not in self.answers:
            if not self.read(until):
                raise RuntimeError('no answer to ' + method)
        got = self.answers.pop(mine)
        if 'error' in got:
            raise RuntimeError('%s: %s' % (method, got['error']))
        return got['result']

    def open(self, url, width=1280, height=900, dark=False):
        target = self.call('Target.createTarget', url='about:blank')['targetId']
        page = Page(self, target, self.call('Target.attachToTarget', targetId=target, flatten=True)['sessionId'])
        page.show(width, height, dark)
        page.go(url)
        return page


class Page:
    def __init__(self, browser, target, session):
        self.browser, self.target, self.session = browser, target, session
        self.messages, self.loaded = [], 0
        browser.pages[session] = self
        for domain in ('Page', 'Runtime', 'Log'):
            self.call(domain + '.enable')

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def take(self, method, params):
        if method == 'Page.loadEventFired':
            self.loaded += 1
        elif method == 'Runtime.exceptionThrown':
            self.messages.append('exception: ' + json.dumps(params['exceptionDetails'])[:500])
        elif method == 'Runtime.consoleAPICalled' and params['type'] in ('error', 'warning', 'assert'):
            self.messages.append('console: ' + json.dumps(params['args'])[:500])
        elif method == 'Log.entryAdded' and params['entry']['level'] in ('error', 'warning'):
            self.messages.append('log: ' + params['entry']['text'][:500])
        elif method == 'Page.javascriptDialogOpening':
            self.messages.append('dialog: ' + params.get('message', ''))

    def show(self, width, height=900, dark=False):
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}])

    def wait(self, loads):
        until = time.monotonic() + self.browser.seconds
        while self.loaded < loads:
            if not self.browser.read(until):
                raise RuntimeError('the page is not loaded')

    def go(self, url):
        before = self.loaded
        answer = self.call('Page.navigate', url=url)
        if answer.get('errorText'):
            raise RuntimeError('%s: %s' % (url, answer['errorText']))
        if answer.get('loaderId'):
            self.wait(before + 1)

    def run(self, text):
        got = self.call('Runtime.evaluate', expression=text, returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in got:
            raise RuntimeError(json.dumps(got['exceptionDetails'])[:500])
        return got['result'].get('value')

    def follow(self, text):
        """Runs what leads to another page, and waits for that."""
        before = self.loaded
        self.run(text)
        self.wait(before + 1)

    def picture(self, name, whole=True):
        size = self.call('Page.getLayoutMetrics')['cssContentSize']
        clip = {'x': 0, 'y': 0, 'width': size['width'], 'height': min(size['height'], 6000), 'scale': 1}
        got = self.call('Page.captureScreenshot', format='png', captureBeyondViewport=whole, **({'clip': clip} if whole else {}))
        with open(name, 'wb') as f:
            f.write(base64.b64decode(got['data']))

    def close(self):
        self.browser.call('Target.closeTarget', targetId=self.target)
        self.browser.pages.pop(self.session, None)
