// Emitter: named events with a detail, for parts that do not know each other.
export class Emitter extends EventTarget {
  on(name, listener) { this.addEventListener(name, listener); }
  emit(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
