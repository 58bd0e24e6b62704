"""Structured logs: a line of JSON with an event, ids and states. Libraries that would log addresses or words are kept quiet."""

from __future__ import annotations

import logging
import sys

import structlog

# They log request addresses with tokens in them, message bodies or SQL parameters at their lower levels.
QUIET = (
    "httpx", "httpcore", "telegram", "twilio", "twilio.http_client", "sqlalchemy", "uvicorn.access", "presidio-analyzer",
    "presidio_analyzer", "psycopg", "psycopg.pool", "alembic",
)  # fmt: skip


def configure(role: str, level: int = logging.INFO) -> None:
    """Log to standard output as JSON; every line says which process it is from."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper("iso"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_traceback,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    handler.addFilter(_errors_by_kind)
    # A line that cannot be written (a full disk) would be shown on standard error with all that was to be formatted.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    structlog.contextvars.bind_contextvars(process=role)
    # An error that ends the process is told by its kind and place only, as every other one.
    sys.excepthook = lambda kind, error, trace: root.critical("ended by an error", exc_info=(kind, error, trace))


def _errors_by_kind(record: logging.LogRecord) -> bool:
    """Libraries log an error as the message, or as a value in it; its text may quote a request or a row."""
    if isinstance(record.msg, BaseException):
        record.msg, record.args = type(record.msg).__name__, ()
    elif isinstance(record.args, tuple):
        record.args = tuple(type(one).__name__ if isinstance(one, BaseException) else one for one in record.args)
    return True


def _without_traceback(logger: object, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A traceback's last line may quote a row or an address: keep the error's type and the place."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple) and info[0] is not None:
        event["error"] = info[0].__name__
        trace = info[2]
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        if trace is not None:
            event["at"] = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
    event.pop("stack_info", None)
    # asyncio quotes a failed task, and the error in it, below its first line.
    event["event"] = str(event.get("event", "")).partition("\n")[0]
    return event
