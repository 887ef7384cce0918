-- Agencies that a search found, with what stands beside their name.
select
  agencies.id, '/clearview/agencies' as url,
  agencies.name, agencies.native_name, agencies.locality,
  agencies.country, countries.label as country_label,
  agencies.agency_type, agency_types.label as agency_type_label,
  agencies.use_status, use_statuses.label as use_status_label,
  agencies.report_count
from agencies
join countries on countries.id = agencies.country
join agency_types on agency_types.id = agencies.agency_type
join use_statuses on use_statuses.id = agencies.use_status
where agencies.id in (select value from json_each(:ids))
