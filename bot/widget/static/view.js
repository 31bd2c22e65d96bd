// WidgetView: what the customer sees; tells what he does by events and knows no network.
import { Emitter } from "./emitter.js";
import { ICONS } from "./icons.js";
import { LAYOUT } from "./layout.js";
import { STYLES } from "./styles.js";

const CONNECTION = { connecting: "正在连接…", reconnecting: "网络不稳，正在重新连接…", open: "智能客服 · 在线" };
const STAFF = "人工客服 · 在线";
const SENDER = { bot: "客服：", staff: "人工客服：", customer: "我：" };
const VOICE = { connecting: "正在接通…", listening: "正在听…", hearing: "正在听您说…", thinking: "请稍候…", speaking: "正在说…" };
const HINT = { listening: "请直接说话，说完我会回答", speaking: "想插话可以直接开口" };
const PHONE = window.matchMedia("(max-width: 520px)");

export class WidgetView extends Emitter {
  #root; #parts = {}; #pending = new Map(); #unread = 0; #voiceState = "off"; #staff = false;
  #typingEnds = 0;

  constructor(root, name) {
    super();
    this.#root = root;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    root.innerHTML = LAYOUT;
    const names = ["launcher", "panel", "connection", "person", "close", "log", "day", "typing", "quick", "composer", "speak",
      "send", "call", "keys", "mute", "pad", "end", "over", "rating", "again", "unread", "state", "partial", "orb"];
    for (const name of names) this.#parts[name] = root.querySelector(`.${name}`);
    this.#parts.list = root.querySelector("ol");
    this.#parts.text = root.querySelector("textarea");
    root.querySelector("h2").textContent = name;
    this.#parts.day.textContent = new Intl.DateTimeFormat("zh-CN", { dateStyle: "long" }).format(new Date());
    this.#listen();
  }

  open() {
    if (!this.#parts.panel.hidden) return;
    this.#parts.panel.hidden = false;
    this.#parts.panel.setAttribute("aria-modal", String(PHONE.matches));
    this.#parts.launcher.hidden = true;
    this.#parts.launcher.setAttribute("aria-expanded", "true");
    this.#unread = 0;
    this.#parts.unread.hidden = true;
    this.#fit();
    // On a phone the field would bring up the keyboard over the greeting.
    (PHONE.matches ? this.#parts.log : this.#parts.text).focus();
    this.#scroll();
    this.emit("opened");
  }

  close() {
    this.#parts.panel.hidden = true;
    this.#parts.launcher.hidden = false;
    this.#parts.launcher.setAttribute("aria-expanded", "false");
    this.#parts.launcher.focus();
  }

  clear() {
    this.#parts.list.replaceChildren();
    this.#pending.clear();
    this.#parts.over.hidden = true;
    this.#parts.composer.hidden = this.#voiceState !== "off";
    this.#quickReplies([]);
    this.#parts.text.focus();
  }

  showPending({ id, text }) {
    const item = this.#append("customer", text);
    item.classList.add("pending");
    this.#meta(item, "发送中…");
    this.#pending.set(id, item);
    this.#quickReplies([]);
  }

  showEntry(entry) {
    if (entry.from === "notice") {
      this.showNotice(entry.text, Boolean(entry.code));
    } else {
      const sent = entry.id && this.#pending.get(entry.id);
      const item = sent || this.#append(entry.from, entry.text);
      item.classList.remove("pending");
      this.#pending.delete(entry.id);
      this.#meta(item, clock(entry.at), entry.via === "voice" ? ICONS.microphone : "");
      if (entry.from !== "customer") this.#countUnread();
    }
    this.#quickReplies(entry.quick_replies || []);
  }

  showRefused({ id, message }) {
    const item = this.#pending.get(id);
    if (!item) return;
    this.#pending.delete(id);
    item.classList.replace("pending", "refused");
    this.#meta(item, message);
  }

  showNotice(text, problem = true) {
    const item = document.createElement("li");
    item.className = problem ? "notice problem" : "notice";
    item.textContent = text;
    this.#parts.list.append(item);
    this.#scroll();
  }

  // A person's sign of writing runs out by itself: he may have gone away with it.
  showTyping({ on, for_ms: forMs }) {
    clearTimeout(this.#typingEnds);
    if (on && forMs) this.#typingEnds = setTimeout(() => this.showTyping({ on: false }), forMs);
    this.#parts.typing.hidden = !on;
    if (on) this.#scroll();
  }

  showConnection(state) {
    this.#parts.connection.dataset.state = state;
    this.#parts.connection.textContent = state === "open" && this.#staff ? STAFF : CONNECTION[state];
    if (state !== "open") this.showTyping({ on: false });
  }

  // A person answers: there is nobody further to ask for, and he reads rather than hears.
  showStaff(on) {
    this.#staff = on;
    this.#parts.person.hidden = on;
    this.#typed();
    if (this.#parts.connection.dataset.state === "open") this.showConnection("open");
  }

  showEnded(asksRating) {
    this.showTyping({ on: false }); // the line is closed: nobody will say any more that it is over
    this.showNotice("对话已结束，感谢您的咨询。", false);
    this.#parts.over.hidden = false;
    this.#parts.composer.hidden = true;
    this.#quickReplies([]);
    this.#parts.rating.hidden = !asksRating;
    (asksRating ? this.#parts.rating.querySelector("button") : this.#parts.again).focus();
  }

  showRated(taken) {
    this.#parts.rating.hidden = true;
    this.showNotice(taken ? "谢谢您的评价。" : "评价没能送达，谢谢您。", false);
    this.#parts.again.focus();
  }

  showVoiceState(state) {
    const parts = this.#parts, wasOff = this.#voiceState === "off";
    this.#voiceState = state;
    const off = state === "off";
    parts.call.hidden = off;
    parts.composer.hidden = !off || !parts.over.hidden;
    parts.call.dataset.state = state;
    if (!off) {
      parts.state.textContent = VOICE[state];
      if (state !== "hearing") parts.partial.textContent = HINT[state] || "";
    }
    if (off && !wasOff) {
      parts.mute.setAttribute("aria-pressed", "false");
      parts.keys.hidden = true;
      parts.pad.setAttribute("aria-expanded", "false");
      if (!parts.composer.hidden) parts.speak.focus();
    } else if (wasOff && !off) parts.end.focus();
    this.#scroll();
  }

  showPartial(text) { this.#parts.partial.textContent = text; }

  showLevel(level) { this.#parts.orb.style.setProperty("--level", level.toFixed(2)); }

  #listen() {
    const parts = this.#parts;
    parts.launcher.onclick = () => this.open();
    parts.close.onclick = () => this.close();
    parts.person.onclick = () => this.emit("person-wanted");
    parts.speak.onclick = () => this.emit("voice-wanted");
    parts.end.onclick = () => this.emit("voice-ended");
    parts.again.onclick = () => this.emit("start-over");
    parts.rating.onclick = ({ target }) => target.dataset.score && this.emit("rated", Number(target.dataset.score));
    parts.mute.onclick = () => {
      const on = parts.mute.getAttribute("aria-pressed") !== "true";
      parts.mute.setAttribute("aria-pressed", String(on));
      this.emit("mute", on);
    };
    parts.pad.onclick = () => {
      parts.keys.hidden = !parts.keys.hidden;
      parts.pad.setAttribute("aria-expanded", String(!parts.keys.hidden));
    };
    parts.keys.onclick = ({ target }) => target.dataset.key && this.emit("key", target.dataset.key);
    parts.composer.onsubmit = (event) => { event.preventDefault(); this.#submit(); };
    parts.text.oninput = () => {
      this.#typed();
      this.emit("typing", Boolean(parts.text.value.trim()));
    };
    parts.text.onkeydown = (event) => {
      // While an input method composes a word, Enter chooses a candidate.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#submit();
    };
    parts.panel.onkeydown = (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
      if (event.key === "Tab" && PHONE.matches) this.#keepFocus(event);
    };
    window.visualViewport?.addEventListener("resize", () => this.#fit());
    window.visualViewport?.addEventListener("scroll", () => this.#fit());
  }

  #submit() {
    const text = this.#parts.text.value.trim();
    if (!text) return;
    this.#parts.text.value = "";
    this.#typed();
    this.emit("said", text);
  }

  #typed() {
    const { text, send, speak } = this.#parts;
    const empty = !text.value.trim();
    send.disabled = empty;
    speak.hidden = !empty || this.#staff;
    send.hidden = empty && !this.#staff;
    text.style.height = "46px";
    text.style.height = `${Math.min(118, text.scrollHeight)}px`;
  }

  #append(sender, text) {
    const item = document.createElement("li");
    item.className = sender;
    if (this.#parts.list.lastElementChild?.classList.contains(sender)) item.classList.add("run");
    const who = document.createElement("span");
    who.className = "sr";
    who.textContent = SENDER[sender];
    const bubble = document.createElement("div");
    bubble.className = "bubble";
    bubble.textContent = text;
    item.append(who, bubble);
    this.#parts.list.append(item);
    this.#scroll();
    return item;
  }

  #meta(item, text, icon = "") {
    item.querySelector(".meta")?.remove();
    const meta = document.createElement("span");
    meta.className = "meta";
    meta.innerHTML = icon; // one of our own icons
    meta.append(text);
    item.append(meta);
  }

  #quickReplies(replies) {
    const { quick } = this.#parts;
    quick.replaceChildren(...replies.map((reply) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = reply;
      button.onclick = () => { this.emit("said", reply); this.#voiceState === "off" && !PHONE.matches && this.#parts.text.focus(); };
      return button;
    }));
    quick.hidden = replies.length === 0;
    this.#scroll();
  }

  #countUnread() {
    if (!this.#parts.panel.hidden) return;
    this.#unread += 1;
    this.#parts.unread.textContent = String(Math.min(this.#unread, 99));
    this.#parts.unread.hidden = false;
    this.#parts.launcher.setAttribute("aria-label", `在线客服，${this.#unread} 条新消息`);
  }

  #scroll() { requestAnimationFrame(() => { this.#parts.log.scrollTop = this.#parts.log.scrollHeight; }); }

  // The phone's keyboard shrinks only the visual viewport: keep the field above it.
  #fit() {
    const view = window.visualViewport;
    this.#parts.panel.classList.toggle("fitted", Boolean(view) && PHONE.matches);
    if (!view || !PHONE.matches) return;
    this.#parts.panel.style.setProperty("--view-height", `${view.height}px`);
    this.#parts.panel.style.setProperty("--view-top", `${view.offsetTop}px`);
    this.#scroll();
  }

  // The sheet covers the page, so Tab stays in it.
  #keepFocus(event) {
    const stops = [...this.#parts.panel.querySelectorAll("button, textarea, .log")].filter((stop) => stop.offsetParent && !stop.disabled);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (this.#root.activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? stops.at(-1) : stops[0]).focus();
    }
  }
}

function clock(at) {
  return new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(at));
}
