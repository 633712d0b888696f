"""The trace of a request is passed on to the auth server, and nothing that is malformed."""

from collections.abc import Iterator

import pytest
from opentelemetry import context, trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from auth_service_fastapi import AuthService, trace_context
from auth_service_fastapi.trace_context import read_traceparent

from .support.fake_auth import fake_auth, signed_in
from .support.served import create_api, serve
from .test_forwarding import headers_of, raw_request

INCOMING = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
COOKIE = b"Cookie: better-auth.session_token=t.s"


@pytest.fixture
def current_span() -> Iterator[None]:
    span = NonRecordingSpan(SpanContext(0xA1, 0xB2, is_remote=False, trace_flags=TraceFlags(1)))
    token = context.attach(trace.set_span_in_context(span))
    yield
    context.detach(token)


def test_the_traceparent_of_the_request_is_forwarded() -> None:
    with fake_auth(lambda _: signed_in()) as auth, serve(create_api(AuthService(auth.url))) as url:
        raw_request(url, COOKIE, b"traceparent: " + INCOMING, b"tracestate: a=b")
        (head,) = auth.asked
    headers = headers_of(head)
    assert headers[b"traceparent"] == INCOMING
    assert b"tracestate" not in headers


@pytest.mark.parametrize("value", [b"", b"x", INCOMING + b"-x", INCOMING.upper(), b"0" * 9000])
def test_a_malformed_one_is_not_forwarded(value: bytes) -> None:
    assert read_traceparent([(b"traceparent", value)]) is None


@pytest.mark.usefixtures("current_span")
def test_the_current_span_of_opentelemetry_comes_first() -> None:
    expected = f"00-{0xA1:032x}-{0xB2:016x}-01"
    assert read_traceparent([(b"traceparent", INCOMING)]) == expected


@pytest.mark.usefixtures("current_span")
def test_without_opentelemetry_the_request_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_context, "trace", None)
    assert read_traceparent([(b"traceparent", INCOMING)]) == INCOMING.decode()
    assert read_traceparent([]) is None
