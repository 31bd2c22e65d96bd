// One conversation: a sentence's sign plays the recording from where it was said.

document.addEventListener("click", (event) => {
  const sign = event.target.closest(".hear");
  if (!sign) return;
  const sound = document.getElementById(`call-${sign.dataset.call}`);
  if (!sound) return;
  sound.currentTime = Number(sign.dataset.at) / 1000;
  sound.play();
});
