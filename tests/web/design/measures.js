// Reads colours as the screen shows them: a canvas turns any colour, color-mix and oklch included, into bytes.
(() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const COLOURS = /(?:oklch|oklab|lch|lab|rgba?|hsla?|color|color-mix)\((?:[^()]|\([^()]*\))*\)|#[0-9a-f]{3,8}\b/gi;

  const bytes = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = "rgba(0,0,0,0)";
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, two) => {
    const [low, high] = [light(one), light(two)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  // Every ground that may lie under an element: a gradient counts with each of its colours.
  const grounds = (element) => {
    const chain = [];
    for (let at = element; at; at = at.parentElement) chain.unshift(at);
    let found = [[...bytes("Canvas").slice(0, 3), 1]];
    for (const at of chain) {
      const style = getComputedStyle(at);
      found = found.map((under) => over(bytes(style.backgroundColor), under));
      const colours = at.matches(".select") ? [] : style.backgroundImage.match(COLOURS) || [];
      if (colours.length) found = colours.flatMap((colour) => found.map((under) => over(bytes(colour), under)));
      found = found.filter((a, i) => found.findIndex((b) => contrast(a, b) < 1.001) === i);
    }
    return found;
  };
  const shown = (element) => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })
    && !element.closest(".visually-hidden, .skip, [hidden], title, desc, script, style");
  const name = (element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") || ""}`;

  window.faintWords = () => {
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let seen = 0;
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !shown(element)) continue;
      const style = getComputedStyle(element);
      const svg = element instanceof SVGElement;
      const size = parseFloat(style.fontSize);
      const asked = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      for (const ground of grounds(element)) {
        const ink = over(bytes(svg ? style.fill : style.color), ground);
        const reached = contrast(ink, ground);
        seen += 1;
        if (reached < asked) faint.push(`${name(element)} "${walker.currentNode.data.trim().slice(0, 30)}": ${reached.toFixed(2)}`);
      }
    }
    return { faint: [...new Set(faint)], seen };
  };

  window.faintEdges = () => {
    const faint = [];
    const look = (selector, property) => document.querySelectorAll(selector).forEach((element) => {
      if (!shown(element)) return;
      for (const ground of grounds(element.parentElement)) {
        const reached = contrast(over(bytes(getComputedStyle(element)[property]), ground), ground);
        if (reached < 3) faint.push(`${name(element)} ${property}: ${reached.toFixed(2)}`);
      }
    });
    look(".control, .choice", "borderTopColor");
    look(".chart-line, .spark-line, .ring-part[data-state=met]", "stroke");
    look(".chart-end", "fill");
    look(".gate-mark, .action-icon, .button > .icon, .nav-link > .icon", "color");
    return [...new Set(faint)];
  };

  window.smallTargets = () => [...document.querySelectorAll("a[href], button, summary, input, select, textarea")]
    .filter((element) => shown(element) && !element.closest("p, li.matter, .timeline, .gate-label, .action-title, figcaption, th, td, h2"))
    .map((element) => [element.closest("label.choice") || element, element])
    .filter(([box]) => { const { width, height } = box.getBoundingClientRect(); return width && (width < 24 || height < 24); })
    .map(([, element]) => `${name(element)} "${element.textContent.trim().slice(0, 20)}"`);

  // What sticks out of the page to the right, or out of its own card.
  window.overflowing = () => {
    const page = document.documentElement;
    const found = page.scrollWidth > page.clientWidth + 1 ? [`page: ${page.scrollWidth} > ${page.clientWidth}`] : [];
    for (const card of document.querySelectorAll(".card, .plain-box, .bar, .side, .tabs")) {
      if (!shown(card)) continue;
      const right = card.getBoundingClientRect().right;
      for (const element of card.querySelectorAll("*")) {
        const box = element.getBoundingClientRect();
        if (shown(element) && box.width > 1 && box.right > right + 1 && !element.closest(".menu")) found.push(`${name(card)} > ${name(element)} by ${Math.round(box.right - right)}`);
      }
    }
    return [...new Set(found)];
  };
})();
