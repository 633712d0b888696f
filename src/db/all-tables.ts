/** Every table and relation, of the core and of the features: what pool, adapter and readiness work with. */
import * as featureTables from '../features/tables.js';
import * as coreTables from './schema.js';

export const allTables = { ...coreTables, ...featureTables };

/** The tables that a database is used with; tests add columns. */
export type Tables = typeof allTables;
