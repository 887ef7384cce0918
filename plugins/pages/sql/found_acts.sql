-- Acts of regulators and courts that a search found.
select
  regulator_actions.id, '/clearview/regulator_actions/' || regulator_actions.id as url,
  regulator_actions.regulator || ': ' || regulator_actions.action as name,
  regulator_actions.date, regulator_actions.summary,
  regulator_actions.country, countries.label as country_label
from regulator_actions
join countries on countries.id = regulator_actions.country
where regulator_actions.id in (select value from json_each(:ids))
