-- Received reports (corrected where the register says so) and what each text in them was read as -> reports: the same rows and cells as the table of the
-- database. DuckDB and Spark run it as it stands. An empty text is one of which nothing is known.
select
  cast(coalesce(numbers.value, received.no) as bigint) as no,
  nullif(coalesce(agency_in_report.value, agency.value), '') as agency,
  country.value as country,
  nullif(received.agency, '') as agency_as_printed,
  received.country as country_as_printed,
  nullif(searches_as_printed.value, '') as searches_as_printed,
  nullif(searches.value, '') as searches,
  cast(nullif(searches_min.value, '') as bigint) as searches_min,
  cast(nullif(searches_max.value, '') as bigint) as searches_max,
  cast(nullif(searches_about.value, '') as bigint) as searches_about,
  figure_from.value as figure_from,
  response.value as response,
  response_given_to.value as response_given_to,
  nullif(coalesce(response_detail.value, received.response_detail), '') as response_detail,
  licence.value as licence,
  use_status.value as use_status,
  listing.value as listing,
  coalesce(source.value, received.source) as source,
  nullif(coalesce(note.value, received.note), '') as note,
  received.row,
  coalesce(nullif(date.value, ''), sources.published) as published,
  received.file,
  received.sheet,
  case when corrected.row is null then 'no' else 'yes' end as corrected
from received
left join (select distinct file, sheet, row from removals where kind = 'corrected') as corrected
  on corrected.file = received.file and corrected.sheet = received.sheet and corrected.row = received.row
left join readings as country on country.report_column = 'country' and country.printed = received.country
-- A name is read in its country, region and town; a few names in one report alone.
left join readings as agency
  on agency.report_column = 'agency' and agency.printed = received.agency and agency.country = country.value
  and agency.report_no = '' and agency.region = received.region and agency.locality = received.locality
left join readings as agency_in_report
  on agency_in_report.report_column = 'agency' and agency_in_report.printed = received.agency
  and agency_in_report.country = country.value and agency_in_report.report_no = received.no
  and agency_in_report.region = received.region and agency_in_report.locality = received.locality
left join readings as searches_as_printed
  on searches_as_printed.report_column = 'searches_as_printed' and searches_as_printed.printed = received.searches
left join readings as searches on searches.report_column = 'searches' and searches.printed = received.searches
left join readings as searches_min
  on searches_min.report_column = 'searches_min' and searches_min.printed = received.searches
left join readings as searches_max
  on searches_max.report_column = 'searches_max' and searches_max.printed = received.searches
left join readings as searches_about
  on searches_about.report_column = 'searches_about' and searches_about.printed = received.searches
left join readings as figure_from
  on figure_from.report_column = 'figure_from' and figure_from.printed = received.figure_from
left join readings as response on response.report_column = 'response' and response.printed = received.response
left join readings as response_given_to
  on response_given_to.report_column = 'response_given_to' and response_given_to.printed = received.response_given_to
left join readings as licence on licence.report_column = 'licence' and licence.printed = received.licence
left join readings as use_status on use_status.report_column = 'use_status' and use_status.printed = received.use_status
left join readings as listing on listing.report_column = 'listing' and listing.printed = received.listing
-- Texts that stay as they are have no reading; those with blanks around them have.
left join readings as numbers on numbers.report_column = 'no' and numbers.printed = received.no
left join readings as response_detail
  on response_detail.report_column = 'response_detail' and response_detail.printed = received.response_detail
left join readings as source on source.report_column = 'source' and source.printed = received.source
left join readings as note on note.report_column = 'note' and note.printed = received.note
left join readings as date on date.report_column = 'date' and date.printed = received.date
left join sources on sources.id = coalesce(source.value, received.source)
