"""Other Pythons of this machine, for servers that need an environment of their own, and uv, which makes it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def find(wanted: tuple[int, int]) -> Path | None:
    """Return a Python of exactly this version, such as (3, 12); None where there is none."""
    return next((candidate for candidate in _pythons(wanted) if version(candidate) == wanted), None)


def provide(*wanted: tuple[int, int]) -> Path | None:
    """Return the first of these that this machine has, else the first that uv can fetch; None where neither works."""
    return next(filter(None, map(find, wanted)), None) or next(filter(None, map(_fetched, wanted)), None)


def _fetched(wanted: tuple[int, int]) -> Path | None:
    try:
        uv("python", "install", "{}.{}".format(*wanted))
    except RuntimeError:
        return None
    return find(wanted)


def version(python: Path) -> tuple[int, int] | None:
    answer = subprocess.run(
        [python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=False
    )
    if answer.returncode:
        return None
    major, minor = answer.stdout.split()
    return int(major), int(minor)


def _uv_path() -> str:
    return str(Path(sys.executable).with_name("uv"))


def uv(*arguments: str) -> None:
    """Run uv; RuntimeError with its last words where it fails."""
    done = subprocess.run([_uv_path(), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"uv {' '.join(arguments[:2])}: {done.stderr[-2000:]}")


def _pythons(wanted: tuple[int, int]) -> Iterator[Path]:
    name = "python{}.{}".format(*wanted)
    if found := shutil.which(name):
        yield Path(found)
    # pyenv's shims answer only for versions that are switched on, so its folder is looked at too.
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted((pyenv / "versions").glob(f"{name.removeprefix('python')}.*/bin/python"), reverse=True)
    managed = subprocess.run(
        [_uv_path(), "python", "find", "--no-project", "--managed-python", name.removeprefix("python")],
        capture_output=True,
        text=True,
        check=False,
    )
    if managed.returncode == 0:
        yield Path(managed.stdout.strip())
