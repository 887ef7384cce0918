-- What is known of a country's agencies, of the reports on it, and how many decisions are listed.
select
  (select label from countries where id = :country) as label,
  count(*) as agencies,
  coalesce(sum(use_status = 'reported'), 0) as use_reported,
  coalesce(sum(use_status = 'vendor_claim'), 0) as vendor_claim,
  sum(searches_min) as searches,
  count(searches_min) as agencies_with_a_figure,
  (select count(*) from reports where country = :country) as reports,
  (select count(*) from reports where country = :country and agency is not null) as reports_on_agencies,
  (select count(*) from regulatory_actions where country = :country) as regulatory_actions
from agencies
where country = :country
