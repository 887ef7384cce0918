-- The reports of a timeline: of an agency, of a country, or all where neither is named; the first :most by date.
select
  reports."no", reports.source, reports.agency, reports.response, responses.label as response_label,
  agencies.name as agency_name, agencies.use_status as agency_use, use_statuses.label as agency_use_label,
  sources.publisher, sources.title, sources.published
from (
  select * from reports
  where (:agency = '' or agency = :agency) and (:country = '' or country = :country)
  order by published nulls last
  limit :most
) as reports
join responses on responses.id = reports.response
join sources on sources.id = reports.source
left join agencies on agencies.id = reports.agency
left join use_statuses on use_statuses.id = agencies.use_status
