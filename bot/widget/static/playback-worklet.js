// PCM16 16 kHz to the loudspeaker with a 60 ms prebuffer; "clear" drops what was not yet heard.
const RATE = 16000;
const PREBUFFER = 0.06 * RATE;
const PATIENCE_S = 0.12; // the end of a sentence may be shorter than the prebuffer: play it after this long
const LONGEST = 10 * RATE; // the server paces its sound, so more than this is a fault: the oldest is dropped
const FADE = 0.005; // seconds; a hard cut clicks

class Playback extends AudioWorkletProcessor {
  #queue = []; #offset = 0; #waiting = 0; #playing = false; #since = 0; #fade = 1; #clearing = false;
  #last = 0; #position = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => data === "clear" ? this.#clear() : this.#add(new Int16Array(data));
  }

  #add(samples) {
    if (this.#clearing) this.#drop();
    if (!this.#waiting) this.#since = currentTime;
    this.#queue.push(samples);
    this.#waiting += samples.length;
    while (this.#waiting > LONGEST) this.#waiting -= this.#queue.shift().length - this.#takeOffset();
  }

  #takeOffset() { const offset = this.#offset; this.#offset = 0; return offset; }

  #clear() { this.#playing && this.#waiting ? this.#clearing = true : this.#drop(); }

  #drop() {
    this.#queue = [];
    this.#offset = this.#waiting = this.#last = 0;
    this.#playing = this.#clearing = false;
    this.#fade = 1;
  }

  #take() {
    if (!this.#waiting) return null;
    const head = this.#queue[0], sample = head[this.#offset++] / 32768;
    this.#waiting--;
    if (this.#offset === head.length) { this.#queue.shift(); this.#offset = 0; }
    return sample;
  }

  process(_, [[output]]) {
    if (!this.#playing) {
      const patient = this.#waiting && currentTime - this.#since > PATIENCE_S;
      if (this.#waiting < PREBUFFER && !patient) return true;
      this.#playing = true;
    }
    const step = RATE / sampleRate;
    for (let i = 0; i < output.length; i++) {
      output[i] = this.#next(step) * this.#fade;
      if (this.#clearing && (this.#fade -= 1 / (FADE * sampleRate)) <= 0) { this.#drop(); break; }
      if (!this.#playing) break;
    }
    return true;
  }

  // Straight at 16 kHz; linear between samples where the context insists on another rate.
  #next(step) {
    if (step === 1) {
      const sample = this.#take();
      if (sample === null) { this.#playing = false; this.#clearing = false; this.#fade = 1; return 0; }
      return sample;
    }
    this.#position += step;
    while (this.#position >= 1) {
      this.#position -= 1;
      const sample = this.#take();
      if (sample === null) { this.#drop(); return 0; }
      this.#previous = this.#last;
      this.#last = sample;
    }
    return this.#previous + (this.#last - this.#previous) * this.#position;
  }

  #previous = 0;
}

registerProcessor("shoudai-playback", Playback);
