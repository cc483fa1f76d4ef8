/** Runs before the first paint (a plain script, not a module), so that no page flashes in the wrong theme. */
(() => {
  const root = document.documentElement;
  const theme = localStorage.getItem('theme');
  if (theme) root.dataset.theme = theme;
  const preferred = navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en';
  root.lang = localStorage.getItem('lang') ?? preferred;
})();
