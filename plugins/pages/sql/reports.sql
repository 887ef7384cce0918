-- Reports in order of date, those without a date last, with the words for their codes.
-- One of body, country (only reports on no named body), source and report chooses them.
select
  claims.*,
  countries.label as country_label,
  agencies.name as body_name, agencies.use_status as body_use,
  body_uses.label as body_use_label,
  figure_origins.label as figure_from_label, figure_origins.sort as origin_sort,
  responses.label as response_label,
  licences.label as licence_label,
  use_statuses.label as use_label,
  listings.label as listing_label,
  sources.publisher, sources.title, sources.published, sources.url, sources.copy_url
from claims
join countries on countries.id = claims.country
join figure_origins on figure_origins.id = claims.figure_from
join responses on responses.id = claims.response
join licences on licences.id = claims.licence
join use_statuses on use_statuses.id = claims.use_status
join listings on listings.id = claims.listing
join sources on sources.id = claims.source
left join agencies on agencies.id = claims.agency
left join use_statuses as body_uses on body_uses.id = agencies.use_status
where (:by = 'body' and claims.agency = :id)
  or (:by = 'country' and claims.country = :id and claims.agency is null)
  or (:by = 'source' and claims.source = :id)
  or (:by = 'report' and claims."no" = cast(:id as integer))
order by sources.published is null, sources.published, claims."no"
