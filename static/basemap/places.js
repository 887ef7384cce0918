// The markers: dots and numbers that keyboards reach and screen readers name, and what they open.
import { drawPopup, make } from "./popup.js";

const PlaceIcon = L.DivIcon.extend({
  createIcon(old) {
    const element = L.DivIcon.prototype.createIcon.call(this, old);
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", this.options.label);
    element.title = this.options.label;
    return element;
  },
});

/** Makes the marker a dot that opens what popup.js says of its place; returns the marker. */
export function showPlace(marker, place) {
  const name = place.title || place.facts[0]?.[1] || "Place";
  const className = place.status ? "place place-unused" : "place";
  const label = place.status ? `${name} (${place.status})` : name;
  marker.setIcon(new PlaceIcon({ className, iconSize: [24, 24], label }));
  return marker.bindPopup(() => drawPopup(place), { maxWidth: 300, minWidth: 180 });
}

/** Returns the icon of several markers: their number, with the first of their names. */
export function numberPlaces(cluster) {
  const names = cluster.getAllChildMarkers().map((marker) => marker.options.icon.options.label);
  const label = `${names.length} places: ${names.slice(0, 4).join(", ")}${names.length > 4 ? ", …" : ""}`;
  return new PlaceIcon({ html: String(names.length), className: "place-cluster", iconSize: [32, 32], label });
}

/** Says what a hollow dot means as soon as there is one to see. */
export function addLegend(map) {
  const legend = L.control({ position: "bottomleft" });
  legend.onAdd = () => {
    const box = make("div", "map-legend");
    box.append(explain("place", "use reported"), explain("place place-unused", "no use reported, or claimed by the vendor only"));
    return box;
  };
  const show = ({ layer }) => {
    if (!layer.getElement?.()?.matches(".place-unused")) return;
    map.off("layeradd", show);
    legend.addTo(map);
  };
  map.on("layeradd", show);
}

function explain(className, text) {
  const entry = make("span");
  entry.append(make("i", className), text);
  return entry;
}

/** Lets keyboards follow: into an opened popup and out of it, to markers spread from one town or near the edge. */
export function serveKeyboard(map, group) {
  const box = map.getContainer();
  map.on("popupopen", ({ popup }) => popup.getElement().querySelector("a[href]")?.focus({ preventScroll: true }));
  group.on("popupclose", ({ popup, layer }) => takeFocus(layer, popup.getElement()));
  group.on("clusterkeypress", ({ layer, originalEvent }) => {
    if (originalEvent.key === "Enter") group.fire("click", { layer, originalEvent }); // a group says clusterclick itself
  });
  group.on("spiderfied", ({ markers }) => takeFocus(markers[0], box));
  box.addEventListener("keydown", ({ key }) => key === "Escape" && map.closePopup());
  box.addEventListener("focusin", ({ target }) => {
    if (!target.matches(".leaflet-marker-icon:focus-visible")) return;
    map.panInside(map.layerPointToLatLng(L.DomUtil.getPosition(target)), { padding: [40, 40] });
  });
}

// Only where the focus would be lost with the element it was in: whoever has gone elsewhere stays there.
function takeFocus(marker, from) {
  requestAnimationFrame(() => {
    const active = document.activeElement;
    if (active === document.body || active === from || (from.matches(".leaflet-popup") && from.contains(active))) {
      marker.getElement()?.focus({ preventScroll: true });
    }
  });
}
