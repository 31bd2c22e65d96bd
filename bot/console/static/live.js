// A list that renews itself when the server says that it changed; the same for conversations and for the queue.
import { countOn } from "./elapsed.js";

const board = () => document.getElementById("board");
let running = false, again = false;

async function renew() {
  if (running || document.hidden) { again = true; return; }
  running = true;
  const focused = document.activeElement?.id;
  await htmx.ajax("GET", board().dataset.page, { source: "#board", target: "#board", select: "#board", swap: "outerHTML" });
  countOn();
  if (focused) document.getElementById(focused)?.focus();
  running = false;
  if (again) { again = false; renew(); }
}

function listen() {
  const source = new EventSource(board().dataset.stream);
  const sign = document.getElementById("live");
  source.addEventListener("open", () => { sign.hidden = false; renew(); });
  source.addEventListener("error", () => sign.hidden = true);
  source.addEventListener(board().dataset.event, renew);
  document.addEventListener("visibilitychange", () => !document.hidden && again && renew());
  addEventListener("pagehide", () => source.close());
}

if (window.htmx && board()) listen();
