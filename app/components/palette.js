// The palette: what is typed is asked of the session, what the page knows is sifted here; text is only ever text.
const WAIT_MS = 140;
const MOST = 8;

export default function (component) {
  const { parentElement: root } = component;
  const held = (root.palette ??= begin(root));
  held.component = component;
  held.draw();
  return () => document.removeEventListener("keydown", held.key, true);
}

function begin(root) {
  const find = (what) => root.querySelector(what);
  const held = { active: 0, shown: [] };
  const dialog = find("dialog");
  const input = find("input");

  held.draw = () => draw(held, find("#found"), input, find("[role=status]"));
  held.key = (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      event.stopPropagation();
      dialog.open ? dialog.close() : open();
    }
  };
  const open = () => {
    input.value = "";
    held.active = 0;
    held.left = held.entered = false;
    held.draw();
    dialog.showModal();
    input.focus();
    held.component.setStateValue("asked", "");
  };
  document.addEventListener("keydown", held.key, true);
  find(".open").onclick = open;
  input.oninput = () => {
    held.active = 0;
    held.entered = false;
    held.draw();
    clearTimeout(held.later);
    held.later = setTimeout(() => held.component.setStateValue("asked", input.value.trim()), WAIT_MS);
  };
  input.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && held.shown.length) {
      event.preventDefault();
      held.active = (held.active + step + held.shown.length) % held.shown.length;
      held.draw();
    } else if (event.key === "Escape") {
      // A search field would only be emptied by it.
      event.preventDefault();
      dialog.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      // What is shown may still answer an earlier question: Enter is for the answer to what was typed.
      if (held.waiting && held.active === 0) held.entered = true;
      else held.choose(held.active);
    }
    // What is typed here is not for the page's own shortcuts.
    event.stopPropagation();
  };
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.onclose = () => {
    clearTimeout(held.later);
    held.entered = false;
    if (!held.left) held.component.setStateValue("asked", null);
  };
  held.choose = (place) => {
    const one = held.shown[place];
    if (one) {
      // Nothing may follow the choice: a later message speaks for the page that is left, and would lead back to it.
      held.left = true;
      dialog.close();
      held.component.setTriggerValue("chosen", one.go);
    }
  };
  return held;
}

function draw(held, list, input, status) {
  const { data } = held.component;
  const asked = input.value.trim();
  const waiting = (held.waiting = data.asked !== asked);
  held.shown = data.items.filter((one) => (one.group === "Customers" ? asked !== "" : fits(one, asked)));
  held.shown = most(held.shown);
  held.active = Math.min(held.active, Math.max(held.shown.length - 1, 0));
  const rows = [];
  held.shown.forEach((one, place) => {
    if (place === 0 || held.shown[place - 1].group !== one.group) rows.push(made("div", "group", one.group));
    rows.push(option(held, one, place));
  });
  if (!held.shown.length) rows.push(made("div", "nothing", waiting ? "Looking" : `Nothing that ${data.purpose} may see is known by that.`));
  list.replaceChildren(...rows);
  input.setAttribute("aria-activedescendant", held.shown.length ? `one-${held.active}` : "");
  status.textContent = waiting ? "Looking" : `${held.shown.length} found`;
  list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  if (held.entered && !waiting) {
    held.entered = false;
    held.choose(held.active);
  }
}

function option(held, one, place) {
  const row = made("div", "one", "");
  row.id = `one-${place}`;
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", String(place === held.active));
  row.append(made("bdi", "", one.title), made("bdi", "note", one.note));
  row.onclick = () => held.choose(place);
  row.onmousemove = () => {
    if (held.active !== place) {
      held.active = place;
      held.draw();
    }
  };
  return row;
}

function made(tag, name, told) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (name === "group") element.setAttribute("role", "presentation");
  element.textContent = told;
  return element;
}

function fits(one, asked) {
  const plain = (told) => told.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain(asked).split(/\s+/).every((word) => plain(one.title).includes(word));
}

function most(items) {
  const counted = {};
  return items.filter((one) => (counted[one.group] = (counted[one.group] ?? 0) + 1) <= MOST);
}
