// The values that an address asks for of one column, as service/facet_values.py has them.
const PLACE = ["_next"];

/** Returns the values of a filter __in or __notin. */
export const splitValues = (text) => (text.startsWith("[") ? JSON.parse(text).map(String) : text.split(",").map((value) => value.trim()));

/** Returns values as one text that is read as these again. */
export function joinValues(values) {
  const isPlain = values.every((value) => value && value === value.trim() && !value.includes(","));
  return isPlain && !values[0].startsWith("[") ? values.join(",") : `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
}

const nameFilters = (column) => [...(column.startsWith("_") ? [] : [column]), ...["exact", "in", "isblank"].map((test) => `${column}__${test}`)];

/** Returns whether a pair chooses values of a column. */
export const isOf = (column) => ([name]) => nameFilters(column).includes(name);

/** Returns the pairs that ask for these values. */
export function chooseValues(column, values) {
  if (values.length > 1) return [[`${column}__in`, joinValues(values)]];
  return values.map((value) => [column.startsWith("_") ? `${column}__exact` : column, value]);
}

/** Returns the values that an address chooses of a column: those in all of its filters. */
export function chosenValues(pairs, column) {
  const asked = pairs.filter((pair) => isOf(column)(pair) && pair[0] !== `${column}__isblank`).map(([name, value]) => (name === `${column}__in` ? splitValues(value) : [value]));
  return asked.length ? [...new Set(asked[0])].filter((value) => asked.every((one) => one.includes(value))) : [];
}

/** Returns the pairs without those that choose values of a column, from the first page on. */
export const withoutColumn = (pairs, column) => pairs.filter((pair) => !isOf(column)(pair) && !PLACE.includes(pair[0]));

/** Returns the pairs with a value chosen too, or without it where it was. */
export function toggleValue(pairs, column, value) {
  const chosen = chosenValues(pairs, column);
  const kept = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
  return [...withoutColumn(pairs, column), ...chooseValues(column, kept)];
}

/** Returns the pairs that choose the cells without a value alone, or without that choice. */
export function toggleEmpty(pairs, column) {
  const isAsked = pairs.some(([name, value]) => name === `${column}__isblank` && value === "1");
  return [...withoutColumn(pairs, column), ...(isAsked ? [] : [[`${column}__isblank`, "1"]])];
}
