"""The text of a first mapping.yml and site.yml: what was taken, what is asked as a ?, and what may stand there."""

from collections import defaultdict
from typing import Any

import yaml
from cleaning.links import host_of
from dataset.problems import mask
from dataset.tables import ReportFields

from drafting.answers import choices_of, follow, read_measure
from drafting.facets import draft_facets
from drafting.look import Look

UNDECIDED = "?"
HEAD = """\
# A first draft. The build refuses what still has a question mark; make new-dataset reads this file again and drafts
# what is missing. docs/own-spreadsheet.md tells more. What may stand in place of a ?:
"""


def draft_mapping(look: Look, said: dict[str, str], has_not_persons: bool) -> str:
    """Return the text of a first mapping.yml."""
    choice = look.choice
    columns: dict[str, Any] = {
        name: heading for name, heading in choice.columns.items() if name in ReportFields.model_fields
    }
    columns |= {"source": choice.links if len(choice.links) > 1 else choice.links[0]} if choice.links else {}
    used = [*columns.values(), *choice.links, *choice.periods.values(), *choice.facets]
    left_out = [heading for heading in look.columns.named() if heading not in used]
    reports: dict[str, Any] = {"sheet": look.sheet} if look.sheet and look.table.by != "sheets" else {}
    reports |= {"header_row": look.header_row, "rows": choice.rows}
    marks = {**draft_skipped(look), "empty": look.empty(), "footnotes": look.footnotes()}
    if any(name in columns and look.columns.has_open_order(columns[name]) for name in ("date", "period")):
        marks["dates"] = [UNDECIDED]
    reports |= {key: found[0] if key == "dates" else found for key, found in marks.items() if found}
    reports |= {"left_out": left_out, "columns": columns}
    reports |= {"periods": choice.periods} if choice.periods else {}
    reports |= {"facets": draft_facets(look.columns, choice.facets)} if choice.facets else {}
    reports["constants"] = draft_constants(look, said, columns)
    words = {
        **draft_files(look),
        **({"measure": measure.model_dump()} if (measure := read_measure(said)) else {}),
        "reports": reports,
        "sources": draft_sources(look, said),
        "register": "agencies.csv",
        "aliases": "aliases.csv",
        **({"not_persons": "not_persons.csv"} if has_not_persons else {}),
    }
    dumped = yaml.safe_dump(words, sort_keys=False, allow_unicode=True, width=120)
    return HEAD + "".join(f"# {line}\n" for line in [*say_choices(), *say_columns(look)]) + dumped


def draft_files(look: Look) -> dict[str, Any]:
    """Return the line that names the spreadsheet, or the sheets or files of one table, listed once."""
    table = look.table
    if not table.by:
        return {"workbook": look.path.name}
    names = [part.path.name if table.by == "files" else part.sheet for part in table.parts]
    meant = dict(zip(names, [part.text for part in table.parts], strict=True)) if table.gives else names
    listed: dict[str, Any] = {"file": look.path.name} if table.by == "sheets" else {}
    return {"deliveries": [listed | {table.by: meant} | ({"name_gives": table.gives} if table.gives else {})]}


def draft_skipped(look: Look) -> dict[str, Any]:
    """Return how totals and notes are left out: by their rows, or in several sheets or files by their texts."""
    if not look.table.by:
        return {"skip_rows": look.skipped}
    read = {*look.choice.columns.values(), *look.choice.periods.values()}
    texts: dict[str, set[str]] = defaultdict(set)
    for passed in look.no_data.values():
        # The text of a note may name somebody: it stands in no draft, and the build tells its place.
        if passed.heading in read and passed.text and mask(passed.text) == passed.text:
            texts[passed.heading].add(passed.text)
    return {"skip": {heading: sorted(found) for heading, found in texts.items()}} if texts else {}


def draft_constants(look: Look, said: dict[str, str], columns: dict[str, Any]) -> dict[str, str]:
    """Return the texts that stand for all rows, a ? where a person has to say them."""
    said = follow(said)
    constants = {field: said.get(field) or UNDECIDED for field in ("use_status", "listing")}
    constants |= {"source": "S1"} if needs_source(look) else {}
    if said.get("publisher") and "publisher" not in columns and has_one_host(look):
        constants["publisher"] = said["publisher"]
    constants |= {field: look.choice.constants.get(field, UNDECIDED) for field in ("agency", "country")
                  if field not in columns and field not in look.given}  # fmt: skip
    return constants | (
        {"figure_from": said.get("figure_from") or UNDECIDED} if "searches" in columns or look.choice.periods else {}
    )


def needs_source(look: Look) -> bool:
    """Return whether a row has no link of its own."""
    columns = [look.columns.cells(heading) for heading in look.choice.links]
    return not all(map(any, zip(*columns, strict=True))) or not columns


def has_one_host(look: Look) -> bool:
    """Return whether all rows link to pages of one host: who published the list is who published these."""
    links = {cell for heading in look.choice.links for cell in look.columns.cells(heading) if cell}
    return len({host_of(link) for link in links}) == 1


def draft_sources(look: Look, said: dict[str, str]) -> dict[str, Any]:
    """Return the sources: the links of the rows, and the list itself where a row has none."""
    source = {"id": "S1", "publisher": said.get("publisher") or UNDECIDED, "url": said.get("url") or UNDECIDED}
    links = {"links": "read"} if look.choice.links else {}
    return links | ({"rows": [source]} if needs_source(look) else {})


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
    if not look.is_decided("searches") and seen.get("searches"):
        lines.append(f"searches: columns of numbers that may be meant; {say_seen(seen['searches'])}")
    if seen.get("link"):
        lines.append(
            f"source: columns of links that may be meant, with `links: read` under sources; {say_seen(seen['link'])}"
        )
    if look.choice.rows == "account":
        lines.append("accounts: {one: officer, many: officers}, under measure, says what the rows are if no accounts")
    return [*lines, *say_facets(look)]


def say_facets(look: Look) -> list[str]:
    """Return the columns that may be facets, as the lines of mapping.yml."""
    seen = draft_facets(look.columns, look.choice.seen.get("facet", []))
    head = "facets: columns by which rows may be counted and chosen; take one out of left_out and write under reports:"
    lines = [yaml.safe_dump({name: facet}, default_flow_style=True, allow_unicode=True, width=1000, sort_keys=False)
             for name, facet in seen.items()]  # fmt: skip
    return [head, *(f"    {line.strip()[1:-1]}" for line in lines)] if lines else []


def say_seen(headings: list[str]) -> str:
    """Return the headings that may be meant, in one line."""
    return "there are: " + ", ".join(f"'{heading}'" for heading in headings) if headings else "none looks like it"


def name_site(look: Look) -> str:
    """Return a first title, made of the folder's name; "" where that may name a person."""
    name = " ".join(look.path.resolve().parent.name.replace("_", " ").split())
    return name[:1].upper() + name[1:] if mask(name) == name else ""


def draft_site(look: Look, said: dict[str, str]) -> str:
    """Return the text of a first site.yml; the description says no more than the file does."""
    count = sum(look.kept)
    title = said.get("title") or name_site(look) or UNDECIDED
    words = {"title": title, "description": f"The {count:,} rows of {say_files(look)}."}
    said = follow(said)
    words |= {key: said.get(key) or UNDECIDED for key in ("keeper", "licence", "licence_url")}
    return yaml.safe_dump(words, sort_keys=False, allow_unicode=True, width=120)


def say_files(look: Look) -> str:
    """Return the names of the files that were read."""
    return ", ".join(dict.fromkeys(part.path.name for part in look.table.parts))
