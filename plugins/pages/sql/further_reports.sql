-- Reports that link to a page beside their own source, in order of their numbers: the first :most, and of how many.
select reports."no", agencies.id as agency, agencies.name, agencies.use_status, use_statuses.label as use_label,
  count(*) over () as of_all
from further_sources
join reports on reports."no" = further_sources.report
left join agencies on agencies.id = reports.agency
left join use_statuses on use_statuses.id = agencies.use_status
where further_sources.source = :source
order by reports."no"
limit :most
