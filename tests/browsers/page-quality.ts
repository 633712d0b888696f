/** Rules for every page: it is accessible, usable by touch, and its layout does not shift while it loads. */
import axe from 'axe-core';
import { expect } from 'vitest';
import type { Tab } from './engines/engine.js';

/** Expects no finding of axe-core (WCAG 2.2 A and AA), in light and in dark. */
export async function expectAccessible(tab: Tab): Promise<void> {
  for (const theme of ['light', 'dark']) {
    const findings = await tab.run(`
      // Without transitions, which would show colours between the two themes.
      document.head.append(Object.assign(document.createElement('style'), { textContent: '* { transition: none !important }' }));
      document.documentElement.setAttribute('data-theme', '${theme}');
      ${axe.source};
      const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
      return violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' '));`);
    expect(findings, `in ${theme}`).toEqual([]);
  }
}

/** Expects large enough targets, no overflow, and no input that makes iOS zoom in, in the current state of the page. */
export async function expectUsableByTouch(tab: Tab): Promise<void> {
  const findings = await tab.run(`
    const shown = (selector) => Array.from(document.querySelectorAll(selector)).filter((element) => element.checkVisibility());
    const name = ({ outerHTML }) => outerHTML.slice(0, 100);
    const small = shown('main :is(button, input, a), .auth-user-button, .auth-user-link')
      .filter((element) => element.getBoundingClientRect().height < 43.5)
      .map((element) => 'lower than 44px: ' + name(element));
    const zoomed = shown('main input')
      .filter((element) => parseFloat(getComputedStyle(element).fontSize) < 16)
      .map((element) => 'iOS zooms in: ' + name(element));
    const font = getComputedStyle(document.body).fontFamily;
    const otherFont = shown('main :is(button, input)')
      .filter((element) => getComputedStyle(element).fontFamily !== font)
      .map((element) => 'another font: ' + name(element));
    const wide = document.documentElement.scrollWidth > innerWidth ? ['wider than the window'] : [];
    return [...small, ...zoomed, ...otherFont, ...wide];`);
  expect(findings).toEqual([]);
}

/**
 * The cumulative layout shift since the page was opened. Only Chromium measures it.
 * @throws in other browsers, so that a missing measurement is not taken for 0
 */
export async function layoutShift(tab: Tab): Promise<unknown> {
  return tab.run(`
    if (!PerformanceObserver.supportedEntryTypes.includes('layout-shift')) throw new Error('not measured here');
    return new Promise((resolve) => {
      let sum = 0;
      const add = (entries) => entries.forEach((entry) => { sum += entry.value; });
      const observer = new PerformanceObserver((list) => add(list.getEntries()));
      observer.observe({ type: 'layout-shift', buffered: true });
      // Entries come after the next two frames.
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
        add(observer.takeRecords());
        resolve(sum);
      })));
    });`);
}
