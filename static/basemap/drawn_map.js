// One map with its ground, its dots and its legend; map.js says when.
//
// Leaflet and its clusters are those of datasette-leaflet and datasette-cluster-map; both put themselves into window.L.
import "../../-/static-plugins/datasette-leaflet/leaflet-v1.7.1.js";
import "../../-/static-plugins/datasette-cluster-map/leaflet.markercluster.min.js";
import { addBasemap } from "./basemap.js";
import { addLegend, numberPlaces, serveKeyboard, showPlace } from "./places.js";
import { describeRow, make } from "./popup.js";

const NO_ROWS = "There are no rows, so there is no map.";
const NO_PLACE = "No place is known for these rows, so there is no map.";
const FAILED = "The map could not be drawn: its data did not arrive.";
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

L.Map.mergeOptions({
  maxZoom: 10,
  zoomSnap: 0.25, // shapes are sharp at any zoom, and a narrow screen shows the world whole
  scrollWheelZoom: false, // a page must scroll past a map; a click on the map turns it on
  dragging: !L.Browser.mobile, // one finger scrolls the page, two move the map
  ...(still && { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false }),
});
L.MarkerClusterGroup.mergeOptions({
  maxClusterRadius: 50, // pixels
  iconCreateFunction: numberPlaces,
  showCoverageOnHover: false,
  animate: !still,
  spiderfyDistanceMultiplier: 1.4,
  spiderLegPolylineOptions: { weight: 1.5, color: "#777", opacity: 0.8 },
});
const { panBy } = L.Map.prototype;
if (still) L.Map.include({ panBy(offset, options) { return panBy.call(this, offset, { ...options, animate: false }); } });

/** Returns the address of this page's own rows, all of them and with every column; only a table's have labels. */
function nameOwnRows(hasLabels) {
  const address = new URL(`${location.pathname}.json${location.search}`, location.origin);
  for (const name of ["_next", "_col", "_nocol", "_size", "_facet", "_all"]) address.searchParams.delete(name);
  const wanted = { _shape: "array", _size: "max", _nofacet: "1", _nocount: "1" };
  if (hasLabels) Object.assign(wanted, { _labels: "on", _nosuggest: "1" });
  for (const [name, value] of Object.entries(wanted)) address.searchParams.set(name, value);
  return address;
}

/** Draws the map of an element: its rows, or what is to be said where there are none. */
export async function drawMap(box) {
  try {
    const answer = await fetch(box.dataset.mapSrc || nameOwnRows("mapLabels" in box.dataset));
    if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
    drawRows(box, await answer.json());
  } catch (error) {
    console.warn(error);
    box.replaceChildren(make("p", "map-note", FAILED));
  }
}

const isWithin = (degrees, limit) => typeof degrees === "number" && Math.abs(degrees) <= limit;

function drawRows(box, rows) {
  const placed = rows.filter(({ latitude, longitude }) => isWithin(latitude, 90) && isWithin(longitude, 180));
  if (!placed.length) {
    box.replaceChildren(make("p", "map-note", rows.length ? NO_PLACE : NO_ROWS));
    return;
  }
  const ground = make("div");
  box.replaceChildren(ground);
  const map = L.map(ground);
  const group = L.markerClusterGroup();
  addBasemap(map);
  addLegend(map);
  serveKeyboard(map, group);
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  group.addLayers(placed.map((row) => showPlace(L.marker([row.latitude, row.longitude]), describeRow(row))));
  map.fitBounds(group.getBounds(), { maxZoom: Number(box.dataset.mapZoom ?? 8), padding: [20, 20] });
  map.addLayer(group);
  const missing = rows.length - placed.length;
  if (missing) box.after(make("p", "map-note", `${missing} of the ${rows.length} rows have no known place and are not on the map.`));
}
