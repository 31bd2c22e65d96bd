// Microphone to PCM16 16 kHz mono in 20 ms frames, whatever rate the context runs at.
const RATE = 16000;
const FRAME = RATE / 50;
const TAPS = 32; // of the low-pass on either side; only used where the context is not at 16 kHz

class Capture extends AudioWorkletProcessor {
  #frame = new Int16Array(FRAME); #filled = 0; #power = 0; #frames = 0;
  #history = new Float32Array(0); #next = 0;

  process([[input]]) {
    if (!input) return true;
    if (sampleRate === RATE) for (const sample of input) this.#push(sample);
    else this.#resample(input);
    return true;
  }

  // Windowed sinc at the output's Nyquist frequency, evaluated where each output sample falls.
  #resample(input) {
    const step = sampleRate / RATE, cut = 0.9 * Math.min(1, 1 / step), reach = TAPS * Math.max(1, step);
    const samples = new Float32Array(this.#history.length + input.length);
    samples.set(this.#history);
    samples.set(input, this.#history.length);
    let at = this.#next;
    for (; at + reach < samples.length; at += step) {
      let sum = 0;
      for (let i = Math.max(0, Math.ceil(at - reach)); i <= at + reach; i++) {
        const x = (i - at) * cut, window = 0.5 + 0.5 * Math.cos(Math.PI * (i - at) / reach);
        sum += samples[i] * (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)) * cut * window;
      }
      this.#push(sum);
    }
    const drop = Math.max(0, Math.floor(at - reach));
    this.#history = samples.slice(drop);
    this.#next = at - drop;
  }

  #push(sample) {
    const clipped = Math.max(-1, Math.min(1, sample));
    this.#power += clipped * clipped;
    this.#frame[this.#filled++] = clipped * 32767;
    if (this.#filled < FRAME) return;
    const message = { pcm: this.#frame.buffer };
    if (++this.#frames % 4 === 0) message.level = Math.min(1, Math.sqrt(this.#power / FRAME) * 6);
    this.port.postMessage(message, [message.pcm]);
    this.#frame = new Int16Array(FRAME);
    this.#filled = this.#power = 0;
  }
}

registerProcessor("shoudai-capture", Capture);
