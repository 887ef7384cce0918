"""Which column is what: by its heading, by what is in it, or as a person said; and what else was looked at."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from cleaning.countries import read_code
from dataset.problems import Problem, Problems
from dataset.tables import OF_LINKS, SUMMED

from drafting.columns import Columns
from drafting.facets import may_be_facet
from drafting.headings import EXACT, LIKE, counts_nothing, plain, score, score_counted
from drafting.periods import group_by_period

READ = 0.8  # so much of a column must be read as what it is taken for
MIXED = 0.5  # so much must be figures for it to be proposed as one of figures
AGENCIES = 0.5  # so much of a column without a known heading must have words of agencies
# Option -> field of mapping.yml that it names the column of.
NAMED = ("agency", "country", "region", "locality", "date", "period", "link")
OPTIONS = {name: name for name in NAMED} | {"figure": "searches"}
NONE = "-"
OTHERS = ("first_search", "no", "note", "response", "licence")


@dataclass
class Choice:
    """What was taken: columns by field, texts for all rows by field, and what a person should know of it."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    seen: dict[str, list[str]] = field(default_factory=dict)  # by field: headings that may be meant and were not taken
    periods: dict[str, str] = field(default_factory=dict)  # the heading of each period's own column of figures
    links: list[str] = field(default_factory=list)  # the headings of all columns of links that are read
    rows: str = "report"  # what a row stands for
    facets: list[str] = field(default_factory=list)  # the headings of columns that are facets of their own


class Recogniser:
    """Chooses a column for each field."""

    def __init__(self, columns: Columns, said: dict[str, str], file: str, given: Collection[str] = ()) -> None:
        """Take the columns, what a person said of them, by option, and the fields that need no column."""
        self.columns, self.said, self.file = columns, said, file
        self.choice = Choice()
        self.none: set[str] = set(given)  # fields that have no column, as a person said

    def recognise(self) -> Choice:
        """Return what was recognised; raise Problems where a column that a person named is not there."""
        self.take_what_was_said()
        found = self.choice.columns
        for name, choose in (
            ("agency", self.choose_agency), ("country", self.choose_country), ("region", self.choose_region),
            ("locality", self.choose_locality), ("period", self.choose_period), ("searches", self.choose_figure),
            ("link", self.choose_link), ("date", self.choose_date),
        ):  # fmt: skip
            if name in found or name in self.choice.constants or name in self.none:
                continue
            if heading := choose():
                found[name] = heading
        self.choose_links()
        for name in OTHERS:
            if name not in found and (heading := self.by_heading(name, self.free())) and self.is_kind(name, heading):
                found[name] = heading
        self.choice.seen["facet"] = [heading for heading in self.free() if may_be_facet(self.columns, heading)]
        self.choice.rows = self.said.get("rows") or ("account" if self.columns.persons else "report")
        if self.choice.rows == "account":
            # What is noted of one account is not of the agency.
            self.choice.columns = {name: heading for name, heading in found.items() if name in SUMMED}
            self.choice.periods, self.choice.links, self.choice.seen["facet"] = {}, [], []
        return self.choice

    def take_what_was_said(self) -> None:
        """Take the columns that options name; a country may be named itself."""
        problems = []
        for option, name in OPTIONS.items():
            said = self.said.get(option, "")
            if not said:
                continue
            if said == NONE:
                self.none.add(name)
                continue
            if heading := self.find(said):
                self.choice.columns[name] = heading
            elif name == "country" and read_code(said):
                self.choice.constants["country"] = said
            else:
                no_country = " and no country" if name == "country" else ""
                problems.append(self.not_there(option, said, no_country))
        problems += self.take_facets()
        if self.said.get("rows", "") not in ("", "report", "account"):
            problems.append(Problem(self.file, value=self.said["rows"], advice="--rows takes report or account"))
        if problems:
            raise Problems(problems)

    def take_facets(self) -> Iterator[Problem]:
        """Take the columns that are to be facets; yield what is wrong with them."""
        for said in self.said.get("facet", "").split("\n"):
            if heading := self.find(said):
                self.choice.facets.append(heading)
            elif said not in ("", NONE):
                yield self.not_there("facet", said)
        if self.choice.facets and self.columns.people:
            advice = "rows with people in them are accounts, which are summed and have no facets; leave --facet out"
            yield Problem(self.file, value=self.said["facet"], advice=advice)

    def find(self, said: str) -> str:
        """Return the heading that a person means, "" where there is none."""
        return next((heading for heading in self.columns.named() if plain(heading) == plain(said)), "")

    def not_there(self, option: str, said: str, more: str = "") -> Problem:
        """Return the problem with an option that names no column."""
        there = ", ".join(f"'{heading}'" for heading in self.columns.named())
        return Problem(self.file, value=said, advice=f"--{option} names no column{more}; there are {there}")

    def free(self) -> list[str]:
        """Return the headings that are not taken and have no people under them."""
        taken = {*self.choice.columns.values(), *self.choice.facets, *self.columns.people}
        return [heading for heading in self.columns.named() if heading not in taken]

    def by_heading(self, name: str, headings: list[str]) -> str:
        """Return the heading that says best that its column holds a field, "" where none does."""
        scores = {heading: score(heading, name) for heading in headings}
        best = max(scores, key=scores.__getitem__, default="")
        return best if best and scores[best] else ""

    def is_kind(self, name: str, heading: str) -> bool:
        """Return whether a column holds what its heading says, as far as that can be told."""
        if name == "no":
            cells = self.columns.cells(heading)
            return all(cell.isdecimal() for cell in cells) and len(set(cells)) == len(cells)
        return True

    def choose_agency(self) -> str:
        """Return the column of agencies: the best headed one with words in it, or that with most words of agencies."""
        words = {heading: self.columns.agencies(heading) for heading in self.free()
                 if self.columns.letters(heading) >= READ}  # fmt: skip
        self.choice.seen["agency"] = [*words]
        headed = {heading: (score(heading, "agency"), words[heading]) for heading in words if heads_agencies(heading)}
        if headed:
            best = max(headed, key=headed.__getitem__)
            # A heading that only holds a word is no match for a column of agencies beside it.
            others = [heading for heading in words if words[heading] > 2 * words[best] and words[heading] >= AGENCIES]
            return best if headed[best][0] >= LIKE or not others else max(others, key=words.__getitem__)
        best = max(words, key=words.__getitem__, default="")
        return best if best and words[best] >= AGENCIES else ""

    def choose_country(self) -> str:
        """Return the column of countries: names, or codes under a heading that says so."""
        for heading in self.free():
            if score(heading, "country") >= LIKE and self.columns.countries(heading, with_codes=True) >= READ:
                return heading
        self.choice.seen["country"] = [heading for heading in self.free() if score(heading, "country")]
        for heading in self.free():
            states = score(heading, "region") >= LIKE or self.columns.american_states(heading) >= READ
            if not states and self.columns.countries(heading, with_codes=False) >= READ:
                return heading
        return ""

    def choose_region(self) -> str:
        """Return the column of states or provinces."""
        headed = [heading for heading in self.free() if score(heading, "region") >= LIKE]
        read = [heading for heading in headed if self.columns.letters(heading) >= READ]
        return max(read, key=lambda heading: score(heading, "region"), default="")

    def choose_figure(self) -> str:
        """Return the column that is headed as figures; columns of numbers without such a heading are proposed."""
        shares = {heading: self.columns.figures(heading) for heading in self.free()}
        figures = [heading for heading, share in shares.items() if share >= READ]
        scores = {heading: self.score_figure(heading) for heading in figures}
        best = max(scores, key=scores.__getitem__, default="")
        # A heading that only holds a word is no match beside another one that holds it.
        if best and (not scores[best] or (scores[best] < LIKE and [*scores.values()].count(scores[best]) > 1)):
            best = ""
        groups = [] if "period" in {*self.choice.columns, *self.none} else group_by_period(figures)
        if len(groups) == 1 and (not best or best in groups[0].values()):
            self.choice.periods, best = groups[0], ""
        self.choice.seen["searches"] = [
            heading
            for heading, share in shares.items()
            if share >= MIXED and heading not in (best, *self.choice.periods.values()) and not counts_nothing(heading)
        ]
        return best

    def score_figure(self, heading: str) -> float:
        """Return how surely a heading says what is counted: by the words that a person said for it, else searches."""
        counted = [plain(word) for word in self.said.get("measure", "").split(",") if plain(word)]
        return score_counted(heading, counted) if counted else score(heading, "searches")

    def choose_locality(self) -> str:
        """Return the column of towns beside the names of agencies."""
        headed = [heading for heading in self.free() if score(heading, "locality") >= EXACT]
        return next((heading for heading in headed if self.columns.letters(heading) >= READ), "")

    def choose_link(self) -> str:
        """Return the first column that is headed as links and holds them."""
        links = [heading for heading in self.free() if self.columns.links(heading) >= READ]
        self.choice.seen["link"] = [heading for heading in links if not heads_links(heading)]
        return next(filter(heads_links, links), "")

    def choose_links(self) -> None:
        """Keep all columns of links, and those that tell of the page of each without contradiction."""
        found = self.choice.columns
        if "link" not in found:
            return
        more = [heading for heading in self.free() if heads_links(heading) and self.columns.links(heading) >= READ]
        self.choice.links = [found["link"], *more]
        for name in OF_LINKS:
            heading = self.by_heading(name, [one for one in self.free() if one not in more])
            if heading and self.columns.agree(found["link"], heading):
                found[name] = heading

    def choose_date(self) -> str:
        """Return the column that is headed as dates and holds them."""
        return self.choose_dated("date")

    def choose_period(self) -> str:
        """Return the column that is headed as years, quarters or months and holds them."""
        return self.choose_dated("period")

    def choose_dated(self, name: str) -> str:
        """Return the column headed as dates or periods that holds them."""
        headed = [heading for heading in self.free() if score(heading, name) >= EXACT]
        return next((heading for heading in headed if self.columns.dates(heading, name) >= READ), "")


def heads_links(heading: str) -> bool:
    """Return whether a heading says that links of the row stand there: "Link 2" is one of several."""
    return score(re.sub(r"[\W_]*\d+$", "", heading), "link") > 0


def heads_agencies(heading: str) -> bool:
    """Return whether a heading says agencies rather than something else: a Département is a region."""
    own = score(heading, "agency")
    return own > 0 and all(score(heading, name) <= own for name in ("country", "region", "note", "link"))
