// Listening: both sides of a call from a stream of interleaved PCM16; caller to the left, bot to the right.

const NOTES = { 403: "您的角色不能旁听。", 404: "通话已经结束。", 503: "旁听的人太多了，请稍后再试。" };

export class Listening {
  #address; #tell; #context = null; #abort = null;

  constructor(address, tell) {
    this.#address = address;
    this.#tell = tell;
  }

  get active() { return this.#abort !== null; }

  async start() {
    const abort = this.#abort = new AbortController();
    this.#tell.state(true, "正在接通…");
    try {
      const answer = await fetch(this.#address, { signal: abort.signal, redirect: "error" });
      if (!answer.ok) return this.stop(NOTES[answer.status] ?? "暂时不能旁听。");
      await this.#play(answer, abort.signal);
      if (!abort.signal.aborted) this.stop("通话已经结束。");
    } catch {
      if (!abort.signal.aborted) this.stop("旁听中断了。");
    }
  }

  stop(note = "") {
    if (!this.#abort) return;
    this.#abort.abort();
    this.#abort = null;
    this.#context?.close();
    this.#context = null;
    this.#tell.state(false, note);
    this.#tell.level(0, 0);
  }

  async #play(answer, signal) {
    const context = new AudioContext({ sampleRate: Number(answer.headers.get("x-sample-rate")) || 8000 });
    this.#context = context;
    await context.audioWorklet.addModule(new URL("listen-worklet.js", import.meta.url));
    if (signal.aborted) return;
    const speaker = new AudioWorkletNode(context, "shoudai-listen", { numberOfInputs: 0, outputChannelCount: [2] });
    speaker.port.onmessage = ({ data: [caller, bot] }) => signal.aborted || this.#tell.level(caller, bot);
    speaker.connect(context.destination);
    await context.resume();
    this.#tell.state(true, "正在旁听，客户听不到您。");
    const reader = answer.body.getReader();
    let rest = new Uint8Array(0);
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      const bytes = new Uint8Array(rest.length + value.length);
      bytes.set(rest);
      bytes.set(value, rest.length);
      const whole = bytes.length - (bytes.length % 4); // one sample of both sides
      rest = bytes.slice(whole);
      if (whole) speaker.port.postMessage(bytes.buffer.slice(0, whole));
    }
  }
}
