// The ground under every Leaflet map of this site: land, lakes, borders, provinces and town names, all from here.
//
// Leaflet draws the shapes, as it draws any GeoJSON; their colours are those of basemap.css.
import { nameTowns } from "./towns.js";

const ATTRIBUTION =
  'Map: <a href="https://www.naturalearthdata.com/">Natural Earth</a>, towns: ' +
  '<a href="https://www.geonames.org/">GeoNames</a> (<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>)';
const get = (name) => fetch(new URL(name, import.meta.url)).then((answer) => answer.json());
const [shapes, towns] = [get("land.json"), get("towns.json")];
const LOOKS = {
  land: { fillColor: "land", color: "shore", weight: 0.7 },
  provinces: { color: "province", weight: 1 },
  lakes: { fillColor: "sea", color: "shore", weight: 0.7 },
  borders: { color: "border", weight: 1.1 },
};
const SCHEMES = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => matchMedia(query));
const PAUSE_AFTER = 8; // milliseconds of work

/** Draws the ground into a map as soon as it has been fetched, once for each shift (in degrees to the east). */
export function addBasemap(map, shifts) {
  map.getContainer().classList.add("basemap");
  map.attributionControl.setPrefix("").addAttribution(ATTRIBUTION);
  addPane(map, "ground", 150);
  addPane(map, "names", 250);
  shapes.then(({ features }) => drawShapes(map, features, shifts));
  towns.then((list) => nameTowns(map, shifts.flatMap((shift) => list.map(([name, ...rest]) => shiftTown(name, rest, shift)))));
}

function shiftTown(name, [latitude, longitude, thousands], shift) {
  return [name, latitude, longitude + shift, thousands];
}

function addPane(map, name, depth) {
  const pane = map.createPane(name);
  pane.style.zIndex = depth;
  pane.style.pointerEvents = "none";
  pane.setAttribute("aria-hidden", "true");
}

/** Adds the shapes one by one, pausing so that the page stays quick to answer. */
async function drawShapes(map, features, shifts) {
  const renderer = L.canvas({ pane: "ground", padding: 0.5 });
  const drawn = [];
  recolour(map, drawn);
  let began = performance.now();
  for (const feature of features) {
    for (const shift of shifts) drawn.push(addShape(map, renderer, feature, shift));
    if (performance.now() - began < PAUSE_AFTER) continue;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  }
}

function addShape(map, renderer, feature, shift) {
  const coordsToLatLng = ([longitude, latitude]) => L.latLng(latitude, longitude + shift);
  const style = () => readStyle(map, feature);
  return L.geoJSON(feature, { renderer, style, coordsToLatLng, interactive: false }).addTo(map);
}

function readStyle(map, { properties }) {
  const { fillColor, color, weight } = LOOKS[properties.layer];
  const colours = getComputedStyle(map.getContainer());
  const read = (name) => colours.getPropertyValue(`--${name}`).trim();
  return { color: read(color), weight, fillOpacity: 1, ...(fillColor && { fillColor: read(fillColor) }) };
}

/** Gives what is drawn the colours of the moment, whenever these change: the map says so itself ("recolour") for paper. */
function recolour(map, drawn) {
  const paint = () => drawn.forEach((layer) => layer.setStyle(layer.options.style));
  map.on("recolour", paint);
  for (const scheme of SCHEMES) scheme.addEventListener("change", paint);
}
