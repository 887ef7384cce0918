// From numbers to places on a chart.

/** Returns round marks from at most the lowest to at least the highest number, about `count` of them. */
export function roundMarks(low, high, count = 5) {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => span / each <= count);
  const first = Math.floor(low / step);
  const marks = Array.from({ length: Math.ceil(high / step - 1e-9) - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
  return marks.length > 1 ? marks : [marks[0], marks[0] + step];
}

/** Returns {place, marks, isLog}: a number's share (0 to 1) of a linear scale that holds all these and zero where near. */
export function scaleLinear(numbers, { withZero = false } = {}) {
  const low = Math.min(...numbers, ...(withZero ? [0] : []));
  const high = Math.max(...numbers, ...(withZero ? [0] : []));
  const marks = roundMarks(low, high);
  const [start, end] = [marks[0], marks.at(-1)];
  return { place: (number) => (number - start) / (end - start), marks, isLog: false };
}

/** Returns the same on a log scale from 1, where numbers below 1 stand at its start. */
export function scaleLog(numbers) {
  const top = Math.max(1, Math.floor(Math.log10(Math.max(...numbers))) + 1);
  const marks = Array.from({ length: top + 1 }, (_, power) => 10 ** power);
  return { place: (number) => Math.log10(Math.max(number, 1)) / top, marks, isLog: true };
}

/** Returns a date of any precision as years with a fraction. */
export function toYears(date) {
  const [year, month = 1, day = 1] = String(date).split("-").map(Number);
  return year + (month - 1) / 12 + (day - 1) / 372;
}
