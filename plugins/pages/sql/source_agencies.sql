-- The agencies that a page's reports name, with how many of all their reports were read on it.
select
  agencies.id, agencies.name, agencies.use_status, use_statuses.label as use_label, agencies.report_count,
  count(*) as here
from reports
join agencies on agencies.id = reports.agency
join use_statuses on use_statuses.id = agencies.use_status
where reports.source = :source
group by agencies.id
order by plain(agencies.name), agencies.id
