-- The reports on the chosen agency that print a number of searches, in order of date.
select
  reports."no", reports.searches_as_printed, reports.searches, reports.searches_min, reports.searches_max,
  reports.searches_about, reports.figure_from,
  sources.publisher, figure_origins.label as figure_from_label, figure_origins.sort as origin_sort
from chosen
join reports on reports.agency = chosen.id
join sources on sources.id = reports.source
join figure_origins on figure_origins.id = reports.figure_from
where reports.searches_as_printed <> ''
order by reports.published is null, reports.published, reports."no"
limit :most
