// Shows the diagram of every [data-bpmn-url] element.
//
//   data-bpmn-url     where the BPMN file is
//   data-bpmn-state   JSON: [{"element": "assess", "marker": "active", "count": 3, "text": "Ben, since Monday"}]
//   data-bpmn-failed  the sentence shown when the file cannot be shown, in the reader's language
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./viewer.css";

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

async function show(place) {
  started.add(place);
  place.classList.add("mg-diagram");
  const viewer = new NavigatedViewer({ container: place });
  try {
    await viewer.importXML(await read(place.dataset.bpmnUrl));
    mark(viewer, JSON.parse(place.dataset.bpmnState || "[]"));
    viewer.get("canvas").zoom("fit-viewport", "auto");
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
