"""Statements of the hot path, compiled once: an intake writes half a dozen rows before Slack gets its answer.

A statement is SQLAlchemy Core as everywhere; compiling, caching and result objects, which cost several times what
SQLite itself takes, happen once for each dialect instead of once for each message.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType

Processor = Callable[[Any], Any]


class Prepared:
    """A statement whose every value is a `bindparam`. `build` gets the dialect's name."""

    def __init__(self, build: Callable[[str], Executable]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, tx: Connection, **values: Any) -> list[Sequence[Any]]:
        """Run it and return the rows as plain tuples, their values as the columns' types make them."""
        compiled, cursor = self._run(tx, values)
        try:
            return [compiled.read(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def count(self, tx: Connection, **values: Any) -> int:
        """Run it and return how many rows it inserted or changed."""
        _, cursor = self._run(tx, values)
        try:
            return int(cursor.rowcount)
        finally:
            cursor.close()

    def many(self, tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each row of values."""
        compiled = self._compile(tx.dialect)
        cursor = tx.connection.cursor()
        try:
            cursor.executemany(compiled.sql, [compiled.bind(row) for row in rows])
        finally:
            cursor.close()

    def _run(self, tx: Connection, values: Mapping[str, Any]) -> tuple["_Compiled", Any]:
        compiled = self._compile(tx.dialect)
        cursor = tx.connection.cursor()
        cursor.execute(compiled.sql, compiled.bind(values))
        return compiled, cursor

    def _compile(self, dialect: Dialect) -> "_Compiled":
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._build(dialect.name), dialect)
        return compiled


class _Compiled:
    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)
        self.sql = str(compiled)
        self._by_position = compiled.positional
        binds = compiled.binds
        untyped = [name for name, bind in binds.items() if isinstance(bind.type, NullType)]
        assert not untyped, f"{untyped}: without a type a time would be written in another form than its column's"
        names = (compiled.positiontup or ()) if compiled.positional else binds
        self._binders = [(name, binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]
        self._fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
        self._readers = _readers(compiled, dialect)

    def bind(self, values: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver takes them. A value that is missing is a KeyError."""
        given = {**self._fixed, **values}
        bound = [binder(given[name]) if binder else given[name] for name, binder in self._binders]
        return bound if self._by_position else dict(zip((name for name, _ in self._binders), bound, strict=True))

    def read(self, row: Sequence[Any]) -> Sequence[Any]:
        return tuple(reader(value) if reader else value for reader, value in zip(self._readers, row, strict=True))


def _readers(compiled: SQLCompiler, dialect: Dialect) -> list[Processor | None]:
    """Return for each column of the result what makes its value from the database's."""
    columns = compiled._result_columns  # noqa: SLF001 - its public name needs a cursor
    return [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
