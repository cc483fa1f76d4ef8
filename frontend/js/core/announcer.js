/** What a screen reader is told when something changes without a move of the focus. */
import { signal } from './preact.js';

export const announcement = signal('');

export function announce(text) {
  announcement.value = text;
}
