-- Of a long list alone: what its reports are sorted by, searched in and counted by; a short one is read through as fast.
create index reports_agency_as_printed on reports (agency_as_printed);
create index reports_response_detail on reports (response_detail);
create index reports_searches on reports (searches_min, searches_max, searches_about);
create index reports_agency_published on reports (agency, published);
