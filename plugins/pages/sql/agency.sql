-- An agency with the words for its codes.
select
  agencies.*,
  countries.label as country_label,
  agency_types.label as type_label,
  use_statuses.label as use_label, use_statuses.description as use_means,
  listings.label as listing_label,
  licences.label as licence_label,
  origins.label as basis_label,
  best.label as response_label, best.description as response_means,
  told_2021.label as response_2021_label, told_2021.description as response_2021_means
from agencies
join countries on countries.id = agencies.country
join agency_types on agency_types.id = agencies.agency_type
join use_statuses on use_statuses.id = agencies.use_status
join listings on listings.id = agencies.listing
join licences on licences.id = agencies.licence
join figure_origins as origins on origins.id = agencies.searches_basis
join responses as best on best.id = agencies.response
join responses as told_2021 on told_2021.id = agencies.response_2021
where agencies.id = :id
