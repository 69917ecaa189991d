// The box in the head ticks every row's box, and shows when only some are ticked; without this script the server does it.
document.querySelectorAll("[data-tick-all]").forEach((all) => {
  const form = all.form;
  const boxes = () => Array.from(form.querySelectorAll('input[name="task"]'));
  const count = form.querySelector("[data-tick-count]");
  const show = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && ticked < boxes().length;
    if (count) count.textContent = ticked;
  };
  all.addEventListener("change", () => {
    boxes().forEach((box) => { box.checked = all.checked; });
    show();
  });
  form.addEventListener("change", (event) => { if (event.target !== all) show(); });
  show();
});
