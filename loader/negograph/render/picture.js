/* Makes the pictures of networks that negograph draws answer: dragging and arrow keys pan; the wheel, + and - zoom, 0 shows all;
   pointing shows what is joined; a click or Enter chooses, Escape lets go. Text keeps its size while zooming.

   Every svg.negograph-picture.interactive of the page answers, also one that comes later. A choice is told by an event
   "negograph-select" of the svg, which bubbles; its detail is {kind: "node", key}, {kind: "edge", start, end, type, facts}, or
   null. An event "negograph-zoom" that is sent to the svg zooms by its detail, a factor; by 0 it shows all. */
(() => {
  const pictures = new WeakMap();
  const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
  const SHIFTS = [[0, 0]], BESIDE = [[0, 0], [0, -0.6], [0, 0.6], [-0.58, 0], [0.58, 0]];
  const MARGIN = 1.5, NAMES_FROM = 1.5;

  function pictureOf(target) {
    const svg = target.closest?.("svg.negograph-picture.interactive");
    if (svg && !pictures.has(svg)) pictures.set(svg, read(svg));
    return pictures.get(svg);
  }

  function read(svg) {
    const all = (selector) => [...svg.querySelectorAll(selector)];
    const names = all(".name"), labels = all(".labels > .label"), parts = new Map(), byKey = new Map();
    const nodes = all(".node").map((element, index) => {
      const { e: x, f: y } = element.transform.baseVal[0].matrix, [width, height] = element.dataset.room.split(" ").map(Number);
      const node = { element, x, y, width, height, name: names[index], joined: new Set([element]), room: names[index]?.dataset.room };
      parts.set(element, node);
      byKey.set(element.dataset.key, node);
      return node;
    });
    const edges = all(".edge").map((element, index) => {
      const from = byKey.get(element.dataset.start), to = byKey.get(element.dataset.end), label = labels[index];
      const edge = { element, from, to, label, bend: +element.dataset.bend, head: +element.dataset.head, captions: [...label.children] };
      edge.must = element.classList.contains("alleged"); // it is not shown without whose word it is, or a mark
      edge.joined = new Set([element, from.element, to.element]);
      for (const [one, other] of [[from, to], [to, from]]) one.joined.add(element).add(other.element);
      parts.set(element, edge);
      return edge;
    });
    const size = [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height];
    const picture = { svg, view: svg.querySelector(".view"), nodes, edges, parts, size, zoom: 1, drawn: 1, x: 0, y: 0, at: [0, 0], crowded: names.length > 0 };
    for (const edge of edges) edge.way = way(edge, 1);
    return picture;
  }

  /* The same ways from box to box as negograph.render.placing works out. */
  function at([a, b, c], share) {
    const rest = 1 - share, p = rest * rest, q = 2 * rest * share, r = share * share;
    return [p * a[0] + q * b[0] + r * c[0], p * a[1] + q * b[1] + r * c[1]];
  }

  function leaving(curve, box) {
    let low = 0, high = 0.5;
    for (let step = 0; step < 12; step++) {
      const middle = (low + high) / 2, [x, y] = at(curve, middle);
      const inside = Math.abs(x - curve[0][0]) < box.width / 2 + MARGIN && Math.abs(y - curve[0][1]) < box.height / 2 + MARGIN;
      if (inside) low = middle;
      else high = middle;
    }
    return high;
  }

  function way({ from, to, bend, head }, zoom) {
    const start = [from.x * zoom, from.y * zoom], end = [to.x * zoom, to.y * zoom];
    const across = end[0] - start[0], down = end[1] - start[1], length = Math.hypot(across, down);
    if (!length) {
      const [x, y] = [start[0], start[1] - from.height / 2], top = y - 2 * (14 + Math.abs(bend));
      return { curve: [[x - 6, y], [x, top], [x + 6, y]], tip: [x + 6, y] };
    }
    const far = 4 * bend * zoom; // as far off the boxes as before
    const control = [(start[0] + end[0] - (down / length) * far) / 2, (start[1] + end[1] + (across / length) * far) / 2];
    const curve = [start, control, end], first = leaving(curve, from);
    const last = Math.max(first, 1 - leaving([end, control, start], to));
    const begin = at(curve, first), tip = at(curve, last), one = (1 - first) * (1 - last), two = first * (1 - last) + last * (1 - first);
    const middle = [0, 1].map((i) => one * start[i] + two * control[i] + first * last * end[i]);
    const long = Math.hypot(tip[0] - middle[0], tip[1] - middle[1]) || 1;
    const back = Math.min(head, Math.hypot(tip[0] - begin[0], tip[1] - begin[1])) / long;
    return { curve: [begin, middle, [0, 1].map((i) => tip[i] - (tip[i] - middle[i]) * back)], tip };
  }

  const xy = ([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`;
  const move = (element, [x, y]) => element.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);

  function drawEdge(edge) {
    const [start, control, end] = edge.way.curve, path = `M${xy(start)}Q${xy(control)} ${xy(end)}`;
    for (const line of edge.element.querySelectorAll("path")) line.setAttribute("d", path);
    const arrow = edge.element.querySelector(".head");
    if (arrow) {
      const [x, y] = edge.way.tip, length = Math.hypot(x - end[0], y - end[1]) || 1, half = +arrow.dataset.width / 2 / length;
      const across = -(y - end[1]) * half, down = (x - end[0]) * half;
      arrow.setAttribute("points", [[x, y], [end[0] + across, end[1] + down], [end[0] - across, end[1] - down]].map(xy).join(" "));
    }
  }

  function redraw(picture) {
    const { nodes, edges, zoom } = picture;
    picture.drawn = zoom;
    for (const node of nodes) {
      move(node.element, [node.x * zoom, node.y * zoom]);
      if (node.name) move(node.name, [node.x * zoom, node.y * zoom]);
    }
    for (const edge of edges) {
      edge.way = way(edge, zoom);
      drawEdge(edge);
    }
    arrange(picture);
  }

  /* Shows the names and labels that cover no other, of what is pointed at if anything is; that itself is always named. */
  function arrange(picture) {
    const { nodes, edges, zoom, crowded, lit } = picture, taken = [];
    const box = ([x, y], width, height) => [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    const free = (a) => taken.every((b) => a[2] <= b[0] || a[0] >= b[2] || a[3] <= b[1] || a[1] >= b[3]);
    const important = (one, other) => (other === picture.pointed) - (one === picture.pointed) || other.joined.size - one.joined.size;
    for (const node of crowded ? [...nodes].sort(important) : nodes) {
      const [width, height] = (node.room ?? node.element.dataset.room).split(" ").map(Number);
      const spot = box([node.x * zoom, node.y * zoom], width, height), wanted = lit ? lit.has(node.element) : zoom >= NAMES_FROM;
      const shown = !crowded || node === picture.pointed || (wanted && free(spot));
      node.name?.classList.toggle("off", !shown);
      if (shown) taken.push(spot);
    }
    const first = (one, other) => (other === picture.pointed) - (one === picture.pointed) || other.must - one.must;
    for (const edge of [...edges].sort(first)) {
      const wanted = edge.captions.length && (lit ? lit.has(edge.element) : !crowded);
      let found = wanted && spotOf(edge, free, box);
      if (wanted && !found && edge === picture.pointed) found = { caption: edge.captions[0], middle: at(edge.way.curve, 0.5) };
      if (wanted && !found && edge.must) found = { caption: edge.captions.at(-1), middle: at(edge.way.curve, 0.5) };
      edge.label.classList.toggle("off", !found);
      if (!found) continue;
      for (const caption of edge.captions) caption.classList.toggle("off", caption !== found.caption);
      taken.push(box(found.middle, ...roomOf(found.caption)));
      move(edge.label, found.middle);
    }
  }

  const roomOf = (caption) => caption.dataset.room.split(" ").map(Number);

  /* The longest caption of a line that has room, and where. */
  function spotOf({ captions, way, must }, free, box) {
    for (const caption of captions) {
      const [width, height] = roomOf(caption);
      for (const [across, down] of must ? BESIDE : SHIFTS) {
        for (const share of SHARES) {
          const [x, y] = at(way.curve, share), middle = [x + across * width, y + down * height];
          if (free(box(middle, width, height))) return { caption, middle };
        }
      }
    }
    return undefined;
  }

  function soon(picture) {
    picture.frame ??= requestAnimationFrame(() => {
      picture.frame = undefined;
      if (picture.zoom !== picture.drawn && picture.crowded) return stretch(picture);
      if (picture.zoom !== picture.drawn) redraw(picture);
      picture.view.style.transform = `translate(${picture.x}px, ${picture.y}px)`;
      picture.at = [picture.x, picture.y];
    });
  }

  /* To draw many lines anew takes longer than a frame: it is done when the wheel rests. Until then the picture is stretched. */
  function stretch(picture) {
    const { svg, size, at } = picture, ratio = picture.zoom / picture.drawn;
    if (!picture.later) picture.matrix = svg.getScreenCTM().inverse();
    const pixels = 1 / picture.matrix.a, [x, y] = [picture.x - at[0] * ratio, picture.y - at[1] * ratio];
    const [left, top, right, bottom] = [-x, -y, size[0] - x, size[1] - y].map((side) => side / ratio);
    svg.classList.add("moving");
    svg.style.transform = `translate(${x * pixels}px, ${y * pixels}px) scale(${ratio})`;
    svg.style.clipPath = `inset(${[top, size[0] - right, size[1] - bottom, left].map((side) => `${side * pixels}px`).join(" ")})`;
    clearTimeout(picture.later);
    picture.later = setTimeout(() => {
      svg.classList.remove("moving");
      svg.style.transform = svg.style.clipPath = "";
      picture.later = picture.matrix = undefined;
      redraw(picture);
      soon(picture);
    }, 200);
  }

  function pan(picture, across, down) {
    picture.x += across;
    picture.y += down;
    soon(picture);
  }

  function zoomTo(picture, factor, [x, y] = picture.size.map((side) => side / 2)) {
    const zoom = factor ? Math.min(12, Math.max(0.4, picture.zoom * factor)) : 1, ratio = zoom / picture.zoom;
    [picture.x, picture.y] = factor ? [x - (x - picture.x) * ratio, y - (y - picture.y) * ratio] : [0, 0];
    picture.zoom = zoom;
    soon(picture);
  }

  function point(picture, element) {
    element ??= picture.selected;
    const part = picture.parts.get(element);
    if (part === picture.pointed) return;
    for (const old of picture.lit ?? []) old.classList.remove("lit");
    for (const now of part?.joined ?? []) now.classList.add("lit");
    Object.assign(picture, { pointed: part, lit: part?.joined });
    picture.svg.classList.toggle("pointed", !!part);
    arrange(picture);
  }

  function choose(picture, element) {
    picture.selected?.classList.remove("selected");
    element?.classList.add("selected");
    picture.selected = element ?? undefined;
    point(picture, element);
    const { key, start, end, type, fact } = element?.dataset ?? {};
    const edge = { kind: "edge", start, end, type, facts: fact ? fact.split(" ") : [] };
    const detail = element ? (key === undefined ? edge : { kind: "node", key }) : null;
    picture.svg.dispatchEvent(new CustomEvent("negograph-select", { bubbles: true, detail }));
  }

  const partOf = (target) => target.closest?.(".negograph-picture .node, .negograph-picture .edge");
  const inside = (picture, event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.matrix ?? picture.svg.getScreenCTM().inverse());
  const listen = (type, act, options) =>
    document.addEventListener(type, (event) => { const picture = pictureOf(event.target); if (picture) act(picture, event); }, options);

  listen("pointerdown", (picture, event) => (picture.drag = event.button === 0 ? { from: inside(picture, event) } : undefined));
  listen("pointermove", (picture, event) => {
    const { drag } = picture, now = inside(picture, event);
    if (!drag || !event.buttons || (!drag.far && Math.hypot(now.x - drag.from.x, now.y - drag.from.y) < 4)) return;
    if (!drag.far) picture.svg.setPointerCapture(event.pointerId);
    pan(picture, now.x - drag.from.x, now.y - drag.from.y);
    picture.drag = { from: now, far: true };
  });
  listen("click", (picture, event) => {
    if (!picture.drag?.far) choose(picture, partOf(event.target));
    picture.drag = undefined;
  });
  listen("pointerover", (picture, event) => picture.drag?.far || picture.later || point(picture, partOf(event.target)));
  listen("pointerout", (picture, event) => picture.svg.contains(event.relatedTarget) || point(picture));
  listen("wheel", (picture, event) => {
    event.preventDefault();
    const { x, y } = inside(picture, event);
    zoomTo(picture, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), [x, y]);
  }, { passive: false });
  listen("focusin", (picture, event) => {
    const element = partOf(event.target), part = picture.parts.get(element);
    point(picture, element);
    if (!part || !element.matches(":focus-visible")) return;
    const [x, y] = part.way ? at(part.way.curve, 0.5) : [part.x * picture.zoom, part.y * picture.zoom];
    const out = [x + picture.x, y + picture.y].some((place, side) => place < 0 || place > picture.size[side]);
    if (out) pan(picture, picture.size[0] / 2 - x - picture.x, picture.size[1] / 2 - y - picture.y);
  });
  listen("focusout", (picture) => point(picture));
  listen("negograph-zoom", (picture, event) => zoomTo(picture, event.detail), { capture: true });
  listen("keydown", (picture, event) => {
    const step = 40, keys = {
      ArrowLeft: () => pan(picture, step, 0), ArrowRight: () => pan(picture, -step, 0),
      ArrowUp: () => pan(picture, 0, step), ArrowDown: () => pan(picture, 0, -step),
      "+": () => zoomTo(picture, 1.25), "=": () => zoomTo(picture, 1.25), "-": () => zoomTo(picture, 0.8), 0: () => zoomTo(picture, 0),
      Enter: () => choose(picture, partOf(event.target)), " ": () => choose(picture, partOf(event.target)), Escape: () => choose(picture),
    };
    if (!(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
