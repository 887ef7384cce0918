// usage: node write.js TABLE.json FOLDER NUMBER     (SheetJS and ExcelJS)
const fs = require("fs"), xlsx = require("xlsx"), exceljs = require("exceljs");
const [, , table, folder, number] = process.argv;
const rows = JSON.parse(fs.readFileSync(table, "utf8"));
const day = (value) => (value && value.day ? new Date(value.day + "T00:00:00Z") : value);
const sheet = {}, width = Math.max(...rows.map((row) => row.length));
rows.forEach((row, r) => row.forEach((value, c) => {
  if (value === null) return;
  const place = xlsx.utils.encode_cell({ r, c });
  if (value.day) sheet[place] = { t: "n", v: Date.parse(value.day) / 864e5 + 25569, z: "yyyy-mm-dd" };
  else sheet[place] = { t: { string: "s", number: "n", boolean: "b" }[typeof value], v: value };
}));
sheet["!ref"] = xlsx.utils.encode_range({ s: { r: 0, c: 0 }, e: { r: rows.length - 1, c: width - 1 } });
const book = { SheetNames: ["S"], Sheets: { S: sheet } };
for (const kind of ["xlsx", "xls", "ods"]) xlsx.writeFile(book, `${folder}/sheetjs-${number}.${kind}`);
const other = new exceljs.Workbook(), page = other.addWorksheet("S");
rows.forEach((row, r) => row.forEach((value, c) => {
  if (value === null) return;
  const cell = page.getCell(r + 1, c + 1);
  cell.value = day(value);
  if (value.day) cell.numFmt = "yyyy-mm-dd";
}));
other.xlsx.writeFile(`${folder}/exceljs-${number}.xlsx`);
