"""A chart as the page, the picture and the CSV show it: its words, its numbers, and where its marks stand.

Where they stand is reckoned in chart_rows.py and scales.py; templates/_charts.html draws it for a page, picture.py for
a file to take along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dataset.words import OURS
from exports.site_words import WORDS

from service.chart_rows import (
    AGENCIES,
    Pairs,
    Row,
    draw_agencies,
    draw_counts,
    draw_coverage,
    draw_figures,
    draw_figures_of,
    draw_reports,
    with_pairs,
)
from service.dates import say_date

Cell = str | int | None
Numbers = list[tuple[str | None, list[Cell]]]

MOST_SAID = 30  # rows that the words for those who don't see a chart name one by one
COUNTED = ["Agencies", "Use reported", "Vendor's claim only", "No use reported"]
LOG = "Each step of the scale is ten times the one before."
UNKNOWN = "Not stated does not mean zero."
COUNTS_SAY = {
    "responses": (
        "Agencies by their best-known response. Where an agency gave several, the most telling one counts: the one "
        "nearest the top of this list."
    ),
    "countries": (
        "Agencies named here, by country. “International” stands for agencies of several countries. The chart shows "
        "who was named, not how many searches there were."
    ),
}
BY_WHOM = "BuzzFeed News published these totals in August 2021. " if WORDS == OURS else ""
TITLES = {
    "responses": "How they responded",
    "countries": "Where they are",
    "searches": "How many searches were reported",
    "reports": "When the reports were published",
    "coverage": "How much of the published table is documented",
    "sums": "At least how many searches were reported, by country",
    "figures": "What each report says of the number of searches",
}
TITLES = {kind: WORDS.prose(title) for kind, title in TITLES.items()}


@dataclass(frozen=True)
class Chart:
    """A chart of a shape (counts, intervals, months, coverage); numbers: link and cells of each row of its table."""

    kind: str
    shape: str
    named: str
    says: str
    alt: str
    headings: list[str]
    numbers: Numbers
    drawn: Row
    of: str = ""  # the one agency that it is about

    @property
    def title(self) -> str:
        """Return its heading."""
        return TITLES[self.kind]

    def __post_init__(self) -> None:
        """Say in the words of the dataset what is written in ours."""
        for name in ("named", "says", "alt"):
            object.__setattr__(self, name, WORDS.prose(getattr(self, name)))
        object.__setattr__(self, "headings", [WORDS.prose(heading) for heading in self.headings])


def many(count: int, one: str, more: str) -> str:
    """Return a count with its words."""
    return f"{count:,} {one if count == 1 else more}"


def say_rows(rows: Sequence[Row]) -> str:
    """Return what rows show, in words; where there are many, the first."""
    said = []
    for row in rows[:MOST_SAID]:
        note = f" ({row['note'].lower()})" if row.get("note") else ""
        said.append(f"{row['label']}: {row.get('said') or row['value']}{note}")
    more = len(rows) - MOST_SAID
    return "; ".join(said) + (f"; and {more:,} more, in the table of its numbers." if more > 0 else ".")


def chart_counts(kind: str, rows: list[Row], pairs: Pairs) -> Chart:
    """Return agencies counted by response or country."""
    column = "response" if kind == "responses" else "country"
    drawn = draw_counts(rows, pairs, column)
    counts = ("agencies", "reported", "vendor_claim", "not_reported")
    numbers: Numbers = [(row["href"], [row["label"], *(row[count] for count in counts)]) for row in drawn]
    headings = [column.capitalize(), *COUNTED]
    return Chart(
        kind, "counts", f"Agencies by {column}", COUNTS_SAY[kind], say_rows(drawn), headings, numbers, {"rows": drawn}
    )


def say_undrawn(total: Row) -> str:
    """Return how many of the agencies have no figure to draw."""
    without = many(total["agencies"] - total["drawn"], "agency has", "agencies have")
    worded = f"{total['worded']:,}" if total["worded"] > 1 else "one"
    only_words = f" (for {worded}, reports give only words)" if total["worded"] else ""
    return f"{without} no figure to draw{only_words}. {UNKNOWN}"


def chart_searches(rows: list[Row], total: Row, most: int) -> Chart:
    """Return the range of searches of each agency; total tells of all of them, at most so many are drawn."""
    drawn = draw_agencies(rows[:most])
    shown = drawn["rows"]
    says = f"No report gives a number of searches for these agencies. {UNKNOWN}"
    if shown:
        says = f"Each line is the range that the strongest source gives for one agency. {LOG} {say_undrawn(total)}"
    if total["drawn"] > len(shown):
        says += f" The {len(shown):,} largest of {total['drawn']:,} are drawn; the table of agencies has them all."
    ends = ("searches_min", "searches_max", "searches_about")
    numbers: Numbers = [
        (row["href"], [row["label"], row["value"], *(row[end] for end in ends), row["origin_label"]]) for row in shown
    ]
    headings = ["Agency", "Searches", "At least", "At most", "About", "From"]
    alt = f"Number of searches. {LOG} {say_rows(shown)}"
    return Chart("searches", "intervals", "Searches reported for each agency", says, alt, headings, numbers, drawn)


def say_month(period: str) -> str:
    """Return a month in words; a year without a month, or no date, as such."""
    if not period:
        return "No date"
    return say_date(period) + ("" if "-" in period else ", no month")


def chart_reports(rows: list[Row], pairs: Pairs) -> Chart:
    """Return reports counted by month."""
    drawn = draw_reports(rows, pairs)
    says = (
        f"{many(drawn['reports'], 'report', 'reports')} on these agencies, by month of publication. Reports that name "
        "no agency are not counted. The chart shows when something was published, not when it happened."
    )
    if drawn["year_only"]:
        only = many(drawn["year_only"], "gives only a year and counts", "give only a year and count")
        says += f" {only} in the year's total, not in a month."
    if drawn["undated"]:
        says += (
            f" {many(drawn['undated'], 'undated report is', 'undated reports are')} only in the table of its numbers."
        )
    numbers: Numbers = [
        (row["href"], [say_month(row["period"]), row["reports"], row["agencies"]]) for row in drawn["rows"]
    ]
    months = "".join(f"{say_date(one['period'])}: {one['reports']:,}; " for one in drawn["columns"])
    years = "; ".join(f"{one['year']}: {one['reports']:,}" for one in drawn["years"])
    headings = ["Month", "Reports", "Agencies"]
    return Chart("reports", "months", "Reports by month", says, f"{months}by year: {years}.", headings, numbers, drawn)


def chart_coverage(rows: list[Row]) -> Chart:
    """Return published totals and how much of each is documented."""
    drawn = draw_coverage(rows)
    says = (
        f"{BY_WHOM}The bars show how much of each we could document from "
        "reports still online. The totals cover the whole table, whatever is chosen; a country's own totals are shown "
        "where they were published."
    )
    numbers: Numbers = [
        (row["href"], [row["label"], row["said_published"], row["documented"], row["published"] - row["documented"]])
        for row in drawn
    ]
    marks = [{"at": 0, "label": "0"}, {"at": 50, "label": "half"}, {"at": 100, "label": "all that was published"}]
    headings = ["What is counted", "Published", "Documented here", "Missing"]
    named = "Published totals and what is documented of them"
    shown = {"rows": drawn, "marks": marks}
    return Chart("coverage", "coverage", named, says, say_rows(drawn), headings, numbers, shown)


def chart_sums(rows: list[Row]) -> Chart:
    """Return the sum of each country's known minimums; a sum of what is known is never a total."""
    known = [
        {
            "label": row["label"],
            "value": f"at least {row['searches']:,} across {many(row['figures'], 'agency', 'agencies')}",
            "href": with_pairs(AGENCIES, [("country", row["id"])]),
            "searches_min": row["searches"],
            "searches_max": None,
            "searches_about": None,
            "origin": "sum",
            "origin_label": "the known minimums, added up",
        }
        for row in rows if row["searches"] is not None
    ]  # fmt: skip
    drawn = draw_figures(known)
    without = len(rows) - len(known)
    says = (
        f"The lowest numbers that sources give for the agencies of a country, added up: a minimum, not a total. {LOG}"
    )
    if without:
        says += f" For {many(without, 'country', 'countries')} no minimum is known. {UNKNOWN}"
    columns = ("label", "searches", "figures", "agencies")
    numbers: Numbers = [
        (with_pairs(AGENCIES, [("country", row["id"])]), [row[column] for column in columns]) for row in rows
    ]
    headings = ["Country", "Searches at least", "Agencies with a known minimum", "Agencies"]
    alt = f"Number of searches. {LOG} {say_rows(known)}"
    return Chart("sums", "intervals", "Known minimums of searches by country", says, alt, headings, numbers, drawn)


def chart_figures(reports: list[Row], agency: Row, at: str = f"/{WORDS.database}/reports/") -> Chart:
    """Return every reported figure of an agency beside the one that is shown of it; at: where its reports are."""
    drawn = draw_figures_of(reports, agency, at)
    says = f"Each figure as reported. {LOG}"
    if agency["figures_conflict"]:
        says += " These reports contradict each other; the figure shown for the agency follows the strongest source."
    ends = ("searches_as_printed", "searches_min", "searches_max", "searches_about")
    numbers: Numbers = [
        (f"{at}{one['no']}", [*(one[end] for end in ends), say_origin(one, agency), say_report(one)]) for one in reports
    ]
    alt = f"Number of searches. {LOG} The figure shown for the agency: {drawn['told']}. {say_rows(drawn['rows'])}"
    headings = ["As printed", "At least", "At most", "About", "From", "Report"]
    use = "" if agency["use_status"] == "reported" else f" ({agency['use_label'].lower()})"
    name = agency["name"] + use
    return Chart("figures", "intervals", f"Figures reported for {name}", says, alt, headings, numbers, drawn, name)


def say_origin(report: Row, agency: Row) -> str:
    """Return where a report's figure comes from, and whether the agency's is from there."""
    return str(report["figure_from_label"]) + (" (chosen)" if report["figure_from"] == agency["searches_basis"] else "")


def say_report(report: Row) -> str:
    """Return what a report is called."""
    return f"{report['publisher']}, report {report['no']}"


def csv_cells(chart: Chart) -> list[list[Any]]:
    """Return the rows of the chart's table, its headings first."""
    return [chart.headings, *(cells for _, cells in chart.numbers)]
