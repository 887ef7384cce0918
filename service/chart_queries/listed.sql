-- The chosen agencies in order of name, with the words for their codes, and of how many these are the first.
select
  chosen.id, chosen.name, chosen.country_name, chosen.searches, chosen.figures_conflict, chosen.use_status,
  use_statuses.label as use_label, responses.label as response_label, count(*) over () as of_all
from chosen
join use_statuses on use_statuses.id = chosen.use_status
join responses on responses.id = chosen.response
order by plain(chosen.name), chosen.id
limit :most
