// The picker: what is pointed at in the frame, or chosen beside it, is asked of the server, which draws what it is.
import "./when.js";
const MOST = 10_000_000;
const picker = document.querySelector("[data-picker]");

begin();

function begin() {
  const frame = picker.querySelector("[data-frame]");
  const part = (name) => picker.querySelector(`[data-part="${name}"]`);
  const numbers = (text) => (text ? text.split(",").map(Number) : []);
  picker.previousElementSibling.remove(); // that it needs scripts
  let left = [];
  let asked = 0;
  let before = ""; // what was chosen before

  // Its origin is no origin, so nobody else can be named; what it is told are numbers and names of candidates.
  const tell = (words) => frame.contentWindow.postMessage(words, "*");

  async function draw(name, address) {
    const answer = await fetch(`${picker.dataset.picker}/${address}`);
    if (answer.redirected || answer.status === 404) return location.reload(); // signed out, or gone: a page says so
    part(name).innerHTML = await answer.text(); // of our own templates
  }

  function showChosen() {
    const chosen = part("choice").querySelector("[data-chosen]");
    if (!chosen) return;
    left = numbers(chosen.dataset.without);
    tell({ chosen: numbers(chosen.dataset.places), left });
  }

  function showFound() {
    const found = [...part("candidates").querySelectorAll("[data-places]")];
    const shown = found.filter((each) => each.dataset.places);
    tell({
      found: shown.map((each) => numbers(each.dataset.places)),
      names: shown.map((each) => each.dataset.name),
    });
  }

  async function choose(of) {
    const own = ++asked;
    const last = part("choice").querySelector("[data-chosen]")?.dataset.chosen;
    if (last && last !== of) before = last;
    part("choice").setAttribute("aria-busy", "true");
    await draw("choice", `choice?of=${of}&without=${left.join(",")}`);
    if (own !== asked) return;
    part("choice").removeAttribute("aria-busy");
    showChosen();
    part("choice").focus({ preventScroll: matchMedia("(min-width: 960px)").matches });
  }

  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || !Number.isInteger(data)) return;
    if (data >= 0 && data <= MOST) choose(`v${data}`);
  });
  picker.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const { leave, restore, of } = button.dataset;
    if (leave) {
      left = [...new Set([...left, Number(leave)])];
      choose(before || part("choice").querySelector("[data-up]")?.dataset.up || `v${leave}`);
    } else if (of) {
      if (restore) left = left.filter((number) => number !== Number(restore));
      choose(of);
    }
  });
  picker.querySelector("[data-showing]").addEventListener("submit", async (event) => {
    event.preventDefault();
    await draw("showing", `showing?q=${encodeURIComponent(new FormData(event.target).get("q"))}`);
    part("showing").querySelector("button")?.focus();
  });
  function show() {
    // Of a blank page, or of a wall before it, nobody is asked to click what they want.
    picker.querySelector("#pick-keys").hidden = part("candidates").querySelector("[data-nothing]") !== null;
    showFound();
    showChosen();
  }
  frame.addEventListener("load", show);
  draw("candidates", "candidates").then(show);
}
