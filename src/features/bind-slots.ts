/** Binds the slots of a feature to its settings. */
import type { Feature, SettingsOf } from './definition.js';
import type { FeatureSettings } from './definitions.js';
import type { ActiveFeature, Slots } from './slots.js';

/** Binds slots to the feature whose settings they take; undefined while the feature is off. */
export function bindSlots<Definition extends Feature<keyof FeatureSettings>>(
  { name }: Definition,
  slots: Slots<SettingsOf<Definition>>,
): (all: FeatureSettings) => ActiveFeature | undefined {
  return (all) => {
    const settings = all[name] as SettingsOf<Definition> | undefined;
    if (settings === undefined) return undefined;
    const { credentialRules, publicFields, publicSettings, tokenClaims, createRoutes } = slots;
    const { requiredSignUpFields, mailTemplates, createMailer, counters } = slots;
    const {
      createAuditTrail,
      createEventSender,
      createLimitStore,
      createSessionReplica,
      createIdentityProviders,
      loadInputRule,
      loadAuth,
      findStartupFaults,
    } = slots;
    const { usesMetrics, logFields } = slots;
    return {
      name,
      ...(credentialRules && { credentialRules: credentialRules(settings) }),
      ...(publicFields && { publicFields: publicFields(settings) }),
      ...(publicSettings && { publicSettings: publicSettings(settings) }),
      ...(tokenClaims && { tokenClaims: tokenClaims(settings) }),
      ...(requiredSignUpFields && { requiredSignUpFields: requiredSignUpFields(settings) }),
      ...(mailTemplates && { mailTemplates: mailTemplates(settings) }),
      ...(createMailer && { createMailer: (services) => createMailer(settings, services) }),
      ...(createAuditTrail && {
        createAuditTrail: (services) => createAuditTrail(settings, services),
      }),
      ...(createEventSender && {
        createEventSender: (services) => createEventSender(settings, services),
      }),
      ...(createLimitStore && {
        createLimitStore: (services) => createLimitStore(settings, services),
      }),
      ...(createSessionReplica && {
        createSessionReplica: (services) => createSessionReplica(settings, services),
      }),
      ...(createIdentityProviders && {
        createIdentityProviders: (services) => createIdentityProviders(settings, services),
      }),
      ...(counters && { counters }),
      ...(usesMetrics && { usesMetrics }),
      ...(logFields && { logFields }),
      loadInputRule: async () => (await loadInputRule?.())?.createInputRule(settings),
      createRoutes: (services) => createRoutes?.(settings, services) ?? [],
      loadAuthPart: async (dependencies, features) =>
        (await loadAuth?.())?.createAuthPart(settings, dependencies, features),
      findStartupFaults: async (services) => (await findStartupFaults?.(settings, services)) ?? [],
    };
  };
}
