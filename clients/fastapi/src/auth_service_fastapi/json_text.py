"""Reads JSON of a peer that may be broken or hostile, and refuses what would only fail in a later step."""

import json
from typing import Any

#: Nothing that an auth server tells comes near. Deeper values end in a RecursionError when they are written again.
_MAX_DEPTH = 32

#: Names, objects, lists and plain values together; a thousand published keys are 14,000.
_MAX_VALUES = 100_000

#: 64 bits and a sign. Python reads longer ones in quadratic time.
_MAX_DIGITS = 20


def parse_json(body: bytes) -> Any:
    """The value, made of what JSON (RFC 8259) and I-JSON (RFC 7493) have: UTF-8, finite numbers, names once.

    :raises ValueError: for everything else, with a sentence that holds nothing of the body
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
        raise ValueError("text that is no JSON") from None
    require_plain(value)
    return value


def require_plain(value: object) -> None:
    """Refuses depth, size, and text that cannot be written as UTF-8 (half a surrogate pair), wherever it stands.

    :raises ValueError: likewise
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
        raise ValueError("JSON with half a character (a lone surrogate)") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        # Another reader may take the other one: two answers are none.
        raise ValueError("JSON that has a name twice")
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
    raise ValueError("NaN or Infinity, which are no JSON")
