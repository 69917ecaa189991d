// Shows the diagram of every [data-bpmn-url] element.
//
//   data-bpmn-url     where the BPMN file is
//   data-bpmn-state   JSON: [{"element": "assess", "marker": "active", "count": 3, "text": "Ben, since Monday"}]
//   data-bpmn-buttons JSON: what the buttons say, {"closer": "Closer", "farther": "Farther", "whole": "Whole diagram"}
//   data-bpmn-failed  the sentence shown when the file cannot be shown, in the reader's language
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./viewer.css";

const READABLE = 0.7; // below half of it, the labels of a large diagram cannot be read
const STEP = 1.35;
const started = new WeakSet();

async function read(url) {
  const answer = await fetch(url, { headers: { Accept: "application/xml" }, credentials: "same-origin" });
  if (!answer.ok) {
    throw new Error(`${url} answered ${answer.status}`);
  }
  return answer.text();
}

function badge({ count, text }) {
  const node = document.createElement("div");
  node.className = "mg-badge";
  node.textContent = count ?? "";
  if (text) {
    node.title = text;
    const words = document.createElement("span");
    words.className = "mg-badge-text";
    words.textContent = text;
    node.append(words);
  }
  return node;
}

function mark(viewer, states) {
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  for (const state of states) {
    if (!registry.get(state.element)) {
      continue; // the diagram was changed since; the text twin still names the step
    }
    if (state.marker) {
      canvas.addMarker(state.element, `mg-${state.marker}`);
    }
    if (state.count !== undefined || state.text) {
      overlays.add(state.element, { position: { top: -12, right: 12 }, html: badge(state) });
    }
  }
}

function fail(place, error) {
  const sentence = document.createElement("p");
  sentence.className = "mg-diagram-failed";
  sentence.setAttribute("role", "status");
  sentence.textContent = place.dataset.bpmnFailed || "The diagram cannot be shown.";
  place.replaceChildren(sentence);
  console.warn("diagram", error);
}

// A large diagram opens where the case is; one that fits is shown whole.
function settle(viewer, states) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const whole = canvas.zoom("fit-viewport", "auto");
  const here = states.find(({ element, marker }) => ["incident", "late", "active"].includes(marker) && registry.get(element));
  if (!here || whole >= READABLE / 1.4) {
    return;
  }
  canvas.zoom(READABLE);
  const { x, y, width, height } = registry.get(here.element);
  const view = canvas.viewbox();
  canvas.viewbox({ ...view, x: x + width / 2 - view.width / 2, y: y + height / 2 - view.height / 2 });
}

function addButtons(place, viewer) {
  if (!place.dataset.bpmnButtons) {
    return;
  }
  const canvas = viewer.get("canvas");
  const words = JSON.parse(place.dataset.bpmnButtons);
  const doings = {
    closer: ["+", () => canvas.zoom(Math.min(canvas.zoom() * STEP, 4))],
    farther: ["−", () => canvas.zoom(Math.max(canvas.zoom() / STEP, 0.1))],
    whole: ["⤢", () => canvas.zoom("fit-viewport", "auto")],
  };
  const bar = document.createElement("div");
  bar.className = "mg-buttons";
  for (const [name, [sign, doing]] of Object.entries(doings)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.title = words[name];
    button.setAttribute("aria-label", words[name]);
    button.addEventListener("click", doing);
    bar.append(button);
  }
  place.append(bar);
}

async function show(place) {
  started.add(place);
  place.classList.add("mg-diagram");
  // the wheel scrolls the page, as everywhere; the buttons and dragging move the diagram
  const viewer = new NavigatedViewer({ container: place, zoomScroll: { enabled: false } });
  const states = JSON.parse(place.dataset.bpmnState || "[]");
  try {
    await viewer.importXML(await read(place.dataset.bpmnUrl));
    mark(viewer, states);
    settle(viewer, states);
    addButtons(place, viewer);
    place.dataset.bpmnShown = "true";
  } catch (error) {
    viewer.destroy();
    fail(place, error);
  }
}

async function showAll() {
  const places = [...document.querySelectorAll("[data-bpmn-url]")].filter((place) => !started.has(place));
  await Promise.all(places.map(show));
  document.documentElement.dataset.ready = "true";
}

document.addEventListener("htmx:load", showAll);
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", showAll);
} else {
  showAll();
}
