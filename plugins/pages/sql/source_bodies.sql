-- The bodies that a page's reports name, with how many of all their reports were read on it.
select
  agencies.id, agencies.name, agencies.use_status, use_statuses.label as use_label, agencies.claim_count,
  count(*) as here
from claims
join agencies on agencies.id = claims.agency
join use_statuses on use_statuses.id = agencies.use_status
where claims.source = :source
group by agencies.id
order by agencies.name
