-- The log of changed cells: each report's row beside what its texts were read as, where that is not the text itself.
-- In this order and by this index, so that the first rows of millions are there at once, whatever they are filtered by.
select
  log_places.file,
  log_places.sheet,
  report_readings.row,
  log_places.column,
  readings.field,
  readings.kind,
  readings.before,
  readings.after,
  readings.reason
from report_readings
cross join readings indexed by sqlite_autoindex_readings_1 on readings.id in (
  report_readings.no, report_readings.agency, report_readings.country, report_readings.searches,
  report_readings.figure_from, report_readings.response, report_readings.response_given_to,
  report_readings.response_detail, report_readings.licence, report_readings.use_status, report_readings.listing,
  report_readings.source, report_readings.note, report_readings.region, report_readings.locality,
  report_readings.date, report_readings.period
)
cross join log_places on log_places.delivery = report_readings.delivery and log_places.read_from = readings.read_from
union all
select file, sheet, row, column, field, kind, before, after, reason from removals
