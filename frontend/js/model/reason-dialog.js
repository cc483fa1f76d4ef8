/** Asks for a reason before something is done that everybody will see in a history. */
import { ErrorSummary } from '../components/error-summary.js';
import { Failure } from '../components/failure.js';
import { Field } from '../components/field.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { outdated, useAction } from '../core/queries.js';

/** Why a promotion did not happen -> how the page says it. */
const REFUSALS = {
  'Another version serves': 'promote.anotherServes',
  'Serves already': 'promote.servesAlready',
  'Never served': 'promote.neverServed',
  'Proposed already': 'promote.proposedAlready',
  'Settled already': 'promote.settled',
  Void: 'promote.void',
  Conflict: 'promote.conflict',
  'Version not found': 'promote.notFound',
};
const SHORTEST = 3;
const LONGEST = 1000;

/**
 * @param {{title: string, help: string, action: string, onClose: () => void,
 *   onSend: (reason: string, key: string) => Promise<void>}} props
 */
export function ReasonDialog({ title, help, action, onSend, onClose }) {
  const { t } = useLanguage();
  const dialog = useRef(null);
  const [reason, setReason] = useState('');
  const [errors, setErrors] = useState([]);
  const [tries, setTries] = useState(0);
  const sending = useAction(async (given, key) => {
    await onSend(given, key);
    return true;
  });
  useEffect(() => {
    dialog.current.showModal();
    // Whoever leaves has changed what serves or waits, or was told that somebody else was faster.
    return () => outdated('promotions', 'models', 'contest', 'model');
  }, []);
  const submit = async (event) => {
    event.preventDefault();
    const wrong = reason.trim().length < SHORTEST;
    setErrors(wrong ? [{ id: 'reason', label: t('promote.reason'), message: t('form.required') }] : []);
    if (wrong) setTries((count) => count + 1);
    else if (await sending.run(reason.trim())) dialog.current?.close();
  };
  return html`
    <dialog class="layer" ref=${dialog} aria-labelledby="reason-title" onClose=${onClose}>
      <h2 id="reason-title">${title}</h2>
      <p class="card-help">${help}</p>
      <form class="form" onSubmit=${submit} noValidate>
        <${ErrorSummary} errors=${errors} tries=${tries} />
        <${Field} id="reason" label=${t('promote.reason')} hint=${t('promote.reasonHint')} error=${errors[0]?.message} maxlength=${LONGEST} value=${reason}
          onInput=${(event) => setReason(event.currentTarget.value)} />
        ${sending.error && html`<${Failure} error=${sending.error} words=${REFUSALS} />`}
        <div class="form-actions">
          <button class="button primary" disabled=${sending.busy}>${action}</button>
          <button type="button" class="button" onClick=${() => dialog.current.close()}>${t('app.cancel')}</button>
        </div>
      </form>
    </dialog>`;
}
