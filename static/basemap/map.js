// Draws a map into each element that asks for one:
//
//    <link rel="stylesheet" href="/static/basemap/basemap.css">
//    <script type="module" src="/static/basemap/map.js"></script>
//    <div class="map" role="region" aria-label="Map of the agencies in Canada" data-map-zoom="6"
//         data-map-src="/DATABASE/agencies.json?country=CA&amp;_labels=on&amp;_shape=array&amp;_size=max">
//      <p>The map needs JavaScript.</p></div>
//
//    data-map-src   rows as Datasette's JSON with latitude, longitude and what popup.js reads (_labels=on gives it words);
//                   empty: the rows of this page, a table or a query, with all its filters
//    data-map-zoom  the closest zoom the map opens at, from 1 (world) to 10 (town); 8 if not given
//    What the element holds is shown until the map is drawn; its height (class map, map-small) is the map's.
//
// A map is fetched and drawn when the reader comes near it, on a phone when it is well in view: what it takes would
// otherwise delay the page.
const narrow = matchMedia("(max-width: 40rem)").matches;
const near = new IntersectionObserver(
  (seen) => seen.filter((one) => one.isIntersecting).forEach((one) => begin(one.target)),
  { rootMargin: narrow ? "0px 0px -35%" : "100px 0px" },
);

async function begin(box) {
  near.unobserve(box);
  const { drawMap } = await import("./drawn_map.js");
  await drawMap(box);
}

/** Draws each map within an element as the reader comes near it. */
export function watchMaps(element) {
  for (const box of element.querySelectorAll("[data-map-src]")) {
    box.querySelector("p")?.replaceChildren("The map is drawn as you come to it; then it is printed, too.");
    near.observe(box);
  }
}

watchMaps(document);
