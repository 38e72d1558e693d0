"""Logs go to standard error, whatever that is at the moment."""

import io
import logging

import structlog

from bot import logs

log = structlog.get_logger()


def test_logs_outlive_the_stream_that_was_standard_error_when_they_were_set_up(monkeypatch, capsys):
    with monkeypatch.context() as replaced:
        short_lived = io.StringIO()
        replaced.setattr("sys.stderr", short_lived)
        logs.set_up()
        log.info("while it is there")
        short_lived.close()

    log.info("afterwards")
    logging.getLogger("a library").warning("also afterwards")

    assert ["afterwards" in line for line in capsys.readouterr().err.splitlines()] == [True, True]
