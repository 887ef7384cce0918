// The results of a search on the page that stands in the file, written as templates/search.html writes them.
import { readPairs, toFile, writeAddress } from "./addresses.js";
import { first } from "./answers.js";
import { escape, link, many, sayDate, write } from "./cells.js";
import { FIRST, KINDS, LONGEST, MOST, readQuery, search, suggestWords } from "./search_answers.js";
import { sayState, watchShown } from "./state.js";

const WORDS = { agency: ["agency", "agencies"], source: ["source", "sources"], regulatory_action: ["regulatory action", "regulatory actions"] };
const sayUse = ({ use_status: id, use_status_label: label }) => (id && id !== "reported" ? ` <span class="use">${escape(label)}</span>` : "");
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Shows what the page's address searches for. */
export async function showSearch() {
  const pairs = readPairs(location.search);
  const query = readQuery(first(pairs, "q"));
  const kind = KINDS.includes(first(pairs, "kind")) ? first(pairs, "kind") : null;
  for (const box of document.querySelectorAll("input[name=q]")) if (box.id === "q") box.value = query.slice(0, LONGEST);
  if (!query) return;
  document.title = `Search: ${query} – ${document.title.split(" – ").at(-1)}`;
  const form = document.querySelector("#content form.search");
  if (query.length > LONGEST) {
    form.insertAdjacentHTML("afterend", `<p class="notice" role="alert">A search may have ${LONGEST} characters; this one has ${write(query.length)}. A name or a few words do.</p>`);
    return;
  }
  sayState("Searching…");
  const isShown = watchShown();
  const groups = await search(query, kind ? [kind] : KINDS, kind ? MOST : FIRST).finally(() => isShown() && sayState(""));
  const found = groups.length ? drawGroups(query, kind, groups) : drawNothing(query, kind, await suggestWords(query));
  if (!isShown()) return;
  form.insertAdjacentHTML("afterend", found);
  if (groups.length) document.querySelectorAll('section[aria-labelledby="what"], section[aria-labelledby="countries"]').forEach((section) => section.remove());
}

const everything = (query) => link(writeAddress("/search", [["q", query]]), "Search everything");

function drawGroups(query, kind, groups) {
  const list = groups.map((group) => `<a href="#${group.kind}">${many(group.count, ...WORDS[group.kind])}</a>`).join(", ");
  return `<p class="found">${list} for “${escape(query)}”. A listing is not an accusation.${kind ? ` ${everything(query)}` : ""}</p>\n${groups.map((group) => drawGroup(query, kind, group)).join("")}`;
}

function drawGroup(query, kind, group) {
  const more = kind ? `These are the best ${write(group.results.length)} of ${many(group.count, ...WORDS[group.kind])}. Add a word, a town or a country to find fewer.`
    : link(writeAddress("/search", [["q", query], ["kind", group.kind]]), `Show ${group.count <= MOST ? "all" : `the best ${MOST} of`} ${many(group.count, ...WORDS[group.kind])}`, ' class="button"');
  return `<section aria-labelledby="${group.kind}">\n<h2 id="${group.kind}">${capital(WORDS[group.kind][1])} <span class="count">${write(group.count)}</span></h2>\n<ol class="results">\n${
    group.results.map((found) => `<li>\n<h3>${link(found.url, escape(found.name))}${sayUse(found)}</h3>\n<p>${sayFacts(found)}</p>\n<p class="why">${escape(capital(found.reason))}</p></li>\n`).join("")
  }</ol>\n${group.count > group.results.length ? `<p>${more}</p>` : ""}\n</section>\n`;
}

function sayFacts(found) {
  const reports = many(found.report_count ?? 0, "report", "reports");
  if (found.kind === "source") return `${escape(found.publisher)} · ${escape(sayDate(found.published))} · ${reports}`;
  if (found.kind === "regulatory_action") return `${escape(found.country_label)} · ${escape(sayDate(found.date))} · ${escape(found.summary)}`;
  const native = found.native_name && found.native_name !== found.name ? `${escape(found.native_name)} · ` : "";
  const place = found.locality && found.country !== "XX" ? `${escape(found.locality)}, ` : "";
  return `${native}${escape(found.agency_type_label)} · ${place}${escape(found.country_label)} · ${reports}`;
}

function drawNothing(query, kind, words) {
  const found = words.map(({ word, count }) => `<a href="${escape(toFile(writeAddress("/search", [["q", word]])))}">${escape(word)}</a> (${many(count, "agency", "agencies")})`).join(", ");
  const lines = [
    kind && everything(query),
    found && `Results for one of your words: ${found}`,
    "Try the name in the agency's own language or in English, its abbreviation, or its town. Accents, capitals and small typing errors do not matter.",
  ].filter(Boolean);
  return `<div class="empty" role="status"><p><strong>No results for “${escape(query)}”${kind ? ` among ${WORDS[kind][1]}` : ""}.</strong> That means only that no report here names it.</p>\n<ul>\n${lines.map((line) => `<li>${line}</li>\n`).join("")}</ul></div>\n`;
}
