// One conversation in progress: words as they are said, listening in, answering in the bot's place.
import "./elapsed.js";
import { Listening } from "./listening.js";

const WHO = { customer: "客户", bot: "机器人", staff: "同事", notice: "系统" };
const TYPING_MS = 3000; // the customer's page takes a sign of typing back after 6 s

const watched = document.getElementById("watched");
const { path, me, csrf } = watched.dataset;
const part = (id) => document.getElementById(id);
const lines = part("lines");
let last = Number(watched.dataset.last), typedAt = 0, lost = 0;

const clock = (at) => new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: "Asia/Shanghai" }).format(new Date(at));

function show(line) {
  if (line.seq <= last) return;
  last = line.seq;
  const item = document.createElement("div");
  item.className = "line";
  item.classList.add(Object.hasOwn(WHO, line.who) ? line.who : "notice");
  item.dataset.seq = line.seq;
  const words = document.createElement("p"), who = document.createElement("span");
  words.textContent = line.text;
  who.className = "who";
  who.textContent = `${WHO[line.who] ?? ""}${line.name ? ` ${line.name}` : ""} · ${clock(line.at)}`;
  item.append(words, who);
  const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 80;
  lines.append(item);
  if (atEnd) lines.scrollTop = lines.scrollHeight;
}

const hide = (id, hidden) => { const element = part(id); if (element) element.hidden = hidden; };

function tell(news) {
  news.lines.forEach(show);
  const mine = news.held_by === me;
  part("state").className = `tag state ${news.state}`;
  part("state").textContent = news.ended ? "已结束" : news.held_by ? `${news.held_by} 接管${news.state === "speaking" ? " · 客户在输入" : ""}` : news.state_name;
  part("verified").className = news.verified ? "tag contained" : "tag";
  part("verified").textContent = news.verified ? "身份已核实" : "身份未核实";
  part("intent").hidden = !news.intent_name;
  part("intent").textContent = news.intent_name ?? "";
  part("partial").textContent = news.partial ? `${news.partial}…` : "";
  hide("listen", !news.in_call);
  hide("take-over", news.ended || news.in_call || Boolean(news.held_by) || news.channel === "phone");
  const wasMine = !(part("say")?.hidden ?? true);
  hide("say", !mine || news.ended);
  hide("hand-back", !mine || news.ended);
  if (mine && !wasMine && !news.ended) part("answer").focus();
  if (!news.in_call) listening?.stop("通话已经结束。");
  if (news.ended) over();
}

function over() {
  source.close();
  part("over").hidden = false;
}

const source = new EventSource(`${path}/events?after=${last}`);
source.addEventListener("news", (event) => { lost = 0; tell(JSON.parse(event.data)); });
source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED || ++lost > 20) over(); });
addEventListener("pagehide", () => source.close());
lines.scrollTop = lines.scrollHeight;

async function send(what, body = {}) {
  part("problem").hidden = true;
  try {
    const answer = await fetch(`${path}/${what}`, { method: "POST", headers: { "X-CSRF-Token": csrf }, body: new URLSearchParams(body) });
    if (answer.ok && !answer.redirected) return true;
    const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
    complain(said.message ?? "没有成功，请刷新页面后再试。");
  } catch { complain("网络不通，请稍后再试。"); }
  return false;
}

function complain(text) {
  part("problem").textContent = text;
  part("problem").hidden = false;
}

for (const what of ["take-over", "hand-back"]) {
  part(what)?.addEventListener("submit", (event) => { event.preventDefault(); send(what); });
}

const answer = part("answer");
part("say")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = answer.value.trim();
  if (!text) return;
  answer.value = "";
  typedAt = 0;
  if (!await send("say", { text })) answer.value ||= text;
});
answer?.addEventListener("keydown", (event) => {
  // While an input method composes a word, Enter chooses a candidate.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  part("say").requestSubmit();
});
answer?.addEventListener("input", () => {
  if (!answer.value.trim() || Date.now() - typedAt < TYPING_MS) return;
  typedAt = Date.now();
  send("typing");
});

const button = part("listen-button");
const listening = button && new Listening(`${path}/sound`, {
  state: (on, note = "") => {
    button.setAttribute("aria-pressed", String(on));
    button.querySelector("span").textContent = on ? "停止旁听" : "旁听通话";
    part("listen-note").textContent = note;
  },
  level: (caller, bot) => {
    part("caller-level").style.setProperty("--level", caller);
    part("bot-level").style.setProperty("--level", bot);
  },
});
button?.addEventListener("click", () => listening.active ? listening.stop() : listening.start());
