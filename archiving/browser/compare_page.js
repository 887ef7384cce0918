// Countries side by side on the page that stands in the file: the figures, dates and responses of the site's own page.
import { PATH, getContract, readPairs, tildeEncode, writeAddress } from "./addresses.js";
import { escape, link, many, sayDate, write } from "./cells.js";
import { BadRequest } from "./choice.js";
import { ask } from "./engine.js";
import { splitValues } from "./values.js";

const MOST = 6; // side by side
const { counted, countedHeading } = document.documentElement.dataset;

async function askObjects(sql, country) {
  const { columns, rows } = await ask(sql, { country });
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
}

async function readCountry(country) {
  const { compared } = await getContract();
  const [[sum], [dates], responses] = await Promise.all([compared.sum, compared.dates, compared.responses].map((sql) => askObjects(sql, country)));
  if (sum.label === null) throw new BadRequest(`no country has the identifier ${country}`);
  return { country, dates, responses, ...sum, counted: sum[counted] };
}

/** Shows the countries that the page's address names. */
export async function showComparison() {
  const pairs = readPairs(location.search);
  if (pairs.some(([name]) => name !== "country")) throw new BadRequest("this copy of the site compares countries only; agencies stand side by side in their table");
  const keys = [...new Set(pairs.flatMap(([, value]) => splitValues(value)).filter(Boolean))];
  if (keys.length > MOST) throw new BadRequest(`${keys.length} are chosen; at most ${MOST} can stand side by side`);
  const found = await Promise.all(keys.map(readCountry));
  for (const box of document.querySelectorAll("input[name=country]")) box.checked = keys.includes(box.value);
  const names = found.map(({ label }) => label);
  const title = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)} compared` : names[0];
  document.title = document.title.replace(/^.*(?= – )/, () => title);
  document.querySelector("h1").textContent = title;
  const alone = keys.length === 1 ? '<p class="notice">One is chosen. To compare, choose more <a href="#choose">below</a>.</p>\n' : "";
  document.querySelector('section[aria-labelledby="choose"]').insertAdjacentHTML("beforebegin", alone + drawTable(title, found));
}

function drawTable(title, found) {
  const linked = (table, one, text, word) => link(writeAddress(`${PATH}/${table}`, [["country", one.country]]), `${write(text)}<span class="sr"> ${word} ${escape(one.label)}</span>`);
  const day = (text) => (text ? escape(sayDate(text)) : "no date");
  const figure = (one) => (one.agencies_with_a_figure ? `at least ${write(one.counted)}, for ${many(one.agencies_with_a_figure, "agency", "agencies")} with a known minimum` : "no known minimum");
  const lines = [
    ["Agencies named", (one) => linked("agencies", one, one.agencies, "of")],
    ["Use reported", (one) => write(one.use_reported)],
    ["Vendor's claim only", (one) => write(one.vendor_claim)],
    ["No use reported", (one) => write(one.agencies - one.use_reported - one.vendor_claim)],
    [countedHeading, figure],
    ...found[0].responses.map(({ label }, place) => [`Response: ${label.toLowerCase()}`, (one) => write(one.responses[place].agencies)]),
    ["Reports", (one) => linked("reports", one, one.reports, "on")],
    ["First report", (one) => day(one.dates.first)],
    ["Latest report", (one) => day(one.dates.latest)],
    ["In order of date", (one) => link(`/timeline/country/${tildeEncode(one.country)}`, `Timeline<span class="sr"> of ${escape(one.label)}</span>`)],
  ];
  const head = found.map((one) => `<th scope="col">${link(`${PATH}/countries/${tildeEncode(one.country)}`, escape(one.label))}</th>`).join("");
  const body = lines.map(([heading, say]) => `<tr><th scope="row">${escape(heading)}</th>${found.map((one) => `<td data-label="${escape(one.label)}">${say(one)}</td>`).join("")}</tr>\n`).join("");
  return `<div class="table-wrapper compared" role="group" aria-label="Side by side" tabindex="0"><table><caption class="sr">${escape(title)}</caption>\n<thead><tr><th scope="col"><span class="sr">What is compared</span></th>${head}</tr></thead>\n<tbody>${body}</tbody></table></div>\n`;
}
