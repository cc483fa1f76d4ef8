/** One call of the login service at a time, its failure in words. */
import { LoginError } from './cognito.js';
import { hasText, useLanguage } from '../core/language.js';
import { useState } from '../core/preact.js';

export function useAttempt() {
  const { t } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(null);
  const run = async (attempt) => {
    setBusy(true);
    setFailure(null);
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof LoginError)) throw error;
      setFailure(loginErrorKey(error.code));
    } finally {
      setBusy(false);
    }
  };
  const known = failure?.startsWith('login.error.');
  return { busy, run, fail: setFailure, error: known ? t(failure) : failure };
}

function loginErrorKey(code) {
  const key = `login.error.${code}`;
  return hasText(key) ? key : 'login.error.unexpected';
}
