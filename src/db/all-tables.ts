/** Every table and relation, of the core and of the features: what pool, adapter and readiness work with. */
export * from './schema.js';
export * from '../features/tables.js';
