// The ground under every Leaflet map of this site: land, lakes, borders, provinces and town names, all from here.
const ATTRIBUTION =
  'Map: <a href="https://www.naturalearthdata.com/">Natural Earth</a>, towns: ' +
  '<a href="https://www.geonames.org/">GeoNames</a> (<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>)';
const get = (name) => fetch(new URL(name, import.meta.url)).then((answer) => answer.json());
const [shapes, towns] = [get("land.json"), get("towns.json")];
const dark = matchMedia("(prefers-color-scheme: dark)");

// Drawn in this order; each names the colours of basemap.css that it takes.
const LAYERS = {
  land: { fill: "land", line: "shore", weight: 0.7 },
  provinces: { line: "province", weight: 1 },
  lakes: { fill: "sea", line: "shore", weight: 0.7 },
  borders: { line: "border", weight: 1.1 },
};
// Thousands of inhabitants that a town needs to be named, by zoom; the last holds for all closer ones.
const SMALLEST = [9000, 9000, 9000, 4000, 1500, 700, 300, 150, 70, 30];
const MOST_NAMES = 60;

/** Draws the ground into a map as soon as it has been fetched. */
export function addBasemap(map) {
  map.getContainer().classList.add("basemap");
  map.attributionControl.setPrefix("").addAttribution(ATTRIBUTION);
  addPane(map, "ground", 150);
  addPane(map, "names", 250);
  shapes.then((geometries) => drawShapes(map, geometries));
  towns.then((list) => nameTowns(map, list));
}

function addPane(map, name, depth) {
  const pane = map.createPane(name);
  pane.style.zIndex = depth;
  pane.style.pointerEvents = "none";
  pane.setAttribute("aria-hidden", "true");
}

function drawShapes(map, geometries) {
  const renderer = L.canvas({ pane: "ground", padding: 0.5 });
  const drawn = Object.entries(LAYERS).map(([name, look]) => {
    const layer = L.geoJSON(geometries[name], { renderer, pane: "ground", interactive: false });
    return [layer.addTo(map), look];
  });
  const paint = () => drawn.forEach(([layer, look]) => layer.setStyle(readStyle(map, look)));
  paint();
  dark.addEventListener("change", paint);
  map.on("unload", () => dark.removeEventListener("change", paint));
}

function readStyle(map, { fill, line, weight }) {
  const colours = getComputedStyle(map.getContainer());
  const colour = (name) => colours.getPropertyValue(`--${name}`).trim();
  return { weight, color: colour(line), fill: Boolean(fill), fillColor: fill && colour(fill), fillOpacity: 1 };
}

function nameTowns(map, list) {
  const group = L.layerGroup().addTo(map);
  const draw = () => {
    group.clearLayers();
    for (const { name, place, shift } of chooseTowns(map, list)) {
      const text = document.createElement("span");
      text.textContent = name;
      text.style.left = `${shift}px`;
      const icon = L.divIcon({ html: text, className: "basemap-town", iconSize: [0, 0] });
      group.addLayer(L.marker(place, { icon, pane: "names", interactive: false, keyboard: false }));
    }
  };
  let soon;
  map.whenReady(draw);
  map.on("moveend", draw);
  map.on("layeradd layerremove", ({ layer }) => {
    if (layer.options?.pane !== "markerPane") return;
    clearTimeout(soon);
    soon = setTimeout(draw, 250); // once clusters have stopped moving: names make room for them
  });
}

/** Returns the largest towns in view whose names run neither into one another nor under a marker. */
function chooseTowns(map, list) {
  const bounds = map.getBounds();
  const smallest = SMALLEST[Math.min(Math.floor(map.getZoom()), SMALLEST.length - 1)];
  const markers = findMarkers(map);
  const taken = markers.map((marker) => marker.box);
  const chosen = [];
  for (const [name, latitude, longitude, thousands] of list) {
    const place = L.latLng(latitude, longitude);
    if (!bounds.contains(place)) continue;
    const point = map.latLngToContainerPoint(place);
    const marker = markers.find(({ box }) => box.contains(point));
    if (marker && (marker.named || !marker.stands(place))) continue;
    if (!marker?.single && (thousands < smallest || chosen.length >= MOST_NAMES)) continue; // a dot's own town is named
    const left = marker ? marker.box.max.x + 3 : point.x + 8;
    const box = L.bounds([left, point.y - 7], [left + name.length * 7, point.y + 7]);
    if (taken.some((other) => other.intersects(box))) continue;
    taken.push(box);
    if (marker) marker.named = true;
    chosen.push({ name, place, shift: left - point.x });
  }
  return chosen;
}

/** Returns what markers cover, in pixels of the map, and whose town is theirs: a number stands for its surroundings. */
function findMarkers(map) {
  const markers = [];
  map.eachLayer((layer) => {
    if (layer.options.pane !== "markerPane" || !layer.getElement?.()) return;
    const icon = layer.getElement();
    const reach = icon.offsetWidth / 2;
    const centre = map.layerPointToContainerPoint(L.DomUtil.getPosition(icon));
    const single = !(layer instanceof L.MarkerCluster);
    const stands = (place) => !single || layer.getLatLng().equals(place, 0.002); // degrees; both come from GeoNames
    markers.push({ single, stands, box: L.bounds(centre.subtract([reach, reach]), centre.add([reach, reach])) });
  });
  return markers;
}
