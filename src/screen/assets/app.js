// Shows the view that the kiosk sends, and sends keys. Decides nothing, keeps nothing.
"use strict";

(() => {
  const SILENT_MS = 15000; // three beats of the stream
  const RETRY_MS = 1000;
  const LETTER_ROWS = ["1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"];
  const WITH_KEYS = ["welcome", "entering"];
  const RESULTS_LEFT_BY_BACK = ["entering", "waiting"];
  const MARK_LOST_MS = 3000;
  const SEATS_SHOWN = 24;
  const STEPS = { working: 0, printing: 1, printed: 2 };

  const $ = (id) => document.getElementById(id);
  const token = document.querySelector("meta[name=token]").content;
  const body = document.body;
  let view = null;
  let until = null;
  let lockedUntil = null;
  let stream = null;
  let heard = 0;
  let lostAt = null;
  let wantLetters = false;
  let wasState = null;

  // -- saying --

  const say = (text) => (text ? text[view.language] ?? text["zh-CN"] : "");
  const label = (name) => say(view.labels[name]);

  const made = (name, text, className) => Object.assign(document.createElement(name), { textContent: text, className: className ?? "" });

  function put(id, text) {
    const element = $(id);
    // A live region is read again whenever it is written to.
    if (element.textContent !== text) element.textContent = text;
  }

  function show(id, visible) {
    $(id).hidden = !visible;
  }

  function draw() {
    document.documentElement.lang = view.language;
    if (view.state === "welcome" && wasState !== "welcome") {
      wantLetters = false;
      large(false);
    }
    wasState = view.state;
    const asks = view.entry?.asks ?? "any";
    const withKeys = WITH_KEYS.includes(view.state);
    const letters = withKeys && (asks === "id" || (wantLetters && asks === "any"));
    body.dataset.state = view.state;
    body.dataset.asks = asks;
    body.dataset.keys = withKeys ? (letters ? "letters" : "digits") : "none";
    put("cinema", view.cinema);
    put("title", say(view.title));
    put("text", say(view.text));
    show("where", Boolean(view.where));
    put("where", say(view.where?.text));
    $("where").dataset.side = view.where?.side ?? "";
    show("notice", Boolean(view.notice));
    put("notice", say(view.notice));
    drawEntry(asks);
    drawFacts();
    drawSteps();
    drawBeside();
    drawButtons(asks);
    tick();
    document.dispatchEvent(new CustomEvent("view", { detail: view }));
  }

  function drawEntry(asks) {
    // A keypad's key tapped again and again: its letters, the one typed now in brackets.
    const choices = view.entry?.choices;
    const letter = (c, at) => (at === choices.at ? `[${c}]` : c);
    put("typed-label", choices ? choices.of.map(letter).join(" ") : label("typed"));
    const shown = view.entry?.shown ?? "";
    put("typed", shown);
    const have = view.entry?.have;
    show("have", Boolean(have));
    put("have", have ? `${label("number")} ${have}` : "");
    $("typed").dataset.long = String(shown.length > 12);
    $("digits").setAttribute("aria-label", label("keypad"));
    $("letters").setAttribute("aria-label", label("letters"));
    for (const button of document.querySelectorAll("[data-label]")) {
      const name = label(button.dataset.label);
      const arrow = button.classList.contains("arrow");
      if (arrow) button.setAttribute("aria-label", name);
      const text = arrow ? "←" : name;
      if (button.textContent !== text) button.textContent = text;
    }
    for (const button of document.querySelectorAll("[data-toggle]")) button.hidden = asks !== "any";
  }

  function drawFacts() {
    const { progress, claim, session, seats, fault } = view;
    show("progress", Boolean(progress));
    if (progress) {
      $("progress").setAttribute("aria-valuemax", progress.of);
      $("progress").setAttribute("aria-valuenow", progress.at);
      $("progress").setAttribute("aria-label", say(view.text));
      $("bar").replaceChildren(
        ...Array.from({ length: progress.of }, (_, at) => {
          const step = document.createElement("i");
          step.className = at + 1 < progress.at ? "done" : at + 1 === progress.at ? "now" : "";
          return step;
        }),
      );
    }
    show("claim", Boolean(claim));
    put("claim-label", label("claim"));
    put("claim-number", claim ? claim.replace(/(...)(...)/, "$1 $2") : "");
    show("fault", Boolean(fault));
    put("kiosk-label", label("kiosk"));
    put("kiosk", view.kiosk);
    put("code-label", label("staff"));
    put("code", fault ? `${fault.code} · ${say(fault.staff)}` : "");
    put("since-label", label("since"));
    put("since", fault ? fault.since : "");
    show("session", Boolean(session));
    put("session", session ? `${session.film} · ${session.screen} · ${session.at}` : "");
    show("seats", seats.length > 0);
    const items = seats.slice(0, SEATS_SHOWN).map((seat) => {
      const item = document.createElement("li");
      item.dataset.state = seat.state;
      item.append(made("b", seat.seat), made("span", ` ${say(seat.text)}`));
      return item;
    });
    if (seats.length > SEATS_SHOWN) items.push(made("li", `+${seats.length - SEATS_SHOWN}`));
    $("seats").dataset.many = String(seats.length > 4);
    $("seats").replaceChildren(...items);
  }

  // Where in the whole this is: found, printed, taken.
  function drawSteps() {
    const at = STEPS[view.state];
    show("steps", at !== undefined);
    ["find", "print", "take"].forEach((name, step) => {
      const item = $(`step-${name}`);
      put(item.id, label(`step_${name}`));
      item.className = step < at ? "done" : step === at ? "now" : "";
      if (step === at) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
  }

  // What only a screen shows that nobody uses.
  function drawBeside() {
    const { lobby, notes, picture } = view;
    const listed = Boolean(lobby && lobby.now.length + lobby.next.length > 0);
    show("beside", listed || Boolean(notes?.length) || picture);
    show("lobby", listed);
    for (const [id, showings] of [["now", lobby?.now ?? []], ["next", lobby?.next ?? []]]) {
      $(id).parentElement.hidden = showings.length === 0;
      put(`${id}-label`, label(id === "now" ? "now_showing" : "next"));
      $(id).replaceChildren(
        ...showings.map(({ at, day, film, hall, sold_out }) => {
          const item = document.createElement("li");
          item.append(made("b", day ? `${say(day)} ${at}` : at), made("span", film, "film"), made("span", hall ?? "", "hall"));
          if (sold_out) item.append(made("span", label("sold_out"), "full"));
          return item;
        }),
      );
    }
    show("notes", Boolean(notes?.length));
    put("notes-label", label("notes"));
    $("notes-list").replaceChildren(...(notes ?? []).map((note) => made("li", say(note))));
    if (picture && !$("own").hasAttribute("src")) $("own").src = "/picture";
    show("own", picture && !$("own").dataset.broken);
    body.dataset.own = String(!$("own").hidden);
    show("wake", view.state === "asleep");
    $("wake").setAttribute("aria-label", label("wake"));
    if (view.state === "asleep") put("text", `${label("hours")} ${view.hours} · ${say(view.text)}`);
  }

  function drawButtons(asks) {
    const limited = view.seconds_left !== null;
    const leaves = RESULTS_LEFT_BY_BACK.includes(view.state);
    put("language", label("language"));
    show("language", view.languages.length > 1);
    put("larger", label("larger"));
    put("leave", label(leaves ? "leave" : "done"));
    put("more", label("more_time"));
    put("seconds-label", label(view.state === "waiting" ? "seconds_waiting" : "seconds"));
    put("locked-label", label("seconds_locked"));
    put("lost", label("lost"));
    show("leave", limited && view.state !== "waiting");
    show("more", limited && view.state !== "waiting");
    show("countdown", limited);
    until = limited ? performance.now() + view.seconds_left * 1000 : null;
    lockedUntil = view.locked_seconds === null ? null : performance.now() + view.locked_seconds * 1000;
  }

  function tick() {
    const left = (moment) => Math.max(0, Math.ceil((moment - performance.now()) / 1000));
    if (until !== null) {
      put("seconds", String(left(until)));
      body.dataset.soon = String(left(until) <= 10);
    }
    show("locked", lockedUntil !== null);
    if (lockedUntil !== null) put("locked-seconds", String(left(lockedUntil)));
    if (view) {
      const now = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: view.time_zone ?? undefined };
      put("clock", new Intl.DateTimeFormat("zh-CN", now).format(new Date()));
    }
    if (stream && performance.now() - heard > SILENT_MS) lost();
    if (lostAt !== null && performance.now() - lostAt > MARK_LOST_MS) show("lost", true);
  }

  // -- hearing --

  function listen() {
    heard = performance.now();
    stream = new EventSource(`/events?token=${token}`);
    stream.onmessage = (event) => {
      heard = performance.now();
      lostAt = null;
      show("lost", false);
      view = JSON.parse(event.data);
      draw();
    };
    stream.onerror = lost;
  }

  // A kiosk that was started again has another token: the page is fetched anew, once it is there.
  function lost() {
    stream?.close();
    stream = null;
    lostAt ??= performance.now();
    setTimeout(async () => {
      try {
        const page = await fetch("/", { cache: "no-store" });
        if (!page.ok) throw new Error(String(page.status));
        if ((await page.text()).includes(token)) listen();
        else location.reload();
      } catch {
        lost();
      }
    }, RETRY_MS);
  }

  // -- keys --

  let queue = Promise.resolve();

  // One after another: digits must not overtake each other.
  function send(key) {
    queue = queue.then(() =>
      fetch("/input", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Token": token },
        body: JSON.stringify({ key }),
      }).catch(() => undefined),
    );
  }

  function leave() {
    // Back takes one character at a time: what is typed goes first.
    if (view?.state === "entering") send("clear");
    send("back");
  }

  function large(on) {
    document.documentElement.classList.toggle("large", on);
    $("larger").setAttribute("aria-pressed", String(on));
  }

  const larger = () => large($("larger").getAttribute("aria-pressed") !== "true");

  function key(name, labelName, className) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.key = name;
    if (labelName) button.dataset.label = labelName;
    else button.textContent = name;
    if (className) button.className = className;
    return button;
  }

  function toggle(labelName) {
    const button = key("", labelName, "toggle");
    delete button.dataset.key;
    button.dataset.toggle = labelName;
    return button;
  }

  function build() {
    $("digits").append(
      ...["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => key(digit)),
      key("back", "back", "word"),
      key("0"),
      key("enter", "enter", "enter word"),
      toggle("letters"),
    );
    $("letters").append(
      ...LETTER_ROWS.map((row, at) => {
        const line = document.createElement("div");
        line.append(...Array.from(row, (letter) => key(letter)));
        if (at === 2) line.append(key("back", "back", "word arrow"));
        if (at === 3) line.append(toggle("keypad"), key("enter", "enter", "enter word"));
        return line;
      }),
    );
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.key) send(button.dataset.key);
    else if (button.dataset.toggle) {
      wantLetters = button.dataset.toggle === "letters";
      draw();
    } else if (button.id === "leave") leave();
    else if (button.id === "larger") larger();
    // Touched, it must not take the keypad's next Enter for itself.
    if (event.detail > 0) button.blur();
  });

  const NAMED = { Backspace: "back", Escape: "clear", Delete: "clear", "+": "more_time", "*": "language" };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea");
    if (typing || event.key === "Tab") return;
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    const onButton = event.target.closest?.("button");
    if (plain && onButton && (event.key === "Enter" || event.key === " ")) return;
    // Nothing that a keyboard can send leaves this page.
    event.preventDefault();
    if (!plain) return;
    if (/^[0-9A-Za-z]$/.test(event.key)) send(event.key);
    else if (event.key === "Enter") send("enter");
    else if (NAMED[event.key]) send(NAMED[event.key]);
    else if (event.key === "-") larger();
    else if (view?.state === "asleep") send("more_time");
  });

  // Nor does a mouse: its menu, what it drags, its buttons for back and forward, its wheel that zooms.
  for (const name of ["contextmenu", "dragstart", "dragover", "drop", "auxclick", "gesturestart"]) {
    document.addEventListener(name, (event) => event.preventDefault());
  }
  for (const name of ["mousedown", "mouseup"]) {
    document.addEventListener(name, (event) => event.button > 0 && event.preventDefault());
  }
  document.addEventListener("wheel", (event) => event.ctrlKey && event.preventDefault(), { passive: false });
  $("own").addEventListener("error", () => {
    $("own").dataset.broken = "true";
    $("own").hidden = true;
  });

  build();
  listen();
  setInterval(tick, 250);
})();
