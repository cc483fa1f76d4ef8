/** Find by the first characters of the application number; Enter opens the first, "/" comes back here. */
import { Icon } from '../components/icon.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { isShortcut } from '../core/shortcuts.js';

const PAUSE_MS = 200;

export function Search({ query, list, onSearch, onEnter }) {
  const { t } = useLanguage();
  const input = useRef(null);
  const [typed, setTyped] = useState(query);
  const told = useRef(query);
  const tell = (text) => {
    told.current = text;
    onSearch(text);
  };
  useEffect(() => {
    // An address that others changed (Back, a link, a reset) is what is searched for now.
    if (query !== told.current) {
      told.current = query;
      setTyped(query);
      return undefined;
    }
    if (typed === query) return undefined;
    // Gone as soon as the address has caught up: after Enter it would call back who is leaving.
    const timer = setTimeout(() => tell(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, query]);
  useEffect(() => startSearching(input.current), []);
  const onKeyDown = (event) => {
    if (event.key === 'ArrowDown') focusFirst(event, list.current);
    const text = event.currentTarget.value.trim();
    if (event.key === 'Enter') {
      setTyped(text);
      tell(text);
    }
    onEnter(event.key === 'Enter' && text !== '');
  };
  return html`
    <div class="search" role="search">
      <label for="query">${t('find.label')}</label>
      <div class="search-box">
        <${Icon} name="search" />
        <input id="query" ref=${input} class="input" type="search" inputmode="search" autocomplete="off" spellcheck="false"
          maxlength="32" placeholder=${t('find.placeholder')} value=${typed}
          onInput=${(event) => setTyped(event.currentTarget.value.trim())} onKeyDown=${onKeyDown} />
        <kbd aria-hidden="true" title=${t('find.shortcut')}>/</kbd>
      </div>
    </div>`;
}

function focusFirst(event, list) {
  event.preventDefault();
  list.querySelector('a.row-link')?.focus();
}

/** The view is for typing, so it begins there (but no keyboard jumps up on a phone); "/" comes back to it. */
function startSearching(input) {
  if (matchMedia('(pointer: fine)').matches) input.focus({ preventScroll: true });
  const listen = (event) => {
    if (event.key !== '/' || !isShortcut(event)) return;
    event.preventDefault();
    input.focus();
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}
