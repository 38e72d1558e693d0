"""The Airflow that the live tests start: its own virtual environment, cached by what goes into it."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.live import pythons

ROOT = Path(__file__).parents[3]
LOCK = ROOT / "requirements" / "airflow-server.txt"
LOCK_OF_2 = ROOT / "requirements" / "airflow2-server.txt"
DRIVERS = ("psycopg2-binary", "asyncpg")


@dataclass(frozen=True, slots=True)
class Release:
    """An Airflow version, how it gets installed (from our lock, or as the packages of a past day), on which Pythons."""

    version: str
    lock: Path | None = None
    as_of: str = ""
    pythons: tuple[tuple[int, int], ...] = ((3, 12), (3, 13))

    @property
    def is_2(self) -> bool:
        return self.version.startswith("2.")

    @property
    def requirements(self) -> list[str]:
        if self.lock:
            return ["--no-deps", "--require-hashes", "-r", str(self.lock)]
        return ["--exclude-newer", self.as_of, f"apache-airflow=={self.version}", *DRIVERS]

    @property
    def fingerprint(self) -> str:
        ingredients = self.lock.read_text() if self.lock else " ".join(self.requirements)
        return hashlib.sha256(ingredients.encode()).hexdigest()[:12]


RELEASES = {
    release.version: release
    for release in (
        Release("3.3.2", lock=LOCK),
        # Newer packages break them (pydantic 3.2; PyJWT and FastAPI 3.0), so each keeps those of a day of its time.
        Release("3.2.2", as_of="2026-06-15"),
        Release("3.1.8", as_of="2026-06-15"),
        Release("3.0.6", as_of="2025-09-15"),
        Release("2.11.2", lock=LOCK_OF_2, pythons=((3, 11), (3, 12))),
    )
}


def chosen() -> Release:
    """Return the release named by BATON_AIRFLOW_VERSION (3.3.2 unless set)."""
    version = os.environ.get("BATON_AIRFLOW_VERSION", "3.3.2")
    if version not in RELEASES:
        raise ValueError(f"BATON_AIRFLOW_VERSION={version}: known are {', '.join(RELEASES)}")
    return RELEASES[version]


def cache() -> Path:
    """Return where virtual environments and database templates stay between runs."""
    return Path(os.environ.get("BATON_AIRFLOW_CACHE", ROOT / ".baton"))


def environment(release: Release) -> Path:
    """Return the virtual environment of `release`; install it (8 to 12 s and 200 MB of disk) where it is missing."""
    python = find_python(release)
    home = (
        cache()
        / f"airflow-{release.version}"
        / f"venv-{release.fingerprint}-{'.'.join(map(str, pythons.version(python)))}"
    )
    if not (home / ".complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        pythons.uv("venv", "--python", str(python), str(home))
        target = str(home / "bin" / "python")
        pythons.uv("pip", "install", "--python", target, "--compile-bytecode", *release.requirements)
        (home / ".complete").touch()
    return home


def find_python(release: Release) -> Path:
    """Return a Python that this Airflow runs on, best first. RuntimeError where there is none: nothing replaces it."""
    if told := os.environ.get("BATON_AIRFLOW_PYTHON"):
        return Path(told)
    if found := pythons.provide(*release.pythons):
        return found
    known = " or ".join(f"{major}.{minor}" for major, minor in release.pythons)
    raise RuntimeError(f"a real Airflow {release.version} needs Python {known} (or its path in BATON_AIRFLOW_PYTHON)")
