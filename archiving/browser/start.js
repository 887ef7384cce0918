// What a page of the archive asks of a script: rows under filters, a search, SQL; and files of just these rows.
import { PATH, ROOT, readPairs, toFile, toSite } from "./addresses.js";
import { watchShown } from "./state.js";

const OF_ROWS = new RegExp(`^${PATH}(/\\w+)?\\.(csv|json|ndjson|geojson)\\?`);

async function showPage() {
  const { body } = document;
  const pairs = readPairs(location.search);
  const says = (...names) => pairs.some(([name]) => names.includes(name));
  if (body.classList.contains("table") && pairs.length) await (await import("./table_page.js")).showTable();
  if (body.classList.contains("compare") && pairs.length) await (await import("./compare_page.js")).showComparison();
  if (body.classList.contains("search-page") && says("q")) await (await import("./search_page.js")).showSearch();
  if (body.classList.contains("database") && says("sql")) await (await import("./sql_page.js")).showQuestion();
  if (body.classList.contains("query") && pairs.length) await (await import("./sql_page.js")).showReadyQuestion();
}

/** Waits for what was begun, and tells how it ended if the reader has not turned to something else. */
async function finish(begun) {
  const isShown = watchShown();
  document.body.dataset.copy = "";
  try {
    await begun;
    if (isShown()) document.body.dataset.copy = "ready";
  } catch (error) {
    if (isShown()) tell(error);
  }
}

/** Puts the address of this copy into the codes that show its parts in frames elsewhere. */
function nameFrames() {
  for (const code of document.querySelectorAll(".embed-code")) code.textContent = code.textContent.replace(/src="(?!https?:)/, `src="${ROOT.href}`);
}

/** Says on the page why there is no answer. */
function tell(error) {
  console.warn(error);
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.setAttribute("role", "alert");
  notice.textContent = `This address has no answer here: ${error.message}. What stands below is the page without it.`;
  document.querySelector("#content h1").after(notice);
  document.body.dataset.copy = "failed";
}

// A link that a script of the site made leads to the site's own address: here it is given its file.
function mend(event) {
  const link = event.target.closest?.("a[href^='/']");
  if (link) link.href = toFile(link.getAttribute("href"));
}

const isTurned = location.protocol !== "file:" && document.body.matches(".table, .search-page");
const whole = isTurned && { html: document.querySelector("main").innerHTML, title: document.title };

/** Shows another question to the open page; returns false where the browser has to load a page. */
async function turnTo(href) {
  const { go, isHere } = await import("./turning.js");
  if (!isHere(href)) return false;
  await finish(go(href, whole));
  return true;
}

async function followLink(event) {
  const link = event.target.closest?.("main a[href]");
  const isPlain = !event.defaultPrevented && !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!isTurned || !link || !isPlain || link.target || link.getAttribute("href").startsWith("#") || link.origin !== location.origin) return;
  if (link.pathname !== location.pathname) return;
  event.preventDefault();
  if (!(await turnTo(link.href))) location.assign(link.href);
}

async function sendForm(event) {
  const form = event.target;
  if (!isTurned || !form.closest("main") || new URL(form.action).pathname !== location.pathname) return;
  event.preventDefault();
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form, event.submitter));
  if (!(await turnTo(address.href))) location.assign(address.href);
}

async function turnBack() {
  const { turn } = await import("./turning.js");
  await finish(turn(whole));
}

async function serveFile(event) {
  mend(event);
  const link = event.target.closest?.("a[href]");
  const address = link && toSite(link.href);
  if (!address || !OF_ROWS.test(address)) return;
  event.preventDefault();
  const { makeFile } = await import("./row_files.js");
  try {
    const { name, blob } = await makeFile(address);
    Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name }).click();
  } catch (error) {
    tell(error);
  }
}

document.addEventListener("click", serveFile);
document.addEventListener("click", followLink);
document.addEventListener("submit", sendForm);
if (isTurned) addEventListener("popstate", turnBack);
for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, mend);
document.documentElement.dataset.root = ROOT.href;
nameFrames();
finish(showPage());
