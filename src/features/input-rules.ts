/** What features check of a request body, loaded by warmUp or with the first body: a session check needs none of it. */
import type { LoadInputRules } from '../http/validate-input.js';
import type { ActiveFeature } from './slots.js';

export function createInputRulesLoader(
  features: readonly Pick<ActiveFeature, 'loadInputRule'>[],
): LoadInputRules {
  const load = async () => {
    const rules = await Promise.all(features.map((feature) => feature.loadInputRule()));
    return rules.filter((rule) => rule !== undefined);
  };
  let loading: ReturnType<LoadInputRules> | undefined;
  return () =>
    (loading ??= load().catch((error: unknown) => {
      loading = undefined; // the next request tries again
      throw error;
    }));
}
