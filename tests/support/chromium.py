"""Finds a Chromium: the system's, else Debian's packages as root on Debian, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
FLAGS = (
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
)
PACKAGES = ('chromium', 'fonts-noto-cjk')


def system_chromium() -> str | None:
    """Return the path of the system's Chromium, or None: then Playwright's own must do."""
    given = os.environ.get('CHROMIUM')
    return given or next(filter(None, map(shutil.which, NAMES)), None)


def install() -> str:
    """Make sure that there is a Chromium; return what was found or done, in words."""
    found = system_chromium()
    if found:
        return f'Chromium: {found}'
    if os.geteuid() == 0 and Path('/etc/debian_version').exists() and shutil.which('apt-get'):
        environ = {**os.environ, 'DEBIAN_FRONTEND': 'noninteractive'}
        subprocess.run(['apt-get', 'update', '-q'], check=True)
        subprocess.run(['apt-get', 'install', '-y', '-q', *PACKAGES], check=True, env=environ)
        return f'Chromium: {system_chromium()}, from the packages {" ".join(PACKAGES)}'
    subprocess.run([sys.executable, '-m', 'playwright', 'install', 'chromium'], check=True)
    return 'Chromium: installed by Playwright'


if __name__ == '__main__':
    print(install())  # noqa: T201  speaks to the person who ran make
