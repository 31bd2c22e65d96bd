// VoiceClient: a hands-free call, PCM16 16 kHz both ways over a WebSocket. Protocol: docs/web.md.
import { Emitter } from "./emitter.js";

const RATE = 16000;
const STALLED_BYTES = 64 * 1024; // 2 s that the network has not taken: newer sound is worth more than older
const MICROPHONE = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PROBLEMS = {
  NotAllowedError: "没有麦克风权限。请在浏览器地址栏允许使用麦克风，然后再试一次。",
  NotFoundError: "没有找到麦克风，请您打字咨询。",
  NotReadableError: "麦克风正被其他程序占用，请关闭后再试。",
};

export class VoiceClient extends Emitter {
  #url; #files; #socket = null; #audio = null; #muted = false; #ready = false; #explained = false;
  active = false;

  constructor(url, files) {
    super();
    this.#url = new URL(url);
    this.#url.protocol = this.#url.protocol === "https:" ? "wss:" : "ws:";
    this.#files = files;
  }

  // Call it within a click; what it returns goes to start().
  prepare() {
    this.active = true;
    const context = new AudioContext({ sampleRate: RATE });
    context.resume();
    this.#audio = { playing: context, recording: null, stream: null };
    return this.#audio;
  }

  async start(audio, token) {
    if (this.#audio !== audio) return; // hung up while connecting
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "InsecureContext");
      audio.stream = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE });
      if (this.#audio !== audio) return release(audio); // hung up meanwhile
      await this.#openSpeaker(audio);
      await this.#openMicrophone(audio);
    } catch (error) {
      if (this.#audio !== audio) return release(audio);
      this.emit("problem", PROBLEMS[error.name] || "无法使用麦克风，请您打字咨询。语音需要安全的网页（https）。");
      return this.stop();
    }
    if (this.#audio === audio) this.#dial(token);
    else release(audio);
  }

  stop() {
    const socket = this.#socket, audio = this.#audio;
    this.#socket = this.#audio = null;
    this.#muted = this.#ready = this.#explained = false;
    if (socket) {
      if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"hang_up"}');
      socket.onclose = null;
      socket.close();
    }
    if (audio) release(audio);
    if (this.active) {
      this.active = false;
      this.emit("state", "off");
    }
  }

  mute(on) { this.#muted = on; }

  press(key) { this.#tell({ type: "key", key }); }

  async #openSpeaker(audio) {
    await audio.playing.audioWorklet.addModule(new URL("playback-worklet.js", this.#files));
    audio.speaker = new AudioWorkletNode(audio.playing, "shoudai-playback", { numberOfInputs: 0 });
    audio.speaker.connect(audio.playing.destination);
  }

  async #openMicrophone(audio) {
    audio.recording = audio.playing;
    let source;
    try {
      source = audio.recording.createMediaStreamSource(audio.stream);
    } catch { // Firefox wants the microphone's own rate; the worklet resamples
      audio.recording = new AudioContext();
      source = audio.recording.createMediaStreamSource(audio.stream);
    }
    await audio.recording.audioWorklet.addModule(new URL("capture-worklet.js", this.#files));
    const microphone = new AudioWorkletNode(audio.recording, "shoudai-capture", { numberOfOutputs: 0 });
    microphone.port.onmessage = ({ data }) => this.#heard(data);
    source.connect(microphone);
  }

  #dial(token) {
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => this.#tell({ type: "hello", token });
    socket.onmessage = ({ data }) => typeof data === "string" ? this.#receive(JSON.parse(data)) : this.#play(data);
    socket.onclose = () => {
      this.#socket = null;
      if (!this.#explained) this.emit("problem", "语音通话已断开，您可以重新接通，或者打字咨询。");
      this.stop();
    };
  }

  #receive(message) {
    switch (message.type) {
      case "ready": this.#ready = true; return this.emit("state", "listening");
      case "hearing": return this.emit("state", "hearing");
      case "final": return this.emit("state", message.text ? "thinking" : "listening");
      case "speaking": return this.emit("state", "speaking");
      case "listening": return this.emit("state", "listening");
      case "partial": return this.emit("partial", message.text);
      case "clear": return this.#audio?.speaker.port.postMessage("clear");
      case "error": this.#explained = true; return this.emit("problem", message.message);
      case "ended": return this.#ended();
    }
  }

  // The last words may still be in the playback buffer: let them out.
  #ended() {
    this.#socket.onclose = null;
    this.#socket = null;
    const audio = this.#audio;
    setTimeout(() => this.#audio === audio && this.stop(), 400);
  }

  #play(pcm) { this.#audio?.speaker.port.postMessage(pcm, [pcm]); }

  #heard({ pcm, level }) {
    if (level !== undefined) this.emit("level", this.#muted ? 0 : level);
    if (!pcm || !this.#socket || this.#socket.readyState !== WebSocket.OPEN || !this.#ready) return;
    if (this.#socket.bufferedAmount > STALLED_BYTES) return;
    // Muted is silence, not nothing: the frames are the call's clock.
    this.#socket.send(this.#muted ? new ArrayBuffer(pcm.byteLength) : pcm);
  }

  #tell(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

function release(audio) {
  for (const track of audio.stream?.getTracks() ?? []) track.stop();
  for (const context of new Set([audio.playing, audio.recording])) {
    if (context && context.state !== "closed") context.close();
  }
}
