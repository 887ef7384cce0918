// Which charts fit a result: chosen from what its columns hold.
const DATE = /^\d{4}(-\d\d(-\d\d)?)?$/;
const ENDS = [["min", "max"], ["minimum", "maximum"], ["low", "high"], ["lowest", "highest"], ["at_least", "at_most"]];
const SAID = { bar: "Bars", line: "Line", scatter: "Scatter", interval: "Intervals" };

/** Returns each column's kind: number, date (all of one precision), text, or empty. */
export function describeColumns({ columns, rows }) {
  return columns.map((name, place) => {
    const values = rows.map((row) => row[place]).filter((value) => value !== null && value !== "");
    return { name, place, kind: kindOf(name, values), distinct: new Set(values).size };
  });
}

function kindOf(name, values) {
  if (!values.length) return "empty";
  if (values.every((value) => typeof value === "number")) {
    return /^year$/i.test(name) && values.every((value) => Number.isInteger(value) && value > 999 && value < 10000) ? "date" : "number";
  }
  const isDate = values.every((value) => DATE.test(value) && String(value).length === String(values[0]).length);
  return isDate ? "date" : "text";
}

/** Returns the charts that fit, the likeliest first: {kind, label, x, y, high, said}, columns by their place. */
export function chooseCharts(result) {
  const columns = describeColumns(result);
  const [numbers, dates, texts] = ["number", "date", "text"].map((kind) => columns.filter((each) => each.kind === kind));
  const label = texts[0] ?? dates[0];
  const pairs = findPairs(columns);
  const inPair = new Set(pairs.flat());
  const measures = numbers.filter(({ name }) => !/^(id|no|row|sort|latitude|longitude|place)$/.test(name));
  const alone = measures.filter((each) => !inPair.has(each));
  const times = dates.filter(({ distinct }) => distinct === result.rows.length && distinct > 1);
  const charts = [
    ...pairs.flatMap(([low, high]) => (label ? [{ kind: "interval", label, y: low, high }] : [])),
    ...times.flatMap((x) => alone.map((y) => ({ kind: "line", label, x, y }))),
    ...alone.flatMap((y) => (label ? [{ kind: "bar", label, y }] : [])),
    ...measures.flatMap((x, place) => measures.slice(place + 1).map((y) => ({ kind: "scatter", label, x, y }))),
  ];
  return charts.slice(0, 12).map((chart) => ({ ...chart, said: say(chart) }));
}

function findPairs(columns) {
  const numbers = columns.filter(({ kind }) => kind === "number" || kind === "empty");
  return numbers.flatMap((low) => ENDS.flatMap(([least, most]) => {
    if (low.name !== least && !low.name.endsWith(`_${least}`)) return [];
    const high = numbers.find(({ name }) => name === low.name.slice(0, -least.length) + most);
    return high ? [[low, high]] : [];
  }));
}

function say({ kind, label, x, y, high }) {
  const what = { bar: `${y.name} by ${label?.name}`, line: `${y.name} over ${x?.name}`, scatter: `${y.name} against ${x?.name}` };
  return `${SAID[kind]}: ${kind === "interval" ? `${y.name} to ${high.name} by ${label.name}` : what[kind]}`;
}
