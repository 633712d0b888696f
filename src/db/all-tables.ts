/** Every table and relation of the core and the features, as the pool, BetterAuth's adapter and readiness use them. */
import * as featureTables from '../features/tables.js';
import * as coreTables from './schema.js';

export const allTables = { ...coreTables, ...featureTables };

/** The tables a database is opened with; tests add columns. */
export type Tables = typeof allTables;
