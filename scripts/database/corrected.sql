-- Marks the reports of which a cell was corrected.
update reports set corrected = 'yes'
where no in (
  select reports.no
  from removals
  join reports on reports.file = removals.file and reports.sheet = removals.sheet and reports.row = removals.row
  where removals.kind = 'corrected'
)
