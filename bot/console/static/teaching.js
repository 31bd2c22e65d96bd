// The queue of corrections: what was edited and not saved goes with the sentences that are accepted.

const isEdited = (form) =>
  [...form.elements].some((field) =>
    field.tagName === "SELECT"
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue,
  );

const accepting = document.getElementById("accept");

accepting?.addEventListener("submit", async (event) => {
  const edited = [...document.querySelectorAll("form.suggestion")].filter(isEdited);
  if (!edited.length) return;
  event.preventDefault();
  for (const form of edited) {
    if (!form.reportValidity()) return;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(
      () => null,
    );
    if (!answer?.ok) {
      // The page of the refusal, or the browser's where there is no connection, says why; nothing was accepted.
      form.submit();
      return;
    }
  }
  accepting.submit();
});
