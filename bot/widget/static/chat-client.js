// ChatClient: the conversation over a WebSocket that may break at any time without losing or doubling a message.
// A sent message stays "pending" until its entry comes back from the server; after a reconnection the server replays
// what the page has not seen and the page sends its pending messages again. Protocol: docs/web.md.
import { Emitter } from "./emitter.js";

const STORE = "shoudai-chat";
const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 15000;
const PING_MS = 25000;
const SILENCE_MS = 12000; // no answer to a ping for this long: the connection is dead
const READY_MS = 15000;
const TYPING_MS = 3000;
const CLOSED_BY_RULE = 1008;

export class ChatClient extends Emitter {
  #url; #socket = null; #token = null; #lastSeen = 0; #pending = new Map();
  #staff = false; #typedAt = 0;
  #wanted = false; #failures = 0; #retry = 0; #ping = 0; #silence = 0; #open = false;

  constructor(url) {
    super();
    this.#url = new URL(url);
    this.#url.protocol = this.#url.protocol === "https:" ? "wss:" : "ws:";
    this.#restore();
    window.addEventListener("online", () => this.#wanted && !this.#open && this.#dial());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#wanted && !this.#open) this.#dial();
    });
  }

  connect() {
    if (this.#wanted) return;
    this.#wanted = true;
    for (const [id, text] of this.#pending) this.emit("pending", { id, text });
    this.#dial();
  }

  send(text) {
    const id = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    this.#pending.set(id, text);
    this.#save();
    this.emit("pending", { id, text });
    if (!this.#wanted) this.connect();
    else if (this.#open) this.#transmit(id);
  }

  // Somebody who answers by hand sees that the customer is writing; the bot has no use for it.
  typing(on) {
    const now = Date.now();
    if (!this.#staff || !this.#open || (on && now - this.#typedAt < TYPING_MS)) return;
    this.#typedAt = on ? now : 0;
    this.#socket.send(JSON.stringify({ type: "typing", on }));
  }

  // How satisfied the customer is, 1 to 5; false when it came too late.
  rate(score) {
    const socket = this.#socket;
    if (this.#wanted || !socket || socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify({ type: "rate", score }));
    this.#hangUp();
    return true;
  }

  // The token of the running conversation, once there is one; the voice call joins with it.
  ready() {
    if (this.#open && this.#token) return Promise.resolve(this.#token);
    this.connect();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("not connected")), READY_MS);
      this.addEventListener("joined", () => { clearTimeout(timer); resolve(this.#token); }, { once: true });
    });
  }

  startOver() {
    this.#forget();
    this.#pending.clear();
    this.#save();
    this.#hangUp();
    this.#wanted = false;
    this.connect();
  }

  #dial() {
    clearTimeout(this.#retry);
    this.#hangUp();
    this.emit("connection", this.#failures ? "reconnecting" : "connecting");
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token: this.#token, last_seen: this.#lastSeen }));
    socket.onmessage = ({ data }) => socket === this.#socket && this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#lost(code);
  }

  #hangUp() {
    clearInterval(this.#ping);
    clearTimeout(this.#silence);
    this.#open = false;
    const socket = this.#socket;
    this.#socket = null;
    if (socket) socket.close();
  }

  #lost(code) {
    this.#hangUp();
    if (!this.#wanted) return;
    this.#failures += 1;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures - 1, 6));
    this.emit("connection", "reconnecting");
    const longer = code === CLOSED_BY_RULE ? LONGEST_PAUSE_MS : 0;
    this.#retry = setTimeout(() => this.#dial(), longer + pause * (0.75 + Math.random() / 2));
  }

  #receive(message) {
    clearTimeout(this.#silence);
    switch (message.type) {
      case "session": return this.#joined(message);
      case "entry": return this.#entry(message);
      case "typing": return this.emit("typing", message);
      case "staff": return this.#answeredByStaff(message.on);
      case "missed": return this.emit("missed");
      case "transferred": return this.emit("transferred");
      case "ended": return this.#ended(Boolean(message.rate));
      case "error": return this.#refused(message);
    }
  }

  #joined(message) {
    if (!message.resumed) {
      this.#token = message.token;
      this.#lastSeen = 0;
    }
    this.#open = true;
    this.#answeredByStaff(false); // said anew behind "session" where it is so
    this.#failures = 0;
    this.#save();
    this.emit("connection", "open");
    this.emit("joined");
    for (const id of this.#pending.keys()) this.#transmit(id);
    this.#ping = setInterval(() => {
      this.#socket.send('{"type":"ping"}');
      this.#silence = setTimeout(() => this.#lost(0), SILENCE_MS);
    }, PING_MS);
  }

  #entry(entry) {
    if (entry.seq <= this.#lastSeen) return; // replayed, but shown already
    this.#lastSeen = entry.seq;
    if (entry.id && this.#pending.delete(entry.id)) this.#save();
    this.emit("entry", entry);
  }

  #answeredByStaff(on) {
    this.#staff = on;
    this.emit("staff", on);
  }

  #ended(asksRating) {
    this.#forget();
    this.#save();
    if (this.#pending.size) { // typed after the conversation had run out: it deserves an answer all the same
      this.emit("notice", "上次的对话已结束，已为您开始新的对话。");
      this.#dial();
      return;
    }
    this.#wanted = false;
    // Without pings the server closes the line by itself: until then a rating can be sent.
    if (asksRating) clearInterval(this.#ping);
    else this.#hangUp();
    this.emit("ended", { asksRating });
  }

  #refused({ code, message, id, retry_after_ms: wait }) {
    if (id && wait) {
      setTimeout(() => this.#open && this.#transmit(id), wait + 50);
      return;
    }
    if (id && this.#pending.delete(id)) {
      this.#save();
      this.emit("refused", { id, message });
    } else if (code !== "hello_expected") this.emit("notice", message);
  }

  #transmit(id) {
    const text = this.#pending.get(id);
    if (text !== undefined) this.#socket.send(JSON.stringify({ type: "message", id, text }));
  }

  #forget() { this.#token = null; this.#lastSeen = 0; }

  // sessionStorage: a reload of this tab goes on with the conversation, another tab or visitor does not.
  #save() {
    try {
      sessionStorage.setItem(STORE, JSON.stringify({ token: this.#token, pending: [...this.#pending] }));
    } catch { /* storage is forbidden here: a reload begins a new conversation */ }
  }

  #restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(STORE) || "{}");
      this.#token = kept.token || null;
      this.#pending = new Map(kept.pending || []);
    } catch { /* nothing kept, or not ours */ }
  }
}
