// Styles of the widget, inside its shadow root: the host page's styles stay out and these stay in.
export const STYLES = `
:host {
  all: initial;
  --ink: #17302b; --soft: #5a6f69; --line: #dfe8e4; --paper: #ffffff; --ground: #f4f8f6;
  --jade: #0e6e5b; --jade-deep: #0a5647; --jade-mist: #e3f1ec; --amber: #9a5b00; --red: #b3372c;
  --shadow: 0 12px 40px rgba(14, 54, 45, .20), 0 2px 8px rgba(14, 54, 45, .10);
  position: fixed; right: 0; bottom: 0; z-index: 2147483000;
}
/* Set on our own elements and not on the host: rules of the page reach the host and would be inherited. */
.launcher, .panel {
  font-family: system-ui, -apple-system, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC",
    "Noto Sans SC", sans-serif;
  font-size: 16px; line-height: 1.6; color: var(--ink); color-scheme: light;
  letter-spacing: normal; word-spacing: normal; text-align: start; text-transform: none; text-indent: 0; font-style: normal;
  font-weight: 400; visibility: visible; white-space: normal;
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
button { font: inherit; color: inherit; border: 0; background: none; padding: 0; cursor: pointer; }
button:focus-visible, textarea:focus-visible, .log:focus-visible { outline: 3px solid #58b39d; outline-offset: 2px; }
svg { display: block; }

.launcher {
  position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: calc(20px + env(safe-area-inset-bottom));
  display: flex; align-items: center; gap: 10px; height: 56px; padding: 0 22px 0 18px; border-radius: 28px;
  background: var(--jade); color: #fff; font-weight: 600; box-shadow: var(--shadow);
  transition: background .15s, transform .15s;
}
.launcher:hover { background: var(--jade-deep); transform: translateY(-1px); }
.launcher .unread { position: absolute; right: 6px; top: -4px; min-width: 22px; height: 22px; padding: 0 6px;
  border-radius: 11px; background: var(--red); border: 2px solid #fff; font-size: 12px; line-height: 18px; text-align: center; }

.panel {
  position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: calc(20px + env(safe-area-inset-bottom));
  width: 392px; height: min(660px, calc(100dvh - 40px)); display: flex; flex-direction: column;
  background: var(--ground); border-radius: 20px; overflow: hidden; box-shadow: var(--shadow);
  animation: rise .2s ease-out;
}
@keyframes rise { from { opacity: 0; transform: translateY(14px); } }

header { display: flex; align-items: center; gap: 12px; padding: 14px 10px 14px 16px; background: var(--jade); color: #fff; }
.avatar { flex: none; width: 40px; height: 40px; border-radius: 13px; background: rgba(255,255,255,.16);
  display: grid; place-items: center; }
.avatar svg { width: 28px; height: 28px; }
.names { flex: 1; min-width: 0; }
.names h2 { margin: 0; font-size: 16px; line-height: 1.45; font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.names p { margin: 0; font-size: 13px; line-height: 1.3; color: #d5ece5; display: flex; align-items: center; gap: 6px; }
.names p::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: #7fe0b4; }
.names p[data-state="reconnecting"]::before, .names p[data-state="connecting"]::before { background: #ffce6b; }
header button { height: 44px; border-radius: 12px; display: flex; align-items: center; justify-content: center; gap: 4px; }
header button:hover { background: rgba(255,255,255,.13); }
header button:focus-visible { outline-color: #fff; outline-offset: -3px; }
header .person { padding: 0 12px 0 9px; font-size: 14px; border: 1px solid rgba(255,255,255,.45); height: 36px; }
header .person svg { width: 18px; height: 18px; }
header .close { width: 44px; }

.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 18px 16px 6px; scroll-behavior: smooth; }
.log ol { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 10px; }
.log li { display: flex; flex-direction: column; max-width: 84%; align-self: flex-start; }
.bubble { padding: 10px 14px; border-radius: 6px 16px 16px 16px; background: var(--paper); border: 1px solid var(--line);
  overflow-wrap: anywhere; white-space: pre-wrap; }
li.customer { align-self: flex-end; align-items: flex-end; }
li.customer .bubble { background: var(--jade); border-color: var(--jade); color: #fff; border-radius: 16px 6px 16px 16px; }
li.staff .bubble { background: #fff8ea; border-color: #ecd9b2; }
li.run .bubble { border-top-left-radius: 16px; }
li.customer.run .bubble { border-top-left-radius: 16px; border-top-right-radius: 16px; }
li.pending .bubble { opacity: .72; }
.meta { margin-top: 3px; font-size: 12px; line-height: 1.4; color: var(--soft); display: flex; gap: 4px; align-items: center; }
.meta svg { width: 13px; height: 13px; }
li:has(+ li.run) .meta { display: none; }
li.refused .meta { display: flex !important; color: var(--red); }
li.notice { align-self: center; max-width: 92%; text-align: center; font-size: 13px; color: var(--soft);
  padding: 4px 12px; background: #e9efec; border-radius: 12px; }
li.notice.problem { color: var(--amber); background: #fdf3e0; }
.day { text-align: center; font-size: 12px; color: var(--soft); margin: 0 0 12px; }

.quick { display: flex; flex-wrap: wrap; gap: 8px; padding: 8px 16px 4px; }
.quick button { min-height: 40px; padding: 0 14px; border-radius: 20px; background: var(--paper); color: var(--jade);
  border: 1px solid #a9d3c6; font-size: 15px; }
.quick button:hover { background: var(--jade-mist); }

.typing { display: inline-flex; gap: 5px; padding: 14px 16px; margin-top: 10px; border-radius: 6px 16px 16px 16px; background: var(--paper);
  border: 1px solid var(--line); }
.typing i { width: 7px; height: 7px; border-radius: 50%; background: #8fb5a9; animation: breathe 1.2s infinite ease-in-out; }
.typing i:nth-child(2) { animation-delay: .15s; } .typing i:nth-child(3) { animation-delay: .3s; }
@keyframes breathe { 0%, 70%, 100% { opacity: .35; transform: none; } 35% { opacity: 1; transform: translateY(-3px); } }

.composer { display: flex; align-items: flex-end; gap: 8px; padding: 10px 12px calc(10px + env(safe-area-inset-bottom)); }
.field { flex: 1; display: flex; align-items: flex-end; background: var(--paper); border: 1px solid #c3d5ce; border-radius: 23px;
  padding-left: 16px; min-width: 0; }
.field:focus-within { border-color: var(--jade); box-shadow: 0 0 0 3px rgba(88,179,157,.28); }
textarea { flex: 1; min-width: 0; border: 0; outline: 0 !important; resize: none; background: none; font: inherit; color: inherit;
  padding: 10px 0; height: 46px; max-height: 118px; line-height: 1.55; }
textarea::placeholder { color: #71857f; }
.round { flex: none; width: 46px; height: 46px; border-radius: 50%; display: grid; place-items: center; }
.round.send { color: #fff; background: var(--jade); }
.round.send:disabled { background: #b9cbc5; cursor: default; }
.round.speak { color: var(--jade); background: var(--jade-mist); }
.round.speak:hover { background: #d3e9e1; }

.call { margin: 6px 12px calc(12px + env(safe-area-inset-bottom)); padding: 14px 16px; border-radius: 18px; background: var(--paper);
  border: 1px solid var(--line); }
.call .line { display: flex; align-items: center; gap: 12px; min-height: 48px; }
.orb { flex: none; position: relative; width: 48px; height: 48px; border-radius: 50%; background: var(--jade); color: #fff; display: grid;
  place-items: center; }
.orb::before { content: ""; position: absolute; inset: 0; border-radius: 50%; background: var(--jade); opacity: .22;
  transform: scale(calc(1 + var(--level, 0) * .55)); transition: transform .09s linear; }
.orb svg { position: relative; }
.call[data-state="speaking"] .orb { background: #2d7fa6; } .call[data-state="speaking"] .orb::before { background: #2d7fa6; animation: pulse 1.3s infinite ease-in-out; }
.call[data-state="thinking"] .orb, .call[data-state="connecting"] .orb { background: #6f8b83; }
@keyframes pulse { 50% { transform: scale(1.35); } }
.call .words { flex: 1; min-width: 0; }
.call .state { margin: 0; font-weight: 600; }
.call .partial { margin: 0; font-size: 14px; line-height: 1.45; color: var(--soft); overflow-wrap: anywhere; }
.call .buttons { display: flex; gap: 8px; margin-top: 12px; }
.call .buttons button { flex: 1; min-height: 44px; border-radius: 14px; background: var(--jade-mist); color: var(--jade-deep); font-size: 15px;
  display: flex; align-items: center; justify-content: center; gap: 6px; white-space: nowrap; }
.call .buttons button svg { width: 20px; height: 20px; }
.call .buttons button[aria-pressed="true"] { background: #fdf3e0; color: var(--amber); }
.call .buttons .end { background: #fbe9e7; color: var(--red); }
.keys { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6px; margin-top: 10px; }
.keys button { height: 44px; border-radius: 12px; background: var(--ground); font-size: 18px; font-weight: 600; }
.keys button:active { background: var(--jade-mist); }

.over { padding: 8px 16px calc(16px + env(safe-area-inset-bottom)); }
.over .again { width: 100%; height: 48px; border-radius: 24px; background: var(--jade); color: #fff; font-weight: 600; }
.rating { margin-bottom: 12px; text-align: center; } .rating p { margin: 0 0 8px; } .rating .ends { display: flex; justify-content: space-between; margin: 4px 0 0; font-size: 13px; color: var(--soft); }
.scores { display: grid; grid-template-columns: repeat(5, 1fr); gap: 8px; } .scores button { height: 48px; border-radius: 12px; background: var(--jade-mist); color: var(--jade-deep); font-size: 18px; font-weight: 600; } .scores button:hover { background: #d3e9e1; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@media (max-width: 520px) {
  .panel { inset: 0; width: auto; height: 100dvh; border-radius: 0; animation: none; }
  .panel.fitted { top: var(--view-top, 0); bottom: auto; height: var(--view-height, 100dvh); }
  header { padding-top: calc(10px + env(safe-area-inset-top)); padding-bottom: 10px; }
  .log li { max-width: 88%; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
  .log { scroll-behavior: auto; }
}
@media (forced-colors: active) {
  .bubble, .launcher, .round, .quick button, .call .buttons button { border: 1px solid CanvasText; }
}
`;
