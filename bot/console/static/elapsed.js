// How long something has lasted or waits, counted on by the page itself.

const two = (number) => String(number).padStart(2, "0");

export function elapsed(sinceMs) {
  const seconds = Math.max(0, Math.floor((Date.now() - sinceMs) / 1000));
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
  if (hours >= 24) return `${Math.floor(hours / 24)}天${hours % 24}小时`;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function countOn() {
  for (const time of document.querySelectorAll("time[data-since]")) time.textContent = elapsed(Number(time.dataset.since));
}

setInterval(countOn, 1000);
