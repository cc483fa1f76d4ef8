/** The contract, asked for once: it does not change while the page is open. */
import { useMemo } from './preact.js';
import { useQuery } from './queries.js';
import { api } from './services.js';

/**
 * @returns {{state: string, error?: any, reload: () => void, fields: Map<string, import('./contract.js').Field>, rules: any, contract: any}}
 *   contract : all of it, as it was answered
 */
export function useContract() {
  const { value, state, error, reload } = useQuery(['contract'], (signal) => api.contract(signal), {
    fresh: Infinity,
  });
  const fields = useMemo(() => new Map((value?.fields ?? []).map((field) => [field.name, field])), [value]);
  return { state, error, reload, fields, rules: value?.decisions, contract: value };
}
