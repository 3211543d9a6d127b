// A button that has a model validated by Khronos' glTF Validator, in a worker, and says what it found.
import { installStyles } from "../styles.js";

const MOST_SHOWN = 12;
const SEVERITIES = ["error", "warning", "info", "hint"];

export function create(host) {
  const root = element("section", "validation");
  const button = element("button", "", "Validate with Khronos’ glTF Validator");
  const verdict = element("p", "verdict");
  const issues = element("ul", "issues");
  let worker, shown;
  root.dataset.testid = "validation";
  button.type = "button";
  verdict.setAttribute("role", "status");
  verdict.hidden = issues.hidden = true;
  installStyles(host, new URL("validation.css", import.meta.url));
  root.append(button, verdict, issues);
  host.append(root);

  function say(sentence, found = []) {
    verdict.textContent = sentence;
    verdict.hidden = false;
    issues.replaceChildren(...found.map((issue) => element("li", "", sentenceOf(issue))));
    issues.hidden = found.length === 0;
  }

  function end() {
    worker?.terminate();
    worker = undefined;
    button.disabled = false;
  }

  button.onclick = () => {
    button.disabled = true;
    say("Validating …");
    worker = new Worker(new URL("validator_worker.js", import.meta.url));
    worker.onerror = () => (say("The validator could not be run in this browser."), end());
    worker.onmessage = ({ data }) => {
      if (data.trouble) say(data.trouble);
      else say(verdictOf(data), data.issues.messages.slice(0, MOST_SHOWN));
      end();
    };
    const absolute = (address) => new URL(address, document.baseURI).href;
    worker.postMessage({ validator: absolute(shown.validator), src: absolute(shown.src) });
  };

  return {
    update({ data }) {
      if (shown && data.src !== shown.src) {
        end();
        verdict.hidden = issues.hidden = true;
      }
      shown = data;
    },
    remove() {
      end();
      root.remove();
    },
  };
}

function verdictOf({ issues, validatorVersion }) {
  const counts = [issues.numErrors, issues.numWarnings, issues.numInfos, issues.numHints];
  const told = counts.map((count, at) => (count ? `${count} ${SEVERITIES[at]}${count > 1 && at !== 2 ? "s" : ""}` : "")).filter(Boolean);
  const found = told.length ? told.join(", ") : "nothing to complain of";
  return `${issues.numErrors ? "Not valid" : "Valid"} glTF: ${found} (glTF Validator ${validatorVersion}).`;
}

function sentenceOf({ severity, message, pointer }) {
  return `${SEVERITIES[severity]}: ${message}${pointer ? ` (${pointer})` : ""}`;
}

function element(kind, name, text = "") {
  const made = document.createElement(kind);
  made.className = name;
  made.textContent = text;
  return made;
}
