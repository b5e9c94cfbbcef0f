"""What a report leads to: points of attention with their card and their page in the Werkwijzer. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pipeline.compare.derive import Wish, find_attention, wishes
from pipeline.compare.values import Cell, Questionnaire, Row, Subject
from pipeline.content.toolbox import Toolbox
from pipeline.kinds.routes import list_pages
from pipeline.kinds.wording import Wording, make_block

WIDE = 2  # steps of the scale between the lowest and the highest answer: two people do not see the same


def measure_spread(cell: Cell) -> int:
    """Return how many steps lie between the lowest and the highest answer; 0 where that is hidden."""
    return 0 if cell.low is None or cell.high is None else cell.high - cell.low


@dataclass(frozen=True)
class Advice:
    """What leads from a subject to a card, and to a page."""

    toolbox: Toolbox
    say: Wording
    colour: str

    def plan_points(self, row: Row, questionnaire: Questionnaire) -> dict[str, Any]:
        """Return the points of attention, by the numbers as they are printed; a sentence where there is none."""
        words = self.say.words.attention
        cells = {it.code: cell for it, cell in zip(questionnaire.subjects, row.cells, strict=True)}
        found = find_attention(row, questionnaire)
        points = [self._plan_point(it, cells[it.subject.code], questionnaire) for it in found]
        if not points:
            said = words.none if wishes(row, questionnaire) else words.unknown
            return make_block("text", self.colour, words.heading, paragraphs=[said])
        return make_block("points", self.colour, words.heading, [words.intro], points=points)

    def _plan_point(self, point: Wish, cell: Cell, questionnaire: Questionnaire) -> dict[str, Any]:
        rows = [*self._find_card(point.subject, questionnaire), *self._find_phases(point, questionnaire)]
        title = self.say.text(f"{point.subject.number} {point.subject.title}")
        return {"title": title, "reason": self._give_reason(point, cell), "rows": [[*it] for it in rows]}

    def _give_reason(self, point: Wish, cell: Cell) -> str:
        words, say = self.say.words.attention, self.say
        difference = say.number(point.gap)
        said = words.wish.format(now=say.number(point.now), wish=say.number(point.wish), difference=difference)
        if measure_spread(cell) < WIDE:
            return said
        return f"{said} {words.spread.format(low=cell.low, high=cell.high)}"

    def _find_card(self, subject: Subject, questionnaire: Questionnaire) -> Iterator[tuple[str, list[str]]]:
        """Yield the card of the same folder and number, where a deck is made of that folder."""
        folders = {deck.folder for _, deck in self.toolbox.settings.decks}
        if questionnaire.folder not in folders:
            return
        words = self.say.words.attention
        for entry in self.toolbox.folders.get(questionnaire.folder, ()):
            if entry.dimension.number == subject.number:
                line = words.card_line.format(number=subject.number, title=entry.dimension.short)
                yield words.card, [self.say.text(line)]

    def _find_phases(self, point: Wish, questionnaire: Questionnaire) -> Iterator[tuple[str, list[str]]]:
        """Yield where each aspect of the subject begins: the phase, and the page in the booklet of each layer."""
        filed = self.toolbox.framework
        if filed is None or filed.it.cards != questionnaire.folder:
            return
        words, framework = self.say.words.attention, filed.it
        place = choose_phase(point.now, questionnaire.scale.high, len(framework.phases))
        phase = list(framework.phases.values())[place]
        for name, aspect in self.toolbox.aspects.items():
            if point.subject.number in aspect.it.dimensions:
                pages = list_pages(self.toolbox, name)
                lines = [words.page.format(layer=framework.layers[it].name, page=page) for it, page in pages.items()]
                first = words.phase_line.format(aspect=aspect.it.name, phase=phase.name.lower())
                yield words.phase, [self.say.text(first), *([" · ".join(lines)] if lines else [])]


def choose_phase(mean: Fraction, high: int, phases: int) -> int:
    """Return which phase a mean belongs to, counted from 0: equal parts of the scale over the phases."""
    if high == 1:
        return 0
    return min(int((mean - 1) * phases / (high - 1)), phases - 1)
