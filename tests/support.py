"""support - what the test scripts in Python share: TAP, free ports, waiting. No test of its own."""
import socket
import time


class Tap:
    """Prints one line for each case; end() prints the plan and gives the exit status."""

    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, good, detail=''):
        self.count += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.count} - {name}', flush=True)
        if not good:
            for line in str(detail).splitlines()[:60]:
                print('# ' + line, flush=True)

    def end(self):
        print(f'1..{self.count}')
        return self.failed > 0


def skip_all(reason):
    """For a main() that cannot test anything here."""
    print('1..0 # SKIP ' + reason)
    return 0


def free_port(in_a_row=1):
    """The first of so many free ports in a row on loopback."""
    while True:
        sockets = [socket.socket() for _ in range(in_a_row)]
        try:
            sockets[0].bind(('127.0.0.1', 0))
            port = sockets[0].getsockname()[1]
            for offset, other in enumerate(sockets[1:], 1):
                other.bind(('127.0.0.1', port + offset))
            return port
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()


def wait_for(what, seconds=120):
    """Calls what() until it gives something true, which is returned; after so many seconds what it gave last."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(0.1)
    return what()
