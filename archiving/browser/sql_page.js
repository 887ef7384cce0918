// SQL that a page's address asks for, and ready-made questions with what a reader typed.
import { PATH, getContract, readPairs, tildeEncode, toSite, writeAddress } from "./addresses.js";
import { escape, link, lookOf, many, sayDate, spell } from "./cells.js";
import { ask } from "./engine.js";

const DATES = ["published", "first_reported", "last_reported", "date"];

/** Puts the parameters of the page's address beside its SQL (asked.js), and runs it. */
export async function showQuestion() {
  const parameters = readPairs(location.search).filter(([name]) => name !== "sql");
  const form = document.querySelector("form.sql");
  while (!form.querySelector(".run-state")) await new Promise((resolve) => setTimeout(resolve, 20)); // the SQL page's own script
  const line = form.querySelector(".parameters");
  for (const [name, value] of parameters.filter(([one]) => !one.startsWith("_"))) {
    const input = Object.assign(document.createElement("input"), { type: "text", id: `parameter-${name}`, name, value });
    const label = Object.assign(document.createElement("label"), { htmlFor: input.id, textContent: name.replaceAll("_", " ") });
    line.append(label, " ", input, " ");
  }
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))); // the page is seen before megabytes are asked for
  form.dispatchEvent(new Event("submit", { cancelable: true }));
}

/** Shows a ready-made question's answer to what was typed. */
export async function showReadyQuestion() {
  const pairs = readPairs(location.search);
  const path = toSite(location.href).replace(/\?.*/s, "");
  const { questions, marked, most_rows: most } = await getContract();
  const given = Object.fromEntries(pairs);
  for (const input of document.querySelectorAll("form.sql input[name]")) input.value = given[input.name] ?? "";
  const empty = Object.fromEntries(questions[path.split("/")[2]].params.map((name) => [name, ""]));
  const { columns, rows, truncated } = await ask(questions[path.split("/")[2]].sql, { ...empty, ...given }, most);
  const section = document.querySelector("#result");
  if (!rows.length) {
    section.innerHTML = '<div class="empty"><p><strong>No rows.</strong></p></div>';
    return;
  }
  const files = [["csv", "CSV", []], ["json", "JSON", [["_shape", "array"]]]].map(([form, called, more]) => link(writeAddress(`${path}.${form}`, [...pairs, ["_size", "max"], ...more]), called));
  const count = `<p class="row-count" id="row-count"><strong>${truncated ? "More than " : ""}${many(rows.length, "row", "rows")}</strong>. Download ${truncated ? `the first ${rows.length.toLocaleString("en")}` : "these rows"}: ${files.join(", ")}.</p>`;
  section.innerHTML = `${count}\n<div class="table-wrapper" role="group" aria-labelledby="row-count" tabindex="0">${drawTable(columns, rows, marked)}</div>`;
}

function drawTable(columns, rows, marked) {
  const shown = columns.filter((column) => column !== "id" || !columns.includes("name"));
  const head = shown.map((column) => `<th scope="col">${escape(spell(column))}</th>`).join("");
  const body = rows.map((cells) => {
    const row = Object.fromEntries(columns.map((column, place) => [column, cells[place]]));
    return `<tr>${shown.map((column) => `<td data-label="${escape(spell(column))}"${typeof row[column] === "number" ? ' class="num"' : ""}>${writeCell(column, row, marked)}</td>`).join("")}</tr>\n`;
  });
  return `<table class="${lookOf(shown.length)}"><thead><tr>${head}</tr></thead><tbody>\n${body.join("")}</tbody></table>`;
}

function writeCell(column, row, marked) {
  const value = row[column];
  const use = value in marked ? ` <span class="use">${escape(marked[value])}</span>` : "";
  if (value === null || value === "") return '<span class="muted">–</span>';
  if (column === "name" && "id" in row) return link(`${PATH}/agencies/${tildeEncode(row.id)}`, escape(value)) + use;
  if (column === "id") return link(`${PATH}/sources/${tildeEncode(value)}`, escape(value));
  if (column === "report") return link(`${PATH}/reports/${value}`, escape(value));
  if (["url", "copy_url"].includes(column) && /^https?:\/\/[^/\s]/i.test(value)) return `<a class="out" href="${escape(value)}">${escape(value.split("/")[2])}</a>`;
  if (DATES.includes(column) && typeof value === "string") return escape(sayDate(value));
  if (column === "country" && "country_name" in row) return link(`${PATH}/countries/${tildeEncode(value)}`, escape(value));
  if (column === "query" && value[0] === "/") return link(value, "show our rows");
  return escape(value) + use;
}
