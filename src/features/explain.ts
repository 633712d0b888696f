/** The stories of users, for the operators' command. */
export { explainUser } from './audit/explain/explain-user.js';
export { defaultExplainSettings, explainSettingsOf } from './audit/explain/settings.js';
export { describeOlder, maxDays, maxLines } from './audit/explain/older-events.js';
export { describeTrailGaps } from './audit/explain/trail-gaps.js';
export { readStoredSettings } from './audit/explain/stored-settings.js';
export type { ExplainSettings } from './audit/explain/settings.js';
export type { OlderEvents, Story, Subject } from './audit/explain/story.js';
