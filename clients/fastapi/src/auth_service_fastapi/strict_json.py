"""Parses JSON from a server that may be broken or hostile, and rejects what would only fail in a later step."""

import json
from typing import Any

#: Far deeper than any session. Deeper values raise RecursionError when they are serialized again.
_MAX_DEPTH = 32

#: Names, objects, arrays and scalars together; a thousand published keys have 14,000.
_MAX_VALUES = 100_000

#: 64 bits and a sign. Python parses longer integers in quadratic time.
_MAX_DIGITS = 20


def parse_json(body: bytes) -> Any:
    """Parses JSON (RFC 8259) as I-JSON (RFC 7493): UTF-8, finite numbers, no duplicate names.

    :raises ValueError: for everything else, with a message that quotes nothing from the body
    """
    try:
        value = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_finite,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        raise ValueError("JSON that is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("text that is not UTF-8") from None
    except json.JSONDecodeError:
        raise ValueError("text that is not JSON") from None
    require_plain(value)
    return value


def require_plain(value: object) -> None:
    """Rejects excessive depth or size, and strings that cannot be encoded as UTF-8 (a lone surrogate).

    :raises ValueError: with a message that quotes nothing from the value
    """
    left: list[tuple[object, int]] = [(value, 0)]
    seen = 0
    while left:
        each, depth = left.pop()
        seen += 1
        if depth > _MAX_DEPTH:
            raise ValueError("JSON that is nested too deeply")
        if seen > _MAX_VALUES:
            raise ValueError("JSON of too many values")
        if isinstance(each, str):
            _require_utf8(each)
        elif isinstance(each, dict):
            left.extend((item, depth + 1) for pair in each.items() for item in pair)
        elif isinstance(each, list):
            left.extend((item, depth + 1) for item in each)


def _require_utf8(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("JSON with a lone surrogate") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        # Another parser may take the other value.
        raise ValueError("JSON with a duplicate name")
    return value


def _integer(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise ValueError("JSON with a number that is too long")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("JSON with a number that is too large")
    return value


def _refuse_constant(_text: str) -> Any:
    raise ValueError("NaN or Infinity, which are not JSON")
