// Whether what is shown fits the window: nothing is wider, nothing is cut, and everything that can be pressed is in
// reach and large enough (WCAG 2.5.8: 24 by 24 pixels, or as much room around it).
import type { Page } from "playwright-core";
/* oxlint-disable unicorn/consistent-function-scoping -- all of it runs in the page, which knows nothing of this file */

/** What does not fit, in words. */
export function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const name = (node: Element) => `${node.tagName.toLowerCase()} "${(node.getAttribute("aria-label") ?? node.textContent ?? "").trim().slice(0, 40)}"`;
    const seen = (node: Element) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && node.getBoundingClientRect().width > 0;
    if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} wide`);

    // what is in front of the page, else the page
    const front = [...document.querySelectorAll("[role=dialog], [role=menu], [role=listbox], .djs-popup")].filter(seen);
    for (const box of front) {
      const { left, right, top, bottom } = box.getBoundingClientRect();
      if (left < -0.5 || right > width + 0.5) found.push(`${name(box)} is at ${left} to ${right}`);
      if (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible") found.push(`${name(box)} is ${box.scrollWidth} wide inside of ${box.clientWidth}`);
      if (box.getAttribute("role") !== "dialog" && (top < -0.5 || bottom > height + 0.5)) found.push(`${name(box)} is at ${top} to ${bottom} of ${height}`);
    }
    // a list stands in front of the dialog that it belongs to
    const lists = front.filter((box) => box.getAttribute("role") !== "dialog");
    const within = [lists, front, [document.body]].find((boxes) => boxes.length > 0) ?? [];
    const PRESSED = "button, [role=button], [role=menuitem], [role=option], [role=tab], input, textarea, select, nav a";
    const targets = [...new Set(within.flatMap((box) => [...box.querySelectorAll(PRESSED)]))].filter((node) => seen(node) && !node.closest(".djs-container, .cm-editor, [aria-hidden=true]"));
    const boxOf = (node: Element) => (node.matches("input[type=radio], input[type=checkbox]") ? (node.closest("label") ?? document.querySelector(`label[for="${CSS.escape(node.id)}"]`) ?? node) : node).getBoundingClientRect();
    for (const node of targets) {
      const box = boxOf(node);
      // hidden from the eye: the label beside it is what is pressed
      if (box.width <= 1 || box.height <= 1) continue;
      const roomy = () => {
        const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
        return targets.every((other) => {
          if (other === node) return true;
          const far = other.getBoundingClientRect();
          const [dx, dy] = [Math.max(far.left - x, x - far.right, 0), Math.max(far.top - y, y - far.bottom, 0)];
          return Math.hypot(dx, dy) >= 12 || other.contains(node) || node.contains(other);
        });
      };
      const small = box.width < 23.5 || box.height < 23.5;
      if (small && !(node.matches("input") && roomy())) found.push(`${name(node)} is ${Math.round(box.width)} × ${Math.round(box.height)}`);
      const cut = [node, ...node.querySelectorAll("*")].find((part) => {
        const { overflowX, textOverflow } = getComputedStyle(part);
        return part instanceof HTMLElement && !part.matches("input, textarea") && overflowX !== "visible" && textOverflow !== "ellipsis" && part.scrollWidth > part.clientWidth + 1;
      });
      if (cut) found.push(`${name(node)} is cut: ${cut.scrollWidth} in ${cut.clientWidth}`);
    }
    // in reach: scrolled to, nothing of it is outside
    const inReach = within.flatMap((box) => [...box.querySelectorAll("button, [role=menuitem]")]).filter((node) => seen(node) && !node.closest(".djs-container"));
    for (const node of front.length > 0 ? inReach : []) {
      node.scrollIntoView({ block: "nearest", inline: "nearest" });
      const box = node.getBoundingClientRect();
      if (box.left < -0.5 || box.right > width + 0.5 || box.top < -0.5 || box.bottom > height + 0.5) found.push(`${name(node)} is out of reach: ${Math.round(box.left)}, ${Math.round(box.top)} to ${Math.round(box.right)}, ${Math.round(box.bottom)}`);
    }
    return found;
  });
}
