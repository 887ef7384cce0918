"""What the tables of a dataset have beside those of schema.sql, because its mapping gives it: nothing, of most."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from cleaning.readings import ADDED
from dataset.deliveries import Delivery
from dataset.facets import FacetColumn
from dataset.mapping import Mapping
from sqlite_utils import Database

from database.reports import ADDED_COLUMNS

# Reports that cite several links: the first is their source, the others stand here.
FURTHER = """
create table further_sources (
  report integer not null references reports (no),
  source text not null references sources (id),
  primary key (report, source)
);
create index further_sources_source on further_sources (source);
"""
# Which columns of reports and agencies are facets of this dataset's own.
FACETS = """
create table facets (
  id text primary key, label text not null, several_values text not null check (several_values in ('yes', 'no'))
)
"""
COUNT_FURTHER = """
update agencies set source_count = (
  select count(*) from (
    select source from reports where agency = agencies.id
    union
    select further_sources.source from reports
    join further_sources on further_sources.report = reports."no" where reports.agency = agencies.id
  )
) where id in (select agency from reports join further_sources on report = reports."no")
"""


def adapt_schema(schema: str, deliveries: Iterable[Delivery]) -> str:
    """Return the schema for deliveries of which a row may be several reports, one for each period."""
    if not any(delivery.reports.periods for delivery in deliveries):
        return schema
    return schema.replace("unique (file, sheet, row)", "unique (file, sheet, row, period)")


def adapt_log(log: str, deliveries: Iterable[Delivery]) -> str:
    """Return the statement that makes the cleaning log, for rows with a column of figures for each period."""
    if not any(delivery.reports.periods for delivery in deliveries):
        return log
    return log.replace("(file, sheet, row, field, kind)", "(file, sheet, row, column, field, kind)")


def add_columns(schema: str, in_use: Collection[str], facets: Sequence[FacetColumn]) -> str:
    """Return the schema with the columns of reports and agencies that a mapping gives: fields, and facets."""
    columns = [column for field in ADDED if field in in_use for column in ADDED_COLUMNS[field]]
    counted = "".join(f"  {facet.name} text not null,\n" for facet in facets)
    reports = "".join(f"  {column} text,\n" for column in columns) + counted
    agencies = ("  period text,\n  series text,\n" if "period" in in_use else "") + counted
    anchor, where = "  corrected text not null", {"agencies": agencies, "reports": reports}
    for table, added in where.items():
        before, name, after = schema.partition(f"create table {table} (")
        schema = before + name + after.replace(anchor, added + anchor, 1)
    return schema


def add_readings(sql: str, facets: Sequence[FacetColumn]) -> str:
    """Return readings.sql or cleaning_log.sql for reports whose facets are read from texts too."""
    for facet in facets[::-1]:
        sql = sql.replace(
            "  period integer not null,\n", f"  period integer not null,\n  {facet.name} integer not null,\n"
        )
        sql = sql.replace("report_readings.period", f"report_readings.period, report_readings.{facet.name}")
    return sql


def added_indexes(in_use: Collection[str], facets: Sequence[FacetColumn]) -> Iterator[str]:
    """Yield the statements for the indexes of what may be a facet; lists are looked through."""
    for facet in facets:
        if not facet.several:
            yield f"create index reports_{facet.name} on reports ({facet.name})"
    if "region" in in_use:
        yield "create index agencies_region on agencies (region)"
    if "period" in in_use:
        yield "create index agencies_period on agencies (period)"
        yield "create index reports_period on reports (period)"


def list_facets(db: Database, facets: Sequence[FacetColumn]) -> None:
    """Write the table of the facets, where there are any."""
    if facets:
        db.execute(FACETS)
        rows = [(facet.name, facet.label, "yes" if facet.several else "no") for facet in facets]
        db.conn.executemany("insert into facets values (?, ?, ?)", rows)


def reads_links(mapping: Mapping) -> bool:
    """Return whether any row of the reports may cite several links."""
    return any(sources.by_link for _, sources in mapping.pairs)
