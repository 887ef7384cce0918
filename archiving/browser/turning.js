// A table's filters, orders and later pages, and searches, are shown without loading their page anew: what answers them
// stays open.
import { ROOT, readPairs, toSite } from "./addresses.js";
import { showSearch } from "./search_page.js";
import { watchShown } from "./state.js";
import { showTable } from "./table_page.js";

const pathOf = (href) => toSite(href)?.replace(/\?.*/s, "");

/** Returns whether an address is the open page's own, with another question. */
export const isHere = (href) => pathOf(href) === pathOf(location.href) && !new URL(href, location.href).hash;

/** Shows what the page's address asks for, in the page as it was written; whole holds its HTML and its title. */
export async function turn(whole) {
  const main = document.querySelector("main");
  main.innerHTML = whole.html;
  const isShown = watchShown();
  document.title = whole.title;
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
  if (readPairs(location.search).length) await (document.body.classList.contains("table") ? showTable : showSearch)();
  const { watchMaps } = await import(new URL("static/basemap/map.js", ROOT).href);
  if (isShown()) watchMaps(main);
}

/** Goes to an address of the open page; returns once it is shown. */
export function go(href, whole) {
  history.pushState(null, "", href);
  return turn(whole);
}
