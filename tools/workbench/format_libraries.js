// What static/workbench/editor.js takes from sql-formatter, the one dialect alone.
export { formatDialect, sqlite } from "sql-formatter";
