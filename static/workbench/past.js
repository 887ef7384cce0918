// What was asked before, kept in this browser alone.
import { make, makeButton } from "./elements.js";

const KEY = "sql-history";
const MOST = 50;

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function write(past) {
  try {
    localStorage.setItem(KEY, JSON.stringify(past));
  } catch {
    // A browser that keeps nothing has no history.
  }
}

/** Adds the list of past statements to the help beside the editor; returns what adds one to it. */
export function showPast(help, ask) {
  const list = make("ol");
  const clear = makeButton("Clear history", () => { write([]); fill(); });
  help.querySelector(".sql-tables").before(make("details", { className: "past" }, make("summary", {}, "History (in this browser only)"), list, clear));
  function fill() {
    const past = read();
    clear.hidden = !past.length;
    list.replaceChildren(...past.map((sql) => make("li", {}, makeButton(sql.replaceAll(/\s+/g, " "), () => ask(sql), { className: "insert" }))));
    if (!past.length) list.append(make("li", { className: "muted" }, "Nothing yet. What you run is listed here and sent nowhere else."));
  }
  fill();
  return (sql) => {
    write([sql, ...read().filter((each) => each !== sql)].slice(0, MOST));
    fill();
  };
}
