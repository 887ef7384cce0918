// A printed map is as wide as the paper, shows what the reader last looked at, and is of light colours.
const [WIDTH, HEIGHT] = [640, 400]; // pixels; within the margins of an upright A4 or Letter page

/** Lays a map out again for the paper while the browser prints. */
export function servePrint(map) {
  const box = map.getContainer();
  let seen = null;
  const lay = (width, height) => {
    box.classList.toggle("printing", width !== "");
    map.fire("recolour");
    Object.assign(box.style, { width, height });
    map.invalidateSize({ animate: false, pan: false });
  };
  addEventListener("beforeprint", () => {
    seen = { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom() };
    lay(`${WIDTH}px`, `${HEIGHT}px`);
    map.fitBounds(seen.bounds, { animate: false });
  });
  addEventListener("afterprint", () => {
    lay("", "");
    if (seen) map.setView(seen.centre, seen.zoom, { animate: false });
  });
}
