-- Regulatory actions that a search found.
select
  regulatory_actions.id, '/clearview/regulatory_actions' as url,
  regulatory_actions.regulator || ': ' || regulatory_actions.action as name,
  regulatory_actions.date, regulatory_actions.summary,
  regulatory_actions.country, countries.label as country_label
from regulatory_actions
join countries on countries.id = regulatory_actions.country
where regulatory_actions.id in (select value from json_each(:ids))
