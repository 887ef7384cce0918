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
const MOST_NORTH = 85.0511287798; // degrees; the edge of the square that web maps show
const SMALLEST_STEP = 0.7; // pixels between two points of a line
const PAUSE_AFTER = 8; // milliseconds of work

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

/** Draws the shapes on one canvas, again whenever the map has moved; the canvas itself is Leaflet's. */
async function drawShapes(map, geometries) {
  const layers = [];
  for (const [name, look] of Object.entries(LAYERS)) {
    layers.push({ look, lines: await projectLines(geometries[name]) });
  }
  const canvas = L.canvas({ pane: "ground", padding: 0.5 });
  const paint = () => paintShapes(map, canvas, layers);
  canvas.on("update", paint);
  canvas.addTo(map);
  paint();
  dark.addEventListener("change", paint);
  map.on("unload", () => dark.removeEventListener("change", paint));
}

/** Returns each line of a geometry as pixels of zoom 0 with its bounds, pausing so that the page stays quick to answer. */
async function projectLines({ coordinates }) {
  const lines = [];
  let began = performance.now();
  const open = [coordinates];
  while (open.length) {
    const part = open.pop();
    if (typeof part[0][0] !== "number") {
      open.push(...part);
      continue;
    }
    lines.push(projectLine(part));
    if (performance.now() - began < PAUSE_AFTER) continue;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  }
  return lines;
}

function projectLine(places) {
  const xs = new Float64Array(places.length);
  const ys = new Float64Array(places.length);
  const bounds = L.bounds([]);
  places.forEach(([longitude, latitude], i) => {
    const sine = Math.sin((Math.max(-MOST_NORTH, Math.min(MOST_NORTH, latitude)) * Math.PI) / 180);
    xs[i] = 256 * (longitude / 360 + 0.5);
    ys[i] = 256 * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI));
  });
  bounds.extend([Math.min(...xs), Math.min(...ys)]).extend([Math.max(...xs), Math.max(...ys)]);
  return { xs, ys, bounds };
}

function paintShapes(map, canvas, layers) {
  const { _ctx: ink, _bounds: view } = canvas;
  const scale = map.getZoomScale(map.getZoom(), 0);
  const origin = map.getPixelOrigin();
  const inView = ({ min, max }) =>
    view.intersects(L.bounds(min.multiplyBy(scale).subtract(origin), max.multiplyBy(scale).subtract(origin)));
  const size = view.getSize();
  ink.clearRect(view.min.x, view.min.y, size.x, size.y);
  for (const { look, lines } of layers) {
    const { fill, line, weight } = readColours(map, look);
    ink.beginPath();
    for (const shape of lines) if (inView(shape.bounds)) trace(ink, shape, scale, origin);
    if (fill) {
      ink.fillStyle = fill;
      ink.fill("evenodd");
    }
    ink.strokeStyle = line;
    ink.lineWidth = weight;
    ink.lineJoin = "round";
    ink.stroke();
  }
}

/** Adds a line to the path, without the points that a pixel swallows. */
function trace(ink, { xs, ys }, scale, origin) {
  const last = xs.length - 1;
  let [x, y] = [xs[0] * scale - origin.x, ys[0] * scale - origin.y];
  ink.moveTo(x, y);
  for (let i = 1; i <= last; i += 1) {
    const [toX, toY] = [xs[i] * scale - origin.x, ys[i] * scale - origin.y];
    if (i < last && Math.abs(toX - x) < SMALLEST_STEP && Math.abs(toY - y) < SMALLEST_STEP) continue;
    [x, y] = [toX, toY];
    ink.lineTo(x, y);
  }
}

function readColours(map, { fill, line, weight }) {
  const colours = getComputedStyle(map.getContainer());
  const colour = (name) => name && colours.getPropertyValue(`--${name}`).trim();
  return { weight, line: colour(line), fill: colour(fill) };
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
