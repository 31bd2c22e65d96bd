// Interleaved PCM16 to two loudspeakers, each side a little in both ears; what comes too late is dropped, so that one
// hears the call as it is now.
const PREBUFFER_S = 0.2;
const LONGEST_S = 1.5;
const NEAR = 0.85, FAR = 0.35;
const REPORT_S = 0.1;

class Listen extends AudioWorkletProcessor {
  #queue = []; #offset = 0; #waiting = 0; #playing = false; #caller = 0; #bot = 0; #reported = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      const samples = new Int16Array(data);
      this.#queue.push(samples);
      this.#waiting += samples.length / 2;
      while (this.#waiting > LONGEST_S * sampleRate && this.#queue.length > 1) {
        this.#waiting -= (this.#queue.shift().length - this.#offset) / 2;
        this.#offset = 0;
      }
    };
  }

  process(_, [[left, right]]) {
    this.#playing ||= this.#waiting > PREBUFFER_S * sampleRate;
    for (let at = 0; this.#playing && at < left.length; at++) {
      const head = this.#queue[0];
      if (!head) { this.#playing = false; break; }
      const caller = head[this.#offset] / 32768, bot = head[this.#offset + 1] / 32768;
      this.#offset += 2;
      this.#waiting--;
      if (this.#offset >= head.length) { this.#queue.shift(); this.#offset = 0; }
      left[at] = caller * NEAR + bot * FAR;
      right[at] = caller * FAR + bot * NEAR;
      this.#caller = Math.max(this.#caller, Math.abs(caller));
      this.#bot = Math.max(this.#bot, Math.abs(bot));
    }
    if (currentTime - this.#reported > REPORT_S) {
      this.port.postMessage([Math.sqrt(this.#caller), Math.sqrt(this.#bot)]);
      this.#caller = this.#bot = 0;
      this.#reported = currentTime;
    }
    return true;
  }
}

registerProcessor("shoudai-listen", Listen);
