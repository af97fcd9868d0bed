// Says that the visit is about to end, early enough to stay. The server ends it in any case.
(() => {
  "use strict";

  const dialog = document.getElementById("timeout");
  if (!dialog || typeof dialog.showModal !== "function") return;
  const WARNS = 120; // seconds before the end
  const BUSY = 60; // seconds between two words to the server that the person is there
  const rest = dialog.querySelector("[data-rest]");
  const token = dialog.querySelector("input[name=csrfmiddlewaretoken]").value;
  let end = Date.now() + Number(dialog.dataset.seconds) * 1000;
  let heard = Date.now();
  let isTold = false;
  let asks = false;

  const put = (seconds) => {
    if (!(seconds > 0)) return;
    end = Date.now() + seconds * 1000;
    isTold = false;
    if (dialog.open) dialog.close();
  };
  const stay = async () => {
    if (asks) return;
    asks = true;
    try {
      const answer = await fetch(dialog.dataset.stay, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token },
      });
      if (answer.ok) put((await answer.json()).seconds);
    } catch {
      // Without the network the visit ends when it ends; what was typed has been kept.
    } finally {
      asks = false;
      heard = Date.now();
    }
  };

  dialog.querySelector("[data-stay]").addEventListener("click", (event) => {
    event.preventDefault();
    stay();
  });
  // Escape means: I am here.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    document.addEventListener(
      kind,
      () => {
        if (!dialog.open && Date.now() - heard > BUSY * 1000) stay();
      },
      { passive: true },
    );
  }
  document.addEventListener("milieu:seen", ({ detail }) => {
    heard = Date.now();
    put(detail);
  });

  setInterval(() => {
    const seconds = Math.round((end - Date.now()) / 1000);
    if (seconds > WARNS) return;
    if (!isTold) {
      isTold = true;
      document.dispatchEvent(new CustomEvent("milieu:ending"));
      dialog.showModal();
    }
    const shown = Math.max(0, seconds);
    rest.textContent = `${Math.floor(shown / 60)}:${String(shown % 60).padStart(2, "0")}`;
    if (seconds < -1) location.reload();
  }, 1000);
})();
