/* Keeps a run's progress up to date, and leads from a problem to its line in the editor. Without
   this file the run page reloads itself (noscript), and the problems still name their lines. */
"use strict";

const EVERY_MILLISECONDS = 1000;

function show(section, part, text) {
  const element = section.querySelector(`[data-part="${part}"]`);
  if (element && element.textContent !== text) element.textContent = text;
}

function waiting(progress) {
  if (!progress.ahead) return "Next in line.";
  return progress.ahead === 1 ? "1 run asked for earlier is ahead." : `${progress.ahead} runs asked for earlier are ahead.`;
}

function draw(section, progress) {
  const requested = progress.state === "requested";
  const bar = section.querySelector("progress");
  bar.max = progress.total || 1;
  bar.value = requested ? 0 : progress.done;
  show(section, "words", progress.words);
  show(section, "note", requested ? waiting(progress) : progress.note);
  show(section, "share", progress.total ? `${progress.done} of ${progress.total} estimations` : "");
  show(section, "time", progress.time);
  drawFailed(section.querySelector('[data-part="failed"]'), progress.failed);
  show(section, "spoken", requested ? progress.words : `${progress.words}. ${progress.note}`);
  section.querySelector('[data-part="slow"]').hidden = !requested || progress.elapsed < 30;
}

function drawFailed(part, failed) {
  part.hidden = failed.length === 0;
  part.querySelector("ul").replaceChildren(
    ...failed.map(([title, why]) => {
      const line = document.createElement("li");
      line.textContent = `${title}: ${why}`;
      return line;
    }),
  );
}

async function watch(section) {
  try {
    const answer = await fetch(section.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) {
      const progress = await answer.json();
      if (progress.is_over) {
        window.location.reload();
        return;
      }
      draw(section, progress);
    }
  } catch {
    show(section, "note", "The server does not answer just now. This page tries again.");
  }
  window.setTimeout(watch, EVERY_MILLISECONDS, section);
}

function goToLine(event, link) {
  const editor = document.getElementById("id_source");
  if (!editor) return;
  event.preventDefault();
  const lines = editor.value.split("\n");
  const before = lines.slice(0, link.dataset.line - 1);
  const start = before.reduce((length, line) => length + line.length + 1, 0);
  editor.focus();
  editor.setSelectionRange(start, start + lines[before.length].length);
  editor.scrollTop = (editor.scrollHeight / lines.length) * Math.max(0, before.length - 3);
}

document.querySelectorAll("[data-progress]").forEach((section) => window.setTimeout(watch, EVERY_MILLISECONDS, section));
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("[data-line]");
  if (link) goToLine(event, link);
});
