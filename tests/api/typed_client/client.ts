// Lists, filters and reads agencies with types made from /openapi.json; prints what it found as JSON.
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const [baseUrl, key] = process.argv.slice(2) as [string, string];
// The description says so of `filters` (style: form, explode: true), but openapi-fetch does not read it as it runs.
const querySerializer = { object: { style: "form", explode: true } } as const;
const client = createClient<paths>({ baseUrl, querySerializer });

const list = await client.GET("/clearview/agencies.json", {
  params: { query: { _shape: "objects", _size: 1000 } },
});
if (!list.data || Array.isArray(list.data)) throw new Error("no page of agencies");
const all: string[] = list.data.rows.map((agency) => agency.id).sort();

const filtered = await client.GET("/clearview/agencies.json", {
  params: { query: { _shape: "array", _size: 1000, filters: { country: "CA" } } },
});
if (!Array.isArray(filtered.data)) throw new Error("no list of agencies");
const canada: string[] = filtered.data.map((agency) => agency.id).sort();

const read = await client.GET("/clearview/agencies/{key}.json", {
  params: { path: { key }, query: { _shape: "array" } },
});
if (!Array.isArray(read.data)) throw new Error("no agency");
const one: (string | number | null)[] = read.data.flatMap((agency) => [agency.name, agency.searches_min]);

console.log(JSON.stringify({ all, canada, one }));
