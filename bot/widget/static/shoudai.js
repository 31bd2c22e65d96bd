// The customer-service widget. One line embeds it:
//   <script type="module" src="https://客服地址/widget/shoudai.js"></script>
// Options, all optional, as attributes of that tag's URL: ?name=机构名称&open=1
import { ChatClient } from "./chat-client.js";
import { VoiceClient } from "./voice-client.js";
import { WidgetView } from "./view.js";

const here = new URL(import.meta.url);
const MARK = "data-shoudai-widget";

function start() {
  if (document.querySelector(`[${MARK}]`)) return; // the tag was put in twice
  const host = document.createElement("div");
  host.setAttribute(MARK, "");
  document.body.append(host);

  const chat = new ChatClient(new URL("/chat", here));
  const voice = new VoiceClient(new URL("/voice", here), new URL(".", here));
  const view = new WidgetView(host.attachShadow({ mode: "open" }), here.searchParams.get("name") || "青禾小微");
  connect(view, chat, voice);

  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element && event.target.closest("[data-shoudai-open]");
    if (!opener) return;
    event.preventDefault();
    view.open();
    if (opener.getAttribute("data-shoudai-open") === "voice") view.emit("voice-wanted");
  });
  if (here.searchParams.get("open") === "1") view.open();
}

function connect(view, chat, voice) {
  view.on("opened", () => chat.connect());
  view.on("said", ({ detail }) => chat.send(detail));
  view.on("person-wanted", () => chat.send("转人工"));
  view.on("start-over", () => { chat.startOver(); view.clear(); });
  view.on("voice-wanted", () => startVoice(view, chat, voice));
  view.on("voice-ended", () => voice.stop());
  view.on("rated", ({ detail }) => view.showRated(chat.rate(detail)));
  view.on("mute", ({ detail }) => voice.mute(detail));
  view.on("key", ({ detail }) => voice.press(detail));

  chat.on("pending", ({ detail }) => view.showPending(detail));
  chat.on("entry", ({ detail }) => view.showEntry(detail));
  view.on("typing", ({ detail }) => chat.typing(detail));
  chat.on("staff", ({ detail }) => view.showStaff(detail));
  chat.on("typing", ({ detail }) => view.showTyping(detail));
  chat.on("connection", ({ detail }) => view.showConnection(detail));
  chat.on("refused", ({ detail }) => view.showRefused(detail));
  chat.on("notice", ({ detail }) => view.showNotice(detail));
  chat.on("missed", () => view.showNotice("较早的消息已不再显示。"));
  chat.on("transferred", () => view.showNotice("已为您登记转人工，工作人员会尽快联系您。"));
  chat.on("ended", ({ detail }) => { voice.stop(); view.showEnded(detail.asksRating); });

  voice.on("state", ({ detail }) => view.showVoiceState(detail));
  voice.on("partial", ({ detail }) => view.showPartial(detail));
  voice.on("level", ({ detail }) => view.showLevel(detail));
  voice.on("problem", ({ detail }) => view.showNotice(detail));
}

async function startVoice(view, chat, voice) {
  if (voice.active) return;
  const audio = voice.prepare(); // within the click: browsers only then allow sound
  view.showVoiceState("connecting");
  try {
    voice.start(audio, await chat.ready());
  } catch {
    if (!voice.active) return; // hung up meanwhile
    voice.stop();
    view.showNotice("暂时连不上客服，请检查网络后再试。");
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
