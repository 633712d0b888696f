"""The trace that a call of the auth server belongs to (W3C Trace Context)."""

import re
from typing import Any

from .credential import Headers

trace: Any
try:
    from opentelemetry import trace
except ImportError:  # optional
    trace = None

_WELL_FORMED = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def read_traceparent(headers: Headers) -> str | None:
    """The current OpenTelemetry span as a `traceparent`; otherwise the request's own, if it is well-formed."""
    if trace is not None:
        span = trace.get_current_span().get_span_context()
        if span.is_valid:
            return f"00-{span.trace_id:032x}-{span.span_id:016x}-{int(span.trace_flags) & 1:02x}"
    for name, value in headers:
        if name == b"traceparent" and _WELL_FORMED.fullmatch(value):
            return value.decode("ascii")
    return None
