select regulatory_actions.*, countries.label as country_label
from regulatory_actions
join countries on countries.id = regulatory_actions.country
where regulatory_actions.country = :country
order by regulatory_actions.date is null, regulatory_actions.date, regulatory_actions.id
