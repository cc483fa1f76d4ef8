/** The one door to the view library: everything else imports from here. */
import { h } from '../../vendor/preact.js';
import htm from '../../vendor/htm.js';

export { Fragment, render } from '../../vendor/preact.js';
export {
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from '../../vendor/preact-hooks.js';
export { batch, computed, effect, signal } from '../../vendor/preact-signals.js';

/** Tagged template that makes virtual nodes; values are escaped by Preact. */
export const html = htm.bind(h);
