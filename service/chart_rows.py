"""Rows of the database -> rows of charts: their words, their links, and where they are drawn.

Chosen rows are followed by `pairs`: the parameters (name, value) of the address that chose them.
"""

import re
from typing import Any
from urllib.parse import urlencode

from dataset.words import OURS
from datasette.utils import tilde_encode
from exports.site_words import WORDS

from service import scales
from service.facet_values import join_values

Row = dict[str, Any]
Pairs = list[tuple[str, str]]

AGENCIES, REPORTS = (f"/{WORDS.database}/{table}" for table in ("agencies", "reports"))
# What happened in a month, drawn over the reports: both are what reports rest on (the table listings).
EVENTS = {"2020-02": "Client list leaks", "2021-08": "BuzzFeed News publishes its table"} if WORDS == OURS else {}
MOST_IN_A_LINK = 100  # agencies named in the address of their reports


def with_pairs(path: str, pairs: Pairs) -> str:
    """Return the address of a page with these parameters."""
    return path + (f"?{urlencode(pairs)}" if pairs else "")


def draw_counts(rows: list[Row], pairs: Pairs, column: str) -> list[Row]:
    """Return a bar for each category: agencies with use reported, then the others, which no count of users holds."""
    most = max((row["agencies"] for row in rows), default=0)
    for row in rows:
        row["href"] = with_pairs(AGENCIES, [*pairs, (column, row["id"])])
        row["value"] = f"{row['agencies']:,}"
        row["bar"] = scales.draw_bar([row["reported"], row["agencies"] - row["reported"]], most)
    return rows


def draw_figures(rows: list[Row]) -> Row:
    """Return intervals on one log scale, with its marks and the origins they are drawn by."""
    bounds = ("searches_min", "searches_max", "searches_about")
    top = scales.top_decade(row[bound] for row in rows for bound in bounds)
    for row in rows:
        low, high, about = (row[bound] for bound in bounds)
        row["drawn"] = scales.draw_interval(low, high, about, top)
    origins = {row["origin"]: row["origin_label"] for row in rows if row["drawn"].shape != "none"}
    marks = [{"value": value, "at": scales.log_percent(value, top)} for value in scales.decades(top)]
    return {"rows": rows, "marks": marks, "top": top, "origins": origins}


def draw_agencies(rows: list[Row]) -> Row:
    """Return the figures of agencies on one scale, each with its name, its words and its own page."""
    for row in rows:
        row |= {"label": row["name"], "value": row["searches"], "href": f"{AGENCIES}/{tilde_encode(row['id'])}"}
        notes = [row["use_label"]] * (row["use_status"] != "reported") + ["Reports conflict"] * row["figures_conflict"]
        row["note"] = ", ".join(notes)
    return draw_figures(rows)


def judge_figure(report: Row, agency: Row) -> str:
    """Return what is to be said of a report's figure beside the one shown of its agency; "" where they agree."""
    if report["figure_from"] == "doubtful":
        return "Never used"
    shown = agency["searches_min"], agency["searches_max"]
    return "Conflicts" if scales.excludes(shown, report["searches_min"], report["searches_max"]) else ""


def draw_figures_of(reports: list[Row], agency: Row, at: str) -> Row:
    """Return the figures of an agency's reports (each at an address) on one scale, and the one shown."""
    rows = [
        report | {
            "origin": report["figure_from"],
            "origin_label": report["figure_from_label"],
            "label": f"“{report['searches_as_printed']}”",
            "value": report["publisher"],
            "said": f"{report['searches']}, from: {report['figure_from_label']}, told by {report['publisher']}",
            "href": f"{at}{report['no']}",
            "note": judge_figure(report, agency),
        }
        for report in sorted(reports, key=lambda report: report["origin_sort"])
    ]  # fmt: skip
    chart = draw_figures(rows)
    shown = scales.draw_interval(agency["searches_min"], agency["searches_max"], agency["searches_about"], chart["top"])
    return chart | {"shown": shown, "told": agency["searches"]}


def link_reports(rows: list[Row], dated: tuple[str, str], pairs: Pairs) -> str | None:
    """Return the address of just these reports; None where it would name too many agencies."""
    ids = sorted({name for row in rows for name in row["ids"].split(",")})
    if pairs and len(ids) > MOST_IN_A_LINK:
        return None
    named = ("agency__in", join_values(ids)) if pairs else ("agency__notnull", "1")
    return with_pairs(REPORTS, [dated, named])


def link_period(row: Row, pairs: Pairs) -> str | None:
    """Return the address of the reports of a month, of a year without a month, or without a date."""
    if not row["period"]:
        return link_reports([row], ("published__isnull", "1"), pairs)
    name = "published__startswith" if "-" in row["period"] else "published"
    return link_reports([row], (name, row["period"]), pairs)


def sum_year(year: str, rows: list[Row], pairs: Pairs) -> Row:
    """Return a year with its reports, those without a month among them."""
    own = [row for row in rows if row["period"].startswith(year)]
    return {
        "year": year,
        "reports": sum(row["reports"] for row in own),
        "href": link_reports(own, ("published__startswith", year), pairs) if own else None,
    }


def draw_months(rows: list[Row], months: list[str], top: int) -> list[Row]:
    """Return a column for each month that has reports, in percent of the width and of the top mark."""
    by_month = {row["period"]: row["reports"] for row in rows}
    return [
        {"period": month, "reports": by_month[month], "at": scales.percent(place, len(months)),
         "height": scales.percent(by_month[month], top)}
        for place, month in enumerate(months) if month in by_month
    ]  # fmt: skip


def draw_reports(rows: list[Row], pairs: Pairs) -> Row:
    """Return a column for each month, the years under them, and how many reports have no month."""
    for row in rows:
        row["period"] = row["period"] or ""
        row["href"] = link_period(row, pairs)
    months = scales.all_months(row["period"] for row in rows if row["period"])
    ticks = scales.round_ticks(max((row["reports"] for row in rows if "-" in row["period"]), default=1))
    years = sorted({month[:4] for month in months})
    return {
        "rows": rows,
        "columns": draw_months(rows, months, ticks[-1]),
        "width": scales.percent(1, len(months)),
        "marks": [{"value": tick, "at": scales.percent(tick, ticks[-1])} for tick in ticks],
        "years": [sum_year(year, rows, pairs) for year in years],
        "events": [
            {"says": EVENTS[month], "at": scales.percent(months.index(month), len(months))}
            for month in EVENTS if month in months
        ],
        "reports": sum(row["reports"] for row in rows),
        "year_only": sum(row["reports"] for row in rows if len(row["period"]) == len("2021")),
        "undated": sum(row["reports"] for row in rows if not row["period"]),
    }  # fmt: skip


def say_total(row: Row) -> str:
    """Return a published total in figures, as near as it was printed: 9, nearly 14,000, more than 1,250."""
    if row["minimum"] == row["maximum"]:
        return f"{row['minimum']:,}"
    return re.sub(r"\d{4,}", lambda figure: f"{int(figure[0]):,}", row["as_printed"])


def draw_coverage(rows: list[Row]) -> list[Row]:
    """Return each published total with the share of it that is documented here, in percent."""
    for row in rows:
        row["documented"] = row["documented"] or 0
        row["share"] = min(scales.percent(row["documented"], row["published"]), 100.0)
        least = "at least " if row["measure"] == "searches run" else ""
        row |= {"href": row["query"], "said_published": say_total(row)}
        row["value"] = f"{least}{row['documented']:,} of {row['said_published']}"
    return rows
