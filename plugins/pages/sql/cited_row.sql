-- What a page of one row is called in a citation; an agency without reported use never stands without that word.
with named as (
  select agencies.id,
    name || case when use_status = 'reported' then '' else ' (' || lower(use_statuses.label) || ')' end as title
  from agencies
  join use_statuses on use_statuses.id = agencies.use_status
)
select title from named where :table = 'agencies' and id = :key
union all
select label from countries where :table = 'countries' and id = :key
union all
select publisher || case when title is null then '' else ': ' || title end || ' (source ' || id || ')'
from sources where :table = 'sources' and id = :key
union all
select 'Report ' || reports."no" || ' on ' || coalesce(named.title, countries.label)
from reports
join countries on countries.id = reports.country
left join named on named.id = reports.agency
where :table = 'reports' and cast(reports."no" as text) = :key
union all
select regulator || ': ' || action from regulatory_actions where :table = 'regulatory_actions' and id = :key
