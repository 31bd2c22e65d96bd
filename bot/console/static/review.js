// The review by keyboard: through the turns, to the fields, done and on to the next conversation.

const typing = (element) => element.matches("input, select, textarea, button, a, summary, audio");
const turns = () => [...document.querySelectorAll(".turn")];

function step(by) {
  const all = turns();
  const at = all.indexOf(document.activeElement.closest(".turn"));
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function playOrPause() {
  const turn = document.activeElement.closest(".turn[data-call]") ?? document.querySelector(".turn[data-call]");
  const sound = turn && document.getElementById(`call-${turn.dataset.call}`);
  if (!sound) return;
  if (!sound.paused) return sound.pause();
  if (document.activeElement === turn) sound.currentTime = Number(turn.dataset.at) / 1000;
  sound.play().catch(() => {});
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  " ": playOrPause,
  f: () => document.getElementById("first-flag")?.focus(),
  t: () => document.getElementById("new-tag")?.focus(),
  c: () => document.getElementById("new-comment")?.focus(),
  s: () => document.querySelector(".points")?.select(),
  x: () => document.getElementById("review-done")?.click(),
  n: () => document.getElementById("review-next")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") document.activeElement?.blur();
  // A space presses a button, a letter is typed into a field.
  const free = event.key === " " ? !typing(event.target) : !event.target.matches("input, select, textarea");
  if (!free || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.body.dataset.keys = "yes";
