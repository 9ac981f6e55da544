// What a click, a key or the browser's own buttons mean is told to the page's server, which answers with the parts that change.
(() => {
  const here = () => location.pathname + location.search;
  let back = null; // what had the focus when details were opened
  const tell = (name, value) => window.emitEvent(name, value);

  // The address that is shown and copied is without the token.
  const [, token, ...path] = location.pathname.split("/");
  history.replaceState(null, "", "/" + path.join("/") + location.search);
  try { localStorage.setItem("negograph-token", decodeURIComponent(token)); } catch { /* a browser that keeps nothing */ }

  window.negograph = {
    room() {
      const box = document.getElementById("picture").getBoundingClientRect();
      return [Math.round(box.width), Math.round(box.height)];
    },
    // A view that the server has gone to; `push` where the person did, so that the way back leads to the view before.
    show(address, push, title) {
      if (address !== here()) history[push ? "pushState" : "replaceState"](null, "", address);
      if (title) document.title = `${title} – negograph`;
    },
    look(picked) {
      for (const part of document.querySelectorAll(".selected")) part.classList.remove("selected");
      if (!picked) {
        if (back?.isConnected) back.focus({preventScroll: true});
        back = null;
        return;
      }
      for (const part of document.querySelectorAll("[data-pick]")) {
        if (part.dataset.pick === picked) (part.closest("tr") ?? part).classList.add("selected");
      }
      for (const part of document.querySelectorAll("#picture g.node, #picture g.edge")) {
        if (pickOf(part) === picked) part.classList.add("selected");
      }
    },
    details() {
      if (!document.activeElement?.closest("#details")) back = document.activeElement;
      document.getElementById("details-title")?.focus({preventScroll: true});
    },
  };

  const pickOf = (part) => {
    const {fact, start, end, type, key} = part.dataset;
    if (fact) return "facts:" + fact.split(" ").map(encodeURIComponent).join(",");
    if (part.classList.contains("edge")) return ["edge", [start, type, end].map(encodeURIComponent).join(":")].join(":");
    return "node:" + encodeURIComponent(key);
  };
  document.addEventListener("negograph-select", ({target, detail}) =>
    tell("pick", detail ? pickOf(target.querySelector(".selected")) : ""));
  window.addEventListener("popstate", () => tell("go", here()));

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      history.pushState(null, "", link.getAttribute("href"));
      tell("go", here());
      return;
    }
    if (event.target.dataset.zoom) {
      const zoom = new CustomEvent("negograph-zoom", {detail: Number(event.target.dataset.zoom), bubbles: true});
      document.querySelector("#picture svg")?.dispatchEvent(zoom);
      return;
    }
    if (event.target.id === "skip") return document.getElementById("answer").focus();
    if (event.target.id === "copy") {
      navigator.clipboard?.writeText(document.querySelector("#cypher pre").textContent);
      event.target.textContent = "Copied";
      return;
    }
    const part = event.target.closest("[data-pick]");
    if (part && !window.getSelection().toString()) tell("pick", part.dataset.pick);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.target.closest("svg") && document.querySelector("#details h2")) tell("pick", "");
  });

  const filled = (form) => [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  for (const kind of ["change", "submit"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest("form");
      if (kind === "submit") event.preventDefault();
      if (event.target.id === "until-slider") return moved(event.target, true);
      if (form?.id === "form" || form?.id === "filters") tell(form.id, filled(form));
    });
  }

  const moved = (slider, ask) => {
    const day = slider.dataset.days.split(" ")[slider.value];
    const shown = day ? `until ${day}` : "all";
    document.getElementById("until-day").textContent = shown;
    slider.setAttribute("aria-valuetext", shown);
    const field = document.getElementById("p-until");
    field.value = day ?? "";
    if (ask) tell("form", filled(field.form));
  };

  document.addEventListener("input", (event) => {
    if (event.target.id === "until-slider") moved(event.target, false);
    if (event.target.id !== "search") return;
    const words = event.target.value.toLocaleLowerCase().split(/\s+/);
    let any = false;
    for (const group of document.querySelectorAll("[data-group]")) {
      const found = [...group.querySelectorAll("li")].filter((item) => {
        item.hidden = !words.every((word) => item.dataset.words.includes(word));
        return !item.hidden;
      });
      group.hidden = !found.length;
      any ||= found.length > 0;
    }
    document.getElementById("none-found").hidden = any;
  });

  // An answer that is wider than its place says so.
  const fit = () => {
    const answer = document.getElementById("answer");
    answer?.classList.toggle("scrolls", answer.scrollWidth > answer.clientWidth + 2);
  };
  window.addEventListener("resize", fit);

  // What had the focus has it again after its part was replaced, and what was unfolded stays so.
  let last = "";
  const unfolded = new Set();
  document.addEventListener("focusin", (event) => { last = event.target.id; });
  document.addEventListener("toggle", (event) => {
    if (event.target.id && event.target.isConnected) unfolded[event.target.open ? "add" : "delete"](event.target.id);
  }, true);
  new MutationObserver(() => {
    for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
    fit();
    if (document.activeElement === document.body && last) document.getElementById(last)?.focus({preventScroll: true});
  }).observe(document.body, {childList: true, subtree: true});

  const begin = () => (window.emitEvent && document.getElementById("picture") && window.did_handshake)
    ? tell("go", here()) : setTimeout(begin, 20);
  begin();
})();
