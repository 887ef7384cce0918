with entities as materialized (select published, documented, query from coverage where id = 'entities')
select
  (select count(*) from agencies) as bodies,
  (select count(*) from agencies where use_status = 'reported') as use_reported,
  (select count(*) from agencies where use_status = 'not_reported') as not_reported,
  (select count(*) from agencies where use_status = 'vendor_claim') as vendor_claim,
  (select count(distinct country) from agencies where country <> 'XX') as countries,
  (select count(*) from claims) as reports,
  (select count(*) from claims where agency is null) as reports_without_a_body,
  (select count(*) from sources) as sources,
  (select count(*) from regulator_actions) as acts,
  (select count(*) from issues) as changed_cells,
  (select published from entities) as published,
  (select documented from entities) as documented,
  (select query from entities) as documented_query
