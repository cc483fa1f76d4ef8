/** The one door to the view library: everything else imports from here. */
import { h } from 'preact';
import htm from 'htm';

export { Fragment, createContext, render } from 'preact';
export {
  useCallback,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'preact/hooks';
export { batch, computed, effect, signal } from '@preact/signals';

/** Tagged template that makes virtual nodes; values are escaped by Preact. */
export const html = htm.bind(h);
