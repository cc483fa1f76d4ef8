/**
 * Face to face: the page as the applicant may see it, with their words and no internal figure.
 *
 * F9 turns it on and off; it ends when the dossier is left.
 */
import { effect, signal } from './preact.js';

export const facing = signal(false);
export const FACING_KEY = 'F9';

export function followFacing() {
  effect(() => {
    document.documentElement.dataset.facing = facing.value ? 'applicant' : '';
  });
}

/** Listens while a dossier is shown; returns how to end that. */
export function listenForFacing() {
  const toggle = (event) => {
    if (event.key !== FACING_KEY) return;
    event.preventDefault();
    facing.value = !facing.value;
  };
  addEventListener('keydown', toggle);
  return () => {
    removeEventListener('keydown', toggle);
    facing.value = false;
  };
}
