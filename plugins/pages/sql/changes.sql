-- The cells of an agency's reports, or of one report, that do not stand as printed.
select
  reports."no", cleaning_log.row, cleaning_log."column", cleaning_log.field, cleaning_log.kind, cleaning_log.before, cleaning_log.after, cleaning_log.reason
from cleaning_log
join reports on reports.file = cleaning_log.file and reports.sheet = cleaning_log.sheet and reports.row = cleaning_log.row
where (:by = 'agency' and reports.agency = :id) or (:by = 'report' and reports."no" = cast(:id as integer))
order by reports."no", cleaning_log.field
