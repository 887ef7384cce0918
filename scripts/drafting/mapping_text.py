"""The text of a first mapping.yml and site.yml: what was taken, what is asked as a ?, and what may stand there."""

from typing import Any

import yaml
from dataset.tables import ReportFields
from lookups.tables import LOOKUPS, read_table

from drafting.look import Look

UNDECIDED = "?"
HEAD = """\
# A first draft. The build refuses what still has a question mark; make new-dataset reads this file again and drafts
# what is missing. docs/own-spreadsheet.md tells more. What may stand in place of a ?:
"""
# Questions of every dataset, in the order in which they are asked: the key, and what is asked.
QUESTIONS = {
    "use_status": "What do these rows report of use?",
    "listing": "What does the list rest on?",
    "figure_from": "Where do the figures come from?",
    "publisher": "Who published the list?",
    "url": "Where can it be read? (https://…)",
    "title": "What is the title of your site?",
    "keeper": "Who keeps the list?",
    "licence": "Under which licence is it published?",
    "licence_url": "Where can that licence be read? (https://…)",
}


def choices_of(field: str) -> list[str]:
    """Return the texts that may be given for a field, none where any may."""
    rows = read_table(LOOKUPS / "categories.csv")
    return [row["as_printed"] for row in rows if row["column"] == field and row["as_printed"]]


def draft_mapping(look: Look, said: dict[str, str], has_not_persons: bool) -> str:
    """Return the text of a first mapping.yml."""
    columns = {name: heading for name, heading in look.choice.columns.items() if name in ReportFields.model_fields}
    constants = {field: said.get(field) or UNDECIDED for field in ("use_status", "listing")} | {"source": "S1"}
    constants |= {field: look.choice.constants.get(field, UNDECIDED) for field in ("agency", "country")
                  if field not in columns}  # fmt: skip
    constants |= {"figure_from": said.get("figure_from") or UNDECIDED} if "searches" in columns else {}
    reports: dict[str, Any] = {"sheet": look.sheet} if look.sheet else {}
    reports |= {"header_row": look.header_row, "rows": "account" if look.columns.people else "report"}
    marks = {"skip_rows": sorted(look.totals), "empty": look.empty(), "footnotes": look.footnotes()}
    reports |= {key: found for key, found in marks.items() if found}
    left_out = [heading for heading in look.columns.named() if heading not in columns.values()]
    reports |= {"left_out": left_out, "columns": columns, "constants": constants}
    source = {"id": "S1", "publisher": said.get("publisher") or UNDECIDED, "url": said.get("url") or UNDECIDED}
    words = {
        "workbook": look.path.name,
        "reports": reports,
        "sources": {"rows": [source]},
        "register": "agencies.csv",
        "aliases": "aliases.csv",
        **({"not_persons": "not_persons.csv"} if has_not_persons else {}),
    }
    dumped = yaml.safe_dump(words, sort_keys=False, allow_unicode=True, width=120)
    return HEAD + "".join(f"# {line}\n" for line in [*say_choices(), *say_columns(look)]) + dumped


def say_choices() -> list[str]:
    """Return what may stand in place of the question marks."""
    return [f"{field}: {' | '.join(choices_of(field))}" for field in ("use_status", "listing", "figure_from")]


def say_columns(look: Look) -> list[str]:
    """Return what was seen of columns that were not taken, and is for a person to decide."""
    lines = []
    found, seen = look.choice.columns, look.choice.seen
    if not look.is_decided("agency"):
        lines.append(f"agency: the column that names it, under columns; {say_seen(seen.get('agency', []))}")
    if not look.is_decided("country"):
        lines.append(f"country: its column, or one country for all rows, by name or code; {say_seen(seen['country'])}")
        region = found.get("region", "")
        if region and look.columns.american_states(region) >= 0.8:
            lines.append(f"  '{region}' holds states of the United States: country may be United States")
    if "searches" not in found and seen.get("searches"):
        lines.append(f"searches: columns of numbers that may be meant; {say_seen(seen['searches'])}")
    lines += [
        f"{name}: '{found[name]}' looks like it; no such column is read yet, so it is left out"
        for name in ("date", "link")
        if name in found and name not in ReportFields.model_fields
    ]
    return lines


def say_seen(headings: list[str]) -> str:
    """Return the headings that may be meant, in one line."""
    return "there are: " + ", ".join(f"'{heading}'" for heading in headings) if headings else "none looks like it"


def draft_site(look: Look, said: dict[str, str]) -> str:
    """Return the text of a first site.yml; the description says no more than the file does."""
    count = len(look.numbers) - len(look.totals)
    words = {"title": said.get("title") or UNDECIDED, "description": f"The {count:,} rows of {look.path.name}."}
    words |= {key: said.get(key) or UNDECIDED for key in ("keeper", "licence", "licence_url")}
    return yaml.safe_dump(words, sort_keys=False, allow_unicode=True, width=120)
