"""A port of this machine that is free, and that no client is given: a server that is started on it, or started again,
finds it free. Run as a program it prints one."""
import random
import socket

from moments import until

RANGE = '/proc/sys/net/ipv4/ip_local_port_range'


def free_port():
    with open(RANGE, encoding='ascii') as f:
        low = int(f.read().split()[0])
    for _ in range(1000):
        with socket.socket() as s:
            try:
                s.bind(('127.0.0.1', random.randint(10000, low - 1) if low > 11000 else 0))
                return s.getsockname()[1]
            except OSError:
                continue
    raise RuntimeError('no port is free')


def listens(port):
    """Waits for a server on that port."""
    def now():
        try:
            socket.create_connection(('127.0.0.1', port), 5).close()
            return True
        except OSError:
            return False
    if not until(now, 120):
        raise RuntimeError('nothing listens on %d' % port)


if __name__ == '__main__':
    print(free_port())
