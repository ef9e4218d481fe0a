"""Texts that a study wrote in its own languages."""

from collections.abc import Mapping


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in that language, or in any where the study has none in it."""
    return texts.get(language) or next(iter(texts.values()), "")
