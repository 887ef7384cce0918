with published_agencies as materialized (select published, documented, query from coverage where id = 'agencies')
select
  (select count(*) from agencies) as agencies,
  (select count(*) from agencies where use_status = 'reported') as use_reported,
  (select count(*) from agencies where use_status = 'not_reported') as not_reported,
  (select count(*) from agencies where use_status = 'vendor_claim') as vendor_claim,
  (select count(distinct country) from agencies where country <> 'XX') as countries,
  (select count(*) from reports) as reports,
  (select count(*) from reports where agency is null) as reports_without_an_agency,
  (select count(*) from sources) as sources,
  (select count(*) from regulatory_actions) as regulatory_actions,
  (select published from published_agencies) as published,
  (select documented from published_agencies) as documented,
  (select query from published_agencies) as documented_query
