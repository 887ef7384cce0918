-- The cells of a body's reports, or of one report, that do not stand as printed.
select
  claims."no", issues.row, issues."column", issues.field, issues.kind, issues.before, issues.after, issues.reason
from issues
join claims on claims.row = issues.row
where issues.sheet = 'Reports'
  and ((:by = 'body' and claims.agency = :id) or (:by = 'report' and claims."no" = cast(:id as integer)))
order by claims."no", issues.field
