// The names of towns on the ground of a map, the largest first, where there is room for them.

// Thousands of inhabitants that a town needs to be named, by zoom; the last holds for all closer ones.
const SMALLEST = [9000, 9000, 9000, 4000, 1500, 700, 300, 150, 70, 30];
const MOST_NAMES = 60;

/** Names the towns of a list of [name, latitude, longitude, thousands], again whenever the map has moved. */
export function nameTowns(map, list) {
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
