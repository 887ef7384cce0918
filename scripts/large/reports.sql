-- Reports and what each text in them was read as -> reports: the same rows and cells as the table of the database.
-- DuckDB and Spark run it as it stands. An empty text is one of which nothing is known.
select
  cast(coalesce(numbers.value, reports.no) as bigint) as no,
  nullif(coalesce(agency_in_report.value, agency.value), '') as agency,
  country.value as country,
  nullif(reports.agency, '') as agency_as_printed,
  reports.country as country_as_printed,
  nullif(searches_as_printed.value, '') as searches_as_printed,
  nullif(searches.value, '') as searches,
  cast(nullif(searches_min.value, '') as bigint) as searches_min,
  cast(nullif(searches_max.value, '') as bigint) as searches_max,
  cast(nullif(searches_about.value, '') as bigint) as searches_about,
  figure_from.value as figure_from,
  response.value as response,
  response_given_to.value as response_given_to,
  nullif(coalesce(response_detail.value, reports.response_detail), '') as response_detail,
  licence.value as licence,
  use_status.value as use_status,
  listing.value as listing,
  coalesce(source.value, reports.source) as source,
  nullif(coalesce(note.value, reports.note), '') as note,
  reports.row,
  sources.published
from reports
left join readings as country on country.report_column = 'country' and country.printed = reports.country
-- A name is read in its country; a few names in one report alone.
left join readings as agency
  on agency.report_column = 'agency' and agency.printed = reports.agency and agency.country = country.value
  and agency.report_no = ''
left join readings as agency_in_report
  on agency_in_report.report_column = 'agency' and agency_in_report.printed = reports.agency
  and agency_in_report.country = country.value and agency_in_report.report_no = reports.no
left join readings as searches_as_printed
  on searches_as_printed.report_column = 'searches_as_printed' and searches_as_printed.printed = reports.searches
left join readings as searches on searches.report_column = 'searches' and searches.printed = reports.searches
left join readings as searches_min
  on searches_min.report_column = 'searches_min' and searches_min.printed = reports.searches
left join readings as searches_max
  on searches_max.report_column = 'searches_max' and searches_max.printed = reports.searches
left join readings as searches_about
  on searches_about.report_column = 'searches_about' and searches_about.printed = reports.searches
left join readings as figure_from
  on figure_from.report_column = 'figure_from' and figure_from.printed = reports.figure_from
left join readings as response on response.report_column = 'response' and response.printed = reports.response
left join readings as response_given_to
  on response_given_to.report_column = 'response_given_to' and response_given_to.printed = reports.response_given_to
left join readings as licence on licence.report_column = 'licence' and licence.printed = reports.licence
left join readings as use_status on use_status.report_column = 'use_status' and use_status.printed = reports.use_status
left join readings as listing on listing.report_column = 'listing' and listing.printed = reports.listing
-- Texts that stay as they are have no reading; those with blanks around them have.
left join readings as numbers on numbers.report_column = 'no' and numbers.printed = reports.no
left join readings as response_detail
  on response_detail.report_column = 'response_detail' and response_detail.printed = reports.response_detail
left join readings as source on source.report_column = 'source' and source.printed = reports.source
left join readings as note on note.report_column = 'note' and note.printed = reports.note
left join sources on sources.id = coalesce(source.value, reports.source)
