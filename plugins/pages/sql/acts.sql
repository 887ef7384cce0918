select regulator_actions.*, countries.label as country_label
from regulator_actions
join countries on countries.id = regulator_actions.country
where regulator_actions.country = :country
order by regulator_actions.date is null, regulator_actions.date, regulator_actions.id
