"""Reads an OpenAPI document."""

from typing import Any


def security_of(operation: dict[str, Any]) -> list[dict[str, list[str]]]:
    """The security schemes of an operation, each once: FastAPI before 0.128 repeats them for each dependency."""
    unique: list[dict[str, list[str]]] = []
    for each in operation["security"]:
        if each not in unique:
            unique.append(each)
    return unique
