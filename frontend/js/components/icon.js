/** The few signs of the page, drawn on a 16 × 16 grid with the colour of the text around them. */
import { html } from '../core/preact.js';

const PATHS = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm3.3 7.8 3.2 3.2',
  arrowRight: 'M3 8h9.5M8.8 4.2 12.6 8l-3.8 3.8',
  chevron: 'm6 4 4 4-4 4',
  up: 'M8 13V3.5M4 7.2 8 3.2l4 4',
  down: 'M8 3v9.5M4 8.8l4 4 4-4',
  accept: 'm3.5 8.4 3 3 6-6.6',
  refuse: 'm4.2 4.2 7.6 7.6m0-7.6-7.6 7.6',
  review: 'M8 4v5M8 11.6v.4',
  print: 'M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7Z',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6ZM8 1.3v1.4M8 13.3v1.4M1.3 8h1.4M13.3 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z',
  upload: 'M8 10.5V2.8M4.8 5.8 8 2.6l3.2 3.2M2.5 10.5v3h11v-3',
  download: 'M8 2.5v7.7M4.8 7.2 8 10.4l3.2-3.2M2.5 10.5v3h11v-3',
  file: 'M4 1.8h5.2L12.5 5v9.2H4ZM9 2v3.2h3.3',
  alert: 'M8 2.2 14.4 13.4H1.6ZM8 6.6v3M8 11.3v.4',
  leave: 'M6.5 2.5h-4v11h4M6.5 8h7M10.6 5.1 13.5 8l-2.9 2.9',
  screen: 'M2 3h12v8H2ZM5.5 14h5M8 11v3',
  person: 'M8 2.5a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6ZM2.8 14c.4-2.8 2.5-4.3 5.2-4.3s4.8 1.500 5.2 4.3',
  check: 'm3.5 8.4 3 3 6-6.600',
  filter: 'M2 3.5h12M4.500 8h7M6.500 12.500h3',
  lock: 'M4 7.200h8v6H4ZM5.500 7.200V5a2.500 2.500 0 0 1 5 0v2.200',
  help: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8ZM6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.5.300-.8.600-.8 1.200v.3M8 11.500v.2',
  close: 'm4 4 8 8m0-8-8 8',
};

/** @param {{name: keyof typeof PATHS}} props purely decorative: the text beside it says the same */
export function Icon({ name }) {
  return html`
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d=${PATHS[name]} />
    </svg>`;
}
