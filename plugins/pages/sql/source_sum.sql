-- A source, and what the reports taken from it have.
select
  sources.id, sources.publisher, sources.published,
  count(reports."no") as reports,
  count(distinct reports.agency) as agencies,
  count(coalesce(reports.searches_min, reports.searches_max, reports.searches_about)) as figures,
  coalesce(sum(reports.response <> 'not_stated'), 0) as responses
from sources
left join reports on reports.source = sources.id
where sources.id = :source
group by sources.id
