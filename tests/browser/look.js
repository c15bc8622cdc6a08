// What is wrong with the page as it stands: things off the screen, on one another, or too small to touch.
const wrong = [];
const box = (element) => element.getBoundingClientRect();
const seen = (element) => box(element).width > 0 && box(element).height > 0;
const name = (element) => element.id || element.textContent.trim().slice(0, 12);
const own = (selector) => [...document.querySelectorAll(selector)].filter((e) => seen(e) && !e.closest("#demo, svg"));
for (const element of own("body *")) {
  const { left, top, right, bottom } = box(element);
  if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) wrong.push(`${name(element)} is off the screen`);
}
for (const element of own("header, main, main *, footer")) {
  if (getComputedStyle(element).overflowY === "visible" || element.matches(".film, .hall, #cinema")) continue;
  if (element.scrollHeight > element.clientHeight + 1) wrong.push(`${name(element)} is cut off below`);
}
for (const element of own("h1, main p, main dd, main li, button, #claim-number, #typed")) {
  if (element.scrollWidth > element.clientWidth + 1) wrong.push(`${name(element)} is cut off at its side`);
}
const blocks = own("main > *:not(#picture), #lobby, #notes, #own, #language, main > .keys button, footer, header");
for (const one of blocks) {
  for (const other of blocks) {
    if (one === other || one.contains(other) || other.contains(one)) continue;
    const [a, b] = [box(one), box(other)];
    const meet = a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    if (meet) wrong.push(`${name(one)} lies on ${name(other)}`);
  }
}
// 15 mm: 60 px on 21.5 inches at 1080 lines, where it is 96 all the same; 78 px on 7 inches at 480 lines.
const least = innerHeight <= 600 ? 78 : 96;
for (const button of own("button")) {
  if (Math.min(box(button).width, box(button).height) < least - 0.5) wrong.push(`${name(button)} is smaller than ${least} px`);
  if (!(button.getAttribute("aria-label") ?? button.textContent).trim()) wrong.push("a button has no name");
}
return wrong;
