// Shows the maintenance menu over everything while the kiosk sends one, and the codes of what is the matter. Decides
// nothing: the keys are app.js's, by their data-key.
"use strict";

(() => {
  // As the menu's own lines call them.
  const NAMES = { back: { "zh-CN": "返回", en: "Back" }, enter: { "zh-CN": "确定", en: "Enter" } };
  const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "back", "0", "enter"];

  const menu = document.createElement("section");
  menu.id = "menu";
  menu.hidden = true;
  menu.setAttribute("role", "dialog");
  menu.setAttribute("aria-modal", "true");
  menu.setAttribute("aria-labelledby", "menu-title");
  const part = (name, id) => {
    const element = document.createElement(name);
    element.id = id;
    menu.append(element);
    return element;
  };
  const title = part("h1", "menu-title");
  const lines = part("pre", "menu-lines");
  lines.setAttribute("role", "status");
  const keys = part("div", "menu-keys");
  const foot = part("p", "menu-foot");
  for (const name of KEYS) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.key = name;
    button.textContent = name;
    keys.append(button);
  }
  document.body.append(menu);

  const notices = document.createElement("p");
  notices.id = "notices";
  notices.hidden = true;
  document.getElementById("clock").before(notices);

  const put = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  document.addEventListener("view", ({ detail: view }) => {
    const shown = view.menu;
    menu.hidden = !shown;
    document.body.dataset.menu = String(Boolean(shown));
    if (shown) {
      put(title, shown.title);
      put(lines, shown.lines.join("\n"));
      put(foot, shown.foot);
      menu.dataset.wrong = String(shown.wrong);
      for (const [name, texts] of Object.entries(NAMES)) {
        put(keys.querySelector(`[data-key=${name}]`), texts[view.language]);
      }
    }
    // Each code; what to do about the gravest, where the screen doesn't say so already.
    const codes = view.notices.map((notice) => notice.code).join(" ");
    const gravest = view.notices.find((notice) => notice.code !== view.fault?.code);
    notices.hidden = codes === "";
    put(notices, gravest ? `${codes} · ${gravest.code}: ${gravest.staff[view.language]}` : codes);
  });
})();
