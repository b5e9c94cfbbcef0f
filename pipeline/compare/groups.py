"""Which schools are put side by side, in which periods, and what may be shown of them: the values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property

from pipeline.compare.spelling import School, fold
from pipeline.compare.values import Response, Round


@dataclass(frozen=True)
class Group:
    """Schools side by side.

    Attributes:
        name, title: of its report; the name is a slug.
        schools: in the order in which they are printed where their names are shown.
        organisations: those whose own forms, without a school, belong to it.
    """

    name: str
    title: str
    schools: tuple[School, ...]
    organisations: tuple[str, ...] = ()

    def holds(self, response: Response) -> bool:
        """Say whether a form belongs to it."""
        if response.school:
            return (response.organisation, response.school) in self._schools
        return response.organisation in self.organisations

    @cached_property
    def _schools(self) -> frozenset[School]:
        return frozenset(self.schools)


@dataclass(frozen=True)
class Groups:
    """What is compared.

    Attributes:
        groups, rounds: rounds by day, the oldest first.
        title: of the whole, empty where none is said.
        named: schools that are shown under their name, since their board says so.
        roles: name of a role -> other words for it, as they stand on forms.
        texts: patterns of names of fields whose texts are taken over.
        left_out: (file, field) of texts that are not.
        same: name -> its other spellings.
        undated: whether forms without a day belong to the only round: where no rounds are written.
    """

    groups: tuple[Group, ...]
    rounds: tuple[Round, ...]
    title: str = ""
    named: frozenset[School] = frozenset()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    left_out: frozenset[tuple[str, str]] = frozenset()
    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    undated: bool = False

    def find_role(self, said: str) -> str:
        """Return the role that a form states, without regard to case and accents; '' where it states none of them."""
        return self._roles.get(fold(said), "")

    def takes(self, file: str, name: str) -> bool:
        """Say whether the text in a field of a file is taken over."""
        return (file, name) not in self.left_out and any(fnmatchcase(name, it) for it in self.texts)

    def find_round(self, response: Response) -> Round | None:
        """Return the round in which a form was filled in; None where there is none."""
        if response.date is None:
            return self.rounds[0] if self.undated else None
        return next((it for it in self.rounds if it.first <= response.date <= it.last), None)

    @cached_property
    def _roles(self) -> dict[str, str]:
        return {fold(word): role for role, words in self.roles.items() for word in (role, *words)}
