-- Reports in order of date, those without a date last, with the words for their codes: the first :most, and of how many.
-- One of agency, country (only reports on no named agency), source and report chooses them.
with numbers as (
  select "no" from reports where :by = 'agency' and agency = :id
  union all select "no" from reports where :by = 'country' and country = :id and agency is null
  union all select "no" from reports where :by = 'source' and source = :id
  union all select "no" from reports where :by = 'report' and "no" = cast(:id as integer)
),
chosen as (
  select
    reports.*, sources.publisher, sources.title, sources.url, sources.copy_url,
    count(*) over () as of_all
  from numbers
  join reports on reports."no" = numbers."no"
  join sources on sources.id = reports.source
  order by reports.published is null, reports.published, reports."no"
  limit :most
)
select
  chosen.*,
  countries.label as country_label,
  agencies.name as agency_name, agencies.use_status as agency_use,
  agency_uses.label as agency_use_label,
  figure_origins.label as figure_from_label, figure_origins.sort as origin_sort,
  responses.label as response_label,
  licences.label as licence_label,
  use_statuses.label as use_label,
  listings.label as listing_label
from chosen
join countries on countries.id = chosen.country
join figure_origins on figure_origins.id = chosen.figure_from
join responses on responses.id = chosen.response
join licences on licences.id = chosen.licence
join use_statuses on use_statuses.id = chosen.use_status
join listings on listings.id = chosen.listing
left join agencies on agencies.id = chosen.agency
left join use_statuses as agency_uses on agency_uses.id = agencies.use_status
order by chosen.published is null, chosen.published, chosen."no"
