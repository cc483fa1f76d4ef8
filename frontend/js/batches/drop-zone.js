/** Where a file is dropped or chosen; the button is a real file input, so the keyboard works as usual. */
import { ACCEPTED } from './csv-choice.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { Icon } from '../components/icon.js';

/** @param {{file?: File, disabled: boolean, onFiles: (files: File[]) => void}} props */
export function DropZone({ file, disabled, onFiles }) {
  const { t } = useLanguage();
  const [over, setOver] = useState(false);
  const take = (files) => files.length > 0 && !disabled && onFiles([...files]);
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return html`
    <div class="field">
      <span class="label" id="file-label">${t('upload.file')}</span>
      <div class=${`drop-zone ${over ? 'over' : ''} ${file ? 'filled' : ''}`} onDrop=${drop}
        onDragOver=${(event) => {
          event.preventDefault();
          setOver(true);
        }} onDragLeave=${() => setOver(false)}>
        <${Icon} name=${file ? 'file' : 'upload'} />
        <${Chosen} file=${file} />
        <label class=${`button ${disabled ? 'disabled' : ''}`}>
          <input class="visually-hidden" type="file" accept=${ACCEPTED} disabled=${disabled}
            onChange=${(event) => {
              take(event.currentTarget.files);
              event.currentTarget.value = '';
            }} />
          ${t(file ? 'upload.change' : 'upload.choose')}
        </label>
      </div>
    </div>`;
}

function Chosen({ file }) {
  const { t, format } = useLanguage();
  const [main, detail] = file
    ? [html`<strong>${file.name}</strong>`, format.bytes(file.size)]
    : [t('upload.drop'), t('upload.or')];
  return html`<p class="drop-text">${main} <span>${detail}</span></p>`;
}
