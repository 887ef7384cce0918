// The chart of a result with the choice among those that fit.
import { drawChart } from "./chart.js";
import { chooseCharts } from "./chart_kinds.js";
import { make } from "./elements.js";

const NO_CHART = "No chart fits these columns. A chart takes a column of numbers, and one of texts or dates to name them.";

/** Draws the likeliest chart of a result into an element, or says why there is none. */
export function drawPicture(picture, result) {
  const charts = chooseCharts(result);
  if (!charts.length) {
    picture.replaceChildren(make("p", {}, NO_CHART));
    return;
  }
  const choice = make("select", {}, ...charts.map(({ said }, place) => make("option", { value: place }, said)));
  const drawn = make("div", { role: "group", "aria-label": "Chart" });
  const note = make("p", { className: "muted" });
  const draw = () => {
    const { svg, note: said } = drawChart(charts[choice.value], result, Math.min(Math.max(picture.clientWidth, 280), 900));
    drawn.innerHTML = svg;
    note.textContent = said;
  };
  choice.addEventListener("change", draw);
  picture.replaceChildren(make("label", {}, "Chart ", choice), drawn, note);
  draw();
}
