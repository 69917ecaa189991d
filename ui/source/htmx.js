// Partial updates on every page; tests wait for <html data-ready>.
import htmx from "htmx.org";

htmx.config.allowEval = false; // the content security policy forbids it
htmx.config.historyCacheSize = 0; // no page of one person stays in a shared browser
htmx.config.includeIndicatorStyles = false; // the style sheet has them
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "409|422", swap: true, error: false }, // a conflict and a form with faults are pages to read
  { code: "[45]..", swap: false, error: true },
];
window.htmx = htmx;

htmx.onLoad(() => {
  if (!document.querySelector("[data-bpmn-url]")) {
    document.documentElement.dataset.ready = "true";
  }
});
