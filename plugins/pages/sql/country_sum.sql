select
  count(*) as agencies,
  coalesce(sum(use_status = 'reported'), 0) as use_reported,
  sum(searches_min) as searches,
  count(searches_min) as agencies_with_a_figure,
  (select count(*) from reports where country = :country) as reports
from agencies
where country = :country
