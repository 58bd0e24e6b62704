"""No log entry of Rasa carries words, at any level.

Rasa's debug entries hold the message, its entities and slots, and its error entries hold the local variables of each
frame. Here every entry is reduced to its event name and to plain ids, numbers and names.
"""

from __future__ import annotations

import logging
import sys
import warnings
from typing import Any

import rasa.utils.log_utils
import structlog

# All that a structured entry may keep besides its event name and level.
KEPT = frozenset({"event", "level", "action_name", "policy_name", "sender_id", "error", "model_name", "port", "url"})
# Modules whose plain debug lines repeat what a person wrote, or what we make of it.
LOUD = ("rasa", "sanic", "asyncio", "aiohttp", "apscheduler", "matplotlib", "urllib3")


def install(level: int = logging.INFO) -> None:
    """Replaces Rasa's logging set-up by one without words. Debug is raised to info: it exists to print words."""
    kept = max(level, logging.INFO)
    rasa.utils.log_utils.configure_structlog = lambda log_level=None: _configure(kept)
    _configure(kept)
    # Rasa's warnings quote a message that it could not read.
    warnings.showwarning = _category_alone  # type: ignore[assignment]


def _category_alone(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any) -> None:
    if not issubclass(category, DeprecationWarning):
        logging.getLogger("warnings").warning("%s at %s:%d", category.__name__, filename.rpartition("/")[2], lineno)


def _configure(level: int) -> None:
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s", stream=sys.stdout, level=level, force=True)
    for handler in logging.getLogger().handlers:
        handler.addFilter(without_traceback)
    for name in LOUD:
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.processors.add_log_level, only_kept, _rendered],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def only_kept(logger: Any, name: str, entry: Any) -> Any:
    """The entry with ids and states alone; of an exception the type."""
    failed = entry.pop("exc_info", None)
    kind = sys.exc_info()[0] if failed else None
    kept = {key: value for key, value in entry.items() if key in KEPT}
    return {**kept, "error": kind.__name__} if kind else kept


def without_traceback(record: logging.LogRecord) -> bool:
    """A traceback ends with the error's message, which may quote the text; only the type and the place are kept."""
    if record.exc_info and record.exc_info[0]:
        kind, _, trace = record.exc_info
        record.msg = f"{record.getMessage()} [{kind.__name__} at {_place(trace)}]"
        record.args, record.exc_info, record.exc_text = (), None, None
    return True


def _place(trace: Any) -> str:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"


def _rendered(logger: Any, name: str, entry: Any) -> str:
    event = entry.pop("event", "")
    return " ".join([str(event), *(f"{key}={value}" for key, value in sorted(entry.items()) if key != "level")])
