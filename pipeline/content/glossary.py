"""`glossary.yml` as a model: the words that a toolbox uses, and those it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from pipeline.content.fields import Label, Passage
from pipeline.content.model import Model


class Glossary(Model):
    """Terms with their meaning, and banned phrases with what to write instead.

    `allowed`: words and phrases in which a banned one may stand, such as a name or a compound.
    """

    terms: dict[Label, Passage]
    banned: dict[Label, Label]
    allowed: tuple[Label, ...] = ()

    def find_banned(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield (phrase as it stands there, what to write instead), for whole words, in any case."""
        if self._pattern is None:
            return
        for found in self._pattern.finditer(text):
            phrase = found["banned"]
            if phrase is not None:
                yield phrase, self._instead(phrase)

    def _instead(self, phrase: str) -> str:
        """Return what to write in place of a phrase, which may be written in other letters (İ for i)."""
        there = self._lowered.get(phrase.casefold())
        if there is not None:
            return there
        found = (it for it in self.banned if re.fullmatch(re.escape(it), phrase, re.IGNORECASE))
        return self.banned[next(found)]

    @cached_property
    def _lowered(self) -> dict[str, str]:
        return {phrase.casefold(): instead for phrase, instead in self.banned.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        """One pattern: what is allowed is taken first, so that nothing in it is found."""
        if not self.banned:
            return None
        allowed, banned = (
            "|".join(re.escape(it) for it in sorted(words, key=len, reverse=True))
            for words in (self.allowed, self.banned)
        )
        return re.compile(rf"(?<!\w)(?:{allowed or '(?!)'}|(?P<banned>{banned}))(?!\w)", re.IGNORECASE)
