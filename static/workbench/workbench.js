// The SQL page. Without this script the box, its button, the tables and the examples work as they stand in the page.
import { make, makeButton } from "./elements.js";
import { showPast } from "./past.js";
import { addTools, showResult } from "./result.js";
import { fetchRows, fetchSchema, namePage } from "./rows.js";
import { findParameters } from "./words.js";

const box = document.querySelector("#sql");
const form = document.querySelector("form.sql");
const section = document.querySelector("#result");
const asPlain = { focus: () => box.focus(), write: (text) => { box.value = text; }, insert: (text) => box.setRangeText(text, box.selectionStart, box.selectionEnd, "end"), mark: () => {} };
let editor = asPlain;

function readParameters() {
  const inputs = [...form.querySelectorAll(".parameters input, input[type=text]")];
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
}

async function serveOwnRows(question) {
  if (!section.querySelector("table")) return;
  let rows;
  addTools(section, question, question.sql && (await fetchSchema()), () => (rows ??= fetchRows(question)));
}

function startWorkbench() {
  const help = document.querySelector(".sql-help");
  const status = make("span", { role: "status", className: "run-state" });
  const note = showPast(help, ask);
  let asked = 0;

  function ask(sql) {
    editor.write(sql);
    run();
  }

  // What an address asks is answered without the reader's doing: then the page stays where it is.
  async function run({ isByReader = true } = {}) {
    const number = (asked += 1);
    const sql = box.value;
    askParameters(sql);
    const given = readParameters();
    const question = { sql, parameters: Object.fromEntries(findParameters(sql).map((name) => [name, given[name] ?? ""])) };
    status.textContent = "Running …";
    try {
      const [result, schema] = await Promise.all([fetchRows(question), fetchSchema()]);
      if (number !== asked) return;
      showFault(null);
      note(sql);
      const page = namePage(question);
      if (page !== location.pathname + location.search) history.pushState(null, "", page);
      document.dispatchEvent(new Event("asked"));
      showResult(section, result, question, schema);
      if (isByReader && section.getBoundingClientRect().top > innerHeight * 0.9) section.scrollIntoView({ block: "center" });
      status.textContent = `${result.rows.length.toLocaleString("en")} ${result.rows.length === 1 ? "row" : "rows"}.`;
    } catch (fault) {
      if (number !== asked) return;
      section.replaceChildren();
      showFault(fault);
      status.textContent = "";
    }
  }

  function askParameters(sql) {
    const names = findParameters(sql);
    const line = form.querySelector(".parameters");
    for (const input of line.querySelectorAll("input")) {
      if (names.includes(input.name)) continue;
      line.querySelector(`label[for="${input.id}"]`).remove();
      input.remove();
    }
    const asked = readParameters();
    for (const name of names.filter((each) => !(each in asked))) {
      const input = make("input", { type: "text", id: `parameter-${name}`, name });
      line.append(make("label", { htmlFor: input.id }, name.replaceAll("_", " ")), " ", input, " ");
    }
  }

  function showFault(fault) {
    form.querySelector(".fault")?.remove();
    editor.mark(toUnits(fault, box.value));
    if (fault) form.prepend(drawFault(fault, ask));
  }

  form.querySelector(".run button").after(makeButton("Format", format), status);
  form.addEventListener("submit", (event) => { event.preventDefault(); run({ isByReader: event.isTrusted }); });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    run();
  });
  window.addEventListener("popstate", () => location.reload());
  for (const code of help.querySelectorAll("[data-insert]")) {
    const button = makeButton("", () => editor.insert(code.dataset.insert), { className: "insert", title: "Insert" });
    code.replaceWith(button);
    button.append(code);
  }
  help.addEventListener("click", (event) => {
    const link = event.target.closest("[data-example]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(new URL(link.href).searchParams.get("sql"));
  });

  async function format() {
    const { formatDialect, sqlite } = await import("./format_libraries.js");
    try {
      editor.write(formatDialect(box.value, { dialect: sqlite, keywordCase: "lower", tabWidth: 2 }));
    } catch {
      status.textContent = "Not formatted: the statement could not be read.";
    }
  }

  waitFor(box, async () => {
    const [{ openEditor }, schema] = await Promise.all([import("./editor.js"), fetchSchema()]);
    editor = openEditor(box, schema, run);
  });
}

// Python counts characters, a browser units of UTF-16.
function toUnits(fault, sql) {
  if (fault?.start === undefined) return null;
  const [start, end] = [fault.start, fault.end].map((place) => [...sql].slice(0, place).join("").length);
  return { error: fault.error, start, end };
}

function drawFault({ error, message, line, column, hint, did_you_mean: meant = [] }, ask) {
  const place = line ? ` (line ${line}, character ${column})` : "";
  const notice = make("div", { className: "notice fault", role: "alert" }, make("p", {}, make("strong", {}, "Error: "), `${error ?? message}${place}.`));
  if (hint) notice.append(make("p", {}, hint));
  if (meant.length) {
    const buttons = meant.flatMap(({ name, sql }, number) => [number ? " or " : "", makeButton(name, () => ask(sql))]);
    notice.append(make("p", {}, "Did you mean ", ...buttons, "?"));
  }
  return notice;
}

// The editor is fetched when the reader comes near the box; on a phone, where it takes longest, at the first touch of it.
function waitFor(element, act) {
  if (matchMedia("(max-width: 40rem)").matches) {
    element.addEventListener("focus", act, { once: true });
    return;
  }
  const near = new IntersectionObserver((seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    near.disconnect();
    // A browser may never call itself idle: then the editor comes after a second.
    if (window.requestIdleCallback) requestIdleCallback(act, { timeout: 1000 });
    else act();
  }, { rootMargin: "200px" });
  near.observe(element);
}

if (box) startWorkbench();
serveOwnRows(box ? { sql: box.value, parameters: readParameters() } : { path: location.pathname, parameters: readParameters() });
