"""A comparison -> the sections of its report: what stands on which page. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pipeline.compare.derive import differ, distribute, pair_sides
from pipeline.compare.values import Comparison, Table
from pipeline.content.toolbox import Toolbox
from pipeline.kinds.advice import WIDE, Advice, measure_spread
from pipeline.kinds.charts import Block, Charts, Look, Pair
from pipeline.kinds.gaps import has_numbers, is_shown, tell_rows
from pipeline.kinds.wording import Wording, make_block, title_of

Section = dict[str, Any]
ACTIONS = 4  # rows of the plan
APART_LEAST = 3  # subjects in which answers lie far apart that are named, where there are as many
CHANGES_MOST = 12  # subjects beside each other where numbers stand alone
ON_PAGE = 18  # schools and roles that stand on one page with the words of the schools
TOGETHER_MOST = 8  # schools; charts of more stand on pages of their own, by subject


@dataclass(frozen=True)
class Pages:
    """What the sections of one report are planned with. `colours`: id of a form -> name of its colour."""

    toolbox: Toolbox
    comparison: Comparison
    say: Wording
    colours: dict[str, str]

    def list_sections(self) -> Iterator[Section]:
        """Yield those of every form, newest round, then what compares forms, then quotes."""
        group = self.comparison.kind == "group"
        for rounds in self._list_forms():
            yield from self._list_group(rounds) if group else self._list_one(rounds)
        yield from self._list_sides()
        yield from self._list_quotes()

    def _list_forms(self) -> list[list[Table]]:
        """Return the tables of each form, the oldest round first; rounds of which nothing is shown are left out."""
        forms: dict[str, list[Table]] = {}
        for table in filter(has_numbers, self.comparison.tables):
            forms.setdefault(table.questionnaire.form, []).append(table)
        return list(forms.values())

    def _section(self, table: Table, title: str, blocks: Sequence[Block], intro: list[str]) -> Section:
        questionnaire = table.questionnaire
        name = title_of(self.say.text(questionnaire.title))
        several = len({it.round.name for it in self.comparison.tables}) > 1
        lead = f"{name}, {self.say.text(table.round.title)}" if several and table.round.title else name
        # Two forms may have charts of one name.
        told = [{**it, "alt": f"{title_of(lead)}: {it['alt']}"} if "alt" in it else it for it in blocks]
        return {
            "title": title,
            "short": name,
            "lead": lead,
            "colour": self.colours[questionnaire.form],
            "intro": intro,
            "blocks": told,
        }

    def _go_on(self, table: Table, title: str, blocks: Sequence[Block], intro: list[str]) -> Section:
        """Return a section that begins where the one before it ends, of the same form."""
        return {**self._section(table, title, blocks, intro), "lead": "", "flows": True}

    # ---------------------------------------------------------------------------------- a group of schools

    def _list_group(self, rounds: list[Table]) -> Iterator[Section]:
        now, words, say = rounds[-1], self.say.words, self.say
        questionnaire = now.questionnaire
        charts = Charts(say, self.colours[questionnaire.form])
        unknown = list(charts.tell_unknown(now.total, questionnaire))
        rest = [*self._list_wishes(charts, now), *self._list_changes(charts, rounds), *self._list_roles(charts, now)]
        if not any(map(is_shown, now.schools)):
            standing = [charts.plot_subjects(now.total, questionnaire, "", [])] if is_shown(now.total) else []
            left = tell_rows(say, [*([] if standing else [now.total]), *now.schools])
            intro = [*(say.intro(words.standing) if standing else []), *unknown, *left]
            yield self._section(now, words.standing.heading, [*standing, *rest], intro)
            return
        rows = [now.total, *now.schools]
        intro = [*say.intro(words.overview, high=questionnaire.scale.high), *tell_rows(say, rows)]
        yield self._section(
            now, words.overview.heading, charts.list_matrices(now, rows, words.columns.school, "", []), intro
        )
        yield from self._list_subjects(now, unknown)
        rest = [*self._list_spread(charts, now), *rest]
        if rest:
            # A section is called as its first block is.
            first = {**rest[0], "heading": "", "intro": []}
            begin = self._section if len(now.schools) > TOGETHER_MOST else self._go_on
            yield begin(now, rest[0]["heading"], [first, *rest[1:]], rest[0]["intro"])

    def _list_subjects(self, table: Table, unknown: list[str]) -> Iterator[Section]:
        """Yield each subject of which something is shown: on a page of its own where there are many schools."""
        questionnaire, words = table.questionnaire, self.say.words
        shown = [
            index
            for index in range(len(questionnaire.subjects))
            if any(row.cells[index].mean is not None for row in table.schools)
        ]
        if len(table.schools) > TOGETHER_MOST:
            for index in shown:
                yield self._plan_subject(table, index)
        elif shown:
            charts = Charts(self.say, self.colours[questionnaire.form])
            left = {it.title for it in (table.total, *table.schools) if not is_shown(it)}  # the overview names them
            plots = [charts.plot_subject(table, index, known=left) for index in shown]
            plots[1:] = [{**it, "key": []} for it in plots[1:]]  # once for all
            intro = [*self.say.intro(words.subjects), *unknown]
            yield self._go_on(table, words.subjects.heading, plots, intro)

    def _plan_subject(self, table: Table, index: int) -> Section:
        """Return one subject to lay on the table: schools, their words, roles, and room to write."""
        questionnaire, words = table.questionnaire, self.say.words
        subject = questionnaire.subjects[index]
        known = subject.colour in self.toolbox.theme.colours
        charts = Charts(self.say, subject.colour if known else self.colours[questionnaire.form])
        blocks = [{**charts.plot_subject(table, index), "heading": ""}]
        spread = distribute(table)[index]
        if any(spread.counts):
            block = charts.plot_distribution(table, [spread], title_of(f"{subject.number} {subject.title}: "))
            block["rows"][0]["title"] = words.columns.total
            blocks.append({**block, "intro": [], "name_head": ""})
        roles = len(table.schools) + len(table.roles) <= ON_PAGE
        if roles and any(row.cells[index].mean is not None for row in table.roles):
            blocks.append({**charts.plot_subject(table, index, roles=True), "heading": words.roles.heading, "key": []})
        blocks.append(make_block("lines", charts.colour, asked=words.asked[0]))
        title = self.say.text(f"{subject.number} {subject.title}")
        around = [it.number for it in questionnaire.subjects]
        section = self._section(table, title, blocks, [])
        return {**section, "colour": charts.colour, "ring": {"own": subject.number, "of": around}}

    def _list_spread(self, charts: Charts, table: Table) -> Iterator[Block]:
        """Yield how schools are spread, and the distance between the lowest and the highest; never which they are."""
        words, columns, key = self.say.words, self.say.words.columns, self.say.words.key
        spread = distribute(table)
        if any(any(it.counts) for it in spread):
            yield charts.plot_distribution(table, spread)
        subjects = table.questionnaire.subjects
        means = {it.code: cell.mean for it, cell in zip(subjects, table.total.cells, strict=True)}
        found = differ(table)
        pairs = [Pair(it.subject, it.low, it.high, middle=means[it.subject.code]) for it in found]
        if pairs:
            look = Look(
                (columns.lowest, columns.highest),
                columns.difference,
                table.questionnaire.scale.high,
                ("", ""),
                [["range", key.schools], ["dot", key.total]],
                spans=True,
                signed=False,
            )
            # A total holds schools that are not shown as well.
            beside = ((it, means[it.subject.code]) for it in found)
            apart = any(mean is not None and not it.low <= mean <= it.high for it, mean in beside)
            intro = [*self.say.intro(words.differences), *([words.differences_apart] if apart else [])]
            yield charts.plot_pairs(words.differences.heading, intro, pairs, look)

    def _list_wishes(self, charts: Charts, table: Table) -> Iterator[Block]:
        words, columns, key = self.say.words, self.say.words.columns, self.say.words.key
        subjects = table.questionnaire.subjects
        pairs = [Pair(it, cell.mean, cell.wish) for it, cell in zip(subjects, table.total.cells, strict=True)]
        if all(it.second is None for it in pairs):
            return
        look = Look(
            (columns.mean, columns.wish),
            columns.difference,
            table.questionnaire.scale.high,
            ("dot", "ring"),
            [["dot", key.mean], ["ring", key.wish]],
        )
        yield charts.plot_pairs(words.wishes.heading, self.say.intro(words.wishes), pairs, look)

    def _list_changes(self, charts: Charts, rounds: list[Table]) -> Iterator[Block]:
        """Yield the change from each round to the next one, of all schools and of each."""
        words = self.say.words
        for before, after in pairwise(rounds):
            names = (self.say.text(before.round.title), self.say.text(after.round.title))
            places = {"before": self._tell_round(before), "after": self._tell_round(after)}
            pairs = _pair_tables(before, after)
            if any(it.first is not None and it.second is not None for it in pairs):
                key = [["diamond", names[0]], ["dot", names[1]]]
                look = Look(names, words.columns.change, after.questionnaire.scale.high, ("diamond", "dot"), key)
                yield charts.plot_pairs(words.changes.heading, self.say.intro(words.changes, **places), pairs, look)
            yield from self._list_changed_schools(charts, before, after, {"before": names[0], "after": names[1]})

    def _tell_round(self, table: Table) -> str:
        """Return what a round is called, with its people: a change may be one of who answered."""
        title, people = self.say.text(table.round.title), table.total.people
        return title if people is None else self.say.words.round.format(title=title, people=people)

    def _list_changed_schools(
        self, charts: Charts, before: Table, after: Table, places: dict[str, str]
    ) -> Iterator[Block]:
        words, then = self.say.words, {row.key: row for row in before.schools if is_shown(row)}
        known = [row for row in after.schools if row.key in then and is_shown(row)]
        if not known:
            return
        heading, intro = words.changed_schools.heading, self.say.intro(words.changed_schools, **places)
        bare = replace(charts, beside=CHANGES_MOST)
        for block in bare.list_matrices(after, known, words.columns.school, heading, intro):
            numbers = {number for number, _ in block["columns"]}
            chosen = [k for k, it in enumerate(after.questionnaire.subjects) if str(it.number) in numbers]
            for made, row in zip(block["rows"], known, strict=True):
                made["cells"] = [charts.plan_change(then[row.key].cells[k], row.cells[k]) for k in chosen]
                made["people"] = ""
            sign = words.columns.unanswered_sign
            blank = any(cell["text"] == sign for made in block["rows"] for cell in made["cells"])
            signs = [[sign, words.columns.without]] if blank else []
            yield {**block, "people_head": "", "signs": signs, "notes": []}

    def _list_roles(self, charts: Charts, table: Table) -> list[Block]:
        words = self.say.words
        if not any(map(is_shown, table.roles)):
            return []
        intro = [*self.say.intro(words.roles), *tell_rows(self.say, table.roles)]
        return charts.list_matrices(table, table.roles, words.columns.role, words.roles.heading, intro)

    # ---------------------------------------------------------------------------------- one organisation

    def _list_one(self, rounds: list[Table]) -> Iterator[Section]:
        now, words, say = rounds[-1], self.say.words, self.say
        questionnaire, colour = now.questionnaire, self.colours[now.questionnaire.form]
        charts, advice = Charts(say, colour), Advice(self.toolbox, say, colour)
        standing = [charts.plot_subjects(now.total, questionnaire, "", [])] if is_shown(now.total) else []
        intro = say.intro(words.standing) if standing else tell_rows(say, [now.total])
        intro += charts.tell_unknown(now.total, questionnaire)
        blocks = [*standing, *self._list_wishes(charts, now), *self._list_answers(charts, now)]
        blocks.append(advice.plan_points(now.total, questionnaire))
        blocks += [*self._list_changes(charts, rounds)]
        if any(map(is_shown, now.schools)) and len(now.schools) > 1:
            heading, left = words.overview.heading, tell_rows(say, now.schools)
            blocks += charts.list_matrices(now, now.schools, words.columns.school, heading, left)
        elif len(now.schools) > 1:
            blocks.append(make_block("text", colour, words.overview.heading, paragraphs=tell_rows(say, now.schools)))
        blocks += self._list_roles(charts, now)
        yield self._section(now, words.standing.heading, blocks, intro)

    def _list_answers(self, charts: Charts, table: Table) -> Iterator[Block]:
        """Yield subjects in which answers lie far apart, the farthest first: three, or all that lie as far apart."""
        words, subjects = self.say.words, table.questionnaire.subjects
        alone = table.total.forms == 1  # what differs are statements then, not people
        if all(cell.low is None or (alone and cell.asked == 1) for cell in table.total.cells):
            return
        wide = [it for it in zip(subjects, table.total.cells, strict=True) if measure_spread(it[1]) >= WIDE]
        intro = [words.answers_one] if alone else self.say.intro(words.answers)
        if not wide:
            heading = words.answers.heading
            yield make_block("text", charts.colour, heading, paragraphs=[words.not_clear.capitalize() + "."])
            return
        rows: list[tuple[str, list[str]]] = []
        told = 0
        apart = dict.fromkeys((cell.low, cell.high) for _, cell in sorted(wide, key=lambda it: -measure_spread(it[1])))
        for low, high in apart:
            if told < APART_LEAST:
                of = [subject for subject, cell in wide if (cell.low, cell.high) == (low, high)]
                titles = [f"{it.number}\u00a0{self.say.text(it.title)}" for it in of]
                told += len(of)
                rows.append((words.answers_from.format(low=low, high=high), [" · ".join(titles)]))
        yield make_block("facts", charts.colour, words.answers.heading, intro, rows=[[*it] for it in rows])

    # ---------------------------------------------------------------------------------- forms beside each other

    def _list_sides(self) -> Iterator[Section]:
        """Yield two forms on the same subjects side by side, where both say something in their newest round."""
        shown = tuple(filter(has_numbers, self.comparison.tables))
        for pair in pair_sides(replace(self.comparison, tables=shown)):
            for first, second in pairwise(pair.tables):
                if first.questionnaire.scale.high == second.questionnaire.scale.high:
                    yield from self._plan_sides(first, second)

    def _plan_sides(self, first: Table, second: Table) -> Iterator[Section]:
        words = self.say.words
        names = [self.say.text(it.questionnaire.side or it.questionnaire.title) for it in (first, second)]
        if first.round.name != second.round.name:
            rounds = (first.round.title, second.round.title)
            names = [f"{name}, {self.say.text(it)}" if it else name for name, it in zip(names, rounds, strict=True)]
        means = {
            subject.number: cell.mean
            for subject, cell in zip(second.questionnaire.subjects, second.total.cells, strict=True)
        }
        pairs = [
            Pair(subject, cell.mean, means.get(subject.number))
            for subject, cell in zip(first.questionnaire.subjects, first.total.cells, strict=True)
        ]
        if not any(it.first is not None and it.second is not None for it in pairs):
            return
        key = [["diamond", names[0]], ["dot", names[1]]]
        heads = (names[0], names[1])
        look = Look(
            heads, words.columns.difference, first.questionnaire.scale.high, ("diamond", "dot"), key, signed=False
        )
        colour = self.colours[second.questionnaire.form]
        block = {**Charts(self.say, colour).plot_pairs(words.sides.heading, [], pairs, look), "heading": ""}
        write = make_block("lines", colour, asked=words.asked[min(1, len(words.asked) - 1)])
        section = self._section(second, words.sides.heading, [block, write], self.say.intro(words.sides))
        yield {**section, "lead": "", "short": words.sides.heading}

    def _list_quotes(self) -> Iterator[Section]:
        if not self.comparison.quotes:
            return
        words = self.say.words
        tables = {it.questionnaire.form: it.questionnaire for it in self.comparison.tables}
        rounds = {it.round.name: it.round.title for it in self.comparison.tables}
        form = self.comparison.quotes[0].form
        several = len({it.form for it in self.comparison.quotes}) > 1
        said: dict[str, list[str]] = {}
        for it in self.comparison.quotes:
            of = [tables[it.form].title if several and it.form in tables else "", it.subject, it.label]
            of.append(rounds.get(it.round, "") if len(rounds) > 1 else "")
            said.setdefault(" · ".join(filter(None, of)), []).append(it.text)
        rows = [[self.say.text(about), [self.say.text(it) for it in texts]] for about, texts in said.items()]
        colour = self.colours[form if form in tables else next(iter(tables))]
        block = make_block("quotes", colour, rows=rows)
        yield {
            "title": words.quotes.heading,
            "short": words.quotes.heading,
            "lead": "",
            "colour": colour,
            "intro": self.say.intro(words.quotes),
            "blocks": [block],
        }


def _pair_tables(before: Table, after: Table) -> list[Pair]:
    """Return every subject of today with its mean then and now; one that was not asked then has none."""
    then = dict(zip((it.code for it in before.questionnaire.subjects), before.total.cells, strict=True))
    cells = zip(after.questionnaire.subjects, after.total.cells, strict=True)
    return [Pair(it, then[it.code].mean if it.code in then else None, cell.mean) for it, cell in cells]
