-- The log of changed cells: each cell whose text was read as another, with its place in the spreadsheet; and the cells
-- that personal data was taken out of. The same rows as the table or view of the database; DuckDB and Spark run it.
with cells as (
  select row, 'no' as field, no as printed, '' as code, '' as report_no from received
  union all select row, 'country', country, '', '' from received
  union all select row, 'searches', searches, '', '' from received
  union all select row, 'figure_from', figure_from, '', '' from received
  union all select row, 'response', response, '', '' from received
  union all select row, 'response_given_to', response_given_to, '', '' from received
  union all select row, 'response_detail', response_detail, '', '' from received
  union all select row, 'licence', licence, '', '' from received
  union all select row, 'use_status', use_status, '', '' from received
  union all select row, 'listing', listing, '', '' from received
  union all select row, 'source', source, '', '' from received
  union all select row, 'note', note, '', '' from received
  union all
  select received.row, 'agency', received.agency, country.value, received.no
  from received
  join readings as country on country.report_column = 'country' and country.printed = received.country
)
select
  places.file,
  places.sheet,
  cells.row,
  places.heading,
  readings.report_column as field,
  readings.kind,
  readings.printed as before,
  readings.value as after,
  nullif(readings.reason, '') as reason
from cells
join readings
  on readings.field = cells.field and readings.printed = cells.printed and readings.country = cells.code
  and readings.report_no in ('', cells.report_no)
join places on places.field = cells.field
where readings.value <> readings.printed
union all
select file, sheet, row, heading, field, kind, before, after, reason from removals
