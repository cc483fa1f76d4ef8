/**
 * Keys that work wherever one is: "?" opens the help, "g" and a letter lead to a section.
 *
 * Who dictates, or touches keys by mistake, switches them off (WCAG 2.1.4); that is kept for the next visit.
 */
import { navigate } from './router.js';
import { effect, signal } from './preact.js';

const HELP = ['help-page', { page: 'shortcuts' }];
/** After "g": the view, and what its address tells. */
const SECTIONS = {
  a: ['applicants'],
  n: ['new'],
  f: ['upload'],
  o: ['operations'],
  m: ['card'],
};
/** How long the letter after "g" is waited for. */
const PAUSE_MS = 1500;

export const areShortcutsOn = signal(globalThis.localStorage?.getItem('shortcuts') !== 'off');

/** Whether a key is meant for the page: not for a field, a dialog or the browser, and not switched off. */
export function isShortcut(event) {
  const isModified = event.ctrlKey || event.metaKey || event.altKey;
  const isTaken = event.target.closest?.('input:not([type=checkbox]), textarea, select, dialog');
  return areShortcutsOn.value && !isModified && !isTaken && !event.defaultPrevented;
}

/** @param {(name: string) => boolean} mayGo whether a view may be opened now */
export function followShortcuts(mayGo) {
  effect(() =>
    areShortcutsOn.value ? localStorage.removeItem('shortcuts') : localStorage.setItem('shortcuts', 'off'),
  );
  let begun = -Infinity;
  document.addEventListener('keydown', (event) => {
    if (!isShortcut(event)) return;
    const isSecond = event.timeStamp - begun < PAUSE_MS;
    begun = event.key === 'g' ? event.timeStamp : -Infinity;
    const [view, params] = (event.key === '?' ? HELP : isSecond && SECTIONS[event.key]) || [];
    if (!view || !mayGo(view)) return;
    event.preventDefault();
    navigate(view, params);
  });
}
