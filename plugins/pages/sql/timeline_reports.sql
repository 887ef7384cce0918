-- The reports of a timeline, the first :most by date: of an agency, of a country, or all where neither is named.
with chosen as materialized (
  select "no" from (
    select "no" from reports where :agency = '' and :country = '' and published is not null order by published, "no" limit :most
  )
  union all
  select "no" from (
    select "no" from reports where :agency = '' and :country = '' and published is null order by "no" limit :most
  )
  union all
  select "no" from (
    select "no" from reports where agency = nullif(:agency, '') order by published nulls last, "no" limit :most
  )
  union all
  select "no" from (
    select "no" from reports where country = nullif(:country, '') order by published nulls last, "no" limit :most
  )
  limit :most
)
select
  reports."no", reports.source, reports.agency, reports.response, responses.label as response_label,
  agencies.name as agency_name, agencies.use_status as agency_use, use_statuses.label as agency_use_label,
  sources.publisher, sources.title, sources.published
from chosen
join reports on reports."no" = chosen."no"
join responses on responses.id = reports.response
join sources on sources.id = reports.source
left join agencies on agencies.id = reports.agency
left join use_statuses on use_statuses.id = agencies.use_status
