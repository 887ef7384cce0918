-- Reports in order of date, those without a date last, with the words for their codes.
-- One of agency, country (only reports on no named agency), source and report chooses them.
select
  reports.*,
  countries.label as country_label,
  agencies.name as agency_name, agencies.use_status as agency_use,
  agency_uses.label as agency_use_label,
  figure_origins.label as figure_from_label, figure_origins.sort as origin_sort,
  responses.label as response_label,
  licences.label as licence_label,
  use_statuses.label as use_label,
  listings.label as listing_label,
  sources.publisher, sources.title, sources.published, sources.url, sources.copy_url
from reports
join countries on countries.id = reports.country
join figure_origins on figure_origins.id = reports.figure_from
join responses on responses.id = reports.response
join licences on licences.id = reports.licence
join use_statuses on use_statuses.id = reports.use_status
join listings on listings.id = reports.listing
join sources on sources.id = reports.source
left join agencies on agencies.id = reports.agency
left join use_statuses as agency_uses on agency_uses.id = agencies.use_status
where (:by = 'agency' and reports.agency = :id)
  or (:by = 'country' and reports.country = :id and reports.agency is null)
  or (:by = 'source' and reports.source = :id)
  or (:by = 'report' and reports."no" = cast(:id as integer))
order by sources.published is null, sources.published, reports."no"
