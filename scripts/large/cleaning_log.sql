-- The log of changed cells: each cell whose text was read as another, with its place in the spreadsheet; and the cells
-- that personal data was taken out of, or that were corrected. The same rows as the table or view of the
-- database; DuckDB and Spark run it.
with cells as (
  select delivery, row, 'no' as field, no as printed, '' as code, '' as report_no, '' as region,
    '' as locality from received
  union all select delivery, row, 'country', country, '', '', '', '' from received
  union all select delivery, row, 'searches', searches, '', '', '', '' from received
  union all select delivery, row, 'figure_from', figure_from, '', '', '', '' from received
  union all select delivery, row, 'response', response, '', '', '', '' from received
  union all select delivery, row, 'response_given_to', response_given_to, '', '', '', '' from received
  union all select delivery, row, 'response_detail', response_detail, '', '', '', '' from received
  union all select delivery, row, 'licence', licence, '', '', '', '' from received
  union all select delivery, row, 'use_status', use_status, '', '', '', '' from received
  union all select delivery, row, 'listing', listing, '', '', '', '' from received
  union all select delivery, row, 'source', source, '', '', '', '' from received
  union all select delivery, row, 'note', note, '', '', '', '' from received
  union all select delivery, row, 'region', region, '', '', '', '' from received
  union all select delivery, row, 'locality', locality, '', '', '', '' from received
  union all select delivery, row, 'date', date, '', '', '', '' from received
  union all select delivery, row, 'period', period, '', '', '', '' from received
  union all
  select received.delivery, received.row, 'agency', received.agency, country.value, received.no,
    received.region, received.locality
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
  and readings.region = cells.region and readings.locality = cells.locality
join places on places.field = cells.field and places.delivery = cells.delivery
where readings.value <> readings.printed
union all
select file, sheet, row, heading, field, kind, before, after, reason from removals
