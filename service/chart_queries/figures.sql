-- The chosen agencies with a number of searches, the greatest first; one more than are drawn, to know whether there are more.
select
  chosen.id, name, country_name, use_status, use_statuses.label as use_label, figures_conflict,
  searches, searches_min, searches_max, searches_about,
  searches_basis as origin, figure_origins.label as origin_label
from chosen
join use_statuses on use_statuses.id = use_status
join figure_origins on figure_origins.id = searches_basis
where coalesce(searches_min, searches_max, searches_about) is not null
order by coalesce(searches_min, searches_about, searches_max) desc, coalesce(searches_max, searches_min) desc, plain(name)
limit :most + 1
