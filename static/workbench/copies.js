// A result as text to take along.
const FORMULA = /^[=+\-@\t\r]/;

/** Returns a result as CSV; a text that a spreadsheet would take for a formula gets a ' before it. */
export function toCsv({ columns, rows }) {
  return [columns, ...rows].map((row) => row.map(writeCell).join(",")).join("\r\n") + "\r\n";
}

function writeCell(value) {
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns a result as a table in Markdown. */
export function toMarkdown({ columns, rows }) {
  const line = (cells) => `| ${cells.map((value) => String(value ?? "").replaceAll("|", "\\|").replaceAll(/\s+/g, " ")).join(" | ")} |`;
  const rule = columns.map((_, place) => (rows.length && rows.every((row) => row[place] === null || typeof row[place] === "number") ? "---:" : "---"));
  return `${[line(columns), line(rule), ...rows.map(line)].join("\n")}\n`;
}
