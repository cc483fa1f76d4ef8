/** Light or dark: the system's choice until the advisor makes one. */
import { computed, effect, signal } from './preact.js';

const system = matchMedia('(prefers-color-scheme: dark)');
const systemTheme = signal(nameOf(system));
system.addEventListener('change', () => {
  systemTheme.value = nameOf(system);
});

const chosen = signal(localStorage.getItem('theme'));

export const theme = computed(() => chosen.value ?? systemTheme.value);

export function toggleTheme() {
  chosen.value = theme.value === 'dark' ? 'light' : 'dark';
  localStorage.setItem('theme', chosen.value);
}

effect(() => {
  if (chosen.value) document.documentElement.dataset.theme = chosen.value;
});

function nameOf(query) {
  return query.matches ? 'dark' : 'light';
}
