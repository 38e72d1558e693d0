"""local-bigquery, an emulator by others, in an environment of its own: it wants Python 3.13 and what Baton does not."""

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.live import pythons
from tests.live.airflow.installed import cache

PYTHON = (3, 13)
EXTENSIONS = ("icu", "ducklake", "spatial")
DUCKDB = "1.5.5"
PACKAGES = (
    "local-bigquery==0.3.2",
    f"duckdb=={DUCKDB}",
    *(f"duckdb-extension-{name}=={DUCKDB}" for name in EXTENSIONS),
)


def environment() -> Path:
    """Return the virtual environment; install it (a minute and 600 MB of disk) where it is missing."""
    python = _python()
    home = cache() / f"local-bigquery-{hashlib.sha256(' '.join(PACKAGES).encode()).hexdigest()[:12]}"
    if not (home / ".complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        pythons.uv("venv", "--python", str(python), str(home))
        pythons.uv("pip", "install", "--python", str(home / "bin" / "python"), "--compile-bytecode", *PACKAGES)
        (home / ".complete").touch()
    return home


def provide_extensions(home: Path, user_home: Path) -> None:
    """Put DuckDB's extensions where it looks for them, so that it downloads none."""
    target = user_home / ".duckdb" / "extensions" / f"v{DUCKDB}" / "linux_amd64"
    target.mkdir(parents=True)
    for extension in home.glob(
        f"lib/python3.13/site-packages/duckdb_extension_*/extensions/v{DUCKDB}/*.duckdb_extension"
    ):
        shutil.copy(extension, target)


def _python() -> Path:
    """Return Python 3.13, fetched by uv where this machine has none; skip the test where it cannot be had."""
    if found := pythons.provide(PYTHON):
        return found
    pytest.skip("local-bigquery runs on Python 3.13 only: this machine has none, and uv could fetch none")
