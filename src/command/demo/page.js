// The demo's drawer: codes to tap, papers, faults. The customer screen itself is in app.js.
"use strict";

(() => {
  const EVERY_MS = 1000;
  const FAULTS = {
    no_paper: "没有纸 · No paper",
    cover_open: "机盖打开 · Cover open",
    site_silent: "现场系统无响应 · On-site service silent",
    cloud_silent: "云端无响应 · Cloud silent",
  };
  const token = document.querySelector("meta[name=token]").content;
  const headers = { "Content-Type": "application/json", "X-Token": token };
  let codesShown = "";
  let papersShown = "";

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function send(path, body) {
    return fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).then(look, () => undefined);
  }

  const codes = element("div", { id: "demo-codes" });
  const faults = element("div", { id: "demo-faults" });
  const papers = element("div", { id: "demo-papers" });
  const close = element("button", { id: "demo-close", type: "button", textContent: "×" });
  close.setAttribute("aria-label", "关闭 · Close");
  const drawer = element(
    "aside",
    { id: "demo", hidden: true },
    close,
    element("p", { textContent: "演示：模拟影院，样票 · A demo: simulated cinema, sample tickets" }),
    element("h2", { textContent: "扫一个码 · Scan a code" }),
    codes,
    element("h2", { textContent: "故障 · Faults" }),
    faults,
    element("h2", { textContent: "打印机的纸 · The printer's paper" }),
    papers,
  );
  drawer.setAttribute("aria-label", "Demo");
  const open = element("button", { id: "demo-open", type: "button", textContent: "Demo" });

  for (const [fault, name] of Object.entries(FAULTS)) {
    const button = element("button", { type: "button", textContent: name });
    button.dataset.fault = fault;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => send("/demo/fault", { fault, on: button.getAttribute("aria-pressed") !== "true" }));
    faults.append(button);
  }

  async function look() {
    if (drawer.hidden) return;
    const answer = await fetch("/demo/things", { headers }).catch(() => null);
    if (!answer?.ok) return;
    const things = await answer.json();
    if (codesShown !== JSON.stringify(things.codes)) {
      codesShown = JSON.stringify(things.codes);
      codes.replaceChildren(
        ...things.codes.map(({ code, what }) => {
          const button = element("button", { type: "button" }, element("b", { textContent: code }), what);
          button.addEventListener("click", () => send("/demo/code", { code }));
          return button;
        }),
      );
    }
    for (const button of faults.children) button.setAttribute("aria-pressed", String(things.faults[button.dataset.fault]));
    if (papersShown !== things.papers.join()) {
      papersShown = things.papers.join();
      papers.replaceChildren(
        ...things.papers.map((name) => element("img", { src: `/demo/paper/${name}?token=${token}`, alt: name })),
      );
    }
  }

  open.addEventListener("click", () => {
    drawer.hidden = false;
    look();
  });
  close.addEventListener("click", () => {
    drawer.hidden = true;
  });
  setInterval(look, EVERY_MS);
  document.querySelector("header").insertBefore(open, document.querySelector("#larger"));
  document.body.append(drawer);
})();
