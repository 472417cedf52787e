// A file made in the browser from what the session's own connection brought: no link to it exists anywhere.
export default function (component) {
  const { data, parentElement } = component;
  const group = parentElement.querySelector(".twin");
  group.setAttribute("aria-label", `Download ${data.title}`);
  const buttons = data.files.map((file) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = file.kind;
    button.title = `${data.title} as ${file.kind}`;
    button.onclick = () => save(file);
    return button;
  });
  group.replaceChildren(label(data.label), ...buttons);
}

function label(said) {
  const told = document.createElement("span");
  told.textContent = said;
  told.setAttribute("aria-hidden", "true");
  return told;
}

function save(file) {
  const body = file.base64 ? Uint8Array.from(atob(file.text), (one) => one.charCodeAt(0)) : file.text;
  const type = file.base64 ? file.type : `${file.type};charset=utf-8`;
  const address = URL.createObjectURL(new Blob([body], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  // The browser has taken hold of the file once the click was told to everybody.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
