// One conversation: both lanes of its recording, the sentence that is playing, and playing from a sentence.

const soundOf = (call) => document.getElementById(`call-${call}`);

function playFrom(call, atMs) {
  const sound = soundOf(call);
  if (!sound) return;
  sound.currentTime = atMs / 1000;
  // Paused before it began: nothing is wrong.
  sound.play().catch(() => {});
}

document.addEventListener("click", (event) => {
  const sign = event.target.closest(".hear");
  if (sign) playFrom(sign.dataset.call, Number(sign.dataset.at));
});

function lane(context, peaks, color, width, top, height) {
  const middle = top + height / 2;
  const step = width / peaks.length;
  context.fillStyle = color;
  peaks.forEach((peak, at) => {
    // The square root shows quiet speech beside loud speech.
    const bar = Math.max(1, Math.sqrt(peak / 100) * height);
    context.fillRect(at * step, middle - bar / 2, Math.max(0.6, step * 0.7), bar);
  });
}

function draw(canvas, wave, playedMs) {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  lane(context, wave.caller, style.getPropertyValue("--caller"), width, 0, height / 2);
  lane(context, wave.bot, style.getPropertyValue("--bot"), width, height / 2, height / 2);
  // Where the caller spoke over the bot.
  context.fillStyle = style.getPropertyValue("--amber");
  for (const at of (canvas.dataset.marks ?? "").split(" ").filter(Boolean)) {
    context.fillRect(Math.round((Number(at) / Math.max(1, wave.duration_ms)) * width), 0, 1.5, height);
  }
  context.fillStyle = style.getPropertyValue("--ink");
  context.fillRect(Math.round((playedMs / Math.max(1, wave.duration_ms)) * width), 0, 2, height);
}

// Words of which the call's sound is played now; their times were worked out on the server.
function lightWords(call, playedMs) {
  for (const turn of document.querySelectorAll(`.turn[data-call="${CSS.escape(call)}"]`)) {
    for (const word of turn.querySelectorAll(".w")) {
      word.classList.toggle("now", Number(word.dataset.s) <= playedMs && playedMs < Number(word.dataset.e));
    }
  }
}

function followWords(call, sound) {
  lightWords(call, sound.currentTime * 1000);
  if (!sound.paused && !sound.ended) requestAnimationFrame(() => followWords(call, sound));
}

function markTurn(call, playedMs) {
  const turns = [...document.querySelectorAll(`.turn[data-call="${CSS.escape(call)}"]`)];
  const playing = turns.filter((turn) => Number(turn.dataset.at) <= playedMs).at(-1);
  for (const turn of turns) turn.classList.toggle("playing", turn === playing);
}

async function show(canvas) {
  const call = canvas.dataset.call;
  const sound = soundOf(call);
  const answer = await fetch(`/staff/waveforms/${encodeURIComponent(call)}`);
  if (!answer.ok) return canvas.remove();
  const wave = await answer.json();
  const redraw = () => draw(canvas, wave, sound.currentTime * 1000);
  sound.addEventListener("timeupdate", () => { redraw(); markTurn(call, sound.currentTime * 1000); });
  sound.addEventListener("play", () => followWords(call, sound));
  sound.addEventListener("seeked", () => lightWords(call, sound.currentTime * 1000));
  canvas.addEventListener("click", (event) => playFrom(call, (event.offsetX / canvas.clientWidth) * wave.duration_ms));
  new ResizeObserver(redraw).observe(canvas);
  document.getElementById("theme")?.addEventListener("click", () => setTimeout(redraw));
  canvas.dataset.drawn = "yes";
}

document.querySelectorAll("canvas.lanes").forEach(show);
