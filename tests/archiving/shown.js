// What a reader meets on a page, element by element, with the site's own addresses: (isCopy) => list of lines.
async (isCopy) => {
  const root = document.documentElement.dataset.root;
  const toSite = isCopy ? (await import(`${root}copy/addresses.js`)).toSite : (href) => (href.startsWith(location.origin) ? href.slice(location.origin.length) : null);
  const left = "noscript, #copy-state, .map, .map *, dl.columns *, a[href*='/charts'], #content > p.no-print, #content > p.no-print *, .embed-panel, .embed-panel *, #compare, #compare *, [form=compare]";
  const link = (one) => (one.href && !one.getAttribute("href").startsWith("#") ? toSite(one.href) : "");
  const words = (one) => [...one.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ textContent }) => textContent.trim());
  const say = (one) => [one.tagName, one.className, link(one), one.getAttribute("aria-sort"), one.value ?? "", words(one).join("").replaceAll("·", "")].join(" ");
  return [...document.querySelectorAll("#content *")].filter((one) => !one.matches(left)).map(say);
}
