// One map with its ground, its dots and its legend; map.js says when.
//
// Leaflet and its clusters are those of datasette-leaflet and datasette-cluster-map; both put themselves into window.L.
import "../../-/static-plugins/datasette-leaflet/leaflet-v1.7.1.js";
import "../../-/static-plugins/datasette-cluster-map/leaflet.markercluster.min.js";
import { addBasemap } from "./basemap.js";
import { addLegend, numberPlaces, serveKeyboard, showPlace } from "./places.js";
import { describeRow, make } from "./popup.js";
import { servePrint } from "./print.js";
import { fetchRows } from "./rows.js";
import { findSeam, hasPlace, tellMissing } from "./placed_rows.js";

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

/** Draws the map of an element: its rows, or what is to be said where there are none. */
export async function drawMap(box) {
  try {
    const found = await fetchRows(box);
    if (box.isConnected) drawRows(box, found); // in the archive a reader may have turned to something else
  } catch (error) {
    console.warn(error);
    box.replaceChildren(make("p", "map-note", FAILED));
  }
}

function drawRows(box, { rows, total }) {
  const placed = rows.filter(hasPlace);
  if (!placed.length) {
    box.replaceChildren(make("p", "map-note", rows.length ? NO_PLACE : NO_ROWS));
    return;
  }
  const ground = make("div");
  box.replaceChildren(ground);
  const map = L.map(ground);
  const group = L.markerClusterGroup();
  const seam = findSeam(placed.map(({ longitude }) => longitude));
  const shown = placed.map(({ latitude, longitude }) => [latitude, longitude < seam ? longitude + 360 : longitude]);
  addBasemap(map, shown.some(([, longitude]) => longitude > 180) ? [0, 360] : [0]);
  addLegend(map);
  serveKeyboard(map, group);
  servePrint(map);
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  group.addLayers(placed.map((row, i) => showPlace(L.marker(shown[i]), describeRow(row))));
  map.fitBounds(group.getBounds(), { maxZoom: Number(box.dataset.mapZoom ?? 8), padding: [20, 20] });
  map.addLayer(group);
  const missing = tellMissing(placed.length, rows.length, total);
  if (missing) box.after(make("p", "map-note", missing));
}
