// Goes from / to the page in the first of the browser's languages that there
// is one for. The links in the page say the same without a script.
"use strict";

(() => {
  const offered = [...document.querySelectorAll("a[hreflang]")];
  const wanted = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
  const lang = wanted.find((w) => offered.some((a) => a.hreflang === w)) ?? offered[0].hreflang;
  location.replace(offered.find((a) => a.hreflang === lang).href + location.search + location.hash);
})();
