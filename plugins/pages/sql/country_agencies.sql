select
  agencies.id, agencies.name, agencies.native_name, agencies.use_status, agencies.searches, agencies.figures_conflict,
  agencies.report_count, agencies.first_reported,
  agency_types.label as type_label, use_statuses.label as use_label, responses.label as response_label,
  listings.label as listing_label
from agencies
join agency_types on agency_types.id = agencies.agency_type
join use_statuses on use_statuses.id = agencies.use_status
join responses on responses.id = agencies.response
join listings on listings.id = agencies.listing
where agencies.country = :country
order by plain(agencies.name), agencies.id
