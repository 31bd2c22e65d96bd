// Layout: the widget's elements, made once. Texts of conversations never pass through markup.
import { ICONS } from "./icons.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

export const LAYOUT = `
<button class="launcher" type="button" aria-haspopup="dialog" aria-expanded="false">
  ${ICONS.chat}<span>在线客服</span><span class="unread" hidden></span>
</button>
<section class="panel" role="dialog" aria-labelledby="title" hidden>
  <header>
    <div class="avatar">${ICONS.mark}</div>
    <div class="names"><h2 id="title"></h2><p class="connection" data-state="connecting" role="status">正在连接…</p></div>
    <button class="person" type="button">${ICONS.person}<span>转人工</span></button>
    <button class="close" type="button" aria-label="收起客服窗口">${ICONS.down}</button>
  </header>
  <div class="log" tabindex="0" aria-label="对话内容">
    <p class="day"></p>
    <div role="log" aria-live="polite" aria-relevant="additions"><ol></ol></div>
    <div class="typing" hidden><i></i><i></i><i></i><span class="sr">客服正在输入</span></div>
  </div>
  <div class="quick" role="group" aria-label="快捷回复" hidden></div>
  <form class="composer">
    <div class="field">
      <textarea rows="1" maxlength="500" placeholder="请输入您的问题" aria-label="请输入您的问题" enterkeyhint="send"></textarea>
    </div>
    <button class="round speak" type="button" aria-label="语音咨询">${ICONS.microphone}</button>
    <button class="round send" type="submit" aria-label="发送" disabled hidden>${ICONS.send}</button>
  </form>
  <div class="call" role="group" aria-label="语音通话" hidden>
    <div class="line">
      <div class="orb">${ICONS.microphone}</div>
      <div class="words"><p class="state" role="status"></p><p class="partial"></p></div>
    </div>
    <div class="keys" role="group" aria-label="数字键盘" hidden>
      ${KEYS.map((key) => `<button type="button" data-key="${key}">${key}</button>`).join("")}
    </div>
    <div class="buttons">
      <button class="mute" type="button" aria-pressed="false">${ICONS.muted}<span>静音</span></button>
      <button class="pad" type="button" aria-expanded="false">${ICONS.keypad}<span>按键</span></button>
      <button class="end" type="button">${ICONS.hangUp}<span>挂断</span></button>
    </div>
  </div>
  <div class="over" hidden>
    <div class="rating" role="group" aria-label="请为这次服务打分，五分最满意" hidden>
      <p>这次服务您满意吗？</p>
      <div class="scores">${[1, 2, 3, 4, 5].map((score) => `<button type="button" data-score="${score}" aria-label="${score} 分">${score}</button>`).join("")}</div>
      <p class="ends" aria-hidden="true"><span>不满意</span><span>很满意</span></p>
    </div>
    <button class="again" type="button">开始新的对话</button>
  </div>
</section>`;
