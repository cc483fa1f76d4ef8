/** One call of the login service at a time, its failure in words. */
import { LoginError } from './cognito.js';
import { useLanguage } from '../core/language.js';
import { useState } from '../core/preact.js';
import { texts } from '../texts/texts.js';

export function useAttempt() {
  const { t, lang } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(null);
  const run = async (attempt) => {
    setBusy(true);
    setFailure(null);
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof LoginError)) throw error;
      setFailure(loginErrorKey(error.code, lang));
    } finally {
      setBusy(false);
    }
  };
  const known = failure?.startsWith('login.error.');
  return { busy, run, fail: setFailure, error: known ? t(failure) : failure };
}

function loginErrorKey(code, lang) {
  const key = `login.error.${code}`;
  return key in texts[lang] ? key : 'login.error.unexpected';
}
