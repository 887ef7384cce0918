-- The cells of an agency's reports, or of one report, that do not stand as printed.
select
  reports."no", cleaning_log.row, cleaning_log."column", cleaning_log.field, cleaning_log.kind, cleaning_log.before, cleaning_log.after, cleaning_log.reason
from cleaning_log
join reports on reports.row = cleaning_log.row
where cleaning_log.sheet = 'Reports'
  and ((:by = 'agency' and reports.agency = :id) or (:by = 'report' and reports."no" = cast(:id as integer)))
order by reports."no", cleaning_log.field
