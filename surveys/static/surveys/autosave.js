// What is typed on an open page is sent to the server as a draft, and how long the page was to
// be seen is counted. Nothing is kept in the browser. Saving is done by the form itself.
(() => {
  "use strict";

  const form = document.querySelector("[data-keep]");
  if (!form) return;
  const PAUSE = 4000;
  const GAP = 15 * 60 * 1000;
  const state = form.querySelector("[data-draft-state]");
  const field = (name) => form.querySelector(`input[name='${name}']`);
  const base = (name) => Number(field(name).value) || 0;

  let typed = false; // something was typed that the server does not have
  let everTyped = false;
  let isSent = false; // the form itself is on its way
  let timer = 0;
  let lastSent = 0;
  let under = null;

  let visible = base("_visible");
  let hidden = base("_hidden");
  let gaps = base("_gaps");
  let shownSince = document.hidden ? 0 : performance.now();
  let lastAct = performance.now();
  const changes = JSON.parse(field("_changes").value || "{}");
  const answered = new Set(Object.keys(changes));

  const itemOf = (input) => input.closest("[data-item]")?.dataset.item || "";
  for (const input of form.elements) {
    const isFilled = input.type === "checkbox" || input.type === "radio" ? input.checked : input.value;
    if (isFilled && itemOf(input)) answered.add(itemOf(input));
  }

  const count = () => {
    const now = performance.now();
    const seconds = visible + (shownSince ? (now - shownSince) / 1000 : 0);
    field("_visible").value = String(Math.round(seconds));
    field("_hidden").value = String(hidden);
    field("_gaps").value = String(gaps);
    field("_changes").value = JSON.stringify(changes);
  };
  const act = () => {
    const now = performance.now();
    if (now - lastAct > GAP) gaps += 1;
    lastAct = now;
  };

  const say = (words, at) => {
    if (!state || !words) return;
    state.textContent = words.replace("%s", at || "");
    state.hidden = false;
  };

  const content = (...flags) => {
    count();
    const body = new FormData(form);
    for (const flag of flags) body.set(flag, "1");
    return body;
  };

  const keep = async () => {
    timer = 0;
    if (!typed || isSent) return;
    typed = false;
    lastSent = Date.now();
    under = new AbortController();
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST",
        body: content("_typed"),
        headers: { Accept: "application/json" },
        signal: under.signal,
      });
      if (answer.ok) {
        const told = await answer.json();
        if (told.kept) say(form.dataset.kept, told.kept);
        document.dispatchEvent(new CustomEvent("milieu:seen", { detail: told.seconds }));
      } else if (answer.status === 429 || answer.status === 503) {
        typed = true;
        plan();
      } else {
        say(form.dataset.notKept);
      }
    } catch {
      if (isSent) return;
      typed = true;
      say(form.dataset.notKept);
      plan();
    }
  };
  const plan = () => {
    if (!timer && !isSent) timer = setTimeout(keep, Math.max(1000, lastSent + PAUSE - Date.now()));
  };
  // A request that outlives the page; browsers allow it 64 kB.
  const send = (...flags) => {
    fetch(form.dataset.keep, { method: "POST", body: content(...flags), keepalive: true }).catch(
      () => navigator.sendBeacon(form.dataset.keep, content(...flags)),
    );
  };

  form.addEventListener("input", () => {
    act();
    typed = true;
    everTyped = true;
    plan();
  });
  form.addEventListener("change", ({ target }) => {
    const item = itemOf(target);
    if (!item) return;
    if (answered.has(item)) changes[item] = (changes[item] || 0) + 1;
    answered.add(item);
  });
  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    document.addEventListener(kind, act, { passive: true });
  }
  form.addEventListener("submit", () => {
    count();
    isSent = true;
    clearTimeout(timer);
    if (under) under.abort();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      if (shownSince) visible += (performance.now() - shownSince) / 1000;
      shownSince = 0;
      hidden += 1;
      if (typed && !isSent) {
        typed = false;
        send("_typed", "_leaving");
      }
    } else if (!shownSince) {
      shownSince = performance.now();
      act();
    }
  });
  window.addEventListener("pagehide", () => {
    if (isSent) return;
    if (everTyped) send("_typed", "_leaving", "_left");
    else send("_leaving", "_left");
    isSent = true;
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    // Shown again out of the browser's memory: a new visit, and the page may be out of date.
    location.reload();
  });
  // Before a visit ends by itself, the last word is kept without counting as being there.
  document.addEventListener("milieu:ending", () => {
    if (everTyped && !isSent) send("_typed", "_leaving");
  });
})();
