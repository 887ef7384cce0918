"""An agency, a country or a source in one sentence, written from its row; none says more than the row does."""

import re
from collections.abc import Mapping
from typing import Any

from exports.site_words import WORDS

from service.dates import say_date

Row = Mapping[str, Any]

# Searches are run with a tool; whatever else is counted, an agency has.
RUN, HAD = WORDS.many == "searches", f"had {WORDS.many}"
# By whom a figure was given, for each origin.
ORIGINS = {
    "buzzfeed_2021": "according to the data BuzzFeed News published in August 2021",
    "client_list_2020": "according to the client list that leaked in February 2020",
    "regulator": "according to a regulator or an audit",
    "own_count": "by its own count",
    "other_reporting": "according to other reporting",
}
# A best-known response that is not stated may have been neither a yes nor a no.
RESPONSES = {
    "denied_then_admitted": "it denied use at first and later confirmed it",
    "admitted_leadership_unaware": "it confirmed use and said that its leadership had not known until asked",
    "admitted": "it confirmed that its people used or tried the tool",
    "denied": "it said that it did not use the tool",
    "declined": "it responded but would not say",
    "no_response": "it was asked and did not respond",
    "not_stated": "no report gives a yes or a no from it",
}


def count(number: int, one: str, more: str) -> str:
    """Return a number with its noun: 1 report, 2,000 reports."""
    return f"{number:,} {one if number == 1 else more}"


def join(clauses: list[str]) -> str:
    """Return the clauses that say something as one sentence."""
    return f"{'; '.join(filter(None, clauses))}."


def has_number(agency: Row) -> bool:
    """Return whether a number could be read from the figure that is shown."""
    return any(agency[f"searches_{end}"] is not None for end in ("min", "max", "about"))


def say_figure(agency: Row) -> str:
    """Return a figure with its noun: more than 100 searches, 1 search."""
    return f"{agency['searches']} {WORDS.one if is_one(agency) else WORDS.many}"


def is_one(agency: Row) -> bool:
    """Return whether a figure is one: 1, about 1."""
    return bool(re.search(r"(?:^| )1$", agency["searches"]))


def say_use(agency: Row, tool: str, vendor: str) -> str:
    """Return what was reported of use, with the figure where people of the agency were reported to have run it."""
    name, status = agency["name"], agency["use_status"]
    if status == "not_reported":
        named = count(agency["report_count"], "report", "reports")
        which = "which does not say" if agency["report_count"] == 1 else "none of which says"
        return f"{name} is named in {named}, {which} that it {'ran a search with ' + tool if RUN else HAD}"
    if status == "vendor_claim":
        return f"Only {vendor} or its staff said that {name} {'used ' + tool if RUN else HAD}"
    if has_number(agency):
        origin = ORIGINS[agency["searches_basis"]]
        did = f"have run {say_figure(agency)} with {tool}" if RUN else f"have {say_figure(agency)}"
        return f"{name} was reported to {did}, {origin}"
    return f"{name} was reported to have {'used or tried ' + tool if RUN else HAD}"


def say_number(agency: Row) -> str:
    """Return what is known of the number of searches where say_use does not say it; "" where nothing is to be said."""
    status = agency["use_status"]
    if agency["searches_basis"] == "not_stated":
        return "" if status == "not_reported" else f"no number of {WORDS.many} was reported"
    origin = ORIGINS[agency["searches_basis"]]
    if not has_number(agency):
        return f"its {WORDS.many} were reported, {origin}, as “{agency['searches']}”, which gives no single number"
    if status == "reported":
        return ""
    figure = say_figure(agency)
    return f"{figure} {'was' if is_one(agency) else 'were'} reported, {origin}"


def say_agency(agency: Row, tool: str, vendor: str) -> str:
    """Return a row of agencies as a sentence: what is reported, by whom, how it responded, and where reports differ."""
    reports = agency["report_count"]
    named = "" if agency["use_status"] == "not_reported" else f"{count(reports, 'report names', 'reports name')} it"
    conflict = "reports disagree on the number" if agency["figures_conflict"] else ""
    period = f"the figure is that of {agency['period']}" if agency.get("period") else ""
    parts = [say_use(agency, tool, vendor), say_number(agency), period, conflict, RESPONSES[agency["response"]], named]
    return join(parts)


def say_users(agencies: int, reported: int, tool: str) -> str:
    """Return how many of a country's agencies were reported to have used or tried the tool."""
    used = f"reported to have {'used or tried ' + tool if RUN else HAD}"
    if agencies == 1:
        return f"which was {used}" if reported else f"which was not {used}"
    if reported in (0, agencies):
        return f"{'all of which were' if reported else 'none of which was'} {used}"
    return f"of which {reported:,} {'was' if reported == 1 else 'were'} {used}"


def say_sum(country: Row) -> str:
    """Return the sum of a country's known minimums; a sum of what is known is never a total."""
    known = country["agencies_with_a_figure"]
    if not known:
        of = "it" if country["agencies"] == 1 else "them"
        return f"no minimum number of {WORDS.many} is listed for {of}" if country["use_reported"] else ""
    least = count(country["searches"], f"{WORDS.one} was", f"{WORDS.many} were")
    of = "it" if country["agencies"] == 1 else f"the {known:,} with a known minimum"
    return f"at least {least} reported for {of}"


def say_country(country: Row, tool: str, vendor: str) -> str:
    """Return a country's label and sums as a sentence: its agencies, their use and figures, and what regulators did."""
    agencies, on_agencies = country["agencies"], country["reports_on_agencies"]
    unnamed, decided = country["reports"] - on_agencies, country["regulatory_actions"]
    speak = count(unnamed, "report speaks", "reports speak")
    decisions = count(decided, "decision of a regulator or court is", "decisions of regulators or courts are")
    more = [f"{speak} only of the country or of an unnamed group"] if unnamed else []
    more += [f"{decisions} listed"] if decided else []
    if not agencies:
        return join([f"{country['label']}: no report names an agency", *more])
    named = f"{count(on_agencies, 'report names', 'reports name')} {count(agencies, 'agency', 'agencies')}"
    users = say_users(agencies, country["use_reported"], tool)
    told = country["vendor_claim"]
    vendors = f"of {count(told, 'agency', 'agencies')}, only {vendor} or its staff said so" if told else ""
    return join([f"{country['label']}: {named}, {users}", vendors, say_sum(country), *more])


def say_part(number: int, reports: int, does: str, do: str) -> str:
    """Return how many of a page's reports do something: it says so, 2 say so, none says so."""
    if reports == 1:
        return f"it {does}" if number else ""
    return f"{number:,} {does if number == 1 else do}" if number else f"none {does}"


def say_source(source: Row) -> str:
    """Return a source and what was read on it as a sentence."""
    begins = f"{source['publisher']}, {say_date(source['published'])} (source {source['id']})"
    reports, agencies = source["reports"], source["agencies"]
    if not reports and source.get("linked"):
        return join([f"{begins}: {count(source['linked'], 'report links', 'reports link')} to it beside another page"])
    if not reports:
        return join([f"{begins}: no report was taken from this page"])
    named = count(agencies, "agency", "agencies") if agencies else "no agency"
    name = count(reports, "report taken from this page names", "reports taken from this page name")
    parts = [
        f"{begins}: {name} {named}",
        say_part(source["figures"], reports, f"prints a number of {WORDS.many}", f"print a number of {WORDS.many}"),
        say_part(source["responses"], reports, "says how an agency responded", "say how an agency responded"),
    ]
    return join(parts)
