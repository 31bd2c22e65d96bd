// The list of conversations: j and k, Enter, /, and news by server-sent events.

const typing = (element) => element.matches("input, select, textarea");
const rows = () => [...document.querySelectorAll(".inbox .row")];

function step(by) {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && document.activeElement?.id === "q") document.activeElement.blur();
  if (typing(event.target)) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q")?.select();
    document.getElementById("q")?.focus();
  }
});

// A page beyond the first stands still; so does one whose reader is not looking.
async function refresh() {
  if (document.getElementById("list")?.dataset.live !== "yes" || document.hidden) return;
  let focused;
  // Read at the swap, not before the request: the reader goes on with j and k meanwhile.
  const remember = () => focused = document.activeElement?.id;
  document.addEventListener("htmx:beforeSwap", remember, { once: true });
  const address = new URL(location.href);
  address.searchParams.set("live", "1");
  await htmx.ajax("GET", address.pathname + address.search, { source: "#list", target: "#list", select: "#list", swap: "outerHTML" });
  document.removeEventListener("htmx:beforeSwap", remember);
  if (focused) document.getElementById(focused)?.focus();
}

function listen() {
  const source = new EventSource("/staff/live/inbox");
  const sign = document.getElementById("live");
  source.addEventListener("open", () => sign.hidden = false);
  source.addEventListener("error", () => sign.hidden = true);
  source.addEventListener("inbox", refresh);
  addEventListener("pagehide", () => source.close());
}

if (window.htmx) listen();
