// A button copies the field it names; without this script, or where copying is refused, the field is selected by hand.
document.querySelectorAll("[data-copies]").forEach((button) => {
  const field = document.getElementById(button.dataset.copies);
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(field.value).then(
      () => { button.textContent = button.dataset.done; },
      () => { field.focus(); },
    );
  });
});
