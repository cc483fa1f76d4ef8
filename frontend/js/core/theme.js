/** Light, dark, or whatever the system says: the user's choice, kept for the next visit. */
import { computed, effect, signal } from './preact.js';

export const THEMES = ['system', 'light', 'dark'];

const system = matchMedia('(prefers-color-scheme: dark)');
const systemTheme = signal(nameOf(system));
system.addEventListener('change', () => {
  systemTheme.value = nameOf(system);
});

/** One of THEMES. */
export const chosenTheme = signal(localStorage.getItem('theme') ?? 'system');
export const theme = computed(() => (chosenTheme.value === 'system' ? systemTheme.value : chosenTheme.value));

export function chooseTheme(chosen) {
  if (chosen === 'system') localStorage.removeItem('theme');
  else localStorage.setItem('theme', chosen);
  chosenTheme.value = chosen;
}

effect(() => {
  if (chosenTheme.value === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosenTheme.value;
});

function nameOf(query) {
  return query.matches ? 'dark' : 'light';
}
