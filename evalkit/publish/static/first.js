/* The first page leads on to the browser's own language, where the folder has it. */
(() => {
  "use strict";
  const offered = [...document.querySelectorAll("a[hreflang]")];
  const wanted = (navigator.languages || []).map((one) => one.slice(0, 2).toLowerCase());
  const found = wanted.map((one) => offered.find((link) => link.hreflang === one)).find(Boolean);
  if (found && !/(^#|[?&])stay/.test(location.hash + location.search)) location.replace(found.href);
})();
