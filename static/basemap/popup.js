// What a marker says. A popup is made of text, and its one link is made here: anybody can write a row in SQL
// and send the page's address around, so no markup and no address of a row is ever used.
const { database, counted, countedHeading } = document.documentElement.dataset;
const AGENCIES = new URL(`../../${database}/agencies/`, import.meta.url);
const BODY_ID = /^[a-z]{2}-[a-z0-9-]+$/;
const BODY_FACTS = { locality: "Town", country: "Country", agency_type: "Type", [counted]: countedHeading, response: "Response" };
const NO_FACTS = /^(id|name|title|popup|use_status|latitude|longitude)$/i;

/** Returns what to say of a row of Datasette's JSON: {title, href, status, facts}. */
export function describeRow(row) {
  const code = (column) => String(row[column]?.value ?? row[column] ?? "");
  const text = (column) => String(row[column]?.label ?? row[column] ?? "");
  const isBody = BODY_ID.test(code("id")) && text("name") !== "";
  const columns = isBody ? Object.keys(BODY_FACTS) : Object.keys(row).filter((column) => !NO_FACTS.test(column));
  const facts = columns.map((column) => [isBody ? BODY_FACTS[column] : spell(column), text(column)]);
  return {
    title: text("name") || text("title"),
    href: isBody ? AGENCIES.pathname + code("id") : "",
    status: ["", "reported"].includes(code("use_status")) ? "" : spell(text("use_status")),
    facts: facts.filter(([, value]) => value !== ""),
  };
}

const spell = (code) => code.replaceAll("_", " ");

/** Returns the popup's content as an element. */
export function drawPopup({ title, href, status, facts }) {
  const name = make("p", "place-name");
  const text = make(href ? "a" : "span", "", title);
  if (href) text.href = href;
  name.append(text);
  const list = make("dl", "place-facts");
  for (const [term, value] of facts) list.append(make("dt", "", term), make("dd", "", value));
  const popup = make("div", "place-popup");
  popup.append(name, ...(status ? [make("p", "place-status", status)] : []), ...(facts.length ? [list] : []));
  return popup;
}

/** Returns a new element with its class and text. */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
