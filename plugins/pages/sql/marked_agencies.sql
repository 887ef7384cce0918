-- Agencies whose name never stands without a word on use.
select agencies.id, agencies.name, use_statuses.label as use_label
from agencies
join use_statuses on use_statuses.id = agencies.use_status
where agencies.use_status <> 'reported'
